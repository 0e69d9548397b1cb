import { test } from 'vitest'
import { openKurrentJournalReadOnly } from '../../src/journal/kurrent-reader.ts'
import { PATIENCE } from '../../src/journal/server-append.ts'
import { journalContract } from './journal-contract.ts'
import { kurrentFacts } from './kurrent-facts.ts'
import { openKurrentStore } from './kurrent-store.ts'
import { serverStage } from './served-log.ts'

const url = process.env['KURRENTDB_URL']

if (url === undefined || url === '') {
  test.skip('kurrentdb: a real server', () => {})
  process.stdout.write('skipped: the journal on a real KurrentDB; name one in KURRENTDB_URL\n')
} else {
  kurrentFacts('kurrentdb', async () => url, PATIENCE)

  journalContract(
    'kurrentdb',
    () =>
      serverStage(
        (folder, siteId) => openKurrentStore(url, folder, { siteId, patience: PATIENCE }),
        (siteId, keys) => openKurrentJournalReadOnly({ url, siteId, keys }),
      ),
    20,
    600_000,
  )
}
