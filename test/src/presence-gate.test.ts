import { expect, onTestFinished, test } from 'vitest'
import type { Clock } from '../../actors/ports.ts'
import { systemClock } from '../../src/clock.ts'
import { openRoom } from '../../src/open-room.ts'
import { readSiteFile } from '../../src/site-file.ts'
import { until, writeSite } from './serve/serving-line.ts'

/** A site whose camera lists the vehicles that it sees, as its site file believes it; time goes by as told. */
async function site(presence?: object) {
  let ahead_ms = 0
  const clock: Clock = { now: () => systemClock.now() + ahead_ms, after: systemClock.after }
  const file = await readSiteFile((await writeSite(1, presence && { presence })).path, {})
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

test('before a site has shown it, the vehicle list of a device ends no visit of which nothing else says that it is over', async () => {
  const { room, lists, says, visit } = await site({})
  await lists(1, 5)
  const visitId = visit()?.visitId
  expect(visitId).toBeTruthy()
  await lists(0, 20)
  expect([visit()?.visitId, says()]).toEqual([visitId, ['unknown']])
  expect(room.desk.counters()['presence.unproven']).toBeGreaterThan(0)
  // Nobody holds it for ever: it ends so long after the last sign of the vehicle.
  await lists(0, 60)
  await until(() => visit() === null)
  const ends = (await room.journal.readSite()).flatMap(({ decisions }) =>
    decisions.filter(({ type }) => type === 'VisitEnded'),
  )
  expect(ends).toMatchObject([{ exit: 'exit-unconfirmed' }])
  // Where nobody is thought to be, an empty list is believed.
  await lists(0, 5)
  expect(says()).toEqual(['empty'])
})

test('where the site file believes cameras at once, it ends the visit', async () => {
  const { lists, visit } = await site({ alone: 'always' })
  await lists(1, 5)
  expect(visit()).not.toBeNull()
  await lists(0, 10)
  await until(() => visit() === null)
})
