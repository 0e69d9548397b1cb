import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { digits } from './html-text.ts'

/** What is in the costs of a day, and what is not because it was given no price. */
export function costWords({ costs }: DesignScenario): string {
  const { gridConnection_EUR, energy_EUR_kWh, years } = costs
  const built = gridConnection_EUR > 0 ? 'bays, cameras and the grid’s connection' : 'bays and cameras'
  const energy = energy_EUR_kWh === 0 ? '' : ` and energy at ${digits(energy_EUR_kWh)} EUR/kWh`
  const missing = [
    ...(gridConnection_EUR > 0 ? [] : ['the grid’s connection']),
    ...(energy_EUR_kWh === 0 ? ['energy'] : []),
  ]
  const without =
    missing.length === 0 ? '' : `; ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not in it`
  return `${built} over ${digits(years)} years, reviewers’ minutes${energy}${without}`
}
