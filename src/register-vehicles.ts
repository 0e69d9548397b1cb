import type { Entry } from '../actors/ports.ts'
import type { Handle, Json } from '../machines/events.ts'
import { Fault } from '../machines/faults.ts'
import { fold, mask, normalize } from '../machines/plate.ts'
import { readVehicleFields, readVehicleRow, type VehicleFields } from '../machines/register-fields.ts'
import { demandOwn, isOwn, ownAccounts } from './own-accounts.ts'
import { entry, newAccount, type RegisterRoom, refuseOther, same, write } from './register-writing.ts'
import type { BlockReason, Caller, RegisterDesk, Vehicle, VehicleBlock, VehicleImport } from './site-desk.ts'

type Fields = { readonly [key: string]: Json }
type Refusal = { readonly row: number; readonly says: string }

/** The handle of the registered vehicle with this very plate (spaces and case apart), not with one that looks the same. */
export function findVehicle({ keys, register, texts }: RegisterRoom, plate: string): Handle | null {
  const normal = normalize(plate)
  if (normal === '') return null
  const handle = keys.findVehicle(fold(normal))
  if (handle === null || !register().vehicles.has(handle)) return null
  const known = texts.vehicles.get(handle)
  return known === undefined || normalize(known.plate) === normal ? handle : null
}

/** The vehicle of a handle as people are shown it; null where nobody registered it, or its text is gone. */
export function vehicleOf({ register, texts }: RegisterRoom, handle: Handle | null): Vehicle | null {
  const known = handle === null ? undefined : register().vehicles.get(handle)
  const shown = handle === null ? undefined : texts.vehicles.get(handle)
  if (known === undefined || shown === undefined) return null
  const { accountId, fleet, validFrom, validTo, hours, blocked } = known
  const { plate, alias, block } = shown
  return { plate, accountId, fleet, alias, validFrom, validTo, hours, blocked, ...(blocked && block && { block }) }
}

/** Registers or changes one. Throws Fault BODY_INVALID, PLATE_TAKEN or FORBIDDEN. */
export async function putVehicle(room: RegisterRoom, plate: string, fields: Fields, by: Caller): Promise<Vehicle> {
  const vehicle = readVehicleFields(plate, fields)
  refuseOther(
    typeof fields['plate'] === 'string' ? normalize(fields['plate']) : fields['plate'],
    normalize(vehicle.plate),
    'plate',
    'vehicle',
  )
  demandOwn(by, vehicle.accountId)
  const rival = rivalOf(room, vehicle)
  const taken = rival ?? (othersAlias(room, vehicle, by, othersAliases(room, by)) ? ALIAS_TAKEN : null)
  if (taken !== null) throw new Fault('PLATE_TAKEN', {}, { says: taken })
  const handle = findVehicle(room, plate)
  if (!vehicle.blocked) demandLift(vehicleOf(room, handle), by)
  await write(room, entriesOf(room, [vehicle], by))
  return vehicleOf(room, findVehicle(room, plate)) ?? vehicle
}

const HELD = 'was blocked by people of the site; only they lift that block.'

/** A fleet lifts what a fleet blocked: a block of the site's people is theirs to lift. */
const isHeld = (known: Vehicle | null, by: Caller): boolean =>
  known?.blocked === true && by.role === 'fleet' && known.block?.role !== 'fleet'

function demandLift(known: Vehicle | null, by: Caller): void {
  if (isHeld(known, by)) throw new Fault('FORBIDDEN', { role: by.role }, { says: `This vehicle ${HELD}` })
}

/** Why the plate cannot be registered beside those that are, or null. The sentence names no other account and no whole plate. */
function rivalOf(
  { keys, register, texts, replaces }: RegisterRoom,
  { plate, accountId }: VehicleFields,
): string | null {
  const normal = normalize(plate)
  const handle = keys.findVehicle(fold(normal))
  const holder = handle === null ? undefined : register().vehicles.get(handle)
  if (handle === null || holder === undefined || replaces?.(handle) === true) return null
  if (holder.accountId !== accountId) {
    return 'Another account holds this plate or one that cameras cannot tell from it (0 and O, 1 and I, 8 and B are one to them); remove that one first.'
  }
  const held = texts.vehicles.get(handle)?.plate
  if (held === undefined || normalize(held) === normal) return null
  return `The account has ${mask(normalize(held))}, which cameras cannot tell from this plate (0 and O, 1 and I, 8 and B are one to them); remove that one first.`
}

