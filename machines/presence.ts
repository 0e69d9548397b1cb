import { blockedFrom } from './blocked.ts'
import { type Bay, type Camera, connectorsOf, type Visit } from './knowledge.ts'
import { cableIn, cableOut, drawingConnector, flowsFresh, holdsNothing, openConnector } from './lock.ts'
import { linkDeadlines } from './lost-link.ts'

/** Is anybody here? Questions about presence at a moment `at`, ms since 1970. */

/** Asked by several guards of each event: gone through without a list. */
export function cameraLive({ cameras }: Bay): boolean {
  for (const cameraId in cameras) if (cameras[cameraId]?.live === true) return true
  return false
}

/** What the live cameras say together: occupied beats empty, empty beats unknown. */
export function combined(cameras: { readonly [cameraId: string]: Camera }): 'occupied' | 'empty' | 'unknown' {
  let word: 'occupied' | 'empty' | 'unknown' = 'unknown'
  for (const camera of Object.values(cameras)) {
    if (!camera.live) continue
    if (camera.saw === 'occupied') return 'occupied'
    if (camera.saw === 'empty') word = 'empty'
  }
  return word
}

/** A live camera has seen the zone empty for so long, ms; 0 where it does not see it empty. */
export const emptyFor = (bay: Bay, at: number): number => (bay.here.presence === 'empty' ? at - bay.here.since : 0)

const s = (seconds: number): number => seconds * 1000

/** Transaction over, zone seen empty for the grace since the last sign, no cable known to be in. */
export const leftSeen = (bay: Bay, at: number): boolean =>
  bay.here.presence === 'empty' &&
  at - emptySinceSign(bay) >= s(bay.policy.exitGrace_s) &&
  openConnector(bay) === null &&
  !cableIn(bay) &&
  drawingConnector(bay) === null

/** After a restart a camera that works has spoken within this time; before it, silence is not knowing and infers nothing. ms. */
const CAMERAS_WAKE_ms = 15_000

/** Transaction over, cable out, and no live camera that could see the vehicle stay. */
export const leftInferred = (bay: Bay, at: number): boolean =>
  bay.visit !== null &&
  bay.visit.unpluggedAt !== null &&
  !cameraLive(bay) &&
  openConnector(bay) === null &&
  drawingConnector(bay) === null &&
  cableOut(bay) &&
  at - restartOf(bay.visit) >= CAMERAS_WAKE_ms

/** The restart that this visit lived through, ms since 1970, or 0. The start sent again since settles the charge point's part of it only. */
const restartOf = (visit: Visit | null): number =>
  visit?.resumedAt ?? visit?.starts.findLast((start) => start.reason === 'after-restart')?.at ?? 0

/** Holds nothing and gave no sign for `absence_s`. */
export const absent = (bay: Bay, at: number): boolean =>
  bay.visit !== null && holdsNothing(bay) && at - bay.visit.lastSign >= s(bay.policy.absence_s)

/** Link down for `absence_s`, no fresh current, and a live camera saw the zone empty for as long. */
export function lostSight(bay: Bay, at: number): boolean {
  if (emptyFor(bay, at) < s(bay.policy.absence_s)) return false
  const kept = connectorsOf(bay).filter(
    (connector) => connector.transaction || connector.cable === 'in' || connector.flow.drawing,
  )
  return (
    kept.length > 0 &&
    kept.every((connector) => connector.link === 'offline' && at - connector.linkAt >= s(bay.policy.absence_s)) &&
    !flowsFresh(bay, at)
  )
}

/** The cable is said to be in after the charge, but since the last sign a live camera saw the zone empty for `absence_s`. */
export const cableForgotten = (bay: Bay, at: number): boolean =>
  openConnector(bay) === null &&
  drawingConnector(bay) === null &&
  cableIn(bay) &&
  bay.here.presence === 'empty' &&
  at - emptySinceSign(bay) >= s(bay.policy.absence_s)

/**
 * Since when the zone is seen empty without any sign of the vehicle: a zone that was empty before says nothing about a cable that
 * went in, or a charge that ended, later. Counted from there, so that a charge over an empty zone has its deadline still to come.
 */
const emptySinceSign = (bay: Bay): number => Math.max(bay.here.since, bay.visit?.lastSign ?? 0)

/** A camera sees nobody while a transaction or a flow says somebody charges: shown once it lasted for the grace. */
export const cameraContradicts = (bay: Bay, at: number): boolean =>
  bay.here.presence === 'empty' &&
  (openConnector(bay) !== null || drawingConnector(bay) !== null) &&
  emptyFor(bay, at) >= s(bay.policy.exitGrace_s)

/** Time between two `Available` that prove a transaction dead, ms. */
export const DEAD_PROOF_ms = 60_000

/** The moments at which what is known changes by itself, ms since 1970, each with its name for people. */
export function deadlines(bay: Bay): { readonly name: string; readonly by: number }[] {
  const list: { name: string; by: number }[] = []
  eachDeadline(bay, (name, by) => list.push({ name, by }))
  return list
}

function eachDeadline(bay: Bay, push: (name: string, by: number) => void): void {
  for (const by of linkDeadlines(bay)) push('charge point away', by)
  const visit = bay.visit
  if (!visit) return
  const open = openConnector(bay)
  if (restartOf(visit) > 0) push('cameras awake', restartOf(visit) + CAMERAS_WAKE_ms)
  if (visit.blocked === null && open === null && drawingConnector(bay) === null)
    push('vehicle does not charge', blockedFrom(bay, visit))
  if (holdsNothing(bay)) push('no sign of the vehicle', visit.lastSign + s(bay.policy.absence_s))
  if (bay.here.presence === 'empty') {
    push('zone empty', bay.here.since + s(bay.policy.exitGrace_s))
    push('zone empty', bay.here.since + s(bay.policy.absence_s))
    push('zone empty', emptySinceSign(bay) + s(bay.policy.exitGrace_s))
    push('zone empty', emptySinceSign(bay) + s(bay.policy.absence_s))
  }
  for (const connector of connectorsOf(bay)) {
    if (connector.link === 'offline' && bay.here.presence === 'empty')
      push('charge point lost', connector.linkAt + s(bay.policy.absence_s))
    if (connector.transaction && connector.availableAt !== null)
      push('charge point asked again', connector.availableAt + DEAD_PROOF_ms)
    if (connector.status === 'preparing' && connector.cable === 'unknown' && !open) {
      for (const start of visit.starts)
        if (start.state === 'accepted') push('plug expected', start.stateAt + s(connector.connectionTimeout_s))
    }
    if (connector.flow.drawing && connector.flow.at !== null)
      push('meter values expected', connector.flow.at + s(bay.policy.lock.stale_s))
  }
}

/** The next of them after `at`, or null. */
export function nextDeadline(bay: Bay, at: number): number | null {
  // Another rule took the moment in which this way out opened (an unlock, a start sent again): it is taken next.
  let next: number | null = leftInferred(bay, at) ? at + 1 : null
  eachDeadline(bay, (_, by) => {
    if (by > at && (next === null || by < next)) next = by
  })
  // Records hold whole milliseconds: a deadline between two of them is over in the later one.
  return next === null ? null : Math.ceil(next)
}
