import type { Handle, Json, Standing } from './events.ts'
import { isOpen, parseHours, wallTime } from './opening-hours.ts'
import type { Cause } from './record.ts'

/** Whether a person confirms the starts of an account: never, on a vehicle's first visit, or always. */
export type Confirm = 'never' | 'first-visit' | 'always'

/** An account as it decides; its name is for people and lies in the texts. */
export type RegisteredAccount = {
  readonly status: 'active' | 'blocked'
  readonly confirm: Confirm
  /** Charges that may begin by a plate alone on one day; absent = as the site says. */
  readonly plateStartsPerDay?: number
}

/** When something is valid: `2026-11-22` counts by the site's calendar, both days included; else an instant, ISO 8601 UTC. */
export type Validity = { readonly validFrom: string | null; readonly validTo: string | null; readonly blocked: boolean }

export type RegisteredVehicle = Validity & {
  readonly accountId: string
  readonly fleet: string | null
  /** An upstream knows the vehicle by a token (the text lies in the texts). */
  readonly hasAlias: boolean
  /** As `parseHours` reads it; null = always. */
  readonly hours: string | null
}

export type RegisteredCard = Validity & { readonly accountId: string }

/**
 * Who pays: the fold of the stream `register`. It is one value that `foldRegister` changes in place, because a copy of 100,000 vehicles
 * for each write would cost more than the write; nobody else writes to it. The same records in the same order give the same register.
 */
export type Register = {
  /** Version of the newest record folded. */
  readonly version: number
  readonly accounts: ReadonlyMap<string, RegisteredAccount>
  readonly vehicles: ReadonlyMap<Handle, RegisteredVehicle>
  readonly cards: ReadonlyMap<Handle, RegisteredCard>
  /** Vehicles whose people object: the plate alone never starts a charge, whoever is registered. */
  readonly objections: ReadonlySet<Handle>
}

type Written = {
  version: number
  accounts: Map<string, RegisteredAccount>
  vehicles: Map<Handle, RegisteredVehicle>
  cards: Map<Handle, RegisteredCard>
  objections: Set<Handle>
}

/** Name of this fold, for the `machine` field of its records. */
export const REGISTER_FOLD = 'register/1'

/** A register in which nobody pays for anything. */
export const emptyRegister = (): Register => ({
  version: 0,
  accounts: new Map(),
  vehicles: new Map(),
  cards: new Map(),
  objections: new Set(),
})

const text = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null)

const validity = (cause: Cause): Validity => ({
  validFrom: text(cause['validFrom']),
  validTo: text(cause['validTo']),
  blocked: cause['blocked'] === true,
})

const limitOf = (value: Json | undefined): Pick<RegisteredAccount, 'plateStartsPerDay'> =>
  typeof value === 'number' ? { plateStartsPerDay: value } : {}

const confirmOf = (value: Json | undefined): Confirm =>
  value === 'always' || value === 'first-visit' ? value : 'never'

/**
 * Folds one record of the stream `register` and answers the same register. A record that was folded before (its version is not newer)
 * changes nothing, and neither does a cause that is none of the register's.
 */
export function foldRegister(
  register: Register,
  record: { readonly version: number; readonly cause: Cause },
): Register {
  if (record.version <= register.version) return register
  const written = register as Written
  written.version = record.version
  const { cause } = record
  const accountId = text(cause['accountId'])
  const handle = text(cause['handle'])
  switch (cause.type) {
    case 'account.changed':
      if (accountId === null) break
      if (cause['deleted'] === true) written.accounts.delete(accountId)
      else
        written.accounts.set(accountId, {
          status: cause['status'] === 'active' ? 'active' : 'blocked',
          confirm: confirmOf(cause['confirm']),
          ...limitOf(cause['plateStartsPerDay']),
        })
      break
    case 'vehicle.registered':
      if (accountId === null || handle === null) break
      written.vehicles.set(handle, {
        accountId,
        fleet: text(cause['fleet']),
        hasAlias: cause['hasAlias'] === true,
        hours: text(cause['hours']),
        ...validity(cause),
      })
      break
    case 'vehicle.removed':
      if (handle !== null) written.vehicles.delete(handle)
      break
    case 'token.registered':
      if (accountId !== null && handle !== null) written.cards.set(handle, { accountId, ...validity(cause) })
      break
    case 'token.removed':
      if (handle !== null) written.cards.delete(handle)
      break
    case 'objection.entered':
      if (handle !== null) written.objections.add(handle)
      break
    case 'objection.withdrawn':
      if (handle !== null) written.objections.delete(handle)
      break
  }
  return register
}

/** How the register stands to somebody. Account and confirm are null and `never` where nobody is known. */
export type Stand = { readonly standing: Standing; readonly accountId: string | null; readonly confirm: Confirm }

const STRANGER: Stand = { standing: 'unknown', accountId: null, confirm: 'never' }

/** How the register stands to a vehicle at `at` (ms since 1970). A vehicle whose account is gone is unknown. */
export function vehicleStanding(register: Register, handle: Handle, at: number, timezone: string): Stand {
  const vehicle = register.vehicles.get(handle)
  return vehicle === undefined ? STRANGER : stand(register, vehicle, vehicle.hours, at, timezone)
}

/** How the register stands to a card at `at` (ms since 1970). */
export function cardStanding(register: Register, handle: Handle, at: number, timezone: string): Stand {
  const card = register.cards.get(handle)
  return card === undefined ? STRANGER : stand(register, card, null, at, timezone)
}

function stand(
  register: Register,
  entry: Validity & { readonly accountId: string },
  hours: string | null,
  at: number,
  timezone: string,
): Stand {
  const account = register.accounts.get(entry.accountId)
  if (account === undefined) return STRANGER
  const known = { accountId: entry.accountId, confirm: account.confirm }
  if (entry.blocked || account.status === 'blocked') return { standing: 'blocked', ...known }
  if (!isValid(entry, at, timezone)) return { standing: 'expired', ...known }
  if (hours !== null && !hoursAllow(hours, at, timezone)) return { standing: 'out-of-hours', ...known }
  return { standing: 'accepted', ...known }
}

/** Outside its dates, before as well as after: `expired` is the alphabet's word for both. */
function isValid({ validFrom, validTo }: Validity, at: number, timezone: string): boolean {
  if (validFrom === null && validTo === null) return true
  const today = wallTime(at, timezone).date
  if (validFrom !== null && (isDate(validFrom) ? today < validFrom : !(at >= Date.parse(validFrom)))) return false
  return validTo === null || (isDate(validTo) ? today <= validTo : at <= Date.parse(validTo))
}

/** A calendar date, not an instant. */
const isDate = (value: string): boolean => value.length === 10

/** Hours that this version cannot read (an older one wrote them) open nothing. */
function hoursAllow(hours: string, at: number, timezone: string): boolean {
  const parsed = parseHours(hours)
  return !('problem' in parsed) && isOpen(parsed, at, timezone)
}
