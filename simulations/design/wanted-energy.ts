import { type Demand, wantedVisits } from './demand.ts'

/** Visits that are looked at: they settle means to about one in a hundred. */
const LOOKED_AT = 20_000
/** A vehicle that takes all it wants in any stay, W. */
const ANYTHING_W = 1e12

/** Mean energy of a visit, kWh: what vehicles want, and what of it they can take in their stay. */
export type WantedEnergy = { readonly wanted_kWh: number; readonly fits_kWh: number }

/** What the vehicles of a demand want on average; both 0 where nobody comes. The same demand gives the same numbers. */
export function wantedEnergy(demand: Demand): WantedEnergy {
  return {
    wanted_kWh: meanEnergy({ ...demand, vehicles: [{ max_W: ANYTHING_W, share: 1 }] }),
    fits_kWh: meanEnergy(demand),
  }
}

function meanEnergy(demand: Demand): number {
  let [count, sum] = [0, 0]
  for (const { energyWh } of wantedVisits(demand, { seed: 0, replication: 0, days: 7 * 5200 })) {
    sum += energyWh
    count += 1
    if (count === LOOKED_AT) break
  }
  return count === 0 ? 0 : sum / count / 1000
}
