import type { Entry, Keys, Scribe } from '../actors/ports.ts'
import type { Handle, Json } from '../machines/events.ts'
import { Fault } from '../machines/faults.ts'
import { foldRegister, type Register, type Validity } from '../machines/register.ts'
import { foldTexts, type RegisterTexts } from './register-texts.ts'
import type { Account, Caller } from './site-desk.ts'

/** What the desk works on. `register` and `texts` come from `rebuildRegister`; the desk folds what it writes into both. */
export type RegisterRoom = {
  readonly scribe: Scribe
  readonly keys: Keys
  readonly register: () => Register
  readonly texts: RegisterTexts
  /** This account was forgotten: nothing can be sealed for it any more. */
  readonly wasErased: (accountId: string) => boolean
  /** Whoever holds this vehicle, the new word counts; absent = another account's is refused. */
  readonly replaces?: (handle: Handle) => boolean
}

/** Writes the entries as one batch, and folds the records into what the desk shows once they are durable. */
export async function write(room: RegisterRoom, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return
  const records = await room.scribe.write(entries)
  for (const [index, record] of records.entries()) {
    foldRegister(room.register(), record)
    foldTexts(room.texts, record.cause, entries[index]?.personal ?? {})
  }
}

/** One record of the register, with who wrote it. */
export const entry = (cause: Entry['cause'], by: Caller, personal: Entry['personal'] = {}): Entry => ({
  stream: 'register',
  cause: { ...cause, by: by.name },
  decisions: [],
  personal,
})

/** The record that makes an account which a vehicle or token names first. */
export const newAccount = (accountId: string, by: Caller): Entry =>
  entry({ type: 'account.changed', accountId, status: 'active', confirm: 'never' }, by)

/** The account as people are shown it; null where there is none. */
export function accountOf({ register, texts }: RegisterRoom, accountId: string): Account | null {
  const known = register().accounts.get(accountId)
  return known === undefined ? null : { accountId, name: texts.names.get(accountId) ?? null, ...known }
}

/** The records that bring the register to this account: none where it is there as it is. */
export function accountEntries(room: RegisterRoom, account: Account, by: Caller): Entry[] {
  const known = accountOf(room, account.accountId)
  return known !== null && same(known, account) && same(account, known) ? [] : [accountEntry(account, by)]
}

/** The record that says all of an account. */
export const accountEntry = ({ accountId, name, ...rules }: Account, by: Caller): Entry =>
  entry({ type: 'account.changed', accountId, ...rules }, by, name === null ? {} : { [accountId]: { name } })

/** The records that take an account out, with its cards and vehicles; `takes`: only these vehicles. */
export function removalOf(
  { accounts, vehicles, cards }: Register,
  accountId: string,
  by: Caller,
  takes: (handle: Handle) => boolean = () => true,
): Entry[] {
  const known = accounts.get(accountId)
  if (known === undefined) return []
  const its = <T extends { readonly accountId: string }>(entries: ReadonlyMap<Handle, T>): Handle[] =>
    [...entries].flatMap(([handle, each]) => (each.accountId === accountId ? [handle] : []))
  return [
    ...its(vehicles)
      .filter(takes)
      .map((handle) => entry({ type: 'vehicle.removed', handle }, by)),
    ...its(cards).map((handle) => entry({ type: 'token.removed', handle }, by)),
    entry({ type: 'account.changed', accountId, ...known, deleted: true }, by),
  ]
}

/** A body may repeat the name that its address holds, and may not hold another. */
export function refuseOther(inBody: Json | undefined, inAddress: string, field: string, what: string): void {
  if (inBody === undefined || inBody === null || inBody === inAddress) return
  throw new Fault(
    'BODY_INVALID',
    { field },
    { says: `${field} in the body is not the ${what} that the address names; leave it out.` },
  )
}

/** Same content, whatever the order of the keys. */
export function same<T extends Validity | Account>(known: T | null, wanted: T): boolean {
  if (known === null) return false
  return Object.entries(wanted).every(([key, value]) => (known as { readonly [key: string]: unknown })[key] === value)
}
