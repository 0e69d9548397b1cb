import type { Handle, Json } from '../machines/events.ts'
import { Fault } from '../machines/faults.ts'
import { readAccountFields, readAccountId, readCardFields, readIdToken } from '../machines/register-fields.ts'
import { type SourcedRegister, takeRegister } from './register-source/register-taking.ts'
import {
  blockVehicle,
  deleteVehicle,
  findVehicle,
  importVehicles,
  judgeVehicles,
  putVehicle,
  vehicleOf,
} from './register-vehicles.ts'
import {
  accountEntries,
  accountOf,
  entry,
  newAccount,
  type RegisterRoom,
  refuseOther,
  removalOf,
  same,
  write,
} from './register-writing.ts'
import type { Account, Caller, IdTokenEntry } from './site-desk.ts'

type Fields = { readonly [key: string]: Json }

/**
 * The register's desk: checks what people write, makes it records of the stream `register`, and shows it again. A PUT replaces the whole
 * entry (a field left out is its default) and writes nothing where nothing changes. Writes are taken one after the other, so that two
 * plates that look the same cannot pass each other. Taking an account out takes its vehicles and tokens out in the same batch.
 */
export function registerDesk(room: RegisterRoom): SourcedRegister {
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
    judgeVehicles: async (rows, by) => (await judgeVehicles(room, rows, by)).judged,
    blockVehicle: (plate, order, by) => inTurn(() => blockVehicle(room, plate, order, by)),
    deleteVehicle: (plate, by) => inTurn(() => deleteVehicle(room, plate, by)),
    token: (idToken) => tokenOf(room, room.keys.findCard(idToken.trim().toUpperCase())),
    putToken: (idToken, fields, by) => inTurn(() => putToken(room, idToken, fields, by)),
    takeRegister: (signed, ground) => inTurn(() => takeRegister({ ...room, ...ground }, signed)),
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

// Accounts

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
  await write(room, accountEntries(room, account, by))
  return account
}

async function deleteAccount(room: RegisterRoom, accountId: string, by: Caller): Promise<boolean> {
  const removal = removalOf(room.register(), accountId, by)
  await write(room, removal)
  return removal.length > 0
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
