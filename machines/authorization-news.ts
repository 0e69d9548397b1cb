import type { Handle, Told } from './events.ts'

/** Who may know a payer that the register does not: the operator's own back end, or the one behind the proxy. */
export type FarAuthorizer = 'back-end' | 'upstream'

/** Somebody pays for the vehicle that a bay asked about. */
export type AuthorizationGranted = Told & {
  readonly type: 'authorization.granted'
  readonly ask: string
  readonly handle: Handle
  readonly accountId: string
  /** The operator confirms this account's starts: the start waits for a person. */
  readonly confirm: boolean
  /** Who granted it; absent = the register. */
  readonly by?: FarAuthorizer
  /** That one did not answer now, and had granted it before. */
  readonly kept?: true
}

/** Nobody pays, or nobody answered who does. */
export type AuthorizationRefused = Told & {
  readonly type: 'authorization.refused'
  readonly ask: string
  /**
   * `no-alias`, `alias-busy`: the back end behind berth knows the vehicle by no token, or by one that is in a session; `objected`: its people
   * want no start by the plate; `daily-limit`: its account has begun as many charges by plate today as it may.
   */
  readonly reason:
    | 'unknown'
    | 'blocked'
    | 'expired'
    | 'out-of-hours'
    | 'unanswered'
    | 'no-alias'
    | 'alias-busy'
    | 'objected'
    | 'daily-limit'
  /** Who refused it, or did not answer; absent = the register. */
  readonly by?: FarAuthorizer
}
