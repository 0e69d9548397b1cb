import { forgetTransaction, status } from './bay-power.ts'
import { bodyOf, chargePointAt, chargePointOf, look, type Stage, takes_ms, works } from './design-stage.ts'

const DAY = 86_400_000

/** What goes wrong on one day of the run, bay by bay: cameras that see nobody, charge points that are away. */
export function faultsOfDay(stage: Stage, day: number): void {
  const { faults } = stage.scenario
  for (const bay of stage.bodies.keys()) {
    const number = day * stage.bodies.length + bay
    const draws = stage.streams.of('faults', number)
    const blind = faults.falseEmpty_perBayDay > 0 ? draws.poisson(faults.falseEmpty_perBayDay) : 0
    for (let one = 0; one < blind; one++) {
      const from = stage.start + stage.calendar.at(day, draws.uniform() * DAY)
      const lasts = takes_ms(draws, faults.falseEmpty_s)
      stage.later(Math.round(from), (at) => goBlind(stage, bay, at, at + lasts))
    }
    const away = faults.chargePointOffline_perBayDay > 0 ? draws.poisson(faults.chargePointOffline_perBayDay) : 0
    for (let one = 0; one < away; one++) {
      const from = stage.start + stage.calendar.at(day, draws.uniform() * DAY)
      const lasts = Math.round(draws.exponential(faults.chargePointOffline_min * 60_000))
      stage.later(Math.round(from), (at) => goOffline(stage, bay, at, at + lasts))
    }
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
