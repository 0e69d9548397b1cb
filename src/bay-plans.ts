import type { BayPlan } from '../actors/bay-plan.ts'
import { connectorTraits } from '../actors/ocpp/connector-traits.ts'
import type { ChargePointProfile } from '../actors/ocpp/profiles/charge-point-profile.ts'
import { DEFAULT_PROFILE, profileNamed } from '../actors/ocpp/profiles/default.ts'
import { connectorKey } from '../machines/events.ts'
import type { ConnectorTraits } from '../machines/site-news.ts'
import type { SiteFile } from './site-file.ts'

/** The profile that the site file names for a charge point, with the display that it has here. */
export function profileOf(file: SiteFile, chargePointId: string): ChargePointProfile {
  const entry = entriesOf(file.chargePoints).get(chargePointId)
  const named = profileNamed(entry?.profile ?? 'default') ?? DEFAULT_PROFILE
  // What another back end tells now and then proves no flow: the lock rests on its session.
  const profile: ChargePointProfile = file.ocpp.mode === 'remote' ? { ...named, drawingBy: 'transaction' } : named
  return entry?.display ? { ...profile, tellBy: { kind: 'data-transfer', ...entry.display } } : profile
}

type Entries = ReadonlyMap<string, SiteFile['chargePoints'][number]>
const known = new WeakMap<SiteFile['chargePoints'], Entries>()

/** A site file's charge points by their ids: every message asks for one of thousands. */
function entriesOf(chargePoints: SiteFile['chargePoints']): Entries {
  const entries = known.get(chargePoints) ?? new Map(chargePoints.map((one) => [one.id, one]))
  known.set(chargePoints, entries)
  return entries
}

/**
 * What the site file says of each bay, with its charge points' traits. A connector that two bays reach, or one of several in a
 * bay, always waits for its plug: a start before it could become somebody else's.
 */
export function bayPlans(file: SiteFile): BayPlan[] {
  const all = file.bays.flatMap((bay) => bay.connectors.map((one) => connectorKey(one.chargePoint, one.evse)))
  return file.bays.map((bay) => ({
    bayId: bay.id,
    policy: { ...file.policy, ...(bay.autonomy ? { autonomy: bay.autonomy } : {}) },
    connectors: bay.connectors.map(({ chargePoint, evse }): ConnectorTraits => {
      const profile = profileOf(file, chargePoint)
      const connector = connectorKey(chargePoint, evse)
      const isShared = bay.connectors.length > 1 || all.filter((key) => key === connector).length > 1
      return {
        ...connectorTraits(profile, { connector, chargePointId: chargePoint, evse }),
        startOn: isShared ? 'plug' : profile.startOn,
      }
    }),
    zones: bay.zones.map(({ camera, polygon, lift }) => ({
      cameraId: camera,
      polygon,
      ...(lift ? { ground: lift.ground } : {}),
    })),
    masks: file.cameras
      .filter(({ id }) => bay.zones.some(({ camera }) => camera === id))
      .flatMap(({ id, ignore }) => ignore.map((polygon) => ({ cameraId: id, polygon }))),
  }))
}

/** The EVSEs (1.6: connectors) of a charge point whose cables reach a bay, each once. */
export const evsesOf = (file: SiteFile, chargePointId: string): number[] => [
  ...new Set(
    file.bays.flatMap((bay) =>
      bay.connectors.filter((one) => one.chargePoint === chargePointId).map((one) => one.evse),
    ),
  ),
]
