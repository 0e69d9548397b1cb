import { readFileSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { PairWatch } from '../../actors/pair-watch.ts'
import type { Clock, Entry } from '../../actors/ports.ts'
import type { FactRecord } from '../../machines/record.ts'
import { systemClock } from '../../src/clock.ts'
import { replayRecords } from '../../src/commands/replay.ts'
import { openRoom } from '../../src/open-room.ts'
import type { Room } from '../../src/room.ts'
import { readSiteFile } from '../../src/site-file.ts'
import { BayLog } from '../machines/bay-log.ts'
import { until, writeSite } from '../src/serve/serving-line.ts'

/** A watch whose writes go into the log, or fail while `full`. */
function watching(log: BayLog): { watch: PairWatch; written: Entry[]; disk: { full: boolean }; failures: unknown[] } {
  const written: Entry[] = []
  const failures: unknown[] = []
  const disk = { full: false }
  const watch: PairWatch = new PairWatch({
    failed: (cause) => failures.push(cause),
    scribe: () => ({
      write: async (entries) => {
        if (disk.full) throw new Error('the disk is full')
        written.push(...entries)
        const records = entries.map(({ stream, cause, decisions }) =>
          log.write(stream, cause, { decisions: [...decisions] }),
        )
        for (const record of records) watch.hear(record, true)
        return records
      },
    }),
  })
  return { watch, written, disk, failures }
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 0))

test('what is decided of a pair is written once, however many records come meanwhile', async () => {
  const log = new BayLog(3, 4)
  log.exchanged()
  const { watch, written } = watching(log)
  for (const record of [...log.records]) watch.hear(record, true)
  watch.hear(log.empty(3), true)
  await tick()
  watch.hear(log.empty(4), true)
  await tick()
  expect(written).toMatchObject([
    { stream: 'site', cause: { type: 'pair.noticed' }, effects: [{ alarm: 'exchanged' }] },
  ])
})

test('what could not be written is tried again with the next record', async () => {
  const log = new BayLog(3, 4)
  log.exchanged()
  const { watch, written, disk, failures } = watching(log)
  disk.full = true
  for (const record of [...log.records]) watch.hear(record, true)
  await tick()
  expect([written.length, failures.length > 0]).toEqual([0, true])
  disk.full = false
  watch.hear(log.empty(3), true)
  await tick()
  expect(written).toHaveLength(1)
})

test('a rebuild writes nothing; what was decided before a crash is written when the site begins', async () => {
  const log = new BayLog(3, 4)
  log.exchanged()
  const { watch, written } = watching(log)
  for (const record of [...log.records]) watch.hear(record, false)
  await tick()
  expect(written).toEqual([])
  watch.begin(['bay-3', 'bay-4'])
  await tick()
  expect(written).toMatchObject([{ cause: { type: 'pair.noticed' } }])
  watch.begin(['bay-3'])
  await tick()
  expect(written[1]).toMatchObject({
    cause: { type: 'pair.cleared', why: 'bay-gone' },
    effects: [{ type: 'clear.alarm' }],
  })
})

/** A clock that can be put forward. */
function movedClock(): Clock & { forward(ms: number): void } {
  let by = 0
  return {
    now: () => systemClock.now() + by,
    after: systemClock.after,
    forward: (ms) => {
      by += ms
    },
  }
}

/** A vehicle stands in one bay, seen by the camera, and the plug comes in at the other; then both are as before. */
async function plugsElsewhere(
  room: Room,
  clock: ReturnType<typeof movedClock>,
  vehicleAt: number,
  plugAt: number,
): Promise<void> {
  const status = (word: string) =>
    room.chargePointDesk.hear({
      type: 'status',
      chargePointId: `CP-${plugAt}`,
      evse: 1,
      status: word,
      errorCode: null,
      happenedAt: null,
    })
  const see = async (...bays: number[]): Promise<void> => {
    await room.feed.see({
      cameraId: 'cam-1',
      reads: [],
      vehicles: bays.map((bay) => ({ box: [(bay - 0.5) / 2 - 0.1, 0.4, 0.2, 0.4] as const })),
      frame: null,
      capturedAt: null,
      reader: 'device',
    })
  }
  await see()
  await see(vehicleAt)
  await status('Preparing')
  await status('Available')
  await see()
  clock.forward(3_600_000)
  room.site.advance(room.site.now())
  await room.site.idle()
}

test('a site that runs alarms the pair, keeps the alarm over a restart, and clears it where a bay of it is gone; all of it replays', async () => {
  const site = await writeSite(2)
  const clock = movedClock()
  const opens = async (): Promise<{ room: Room; close: () => Promise<void> }> => {
    const room = await openRoom(await readSiteFile(site.path, {}), clock, () => {}, {})
    let isOpen = true
    const close = async (): Promise<void> => {
      if (isOpen) await room.close()
      isOpen = false
    }
    onTestFinished(close)
    await room.start()
    return { room, close }
  }
  const { room, close } = await opens()
  for (const number of [1, 2]) await room.chargePointDesk.hear({ type: 'online', chargePointId: `CP-${number}` })
  await plugsElsewhere(room, clock, 1, 2)
  await plugsElsewhere(room, clock, 2, 1)
  clock.forward(86_400_000)
  expect(room.desk.alarms()).toEqual([])
  await plugsElsewhere(room, clock, 1, 2)
  await until(() => room.desk.alarms().length > 0)
  const [alarm] = room.desk.alarms()
  expect(alarm).toMatchObject({ alarmId: 'site/exchanged-bay-1-bay-2', bayId: null, type: 'exchanged' })
  expect(alarm?.says).toContain('bay-1 and bay-2 look exchanged: 3 times in 2 days')
  await close()
  const again = await opens()
  expect(again.room.desk.alarms()).toEqual([alarm])
  const records: FactRecord[] = [...(await again.room.journal.readSite(0, 1000))]
  expect(records.filter(({ cause }) => cause.type === 'pair.noticed')).toHaveLength(1)
  expect((await replayRecords(records, { bay: null, stop: null })).drift).toBeNull()
  await again.close()
  writeFileSync(site.path, readFileSync(site.path, 'utf8').replace(/ {2}- id: bay-2[\s\S]*?(?=^chargePoints)/m, ''))
  const { room: alone } = await opens()
  expect([...alone.site.hosts.keys()]).toEqual(['bay-1'])
  await until(() => alone.desk.alarms().length === 0)
  expect((await replayRecords(await alone.journal.readSite(0, 1000), { bay: null, stop: null })).drift).toBeNull()
})

test('a vehicle that waited at a bay when the site file dropped it hides no exchange of the others, live and replayed', async () => {
  const log = new BayLog(3, 4, 9)
  log.waits(9)
  log.exchanged()
  const { watch, written } = watching(log)
  for (const record of [...log.records]) watch.hear(record, false)
  watch.begin(['bay-3', 'bay-4'])
  watch.begin(['bay-3', 'bay-4'])
  await tick()
  expect(written.map(({ cause }) => cause)).toEqual([{ type: 'bays.gone', bays: ['bay-9'] }])
  log.passes(2)
  log.exchanged()
  expect(log.settle()).toEqual(['PairLooksExchanged'])
  const again = new BayLog()
  for (const { stream, cause, state } of log.records) again.write(stream, cause, { state: state ?? null })
  const later = watching(again)
  for (const record of [...again.records]) later.watch.hear(record, false)
  later.watch.begin(['bay-3', 'bay-4'])
  await tick()
  expect(later.written).toEqual([])
})
