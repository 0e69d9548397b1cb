import { expect, onTestFinished, test, vi } from 'vitest'
import { openRemote } from '../../../src/back-end/open-remote.ts'
import { systemClock } from '../../../src/clock.ts'
import { openRoom } from '../../../src/open-room.ts'
import type { Room } from '../../../src/room.ts'
import { readSiteFile, type SiteFile } from '../../../src/site-file.ts'
import { cameraMessage, cameraRead } from '../../actors/camera-reads.ts'
import { until, writeSite } from '../serve/serving-line.ts'
import { SECRET } from './toy-back-end.ts'
import { openToyFleet, type ToyFleet } from './toy-fleet.ts'

vi.setConfig({ testTimeout: 180_000 })

const BY = { name: 'op', role: 'operator' } as const
const PLATE = 'AB12CDE'

async function siteOf(fleet: ToyFleet): Promise<SiteFile> {
  const file = await readSiteFile((await writeSite(1, { policy: { plugInWindow_s: 20 } })).path, {})
  const remote = { url: `${fleet.back.url}/berth`, secret: SECRET, poll_s: 0.05, deadline_s: 0.3 }
  return { ...file, ocpp: { ...file.ocpp, mode: 'remote', remote } }
}

async function opens(file: SiteFile): Promise<{ room: Room; close: () => Promise<void> }> {
  const room = await openRoom(file, systemClock, () => {}, {})
  await room.start()
  if (!file.ocpp.remote) throw new Error('this site has no remote back end')
  const points = openRemote(room, file.ocpp.remote, systemClock, () => {})
  room.connect(points)
  let isOpen = true
  const close = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    await points.close()
    await room.close()
  }
  onTestFinished(close)
  return { room, close }
}

async function see(room: Room): Promise<void> {
  for (const frame of ['1', '2', '3'])
    await room.feed.see(
      cameraMessage([cameraRead(PLATE, { frame })], { vehicles: [{ box: [0.3, 0.4, 0.3, 0.4] }], frame }),
    )
}

/** The vehicle has driven away, and the camera sees it. */
async function leaves(room: Room): Promise<void> {
  await until(async () => {
    await room.feed.see(cameraMessage([], { vehicles: [] }))
    room.tick()
    return (await sessionsOf(room)).length > 0
  })
}

const bayOf = (room: Room) => room.desk.bay('bay-1')
const sessionsOf = (room: Room) => room.desk.sessions.billed({})

async function charging(): Promise<{ fleet: ToyFleet; file: SiteFile; room: Room; close: () => Promise<void> }> {
  const fleet = await openToyFleet()
  const file = await siteOf(fleet)
  const { room, close } = await opens(file)
  await room.register.putVehicle(PLATE, { accountId: 'acc-1', alias: 'FLEETCARD1' }, BY)
  await until(() => bayOf(room)?.chargers[0]?.online === true)
  await see(room)
  await until(() => fleet.starts.length === 1)
  fleet.plug()
  await until(() => bayOf(room)?.state === 'charging-locked')
  return { fleet, file, room, close }
}

test('a plate starts a charge through the back end, with who pays and what it knows the vehicle by; the bay is locked by the session, and billed whole', async () => {
  const { fleet, room } = await charging()
  expect(fleet.starts[0]).toMatchObject({ accountId: 'acc-1', alias: 'FLEETCARD1' })
  expect(fleet.back.asked.every(({ signed }) => signed)).toBe(true)
  expect(bayOf(room)).toMatchObject({
    visit: { accountId: 'acc-1' },
    session: { transactionId: 'CP-1/s-1' },
    lock: { locked: true, reasons: expect.arrayContaining(['transaction-open']) },
  })
  fleet.register_Wh = 1_600
  fleet.current_A = 0
  fleet.status = 'SuspendedEV'
  await until(() => bayOf(room)?.chargers[0]?.status === 'SuspendedEV' || bayOf(room)?.detail === 'suspended')
  await until(() => fleet.back.asked.some(({ path }) => path.endsWith('/meter')))
  expect(new Set(fleet.back.asked.map(({ path }) => path))).toEqual(
    new Set(['/berth/start', '/berth/session', '/berth/status', '/berth/meter']),
  )
  expect(bayOf(room)?.lock.locked).toBe(true)
  fleet.end('EVDisconnected')
  await until(() => bayOf(room)?.lock.locked === false)
  await leaves(room)
  expect(await sessionsOf(room)).toMatchObject([{ accountId: 'acc-1', energy_Wh: 600, transactions: ['CP-1/s-1'] }])
})

test('an operator’s remote stop goes to the back end by its own name for the session', async () => {
  const { fleet, room } = await charging()
  expect(await room.desk.command('bay-1', { id: 'c-1', type: 'remote-stop' }, BY)).toMatchObject({ outcome: 'done' })
  await until(() => fleet.stops.length === 1)
  expect(fleet.stops).toEqual(['s-1'])
  await leaves(room)
})