const ALIAS_TAKEN = 'This alias bills another account at the back end; take one of your own, or ask a supervisor.'

/** By what vehicles of accounts that are not the caller’s are billed at the back end, in capitals; none for who is held to no accounts. */
function othersAliases({ register, texts }: RegisterRoom, by: Caller): ReadonlySet<string> {
  if (ownAccounts(by) === null) return new Set()
  const others = [...texts.vehicles].filter(([handle]) => {
    const known = register().vehicles.get(handle)
    return known !== undefined && !isOwn(by, known.accountId)
  })
  return new Set(others.flatMap(([, { alias }]) => alias?.toUpperCase() ?? []))
}

/** Whether the vehicle would be billed as somebody else is, by a plate's alias or a card. What it has already stays. */
function othersAlias(room: RegisterRoom, vehicle: VehicleFields, by: Caller, others: ReadonlySet<string>): boolean {
  const alias = vehicle.alias?.toUpperCase()
  if (alias === undefined || ownAccounts(by) === null) return false
  if (vehicleOf(room, findVehicle(room, vehicle.plate))?.alias?.toUpperCase() === alias) return false
  const card = room.keys.findCard(alias)
  const holder = card === null ? undefined : room.register().cards.get(card)
  return others.has(alias) || (holder !== undefined && !isOwn(by, holder.accountId))
}

/** The records that bring the register to these vehicles: none for one that is there as it is, unless it is `anew`. Accounts in `made` are made already. */
export function entriesOf(
  room: RegisterRoom,
  vehicles: readonly VehicleFields[],
  by: Caller,
  made = new Set<string>(),
  anew: (handle: Handle) => boolean = () => false,
): Entry[] {
  return vehicles.flatMap((vehicle) => {
    const handle = room.keys.vehicle(fold(normalize(vehicle.plate)))
    const known = vehicleOf(room, handle)
    if (same(known, vehicle) && !anew(handle)) return []
    const usual: VehicleBlock = { reason: 'other', by: by.name, role: by.role }
    const registered = entryOf(handle, vehicle, vehicle.blocked ? (known?.block ?? usual) : null, by)
    if (room.register().accounts.has(vehicle.accountId) || made.has(vehicle.accountId)) return [registered]
    made.add(vehicle.accountId)
    return [newAccount(vehicle.accountId, by), registered]
  })
}

function entryOf(handle: Handle, vehicle: VehicleFields, block: VehicleBlock | null, by: Caller): Entry {
  const { plate, alias, ...decides } = vehicle
  const cause = { type: 'vehicle.registered', handle, ...decides, hasAlias: alias !== null, ...(block && { block }) }
  return entry(cause, by, { [handle]: { plate, alias } })
}

/** Rows that are judged at once: bays, charge points and people have their turn before the next. */
const AT_ONCE = 100

/** Rows of a file, judged against the register as it is: what each would do, and the vehicles of those that may come in. */
export async function judgeVehicles(
  room: RegisterRoom,
  rows: readonly Fields[],
  by: Caller,
): Promise<{ readonly judged: VehicleImport; readonly vehicles: readonly VehicleFields[] }> {
  const vehicles: VehicleFields[] = []
  const refused: Refusal[] = []
  const lifts: number[] = []
  const counts = { added: 0, changed: 0, same: 0 }
  const rowOf = new Map<string, Place>()
  const others = othersAliases(room, by)
  for (const [index, fields] of rows.entries()) {
    const row = index + 1
    if (row % AT_ONCE === 0) await new Promise<void>((go) => setImmediate(go))
    const read = readRow(room, fields, { row, rowOf, others }, by)
    if ('says' in read) {
      refused.push({ row, says: read.says })
      continue
    }
    const known = vehicleOf(room, findVehicle(room, read.plate))
    counts[known === null ? 'added' : same(known, read) ? 'same' : 'changed'] += 1
    if (known?.blocked === true && !read.blocked) lifts.push(row)
    vehicles.push(read)
  }
  return { judged: { ...counts, lifts, refused }, vehicles }
}

