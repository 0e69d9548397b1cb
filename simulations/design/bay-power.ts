import { startLives } from '../../actors/routing.ts'
import type { ConnectorStatus, TokenRef } from '../../machines/events.ts'
import type { Effect } from '../../machines/record.ts'
import { bodyOf, connectorOf, type Stage, say, works } from './design-stage.ts'
import type { BayBody, ParkedVehicle } from './parked-vehicle.ts'
import { phasesOf } from './phase-wiring.ts'
import type { GridLoad } from './shared-grid.ts'

/** A charge point takes an order within this time, ms. */
const ORDER_MS = 300
/** Between two samples that say that a vehicle takes nothing any more, ms. */
const SAMPLE_MS = 10_000

/** The status of a bay's connector. */
export function status(stage: Stage, bay: number, at: number, word: ConnectorStatus): void {
  say(stage, bay, at, (origin) => ({
    type: 'connector.status',
    ...origin,
    connector: connectorOf(bay),
    status: word,
    errorCode: null,
  }))
}

/** Berth orders a start: the charge point takes it and waits for the plug, or begins; one that is away never hears of it. */
export function ordered(stage: Stage, bay: number, effect: Effect, at: number): void {
  if (effect['leaves'] !== true) return
  const body = bodyOf(stage, bay)
  const startId = String(effect['startId'])
  const answer = (type: 'start.accepted' | 'start.rejected' | 'start.expired') => (now: number) =>
    stage.bays.tell(bay, { type, ...stage.bays.origin('CP'), startId }, now)
  if (!body.online) {
    const deadline = Date.parse(String(effect['deadline']))
    body.outbox.push((now) => (now < deadline ? ordered(stage, bay, effect, now) : undefined))
    stage.later(deadline, (now) => (body.online ? undefined : answer('start.expired')(now)))
    return
  }
  if (body.transaction || body.broken) return stage.later(at + ORDER_MS, answer('start.rejected'))
  stage.later(at + ORDER_MS, answer('start.accepted'))
  const until = at + stage.scenario.chargers.connectionTimeout_s * 1000
  body.pending = { startId, visitId: String(effect['visitId']), until }
  if (body.cable === 'in') beginByStart(stage, bay, at)
}

/** A plug is in and a start waits for it, by its time. */
export function beginByStart(stage: Stage, bay: number, at: number): void {
  const body = bodyOf(stage, bay)
  const { pending } = body
  if (!pending || at > pending.until) return
  begin(stage, bay, at, () => {
    const live = startLives(stage.bays.bay(bay), pending.startId)
    body.pending = null
    return { kind: 'start', startId: pending.startId, visitId: pending.visitId, live }
  })
}

/** The charge point begins: in a few seconds a transaction, then current. */
export function begin(stage: Stage, bay: number, at: number, tokenNow: () => TokenRef): void {
  const body = bodyOf(stage, bay)
  const parked = body.vehicle
  if (!parked || body.transaction || !works(stage, bay)) return
  const { answer_s } = stage.scenario.chargers
  const ready = stage.streams.of('answer', parked.wanted.index).lognormal(answer_s * 1000, 0.4)
  stage.later(at + Math.round(ready), (now) => {
    if (body.vehicle !== parked || body.cable !== 'in' || body.transaction || parked.leaving) return
    if (!works(stage, bay)) return
    const token = tokenNow()
    const accepted = token.kind === 'start' ? token.live : token.standing === 'accepted'
    const id = `tx-${bay + 1}-${now - stage.start}`
    say(stage, bay, now, (origin) => ({
      type: 'transaction.started',
      ...origin,
      happenedAt: now,
      connector: connectorOf(bay),
      transactionId: id,
      token,
      register_Wh: Math.round(body.register_Wh),
      accepted,
    }))
    if (!accepted) return end(stage, bay, id, now + 1000, 'DeAuthorized')
    body.transaction = { id, since: now, draws: false }
    stage.began(id, parked)
    stage.grid.plug(now - stage.start, loadOf(stage, parked))
    status(stage, bay, now, 'charging')
    spread(stage, now)
  })
}

function loadOf({ scenario: { chargers } }: Stage, { wanted, bay, row }: ParkedVehicle): GridLoad {
  // Whose charge was cut off wants the rest.
  const energyWh = Math.max(0, wanted.energyWh - row.energy_Wh)
  const max_W = Math.min(wanted.vehicleMax_W, chargers.power_kW * 1000)
  const phases = phasesOf(chargers, bay)
  return { id: wanted.index, phases, max_A: max_W / chargers.voltage_V / phases.length, energyWh }
}

function end(stage: Stage, bay: number, transactionId: string, at: number, reason: string): void {
  say(stage, bay, at, (origin) => ({
    type: 'transaction.ended',
    ...origin,
    happenedAt: at,
    connector: connectorOf(bay),
    transactionId,
    register_Wh: Math.round(bodyOf(stage, bay).register_Wh),
    reason,
  }))
}

