import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { openRoom } from '../../src/open-room.ts'
import { readSiteFile } from '../../src/site-file.ts'
import { writeSite } from './serve/serving-line.ts'

test('a charge point of 1.6 whose clock stands still gets a transaction for each charge; a start that is only repeated gets its own again', async () => {
  const file = await readSiteFile((await writeSite(1, {})).path, {})
  const room = await openRoom(file, systemClock, () => undefined, {})
  onTestFinished(() => room.close())
  await room.start()
  const desk = room.chargePointDesk
  const chargePointId = file.chargePoints[0]?.id ?? ''
  const happenedAt = Date.parse('2026-01-01T00:00:00Z')
  const start = async (): Promise<string> => {
    const answer = await desk.hear({
      type: 'started',
      chargePointId,
      evse: 1,
      idToken: 'CARD',
      register_Wh: 0,
      happenedAt,
    })
    return String(answer.transactionId)
  }
  const stop = (transactionId: string) =>
    desk.hear({
      type: 'ended',
      chargePointId,
      transactionId,
      idToken: null,
      register_Wh: 700,
      reason: 'Local',
      samples: [],
      happenedAt,
    })
  const first = await start()
  expect(await start()).toBe(first)
  await stop(first)
  const second = await start()
  expect(second).not.toBe(first)
  expect(await start()).toBe(second)
  await stop(second)
  expect([first, second]).not.toContain(await start())
})
