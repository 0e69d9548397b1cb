import { rmSync } from 'node:fs'
import { openMemoryJournal } from '../../src/journal/memory.ts'
import { openSqliteJournalReadOnly } from '../../src/journal/sqlite-reader.ts'
import { openMemoryKeys } from '../../src/privacy/key-store.ts'
import { archiveAll, dropAll } from './archived-store.ts'
import { journalContract } from './journal-contract.ts'
import { newFolder, openStore, type Store, seededChance, stillClock } from './journal-drafts.ts'

journalContract(
  'memory',
  async () => {
    const keys = openMemoryKeys({ siteId: 'depot', clock: stillClock(), chance: seededChance(1) })
    const journal = openMemoryJournal({ siteId: 'depot', clock: stillClock(), keys })
    return {
      journal: () => journal,
      handle: (plate) => keys.vehicle(plate),
      reopen: null,
      reader: async () => journal,
      close: async () => keys.close(),
    }
  },
  60,
)

journalContract('sqlite that archives what it has', () => sqliteSubject(archiveAll, (path) => dropAll(path)), 40)

journalContract('sqlite', () => sqliteSubject(), 40)

/** A store on disk. `archive` is asked before it is closed to be opened anew, `drop` while it is closed. */
async function sqliteSubject(
  archive: (store: Store) => Promise<unknown> = async () => undefined,
  drop: (path: string) => void = () => undefined,
) {
  const folder = newFolder()
  let store = await openStore(folder)
  let reader = await openSqliteJournalReadOnly({ path: store.path, keys: store.keys })
  return {
    journal: () => store.journal,
    handle: (plate: string) => store.keys.vehicle(plate),
    reader: async () => reader,
    async reopen() {
      await archive(store)
      await reader.close()
      await store.close()
      drop(store.path)
      store = await openStore(folder)
      reader = await openSqliteJournalReadOnly({ path: store.path, keys: store.keys })
    },
    async close() {
      await reader.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
