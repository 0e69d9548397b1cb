import { readVehicle } from './arrival-reads.ts'
import { drawFrom, forgetTransaction, goDown, goUp, idleStatus, loseTransaction, status } from './bay-power.ts'
import type { Draws } from './chance-streams.ts'
import { linked, unlinked } from './design-faults.ts'
import { bodyOf, chargePointAt, look, type Stage } from './design-stage.ts'

const DAY = 86_400_000
const YEAR = 365 * DAY

/** Everything of a site that fails and comes back by itself: charge points out of order, power cuts, cameras away. Asked once, when the run begins. */
export function awaitOutages(stage: Stage): void {
  const { faults } = stage.scenario
  const every_ms = (faults.chargePointBetweenFailures_days ?? Number.POSITIVE_INFINITY) * DAY
  for (const bay of stage.bodies.keys()) {
    const lasts = (draws: Draws): number => draws.exponential(faults.chargePointRepair_h * 3_600_000)
    const between = (draws: Draws): number => draws.exponential(every_ms)
    if (Number.isFinite(every_ms))
      turnByTurn(stage, stage.streams.of('out of order', bay), { between, lasts }, breakDown(bay), repaired(bay))
  }
  if (faults.powerCut_perYear > 0) {
    const between = (draws: Draws): number => draws.exponential(YEAR / faults.powerCut_perYear)
    const lasts = (draws: Draws): number => draws.exponential(faults.powerCut_min * 60_000)
    turnByTurn(stage, stage.streams.of('power cut', 0), { between, lasts }, powerGoes, powerIsBack)
  }
  if (faults.backEndAway_perDay > 0) {
    const between = (draws: Draws): number => draws.exponential(DAY / faults.backEndAway_perDay)
    const lasts = (draws: Draws): number => draws.exponential(faults.backEndAway_min * 60_000)
    const turned =
      (isAway: boolean): Turn =>
      ({ site }) => {
        site.backEndAway = isAway
      }
    turnByTurn(stage, stage.streams.of('back end away', 0), { between, lasts }, turned(true), turned(false))
  }
  if (faults.cameraAway_perDay > 0)
    for (const [number, { cameraId }] of stage.cameras.entries()) {
      const between = (draws: Draws): number => draws.exponential(DAY / faults.cameraAway_perDay)
      const lasts = (draws: Draws): number => draws.exponential(faults.cameraAway_min * 60_000)
      turnByTurn(
        stage,
        stage.streams.of('camera away', number),
        { between, lasts },
        (now, at) => blind(now, cameraId, at),
        (now, at) => seesAgain(now, cameraId, at),
      )
    }
}

type Turn = (stage: Stage, at: number) => void
type Lengths = { readonly between: (draws: Draws) => number; readonly lasts: (draws: Draws) => number }

/** Works, fails, is repaired, works: each length drawn when its turn comes. Nothing fails any more after the last day. */
function turnByTurn(stage: Stage, draws: Draws, { between, lasts }: Lengths, fails: Turn, works: Turn): void {
  const next = (from: number): void => {
    const at = Math.round(from + between(draws))
    if (at >= stage.end) return
    stage.later(at, (now) => {
      fails(stage, now)
      stage.later(now + Math.max(1000, Math.round(lasts(draws))), (back) => {
        works(stage, back)
        next(back)
      })
    })
  }
  next(stage.start)
}

/** A charge point goes out of order: what it gave ends, and it says so. */
const breakDown =
  (bay: number): Turn =>
  (stage, at) => {
    const body = bodyOf(stage, bay)
    body.broken = true
    goDown(stage, bay, at)
    loseTransaction(stage, bay, at, 'Other')
    status(stage, bay, at, 'faulted')
  }

const repaired =
  (bay: number): Turn =>
  (stage, at) => {
    bodyOf(stage, bay).broken = false
    if (!stage.site.dark) idleStatus(stage, bay, at)
    goUp(stage, bay, at)
  }

/** The site has no power: charge points and cameras are dark. berth itself runs on. */
function powerGoes(stage: Stage, at: number): void {
  stage.site.dark = true
  for (const bay of stage.bodies.keys()) {
    goDown(stage, bay, at)
    unlinked(stage, bay, at)
  }
  for (const { cameraId } of stage.cameras) blind(stage, cameraId, at)
}

/** Charge points come back and say that what they gave is over; cameras look anew. */
function powerIsBack(stage: Stage, at: number): void {
  stage.site.dark = false
  for (const bay of stage.bodies.keys()) {
    linked(stage, bay, at)
    afterPowerCut(stage, bay, at)
    goUp(stage, bay, at)
  }
  for (const { cameraId } of stage.cameras) seesAgain(stage, cameraId, at)
}

/** What was given before: over, forgotten, or going on, by the charge point's kind. */
function afterPowerCut(stage: Stage, bay: number, at: number): void {
  const { transaction, broken } = bodyOf(stage, bay)
  const { afterLoss } = chargePointAt(stage, bay).habits
  if (transaction && !broken && afterLoss === 'boot-resume')
    return drawFrom(stage, bay, at, () => status(stage, bay, at, 'charging'))
  if (transaction && afterLoss === 'boot-forget') {
    forgetTransaction(stage, bay, at)
    return status(stage, bay, at, broken ? 'faulted' : 'available')
  }
  loseTransaction(stage, bay, at, 'PowerLoss')
  if (broken) status(stage, bay, at, 'faulted')
  else idleStatus(stage, bay, at)
}

/** A camera sends nothing any more, and whom it serves hears that. */
function blind(stage: Stage, cameraId: string, at: number): void {
  const reasons = stage.away.get(cameraId) ?? 0
  stage.away.set(cameraId, reasons + 1)
  if (reasons === 0) tellBays(stage, cameraId, at, 'camera.lost')
}

/** It sends again: what it sees now, and the plates of those who stand there. */
function seesAgain(stage: Stage, cameraId: string, at: number): void {
  const reasons = stage.away.get(cameraId) ?? 0
  if (reasons > 1) return void stage.away.set(cameraId, reasons - 1)
  stage.away.delete(cameraId)
  tellBays(stage, cameraId, at, 'camera.back')
  for (const bay of stage.cameras.find((one) => one.cameraId === cameraId)?.bays ?? []) {
    const { vehicle, blindUntil } = bodyOf(stage, bay)
    if (at < blindUntil) continue
    look(stage, bay, at, vehicle ? 'vehicle.seen' : 'zone.empty')
    if (!vehicle || vehicle.leaving) continue
    vehicle.looks += 1
    readVehicle(stage, vehicle, at, vehicle.looks)
  }
}

function tellBays(stage: Stage, cameraId: string, at: number, type: 'camera.lost' | 'camera.back'): void {
  for (const bay of stage.cameras.find((one) => one.cameraId === cameraId)?.bays ?? [])
    stage.bays.tell(bay, { type, ...stage.bays.origin(cameraId), cameraId }, at)
}
