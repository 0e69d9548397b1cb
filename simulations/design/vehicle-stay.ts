import { cableIn, isHeld } from '../../machines/lock.ts'
import { isDark, isSnowing, readVehicle } from './arrival-reads.ts'
import { partFromCable, passBy, plugBayOf, wayVehicle } from './arrival-ways.ts'
import { status } from './bay-power.ts'
import { beginByStart } from './charge-start.ts'
import type { WantedVisit } from './demand.ts'
import type { Stance } from './design-cameras.ts'
import { bodyOf, chargePointAt, look, type Stage, takes_ms, works } from './design-stage.ts'
import { byWallet, pay, sendToPay } from './driver-payment.ts'
import { PARKS_MS, type ParkedVehicle, type Wallet } from './parked-vehicle.ts'
import { CAR_TALL_M, VAN_TALL_M } from './row-layout.ts'
import { newRow, type VisitRow } from './visit-ledger.ts'
import { SWAPPED_FROM, type VisitorWay, waysOf } from './visitor-ways.ts'

/** After the zone is empty two pictures say so. */
const EMPTY_MS = 2000
/** Before that the second vehicle of a swap stands there. */
const FOLLOW_MS = 1500

/** A vehicle drives into a bay: it is seen and read, its driver plugs in, and it leaves when its stay is over. */
export function enter(stage: Stage, wanted: WantedVisit, row: VisitRow, bay: number, at: number): void {
  const parked = arriving(stage, wanted, row, bay, at)
  const stands = (now: number): void => stand(stage, parked, now)
  if (!parked.ways.has('drivesPast')) return stands(at)
  const own = passBy(stage, parked, at)
  if (own === at) return stands(at)
  Object.assign(bodyOf(stage, bay), { reserved: true, coming: parked })
  parked.enteredAt = own
  parked.leavesAt = own + wanted.stayMs
  stage.later(own, stands)
}

/** Who it is, how it will stand, and what its driver can pay with. */
function arriving(stage: Stage, wanted: WantedVisit, row: VisitRow, bay: number, at: number): ParkedVehicle {
  const { scenario, streams } = stage
  const draws = streams.of('driver', wanted.index)
  const ice = draws.chance(scenario.demand.iceShare)
  const isKnown = draws.chance(scenario.drivers.registered)
  const place = draws.uniform()
  const own = walletOf(stage, draws.uniform(), draws.uniform())
  const ways = waysOf(stage, wanted.index)
  const wallet = ways.has('cardOnly') || ways.has('strayCard') ? 'card' : own
  const special = ways.size === 0 ? null : wayVehicle(stage, ways, streams.of('way plate', wanted.index))
  const usual = (): ParkedVehicle['vehicle'] =>
    isKnown
      ? notHere(stage, Math.floor(place * scenario.drivers.register))
      : stage.plates.stranger(streams.of('stranger', wanted.index))
  return {
    wanted,
    vehicle: special ?? usual(),
    row,
    bay,
    stance: stanceOf(stage, wanted, ways),
    tall_m: streams.of('tall', wanted.index).chance(scenario.layout.vanShare) ? VAN_TALL_M : CAR_TALL_M,
    enteredAt: at,
    leavesAt: at + wanted.stayMs,
    wallet,
    ice,
    plugs_ms: takes_ms(draws, scenario.drivers.plugDelay_s),
    ways,
    plugBay: bay,
    pluggedAt: null,
    sessions: 0,
    looks: 0,
    inquiries: 0,
    reviews: 0,
    asked: false,
    paid: false,
    token: null,
    full: false,
    leaving: false,
    gone: false,
  }
}

