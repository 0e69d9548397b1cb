import { openKurrentJournalReadOnly } from '../../src/journal/kurrent-reader.ts'
import { journalContract } from './journal-contract.ts'
import { KurrentDouble } from './kurrent-double.ts'
import { openKurrentStore } from './kurrent-store.ts'
import { serverStage } from './served-log.ts'

for (const withBatch of [true, false]) {
  journalContract(
    `kurrentdb (double, ${withBatch ? 'BatchAppend' : 'Append'})`,
    async () => {
      const server = await KurrentDouble.open({ withBatch })
      const { url } = server
      const stage = await serverStage(
        (folder, siteId) => openKurrentStore(url, folder, { siteId }),
        (siteId, keys) => openKurrentJournalReadOnly({ url, siteId, keys }),
      )
      return { ...stage, close: () => stage.close().finally(() => server.close()) }
    },
    withBatch ? 20 : 8,
  )
}