type Place = { readonly row: number; readonly normal: string }

/** One row as a vehicle, or why not. */
function readRow(
  room: RegisterRoom,
  fields: Fields,
  { row, rowOf, others }: { row: number; rowOf: Map<string, Place>; others: ReadonlySet<string> },
  by: Caller,
): VehicleFields | { readonly says: string } {
  try {
    const vehicle = readVehicleRow(fields)
    const normal = normalize(vehicle.plate)
    const key = fold(normal)
    const twin = rowOf.get(key)
    if (twin !== undefined) return { says: twinSays(twin.row, twin.normal === normal) }
    rowOf.set(key, { row, normal })
    demandOwn(by, vehicle.accountId)
    const rival = rivalOf(room, vehicle)
    if (rival !== null) return { says: rival }
    if (othersAlias(room, vehicle, by, others)) return { says: ALIAS_TAKEN }
    const known = vehicleOf(room, findVehicle(room, vehicle.plate))
    return !vehicle.blocked && isHeld(known, by) ? { says: `The vehicle ${HELD}` } : vehicle
  } catch (fault) {
    if (!(fault instanceof Fault && (fault.code === 'BODY_INVALID' || fault.code === 'FORBIDDEN'))) throw fault
    return { says: fault.message }
  }
}

/** Registers all rows, or none where one is refused. */
export async function importVehicles(
  room: RegisterRoom,
  rows: readonly Fields[],
  by: Caller,
): ReturnType<RegisterDesk['importVehicles']> {
  const { judged, vehicles } = await judgeVehicles(room, rows, by)
  const { refused } = judged
  if (refused.length > 0) return { imported: 0, refused }
  await write(room, entriesOf(room, vehicles, by))
  return { imported: rows.length, refused }
}

/** Why two rows of one file cannot both be registered. */
export const twinSays = (row: number, isSame: boolean, unit: 'row' | 'line' = 'row'): string =>
  isSame
    ? `The plate stands in ${unit} ${row} already; keep one of the two.`
    : `The plate looks the same to cameras as that of ${unit} ${row} (0 and O, 1 and I, 8 and B are one to them); keep one of the two.`

/** Blocks one or lifts its block; null where nobody registered it. Throws Fault FORBIDDEN. */
export async function blockVehicle(
  room: RegisterRoom,
  plate: string,
  { blocked, reason }: { readonly blocked: boolean; readonly reason: BlockReason },
  by: Caller,
): Promise<Vehicle | null> {
  const handle = findVehicle(room, plate)
  const known = vehicleOf(room, handle)
  // To who may not know of it, another's vehicle is none.
  if (handle === null || known === null || !isOwn(by, known.accountId)) return null
  if (known.blocked === blocked) return known
  if (!blocked) demandLift(known, by)
  const { block: _, ...fields } = known
  const made: VehicleBlock = { reason, by: by.name, role: by.role }
  // Why it was lifted stands on record beside the entry that is open again.
  await write(room, [entryOf(handle, { ...fields, blocked }, made, by)])
  return vehicleOf(room, handle)
}

/** Takes one out; false where nobody registered it. Throws Fault FORBIDDEN. */
export async function deleteVehicle(room: RegisterRoom, plate: string, by: Caller): Promise<boolean> {
  const handle = findVehicle(room, plate)
  const known = vehicleOf(room, handle)
  if (handle === null || !isOwn(by, room.register().vehicles.get(handle)?.accountId ?? null)) return false
  // Else whoever may not lift a block would take the vehicle out and register it anew.
  demandLift(known, by)
  await write(room, [entry({ type: 'vehicle.removed', handle }, by)])
  return true
}
