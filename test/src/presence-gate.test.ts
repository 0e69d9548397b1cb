import { expect, onTestFinished, test } from 'vitest'
import type { Clock } from '../../actors/ports.ts'
import { systemClock } from '../../src/clock.ts'
import { openRoom } from '../../src/open-room.ts'
import { readSiteFile } from '../../src/site-file.ts'
import { until, writeSite } from './serve/serving-line.ts'

/** A site whose camera lists the vehicles that it sees; time goes by as told. */
async function site() {
  let ahead_ms = 0
  const clock: Clock = { now: () => systemClock.now() + ahead_ms, after: systemClock.after }
  const file = await readSiteFile((await writeSite(1)).path, {})
  const room = await openRoom(file, clock, () => {}, {})
  onTestFinished(() => room.close())
  await room.start()
  let frames = 0
  const lists = async (count: number, seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      ahead_ms += 1_000
      frames += 1
      const vehicles = count === 0 ? [] : [{ box: [0.3, 0.4, 0.4, 0.4] as const }]
      await room.feed.see({
        cameraId: 'cam-1',
        reads: [],
        vehicles,
        frame: `f${frames}`,
        capturedAt: null,
        reader: 'device',
      })
      room.tick()
    }
    await room.feed.settled()
  }
  const says = () => Object.values(room.site.bay('bay-1')?.cameras ?? {}).map(({ saw }) => saw)
  return { room, lists, says, visit: () => room.site.bay('bay-1')?.visit ?? null }
}

test('a vehicle list that a device sends, even empty, is its word of what it sees: it ends a visit that nothing else speaks for', async () => {
  const { lists, says, visit } = await site()
  await lists(1, 5)
  expect(visit()).not.toBeNull()
  await lists(0, 10)
  await until(() => visit() === null)
  expect(says()).toEqual(['empty'])
})
