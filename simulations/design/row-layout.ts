import type { Place } from './camera-geometry.ts'
import type { DesignScenario } from './design-scenario.ts'

/** A car and a van, m high. */
export const CAR_TALL_M = 1.5
export const VAN_TALL_M = 2.2
/** A vehicle stays so far within its bay's lines, m. */
const WITHIN_M = 0.35

/** How many bays a row has: the first row takes the odd one. */
const perRow = ({ site, layout }: DesignScenario): number => Math.ceil(site.bays / layout.rows)

/**
 * The row of a bay, both from 0. Every row has ground coordinates of its own, as seen from the aisle: x from its first bay's left edge, y
 * into its bays. The second row faces the first: it is turned by half a turn.
 */
export const rowOf = (scenario: DesignScenario, bay: number): number => Math.floor(bay / perRow(scenario))

/** The bays of a row, in order. */
export const baysOfRow = (scenario: DesignScenario, row: number): number[] =>
  Array.from({ length: scenario.site.bays }, (_, bay) => bay).filter((bay) => rowOf(scenario, bay) === row)

/** Its place in its row, from 0. */
export const columnOf = (scenario: DesignScenario, bay: number): number => bay % perRow(scenario)

/** The bays beside a bay in its row. */
export const neighboursOf = (scenario: DesignScenario, bay: number): number[] =>
  [bay - 1, bay + 1].filter(
    (one) => one >= 0 && one < scenario.site.bays && rowOf(scenario, one) === rowOf(scenario, bay),
  )

/** A place of one row’s ground in the coordinates of the first row, and the other way round. */
export function acrossRows(scenario: DesignScenario, row: number, x: number, y: number): readonly [number, number] {
  const { site, layout } = scenario
  return row === 0 ? [x, y] : [perRow(scenario) * site.bayWidth_m - x, -layout.aisle_m - y]
}

/** Whether a vehicle in another row stands between a plate and a lens, and is higher than the line between them. `tall_m`: of who stands in a bay, 0 for none. */
export function isBehindRow(
  scenario: DesignScenario,
  bay: number,
  plate: Place,
  lens: Place,
  tall_m: (bay: number) => number,
): boolean {
  const row = rowOf(scenario, bay)
  const { bayWidth_m, bayLength_m } = scenario.site
  return baysOfRow(scenario, 1 - row).some((other) => {
    const column = columnOf(scenario, other)
    const [right, near] = acrossRows(scenario, 1, column * bayWidth_m + WITHIN_M, WITHIN_M)
    const [left, far] = acrossRows(scenario, 1, (column + 1) * bayWidth_m - WITHIN_M, bayLength_m - WITHIN_M)
    const part = overlap(within(plate[0], lens[0], left, right), within(plate[1], lens[1], far, near))
    if (part === null) return false
    const [from, to] = part.map((share) => plate[2] + (lens[2] - plate[2]) * share) as [number, number]
    return Math.min(from, to) < tall_m(other)
  })
}

type Part = readonly [from: number, to: number]

/** Between which shares of the way from `start` to `end` a line lies between two bounds; null where never. */
function within(start: number, end: number, low: number, high: number): Part | null {
  const way = end - start
  if (Math.abs(way) < 1e-9) return start >= low && start <= high ? [0, 1] : null
  const [one, other] = [(low - start) / way, (high - start) / way]
  return overlap([Math.min(one, other), Math.max(one, other)], [0, 1])
}

function overlap(one: Part | null, other: Part | null): Part | null {
  if (!one || !other) return null
  const [from, to] = [Math.max(one[0], other[0]), Math.min(one[1], other[1])]
  return from < to ? [from, to] : null
}
