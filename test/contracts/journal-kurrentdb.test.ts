import { rmSync } from 'node:fs'
import { openKurrentJournalReadOnly } from '../../src/journal/kurrent-reader.ts'
import { journalContract } from './journal-contract.ts'
import { newFolder } from './journal-drafts.ts'
import { KurrentDouble } from './kurrent-double.ts'
import { openKurrentStore } from './kurrent-store.ts'

for (const withBatch of [true, false]) {
  journalContract(
    `kurrentdb (double, ${withBatch ? 'BatchAppend' : 'Append'})`,
    async () => {
      const server = await KurrentDouble.open({ withBatch })
      const folder = newFolder()
      let store = await openKurrentStore(server.url, folder)
      const read = () => openKurrentJournalReadOnly({ url: server.url, siteId: 'depot', keys: store.keys })
      let reader = await read()
      return {
        journal: () => store.journal,
        handle: (plate) => store.keys.vehicle(plate),
        reader: async () => reader,
        async reopen() {
          await reader.close()
          await store.close()
          store = await openKurrentStore(server.url, folder)
          reader = await read()
        },
        async close() {
          await reader.close()
          await store.close()
          await server.close()
          rmSync(folder, { recursive: true, force: true })
        },
      }
    },
    withBatch ? 20 : 8,
  )
}
