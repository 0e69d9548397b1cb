import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { type Look, Looks } from '../actors/looks.ts'
import type { Json } from '../machines/events.ts'
import { systemClock } from './clock.ts'
import { writeLoneEntry } from './journal/lone-entry.ts'
import { askOwner, type OwnerAnswer, saysBroke, saysRefused } from './owner-call.ts'
import type { SiteFile } from './site-file.ts'

/**
 * Puts on record that somebody at this machine takes personal data out of a site's store (`what`: the command), through the process that
 * serves the site, else by itself. Answers null, or one sentence why it is not on record.
 */
export async function recordLook(
  site: SiteFile,
  what: string,
  about: string,
  more: { readonly [field: string]: Json },
): Promise<string | null> {
  const { id: siteId } = site.site
  const { path } = site.store
  // A copy without its keys is evidence: nothing may be written to it.
  if (!existsSync(`${path}.keys`)) return `the keys of ${path} are not here, so nothing can be written to it`
  const body = JSON.stringify({ siteId, what, about, more })
  const told = await askOwner(site, '/api/looks', { type: 'application/json', body, fits: () => true })
  if (told) return notTaken(told)
  try {
    const look: Look = { by: `${userName()} (berth ${what})`, role: 'admin', what, subjects: [], about, more }
    const write = async (entries: Parameters<ReturnType<ConstructorParameters<typeof Looks>[1]>['write']>[0]) => {
      for (const entry of entries) await writeLoneEntry(site.store, siteId, systemClock, entry)
      return []
    }
    await new Looks(systemClock, () => ({ write })).saw(look)
    return null
  } catch (cause) {
    return partOfSentence(cause instanceof Error ? cause.message : String(cause))
  }
}

/** A sentence as the end of another. */
const partOfSentence = (says: string): string => says.replace(/\.$/, '')

/** Why the owner did not put it on record; null where it did. */
function notTaken(told: OwnerAnswer): string | null {
  if ('broke' in told) return partOfSentence(saysBroke(told, 'run it again.'))
  return told.status >= 200 && told.status < 300 ? null : partOfSentence(saysRefused(told))
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // An account without a name, as in some containers.
    return 'somebody'
  }
}
