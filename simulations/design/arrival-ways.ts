import { readVehicle } from './arrival-reads.ts'
import { status, unplug } from './bay-power.ts'
import type { Draws } from './chance-streams.ts'
import { linked, unlinked } from './design-faults.ts'
import { bodyOf, look, type Stage, works } from './design-stage.ts'
import type { ParkedVehicle } from './parked-vehicle.ts'
import { neighboursOf } from './row-layout.ts'
import { misreadOf, type Vehicle } from './visitor-plates.ts'
import type { VisitorWay } from './visitor-ways.ts'

const MINUTE = 60_000
/** Who turns into another bay is away from it after this, ms. */
export const PASS_MS = 6000

/** Whose plate a vehicle of these ways carries; null = nobody special. */
export function wayVehicle(stage: Stage, ways: ReadonlySet<VisitorWay>, draws: Draws): Vehicle | null {
  if (ways.has('cardOnly')) return stage.plates.stranger(draws)
  const number = Math.floor(draws.uniform() * stage.scenario.drivers.register)
  if (ways.has('clonedPlate')) {
    const here = stage.bodies.find(({ vehicle }) => vehicle?.vehicle.accountId != null)?.vehicle?.vehicle
    return { ...(here ?? stage.plates.registered(number)), accountId: null }
  }
  if (!ways.has('lookAlikePlate')) return null
  const plate = misreadOf(stage.plates.registered(number).plate, draws)
  return { plate, handle: stage.plates.handleOf(plate), accountId: null }
}

/** It turns into another free bay first, if there is one, and its plate is read there. Answers when it is at its own, ms. */
export function passBy(stage: Stage, parked: ParkedVehicle, at: number): number {
  const open = [...stage.bodies.keys()].filter((bay) => {
    const { vehicle, reserved } = bodyOf(stage, bay)
    return bay !== parked.bay && vehicle === null && !reserved && stage.cameras.some(({ bays }) => bays.includes(bay))
  })
  if (open.length === 0) return at
  const draws = stage.streams.of('passes', parked.wanted.index)
  const bay = open[Math.floor(draws.uniform() * open.length)] as number
  bodyOf(stage, bay).reserved = true
  look(stage, bay, at, 'vehicle.seen')
  parked.looks += 1
  readVehicle(stage, { ...parked, bay }, at, parked.looks)
  stage.later(at + PASS_MS, (now) => {
    bodyOf(stage, bay).reserved = false
    look(stage, bay, now, 'zone.empty')
    stage.freed(bay, now)
  })
  return at + PASS_MS
}

/** The bay whose charge point this driver takes: a neighbour's where its ways say so and it can. */
export function plugBayOf(stage: Stage, parked: ParkedVehicle, at: number): number {
  const beside = neighboursOf(stage.scenario, parked.bay).filter((bay) => works(stage, bay))
  if (parked.ways.has('plugsIntoNeighbour')) {
    const free = beside.find((bay) => bodyOf(stage, bay).cable === 'out')
    if (free !== undefined) return free
  }
  if (parked.ways.has('sharesCable')) {
    const full = beside.find((bay) => bodyOf(stage, bay).plugged?.full === true)
    if (full !== undefined) {
      unplug(stage, full, at)
      return full
    }
  }
  return parked.bay
}

/** The driver leaves: takes the cable out, or does what its ways say. */
export function partFromCable(stage: Stage, parked: ParkedVehicle, at: number): void {
  const bay = parked.plugBay
  const body = bodyOf(stage, bay)
  if (body.plugged !== null && body.plugged !== parked) return
  if (parked.ways.has('leavesCable') && body.plugged === parked) {
    unplug(stage, bay, at)
    body.cable = 'in'
    return status(stage, bay, at, 'finishing')
  }
  if (parked.ways.has('drivesOff') && body.plugged === parked && body.transaction) {
    const dark_ms = Math.round((1 + 39 * stage.streams.of('torn', parked.wanted.index).uniform()) * MINUTE)
    unlinked(stage, bay, at)
    stage.later(at + dark_ms, (now) => linked(stage, bay, now))
  }
  unplug(stage, bay, at)
}
