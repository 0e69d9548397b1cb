import type { Handle, Tally } from './events.ts'
import type { FactRecord } from './record.ts'

/**
 * What a camera's own figure is worth: of the plates that it led with, and that a person then named, how many were right at which figure.
 * Folded from the journal; until a camera has enough cases its figure says nothing, and agreement alone decides.
 */
export type Calibrations = {
  readonly cameras: Map<string, CalibrationCase[]>
  /** What each camera says of the visit that runs, by bay. */
  readonly running: Map<string, Map<string, { readonly handle: Handle; readonly said: number }>>
  /** The figure behind each clear case that waits for a person who is not shown it, by review. */
  readonly blind: Map<string, number>
}
/** One plate that a person has looked at: the device's figure, 0..1, and whether the plate was right. */
export type CalibrationCase = { readonly said: number; readonly right: boolean }

/** Fewer cases say nothing: twenty right of twenty may still be one wrong in seven. */
export const LEAST_CASES = 50
/** Older cases are another season's. */
const MOST_CASES = 400

export const noCalibrations = (): Calibrations => ({
  cameras: new Map(),
  running: new Map(),
  blind: new Map(),
})

/** Folds one record. Changes and returns the same value: it has one owner. */
export function foldCalibrations(all: Calibrations, { bayId, cause, decisions }: FactRecord): Calibrations {
  if (bayId === null) return foldBlind(all, cause)
  // A record that ends a visit speaks of the next one already.
  if (decisions.some(({ type }) => type === 'VisitEnded')) all.running.delete(bayId)
  const { cameraId } = cause
  if (typeof cameraId === 'string' && cause.type.startsWith('plate.') && cause.type !== 'plate.lost') {
    const leader = (cause['tally'] as readonly Tally[] | undefined)?.find(({ handle }) => handle === cause['leader'])
    if (leader?.said === undefined) return all
    const bay = all.running.get(bayId) ?? new Map<string, { handle: Handle; said: number }>()
    all.running.set(bayId, bay.set(cameraId, { handle: leader.handle, said: leader.said }))
    return all
  }
  const truth = truthOf(cause)
  if (truth !== undefined) settle(all, bayId, truth)
  return all
}

/** Clear cases that a person judged without seeing what was read: the fairest there are. */
function foldBlind(all: Calibrations, cause: FactRecord['cause']): Calibrations {
  const [review, cameraId] = [String(cause['review']), String(cause['cameraId'])]
  if (cause.type === 'blind-review.opened') {
    const said = all.running.get(String(cause['bayId']))?.get(cameraId)
    if (said && said.handle === cause['handle']) all.blind.set(review, said.said)
  }
  if (cause.type !== 'blind-review.closed') return all
  const said = all.blind.get(review)
  all.blind.delete(review)
  const { result } = cause
  if (said !== undefined && (result === 'right' || result === 'wrong')) add(all, cameraId, said, result === 'right')
  return all
}

function add({ cameras }: Calibrations, cameraId: string, said: number, right: boolean): void {
  const cases = cameras.get(cameraId) ?? []
  cameras.set(cameraId, cases)
  cases.push({ said, right })
  if (cases.length > MOST_CASES) cases.shift()
}

/** The vehicle that a person named; null: what was read is no plate; undefined: nobody said. */
function truthOf(cause: FactRecord['cause']): Handle | null | undefined {
  const handle = typeof cause['handle'] === 'string' ? cause['handle'] : undefined
  if (cause.type === 'operator.commanded' && cause['command'] === 'correct-plate') return handle
  if (cause.type !== 'review.answered') return undefined
  return cause['verdict'] === 'not-a-plate' ? null : cause['verdict'] === 'plate' ? handle : undefined
}

/** A visit's camera counts once: a second word on the same visit is about the first. */
function settle(all: Calibrations, bayId: string, truth: Handle | null): void {
  for (const [cameraId, { handle, said }] of all.running.get(bayId) ?? []) add(all, cameraId, said, handle === truth)
  all.running.delete(bayId)
}

/**
 * Chance that a plate for which the camera says this figure is right, and how many cases are behind it: what the cases leave at least, by 95
 * in 100. Never falls as the figure rises; below every figure that was judged nothing is known, and it is 0: a person is asked.
 */
export type CalibratedChance = { readonly chance: number; readonly cases: number }

/** The camera's calibration at this figure; null until there are `LEAST_CASES`. */
export function calibratedChance({ cameras }: Calibrations, cameraId: string, said: number): CalibratedChance | null {
  const cases = cameras.get(cameraId) ?? []
  if (cases.length < LEAST_CASES) return null
  const steps = isotonic(cases)
  return { chance: steps.findLast(({ from }) => from <= said)?.chance ?? 0, cases: cases.length }
}

/** What a camera's figures are worth: how many plates people judged, and the chance from each figure on; null until they are enough. */
export type CameraCalibration = {
  readonly cases: number
  readonly steps: readonly { readonly from: number; readonly chance: number }[] | null
}

/** The whole calibration of a camera, for people. */
export function calibrationOf({ cameras }: Calibrations, cameraId: string): CameraCalibration {
  const cases = cameras.get(cameraId) ?? []
  return { cases: cases.length, steps: cases.length < LEAST_CASES ? null : isotonic(cases) }
}

type Block = { readonly from: number; readonly right: number; readonly count: number }

/**
 * Steps upwards through the cases: neighbours that would fall are one step (pool adjacent violators). Each step is worth what its own cases
 * leave at least: five right of five are no more than 0.65, and 25 of 25 just 0.9.
 */
function isotonic(cases: readonly CalibrationCase[]): readonly { readonly from: number; readonly chance: number }[] {
  const figures = new Map<number, Block>()
  for (const { said, right } of cases) {
    const own = { from: said, right: right ? 1 : 0, count: 1 }
    const same = figures.get(said)
    figures.set(said, same ? joined(same, own) : own)
  }
  const blocks: Block[] = []
  for (const block of [...figures.values()].sort((a, b) => a.from - b.from)) {
    blocks.push(block)
    while (blocks.length > 1 && share(blocks.at(-2)) >= share(blocks.at(-1))) {
      const later = blocks.pop() as Block
      blocks.push(joined(blocks.pop() as Block, later))
    }
  }
  let least = 0
  return blocks.map(({ from, right, count }) => {
    least = Math.max(least, leastShare(right, count))
    return { from, chance: least }
  })
}

/** The lower end of Wilson's interval, one-sided, 95 %. */
function leastShare(right: number, count: number): number {
  const [share, z] = [right / count, 1.645]
  const reach = z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count))
  return Math.max(0, (share + (z * z) / (2 * count) - reach) / (1 + (z * z) / count))
}

const joined = (first: Block, then: Block): Block => ({
  from: first.from,
  right: first.right + then.right,
  count: first.count + then.count,
})
const share = (block: Block | undefined): number => (block ? block.right / block.count : 0)