test('a session that ended while berth was away is billed at its true end', async () => {
  const { fleet, file, close } = await charging()
  await close()
  fleet.register_Wh = 3_000
  fleet.end('EVDisconnected')
  const { room } = await opens(file)
  await until(() => bayOf(room)?.lock.locked === false)
  await leaves(room)
  expect(await sessionsOf(room)).toMatchObject([{ energy_Wh: 2_000, disputed: null }])
})

test('a session that began and ended between two questions is told, with who the back end says pays', async () => {
  const fleet = await openToyFleet()
  const { room } = await opens(await siteOf(fleet))
  await until(() => bayOf(room)?.chargers[0]?.online === true)
  fleet.mute.add('session')
  fleet.tap('CARD-OF-THEIRS', 'their-7')
  fleet.register_Wh = 1_200
  fleet.end('Local')
  fleet.mute.delete('session')
  await leaves(room)
  expect(await sessionsOf(room)).toMatchObject([{ accountId: 'their-7', energy_Wh: 200 }])
  expect(fleet.stops).toEqual([])
})

test('a back end that does not answer freezes the bay and never opens it; a start that it did not answer is sent again as the same one', async () => {
  const { fleet, room } = await charging()
  for (const name of ['session', 'status', 'meter']) fleet.mute.add(name)
  await until(() => bayOf(room)?.chargers[0]?.online === false)
  expect(bayOf(room)).toMatchObject({ state: 'charging-locked', lock: { locked: true } })
  fleet.mute.clear()
  await until(() => bayOf(room)?.chargers[0]?.online === true)
  expect(bayOf(room)?.session?.transactionId).toBe('CP-1/s-1')
})

test('a start whose answer was lost is one start', async () => {
  const fleet = await openToyFleet()
  const { room } = await opens(await siteOf(fleet))
  await room.register.putVehicle(PLATE, { accountId: 'acc-1' }, BY)
  await until(() => bayOf(room)?.chargers[0]?.online === true)
  const answers = fleet.back.answers
  let lost = 0
  fleet.back.answers = (body, response, path) => {
    const answer = answers(body, response, path)
    if (!path.endsWith('/start') || lost > 0) return answer
    lost += 1
    return null
  }
  await see(room)
  await until(() => fleet.back.asked.filter(({ path }) => path.endsWith('/start')).length >= 2)
  const started = fleet.back.asked.filter(({ path }) => path.endsWith('/start')).map(({ body }) => body)
  expect(started[0]?.startId).toBe(started[1]?.startId)
  expect(started[0]?.id).not.toBe(started[1]?.id)
  expect(fleet.starts).toHaveLength(1)
  fleet.plug()
  await until(() => bayOf(room)?.state === 'charging-locked')
})

test('a session of a start whose vehicle has gone is stopped', async () => {
  const fleet = await openToyFleet()
  const { room } = await opens(await siteOf(fleet))
  await room.register.putVehicle(PLATE, { accountId: 'acc-1' }, BY)
  await until(() => bayOf(room)?.chargers[0]?.online === true)
  await see(room)
  await until(() => fleet.starts.length === 1)
  await room.desk.command('bay-1', { id: 'no', type: 'deny' }, BY)
  await until(() => bayOf(room)?.detail === 'denied')
  fleet.plug()
  await until(() => fleet.stops.length > 0)
  expect(fleet.stops).toEqual(['s-1'])
})

test.each([
  ['sessions', { sessions: 'none' }],
  ['sessions', { sessions: [{ transactionId: 7 }] }],
  ['sessions', { sessions: [{ transactionId: 's', startedAt: 'soon' }] }],
  ['sessions', { sessions: Array.from({ length: 101 }, () => ({})) }],
  ['sessions', { sessions: [{ transactionId: 's', startedAt: '2026-11-22T10:00:00Z', register_Wh: -5 }] }],
  ['sessions', { sessions: [], id: 'of another call' }],
  ['status', { online: 'yes' }],
  ['status', { online: true, status: 'Busy' }],
  ['meter', { at: 'now' }],
])('a back end that answers %s with nonsense (%#) tells nothing and ends nothing', async (of, nonsense) => {
  const fleet = await openToyFleet()
  const { room } = await opens(await siteOf(fleet))
  await until(() => bayOf(room)?.chargers[0]?.online === true)
  if (of === 'meter') fleet.tap('CARD', 'their-7')
  const answers = fleet.back.answers
  fleet.back.answers = (body, response, path) =>
    path.endsWith(of === 'sessions' ? '/session' : `/${of}`) ? nonsense : answers(body, response, path)
  await until(() => bayOf(room)?.chargers[0]?.online === false)
  fleet.back.answers = answers
  await until(() => bayOf(room)?.chargers[0]?.online === true)
  expect(room.desk.counters()['remote_failed']).toBeGreaterThan(2)
})
