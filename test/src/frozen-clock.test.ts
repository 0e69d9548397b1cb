import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { openRoom } from '../../src/open-room.ts'
import { readSiteFile } from '../../src/site-file.ts'
import { writeSite } from './serve/serving-line.ts'

test('behind another back end a charge point whose clock stands still has a transaction for each charge that is numbered there; a start that is only repeated is no second one', async () => {
  const file = await readSiteFile((await writeSite(1, {})).path, {})
  const room = await openRoom(file, systemClock, () => undefined, {})
  onTestFinished(() => room.close())
  await room.start()
  const desk = room.chargePointDesk
  const chargePointId = file.chargePoints[0]?.id ?? ''
  const happenedAt = Date.parse('2026-01-01T00:00:00Z')
  const start = async (transactionId: string): Promise<string> => {
    const answer = await desk.hear({
      type: 'started',
      chargePointId,
      evse: 1,
      idToken: 'CARD',
      register_Wh: 0,
      happenedAt,
      transactionId,
      namedAnew: true,
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
  expect(await start('501')).toBe('501')
  expect(await start('501')).toBe('501')
  await stop('501')
  expect(await start('502')).toBe('502')
})

test('where berth is the back end a start that equals an ended one bills nothing, and people are told, once, until the clock goes', async () => {
  const file = await readSiteFile((await writeSite(1, {})).path, {})
  const room = await openRoom(file, systemClock, () => undefined, {})
  onTestFinished(() => room.close())
  await room.start()
  const chargePointId = file.chargePoints[0]?.id ?? ''
  const at = Date.parse('2026-01-01T00:00:00Z')
  const hear = room.chargePointDesk.hear
  const start = async (happenedAt: number): Promise<string> => {
    const said = { type: 'started', chargePointId, evse: 1, idToken: 'CARD', register_Wh: 0, happenedAt } as const
    return String((await hear(said)).transactionId)
  }
  const told = () => room.desk.alarms().filter(({ alarmId }) => alarmId === `site/start-repeated/${chargePointId}`)
  const first = await start(at)
  // Its answer was lost: it says it again before it ends.
  expect([await start(at), told()]).toEqual([first, []])
  const over = { type: 'ended', chargePointId, transactionId: first, idToken: null, register_Wh: 700 } as const
  await hear({ ...over, reason: 'Local', samples: [], happenedAt: at })
  expect([await start(at), await start(at)]).toEqual([first, first])
  expect(told()).toMatchObject([{ says: expect.stringMatching(/start again whose end it had told/) }])
  expect(await start(at + 1_000)).not.toBe(first)
  expect(told()).toEqual([])
})