/** Somebody came or went: who now begins or ceases to draw says so, and the next one who will be full is awaited. */
function spread(stage: Stage, at: number): void {
  for (const [bay, { transaction, vehicle }] of stage.bodies.entries()) {
    if (!transaction || !vehicle || vehicle.full) continue
    const current_A = stage.grid.current_A(vehicle.wanted.index)
    if (current_A > 0 === transaction.draws) continue
    transaction.draws = current_A > 0
    if (transaction.draws) {
      vehicle.row.powerMs ??= at - stage.start
      stage.powered(vehicle)
    }
    meter(stage, bay, at, current_A)
    if (!transaction.draws) stage.later(at + SAMPLE_MS, (now) => still(stage, bay, transaction.id, now))
  }
  stage.ledger.load(at - stage.start, stage.grid.now_A)
  const next = stage.grid.next()
  const turn = stage.turn()
  if (!next) return
  const fullAt = Math.max(at, next.atMs + stage.start)
  stage.later(fullAt, (now) => (stage.isTurn(turn) ? full(stage, next.id, now) : undefined))
}

function still(stage: Stage, bay: number, transactionId: string, at: number): void {
  const { transaction } = bodyOf(stage, bay)
  if (transaction?.id === transactionId && !transaction.draws) meter(stage, bay, at, 0)
}

function meter(stage: Stage, bay: number, at: number, drawn_A: number): void {
  stage.grid.advance(at - stage.start)
  const body = bodyOf(stage, bay)
  const { transaction, vehicle } = body
  if (!transaction || !vehicle) return
  const { voltage_V, phases } = stage.scenario.chargers
  const register_Wh = Math.round(body.register_Wh + stage.grid.energyWh(vehicle.wanted.index))
  const current_A = Math.round(drawn_A * 100) / 100
  say(stage, bay, at, (origin) => ({
    type: 'meter.values',
    ...origin,
    happenedAt: at,
    connector: connectorOf(bay),
    transactionId: transaction.id,
    when: 'live',
    current_A,
    power_W: Math.round(drawn_A * voltage_V * phases),
    register_Wh,
    verdict: 'valid',
    max_A: current_A,
    thinned: 0,
  }))
}

/** A vehicle has what it wanted: its current falls, its charge point says so, and it stands on. */
function full(stage: Stage, index: number, at: number): void {
  const bay = stage.bodies.findIndex((one) => one.vehicle?.wanted.index === index)
  const body = stage.bodies[bay]
  const parked = body?.vehicle
  if (!body?.transaction || !parked || parked.full) return
  parked.full = true
  parked.row.fullMs = at - stage.start
  body.transaction.draws = false
  meter(stage, bay, at, 0)
  credit(stage, body, parked, at)
  const { id } = body.transaction
  stage.later(at + SAMPLE_MS, (now) => {
    still(stage, bay, id, now)
    if (body.transaction?.id === id) status(stage, bay, now, 'suspended-ev')
  })
  stage.filled(parked, at)
  spread(stage, at)
}

/** What a vehicle got goes to its bill, and to the register. */
function credit(stage: Stage, body: BayBody, parked: ParkedVehicle, at: number): void {
  const got_Wh = stage.grid.unplug(at - stage.start, parked.wanted.index)
  parked.row.energy_Wh += got_Wh
  body.register_Wh += got_Wh
}

/** The cable comes out: the charge ends. */
export function unplug(stage: Stage, bay: number, at: number, reason = 'EVDisconnected'): void {
  const body = bodyOf(stage, bay)
  loseTransaction(stage, bay, at, reason)
  body.pending = null
  if (body.cable === 'out') return
  body.cable = 'out'
  stage.later(at + 1000, (now) => (body.cable === 'out' ? status(stage, bay, now, 'available') : undefined))
}

/** A charge ends, and the cable stays where it is. */
export function loseTransaction(stage: Stage, bay: number, at: number, reason: string): void {
  const body = bodyOf(stage, bay)
  const { transaction, vehicle: parked } = body
  if (!transaction || !parked) return
  if (!parked.full) credit(stage, body, parked, at)
  stage.ledger.charging(transaction.since - stage.start, (parked.row.fullMs ?? at - stage.start) as number)
  body.transaction = null
  end(stage, bay, transaction.id, at, reason)
  spread(stage, at)
}

/** A bay gives nothing from now on; who wanted something of it is hit. */
export function goDown(stage: Stage, bay: number, at: number): void {
  const body = bodyOf(stage, bay)
  if (body.downSince !== null) return
  body.downSince = at
  body.pending = null
  const { vehicle } = body
  if (!vehicle || vehicle.ice || vehicle.full || vehicle.leaving) return
  vehicle.row.hit = true
  if (!body.transaction) return
  credit(stage, body, vehicle, at)
  body.transaction.draws = false
  spread(stage, at)
}

/** It gives again, if nothing else keeps it from that. */
export function goUp(stage: Stage, bay: number, at: number): void {
  const body = bodyOf(stage, bay)
  if (body.downSince === null || !works(stage, bay)) return
  stage.ledger.lost(body.downSince - stage.start, at - stage.start)
  body.downSince = null
  if (body.vehicle === null && !body.reserved) stage.freed(bay, at)
}
