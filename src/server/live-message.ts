import type { AlarmView, BayView, ReviewView } from '../../projections/bay-view.ts'
import type { Caller } from '../site-desk.ts'
import type { DesignVisitShown } from './design-report-routes.ts'
import type { Right } from './roles.ts'
import type { SimulationView } from './scenario-routes.ts'

/**
 * On every message: `epoch` of the store, `seq` of the newest record that it knows of, `from` the seq that it builds on, `n` its place
 * on this socket (0, 1, 2, …), `ts` the server's clock. A message that is not the next one means that something is missing.
 */
export type LiveFrame = {
  readonly epoch: number
  readonly seq: number
  readonly from: number
  readonly n: number
  /** ISO 8601 UTC. */
  readonly ts: string
}

/** Rows of bays as one stands before them: a bay's id, or null for a gap; an empty row is a lane. */
export type SiteLayout = readonly (readonly (string | null)[])[]

/** The first message: what site this is, and who looks at it. */
export type HelloMessage = LiveFrame & {
  readonly type: 'hello'
  readonly siteId: string
  readonly name: string
  /** IANA. */
  readonly timezone: string
  readonly machine: string
  readonly buildId: string
  readonly caller: Caller
  /** When this sign-in ends by itself (ISO 8601); null where it does not. */
  readonly until: string | null
  /** What this caller may do here, by name: a page offers nothing else. The server asks again at each call. */
  readonly rights: readonly Right[]
  readonly heartbeat_ms: number
  /** How the bays lie; null where the site file does not say. */
  readonly layout: SiteLayout | null
  /** What is shown is a recording. */
  readonly recording?: boolean
  /** What is shown was simulated: of which case, for which promise. */
  readonly simulation?: SimulationView | DesignVisitShown
}

/** The whole site; `dropped`: changes that were left out before it. */
export type SnapshotMessage = LiveFrame & {
  readonly type: 'snapshot'
  readonly bays: readonly BayView[]
  readonly alarms: readonly AlarmView[]
  readonly reviews: readonly ReviewView[]
  readonly dropped: number
}

/** What changed; lists that are absent are as they were. */
export type PatchMessage = LiveFrame & {
  readonly type: 'patch'
  readonly bays: readonly BayView[]
  readonly alarms?: readonly AlarmView[]
  readonly reviews?: readonly ReviewView[]
}

/** Nothing changed, and the server lives. */
export type HeartbeatMessage = LiveFrame & { readonly type: 'heartbeat' }

/** Everything that the live feed says. */
export type LiveMessage = HelloMessage | SnapshotMessage | PatchMessage | HeartbeatMessage
