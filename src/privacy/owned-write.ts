import { Fault } from '../../machines/faults.ts'
import { transaction } from '../journal/sqlite-file.ts'
import type { KeyTables } from './key-tables.ts'
import type { VaultGround } from './key-vault.ts'

/**
 * Changes the key store as the owner of this generation: all of it or nothing, durably. Throws Fault STORE_FENCED where a later owner has opened it, STORE_UNWRITABLE,
 * or what `work` throws.
 */
export function ownedWrite<T>(
  { database, path, lock }: Pick<VaultGround, 'database' | 'path' | 'lock'>,
  tables: Pick<KeyTables, 'meta'>,
  generation: number,
  work: () => T,
): T {
  return transaction(database, path, () => {
    const newest = Number(tables.meta('generation') ?? 0)
    if (lock !== null && newest !== generation)
      throw new Fault('STORE_FENCED', { path, epoch: generation, newer: newest })
    return work()
  })
}
