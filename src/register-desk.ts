import type { Entry, Keys, Scribe } from '../actors/ports.ts'
import type { Handle, Json } from '../machines/events.ts'
import { Fault } from '../machines/faults.ts'
import { fold, mask, normalize } from '../machines/plate.ts'
import { foldRegister, type Register, type Validity } from '../machines/register.ts'
import {
  readAccountFields,
  readAccountId,
  readCardFields,
  readIdToken,
  readVehicleFields,
  readVehicleRow,
  type VehicleFields,
} from '../machines/register-fields.ts'
import { foldTexts, type RegisterTexts } from './register-texts.ts'
import type { Account, Caller, IdTokenEntry, RegisterDesk, Vehicle } from './site-desk.ts'

/** What the desk works on. `register` and `texts` come from `rebuildRegister`; the desk folds what it writes into both. */
export type RegisterRoom = {
  readonly scribe: Scribe
  readonly keys: Keys
  readonly register: () => Register
  readonly texts: RegisterTexts
  /** This account was forgotten: nothing can be sealed for it any more. */
  readonly wasErased: (accountId: string) => boolean
}

type Refusal = { readonly row: number; readonly says: string }
type Fields = { readonly [key: string]: Json }

/**
 * The register's desk: checks what people write, makes it records of the stream `register`, and shows it again. A PUT replaces the whole
 * entry (a field left out is its default) and writes nothing where nothing changes. Writes are taken one after the other, so that two
 * plates that look the same cannot pass each other. Taking an account out takes its vehicles and tokens out in the same batch.
 */
export function registerDesk(room: RegisterRoom): RegisterDesk {
  const inTurn = turns()
  return {
    account: (accountId) => accountOf(room, accountId),
    accounts: () => [...room.register().accounts.keys()].flatMap((accountId) => accountOf(room, accountId) ?? []),
    putAccount: (accountId, fields, by) => inTurn(() => putAccount(room, accountId, fields, by)),
    deleteAccount: (accountId, by) => inTurn(() => deleteAccount(room, accountId, by)),
    vehicle: (plate) => vehicleOf(room, findVehicle(room, plate)),
    vehicles: () => [...room.register().vehicles.keys()].flatMap((handle) => vehicleOf(room, handle) ?? []),
    putVehicle: (plate, fields, by) => inTurn(() => putVehicle(room, plate, fields, by)),
    importVehicles: (rows, by) => inTurn(() => importVehicles(room, rows, by)),
    deleteVehicle: (plate, by) => inTurn(() => deleteVehicle(room, plate, by)),
    token: (idToken) => tokenOf(room, room.keys.findCard(idToken.trim().toUpperCase())),
    putToken: (idToken, fields, by) => inTurn(() => putToken(room, idToken, fields, by)),
    deleteToken: (idToken, by) => inTurn(() => deleteToken(room, idToken, by)),
  }
}

/** Runs pieces of work one after the other, in the order of the calls, whatever became of those before. */
function turns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work, work)
    last = mine
    return mine
  }
}

/** Writes the entries as one batch, and folds the records into what the desk shows once they are durable. */
async function write(room: RegisterRoom, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return
  const records = await room.scribe.write(entries)
  for (const [index, record] of records.entries()) {
    foldRegister(room.register(), record)
    foldTexts(room.texts, record.cause, entries[index]?.personal ?? {})
  }
}

const entry = (cause: Entry['cause'], by: Caller, personal: Entry['personal'] = {}): Entry => ({
  stream: 'register',
  cause: { ...cause, by: by.name },
  decisions: [],
  personal,
})

// Accounts

function accountOf({ register, texts }: RegisterRoom, accountId: string): Account | null {
  const known = register().accounts.get(accountId)
  return known === undefined ? null : { accountId, name: texts.names.get(accountId) ?? null, ...known }
}

async function putAccount(room: RegisterRoom, id: string, fields: Fields, by: Caller): Promise<Account> {
  const accountId = readAccountId(id)
  refuseOther(fields['accountId'], accountId, 'accountId', 'account')
  const { name, ...rules } = readAccountFields(fields)
  if (name !== null && room.wasErased(accountId))
    throw new Fault(
      'BODY_INVALID',
      { field: 'accountId' },
      { says: 'Who had this account was forgotten, and its id bears no name again; take another id.' },
    )
  const account: Account = { accountId, name, ...rules }
  if (!same(accountOf(room, accountId), account)) {
    await write(room, [
      entry({ type: 'account.changed', accountId, ...rules }, by, name === null ? {} : { [accountId]: { name } }),
    ])
  }
  return account
}

