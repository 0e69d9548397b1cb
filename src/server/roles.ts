import type { CommandType } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { Caller, Role } from '../site-desk.ts'

const EVERYONE: readonly Role[] = ['viewer', 'operator', 'supervisor', 'installer', 'fleet', 'auditor', 'admin']

/** What a role may do here. `plates` = sees plates, tokens and personal fields in clear; `look` = sees cameras’ pictures, in which plates are clear for the former only. Whether an account may charge at all is not for its own people (`fleet`) to say. */
export const RIGHTS = {
  watch: EVERYONE,
  plates: ['admin', 'operator', 'supervisor', 'auditor'],
  look: ['admin', 'operator', 'supervisor', 'installer', 'auditor'],
  operate: ['admin', 'operator', 'supervisor'],
  tune: ['admin', 'supervisor', 'installer'],
  agree: ['admin', 'operator', 'supervisor', 'installer'],
  bills: ['admin', 'operator', 'supervisor', 'fleet', 'auditor'],
  dispute: ['admin', 'operator', 'supervisor', 'auditor'],
  register: ['admin', 'operator', 'supervisor', 'fleet', 'auditor'],
  enrol: ['admin', 'supervisor', 'fleet'],
  accounts: ['admin', 'supervisor'],
  audit: ['admin', 'supervisor', 'auditor'],
  examine: ['admin', 'auditor'],
  erase: ['admin', 'supervisor', 'auditor'],
  witness: ['admin', 'auditor', 'installer'],
} as const satisfies { readonly [right: string]: readonly Role[] }
export type Right = keyof typeof RIGHTS

/** Commands that change how berth acts rather than what a bay does now. */
const TUNING: readonly CommandType[] = ['autonomy', 'learn-empty']

/** Whether this caller's role has the right. */
export function may(caller: Caller, right: Right): boolean {
  const roles: readonly Role[] = RIGHTS[right]
  return roles.includes(caller.role)
}

/** All that this caller's role has. */
export const rightsOf = (caller: Caller): readonly Right[] =>
  (Object.keys(RIGHTS) as Right[]).filter((right) => may(caller, right))

/** Throws Fault FORBIDDEN with a sentence that names the roles that may. */
export function demand(caller: Caller, right: Right): void {
  if (may(caller, right)) return
  const roles = RIGHTS[right].join(', ')
  throw new Fault(
    'FORBIDDEN',
    { role: caller.role },
    { says: `The role ${caller.role} may not do that; ask one of: ${roles}.` },
  )
}

/** An order that a second person must want: to a bay, or to publish zones. */
type Wanted = CommandType | 'publish-zones'

/** Throws Fault FORBIDDEN where this caller could neither give such an order nor agree to it. */
export function demandOrder(caller: Caller, type: Wanted): void {
  if (type === 'publish-zones') demand(caller, 'tune')
  else demandCommand(caller, type)
}

/** Whether such an order that waits is this caller's to see and to take back: whoever operates bays knows of all that is ordered there. */
export function isConcerned(caller: Caller, type: Wanted): boolean {
  if (type !== 'publish-zones' && may(caller, 'operate')) return true
  try {
    demandOrder(caller, type)
    return true
  } catch {
    return false
  }
}

/** The right that a command of this type needs; `learn-empty` is anybody's who operates or installs. */
export function demandCommand(caller: Caller, type: CommandType): void {
  if (type === 'learn-empty' && may(caller, 'operate')) return
  demand(caller, TUNING.includes(type) ? 'tune' : 'operate')
}
