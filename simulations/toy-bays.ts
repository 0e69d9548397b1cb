import type { BayPlan } from '../actors/bay-plan.ts'
import { connectorTraits } from '../actors/ocpp/connector-traits.ts'
import { profileNamed } from '../actors/ocpp/profiles/default.ts'
import type { Polygon } from '../actors/ports.ts'
import { connectorKey, type Policy } from '../machines/events.ts'

/** One bay: its connectors, its cameras (default `cam-1`), and its zone where it is not simply its share of the picture's width. */
export type ToyBay = {
  readonly bayId: string
  readonly connectors: readonly {
    readonly chargePointId: string
    readonly evse: number
    readonly startOn?: 'validation' | 'plug'
    /** The profile that the site file names for the charge point; absent = the bay knows no traits, as in journals from before there were any. */
    readonly profile?: string
  }[]
  readonly cameras?: readonly string[]
  readonly zone?: Polygon
}

/** Where a toy bay lies in its cameras' pictures: bays side by side, each with its share of the width. */
export const toyZone = (bays: readonly ToyBay[], index: number): Polygon =>
  bays[index]?.zone ?? [
    [index / bays.length, 0.2],
    [(index + 1) / bays.length, 0.2],
    [(index + 1) / bays.length, 1],
    [index / bays.length, 1],
  ]

/** What the production site is told of its bays: as a site file would say it. */
export function toyPlans(bays: readonly ToyBay[], policy: Policy): BayPlan[] {
  const all = bays.flatMap((bay) => bay.connectors.map((one) => connectorKey(one.chargePointId, one.evse)))
  return bays.map((bay, index) => ({
    bayId: bay.bayId,
    policy,
    connectors: bay.connectors.map((one) => {
      const connector = connectorKey(one.chargePointId, one.evse)
      const shared = bay.connectors.length > 1 || all.filter((key) => key === connector).length > 1
      const profile = one.profile === undefined ? null : profileNamed(one.profile)
      const { chargePointId, evse, startOn = shared ? 'plug' : (profile?.startOn ?? 'validation') } = one
      const place = { connector, chargePointId, evse }
      return profile ? { ...connectorTraits(profile, place), startOn } : { ...place, connectionTimeout_s: 60, startOn }
    }),
    zones: (bay.cameras ?? ['cam-1']).map((cameraId) => ({ cameraId, polygon: toyZone(bays, index) })),
  }))
}
