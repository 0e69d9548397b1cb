import type { Json } from '../../machines/events.ts'
import type { BayView } from '../../projections/bay-view.ts'
import type { StuckTransaction } from '../../projections/stuck-transactions.ts'
import { isOwn, ownAccounts } from '../own-accounts.ts'
import type { Caller } from '../site-desk.ts'
import { may } from './roles.ts'

/** Fields that name an account, wherever they stand. */
export const ACCOUNT_FIELDS: readonly string[] = ['accountId', 'fromAccount', 'fromAccountId']
/** How a field that says an energy ends: a charge's, and a meter's register, from which it follows. */
export const ENERGY_ENDS = '_Wh'

/**
 * Who pays, and how much energy it was: for the right `bills` alone, and for whoever is held to accounts (`fleet`) only where one of those
 * pays. The one place that says so, for bays, feeds, figures and records. Amperes and watts are everybody's: the lock rests on them.
 */
export const seesPayer = (caller: Caller, accountId: string | null): boolean =>
  may(caller, 'bills') && isOwn(caller, accountId)

/** Whether nothing of this kind is hidden from the caller. */
export const seesPayers = (caller: Caller): boolean => may(caller, 'bills') && ownAccounts(caller) === null

/** The bay for this caller: of an account that is not theirs `accountHidden` is left, and no energy. */
export function bayFor(caller: Caller, view: BayView): BayView {
  if (seesPayers(caller)) return view
  const { visit, session } = view
  const accountId = visit?.accountId ?? null
  const isTheirs = seesPayer(caller, accountId)
  const told = (id: string | null): string | null => (id !== null && seesPayer(caller, id) ? id : null)
  return {
    ...view,
    visit: visit && {
      ...visit,
      accountId: told(accountId),
      ...(accountId !== null && !isTheirs && { accountHidden: true as const }),
      evidence: visit.evidence.map((one) => ({ ...one, accountId: told(one.accountId) })),
    },
    session: session && (isTheirs ? session : { ...session, energy_Wh: null }),
  }
}

/** A transaction that nobody knows the end of, for this caller. */
export const stuckFor = (caller: Caller, one: StuckTransaction): StuckTransaction =>
  seesPayer(caller, one.accountId) ? one : { ...one, accountId: null, first_Wh: null, last_Wh: null, billed_Wh: null }

/** A meter's reading for this caller; `mine`: the transaction that is known to be theirs. */
export const readingFor = <
  Reading extends { readonly transactionId: string | null; readonly register_Wh: number | null },
>(
  caller: Caller,
  reading: Reading,
  mine: string | null,
): Reading =>
  seesPayers(caller) || (mine !== null && reading.transactionId === mine) ? reading : { ...reading, register_Wh: null }

/**
 * Any part of a record, or of what a bay knew, without the fields that are not this caller's: the same value where none is. An energy is
 * theirs where the object that holds it, or one around it, names an account of theirs.
 */
export function withoutPayers<Some>(caller: Caller, value: Some): Some {
  return seesPayers(caller) ? value : (lessOf(caller, value as Json, false) as Some)
}

function lessOf(caller: Caller, value: Json, around: boolean): Json {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => lessOf(caller, item, around))
    return items.every((item, at) => item === value[at]) ? value : items
  }
  const { accountId } = value as { readonly accountId?: Json }
  const isTheirs = typeof accountId === 'string' ? seesPayer(caller, accountId) : around
  const before = Object.entries(value)
  const after = before.flatMap(([name, field = null]) => {
    if (ACCOUNT_FIELDS.includes(name) && typeof field === 'string' && !seesPayer(caller, field)) return []
    if (name.endsWith(ENERGY_ENDS) && field !== null && !isTheirs) return []
    return [[name, lessOf(caller, field, isTheirs)] as const]
  })
  const isSame = after.length === before.length && after.every(([, field], at) => field === before[at]?.[1])
  return isSame ? value : Object.fromEntries(after)
}
