import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fold } from '../../../machines/plate.ts'
import { systemChance } from '../../../src/chance.ts'
import { openDatabaseReadOnly } from '../../../src/journal/sqlite-file.ts'
import { openKeyStore } from '../../../src/privacy/key-store.ts'
import { scratchFolder, stillClock } from '../../contracts/journal-drafts.ts'
import { until } from '../serve/serving-line.ts'
import { arrives, auditOf, BY, DAY_ms, passes, privateSite, skippingClock, startedRoom } from './private-room.ts'

const SCHEDULE = { keyPeriod_days: 30, keyKept_days: 10, unmatched_s: 86_400 }

function openKeys(folder: string) {
  const keys = openKeyStore({
    path: join(folder, 'keys'),
    siteId: 'depot',
    clock: stillClock(),
    chance: systemChance,
    env: {},
  })
  onTestFinished(() => keys.close())
  return keys
}

test('a new period takes over whom it is told to, with the same handle; anybody else is somebody new, and is still found by who asks', () => {
  const folder = scratchFolder()
  const keys = openKeys(folder)
  const [ours, theirs, card] = [keys.vehicle('AB12CDE'), keys.vehicle('XY99ZZZ'), keys.card('04A1B2')]
  const mark = keys.mark('CP-1|04A1B2|17')
  const token = keys.startToken('start-1', 'visit-1', 16)
  const carried = [
    { kind: 'vehicle', text: 'AB12CDE' },
    { kind: 'card', text: '04A1B2' },
    { kind: 'vehicle', text: 'NEVER1' },
  ] as const
  expect(keys.beginPeriod(carried)).toEqual({ period: 2, carried: 2 })
  expect([keys.vehicle('AB12CDE'), keys.card('04A1B2')]).toEqual([ours, card])
  const anew = keys.vehicle('XY99ZZZ')
  expect(anew).not.toBe(theirs)
  expect(keys.everyVehicle('XY99ZZZ')).toEqual([anew, theirs])
  expect(keys.everyVehicle('AB12CDE')).toEqual([ours])
  expect([keys.mark('CP-1|04A1B2|17'), keys.findStart(token)?.startId]).toEqual([mark, 'start-1'])
  keys.close()
  const again = openKeys(folder)
  expect(again.periods().map(({ period }) => period)).toEqual([2, 1])
  expect([again.findVehicle('AB12CDE'), again.findVehicle('XY99ZZZ')]).toEqual([ours, anew])
})

test('an old period’s key that is destroyed is in no file; its strangers’ words are gone with it, and those still needed can be read and not be found', () => {
  const folder = scratchFolder()
  const keys = openKeys(folder)
  const [gone, kept, carried] = [keys.vehicle('GONE111'), keys.vehicle('KEPT222'), keys.vehicle('OURS333')]
  const sealed = [gone, kept, carried].map((handle) => [handle, String(keys.seal(handle, { plate: handle }))] as const)
  keys.flush()
  const sight = openDatabaseReadOnly(join(folder, 'keys'))
  const wrapped = Buffer.from(
    sight.prepare('SELECT wrapped FROM site_key WHERE period = 1').get()?.['wrapped'] as Uint8Array,
  )
  sight.close()
  const holding = () => readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(wrapped))
  expect(holding().length).toBeGreaterThan(0)
  keys.beginPeriod([{ kind: 'vehicle', text: 'OURS333' }])
  expect(keys.endPeriod(1, (handle) => handle === kept)).toBe(1)
  expect(holding()).toEqual([])
  expect(sealed.map(([handle, bytes]) => keys.open(handle, bytes))).toEqual([
    undefined,
    { plate: kept },
    { plate: carried },
  ])
  expect(keys.everyVehicle('KEPT222')).toEqual([])
  expect(keys.findVehicle('OURS333')).toBe(carried)
  expect(keys.livingVehicles().toSorted()).toEqual([kept, carried].toSorted())
  expect(() => keys.endPeriod(2, () => false)).toThrow('the newest period is in use')
})

test('a card that a hold kept at the end of its period dies with the first later one after the hold', () => {
  const keys = openKeys(scratchFolder())
  const [held, free, registered] = [keys.card('04AABBCC'), keys.card('04DDEEFF'), keys.card('04112233')]
  const sealed = [held, free, registered].map((card) => [card, String(keys.seal(card, { idToken: 'x' }))] as const)
  const readable = () => sealed.map(([card, bytes]) => keys.open(card, bytes) !== undefined)
  const carried = [{ kind: 'card', text: '04112233' }] as const
  keys.flush()
  keys.beginPeriod(carried)
  expect(keys.endPeriod(1, (one) => one === held)).toBe(1)
  expect(readable()).toEqual([true, false, true])
  keys.beginPeriod(carried)
  expect(keys.endPeriod(2, (one) => one === held)).toBe(0)
  expect(readable()).toEqual([true, false, true])
  keys.beginPeriod(carried)
  expect(keys.endPeriod(3, () => false)).toBe(1)
  expect(readable()).toEqual([false, false, true])
})