async function deleteAccount(room: RegisterRoom, accountId: string, by: Caller): Promise<boolean> {
  const { accounts, vehicles, cards } = room.register()
  const known = accounts.get(accountId)
  if (known === undefined) return false
  const its = <T extends { readonly accountId: string }>(entries: ReadonlyMap<Handle, T>): Handle[] =>
    [...entries].flatMap(([handle, each]) => (each.accountId === accountId ? [handle] : []))
  await write(room, [
    ...its(vehicles).map((handle) => entry({ type: 'vehicle.removed', handle }, by)),
    ...its(cards).map((handle) => entry({ type: 'token.removed', handle }, by)),
    entry({ type: 'account.changed', accountId, ...known, deleted: true }, by),
  ])
  return true
}

/** The record that makes an account which a vehicle or token names first. */
const newAccount = (accountId: string, by: Caller): Entry =>
  entry({ type: 'account.changed', accountId, status: 'active', confirm: 'never' }, by)

// Vehicles

/** The registered vehicle with this very plate (spaces and case apart), not with one that looks the same. */
function findVehicle({ keys, register, texts }: RegisterRoom, plate: string): Handle | null {
  const normal = normalize(plate)
  if (normal === '') return null
  const handle = keys.findVehicle(fold(normal))
  if (handle === null || !register().vehicles.has(handle)) return null
  const known = texts.vehicles.get(handle)
  return known === undefined || normalize(known.plate) === normal ? handle : null
}

function vehicleOf({ register, texts }: RegisterRoom, handle: Handle | null): Vehicle | null {
  const known = handle === null ? undefined : register().vehicles.get(handle)
  const shown = handle === null ? undefined : texts.vehicles.get(handle)
  if (known === undefined || shown === undefined) return null
  const { accountId, fleet, validFrom, validTo, hours, blocked } = known
  return { plate: shown.plate, accountId, fleet, alias: shown.alias, validFrom, validTo, hours, blocked }
}

async function putVehicle(room: RegisterRoom, plate: string, fields: Fields, by: Caller): Promise<Vehicle> {
  const vehicle = readVehicleFields(plate, fields)
  refuseOther(
    typeof fields['plate'] === 'string' ? normalize(fields['plate']) : fields['plate'],
    normalize(vehicle.plate),
    'plate',
    'vehicle',
  )
  const rival = rivalOf(room, vehicle)
  if (rival !== null) throw new Fault('PLATE_TAKEN', {}, { says: rival })
  await write(room, entriesOf(room, [vehicle], by))
  return vehicle
}

/** Why the plate cannot be registered beside those that are, or null. The sentence names no other account and no whole plate. */
function rivalOf({ keys, register, texts }: RegisterRoom, { plate, accountId }: VehicleFields): string | null {
  const normal = normalize(plate)
  const handle = keys.findVehicle(fold(normal))
  const holder = handle === null ? undefined : register().vehicles.get(handle)
  if (handle === null || holder === undefined) return null
  if (holder.accountId !== accountId) {
    return 'Another account holds this plate or one that cameras cannot tell from it (0 and O, 1 and I, 8 and B are one to them); remove that one first.'
  }
  const held = texts.vehicles.get(handle)?.plate
  if (held === undefined || normalize(held) === normal) return null
  return `The account has ${mask(normalize(held))}, which cameras cannot tell from this plate (0 and O, 1 and I, 8 and B are one to them); remove that one first.`
}

/** The records that bring the register to these vehicles: none for one that is there as it is. */
function entriesOf(room: RegisterRoom, vehicles: readonly VehicleFields[], by: Caller): Entry[] {
  const made = new Set<string>()
  return vehicles.flatMap((vehicle) => {
    const { plate, alias, ...decides } = vehicle
    const handle = room.keys.vehicle(fold(normalize(plate)))
    if (same(vehicleOf(room, handle), vehicle)) return []
    const registered = entry({ type: 'vehicle.registered', handle, ...decides, hasAlias: alias !== null }, by, {
      [handle]: { plate, alias },
    })
    if (room.register().accounts.has(vehicle.accountId) || made.has(vehicle.accountId)) return [registered]
    made.add(vehicle.accountId)
    return [newAccount(vehicle.accountId, by), registered]
  })
}

