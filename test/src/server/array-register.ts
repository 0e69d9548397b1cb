import { Fault } from '../../../machines/faults.ts'
import type { Account, IdTokenEntry, RegisterDesk, Vehicle } from '../../../src/site-desk.ts'

/** A register that keeps everything in arrays; while `failing` nothing can be written. */
export function arrayRegister(failing: () => boolean): RegisterDesk {
  const accounts = new Map<string, Account>()
  const vehicles = new Map<string, Vehicle>()
  const tokens = new Map<string, IdTokenEntry>()
  const guard = () => {
    if (failing()) throw new Fault('STORE_UNWRITABLE')
  }
  const open = { validFrom: null, validTo: null, blocked: false }
  return {
    account: (id) => accounts.get(id) ?? null,
    accounts: () => [...accounts.values()],
    putAccount: async (accountId, fields) => {
      guard()
      const account: Account = { name: null, status: 'active', confirm: 'never', ...fields, accountId }
      accounts.set(accountId, account)
      return account
    },
    deleteAccount: async (id) => accounts.delete(id),
    vehicle: (plate) => vehicles.get(plate) ?? null,
    vehicles: () => [...vehicles.values()],
    putVehicle: async (plate, fields) => {
      guard()
      const holder = [...vehicles.values()].find(
        (each) => each.plate.replaceAll('8', 'B') === plate.replaceAll('8', 'B'),
      )
      if (holder && holder.accountId !== fields['accountId']) throw new Fault('PLATE_TAKEN')
      const vehicle: Vehicle = { fleet: null, alias: null, hours: null, accountId: '', ...open, ...fields, plate }
      vehicles.set(plate, vehicle)
      return vehicle
    },
    importVehicles: async (rows) => {
      const refused = rows.flatMap((row, at) =>
        String(row['plate']).length < 2 ? [{ row: at + 1, says: 'A plate has two characters or more.' }] : [],
      )
      if (refused.length > 0) return { imported: 0, refused }
      for (const row of rows)
        vehicles.set(String(row['plate']), {
          fleet: null,
          alias: null,
          hours: null,
          accountId: '',
          ...open,
          ...row,
          plate: String(row['plate']),
        })
      return { imported: rows.length, refused }
    },
    judgeVehicles: async (rows) => ({ added: rows.length, changed: 0, same: 0, lifts: [], refused: [] }),
    blockVehicle: async (plate, { blocked }) => {
      guard()
      const known = vehicles.get(plate)
      if (known === undefined) return null
      vehicles.set(plate, { ...known, blocked })
      return { ...known, blocked }
    },
    deleteVehicle: async (plate) => vehicles.delete(plate),
    token: (id) => tokens.get(id) ?? null,
    putToken: async (idToken, fields) => {
      guard()
      const token: IdTokenEntry = { accountId: '', ...open, ...fields, idToken }
      tokens.set(idToken, token)
      return token
    },
    deleteToken: async (id) => tokens.delete(id),
  }
}
