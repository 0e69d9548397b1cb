import { drawFrom, pauseDraw, status, stopCharge, unplug } from './bay-power.ts'
import { bodyOf, chargePointOf, type Stage, say } from './design-stage.ts'
import { payingAccount } from './driver-payment.ts'
import type { ParkedVehicle } from './parked-vehicle.ts'
import { plug } from './vehicle-stay.ts'

const MINUTE = 60_000

/** A first transaction began: what this driver does in the middle of it. Nothing, for nearly all. */
export function inSession(stage: Stage, parked: ParkedVehicle, transactionId: string, at: number): void {
  parked.sessions += 1
  if (parked.ways.size === 0 || parked.sessions > 1) return
  const draws = stage.streams.of('session ways', parked.wanted.index)
  const soon = (least_min: number, most_min: number): number =>
    Math.round((least_min + (most_min - least_min) * draws.uniform()) * MINUTE)
  const [card, pause, lasts, again, stop] = [soon(2, 10), soon(2, 20), soon(1, 8), soon(5, 20), soon(5, 60)]
  const bay = parked.plugBay
  const within = (ms: number, act: (now: number) => void): void =>
    stage.later(at + ms, (now) => {
      if (bodyOf(stage, bay).transaction?.id === transactionId && !parked.leaving) act(now)
    })
  if (parked.ways.has('lateCard')) within(card, (now) => presentLate(stage, parked, now))
  if (parked.ways.has('pauses'))
    within(pause, (now) => {
      pauseDraw(stage, bay, now)
      within(now - at + lasts, (then) => goOn(stage, bay, then))
    })
  if (parked.ways.has('stopsAndStays')) within(stop, (now) => stopCharge(stage, bay, now, 'Local'))
  if (parked.ways.has('replugs'))
    within(again, (now) => {
      unplug(stage, bay, now)
      stage.later(now + MINUTE / 2, (then) => plug(stage, parked, then))
    })
}

function presentLate(stage: Stage, parked: ParkedVehicle, at: number): void {
  say(stage, parked.plugBay, at, (origin) => ({
    type: 'token.presented',
    ...origin,
    chargePointId: chargePointOf(parked.plugBay),
    token: {
      kind: 'card',
      handle: `card-${parked.wanted.index}`,
      accountId: payingAccount(parked),
      standing: 'accepted',
    },
  }))
}

function goOn(stage: Stage, bay: number, at: number): void {
  const { plugged, downSince } = bodyOf(stage, bay)
  if (!plugged || plugged.full || downSince !== null || stage.grid.isPlugged(plugged.wanted.index)) return
  drawFrom(stage, bay, at, () => status(stage, bay, at, 'charging'))
}
