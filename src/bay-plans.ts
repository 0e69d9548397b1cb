import type { ChargePointProfile } from '../actors/ocpp/profiles/charge-point-profile.ts'
import { DEFAULT_PROFILE, PROFILES } from '../actors/ocpp/profiles/default.ts'
import type { BayPlan } from '../actors/site.ts'
import { type ConnectorTraits, connectorKey } from '../machines/events.ts'
import type { SiteFile } from './site-file.ts'

/** The profile that the site file names for a charge point. */
export const profileOf = (file: SiteFile, chargePointId: string): ChargePointProfile =>
  PROFILES[file.chargePoints.find((one) => one.id === chargePointId)?.profile ?? 'default'] ?? DEFAULT_PROFILE

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
      const { connectionTimeout_s, startOn } = profileOf(file, chargePoint)
      const connector = connectorKey(chargePoint, evse)
      const isShared = bay.connectors.length > 1 || all.filter((key) => key === connector).length > 1
      return {
        connector,
        chargePointId: chargePoint,
        evse,
        connectionTimeout_s,
        startOn: isShared ? 'plug' : startOn,
      }
    }),
    zones: bay.zones.map(({ camera, polygon }) => ({ cameraId: camera, polygon })),
  }))
}
