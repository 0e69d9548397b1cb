import { type Counted, energy_kWh, type Metric, mean, perBayDay, perDay } from './counted-visits.ts'

/** What the grid and the charge points gave, and what they did not. */
export const ENERGY_METRICS: readonly Metric[] = [
  {
    name: 'energy',
    unit: 'kWh per bay-day',
    says: 'energy that vehicles got',
    better: 'more',
    of: (c) => perBayDay(c, energy_kWh(c)),
  },
  {
    name: 'energy-met',
    unit: 'share',
    says: 'of the energy that who got a bay wanted, as far as it fits into the stay',
    better: 'more',
    of: ({ wanting }) => {
      const wanted = wanting.reduce((sum, { wanted_Wh }) => sum + wanted_Wh, 0)
      return wanted === 0 ? null : wanting.reduce((sum, { energy_Wh }) => sum + energy_Wh, 0) / wanted
    },
  },
  {
    name: 'time-to-full',
    unit: 'min',
    says: 'mean time from the first current to full, of those that became full',
    better: 'less',
    of: ({ wanting }) =>
      mean(
        wanting
          .filter(({ fullMs, powerMs }) => fullMs !== null && powerMs !== null)
          .map((row) => ((row.fullMs ?? 0) - (row.powerMs ?? 0)) / 60_000),
      ),
  },
  { name: 'peak', unit: 'A', says: 'highest current of a phase', better: 'less', of: (c) => c.ledger.peak_A },
  {
    name: 'at-limit',
    unit: 'min/day',
    says: 'time in which the grid’s limit is used up',
    better: 'less',
    of: (c) => (c.scenario.chargers.gridLimit_A === null ? null : perDay(c, c.ledger.limitMs / 60_000)),
  },
  {
    name: 'grid-missed',
    unit: 'share',
    says: 'of the energy of energy-met, missed because the grid’s limit was used up',
    better: 'less',
    of: gridMissed,
  },
]

/** Who got less than it wanted would have got so much more of it without the limit. Null without one, or where nothing keeps it. */
function gridMissed({ scenario: { chargers }, wanting }: Counted): number | null {
  const wanted = wanting.reduce((sum, { wanted_Wh }) => sum + wanted_Wh, 0)
  if (chargers.gridLimit_A === null || chargers.sharing === 'none' || wanted === 0) return null
  const missed = wanting.map(({ wanted_Wh, energy_Wh: got_Wh, withheld_Wh }) =>
    Math.max(0, Math.min(wanted_Wh - got_Wh, withheld_Wh)),
  )
  return missed.reduce((sum, one) => sum + one, 0) / wanted
}
