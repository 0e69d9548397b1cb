import { existsSync } from 'node:fs'
import type { Chance, Clock, Keys } from '../../actors/ports.ts'
import type { Handle } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { Signer } from '../journal/checkpoint.ts'
import { type Database, guarded, openDatabase, openDatabaseReadOnly, transaction } from '../journal/sqlite-file.ts'
import { lockStore } from '../journal/store-lock.ts'
import type { LastingNote } from '../lasting-note.ts'
import { type RandomBytes, systemRandom } from './cipher.ts'
import { type ErasedEntry, type ErasedList, isMarked, openErasedList } from './erased-list.ts'
import type { KeptSeal } from './kept-seal.ts'
import type { Carried } from './key-periods.ts'
import { KEY_SCHEMA, type KeyTables, keyTables } from './key-tables.ts'
import { KeyVault, type VaultGround } from './key-vault.ts'
import { masterKey } from './master-key.ts'
import { ownedWrite } from './owned-write.ts'
import type { Sealer } from './sealer.ts'
import { storedSigner } from './signing-key.ts'
import { siteKeys } from './site-keys.ts'

/** The key store of one site: handles, tokens, and the keys under which personal fields are sealed. */
export interface KeyStore extends Keys, Sealer {
  /**
   * Destroys the subject's key and unties its handle from plate or card, durably: what was sealed for it can never be opened again.
   * False when there was nothing to destroy.
   */
  destroy(subject: string): boolean
  /** Destroys it as `destroy` does, and writes it on the list of erasures first: no older copy of this store ever serves it again. */
  erase(subject: string): boolean
  /** Erased subjects that this copy of the store still had, and that were destroyed again when it was opened. */
  readonly erasedAgain: readonly string[]
  /** Everybody who was ever erased, newer than any backup. */
  readonly erasedList: ErasedList
  /** Whether a running visit or charge speaks of this one: a card then keeps its handle through a change of keys. The site sets it; before, none does. */
  goesOn: (name: Handle) => boolean
  /** See Sealer: where nodes share the site they set it; else everything durable here is settled. */
  settled: () => Promise<void>
  /** The same for many at once; answers how many had something to destroy. */
  destroyAll(subjects: readonly string[]): number
  /** A vehicle's handle to which a plate still leads, or of which something sealed can still be opened. */
  isLivingVehicle(handle: Handle): boolean
  /** A vehicle, card or account that has a key, or something to be found by. */
  isLiving(subject: string): boolean
  /** All living vehicles that are durable. */
  livingVehicles(): readonly Handle[]
  /** Every handle that this folded plate has in a period whose key lives, newest first. */
  everyVehicle(folded: string): readonly Handle[]
  /** Periods whose keys live, newest first; `since` ms since 1970. */
  periods(): readonly { readonly period: number; readonly since: number }[]
  /**
   * Makes the next period's key, durably. These plates and cards keep their handles (`carried` answers how many had one); anybody else
   * who comes is somebody new.
   */
  beginPeriod(carried: readonly Carried[]): { readonly period: number; readonly carried: number }
  /**
   * Destroys the key of a period that is over, durably: nothing leads to its handles any more, and what was sealed for them goes, but for
   * those that `keeps` names. Answers how many subjects' keys went.
   */
  endPeriod(period: number, keeps: (handle: Handle) => boolean): number
  /** For what is kept beside the journal. */
  readonly kept: KeptSeal
  /** Signs checkpoints of the journal; its key is made at first use and stays for ever. Throws Fault STORE_UNWRITABLE or KEY_UNAVAILABLE. */
  signer(): Signer
  /** Where sign-ins of browsers that ended are written down: it goes wherever the keys go. Writing rejects with Fault STORE_UNWRITABLE, STORE_FENCED or STORE_UNREACHABLE. */
  readonly endedSignIns: LastingNote
  close(): void
}

/** Environment variables by name. */
type Environment = { readonly [name: string]: string | undefined }

/** `path` is the key store's own file (`<store path>.keys`); `env` holds BERTH_MASTER_KEY, else the master key is in `<path>.master`. */
export type KeyStoreOptions = {
  readonly path: string
  readonly siteId: string
  readonly clock: Clock
  readonly chance: Chance
  readonly env?: Environment
  /** Entries of the list of erasures from elsewhere, newer than any backup too. Those that this site marked go on the list before anything is looked up. */
  readonly erasedElsewhere?: readonly ErasedEntry[]
  /** Told of the tables before anything is written to them. */
  readonly opened?: (database: Database) => void
}

