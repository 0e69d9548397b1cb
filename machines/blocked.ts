import { alarm, calm, change, type Deeds, decide, iso } from './deeds.ts'
import type { Bay, BlockedWhy, Visit } from './knowledge.ts'
import { onlyRefused } from './learn-transaction.ts'
import { cableIn, drawingConnector, openConnector } from './lock.ts'

/** A vehicle is known to stand here: a live camera sees it, or its cable is in. */
const stands = (bay: Bay): boolean => bay.here.presence === 'occupied' || cableIn(bay)

const charges = (bay: Bay): boolean => openConnector(bay) !== null || drawingConnector(bay) !== null

/** When the vehicle's grace is over, ms since 1970: from its arrival where it never charged, else from the end of its charge. */
export function blockedFrom({ policy }: Bay, visit: Visit): number {
  return visit.chargedUntil === null
    ? visit.openedAt + policy.blockedGrace_s * 1000
    : visit.chargedUntil + policy.overstayGrace_s * 1000
}

function whyBlocked(bay: Bay, visit: Visit): BlockedWhy {
  if (visit.chargedUntil !== null && !onlyRefused(visit)) return 'overstayed'
  if (visit.denied !== null) return 'refused'
  return visit.payer !== null && !cableIn(bay) ? 'not-plugged-in' : 'not-charging'
}

const SAYS: { readonly [why in BlockedWhy]: string } = {
  'not-charging': 'A vehicle takes the bay and does not charge.',
  'not-plugged-in': 'A vehicle that may charge takes the bay and is not plugged in.',
  refused: 'A vehicle that may not charge here takes the bay.',
  overstayed: 'The vehicle has finished charging and still takes the bay.',
}

/**
 * Occupied without a session (E29): on record and alarmed when the grace is over, ended the moment a session starts or the visit ends.
 * Once told it stays until then: a camera that looks away for a moment frees nobody's bay.
 */
export function noticeBlocked(deeds: Deeds): void {
  const visit = deeds.bay.visit
  if (!visit) return
  if (charges(deeds.bay)) {
    change(deeds, { chargedUntil: deeds.event.at })
    return free(deeds)
  }
  if (visit.blocked !== null || !stands(deeds.bay) || deeds.event.at < blockedFrom(deeds.bay, visit)) return
  const why = whyBlocked(deeds.bay, visit)
  change(deeds, { blocked: { why, since: deeds.event.at } })
  decide(deeds, 'BayBlocked', {
    why,
    standsSince: iso(visit.openedAt),
    seenBy: Object.entries(deeds.bay.cameras)
      .filter(([, camera]) => camera.live && camera.saw === 'occupied')
      .map(([cameraId]) => cameraId),
    cable: cableIn(deeds.bay) ? 'in' : 'out',
    handle: visit.agreed?.handle ?? visit.payer?.handle ?? null,
  })
  alarm(
    deeds,
    'blocked',
    SAYS[why],
    'Speak to the driver or have the bay cleared; it is free for charging again when the vehicle leaves or starts.',
  )
}

/** The vehicle charges, or is gone. */
export function free(deeds: Deeds): void {
  const blocked = deeds.bay.visit?.blocked
  if (!blocked) return
  decide(deeds, 'BayFreed', { why: blocked.why, blocked_s: Math.round((deeds.event.at - blocked.since) / 1000) })
  change(deeds, { blocked: null })
  calm(deeds, 'blocked')
}
