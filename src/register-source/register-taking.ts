import type { Entry, Journal } from '../../actors/ports.ts'
import type { Handle } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import { fold, normalize } from '../../machines/plate.ts'
import {
  type AccountFields,
  readAccountFields,
  readAccountId,
  type VehicleFields,
} from '../../machines/register-fields.ts'
import { counted } from '../counted.ts'
import { entriesOf, judgeVehicles } from '../register-vehicles.ts'
import { accountEntries, accountEntry, entry, type RegisterRoom, removalOf, write } from '../register-writing.ts'
import type { Caller, RegisterDesk } from '../site-desk.ts'
import type { RegisterRow, SourceRegister } from './signed-register.ts'
import { adoptedCause, type InForce, SOURCE, type SourceMarks } from './source-marks.ts'

/**
 * Of a register that a source sent: taken (entries that it changed and removed; both 0 where it was in force already), or why not, in one
 * sentence. `kept`: accounts that it names no more and that stay for vehicles which people entered; absent where there are none.
 */
export type Taken =
  | {
      readonly version: number
      readonly isNew: boolean
      readonly changed: number
      readonly removed: number
      readonly kept?: number
    }
  | { readonly refused: string }

/** A register with who signed it (public key, hex). */
export type Signed = { readonly register: SourceRegister; readonly key: string }

/** Where a register is taken: `marks` of the same journal. */
export type TakingGround = {
  readonly siteId: string
  readonly journal: Pick<Journal, 'readStream'>
  readonly marks: SourceMarks
}
/** The register's desk, which takes what a source says as well. */
export type SourcedRegister = RegisterDesk & { takeRegister(signed: Signed, ground: TakingGround): Promise<Taken> }
type TakingRoom = RegisterRoom & TakingGround

type NamedAccount = { readonly accountId: string } & AccountFields

const BY: Caller = { name: SOURCE, role: 'admin' }

/**
 * Makes the site's register what the source says, in one batch, or changes nothing: what it brought before and names no more goes, what
 * people of the site entered and it does not name stays, and what they blocked stays blocked. Rejects with Fault STORE_UNWRITABLE.
 */
export async function takeRegister(room: TakingRoom, { register, key }: Signed): Promise<Taken> {
  const { version, sites } = register
  if (sites.length > 0 && !sites.includes(room.siteId))
    return {
      refused: `it is for ${sites.slice(0, 5).join(', ')}, and not for ${room.siteId}; take the one of this site.`,
    }
  await room.marks.follow(room.journal)
  const { madeAt: _, ...content } = register
  const wanted: InForce = { version, key, mark: room.keys.mark(JSON.stringify([content.accounts, content.vehicles])) }
  const standing = standingOf(room.marks.inForce, wanted)
  if (standing !== null) return standing
  const accounts = readAccounts(room, register.accounts)
  if (typeof accounts === 'string') return { refused: accounts }
  const replaces = (handle: Handle): boolean => room.marks.vehicles.has(handle)
  const { judged, vehicles } = await judgeVehicles({ ...room, replaces }, register.vehicles, BY)
  const [first] = judged.refused
  if (first !== undefined) {
    const others = judged.refused.length === 1 ? '' : ` (${judged.refused.length - 1} more of its rows are refused too)`
    return { refused: `its vehicle ${first.row} is refused: ${first.says}${others}` }
  }
  const { gone, kept } = goneEntries(room, accounts, vehicles)
  const brought = broughtEntries(room, accounts, vehicles)
  const counts = { changed: brought.length, removed: gone.length }
  const adopted = entry(adoptedCause(wanted, { vehicles: vehicles.length, accounts: accounts.length, ...counts }), BY)
  await write(
    room,
    [...gone, ...brought, adopted].map((one) => ({ ...one, cause: { ...one.cause, source: true } })),
  )
  return { version, isNew: true, ...counts, ...(kept > 0 && { kept }) }
}

/** How it stands to what is in force; null where it is newer. Versions count by key: another key in the site file begins anew. */
function standingOf(inForce: InForce | null, { version, key, mark }: InForce): Taken | null {
  if (inForce === null || inForce.key !== key || version > inForce.version) return null
  if (version < inForce.version)
    return {
      refused: `it is version ${version}, and version ${inForce.version} is in force here; an older one is never taken back: sign it again with a newer number.`,
    }
  if (mark === inForce.mark) return { version, isNew: false, changed: 0, removed: 0 }
  return { refused: `it is version ${version} again with another content; sign it with a newer number.` }
}