test('a site changes its key when the time is over and nobody stands there: registered vehicles and cards are known on, the old key goes in its time, and all of it is on record', async () => {
  const clock = skippingClock()
  const file = await privateSite(SCHEDULE)
  const room = await startedRoom(file, clock)
  await room.register.putVehicle('AB 12 CDE', { accountId: 'acc-1' }, BY)
  await room.register.putToken('04A1B2C3', { accountId: 'acc-1' }, BY)
  const ours = room.keys.findVehicle(fold('AB12CDE'))
  await passes(room, clock, 29.5 * DAY_ms)
  const stranger = await arrives(room, 'ZZ99ABC')
  await passes(room, clock, 0.6 * DAY_ms)
  expect(room.site.bay('bay-1')?.visit).toBeNull()
  expect(room.keys.periods().map(({ period }) => period)).toEqual([2, 1])
  expect(room.keys.findVehicle(fold('AB12CDE'))).toBe(ours)
  expect(room.register.vehicle('AB12CDE')).toMatchObject({ accountId: 'acc-1' })
  expect(room.register.token('04A1B2C3')).toMatchObject({ accountId: 'acc-1' })
  expect(room.keys.findVehicle(fold('ZZ99ABC'))).toBeNull()
  expect(room.keys.everyVehicle(fold('ZZ99ABC'))).toEqual([stranger])
  await passes(room, clock, 10.1 * DAY_ms)
  expect(room.keys.periods().map(({ period }) => period)).toEqual([2])
  expect(room.keys.everyVehicle(fold('ZZ99ABC'))).toEqual([])
  const told = async (type: string) => (await auditOf(room, type)).map(({ cause, decisions }) => [cause, decisions])
  expect(await told('keys.rotated')).toMatchObject([[{ period: 2, carried: 2 }, [{ type: 'KeyPeriodBegun' }]]])
  expect(await told('keys.period-ended')).toMatchObject([[{ period: 1 }, [{ type: 'KeyPeriodDestroyed' }]]])
  await room.close()
  const again = await startedRoom(file, clock)
  expect(again.register.vehicle('AB12CDE')).toMatchObject({ accountId: 'acc-1' })
  expect(await auditOf(again, 'keys.rotated')).toHaveLength(1)
})

test('a vehicle that stands here keeps its name through a change of keys that could not wait', async () => {
  const clock = skippingClock()
  const room = await startedRoom(await privateSite(SCHEDULE), clock)
  await passes(room, clock, 29.9 * DAY_ms)
  const handle = await arrives(room, 'ZZ99ABC')
  room.keys.beginPeriod([])
  expect(room.keys.findVehicle(fold('ZZ99ABC')), 'the promise is not kept by chance').not.toBe(handle)
  await room.close()

  const other = await startedRoom(await privateSite({ ...SCHEDULE, keyPeriod_days: 1 }), clock)
  const stands = await arrives(other, 'ZZ99ABC')
  // The key is changed before the site looks at its timers.
  clock.skip(2.2 * DAY_ms)
  other.privacy.tick()
  await until(() => other.keys.periods().length === 2)
  expect(other.keys.findVehicle(fold('ZZ99ABC'))).toBe(stands)
})

test('a card that nobody registered keeps its name through a change of keys for as long as the charge runs that it began', async () => {
  const clock = skippingClock()
  const file = await privateSite(SCHEDULE)
  const room = await startedRoom(file, clock)
  await room.chargePointDesk.hear({ type: 'online', chargePointId: 'CP-1' })
  const start = { chargePointId: 'CP-1', evse: 1, idToken: '04A1B2C3', register_Wh: 1000, happenedAt: null }
  await room.chargePointDesk.hear({ type: 'started', ...start, verdict: 'accepted' })
  const card = room.keys.card('04A1B2C3')
  const other = room.keys.card('04FFFFFF')
  room.keys.flush()
  clock.skip(31.2 * DAY_ms)
  room.privacy.tick()
  expect(room.keys.periods().map(({ period }) => period)).toEqual([2, 1])
  expect(room.keys.findCard('04A1B2C3')).toBe(card)
  expect([room.keys.card('04A1B2C3'), room.keys.findCard('04FFFFFF')]).toEqual([card, null])
  expect(room.keys.card('04FFFFFF'), 'of no charge').not.toBe(other)
  room.keys.flush()
  await room.close()
  const again = await startedRoom(file, clock)
  expect(again.keys.card('04A1B2C3')).toBe(card)
})

test('what a crash kept off the record about a change of keys is written at the next start', async () => {
  const file = await privateSite(SCHEDULE)
  const room = await startedRoom(file)
  room.keys.beginPeriod([])
  room.keys.endPeriod(1, () => false)
  await room.close()
  const again = await startedRoom(file)
  await again.site.idle()
  expect((await auditOf(again, 'keys.rotated')).map(({ cause }) => cause['period'])).toEqual([2])
  expect((await auditOf(again, 'keys.period-ended')).map(({ cause }) => cause['period'])).toEqual([1])
})
