import { readFileSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import type { StartOrder } from '../../actors/ports.ts'
import { systemClock } from '../../src/clock.ts'
import { replayRecords } from '../../src/commands/replay.ts'
import { openRoom } from '../../src/open-room.ts'
import type { Room } from '../../src/room.ts'
import type { Caller } from '../../src/site-desk.ts'
import { readSiteFile } from '../../src/site-file.ts'
import type { SiteCommand } from '../../src/switch-desk.ts'
import { cameraMessage, cameraRead } from '../actors/camera-reads.ts'
import { type LineSite, until, writeSite } from './serve/serving-line.ts'

const BY: Caller = { name: 'the supervisor', role: 'supervisor' }
const off = (id: string, more: Partial<SiteCommand> = {}): SiteCommand => ({
  id,
  type: 'automatic-starts',
  on: false,
  ...more,
})

type Point = { readonly started: StartOrder[]; answer: 'accepted' | 'never' }

/** The site's room with charge points that accept starts, or never answer. */
async function opens(site: LineSite): Promise<{ room: Room; point: Point; close: () => Promise<void> }> {
  const file = await readSiteFile(site.path, {})
  const room = await openRoom(file, systemClock, () => {}, {})
  const point: Point = { started: [], answer: 'accepted' }
  room.connect({
    counters: () => ({}),
    clocks: () => [],
    chargePoints: {
      online: () => true,
      start: async (order) => {
        point.started.push(order)
        return point.answer === 'never' ? new Promise(() => {}) : point.answer
      },
      stop: async () => 'accepted',
      ask: async () => 'accepted',
    },
  })
  await room.start()
  let open = true
  const close = async (): Promise<void> => {
    if (open) await room.close()
    open = false
  }
  onTestFinished(close)
  return { room, point, close }
}

/** The plate is seen twice in the first bay, by two frames. */
async function arrives(room: Room, plate: string): Promise<void> {
  for (const frame of ['1', '2'])
    await room.feed.see(cameraMessage([cameraRead(plate, { box: [0.2, 0.6, 0.1, 0.05], frame: `${plate}-${frame}` })]))
}

const alarms = (room: Room) => room.desk.alarms().map(({ alarmId }) => alarmId)
const records = (room: Room) => room.journal.readSite(0, 1000)

test('off: one batch tells every bay, the site says so, and a vehicle that may charge waits for a person', async () => {
  const { room, point } = await opens(await writeSite(2))
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  const answer = await room.desk.automaticStarts.order(off('s-1', { reason: 'maintenance' }), BY)
  expect(answer).toMatchObject({ outcome: 'done' })
  const { seq } = answer as { seq: number }
  const batch = (await records(room)).filter((record) => record.seq >= seq)
  expect(batch.map(({ stream, cause }) => [stream, cause.type])).toEqual([
    ['site', 'switch.ordered'],
    ['bay:bay-1', 'switch.turned'],
    ['bay:bay-2', 'switch.turned'],
  ])
  expect(batch[0]?.decisions).toEqual([{ type: 'AutomaticStartsOff', by: 'the supervisor', reason: 'maintenance' }])
  expect(batch[1]?.cause).toMatchObject({ automatic: false, by: 'the supervisor', reason: 'maintenance' })
  expect(room.desk.automaticStarts.state()).toEqual({ on: false, since: batch[0]?.at, by: 'the supervisor' })
  expect(alarms(room)).toEqual(['site/automatic-starts-off'])
  expect(room.desk.bays().map((bay) => bay.automatic)).toEqual([false, false])
  await arrives(room, 'AB12CDE')
  await until(() => room.desk.bay('bay-1')?.visit?.accountId === 'acc-1')
  await room.site.idle()
  expect(point.started).toEqual([])
  await room.desk.command('bay-1', { id: 'c-1', type: 'authorize', accountId: 'acc-1' }, BY)
  await until(() => point.started.length === 1)
})

test('the same id again has no second effect and the same answer, also while the first is written, and names one order', async () => {
  const { room } = await opens(await writeSite(2))
  const order = () => room.desk.automaticStarts.order(off('s-1'), BY)
  const [first, second] = await Promise.all([order(), order()])
  expect(second).toEqual(first)
  expect(await order()).toEqual(first)
  expect((await records(room)).filter(({ cause }) => cause.type === 'switch.ordered')).toHaveLength(1)
  expect(await room.desk.automaticStarts.order(off('s-1', { on: true }), BY)).toMatchObject({ outcome: 'refused' })
  expect(await room.desk.automaticStarts.order(off('s-\ud800'), BY)).toMatchObject({ outcome: 'refused' })
})

test('a start that the charge point has not answered is cancelled when the switch goes off, and its token is dead', async () => {
  const { room, point } = await opens(await writeSite(1))
  point.answer = 'never'
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  await arrives(room, 'AB12CDE')
  await until(() => point.started.length === 1)
  await room.desk.automaticStarts.order(off('s-1'), BY)
  expect(room.desk.bay('bay-1')?.detail).toBe('fallback')
  expect(point.started[0]?.withdrawn()).toBe(true)
})

test('a restart keeps the switch, its answers and its alarm; a bay that is new adopts it; on ends all of it', async () => {
  const site = await writeSite(1)
  const before = await opens(site)
  const first = await before.room.desk.automaticStarts.order(off('s-1'), BY)
  await before.close()
  const text = readFileSync(site.path, 'utf8')
  const second = { id: 'bay-2', chargePoint: 'CP-1', evse: 2, zones: [] }
  writeFileSync(site.path, text.replace(/^bays:$/m, `bays:\n  - ${JSON.stringify(second)}`))
  const { room } = await opens(site)
  expect(room.desk.bays().map(({ bayId, automatic }) => [bayId, automatic])).toEqual([
    ['bay-2', false],
    ['bay-1', false],
  ])
  expect(room.desk.automaticStarts.state()).toMatchObject({ on: false, by: 'the supervisor' })
  expect(alarms(room)).toEqual(['site/automatic-starts-off'])
  expect(await room.desk.automaticStarts.order(off('s-1'), BY)).toEqual(first)
  await room.desk.automaticStarts.order(off('s-2', { on: true }), BY)
  expect(room.desk.bays().every((bay) => bay.automatic)).toBe(true)
  expect(alarms(room)).toEqual([])
  expect((await replayRecords(await records(room), { bay: null, stop: null })).drift).toBeNull()
})
