import { expect, onTestFinished, test, vi } from 'vitest'
import { BayHost } from '../../actors/bay-actor.ts'
import type { Clock, Journal, StartOrder } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { fold } from '../../machines/plate.ts'
import type { Draft, FactRecord } from '../../machines/record.ts'
import { systemChance } from '../../src/chance.ts'
import { systemClock } from '../../src/clock.ts'
import { openSqliteJournal } from '../../src/journal/sqlite.ts'
import { openRoom } from '../../src/open-room.ts'
import { openKeyStore } from '../../src/privacy/key-store.ts'
import { Room } from '../../src/room.ts'
import type { Caller, SiteChange } from '../../src/site-desk.ts'
import { readSiteFile } from '../../src/site-file.ts'
import { heldViews } from '../../src/views/site-views.ts'
import { cameraMessage, cameraRead } from '../actors/camera-reads.ts'
import { scratchFolder } from '../contracts/journal-drafts.ts'
import { until, writeSite } from './serve/serving-line.ts'

const BY: Caller = { name: 'the operator', role: 'operator' }
const FULL = new Fault('STORE_UNWRITABLE')

/** `full`: nothing is written. `late`: the next append is given up, and is found to have been written when the one after it comes. */
type Disk = { full: boolean; late: boolean; writes: number }

