import type { ConnectorStatus } from '../../machines/events.ts'
import { bodyOf, chargePointAt, connectorOf, type Stage, say, works } from './design-stage.ts'
import type { BayBody, ParkedVehicle } from './parked-vehicle.ts'
import type { GridLoad } from './shared-grid.ts'

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

/** Its status while nothing charges: a cable is in, or none. */
export function idleStatus(stage: Stage, bay: number, at: number): void {
  const { cable } = bodyOf(stage, bay)
  if (cable === 'out') status(stage, bay, at, 'available')
  else if (chargePointAt(stage, bay).habits.preparing !== 'never') status(stage, bay, at, 'preparing')
}

/** Current may flow into the vehicle whose transaction is open; `first` is said before any sample. */
export function drawFrom(stage: Stage, bay: number, at: number, first?: () => void): void {
  const { plugged } = bodyOf(stage, bay)
  if (plugged) stage.grid.plug(at - stage.start, loadOf(stage, bay, plugged))
  first?.()
  spread(stage, at)
}

function loadOf(stage: Stage, bay: number, { wanted, row }: ParkedVehicle): GridLoad {
  const { power_W, phases } = chargePointAt(stage, bay)
  const max_W = Math.min(wanted.vehicleMax_W, power_W)
  // Whose charge was cut off wants the rest.
  const energyWh = Math.max(0, wanted.energyWh - row.energy_Wh)
  const { voltage_V } = stage.scenario.chargers
  return { id: wanted.index, phases, max_A: max_W / voltage_V / phases.length, energyWh }
}

/** A transaction is told to be over. */
export function end(stage: Stage, bay: number, transactionId: string, at: number, reason: string): void {
  const { stopReason } = chargePointAt(stage, bay).habits
  say(stage, bay, at, (origin) => ({
    type: 'transaction.ended',
    ...origin,
    happenedAt: at,
    connector: connectorOf(bay),
    transactionId,
    register_Wh: Math.round(bodyOf(stage, bay).register_Wh),
    reason: stopReason ? reason : null,
  }))
}

