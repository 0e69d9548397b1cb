import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { LateRecords } from '../../actors/late-records.ts'
import type { Journal } from '../../actors/ports.ts'
import { systemChance } from '../../src/chance.ts'
import type { Patience } from '../../src/journal/server-append.ts'
import type { ServerJournalOptions } from '../../src/journal/server-journal.ts'
import { type KeyStore, openKeyStore } from '../../src/privacy/key-store.ts'
import type { JournalStage } from './journal-contract.ts'
import { newFolder, stillClock } from './journal-drafts.ts'

/** A site's log on a server, and its keys on disk. */
export type OpenedStore = {
  readonly journal: Journal & LateRecords
  readonly keys: KeyStore
  readonly path: string
  readonly close: () => Promise<void>
}

/** Which site's, and how long a call may take. */
export type StoreWish = { readonly siteId?: string; readonly patience: Patience }

/** Opens (or makes) the log of `siteId` with `open` on the server at `url`, with its local files in `folder`. */
export async function openServerStore(
  open: (options: ServerJournalOptions) => Promise<Journal & LateRecords>,
  url: string,
  folder: string,
  { siteId = 'depot', patience }: StoreWish,
): Promise<OpenedStore> {
  const path = join(folder, 'site.db')
  const clock = stillClock()
  const keys = openKeyStore({ path: `${path}.keys`, siteId, clock, chance: systemChance, env: {} })
  try {
    const journal = await open({ url, path, siteId, clock, keys, patience })
    const close = async () => {
      await journal.close()
      keys.close()
    }
    return { journal, keys, path, close }
  } catch (error) {
    keys.close()
    throw error
  }
}

/** A stage of the journal's contract on a server, where what was written stays: each is a site of its own. */
export async function serverStage(
  open: (folder: string, siteId: string) => Promise<OpenedStore>,
  read: (siteId: string, keys: KeyStore) => Promise<Journal>,
): Promise<JournalStage> {
  const siteId = `contract-${randomUUID()}`
  const folder = newFolder()
  let store = await open(folder, siteId)
  let reader = await read(siteId, store.keys)
  return {
    siteId,
    journal: () => store.journal,
    handle: (plate) => store.keys.vehicle(plate),
    reader: async () => reader,
    async reopen() {
      await reader.close()
      await store.close()
      store = await open(folder, siteId)
      reader = await read(siteId, store.keys)
    },
    async close() {
      await reader.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
