import { parseArgs } from 'node:util'
import { systemChance } from '../chance.ts'
import { systemClock } from '../clock.ts'
import { counted } from '../counted.ts'
import { targetName } from '../journal/checkpoint-courier.ts'
import { checkpointsBeside, readCheckpoints } from '../journal/checkpoint-file.ts'
import { readDeliveries } from '../journal/checkpointer.ts'
import { openStoreRows } from '../journal/site-store.ts'
import { openKeyStoreReadOnly } from '../privacy/key-store.ts'
import { readSiteFile, type SiteFile } from '../site-file.ts'

/** `berth checkpoints --site site.yaml [--json]`: the site's public key, its newest checkpoint, and who has taken which. 1 where none was signed yet. */
export async function checkpoints(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { site: { type: 'string' }, json: { type: 'boolean' } } })
  if (values.site === undefined) {
    process.stderr.write('berth checkpoints: say of which site: `--site site.yaml`.\n')
    return 2
  }
  const file = await readSiteFile(values.site)
  const { path } = file.store
  const signed = readCheckpoints(checkpointsBeside(path)).checkpoints
  const newest = signed.at(-1)
  if (newest === undefined) {
    process.stderr.write(
      `berth checkpoints: no checkpoint of ${path} was signed yet; the first one comes ${counted(file.checkpoints.minutes, 'minute')} after the first record.\n`,
    )
    return 1
  }
  const delivered = readDeliveries(path)
  const to = file.checkpoints.to.map((target) => {
    const seq = delivered(target)
    return { name: targetName(target), delivered: seq, behind: signed.filter((one) => one.seq > seq).length }
  })
  const told = { siteId: file.site.id, key: ownKey(file), newest, since: (await newestSeq(file)) - newest.seq, to }
  process.stdout.write(values.json ? `${JSON.stringify(told)}\n` : text(told))
  return 0
}

/** The key in the key store: what lies beside the store could be anybody's. */
function ownKey({ store, site }: SiteFile): string {
  const path = `${store.path}.keys`
  const keys = openKeyStoreReadOnly({ path, siteId: site.id, clock: systemClock, chance: systemChance })
  try {
    return keys.signer().publicKey
  } finally {
    keys.close()
  }
}

async function newestSeq({ store, site }: SiteFile): Promise<number> {
  const rows = await openStoreRows(store, site.id)
  try {
    return rows.head().seq
  } finally {
    await rows.close()
  }
}

type Told = {
  readonly siteId: string
  readonly key: string
  readonly newest: { readonly seq: number; readonly hash: string; readonly time: string }
  readonly since: number
  readonly to: readonly { readonly name: string; readonly delivered: number; readonly behind: number }[]
}

const text = ({ siteId, key, newest, since, to }: Told): string =>
  [
    `${siteId} signs with ${key}`,
    `newest checkpoint: record ${newest.seq}, ${newest.time}, hash ${newest.hash}; ${counted(since, 'record')} since`,
    ...to.map(({ name, delivered, behind }) =>
      behind === 0 ? `${name} has taken all` : `${name} has taken up to record ${delivered}, ${behind} wait`,
    ),
    ...(to.length === 0 ? ['Nobody elsewhere takes them: name somebody in `checkpoints.to` of the site file.'] : []),
    '',
  ].join('\n')
