import type { Handle, Standing } from '../machines/events.ts'
import { type Confirm, type Register, vehicleStanding } from '../machines/register.ts'
import type { Clock } from './ports.ts'

/** May this vehicle charge now, who pays, and does a person confirm its starts? */
export type AuthorizerAnswer =
  | { readonly granted: true; readonly accountId: string; readonly confirm: Confirm }
  | { readonly granted: false; readonly reason: Exclude<Standing, 'accepted'> | 'no-alias' | 'alias-busy' | 'objected' }

export type Authorizer = (ask: { readonly handle: Handle }) => AuthorizerAnswer

/** Answers from the site's own register at the clock's time; `timezone` is the site's (IANA name). */
export function authorizer(site: {
  readonly register: () => Register
  readonly timezone: string
  readonly clock: Pick<Clock, 'now'>
}): Authorizer {
  return ({ handle }) => {
    const { standing, accountId, confirm } = vehicleStanding(site.register(), handle, site.clock.now(), site.timezone)
    if (standing !== 'accepted') return { granted: false, reason: standing }
    if (accountId === null) return { granted: false, reason: 'unknown' }
    return { granted: true, accountId, confirm }
  }
}
