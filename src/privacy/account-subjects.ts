import type { Journal } from '../../actors/ports.ts'
import type { Handle, Json } from '../../machines/events.ts'
import type { Register } from '../../machines/register.ts'

/** Vehicles and cards that are one account's alone: what the register holds for it, and what nobody else holds or ever paid for. */
export type AccountSubjects = { readonly vehicles: readonly Handle[]; readonly cards: readonly Handle[] }

const PAGE = 1_000

/** Reads the whole journal, page by page, for whom this account paid. */
export async function accountSubjects(
  journal: Pick<Journal, 'readSite'>,
  register: Register,
  accountId: string,
): Promise<AccountSubjects> {
  const payers = await payersByName(journal)
  const isIts = (name: Handle, held: { readonly accountId: string } | undefined): boolean =>
    held === undefined ? [...(payers.get(name) ?? [])].every((one) => one === accountId) : held.accountId === accountId
  const names = new Set([...payers].flatMap(([name, accounts]) => (accounts.has(accountId) ? [name] : [])))
  for (const entries of [register.vehicles, register.cards])
    for (const [name, entry] of entries) if (entry.accountId === accountId) names.add(name)
  const its = [...names].filter((name) => isIts(name, register.vehicles.get(name) ?? register.cards.get(name)))
  return {
    vehicles: its.filter((name) => name.startsWith('veh-')).toSorted(),
    cards: its.filter((name) => name.startsWith('card-')).toSorted(),
  }
}

/** The accounts that the journal names together with each vehicle and card. */
async function payersByName(journal: Pick<Journal, 'readSite'>): Promise<ReadonlyMap<Handle, ReadonlySet<string>>> {
  const payers = new Map<Handle, Set<string>>()
  for (let after = 0; ; ) {
    const page = await journal.readSite(after, PAGE)
    const last = page.at(-1)
    if (!last) return payers
    after = last.seq
    for (const { cause, decisions } of page) for (const told of [cause, ...decisions]) note(payers, told)
    // A long journal must not keep charge points waiting.
    await new Promise<void>((go) => setImmediate(go))
  }
}

function note(payers: Map<Handle, Set<string>>, told: { readonly [field: string]: Json | undefined }): void {
  const { accountId } = told
  if (typeof accountId !== 'string') return
  for (const name of [told['handle'], told['card']]) {
    if (typeof name !== 'string') continue
    const known = payers.get(name) ?? new Set()
    payers.set(name, known.add(accountId))
  }
}
