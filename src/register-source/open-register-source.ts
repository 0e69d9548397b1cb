import { randomInt } from 'node:crypto'
import type { Clock } from '../../actors/ports.ts'
import type { Room } from '../room.ts'
import type { Log } from '../room-parts.ts'
import type { SiteFile } from '../site-file.ts'
import { RegisterSource } from './register-source.ts'
import type { Taken } from './register-taking.ts'
import { openRegister } from './signed-register.ts'
import { callSource, type SourceAddress } from './source-call.ts'
import { SourceMarks } from './source-marks.ts'

/** Where a site's register comes from; `key` (64 hex characters) is the only one that may have signed it. Without `url`: from the centre. */
export type SiteRegister = {
  readonly url: string | null
  readonly token: string | null
  readonly ca: string | null
  readonly key: string
  readonly every_min: number
  readonly silent_min: number
}

const FINE = 1_000_000

/** Begins to fetch the register; where the site file names no source nothing is opened. Answers what ends it. */
export function openRegisterSource(
  { file, journal, register, desk }: Room,
  clock: Clock,
  log: Log,
): () => Promise<void> {
  const { register: site } = file
  if (site === null) return async () => {}
  const address = addressOf(site, file)
  const ground = { siteId: file.site.id, journal, marks: new SourceMarks() }
  const take = async (text: string): Promise<Taken> => {
    const opened = openRegister(text, site.key)
    return opened.broken === null ? register.takeRegister(opened, ground) : { refused: `${opened.broken}.` }
  }
  const source = new RegisterSource({
    at: new URL(address.url).host,
    call: (etag, closing) => callSource(address, etag, closing),
    take,
    ...{ every_min: site.every_min, silent_min: site.silent_min, clock, log, chance: () => randomInt(FINE) / FINE },
    tell(kind, says) {
      if (says === null) desk.siteAlarms.calm(kind)
      else desk.siteAlarms.raise(kind, says, clock.now())
    },
  })
  return () => source.close()
}

/** The address that is written, or the centre's, with the token of this site. */
function addressOf({ url, token, ca }: SiteRegister, { centre }: SiteFile): SourceAddress {
  if (url !== null || centre === null) return { url: url ?? '', token, ca, isCentre: false }
  const at = new URL('/register', centre.url)
  at.protocol = at.protocol === 'wss:' ? 'https:' : 'http:'
  return { url: at.href, token: centre.token, ca: centre.ca, isCentre: true }
}