function stanceOf({ scenario, streams }: Stage, wanted: WantedVisit, ways: ReadonlySet<VisitorWay>): Stance {
  const draws = streams.of('stance', wanted.index)
  const aside_m = draws.normal() * scenario.layout.lateral_m
  const stance = {
    behind_m: 0.2 + 0.6 * draws.uniform(),
    height_m: 0.35 + 0.65 * draws.uniform(),
    backedIn: draws.chance(scenario.layout.backedInShare) || ways.has('backsIn'),
  }
  const half_m = scenario.site.bayWidth_m / 2
  return { ...stance, aside_m: ways.has('parksCrooked') ? (aside_m < 0 ? -half_m : half_m) : aside_m }
}

/** It stands in its bay. */
function stand(stage: Stage, parked: ParkedVehicle, at: number): void {
  const { scenario } = stage
  const { bay, row, ice, ways } = parked
  const body = bodyOf(stage, bay)
  row.enteredMs = at - stage.start
  row.bay = bay
  row.outcome = ice ? 'parked' : 'not-charged'
  row.dark = isDark(stage, at)
  row.snows = isSnowing(stage, at)
  row.hit ||= !ice && isUnwatched(stage, bay)
  body.vehicle = parked
  body.reserved = false
  body.coming = null
  stage.later(at, (now) => (now < body.blindUntil ? undefined : look(stage, bay, now, 'vehicle.seen')))
  readVehicle(stage, parked, at, 0)
  awaitSign(stage, parked, at + signEvery_ms(stage))
  leaveAt(stage, parked, parked.leavesAt)
  if (ice) return
  const early = ways.has('plugsFirst')
  const plugs = early ? at + PARKS_MS / 2 : at + PARKS_MS + parked.plugs_ms
  const isTime = early || plugs < parked.leavesAt - scenario.drivers.leave_s * 1000
  if (isTime) stage.later(plugs, (now) => plug(stage, parked, now))
  stage.later(at + scenario.drivers.giveUp_s * 1000, (now) => giveUp(stage, parked, now))
}

/** Whether a visit only parks: the first thing that is drawn of its driver. */
export const parksOnly = ({ streams, scenario }: Stage, index: number): boolean =>
  streams.of('driver', index).chance(scenario.demand.iceShare)

/** Every camera of a bay is away now. */
const isUnwatched = ({ cameras, away }: Stage, bay: number): boolean =>
  away.size > 0 && cameras.filter(({ bays }) => bays.includes(bay)).every(({ cameraId }) => away.has(cameraId))

/** A registered vehicle that is not at the site already. */
function notHere(stage: Stage, number: number): ParkedVehicle['vehicle'] {
  for (let next = number; ; next++) {
    const vehicle = stage.plates.registered(next)
    if (next - number > stage.bodies.length || !stage.bodies.some((body) => body.vehicle?.vehicle === vehicle))
      return vehicle
  }
}

function walletOf({ scenario: { drivers } }: Stage, card: number, code: number): Wallet {
  if (card < drivers.cardShare) return 'card'
  return code < drivers.qrShare ? 'code' : null
}

/** A cable goes into the vehicle: its bay's, or the one that its driver takes. One that is in somebody's vehicle is waited for. */
export function plug(stage: Stage, parked: ParkedVehicle, at: number): void {
  if (bodyOf(stage, parked.bay).vehicle !== parked || parked.leaving || parked.gone) return
  parked.plugBay = plugBayOf(stage, parked, at)
  const bay = parked.plugBay
  const body = bodyOf(stage, bay)
  if (!works(stage, bay)) {
    parked.row.hit = true
    return
  }
  if (body.plugged) return stage.later(at + 60_000, (now) => plug(stage, parked, now))
  // What somebody left in is taken out first.
  if (body.cable === 'in') status(stage, bay, at, 'available')
  parked.pluggedAt = at
  body.cable = 'in'
  body.plugged = parked
  if (chargePointAt(stage, bay).habits.preparing !== 'never') status(stage, bay, at, 'preparing')
  if (parked.paid) byWallet(stage, parked, at)
  else if (parked.ways.has('cardOnly')) pay(stage, parked, at)
  else beginByStart(stage, bay, at)
}

