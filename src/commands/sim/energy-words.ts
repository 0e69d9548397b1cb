import type { Comings, Demand, Spread } from '../../../simulations/design/demand.ts'
import { ASSUMED_ENERGY, ASSUMED_VEHICLES } from '../../../simulations/design/demand-figures.ts'
import type { DemandPlan } from '../../../simulations/design/design-scenario.ts'
import { wantedEnergy } from '../../../simulations/design/wanted-energy.ts'
import { digits } from './html-text.ts'

/** What vehicles want and can take, and who says so, in two sentences: nobody may take an assumption for a measurement. */
export function energyWords(plan: DemandPlan, demand: Demand): string {
  const { wanted_kWh, fits_kWh } = wantedEnergy(demand)
  const fits =
    fits_kWh > 0.995 * wanted_kWh
      ? 'which fit into the stay'
      : `of which ${digits(fits_kWh)} kWh fit into the stay at the vehicle’s own power: only these count as wanted`
  return `Vehicles want ${digits(meanShown(demand, wanted_kWh))} kWh on average, ${originOf(plan, demand)}, ${fits}. ${vehicleWords(plan)}`
}

/** A spread’s own mean, where that is all there is: what is drawn from it only comes near. */
const meanShown = ({ energy, comings }: Demand, drawn_kWh: number): number =>
  energy.kind === 'spread' && Object.values(comings).every((one) => unmeasured(one) === 1)
    ? energy.energy_kWh.mean
    : drawn_kWh

function originOf(plan: DemandPlan, demand: Demand): string {
  const { energy, comings } = demand
  const left = Math.max(...Object.values(comings).map(unmeasured))
  const otherwise =
    energy.kind === 'byStay'
      ? 'as it was measured for stays of that length'
      : plan.energy_kWh !== undefined
        ? `as the scenario says (${spreadWords(energy.energy_kWh)})`
        : energy === ASSUMED_ENERGY
          ? `assumed because nobody measured it (${spreadWords(energy.energy_kWh)})`
          : `as its figures say (${spreadWords(energy.energy_kWh)})`
  if (left === 1) return otherwise
  return left === 0 ? 'as their sessions took it' : `as their sessions took it, and where these do not say ${otherwise}`
}

/** The share of visits whose energy nobody measured. */
const unmeasured = (comings: Comings): number =>
  comings.kind !== 'past'
    ? 1
    : comings.visits.length === 0
      ? 0
      : comings.visits.filter(([, , energy_kWh]) => energy_kWh === null).length / comings.visits.length

const spreadWords = ({ law, cv = 1 }: Spread): string =>
  law === 'fixed' ? 'all alike' : `${law}, standard deviation ${law === 'exponential' ? 1 : cv} of the mean`

const vehicleWords = ({ vehicle_kW }: DemandPlan): string =>
  vehicle_kW === undefined
    ? `What they take at most is assumed: ${ASSUMED_VEHICLES.map(({ max_W, share }) => `${digits(share * 100)} % ${digits(max_W / 1000)} kW`).join(', ')}.`
    : `Every vehicle takes at most ${digits(vehicle_kW)} kW.`
