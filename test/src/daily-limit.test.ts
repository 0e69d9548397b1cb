import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { openRoom } from '../../src/open-room.ts'
import type { Caller } from '../../src/site-desk.ts'
import { readSiteFile } from '../../src/site-file.ts'
import { cameraMessage, cameraRead } from '../actors/camera-reads.ts'
import { until, writeSite } from './serve/serving-line.ts'

const BY: Caller = { name: 'the operator', role: 'operator' }

test('a plate whose account has begun its charges of the day is refused on record, and its driver is offered a card', async () => {
  const { path } = await writeSite(2, {
    cameraOf: (bay) => bay,
    zones: () => [
      [0.1, 0.1],
      [0.9, 0.1],
      [0.9, 0.9],
      [0.1, 0.9],
    ],
  })
  const file = { ...(await readSiteFile(path, {})), limits: { plateStartsPerDay: 1 } }
  const room = await openRoom(file, systemClock, () => {}, {})
  onTestFinished(() => room.close())
  await room.start()
  const arrives = async (cameraId: string, plate: string): Promise<void> => {
    await room.register.putVehicle(plate, { accountId: 'acc-1' }, BY)
    const read = cameraRead(plate)
    for (const frame of ['1', '2', '3']) await room.feed.see(cameraMessage([{ ...read, frame }], { cameraId }))
  }
  await arrives('cam-1', 'AB12CDE')
  await until(() => room.site.bay('bay-1')?.visit?.starts.length === 1)
  await arrives('cam-2', 'XY34ZZZ')
  await until(() => room.desk.bay('bay-2')?.detail === 'fallback' || room.desk.bay('bay-2')?.detail === 'denied')
  const records = await room.journal.readStream('bay:bay-2')
  const refused = records.find(({ cause }) => cause.type === 'authorization.refused')
  expect(refused?.cause['reason']).toBe('daily-limit')
  expect(refused?.decisions.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['VisitRefused', 'FallbackOffered']),
  )
  await room.register.putAccount('acc-1', { plateStartsPerDay: 5 }, BY)
  expect(room.register.account('acc-1')).toMatchObject({ plateStartsPerDay: 5 })
})
