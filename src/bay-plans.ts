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
  const reached = reachedBy(file)
  const places = new Map(file.cameras.map(({ id, ignore }, place) => [id, { id, ignore, place }]))
  return file.bays.map((bay) => ({
    bayId: bay.id,
    policy: { ...file.policy, ...(bay.autonomy ? { autonomy: bay.autonomy } : {}) },
    connectors: bay.connectors.map(({ chargePoint, evse }): ConnectorTraits => {
      const profile = profileOf(file, chargePoint)
      const connector = connectorKey(chargePoint, evse)
      const isShared =
        bay.connectors.length > 1 || (reached.get(chargePoint)?.filter((one) => one.evse === evse).length ?? 0) > 1
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
    masks: [...new Set(bay.zones.map(({ camera }) => camera))]
      .flatMap((camera) => places.get(camera) ?? [])
      .toSorted((one, other) => one.place - other.place)
      .flatMap(({ id, ignore }) => ignore.map((polygon) => ({ cameraId: id, polygon }))),
  }))
}

/** Every EVSE (1.6: connector) of a charge point with each bay that its cable reaches, in the order of the site file. */
export type Reached = readonly { readonly bayId: string; readonly evse: number }[]
const reachedByFile = new WeakMap<SiteFile['bays'], ReadonlyMap<string, Reached>>()

/** What each charge point reaches, worked out once for a site file: thousands ask. */
export function reachedBy({ bays }: Pick<SiteFile, 'bays'>): ReadonlyMap<string, Reached> {
  const known = reachedByFile.get(bays)
  if (known) return known
  const cables = bays.flatMap(({ id: bayId, connectors }) => connectors.map((one) => ({ bayId, ...one })))
  const reached = Map.groupBy(cables, ({ chargePoint }) => chargePoint)
  reachedByFile.set(bays, reached)
  return reached
}

/** The EVSEs (1.6: connectors) of a charge point whose cables reach a bay, each once. */
export const evsesOf = (file: SiteFile, chargePointId: string): number[] => [
  ...new Set(
    reachedBy(file)
      .get(chargePointId)
      ?.map(({ evse }) => evse),
  ),
]