/** The accounts as they may stand, or what is wrong with one. */
function readAccounts(
  { wasErased, marks }: TakingRoom,
  rows: readonly RegisterRow[],
): readonly NamedAccount[] | string {
  const accounts = new Map<string, NamedAccount>()
  for (const [index, row] of rows.entries()) {
    try {
      const accountId = readAccountId(row['accountId'])
      if (accounts.has(accountId)) return `its account ${index + 1} stands there twice; keep one of the two.`
      const fields = readAccountFields(row)
      const name = wasErased(accountId) ? null : fields.name
      const status = marks.isBlockedHere({ accountId }) ? 'blocked' : fields.status
      accounts.set(accountId, { ...fields, accountId, name, status })
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault
      return `its account ${index + 1} is refused: ${fault.message}`
    }
  }
  return [...accounts.values()]
}

/**
 * What the source brought and names no more. What people blocked stays, and so does its account: out of the register it would be open again
 * tomorrow. An account also stays while vehicles that people entered are under it: those are not the source's to take out.
 */
function goneEntries(
  { marks, keys, register }: TakingRoom,
  accounts: readonly NamedAccount[],
  vehicles: readonly VehicleFields[],
): { readonly gone: readonly Entry[]; readonly kept: number } {
  const named = new Set(vehicles.map(({ plate }) => keys.findVehicle(fold(normalize(plate)))))
  const payers = new Set([...accounts, ...vehicles].map(({ accountId }) => accountId))
  const { vehicles: known, accounts: knownAccounts } = register()
  const left = [...marks.vehicles].filter((handle) => known.has(handle) && !named.has(handle))
  const ofPeople = new Set<string>()
  for (const [handle, { accountId }] of known) {
    if (marks.isBlockedHere({ handle }) && !named.has(handle)) payers.add(accountId)
    if (!marks.vehicles.has(handle)) ofPeople.add(accountId)
  }
  const removed = left.filter((handle) => !marks.isBlockedHere({ handle }))
  const unnamed = [...marks.accounts].filter(
    (accountId) => knownAccounts.has(accountId) && !payers.has(accountId) && !marks.isBlockedHere({ accountId }),
  )
  const without = unnamed.filter((accountId) => !ofPeople.has(accountId))
  const taken = new Set(removed)
  const gone = [
    ...removed.map((handle) => entry({ type: 'vehicle.removed', handle }, BY)),
    ...without.flatMap((accountId) =>
      removalOf(register(), accountId, BY, (handle) => !taken.has(handle) && !named.has(handle)),
    ),
  ]
  return { gone, kept: unnamed.length - without.length }
}

/** What it names and is not there as it says. */
function broughtEntries(
  room: TakingRoom,
  accounts: readonly NamedAccount[],
  vehicles: readonly VehicleFields[],
): readonly Entry[] {
  const { marks, keys } = room
  const changed = accounts.flatMap((account) => {
    const entries = accountEntries(room, account, BY)
    return entries.length > 0 || marks.accounts.has(account.accountId) ? entries : [accountEntry(account, BY)]
  })
  const held = vehicles.map((vehicle) => {
    const handle = keys.findVehicle(fold(normalize(vehicle.plate)))
    return handle !== null && marks.isBlockedHere({ handle }) ? { ...vehicle, blocked: true } : vehicle
  })
  const made = new Set(accounts.map(({ accountId }) => accountId))
  return [...changed, ...entriesOf(room, held, BY, made, (handle) => !marks.vehicles.has(handle))]
}

/** What was taken, for people. */
export function takenSays({ version, changed, removed, kept = 0 }: Extract<Taken, { version: number }>): string {
  const stay =
    kept === 0
      ? ''
      : `; ${counted(kept, 'account')} that it names no more ${kept === 1 ? 'stays' : 'stay'} for vehicles that people entered`
  return `version ${version} of the register is in force: ${counted(changed, 'entry', 'entries')} changed, ${removed} removed${stay}.`
}
