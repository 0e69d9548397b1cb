import type { Observation } from './events.ts'
import { vehicleOf } from './identity.ts'
import type { Bay } from './knowledge.ts'
import { isHeld } from './lock.ts'

/** A sign of presence need not be written more often than this, ms; with a short `absence_s` three times within it. */
const SIGN_ms = 60_000
const signEvery = ({ policy }: Bay): number => Math.min(SIGN_ms, (policy.absence_s * 1000) / 3)

/**
 * Says of an observation that it only repeats what is known: it is counted, not recorded. While the bay is locked no sign of
 * presence is needed at all; otherwise one a minute keeps the evidence fresh. Whatever could change a decision is never noise.
 */
export function isNoise(bay: Bay, told: Observation, at: number): boolean {
  const kept = isHeld(bay) || (bay.visit !== null && at - bay.visit.lastSign < signEvery(bay))
  switch (told.type) {
    case 'plate.lost':
      return true
    case 'vehicle.seen':
      return kept && bay.cameras[told.cameraId]?.live === true && bay.cameras[told.cameraId]?.saw === 'occupied'
    case 'zone.empty':
    case 'zone.unknown': {
      const camera = bay.cameras[told.cameraId]
      return camera?.live === true && camera.saw === (told.type === 'zone.empty' ? 'empty' : 'unknown')
    }
    case 'plate.seen':
    case 'plate.agreed':
      return kept && bay.cameras[told.cameraId]?.saw === 'occupied' && sameVehicle(bay, told.leader)
    case 'charger.online':
    case 'charger.offline': {
      const link = told.type === 'charger.online' ? 'online' : 'offline'
      return Object.values(bay.connectors).every(
        (connector) => connector.chargePointId !== told.chargePointId || connector.link === link,
      )
    }
    case 'connector.status': {
      const connector = bay.connectors[told.connector]
      return (
        connector?.status === told.status &&
        connector.link === 'online' &&
        // Its first word over a new link says that it is heard again.
        (connector.statusAt ?? 0) >= connector.linkAt &&
        connector.availableAt === null &&
        // `Available` with a transaction open is the first half of a proof, however often it was said before the link went.
        !(told.status === 'available' && connector.transaction !== null) &&
        !bay.visit?.resumedAt &&
        at - (connector.statusAt ?? 0) < signEvery(bay)
      )
    }
    default:
      return false
  }
}

const sameVehicle = (bay: Bay, leader: string | null): boolean => {
  const visit = bay.visit
  if (!visit || leader === null || visit.contradiction?.kind === 'other-plate' || visit.goneAt !== null) return false
  return leader === vehicleOf(visit)
}
