import { expect, onTestFinished, test } from 'vitest'
import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { fold } from '../../machines/plate.ts'
import { systemClock } from '../../src/clock.ts'
import { openRoom } from '../../src/open-room.ts'
import type { Room } from '../../src/room.ts'
import type { Caller } from '../../src/site-desk.ts'
import { readSiteFile, type SiteFile } from '../../src/site-file.ts'
import { cameraMessage, cameraRead } from '../actors/camera-reads.ts'
import { until, writeSite } from './serve/serving-line.ts'

const BY: Caller = { name: 'the operator', role: 'operator' }

async function opens(file: SiteFile, lines: string[] = [], clock: Clock = systemClock): Promise<Room> {
  const room = await openRoom(file, clock, (line) => void lines.push(line), {})
  onTestFinished(() => room.close())
  await room.start()
  return room
}

const siteOf = async (bays: number, policy: object = {}): Promise<SiteFile> =>
  readSiteFile((await writeSite(bays, { policy })).path, {})

/** The plate is seen in bay-1 by one frame a time. */
async function see(room: Room, plate: string, frames: readonly string[]): Promise<void> {
  for (const frame of frames) await room.feed.see(cameraMessage([cameraRead(plate, { frame })]))
}

const sample = (register_Wh: number, current_A = 6) => ({
  happenedAt: systemClock.now(),
  when: 'live' as const,
  current_A,
  power_W: current_A * 230,
  register_Wh,
  verdict: 'valid' as const,
})

test('a vehicle that nobody let charge yet is still at its first visit; once a person did, it is known, also after a restart', async () => {
  const file = await siteOf(1)
  const room = await opens(file)
  await room.register.putAccount('acc-1', { name: 'Fleet', status: 'active', confirm: 'first-visit' }, BY)
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  const handle = String(room.keys.findVehicle(fold('AB12CDE')))
  await see(room, 'AB12CDE', ['1', '2', '3'])
  await until(() => room.desk.bay('bay-1')?.detail === 'fallback')
  expect(room.site.bay('bay-1')?.visit?.payer).toMatchObject({ accountId: 'acc-1', handle })
  expect(room.desk.isFirstVisit(handle)).toBe(true)
  await room.desk.command('bay-1', { id: 'cmd-1', type: 'authorize', accountId: 'acc-1' }, BY)
  expect(room.desk.isFirstVisit(handle)).toBe(false)
  await room.close()
  expect((await opens(file)).desk.isFirstVisit(handle)).toBe(false)
})

test('a vehicle is known once a charge that it pays for locked its bay', async () => {
  const room = await opens(await siteOf(1))
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  const handle = String(room.keys.findVehicle(fold('AB12CDE')))
  await see(room, 'AB12CDE', ['1', '2', '3'])
  await until(() => room.site.bay('bay-1')?.visit?.payer?.accountId === 'acc-1')
  expect(room.desk.isFirstVisit(handle)).toBe(true)
  await room.chargePointDesk.hear({
    type: 'meter',
    chargePointId: 'CP-1',
    evse: 1,
    transactionId: null,
    samples: [sample(1000), sample(1100)],
  })
  await until(() => room.desk.bay('bay-1')?.lock.locked === true)
  expect(room.desk.isFirstVisit(handle)).toBe(false)
  expect(room.desk.counters()).toMatchObject({ meter_taken: 2, meter_told: expect.any(Number) })
  expect(room.desk.counters()['meter_told']).toBeGreaterThan(0)
})

test('a bay that the site file names no more is not listed; what was open is said, its past and nobody else’s is shown', async () => {
  const two = await siteOf(2)
  const room = await opens(two)
  await room.feed.see(cameraMessage([], { vehicles: [{ box: [0.7, 0.4, 0.1, 0.3] }], frame: 'f' }))
  await see(room, 'AB12CDE', ['1'])
  const visit = room.site.bay('bay-1')?.visit?.visitId
  expect(visit).toBeTruthy()
  await room.close()
  const lines: string[] = []
  const left = await opens({ ...two, bays: two.bays.filter(({ id }) => id !== 'bay-1') }, lines)
  expect(left.desk.bays().map(({ bayId }) => bayId)).toEqual(['bay-2'])
  expect(left.desk.bay('bay-1')).toBeNull()
  expect(lines.join('\n')).toContain(
    `names bay-1 no more: nothing reaches it, its past stays readable; its visit ${visit}`,
  )
  expect(await left.desk.at('bay-1', { seq: left.desk.seq() })).toMatchObject({ bayId: 'bay-1' })
  expect(await left.desk.command('bay-1', { id: 'c', type: 'out-of-service' }, BY)).toEqual({ outcome: 'unknown-bay' })
})

test('a reader that crashed is an alarm until a picture was read again', async () => {
  const lines: string[] = []
  const room = await opens(await siteOf(1), lines)
  const changes: boolean[] = []
  room.desk.subscribe((change) => void changes.push(change.alarmsChanged))
  room.troubles.readerFailed(new Fault('READER_FAILED'))
  room.troubles.readerFailed(new Fault('READER_FAILED'))
  expect(room.desk.alarms()).toMatchObject([{ alarmId: 'site/reader', bayId: null, type: 'reader' }])
  expect(lines.join('\n')).toContain('reader stopped')
  room.troubles.readerReads()
  room.troubles.readerReads()
  expect(room.desk.alarms()).toEqual([])
  expect(changes).toEqual([true, true, true])
})

test('a clock that is stepped back is an alarm until it has caught up', async () => {
  let wrong_ms = 0
  const clock: Clock = { now: () => systemClock.now() + wrong_ms, after: systemClock.after }
  const room = await opens(await siteOf(1), [], clock)
  wrong_ms = -30_000
  room.tick()
  expect(room.desk.alarms()).toMatchObject([{ alarmId: 'site/clock', bayId: null, type: 'clock' }])
  wrong_ms = 5_000
  room.tick()
  expect(room.desk.alarms()).toEqual([])
})

test('personal fields that were altered keep no record from being written and no other projection from hearing it', async () => {
  const lines: string[] = []
  const room = await opens(await siteOf(1), lines)
  const open = room.journal.open
  room.journal.open = () => {
    throw new Fault('STORE_CORRUPT')
  }
  expect(await room.desk.command('bay-1', { id: 'cmd-1', type: 'out-of-service' }, BY)).toMatchObject({
    outcome: 'done',
  })
  room.journal.open = open
  expect(room.desk.bay('bay-1')?.service).toBe('out-of-service')
  expect(room.desk.alarms()).toEqual([])
  expect(room.desk.counters()['listener_failed_plates']).toBe(1)
  expect(lines.join('\n')).toContain('`plates` could not take it in')
  expect(await room.desk.command('bay-1', { id: 'cmd-1', type: 'out-of-service' }, BY)).toMatchObject({
    outcome: 'done',
  })
})

test('a listener that throws keeps nothing from the others', async () => {
  const room = await opens(await siteOf(1))
  const heard: number[] = []
  room.desk.subscribe(() => {
    throw new Error('bang')
  })
  room.desk.subscribe(({ seq }) => void heard.push(seq))
  expect(await room.desk.command('bay-1', { id: 'cmd-1', type: 'out-of-service' }, BY)).toMatchObject({
    outcome: 'done',
  })
  expect(heard).toEqual([room.desk.seq()])
})
