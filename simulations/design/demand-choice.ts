import type { Comings, Demand, Energy, Spread, VehicleShare } from './demand.ts'
import { ASSUMED_ENERGY, ASSUMED_VEHICLES, byKind, type DemandFigures, demandOf } from './demand-figures.ts'
import type { DemandPlan, DesignScenario } from './design-scenario.ts'

/** Who wants to charge, by a scenario: figures (those that its `source` names), or its own rates. */
export function demandFor({ site, demand }: DesignScenario, figures: DemandFigures | null): Demand {
  const energy = energyOf(demand)
  const vehicles = vehiclesOf(demand)
  if (figures === null) return byRates(demand, energy ?? ASSUMED_ENERGY, vehicles ?? ASSUMED_VEHICLES)
  return demandOf(figures, {
    bays: demand.bays ?? site.bays,
    scale: demand.scale,
    ...(demand.dispersion !== undefined && { dispersion: demand.dispersion }),
    ...(energy && { energy }),
    ...(vehicles && { vehicles }),
  })
}

const energyOf = ({ energy_kWh, energyCv }: DemandPlan): Energy | null =>
  energy_kWh === undefined
    ? null
    : { kind: 'spread', energy_kWh: { law: energyCv === 0 ? 'fixed' : 'gamma', mean: energy_kWh, cv: energyCv } }

const vehiclesOf = ({ vehicle_kW }: DemandPlan): readonly VehicleShare[] | null =>
  vehicle_kW === undefined ? null : [{ max_W: vehicle_kW * 1000, share: 1 }]

function byRates(plan: DemandPlan, energy: Energy, vehicles: readonly VehicleShare[]): Demand {
  const { visitsPerDay = 0, stay_min = 60, hourShares, scale, dispersion = 1 } = plan
  const total = (hourShares ?? []).reduce((sum, one) => sum + one, 0)
  const hours = hourShares && total > 0 ? hourShares.map((one) => one / total) : new Array<number>(24).fill(1 / 24)
  const stay: Spread = { law: plan.stayLaw, mean: stay_min, cv: plan.stayCv }
  const comings: Comings = { kind: 'rates', hours, stay_min: stay }
  return { visits: byKind(() => visitsPerDay * scale), dispersion, comings: byKind(() => comings), energy, vehicles }
}
