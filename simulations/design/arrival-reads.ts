import type { PlateSight } from './camera-geometry.ts'
import {
  type Conditions,
  frameChance,
  isBehindOthers,
  misreadShareOf,
  type PlacedCamera,
  placesOf,
  sightOf,
} from './design-cameras.ts'
import { bodyOf, type Stage } from './design-stage.ts'
import type { FrameNews, FrameOutcome } from './frame-news.ts'
import type { ParkedVehicle } from './parked-vehicle.ts'
import { chanceInVisit, sharedQuality } from './read-model.ts'
import { misreadOf } from './visitor-plates.ts'

/** Share of the frames of an arrival that are taken while the vehicle still moves. */
const MOVING = 0.4
export const movingFrames = (frames: number): number => Math.floor(frames * MOVING)

/** Dark is so large a share of the day around one o'clock at night. */
export function isDark(stage: Stage, at: number): boolean {
  const hour = stage.calendar.hourAt(at - stage.start)
  return Math.min(Math.abs(hour - 1), 24 - Math.abs(hour - 1)) < 12 * stage.scenario.weather.night
}

/** Snow falls or lies on so large a share of the days. */
export const isSnowing = (stage: Stage, at: number): boolean =>
  stage.streams.of('snow', stage.calendar.dayOf(at - stage.start)).uniform() < stage.scenario.weather.snow

/** What the plate of a vehicle meets: drawn once for its visit. */
export function conditionsOf(stage: Stage, parked: ParkedVehicle, at: number): Conditions {
  const { weather, layout } = stage.scenario
  const draws = stage.streams.of('weather', parked.wanted.index)
  const [snowedPlate, dirtyPlate, van] = [draws.uniform(), draws.uniform(), draws.uniform()]
  return {
    dark: isDark(stage, at),
    snowed: (isSnowing(stage, at) && snowedPlate < weather.snowedPlates) || parked.ways.has('noPlate'),
    dirty: dirtyPlate < weather.dirtyPlate || parked.ways.has('dirtyPlate'),
    van: van < layout.vanInAisle,
  }
}

/**
 * The frames of a vehicle that arrives, or that is looked at anew (`turn` from 1) because its bay forgot it: every camera reads with the
 * quality of this visit, production votes, and the news reaches the bays in whose zones the plate lies.
 */
export function readVehicle(stage: Stage, parked: ParkedVehicle, at: number, turn: number): void {
  for (const [number, camera] of stage.cameras.entries())
    if (camera.bays.includes(parked.bay) && !stage.away.has(camera.cameraId))
      readBy(stage, parked, camera, number, at, turn)
}

function readBy(
  stage: Stage,
  parked: ParkedVehicle,
  camera: PlacedCamera,
  number: number,
  at: number,
  turn: number,
): void {
  const sight = sightOf(stage.scenario, camera, parked.bay, parked.stance)
  if (!sight || isCovered(stage, parked, camera)) return
  const frames = framesOf(stage, parked, { camera, number, sight }, at, turn)
  const behind = turn === 0 && parked.ways.has('tailgates')
  const outcomes = behind ? frames.map((one, frame) => (one === 'R' && frame % 2 === 1 ? 'W' : one)) : frames
  if (outcomes.every((one) => one === '-')) return
  const { vehicle, wanted } = parked
  const wrong = outcomes.includes('W') ? misreadOf(vehicle.plate, stage.streams.of('misread', wanted.index)) : ''
  const other = behind ? stage.plates.registered(wanted.index).handle : stage.plates.handleOf(wrong)
  const names = { right: vehicle.handle, wrong: other }
  const votes = stage.frames.get(camera.cameraId) as FrameNews
  for (const { bay, clear } of placesOf(camera, sight, (one) => bodyOf(stage, one).vehicle !== null)) {
    const seen = { cameraId: camera.cameraId, trackId: `track-${wanted.index}-${number}-${turn}`, clear }
    for (const { at: toldAt, news } of votes.of(outcomes, seen, names, at))
      stage.later(toldAt, (now) => {
        if (!parked.gone) stage.bays.tell(bay, news, now)
      })
  }
}

/** Somebody parks between it and the camera, and is too high. */
const isCovered = ({ scenario, bodies }: Stage, { bay, stance }: ParkedVehicle, camera: PlacedCamera): boolean =>
  isBehindOthers(scenario, camera, bay, stance, (other) => bodies[other]?.vehicle?.tall_m ?? 0)

function framesOf(
  stage: Stage,
  parked: ParkedVehicle,
  { camera, number, sight }: { readonly camera: PlacedCamera; readonly number: number; readonly sight: PlateSight },
  at: number,
  turn: number,
): readonly FrameOutcome[] {
  const { scenario, streams } = stage
  const { voteFrames, frameCorrelation } = scenario.reader
  const misreadShare = misreadShareOf(scenario)
  const { index } = parked.wanted
  const conditions = conditionsOf(stage, parked, at)
  const quality = streams.of('quality', index).normal()
  const draws = streams.of(`frames ${number} ${turn}`, index)
  const chance = (moving: boolean): number => {
    const mean = frameChance(scenario, camera, parked.bay, parked.stance, sight, conditions, moving)
    return chanceInVisit(mean, sharedQuality(frameCorrelation, mean), quality)
  }
  const moving = turn === 0 ? movingFrames(voteFrames) : 0
  const [moved, stood] = [moving > 0 ? chance(true) : 0, chance(false)]
  const alike = alikeTexts(stage, index)
  return Array.from({ length: voteFrames }, (_, frame): FrameOutcome => {
    const [right, wrong] = [draws.uniform(), draws.uniform()]
    const p = frame < moving ? moved : stood
    // What hides a plate altogether leaves nothing to read wrong.
    if (p === 0) return '-'
    const outcome = right < p ? 'R' : wrong < misreadShare ? 'W' : '-'
    return outcome !== '-' && alike[outcome] ? outcome : '-'
  })
}

/** Whether both recognisers read the right and the wrong text of this vehicle alike: drawn once, for its frames say the same again. */
function alikeTexts({ scenario, streams }: Stage, index: number): { readonly R: boolean; readonly W: boolean } {
  const { agreement } = scenario.reader
  if (agreement === undefined) return { R: true, W: true }
  const draws = streams.of('agreement', index)
  return { R: draws.chance(agreement.right), W: draws.chance(agreement.wrong) }
}

/** A person at the review desk could read this plate in the newest picture. */
export function isLegible(stage: Stage, parked: ParkedVehicle, at: number): boolean {
  const conditions = conditionsOf(stage, parked, at)
  return stage.cameras.some((camera) => {
    const sight = camera.bays.includes(parked.bay) ? sightOf(stage.scenario, camera, parked.bay, parked.stance) : null
    if (!sight || stage.away.has(camera.cameraId) || isCovered(stage, parked, camera)) return false
    const chance = frameChance(
      stage.scenario,
      camera,
      parked.bay,
      parked.stance,
      sight,
      { ...conditions, dirty: false },
      false,
    )
    // Who looks with care reads what the reader gets right one time in twenty.
    return chance >= LEGIBLE
  })
}
const LEGIBLE = 0.05
