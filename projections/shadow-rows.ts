import type { Register } from '../machines/register.ts'
import type { WatchedVisit } from './shadow.ts'

/** Visits with the same account before a vehicle is proposed for the register: once may be a borrowed car. */
const VISITS = 2

/** A vehicle that the register could hold: it charged with one account's cards only. */
export type ProposedRow = { readonly vehicle: string; readonly accountId: string; readonly visits: number }

/** What cards say of vehicles: rows for the register, and vehicles about which they, or the register, disagree. */
export type Proposals = {
  readonly rows: readonly ProposedRow[]
  readonly contradicted: readonly { readonly vehicle: string; readonly accounts: readonly string[] }[]
}

/** Vehicles that charged twice or more with cards of one account, are not registered, and were never charged with another's. */
export function proposeRows(visits: readonly WatchedVisit[], register: Register): Proposals {
  const paid = new Map<string, { readonly accounts: Set<string>; visits: number }>()
  for (const { vehicle, told, charged } of visits) {
    if (vehicle === null || told?.by !== 'card' || !charged) continue
    const known = paid.get(vehicle) ?? { accounts: new Set(), visits: 0 }
    known.accounts.add(told.accountId)
    known.visits += 1
    paid.set(vehicle, known)
  }
  const rows: ProposedRow[] = []
  const contradicted: { vehicle: string; accounts: readonly string[] }[] = []
  for (const [vehicle, { accounts, visits: seen }] of paid) {
    const registered = register.vehicles.get(vehicle)?.accountId
    const all = [...new Set([...(registered === undefined ? [] : [registered]), ...accounts])]
    if (all.length > 1) contradicted.push({ vehicle, accounts: all })
    else if (registered === undefined && seen >= VISITS) rows.push({ vehicle, accountId: String(all[0]), visits: seen })
  }
  return { rows, contradicted }
}
