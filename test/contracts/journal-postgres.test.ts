import { openPostgresJournalReadOnly } from '../../src/journal/postgres-reader.ts'
import { journalContract } from './journal-contract.ts'
import { withPostgres } from './postgres-cluster.ts'
import { openPostgresStore } from './postgres-store.ts'
import { serverStage } from './served-log.ts'

withPostgres('the journal on a PostgreSQL', (cluster) => {
  journalContract(
    'postgres',
    () =>
      serverStage(
        (folder, siteId) => openPostgresStore(cluster().url(), folder, { siteId }),
        (siteId, keys) => openPostgresJournalReadOnly({ url: cluster().socketUrl, siteId, keys }),
      ),
    20,
    180_000,
  )
})
