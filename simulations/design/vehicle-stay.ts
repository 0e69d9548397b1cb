import type { TokenRef } from '../../machines/events.ts'
import { cableIn, isHeld } from '../../machines/lock.ts'
import { readVehicle } from './arrival-reads.ts'
import { begin, beginByStart, status, unplug } from './bay-power.ts'
import type { WantedVisit } from './demand.ts'
import { bodyOf, chargePointOf, look, type Stage, say, takes_ms, works } from './design-stage.ts'
import type { ParkedVehicle, Wallet } from './parked-vehicle.ts'
import type { VisitRow } from './visit-ledger.ts'

/** From the first frame of an arriving vehicle until it stands, ms. */
const PARKS_MS = 2000
/** After the zone is empty two pictures say so. */
const EMPTY_MS = 2000

/** A vehicle drives into a bay: it is seen and read, its driver plugs in, and it leaves when its stay is over. */
export function enter(stage: Stage, wanted: WantedVisit, row: VisitRow, bay: number, at: number): void {
  const { scenario, streams } = stage
  const body = bodyOf(stage, bay)
  const draws = streams.of('driver', wanted.index)
  const ice = draws.chance(scenario.demand.iceShare)
  const isKnown = draws.chance(scenario.drivers.registered)
  const place = draws.uniform()
  const wallet = walletOf(stage, draws.uniform(), draws.uniform())
  const vehicle = isKnown
    ? notHere(stage, Math.floor(place * scenario.drivers.register))
    : stage.plates.stranger(streams.of('stranger', wanted.index))
  const aside = streams.of('stance', wanted.index)
  const stance = {
    aside_m: aside.normal() * scenario.layout.lateral_m,
    behind_m: 0.2 + 0.6 * aside.uniform(),
    height_m: 0.35 + 0.65 * aside.uniform(),
    backedIn: aside.chance(scenario.layout.backedInShare),
  }
  const leavesAt = at + wanted.stayMs
  const parked: ParkedVehicle = {
    wanted,
    vehicle,
    row,
    bay,
    stance,
    enteredAt: at,
    leavesAt,
    wallet,
    ice,
    pluggedAt: null,
    asked: false,
    paid: false,
    full: false,
    leaving: false,
    gone: false,
  }
  row.enteredMs = at - stage.start
  row.bay = bay
  row.outcome = ice ? 'parked' : 'not-charged'
  row.hit ||= !ice && isUnwatched(stage, bay)
  body.vehicle = parked
  body.reserved = false
  stage.later(at, (now) => (now < body.blindUntil ? undefined : look(stage, bay, now, 'vehicle.seen')))
  readVehicle(stage, parked, at, 0)
  awaitSign(stage, parked, at)
  leaveAt(stage, parked, leavesAt)
  if (ice) return
  const plugs = at + PARKS_MS + takes_ms(draws, scenario.drivers.plugDelay_s)
  if (plugs < leavesAt - scenario.drivers.leave_s * 1000) stage.later(plugs, (now) => plug(stage, parked, now))
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

function plug(stage: Stage, parked: ParkedVehicle, at: number): void {
  const body = bodyOf(stage, parked.bay)
  if (body.vehicle !== parked || parked.leaving) return
  if (!works(stage, parked.bay)) {
    parked.row.hit = true
    return
  }
  parked.pluggedAt = at
  body.cable = 'in'
  status(stage, parked.bay, at, 'preparing')
  if (parked.paid) byWallet(stage, parked, at)
  else beginByStart(stage, parked.bay, at)
}

/** The driver was told to pay otherwise: who can takes the time for it that people take. */
export function sendToPay(stage: Stage, parked: ParkedVehicle, at: number): void {
  parked.row.fellBack = true
  if (parked.asked || parked.wallet === null || parked.ice) return
  parked.asked = true
  const { card_s, qr_s } = stage.scenario.drivers
  const takes = takes_ms(stage.streams.of('pay', parked.wanted.index), parked.wallet === 'card' ? card_s : qr_s)
  const from = Math.max(at, parked.enteredAt + PARKS_MS)
  stage.later(from + takes, (now) => pay(stage, parked, now))
}

function pay(stage: Stage, parked: ParkedVehicle, at: number): void {
  const body = bodyOf(stage, parked.bay)
  parked.asked = false
  if (body.vehicle !== parked || parked.leaving || body.transaction || parked.row.powerMs !== null) return
  if (!works(stage, parked.bay)) return
  parked.paid = true
  say(stage, parked.bay, at, (origin) => ({
    type: 'token.presented',
    ...origin,
    chargePointId: chargePointOf(parked.bay),
    token: tokenOf(parked),
  }))
  if (body.cable === 'in') byWallet(stage, parked, at)
}

const byWallet = (stage: Stage, parked: ParkedVehicle, at: number): void =>
  begin(stage, parked.bay, at, () => tokenOf(parked))

/** Whom a driver's card or code stands for: the account of the vehicle, or one of its own. */
export const payingAccount = ({ vehicle, wanted }: ParkedVehicle): string => vehicle.accountId ?? `own-${wanted.index}`

const tokenOf = (parked: ParkedVehicle): TokenRef => ({
  kind: 'card',
  handle: `${parked.wallet}-${parked.wanted.index}`,
  accountId: payingAccount(parked),
  standing: 'accepted',
})

/** Who is not charging by then, and cannot pay otherwise, drives on; who can is patient as long again. */
function giveUp(stage: Stage, parked: ParkedVehicle, at: number): void {
  if (parked.gone || parked.leaving || parked.row.powerMs !== null) return
  const body = bodyOf(stage, parked.bay)
  if (body.transaction) return
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
    unplug(stage, parked.bay, now)
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
  stage.later(at + EMPTY_MS, (now) => (body.vehicle === null ? look(stage, parked.bay, now, 'zone.empty') : undefined))
  stage.freed(parked.bay, at)
}

/** While nothing of the charge point's holds the bay, cameras confirm the vehicle often enough that it is not taken for gone. */
function awaitSign(stage: Stage, parked: ParkedVehicle, at: number): void {
  stage.later(at + 900 * stage.scenario.policy.absence_s, (now) => {
    if (parked.gone) return
    const bay = stage.bays.bay(parked.bay)
    const isKept = bay.visit !== null && (isHeld(bay) || cableIn(bay))
    if (!isKept && now >= bodyOf(stage, parked.bay).blindUntil) look(stage, parked.bay, now, 'vehicle.seen')
    awaitSign(stage, parked, now)
  })
}
