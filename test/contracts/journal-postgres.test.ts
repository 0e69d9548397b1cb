import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { openPostgresJournalReadOnly } from '../../src/journal/postgres-reader.ts'
import { journalContract } from './journal-contract.ts'
import { newFolder } from './journal-drafts.ts'
import { withPostgres } from './postgres-cluster.ts'
import { openPostgresStore } from './postgres-store.ts'

withPostgres('the journal on a PostgreSQL', (cluster) => {
  journalContract(
    'postgres',
    async () => {
      const siteId = `contract-${randomUUID()}`
      const folder = newFolder()
      const open = () => openPostgresStore(cluster().url(), folder, { siteId })
      let store = await open()
      const read = () => openPostgresJournalReadOnly({ url: cluster().socketUrl, siteId, keys: store.keys })
      let reader = await read()
      return {
        siteId,
        journal: () => store.journal,
        handle: (plate) => store.keys.vehicle(plate),
        reader: async () => reader,
        async reopen() {
          await reader.close()
          await store.close()
          store = await open()
          reader = await read()
        },
        async close() {
          await reader.close()
          await store.close()
          rmSync(folder, { recursive: true, force: true })
        },
      }
    },
    20,
    180_000,
  )
})