async function importVehicles(
  room: RegisterRoom,
  rows: readonly Fields[],
  by: Caller,
): ReturnType<RegisterDesk['importVehicles']> {
  const vehicles: VehicleFields[] = []
  const refused: Refusal[] = []
  const rowOf = new Map<string, { readonly row: number; readonly normal: string }>()
  for (const [index, fields] of rows.entries()) {
    const row = index + 1
    try {
      const vehicle = readVehicleRow(fields)
      const normal = normalize(vehicle.plate)
      const key = fold(normal)
      const twin = rowOf.get(key)
      const says = twin === undefined ? rivalOf(room, vehicle) : twinSays(twin.row, twin.normal === normal)
      if (twin === undefined) rowOf.set(key, { row, normal })
      if (says === null) vehicles.push(vehicle)
      else refused.push({ row, says })
    } catch (fault) {
      if (!(fault instanceof Fault && fault.code === 'BODY_INVALID')) throw fault
      refused.push({ row, says: fault.message })
    }
  }
  if (refused.length > 0) return { imported: 0, refused }
  await write(room, entriesOf(room, vehicles, by))
  return { imported: rows.length, refused }
}

/** Why two rows of one file cannot both be registered. */
export const twinSays = (row: number, isSame: boolean, unit: 'row' | 'line' = 'row'): string =>
  isSame
    ? `The plate stands in ${unit} ${row} already; keep one of the two.`
    : `The plate looks the same to cameras as that of ${unit} ${row} (0 and O, 1 and I, 8 and B are one to them); keep one of the two.`

async function deleteVehicle(room: RegisterRoom, plate: string, by: Caller): Promise<boolean> {
  const handle = findVehicle(room, plate)
  if (handle === null) return false
  await write(room, [entry({ type: 'vehicle.removed', handle }, by)])
  return true
}

// Cards and app tokens

function tokenOf({ register, texts }: RegisterRoom, handle: Handle | null): IdTokenEntry | null {
  const known = handle === null ? undefined : register().cards.get(handle)
  const idToken = handle === null ? undefined : texts.cards.get(handle)
  return known === undefined || idToken === undefined ? null : { idToken, ...known }
}

async function putToken(room: RegisterRoom, text: string, fields: Fields, by: Caller): Promise<IdTokenEntry> {
  const idToken = readIdToken(text)
  refuseOther(
    typeof fields['idToken'] === 'string' ? fields['idToken'].trim().toUpperCase() : fields['idToken'],
    idToken,
    'idToken',
    'token',
  )
  const card = readCardFields(fields)
  if (room.keys.findStart(idToken) !== null) {
    throw new Fault(
      'BODY_INVALID',
      { field: 'idToken' },
      { says: 'berth made this token for a start of its own; register the card that the driver holds.' },
    )
  }
  const handle = room.keys.card(idToken)
  const wanted: IdTokenEntry = { idToken, ...card }
  if (!same(tokenOf(room, handle), wanted)) {
    const missing = room.register().accounts.has(card.accountId) ? [] : [newAccount(card.accountId, by)]
    await write(room, [...missing, entry({ type: 'token.registered', handle, ...card }, by, { [handle]: { idToken } })])
  }
  return wanted
}

async function deleteToken(room: RegisterRoom, idToken: string, by: Caller): Promise<boolean> {
  const handle = room.keys.findCard(idToken.trim().toUpperCase())
  if (handle === null || !room.register().cards.has(handle)) return false
  await write(room, [entry({ type: 'token.removed', handle }, by)])
  return true
}

/** A body may repeat the name that its address holds, and may not hold another. */
function refuseOther(inBody: Json | undefined, inAddress: string, field: string, what: string): void {
  if (inBody === undefined || inBody === null || inBody === inAddress) return
  throw new Fault(
    'BODY_INVALID',
    { field },
    { says: `${field} in the body is not the ${what} that the address names; leave it out.` },
  )
}

/** Same content, whatever the order of the keys. */
function same<T extends Validity | Account>(known: T | null, wanted: T): boolean {
  if (known === null) return false
  return Object.entries(wanted).every(([key, value]) => (known as { readonly [key: string]: unknown })[key] === value)
}
