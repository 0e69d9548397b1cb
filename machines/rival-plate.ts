import type { PlateNews, Stamped } from './events.ts'
import type { Bay, Visit } from './knowledge.ts'

/** The vehicle that this camera last agreed on in this visit, or null. */
function lastAgreed(visit: Visit, cameraId: string): string | null {
  let newest: Visit['evidence'][number] | null = null
  for (const one of visit.evidence)
    if (one.rank === 'plate' && one.source === cameraId && (newest === null || one.last > newest.last)) newest = one
  return newest?.handle ?? null
}

/** Another live camera that sees the bay occupied last agreed on another vehicle: two cameras of one bay are held against each other. */
export function camerasDisagree(bay: Bay, leader: string, cameraId: string): boolean {
  const { visit } = bay
  if (!visit) return false
  return Object.entries(bay.cameras).some(([other, camera]) => {
    if (other === cameraId || !camera.live || camera.saw !== 'occupied') return false
    const theirs = lastAgreed(visit, other)
    return theirs !== null && theirs !== leader
  })
}

/** The vehicle that this bay's visit was just taken from is read again: two plates come and go before one bay, and neither is its car's for certain. */
export const comesBack = ({ swapped, policy }: Bay, leader: string, at: number): boolean =>
  swapped !== null && swapped.handle === leader && at - swapped.at < policy.absence_s * 1000

/** As long as the vehicle that was here before is read again and again, it is not gone. */
export const stillRead = (bay: Bay, event: Stamped<PlateNews>): Bay =>
  bay.swapped !== null && 'leader' in event && event.leader === bay.swapped.handle
    ? { ...bay, swapped: { ...bay.swapped, at: event.at } }
    : bay