/** Somebody came or went: who now begins or ceases to draw says so, and the next one who will be full is awaited. */
function spread(stage: Stage, at: number): void {
  for (const [bay, { transaction, plugged }] of stage.bodies.entries()) {
    if (!transaction || !plugged || plugged.full) continue
    const current_A = stage.grid.current_A(plugged.wanted.index)
    if (current_A > 0 === transaction.draws) continue
    transaction.draws = current_A > 0
    if (transaction.draws) {
      plugged.row.powerMs ??= at - stage.start
      stage.powered(plugged)
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
  const { transaction, plugged } = body
  if (!transaction || !plugged) return
  const { phases, habits } = chargePointAt(stage, bay)
  const register_Wh = Math.round(body.register_Wh + stage.grid.energyWh(plugged.wanted.index))
  const current_A = habits.current === 'none' ? null : Math.round(drawn_A * 100) / 100
  say(stage, bay, at, (origin) => ({
    type: 'meter.values',
    ...origin,
    happenedAt: at,
    connector: connectorOf(bay),
    transactionId: transaction.id,
    when: 'live',
    current_A,
    power_W: habits.power ? Math.round(drawn_A * stage.scenario.chargers.voltage_V * phases.length) : null,
    register_Wh,
    verdict: 'valid',
    max_A: current_A,
    thinned: 0,
  }))
}

/** A vehicle has what it wanted: its current falls, its charge point says so, and it stands on. */
function full(stage: Stage, index: number, at: number): void {
  const bay = stage.bodies.findIndex((one) => one.plugged?.wanted.index === index)
  const body = stage.bodies[bay]
  const parked = body?.plugged
  if (!body?.transaction || !parked || parked.full) return
  parked.full = true
  parked.row.fullMs = at - stage.start
  body.transaction.draws = false
  meter(stage, bay, at, 0)
  credit(stage, body, parked, at)
  const { id } = body.transaction
  stage.later(at + SAMPLE_MS, (now) => {
    still(stage, bay, id, now)
    const isSaid = chargePointAt(stage, bay).habits.suspends
    if (isSaid && body.transaction?.id === id) status(stage, bay, now, 'suspended-ev')
  })
  stage.filled(parked, at)
  spread(stage, at)
}

/** What a vehicle got goes to its bill, and to the register. */
function credit(stage: Stage, body: BayBody, parked: ParkedVehicle, at: number): void {
  stage.grid.advance(at - stage.start)
  parked.row.withheld_Wh += stage.grid.withheldWh(parked.wanted.index)
  const got_Wh = stage.grid.unplug(at - stage.start, parked.wanted.index)
  parked.row.energy_Wh += got_Wh
  body.register_Wh += got_Wh
}

/** The cable comes out: the charge ends. */
export function unplug(stage: Stage, bay: number, at: number, reason = 'EVDisconnected'): void {
  const body = bodyOf(stage, bay)
  loseTransaction(stage, bay, at, reason)
  body.pending = null
  body.plugged = null
  if (body.cable === 'out') return
  body.cable = 'out'
  const free = (now: number): void =>
    body.cable === 'out' && works(stage, bay) ? status(stage, bay, now, 'available') : undefined
  stage.later(at + 1000, free)
}

/** A charge ends at the charge point, and the cable stays in. */
export function stopCharge(stage: Stage, bay: number, at: number, reason: string): void {
  const { transaction } = bodyOf(stage, bay)
  if (!transaction) return
  const { statusAtStop } = chargePointAt(stage, bay).habits
  if (statusAtStop === 'suspended-first' && reason === 'Remote') status(stage, bay, at, 'suspended-evse')
  loseTransaction(stage, bay, at, reason)
  status(stage, bay, at, statusAtStop === 'available' ? 'available' : 'finishing')
}

/** A charge ends, and its status is another's to say. */
export function loseTransaction(stage: Stage, bay: number, at: number, reason: string): void {
  const { transaction } = bodyOf(stage, bay)
  if (!transaction || !settle(stage, bay, at)) return
  end(stage, bay, transaction.id, at, reason)
  spread(stage, at)
}

/** A charge point forgets what it gave: nobody is told. */
export function forgetTransaction(stage: Stage, bay: number, at: number): void {
  if (settle(stage, bay, at)) spread(stage, at)
}

function settle(stage: Stage, bay: number, at: number): boolean {
  const body = bodyOf(stage, bay)
  const { transaction, plugged } = body
  if (!transaction || !plugged) return false
  if (!plugged.full) credit(stage, body, plugged, at)
  stage.ledger.charging(transaction.since - stage.start, (plugged.row.fullMs ?? at - stage.start) as number)
  body.transaction = null
  return true
}

/** No current for now; the transaction stays open. */
export function pauseDraw(stage: Stage, bay: number, at: number): void {
  const body = bodyOf(stage, bay)
  const { transaction, plugged } = body
  if (!transaction || !plugged || plugged.full) return
  credit(stage, body, plugged, at)
  spread(stage, at)
}

/** A bay gives nothing from now on; who wanted something of it is hit. */
export function goDown(stage: Stage, bay: number, at: number): void {
  const body = bodyOf(stage, bay)
  if (body.downSince !== null) return
  body.downSince = at
  body.pending = null
  const vehicle = body.plugged ?? body.vehicle
  if (!vehicle || vehicle.ice || vehicle.full || vehicle.leaving) return
  vehicle.row.hit = true
  if (body.transaction) body.transaction.draws = false
  pauseDraw(stage, bay, at)
}

/** It gives again, if nothing else keeps it from that. */
export function goUp(stage: Stage, bay: number, at: number): void {
  const body = bodyOf(stage, bay)
  if (body.downSince === null || !works(stage, bay)) return
  stage.ledger.lost(body.downSince - stage.start, at - stage.start)
  body.downSince = null
  if (body.vehicle === null && !body.reserved) stage.freed(bay, at)
}
