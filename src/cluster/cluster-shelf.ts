import { Fault } from '../../machines/faults.ts'
import type { PostgresLine } from '../journal/postgres-line.ts'
import type { KeptShelf } from '../kept/kept-shelf.ts'

/** Only the owner's state is taken: the epoch that the journal stands under stands behind it too. */
const PUT = `
  WITH mine AS (SELECT site FROM berth.site WHERE site = $1 AND epoch = $2 FOR SHARE)
  INSERT INTO berth.kept_state (site, content) SELECT site, $3::bytea FROM mine
  ON CONFLICT (site) DO UPDATE SET content = excluded.content RETURNING site`

const DROP = `
  DELETE FROM berth.kept_state USING berth.site
  WHERE kept_state.site = $1 AND site.site = kept_state.site AND site.epoch = $2`

/** The kept state of a site that nodes serve, in their database: whoever takes the site over begins from it. */
export const clusterShelf = (line: PostgresLine, siteId: string, epoch: number): KeptShelf => ({
  async read() {
    const [row] = await line.read('SELECT content FROM berth.kept_state WHERE site = $1', [siteId])
    const content = row?.['content']
    return content instanceof Uint8Array ? content : null
  },
  async write(sealed) {
    const written = await line.read(PUT, [siteId, epoch, Buffer.from(sealed)])
    if (written.length === 0) throw new Fault('STORE_FENCED', { epoch })
  },
  async drop() {
    await line.read(DROP, [siteId, epoch])
  },
})