/** Who is not charging by then, and cannot pay otherwise, drives on; who can is patient as long again. */
function giveUp(stage: Stage, parked: ParkedVehicle, at: number): void {
  if (parked.gone || parked.leaving || parked.row.powerMs !== null) return
  if (bodyOf(stage, parked.plugBay).transaction) return
  const patience = stage.scenario.drivers.giveUp_s * 1000
  if (parked.wallet !== null && at < parked.enteredAt + 2 * patience) {
    sendToPay(stage, parked, at)
    stage.later(at + patience, (now) => giveUp(stage, parked, now))
    return
  }
  leaveAt(stage, parked, at + 1000)
}

/** The driver comes back so long before that the bay is free at `at`. A time that was set before and is later does not count any more. */
export function leaveAt(stage: Stage, parked: ParkedVehicle, at: number): void {
  parked.leavesAt = Math.min(parked.leavesAt, at)
  const own = parked.leavesAt
  const takes = takes_ms(stage.streams.of('leave', parked.wanted.index), stage.scenario.drivers.leave_s)
  const back = Math.max(parked.enteredAt + PARKS_MS, own - takes)
  stage.later(back, (now) => {
    if (parked.leaving || parked.leavesAt !== own) return
    parked.leaving = true
    partFromCable(stage, parked, now)
    stage.later(Math.max(now, own), (off) => driveOff(stage, parked, off))
  })
}

function driveOff(stage: Stage, parked: ParkedVehicle, at: number): void {
  const body = bodyOf(stage, parked.bay)
  const { row, ice } = parked
  parked.gone = true
  body.vehicle = null
  body.last = { vehicle: parked, at }
  row.leftMs = at - stage.start
  stage.ledger.stayed(row, ice)
  if (parked.ways.has('swapsCars')) return follow(stage, parked, at)
  stage.later(at + EMPTY_MS, (now) => (body.vehicle === null ? look(stage, parked.bay, now, 'zone.empty') : undefined))
  stage.freed(parked.bay, at)
}

/** Another vehicle drives in before any camera saw the bay empty, and stays as long. */
function follow(stage: Stage, { bay, wanted }: ParkedVehicle, at: number): void {
  const next = { ...wanted, index: wanted.index + SWAPPED_FROM, arriveMs: at + FOLLOW_MS - stage.start }
  bodyOf(stage, bay).reserved = true
  stage.later(at + FOLLOW_MS, (now) => enter(stage, next, stage.ledger.add(newRow(next)), bay, now))
}

const signEvery_ms = ({ scenario }: Stage): number => 900 * scenario.policy.absence_s

/** A transaction, current or a cable keeps the visit of a bay, whatever its cameras see. */
function isKept(stage: Stage, number: number): boolean {
  const bay = stage.bays.bay(number)
  return bay.visit !== null && (isHeld(bay) || cableIn(bay))
}

/** While nothing of the charge point's holds the bay, cameras confirm the vehicle often enough that it is not taken for gone. */
function awaitSign(stage: Stage, parked: ParkedVehicle, at: number): void {
  stage.later(at, (now) => {
    if (parked.gone) return
    const body = bodyOf(stage, parked.bay)
    if (isKept(stage, parked.bay)) {
      body.unasked = parked
      return
    }
    if (now >= body.blindUntil) look(stage, parked.bay, now, 'vehicle.seen')
    awaitSign(stage, parked, now + signEvery_ms(stage))
  })
}

/** Something became of a bay at `at`: where its charge holds it no more, the cameras are asked again at their next turn since the vehicle came. */
export function askAgain(stage: Stage, bay: number, at: number): void {
  const body = bodyOf(stage, bay)
  const parked = body.unasked
  if (parked === null || isKept(stage, bay)) return
  body.unasked = null
  if (parked.gone) return
  const turns = Math.floor((at - parked.enteredAt) / signEvery_ms(stage)) + 1
  awaitSign(stage, parked, parked.enteredAt + turns * signEvery_ms(stage))
}