/**
 * Opens the site's key store as its one owner, making it at first use. Throws Fault STORE_OWNED, STORE_UNWRITABLE, STORE_CORRUPT, or
 * KEY_UNAVAILABLE when the master key is missing, malformed or another one, or the store is another site's.
 */
export function openKeyStore(options: KeyStoreOptions): KeyStore {
  const { path, siteId, clock, chance, env = process.env, erasedElsewhere } = options
  const lock = lockStore(path)
  try {
    const database = openDatabase(path, KEY_SCHEMA)
    options.opened?.(database)
    const store = openTables({
      path,
      siteId,
      clock,
      chance,
      env,
      random: systemRandom(),
      lock,
      database,
    })
    for (const entry of erasedElsewhere ?? [])
      if (isMarked(entry, (text) => store.mark(text))) store.erasedList.add(entry.name, Date.parse(entry.time))
    store.eraseAgain()
    lock.sign(store.generation, new Date(clock.now()).toISOString())
    return store
  } catch (error) {
    lock.release()
    throw error
  }
}

/**
 * Opens a key store beside its owner, to look up and to open only: making anything throws Fault STORE_UNWRITABLE.
 * Throws Fault KEY_UNAVAILABLE where there is none, or as `openKeyStore` does.
 */
export function openKeyStoreReadOnly({ path, siteId, clock, chance, env = process.env }: KeyStoreOptions): KeyStore {
  if (!existsSync(path))
    throw new Fault('KEY_UNAVAILABLE', { path }, { says: `There is no key store at ${path}; put the file back.` })
  return openTables({
    path,
    siteId,
    clock,
    chance,
    env,
    random: systemRandom(),
    lock: null,
    database: openDatabaseReadOnly(path),
  })
}

/** A key store without files, the same for the same chance: for tests. */
export function openMemoryKeys({ siteId, clock, chance }: { siteId: string; clock: Clock; chance: Chance }): KeyStore {
  const random: RandomBytes = (count) => Buffer.from(chance.hex(count * 2), 'hex')
  const env = { BERTH_MASTER_KEY: chance.hex(64) }
  return openTables({
    path: ':memory:',
    siteId,
    clock,
    chance,
    env,
    random,
    lock: null,
    database: openDatabase(':memory:', KEY_SCHEMA),
  })
}

/** Name under which they are kept. */
const ENDED_SIGN_INS = 'endedSignIns'

type Opening = Omit<VaultGround, 'erased'> & { readonly env: Environment }

function openTables(opening: Opening): KeyVault & Pick<KeyStore, 'signer' | 'endedSignIns'> {
  const { database, path, siteId, env, random, clock, lock } = opening
  try {
    return guarded(path, () => {
      const tables = keyTables(database)
      const isNew = tables.meta('siteId') === null
      const master = masterKey(`${path}.master`, env, random, isNew)
      const keys = siteKeys({ database, tables, path, siteId, master, random, now: clock.now(), isNew })
      const generation = lock === null ? 0 : nextGeneration(database, path, tables)
      const erased = openErasedList(path === ':memory:' ? null : `${path}.erased`, {
        read: () => Number(tables.meta('erased') ?? 0),
        write: (count) => guarded(path, () => tables.setMeta('erased', String(count))),
      })
      const ground = { ...opening, erased }
      let signer: Signer | null = null
      const vault = new KeyVault(ground, tables, master, keys, generation)
      return Object.assign(vault, {
        endedSignIns: {
          text: tables.meta(ENDED_SIGN_INS),
          write: async (text: string) => {
            ownedWrite(ground, tables, generation, () => tables.setMeta(ENDED_SIGN_INS, text))
            await vault.settled()
          },
        },
        signer: () => {
          signer ??= storedSigner(ground, tables, master, generation)
          return signer
        },
      })
    })
  } catch (error) {
    database.close()
    throw error
  }
}

/** Each owner raises the generation: an older one that still runs can no longer write (its journal is fenced as well). */
function nextGeneration(database: Database, path: string, tables: KeyTables): number {
  return transaction(database, path, () => {
    const generation = Number(tables.meta('generation') ?? 0) + 1
    tables.setMeta('generation', String(generation))
    return generation
  })
}