/** A room on a real store whose disk is full, or late, while `disk` says so. */
async function openTestRoom(policy: object = {}): Promise<{ room: Room; disk: Disk }> {
  const file = await readSiteFile((await writeSite(2, { policy })).path, {})
  const disk: Disk = { full: false, late: false, writes: 0 }
  const late = { drafts: [] as readonly Draft[], records: [] as FactRecord[] }
  const { path } = file.store
  const folder = scratchFolder()
  const store = path.replace(/^.*\//, `${folder}/`)
  const keys = openKeyStore({
    path: `${store}.keys`,
    siteId: file.site.id,
    clock: systemClock,
    chance: systemChance,
    env: {},
  })
  const sound = await openSqliteJournal({ path: store, siteId: file.site.id, clock: systemClock, keys })
  const journal: Journal = new Proxy(sound, {
    get(target, name) {
      if (name === 'append' && disk.full)
        return async () => {
          disk.writes += 1
          throw FULL
        }
      if (name === 'append' && disk.late)
        return async (drafts: readonly Draft[]) => {
          Object.assign(late, { drafts })
          disk.late = false
          throw FULL
        }
      if (name === 'append' && late.drafts.length > 0)
        return async () => {
          Object.assign(late, { drafts: [], records: [...(await target.append(late.drafts))] })
          throw FULL
        }
      if (name === 'landed') return () => late.records.splice(0)
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const views = heldViews(journal)
  const room = new Room({ file, clock: systemClock, log: () => {}, journal, keys, views })
  onTestFinished(() => room.close())
  room.downSince = await room.site.rebuild()
  await room.site.start(room.downSince)
  return { room, disk }
}

const recordsOf = async (room: Room, type: string) =>
  (await room.journal.readSite(0, 1000)).filter(({ cause }) => cause.type === type)

/** The plate is seen twice in a bay, by two frames. */
async function seeTwice(room: Room, bay: number, plate: string): Promise<void> {
  for (const frame of ['1', '2'])
    await room.feed.see(
      cameraMessage([cameraRead(plate, { box: [bay / 2 - 0.3, 0.6, 0.1, 0.05], frame: `${plate}-${bay}-${frame}` })]),
    )
}

test('a command that is sent three times at once is one record, and answered with the same seq each time', async () => {
  const { room } = await openTestRoom()
  const command = { id: 'cmd-1', type: 'out-of-service' } as const
  const answers = await Promise.all([1, 2, 3].map(() => room.desk.command('bay-1', command, BY)))
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  const recorded = await recordsOf(room, 'operator.commanded')
  expect(recorded.map(({ seq }) => seq)).toEqual([(answers[0] as { seq: number }).seq])
})

test('a command id belongs to one bay, and must be whole text', async () => {
  const { room } = await openTestRoom()
  await room.desk.command('bay-1', { id: 'cmd-1', type: 'out-of-service' }, BY)
  expect(await room.desk.command('bay-2', { id: 'cmd-1', type: 'out-of-service' }, BY)).toMatchObject({
    outcome: 'refused',
    why: expect.stringContaining('another bay'),
  })
  expect(await room.desk.command('bay-2', { id: 'cmd-\ud800', type: 'out-of-service' }, BY)).toMatchObject({
    outcome: 'refused',
  })
  expect(room.desk.bay('bay-2')?.service).toBe('in-service')
})

test('a command id belongs to one order: another kind of it under the same id is not taken for done', async () => {
  const { room } = await openTestRoom()
  await room.desk.command('bay-1', { id: 'cmd-1', type: 'out-of-service' }, BY)
  expect(await room.desk.command('bay-1', { id: 'cmd-1', type: 'in-service' }, BY)).toMatchObject({
    outcome: 'refused',
    why: expect.stringContaining('another order'),
  })
  expect(room.desk.bay('bay-1')?.service).toBe('out-of-service')
})

/** A bay that waits to know who pays, and orders that say so, each given as of the bay that everybody sees now. */
async function ordersAtOneVersion(room: Room) {
  for (const account of ['acc-1', 'acc-2']) await room.register.putAccount(account, {}, BY)
  await seeTwice(room, 1, 'AB12CDE')
  await until(() => room.desk.bay('bay-1')?.state === 'authorizing')
  await room.site.idle()
  const expectVersion = room.desk.bay('bay-1')?.version ?? 0
  return (accountId: string) =>
    room.desk.command('bay-1', { id: `for ${accountId}`, type: 'authorize', accountId, expectVersion }, BY)
}

test('of orders of two people who saw the same bay, given before either is durable, one is obeyed', async () => {
  const { room } = await openTestRoom()
  const authorize = await ordersAtOneVersion(room)
  const answers = await Promise.all(['acc-1', 'acc-2'].map(authorize))
  expect(answers.map(({ outcome }) => outcome)).toEqual(['done', 'conflict'])
  expect(answers[1]).toMatchObject({ bay: { visit: { accountId: 'acc-1' } } })
  expect(room.desk.bay('bay-1')?.visit?.accountId).toBe('acc-1')
})

test('an order is judged by what the bay is told meanwhile only once that is durable: of what is lost nothing stands in its way', async () => {
  const { room, disk } = await openTestRoom()
  const authorize = await ordersAtOneVersion(room)
  disk.full = true
  const lost = authorize('acc-1').catch((fault: unknown) => fault)
  const other = authorize('acc-2')
  expect(await lost).toBe(FULL)
  disk.full = false
  expect(await other).toMatchObject({ outcome: 'done' })
  expect(room.desk.bay('bay-1')?.visit?.accountId).toBe('acc-2')
})

test('a command that could not be recorded may be sent again with its id', async () => {
  const { room, disk } = await openTestRoom()
  disk.full = true
  const command = { id: 'cmd-1', type: 'out-of-service' } as const
  await expect(room.desk.command('bay-1', command, BY)).rejects.toBe(FULL)
  expect(room.desk.bay('bay-1')?.service).toBe('in-service')
  disk.full = false
  expect(await room.desk.command('bay-1', command, BY)).toMatchObject({ outcome: 'done' })
  expect(await recordsOf(room, 'operator.commanded')).toHaveLength(1)
})

test('an order and a switch that were given up, and recorded all the same, are answered by their record, whenever they come again', async () => {
  const { room, disk } = await openTestRoom()
  const command = { id: 'cmd-1', type: 'out-of-service' } as const
  disk.late = true
  for (const _ of ['given up', 'found']) await expect(room.desk.command('bay-1', command, BY)).rejects.toBe(FULL)
  const [recorded] = await recordsOf(room, 'operator.commanded')
  expect(await room.desk.command('bay-1', command, BY)).toMatchObject({ outcome: 'done', seq: recorded?.seq })
  expect(await recordsOf(room, 'operator.commanded')).toHaveLength(1)

  const order = { id: 'switch-1', on: false, by: 'the operator', reason: null }
  disk.late = true
  for (const _ of ['given up', 'found']) await expect(room.watches.automaticStarts.order(order)).rejects.toBe(FULL)
  const [switched] = await recordsOf(room, 'switch.ordered')
  expect(await room.watches.automaticStarts.order(order)).toEqual({ seq: switched?.seq })
  expect(await recordsOf(room, 'switch.ordered')).toHaveLength(1)
})

test('a store that fails is said once, whatever is tried meanwhile, and timers that are due wait', async () => {
  const { room, disk } = await openTestRoom({ voteWindow_s: 1 })
  const heard = vi.fn()
  room.desk.subscribe(heard)
  await room.feed.see(cameraMessage([cameraRead('AB12CDE', { box: [0.2, 0.6, 0.1, 0.05], frame: 'f' })]))
  expect(room.desk.bay('bay-1')?.state).toBe('detecting')
  disk.full = true
  await until(() => disk.writes > 0)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(disk.writes).toBeLessThan(5)
  expect(room.desk.missing().join()).toContain('journal: cannot be written')
  expect(room.desk.alarms().map(({ alarmId }) => alarmId)).toEqual(['site/store'])
  expect(heard.mock.calls.filter(([change]) => change.alarmsChanged && change.bays.length === 0)).toHaveLength(1)
  disk.full = false
  await until(() => room.desk.bay('bay-1')?.detail !== 'collecting')
  expect(room.desk.alarms()).toEqual([])
})

test('an alarm about a bay that no record holds is told with the bay as it is since, and so is its end', async () => {
  const { room } = await openTestRoom()
  const told: SiteChange[] = []
  room.desk.subscribe((change) => told.push(change))
  room.desk.siteAlarms.raise('payment', 'Money is held.', 0, 'ref-1', 'bay-1')
  room.desk.siteAlarms.calm('payment', 'ref-1')
  const alarms = told.map(({ bays }) => bays.map(({ bayId, alarms }) => [bayId, alarms.map(({ type }) => type)]))
  expect(alarms).toEqual([[['bay-1', ['payment']]], [['bay-1', []]]])
})

test('a claim that could not be recorded never was: the plate is free for the next bay', async () => {
  const { room, disk } = await openTestRoom()
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  const handle = room.keys.findVehicle('AB12CDE') ?? room.keys.vehicle('AB12CDE')
  disk.full = true
  await expect(room.site.claim({ handle, bayId: 'bay-1', visitId: 'bay-1-9' })).rejects.toBe(FULL)
  expect(room.site.claims.held.size).toBe(0)
  disk.full = false
  await room.desk.command('bay-1', { id: 'cmd-1', type: 'out-of-service' }, BY)
  await room.site.claim({ handle, bayId: 'bay-2', visitId: 'bay-2-9' })
  expect(room.site.claims.held.get(handle)).toMatchObject({ bayId: 'bay-2' })
  expect((await recordsOf(room, 'claim.asked')).map(({ cause }) => cause['bayId'])).toEqual(['bay-2'])
})

test('a start that is asked for before charge points are listened to waits for them', async () => {
  const { room } = await openTestRoom()
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  await seeTwice(room, 1, 'AB12CDE')
  await until(() => room.desk.bay('bay-1')?.detail === 'starting')
  const orders: StartOrder[] = []
  const start = async (order: StartOrder): Promise<'accepted'> => {
    orders.push(order)
    return 'accepted'
  }
  room.connect({
    counters: () => ({}),
    chargePoints: { online: () => true, start, stop: async () => 'accepted', ask: async () => 'accepted' },
  })
  await until(() => room.desk.bay('bay-1')?.detail === 'awaiting-plug')
  expect(orders).toMatchObject([{ chargePointId: 'CP-1', evse: 1, idToken: expect.stringMatching(/^[0-9A-F]{16}$/) }])
})

test('what the site file says is adopted once: a restart with the same file adds nothing', async () => {
  const { path } = await writeSite(2)
  const file = await readSiteFile(path, {})
  const clock: Clock = systemClock
  const adopted: number[] = []
  for (let life = 0; life < 3; life++) {
    const room = await openRoom(file, clock, () => {}, {})
    await room.site.start(room.downSince)
    const records = await room.journal.readSite(0, 1000)
    adopted.push(
      records.filter(({ cause }) => ['policy.adopted', 'profile.adopted', 'zones.published'].includes(cause.type))
        .length,
    )
    expect(records.filter(({ cause }) => cause.type === 'site.resumed')).toHaveLength(2 * life)
    await room.close()
  }
  expect(adopted).toEqual([6, 6, 6])
})

test('of strangers’ plates the newest two thousand are kept in memory', async () => {
  const { room } = await openTestRoom()
  await seeTwice(room, 1, 'AB12CDE')
  const handle = room.keys.vehicle(fold('AB12CDE'))
  expect(room.desk.plateOf(handle)).toBe('AB12CDE')
  const personal = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`veh-${n}`, { plate: `ZZ${n}` }]))
  const entry = { stream: 'site', cause: { type: 'plate.test' }, decisions: [] }
  for (let from = 0; from < 2_000; from += 100)
    await room.site.write([
      { ...entry, personal: Object.fromEntries(Object.entries(personal).slice(from, from + 100)) },
    ])
  expect(room.desk.plateOf('veh-1999')).toBe('ZZ1999')
  expect(room.desk.plateOf(handle)).toBeNull()
})

test('why is the same live, at a place of the past, on the whole site then, and after a restart, and notes do not change it', async () => {
  const { room } = await openTestRoom({ voteWindow_s: 0.2 })
  await seeTwice(room, 1, 'ZZ99ZZZ')
  await until(() => room.desk.bay('bay-1')?.detail === 'denied')
  const why = room.desk.bay('bay-1')?.why
  expect(why).toMatchObject({ event: 'authorization.refused', rule: 'refused' })
  for (const status of ['Preparing', 'Available', 'Preparing'])
    await room.chargePointDesk.hear({
      type: 'status',
      chargePointId: 'CP-1',
      evse: 1,
      status,
      errorCode: null,
      happenedAt: null,
    })
  const seq = room.desk.seq()
  const now = room.desk.bay('bay-1')
  expect(now).toMatchObject({ why, noted: { event: 'connector.status' } })
  const { why: whyThen, noted } = (await room.desk.at('bay-1', { seq })) ?? {}
  expect({ why: whyThen, noted }).toEqual({ why, noted: now?.noted })
  const { bays } = await room.desk.siteAt(seq)
  expect(bays.find(({ bayId }) => bayId === 'bay-1')).toMatchObject({ why, noted: now?.noted })
  const again = new BayHost('bay-1')
  for (const record of await room.journal.readStream('bay:bay-1', 0, 1000)) again.relive(record)
  expect(again.committed.standing).toEqual(room.site.hosts.get('bay-1')?.committed.standing)
})
