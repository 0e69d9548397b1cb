import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fold } from '../../../machines/plate.ts'
import { replayRecords } from '../../../src/commands/replay.ts'
import { siteStream } from '../../../src/journal/kurrent-event.ts'
import { openLogAsItIs } from '../../../src/journal/kurrent-reader.ts'
import { verifyRows } from '../../../src/journal/verification.ts'
import { tracesIn, tracesUnder } from '../../clear-traces.ts'
import type { KurrentDouble } from '../../contracts/kurrent-double.ts'
import { testDouble } from '../../contracts/kurrent-store.ts'
import { until } from '../serve/serving-line.ts'
import { arrives, auditOf, BY, passes, privateSite, skippingClock, startedRoom } from './private-room.ts'

/** Everything that the server has, as bytes. */
const bytesOn = (double: KurrentDouble): Buffer =>
  Buffer.concat(double.shelf.all.flatMap(({ stream, type, data, meta }) => [Buffer.from(stream + type), data, meta]))

test('a vehicle that is forgotten is nowhere, on the server nor beside it; the log holds, replays, and the other vehicle is as it was', async () => {
  const double = await testDouble()
  const clock = skippingClock()
  const base = await privateSite({ unmatched_s: 2_678_400 }, 2)
  const file = { ...base, store: { kind: 'kurrentdb' as const, url: double.url, path: base.store.path } }
  const room = await startedRoom(file, clock)
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  await room.register.putVehicle('ZZ99ABC', { accountId: 'acc-2' }, BY)
  const handle = await arrives(room, 'AB12CDE', 1, 2)
  await arrives(room, 'ZZ99ABC', 2, 2)
  await passes(room, clock, 3 * 60_000)
  expect(room.site.bay('bay-1')?.visit).toBeNull()
  const before = (await room.journal.readSite()).map(({ hash }) => hash)
  await room.desk.privacy.erase({ plate: 'AB12CDE', account: 'acc-1', verifiedBy: 'Anna Auditor' }, BY)
  await until(() => room.desk.privacy.erasures().some(({ status }) => status === 'done'))
  expect((await auditOf(room, 'erasure.done')).length).toBe(1)
  expect(room.keys.findVehicle(fold('ZZ99ABC'))).not.toBeNull()
  await room.close()

  const secrets = { plates: ['AB12CDE'], pictures: [] }
  expect(tracesIn('the server', bytesOn(double), secrets)).toEqual([])
  expect(tracesUnder(join(file.store.path, '..'), secrets)).toEqual([])
  const log = await openLogAsItIs({ url: double.url, siteId: file.site.id })
  expect(await verifyRows(log)).toMatchObject({ broken: null })
  await log.close()
  expect(double.shelf.read(siteStream(file.site.id))?.length).toBeGreaterThan(before.length)

  const again = await startedRoom(file, clock)
  const records = await again.journal.readSite()
  expect(records.slice(0, before.length).map(({ hash }) => hash)).toEqual(before)
  expect(records.flatMap((record) => Object.keys(again.journal.open(record)))).not.toContain(handle)
  expect(again.register.vehicle('AB12CDE')).toBeNull()
  expect(again.register.vehicle('ZZ99ABC')).toMatchObject({ accountId: 'acc-2' })
  expect((await replayRecords(records, { bay: null, stop: null })).drift).toBeNull()
})
