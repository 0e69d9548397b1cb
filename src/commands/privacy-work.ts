import { systemClock } from '../clock.ts'
import { askOwner, saysBroke, saysRefused } from '../owner-call.ts'
import type { PrivacyDesk } from '../privacy/privacy-desk.ts'
import type { Caller } from '../site-desk.ts'
import { readSiteFile, type SiteFile } from '../site-file.ts'

/** What was answered, as JSON. */
type Told = { readonly [field: string]: unknown }

/** One request: by the API of the process that owns the store, or by the desk where nobody does. `method`: POST where it is not named. */
export type PrivacyWork = {
  readonly path: string
  readonly method?: 'POST' | 'DELETE'
  readonly body?: object
  /** Whether what the owner answers is what was asked for: anything else is not done. */
  readonly fits: (told: Told) => boolean
  readonly here: (desk: PrivacyDesk, by: Caller) => Promise<object>
}

const BY: Caller = { name: 'berth on the command line', role: 'auditor' }

/** Does it for the site of this file. Null after a sentence on stderr about why it came to nothing. */
export async function perform(name: string, site: string, work: PrivacyWork): Promise<Told | null> {
  const file = await readSiteFile(site)
  const { path, method = 'POST', body, fits } = work
  const sent = body === undefined ? {} : { type: 'application/json', body: JSON.stringify(body) }
  const answer = await askOwner(file, path, { method, fits, ...sent })
  if (answer === null) return (await takeOver(file, work)) as Told
  if ('broke' in answer) complain(`berth ${name}: ${saysBroke(answer, 'run it again.')}`)
  else if (answer.status >= 300) complain(`berth ${name}: ${saysRefused(answer)}`)
  else return answer.body ?? {}
  return null
}

/** Nobody serves: the store is taken for this one piece of work. */
async function takeOver(file: SiteFile, { here }: PrivacyWork): Promise<object> {
  const { openRoom } = await import('../open-room.ts')
  const room = await openRoom(file, systemClock, () => undefined, process.env)
  try {
    const told = (await here(room.desk.privacy, BY)) as Told
    await room.site.idle()
    await room.erasures.resume()
    const now = room.erasures.all().find(({ erasureId }) => erasureId === told['erasureId'])
    return now ? { ...told, ...now } : told
  } finally {
    await room.close()
  }
}

const complain = (line: string): void => void process.stderr.write(`${line}\n`)
