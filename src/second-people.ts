import type { TwoPeople } from './second-person.ts'
import { demandOrder } from './server/roles.ts'
import type { StoredToken } from './server/token-book.ts'
import type { Role } from './site-desk.ts'

/** Why some order that two people must want could never be agreed to, by its key in the site file and as the rest of a sentence; null where each could. `hasAdmin`: there is a BERTH_ADMIN_TOKEN. */
export function missingPeople(
  { commands, zones }: TwoPeople,
  tokens: readonly Pick<StoredToken, 'name' | 'role'>[],
  hasAdmin: boolean,
): { readonly key: 'commands' | 'zones'; readonly says: string } | null {
  const people = [...tokens, ...(hasAdmin ? [{ name: 'admin', role: 'admin' as const }] : [])]
  for (const type of [...commands, ...(zones ? (['publish-zones'] as const) : [])]) {
    const names = [...new Set(people.filter(({ role }) => mayOrder(role, type)).map(({ name }) => name))]
    if (names.length >= 2) continue
    const there = names.length === 0 ? 'no token may give or agree to it' : `${names[0]} alone has a token for it`
    const key = type === 'publish-zones' ? 'zones' : 'commands'
    return { key, says: `nobody could ever agree to \`${key === 'zones' ? 'zones' : type}\`: ${there}` }
  }
  return null
}

function mayOrder(role: Role, type: Parameters<typeof demandOrder>[1]): boolean {
  try {
    demandOrder({ name: '', role }, type)
    return true
  } catch {
    return false
  }
}
