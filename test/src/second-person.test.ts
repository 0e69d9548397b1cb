import { appendFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { openRoom } from '../../src/open-room.ts'
import type { Caller, Command } from '../../src/site-desk.ts'
import { readSiteFile } from '../../src/site-file.ts'
import { cameraMessage, cameraRead } from '../actors/camera-reads.ts'
import { until, writeSite } from './serve/serving-line.ts'

const ANN: Caller = { name: 'ann', role: 'operator' }
const BEN: Caller = { name: 'ben', role: 'supervisor' }
const ORDER: Command = { id: 'order-1', type: 'out-of-service', reason: 'maintenance' }

/** A real site that asks for two people to take a bay out of service; `later` moves its clock, s. */
async function site(within_s = 600) {
  const { path } = await writeSite(2)
  appendFileSync(path, `twoPeople:\n  commands: [out-of-service, authorize]\n  within_s: ${within_s}\n`)
  let ahead = 0
  const clock = { ...systemClock, now: () => systemClock.now() + ahead * 1000 }
  const room = await openRoom(await readSiteFile(path, {}), clock, () => {}, {})
  onTestFinished(() => room.close())
  await room.start()
  const { desk } = room
  const causes = async () =>
    (await room.journal.readSite(0, 1000))
      .map(({ cause }) => cause)
      .filter(({ type }) => type.startsWith('order.') || type === 'operator.commanded')
  const service = (bayId = 'bay-1') => desk.bay(bayId)?.service
  const later = (seconds: number) => {
    ahead += seconds
    room.desk.second.tick()
  }
  const read = cameraRead('AB12CDE', { frame: '1' })
  const reads = [{ ...read, box: [0.2, 0.6, 0.1, 0.05] as const }]
  const see = () => room.feed.see(cameraMessage(reads))
  return { desk, causes, service, later, see }
}

test('an order that the site wants two people for does nothing until somebody else agrees, and both are on record', async () => {
  const { desk, causes, service } = await site()
  expect(await desk.command('bay-1', ORDER, ANN)).toMatchObject({ outcome: 'second-person' })
  expect(service()).toBe('in-service')
  expect(desk.orders.waiting()).toMatchObject([
    { id: 'order-1', bayId: 'bay-1', type: 'out-of-service', reason: 'maintenance', by: 'ann' },
  ])
  expect(desk.alarms()).toMatchObject([
    {
      bayId: 'bay-1',
      type: 'second-person',
      says: expect.stringContaining('ann wants to take the bay out of service at bay-1: '),
    },
  ])
  expect(await desk.orders.agree('order-1', BEN)).toMatchObject({ outcome: 'done' })
  expect(service()).toBe('out-of-service')
  expect(await causes()).toMatchObject([
    { type: 'order.asked', id: 'order-1', bayId: 'bay-1', command: 'out-of-service', by: 'ann' },
    { type: 'operator.commanded', id: 'order-1', by: 'ann', second: 'ben', reason: 'maintenance' },
  ])
  expect([desk.orders.waiting(), desk.alarms()]).toEqual([[], []])
})

test('the same person twice is refused, however often they try, and what others order alone goes on', async () => {
  const { desk, service } = await site()
  await desk.command('bay-1', ORDER, ANN)
  expect(await desk.orders.agree('order-1', { ...ANN, role: 'admin' })).toMatchObject({
    outcome: 'refused',
    why: expect.stringContaining('yourself'),
  })
  // Giving it again, by its id or by another one, is no agreement either.
  expect(await desk.command('bay-1', ORDER, BEN)).toMatchObject({ outcome: 'second-person' })
  expect(await desk.command('bay-1', { ...ORDER, id: 'order-2' }, ANN)).toMatchObject({ outcome: 'second-person' })
  expect(service()).toBe('in-service')
  expect(await desk.command('bay-2', { id: 'order-3', type: 'in-service' }, ANN)).not.toMatchObject({
    outcome: 'second-person',
  })
})

test('an order that nobody agreed to in time is gone, and so is one that was taken back, on record', async () => {
  const { desk, service, later, causes } = await site(60)
  await desk.command('bay-1', ORDER, ANN)
  later(61)
  expect(desk.alarms()).toEqual([])
  expect(await desk.orders.agree('order-1', BEN)).toMatchObject({
    outcome: 'refused',
    why: expect.stringContaining('does not wait any more'),
  })
  await desk.command('bay-1', { ...ORDER, id: 'order-2' }, ANN)
  expect(await desk.orders.withdraw('order-2', BEN)).toBe(true)
  expect(await desk.orders.agree('order-2', BEN)).toMatchObject({ outcome: 'refused' })
  expect(service()).toBe('in-service')
  expect((await causes()).at(-1)).toMatchObject({ type: 'order.withdrawn', id: 'order-2', by: 'ben', asked: 'ann' })
})

test('a bay that changed since the order was given is not ordered: whoever agrees hears how it is now', async () => {
  const { desk, service, see } = await site()
  await desk.command('bay-1', ORDER, ANN)
  await see()
  await until(() => desk.bay('bay-1')?.state === 'detecting')
  expect(await desk.orders.agree('order-1', BEN)).toMatchObject({ outcome: 'conflict', bay: { state: 'detecting' } })
  expect(service()).toBe('in-service')
  expect(desk.orders.waiting()).toEqual([])
})

test('an order that is taken back while somebody agrees is either obeyed or taken back, never both', async () => {
  for (const isAgreedFirst of [true, false]) {
    const { desk, causes, service } = await site()
    await desk.command('bay-1', ORDER, ANN)
    const agree = () => desk.orders.agree('order-1', BEN)
    const back = () => desk.orders.withdraw('order-1', ANN)
    const [agreed, gone] = isAgreedFirst
      ? await Promise.all([agree(), back()])
      : await Promise.all([back(), agree()]).then(([one, other]) => [other, one] as const)
    expect(agreed.outcome).toBe(isAgreedFirst ? 'done' : 'refused')
    expect(gone).toBe(!isAgreedFirst)
    expect(service()).toBe(isAgreedFirst ? 'out-of-service' : 'in-service')
    const last = (await causes()).at(-1)
    expect(last?.type).toBe(isAgreedFirst ? 'operator.commanded' : 'order.withdrawn')
    expect([desk.orders.waiting(), desk.alarms()]).toEqual([[], []])
  }
})

test('a version that the bay never had makes no order outlive a change of the bay', async () => {
  const { desk, see, service } = await site()
  await desk.command('bay-1', { ...ORDER, expectVersion: 900_719_925_474_099 }, ANN)
  await see()
  await until(async () => desk.bay('bay-1')?.state !== 'vacant')
  expect(await desk.orders.agree('order-1', BEN)).toMatchObject({ outcome: 'conflict' })
  expect(service()).toBe('in-service')
})

test('the id of an order that waits means that order: another one under it is refused, and the first waits on', async () => {
  const { desk, service } = await site()
  await desk.command('bay-1', ORDER, ANN)
  const other = { id: ORDER.id, type: 'autonomy', level: 'observe' } as unknown as Command
  expect(await desk.command('bay-1', other, ANN)).toMatchObject({
    outcome: 'refused',
    why: expect.stringContaining('send a new id'),
  })
  expect(await desk.command('bay-2', ORDER, ANN)).toMatchObject({ outcome: 'refused' })
  expect(await desk.orders.agree('order-1', BEN)).toMatchObject({ outcome: 'done' })
  expect(service()).toBe('out-of-service')
})

test('one person keeps no more orders waiting than a second one can look through, and gets on once some are agreed to', async () => {
  const { desk } = await site()
  const ask = (at: number) => desk.command('bay-1', { ...ORDER, id: `many-${at}` }, ANN)
  for (let at = 0; at < 50; at += 1) expect((await ask(at)).outcome).toBe('second-person')
  expect(await ask(50)).toMatchObject({ outcome: 'refused', why: expect.stringContaining('50 orders of yours') })
  expect(desk.orders.waiting()).toHaveLength(50)
  // The same order again is still the one that waits, and others may ask.
  expect((await ask(49)).outcome).toBe('second-person')
  expect((await desk.command('bay-1', { ...ORDER, id: 'bens' }, BEN)).outcome).toBe('second-person')
  await desk.orders.withdraw('many-0', BEN)
  expect((await ask(50)).outcome).toBe('second-person')
})

test('an order is judged when it is given, carries who would pay, and is refused, on record, where somebody else would pay when it is agreed to', async () => {
  const { desk, see, causes } = await site()
  await see()
  await until(() => desk.bay('bay-1')?.state === 'detecting')
  const ask = (id: string) => desk.command('bay-1', { id, type: 'authorize', plate: 'KX51 ABC' }, ANN)
  expect(await ask('too-soon')).toMatchObject({ outcome: 'refused', why: expect.stringContaining('Nobody pays') })
  expect(desk.orders.waiting()).toEqual([])
  await desk.register.putVehicle('KX51ABC', { accountId: 'acc-1' }, BEN)
  expect(await ask('order-1')).toMatchObject({ outcome: 'second-person' })
  const waiting = () => desk.orders.waiting()[0]
  expect(waiting()).toMatchObject({ plate: 'KX51ABC', accountId: 'acc-1', against: null })
  await desk.register.deleteVehicle('KX51ABC', BEN)
  await desk.register.putVehicle('KX51ABC', { accountId: 'acc-2' }, BEN)
  expect(waiting()?.against).toContain('acc-1 would have paid, and now acc-2 would')
  expect(await desk.orders.agree('order-1', BEN)).toMatchObject({
    outcome: 'refused',
    why: expect.stringContaining('acc-1 would have paid, and now acc-2 would'),
  })
  expect([desk.orders.waiting(), desk.bay('bay-1')?.visit?.accountId]).toEqual([[], null])
  await until(async () => (await causes()).length === 2)
  expect(await causes()).toMatchObject([
    { type: 'order.asked', id: 'order-1', accountId: 'acc-1', handle: expect.stringMatching(/^veh-/) },
    { type: 'order.withdrawn', id: 'order-1', by: 'site', asked: 'ann', why: 'payer-changed' },
  ])
})

test('who agrees is told before that the bay changed, and an order that ends without a person says why on record', async () => {
  const { desk, see, causes, later } = await site(60)
  await desk.command('bay-1', ORDER, ANN)
  await see()
  await until(() => desk.bay('bay-1')?.state === 'detecting')
  expect(desk.orders.waiting()[0]?.against).toBe('The bay changed since the order was given.')
  await desk.orders.agree('order-1', BEN)
  await desk.command('bay-2', { ...ORDER, id: 'order-2' }, ANN)
  later(61)
  await until(async () => (await causes()).length === 4)
  const withdrawn = (await causes()).filter(({ type }) => type === 'order.withdrawn')
  expect(withdrawn).toMatchObject([
    { id: 'order-1', why: 'bay-changed' },
    { id: 'order-2', why: 'time-over' },
  ])
})

test('the order of somebody whose token is gone is withdrawn, on record, and nobody can agree to it any more', async () => {
  const { desk, service, causes } = await site()
  const names = new Set(['ann', 'ben'])
  desk.orders.heed(({ name }) => names.has(name))
  await desk.command('bay-1', ORDER, ANN)
  names.delete('ann')
  expect(await desk.orders.agree('order-1', BEN)).toMatchObject({ outcome: 'refused' })
  expect([service(), desk.orders.waiting(), desk.alarms()]).toEqual(['in-service', [], []])
  await until(async () => (await causes()).length === 2)
  expect((await causes())[1]).toMatchObject({ type: 'order.withdrawn', by: 'site', asked: 'ann', why: 'giver-gone' })
})
