import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { test } from 'vitest'
import { openKurrentJournalReadOnly } from '../../src/journal/kurrent-reader.ts'
import { PATIENCE } from '../../src/journal/server-append.ts'
import { journalContract } from './journal-contract.ts'
import { newFolder } from './journal-drafts.ts'
import { kurrentFacts } from './kurrent-facts.ts'
import { openKurrentStore } from './kurrent-store.ts'

const url = process.env['KURRENTDB_URL']

if (url === undefined || url === '') {
  test.skip('kurrentdb: a real server', () => {})
  process.stdout.write('skipped: the journal on a real KurrentDB; name one in KURRENTDB_URL\n')
} else {
  kurrentFacts('kurrentdb', async () => url, PATIENCE)

  journalContract(
    'kurrentdb',
    async () => {
      // Streams of a real server stay: each stage is a site of its own.
      const siteId = `contract-${randomUUID()}`
      const folder = newFolder()
      const open = () => openKurrentStore(url, folder, { siteId, patience: PATIENCE })
      let store = await open()
      const read = () => openKurrentJournalReadOnly({ url, siteId, keys: store.keys })
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
    600_000,
  )
}
