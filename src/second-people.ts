import type { CommandType } from '../machines/events.ts'
import type { TwoPeople } from './second-person.ts'
import { demandCommand } from './server/roles.ts'
import type { StoredToken } from './server/token-book.ts'
import type { Role } from './site-desk.ts'

/** Why some order that two people must want could never be agreed to, as the rest of a sentence; null where each could. `hasAdmin`: there is a BERTH_ADMIN_TOKEN. */
export function missingPeople(
  { commands }: TwoPeople,
  tokens: readonly Pick<StoredToken, 'name' | 'role'>[],
  hasAdmin: boolean,
): string | null {
  const people = [...tokens, ...(hasAdmin ? [{ name: 'admin', role: 'admin' as const }] : [])]
  for (const type of commands) {
    const names = [...new Set(people.filter(({ role }) => mayOrder(role, type)).map(({ name }) => name))]
    if (names.length >= 2) continue
    const there = names.length === 0 ? 'no token may give or agree to it' : `${names[0]} alone has a token for it`
    return `nobody could ever agree to \`${type}\`: ${there}`
  }
  return null
}

function mayOrder(role: Role, type: CommandType): boolean {
  try {
    demandCommand({ name: '', role }, type)
    return true
  } catch {
    return false
  }
}
