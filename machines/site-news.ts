import type { ConnectorKey, Handle, Policy, Told } from './events.ts'

export type SiteResumed = Told & { readonly type: 'site.resumed'; readonly downSince: number | null }

export type PolicyAdopted = Told & { readonly type: 'policy.adopted'; readonly policy: Policy }

export type ZonesPublished = Told & {
  readonly type: 'zones.published'
  readonly cameras: readonly string[]
  /** The bay's polygons, each in 0..1 of its camera's picture; absent in journals from before they were kept. */
  readonly zones?: readonly Zone[]
  /** What its cameras are told to overlook, in the same measure; absent where nothing is. */
  readonly masks?: readonly Zone[]
}

/** `ground`: the bay's outline on the ground, where the site file gave that and `polygon` was lifted from it to the height of plates. */
export type Zone = {
  readonly cameraId: string
  readonly polygon: readonly (readonly [number, number])[]
  readonly ground?: readonly (readonly [number, number])[]
}

/** The bay's connectors and what each charge point's profile says of it. */
export type ProfileAdopted = Told & {
  readonly type: 'profile.adopted'
  readonly connectors: readonly ConnectorTraits[]
}

/** The site's switch for automatic starts was turned: while it is off no start leaves without a person's word. */
export type SwitchTurned = Told & {
  readonly type: 'switch.turned'
  readonly automatic: boolean
  readonly by: string
  readonly reason: string | null
}

/** Somebody asked to be forgotten: what a running visit needs of the vehicle is kept until it ends (E32). */
export type ErasureAsked = Told & {
  readonly type: 'erasure.asked'
  readonly erasureId: string
  readonly handle: Handle
  readonly by: string
}

/** A plug came in that two waiting bays can reach (E33, E34): nobody is started unattended. */
export type PlugAmbiguous = Told & {
  readonly type: 'plug.ambiguous'
  readonly connector: ConnectorKey
  readonly rivals: readonly string[]
}

/** What a charge point's profile says of one connector. */
export type ConnectorTraits = {
  readonly connector: ConnectorKey
  readonly chargePointId: string
  readonly evse: number
  /** Seconds after which the charge point gives up waiting for a cable. */
  readonly connectionTimeout_s: number
  /** The start waits until the plug is seen (a bay with two connectors always does). */
  readonly startOn: 'validation' | 'plug'
  /** Which signal says that energy flows; absent (journals from before it was known) = current, and signals are not compared. */
  readonly drawingBy?: DrawingSignal
  /** `may-draw`: SuspendedEVSE says nothing of the flow. */
  readonly suspendedEvse?: 'withheld' | 'may-draw'
  /** No samples come in SuspendedEV: the word ends the flow. */
  readonly silentWhenSuspended?: boolean
  /** `may-withhold`: Finishing after an end that nobody asked for is no rest of the vehicle's. */
  readonly finishing?: 'done' | 'may-withhold'
  /** `ended`: Available is the end of an open transaction. */
  readonly availableMay?: 'orphan' | 'ended'
}

/** A signal of drawing that a charge point's profile trusts: its current, its power, the slope of its register, its word Charging, or an open transaction alone. */
export type DrawingSignal = 'current' | 'power' | 'register' | 'status' | 'transaction'
