import type { DesignScenario } from './design-scenario.ts'

/** How many bays a row has: the first row takes the odd one. */
export const perRow = ({ site, layout }: DesignScenario): number => Math.ceil(site.bays / layout.rows)

/** The row of a bay, both from 0. Row 0 lies beyond the aisle's y = 0, row 1 on its other side and faces it. */
export const rowOf = (scenario: DesignScenario, bay: number): number => Math.floor(bay / perRow(scenario))

/** Its place in its row, from 0. */
export const columnOf = (scenario: DesignScenario, bay: number): number => bay % perRow(scenario)

/** The bays beside a bay in its row. */
export const neighboursOf = (scenario: DesignScenario, bay: number): number[] =>
  [bay - 1, bay + 1].filter(
    (one) => one >= 0 && one < scenario.site.bays && rowOf(scenario, one) === rowOf(scenario, bay),
  )
