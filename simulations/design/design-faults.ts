import { forgetTransaction, status } from './bay-power.ts'
import type { Draws } from './chance-streams.ts'
import { bodyOf, chargePointAt, chargePointOf, look, type Stage, takes_ms, works } from './design-stage.ts'

const DAY = 86_400_000
/** More days than a run may have: streams are numbered by bay and then day, so a bay meets the same faults beside any number of others. */
const MOST_DAYS = 10_000

/** What goes wrong on one day of the run, bay by bay: cameras that see nobody, charge points that are away. */
export function faultsOfDay(stage: Stage, day: number): void {
  const { falseEmpty_perBayDay, falseEmpty_s, chargePointOffline_perBayDay, chargePointOffline_min } =
    stage.scenario.faults
  for (const bay of stage.bodies.keys()) {
    const number = bay * MOST_DAYS + day
    // One stream for each kind: designs that differ in one kind still meet the same of the other.
    sometimes(stage, day, stage.streams.of('false empty', number), falseEmpty_perBayDay, (draws) => {
      const lasts = takes_ms(draws, falseEmpty_s)
      return (at) => goBlind(stage, bay, at, at + lasts)
    })
    sometimes(stage, day, stage.streams.of('link lost', number), chargePointOffline_perBayDay, (draws) => {
      const lasts = Math.round(draws.exponential(chargePointOffline_min * 60_000))
      return (at) => goOffline(stage, bay, at, at + lasts)
    })
  }
}

/** So many times a day on average, at any time of it, what `drawn` draws happens. */
function sometimes(
  stage: Stage,
  day: number,
  draws: Draws,
  perDay: number,
  drawn: (draws: Draws) => (at: number) => void,
): void {
  if (perDay === 0) return
  for (let left = draws.poisson(perDay); left > 0; left--) {
    const from = stage.start + stage.calendar.at(day, draws.uniform() * DAY)
    stage.later(Math.round(from), drawn(draws))
  }
}

/** The cameras of a bay take it for empty although somebody stands there. */
function goBlind(stage: Stage, bay: number, at: number, until: number): void {
  const body = bodyOf(stage, bay)
  if (body.vehicle === null || at < body.blindUntil) return
  body.blindUntil = until
  look(stage, bay, at, 'zone.empty')
  const grace = at + stage.scenario.policy.exitGrace_s * 1000
  for (const moment of [grace, until - 1])
    if (moment >= grace && moment < until) stage.later(moment, () => askPlainRules(stage, bay))
  stage.later(until, (now) => (body.vehicle ? look(stage, bay, now, 'vehicle.seen') : undefined))
}

/** What rules simpler than berth's would do with the vehicle that stands there unseen. Only noted: nothing follows from it. */
function askPlainRules(stage: Stage, bay: number): void {
  const { vehicle, transaction } = bodyOf(stage, bay)
  if (!vehicle || vehicle.leaving) return
  const { letGoBy } = vehicle.row
  letGoBy.add('picture')
  if (transaction?.draws !== true) letGoBy.add('current')
  if (transaction === null) letGoBy.add('transaction')
}

/** A charge point loses its link; what happens at it meanwhile is told when it is back. */
function goOffline(stage: Stage, bay: number, at: number, until: number): void {
  const body = bodyOf(stage, bay)
  if (!body.online) return
  unlinked(stage, bay, at)
  stage.later(until, (now) => {
    linked(stage, bay, now)
    // Some boot when their link is back, and remember nothing of a transaction.
    if (!body.transaction || !works(stage, bay) || chargePointAt(stage, bay).habits.afterLoss !== 'boot-forget') return
    forgetTransaction(stage, bay, now)
    status(stage, bay, now, 'available')
  })
}

/** One reason more why a charge point is not heard. */
export function unlinked(stage: Stage, bay: number, at: number): void {
  const body = bodyOf(stage, bay)
  body.away += 1
  if (!body.online) return
  body.online = false
  const chargePointId = chargePointOf(bay)
  stage.bays.tell(bay, { type: 'charger.offline', ...stage.bays.origin(chargePointId), chargePointId }, at)
}

/** One reason fewer: after the last one it says what it could not say before. */
export function linked(stage: Stage, bay: number, at: number): void {
  const body = bodyOf(stage, bay)
  body.away -= 1
  if (body.away > 0) return
  body.online = true
  const chargePointId = chargePointOf(bay)
  stage.bays.tell(bay, { type: 'charger.online', ...stage.bays.origin(chargePointId), chargePointId }, at)
  for (const said of body.outbox.splice(0)) said(at)
}
