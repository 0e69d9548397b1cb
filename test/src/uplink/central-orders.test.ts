import { appendFileSync } from 'node:fs'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Json } from '../../../machines/events.ts'
import { systemClock } from '../../../src/clock.ts'
import { personOf } from '../../../src/oidc/claimed-person.ts'
import { openRoom } from '../../../src/open-room.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import type { CentralOrder } from '../../../src/uplink/central-order.ts'
import { cameraMessage, cameraRead } from '../../actors/camera-reads.ts'
import { until, writeSite } from '../serve/serving-line.ts'

vi.setConfig({ testTimeout: 180_000 })

const ALL = 'out-of-service, in-service, remote-stop, automatic-starts, autonomy, answer-review'

/** A real site that lets its centre order `orders`; what is said to it comes as over the link. */
async function site({ orders = ALL, more = '', path = '', policy = {} } = {}) {
  const file = path === '' ? (await writeSite(2, { policy })).path : path
  if (path === '')
    appendFileSync(
      file,
      `centre: { url: "ws://127.0.0.1:9/link", token: token-of-the-tests, orders: [${orders}] }\n${more}`,
    )
  let ahead = 0
  const clock = { ...systemClock, now: () => systemClock.now() + ahead }
  const room = await openRoom(await readSiteFile(file, {}), clock, () => {}, {})
  let isOpen = true
  const close = async () => {
    if (isOpen) await room.close()
    isOpen = false
  }
  onTestFinished(close)
  await room.start()
  return {
    room,
    path: file,
    close,
    order: (order: object) => room.central.obey(order as Json),
    service: (bayId = 'bay-1') => room.desk.bay(bayId)?.service,
    causes: async () =>
      (await room.journal.readSite(0, 1000))
        .map(({ cause }) => cause)
        .filter(({ type }) => /^(operator\.|centre\.|order\.|review\.|switch\.ordered)/.test(type)),
    later: (ms: number) => {
      ahead += ms
      room.tick()
    },
  }
}

/** An order as a centre with the right time sends it. */
const orderOf = (more: Partial<CentralOrder> = {}, life_ms = 60_000): CentralOrder => ({
  ...{ id: 'order-0001', type: 'out-of-service', bayId: 'bay-1', by: 'nora', role: 'operator' },
  ...{ reason: 'maintenance', expires: new Date(Date.now() + life_ms).toISOString(), remaining_ms: life_ms },
  ...more,
})

test('an order of the centre is carried out like a local one, is one record by its giver, and is one order however often it comes', async () => {
  const depot = await site()
  const [first, same] = await Promise.all([depot.order(orderOf()), depot.order(orderOf())])
  expect(first).toEqual({ outcome: 'done', seq: expect.any(Number) })
  expect(same).toEqual(first)
  expect(depot.service()).toBe('out-of-service')
  expect(await depot.order(orderOf({ id: 'order-0002', type: 'in-service' }))).toMatchObject({ outcome: 'done' })
  // Sent again after a reconnect, and after a restart: it is known, and the bay stays in service.
  expect(await depot.order(orderOf())).toEqual(first)
  const told = [
    {
      type: 'operator.commanded',
      id: 'order-0001',
      command: 'out-of-service',
      by: 'centre:nora',
      reason: 'maintenance',
    },
    { type: 'operator.commanded', id: 'order-0002', command: 'in-service', by: 'centre:nora' },
  ]
  expect(await depot.causes()).toMatchObject(told)
  await depot.close()
  const after = await site({ path: depot.path })
  // Long over by now: what it came to is still what is told.
  expect(await after.order(orderOf({ remaining_ms: -5 }))).toEqual(first)
  expect(after.service()).toBe('in-service')
  expect(await after.causes()).toMatchObject(told)
})

test('nothing may be ordered that the site file does not list, nor by a role that could not do it at the site; each no is on record', async () => {
  const closed = await site({ orders: '' })
  expect(await closed.order(orderOf())).toMatchObject({
    outcome: 'refused',
    says: expect.stringContaining('`centre.orders`'),
  })
  expect(closed.service()).toBe('in-service')
  const depot = await site()
  for (const [id, order] of Object.entries({
    'order-0001': { type: 'authorize', accountId: 'acc-1' },
    'order-0002': { role: 'viewer' },
    'order-0003': { role: 'operator', type: 'automatic-starts', on: false },
    'order-0004': { bayId: 'bay-9' },
    'order-0005': { type: 'remote-stop' },
  } as const))
    expect(await depot.order(orderOf({ id, ...order }))).toMatchObject({ outcome: 'refused', seq: expect.any(Number) })
  expect(
    (await depot.causes()).map(({ id, type, by, outcome, command }) => ({ id, type, by, outcome, command })),
  ).toEqual(
    ['authorize', 'out-of-service', 'automatic-starts', 'out-of-service', 'remote-stop'].map((command, index) => ({
      ...{ id: `order-000${index + 1}`, type: 'centre.answered', by: 'centre:nora', outcome: 'refused', command },
    })),
  )
  // What was refused stays so, though it could be done by now.
  expect(await depot.order(orderOf({ id: 'order-0002' }))).toMatchObject({ outcome: 'refused' })
  expect(depot.service()).toBe('in-service')
})

test('what is no order is refused in a sentence and leaves no record', async () => {
  const depot = await site()
  const wrong: Json[] = [null, 'order', [], {}, { ...orderOf(), type: 'correct-plate', plate: 'AB12CDE' }]
  wrong.push({ ...orderOf(), bayId: 'a\0b' }, { ...orderOf(), role: 'king' }, { ...orderOf(), id: 'x' })
  wrong.push({ ...orderOf({ type: 'autonomy' }) }, { ...orderOf(), expires: 'soon' }, { ...orderOf(), bayId: '\ud800' })
  for (const body of wrong)
    expect(await depot.order(body as object)).toMatchObject({
      outcome: 'refused',
      says: expect.stringContaining('order'),
    })
  expect(await depot.causes()).toEqual([])
})

test('an order is carried out only where both clocks say that it still holds, and agree', async () => {
  const cases: readonly (readonly [string, Partial<CentralOrder>, 'expired' | 'refused'])[] = [
    ['the centre says that nothing is left', { remaining_ms: 0 }, 'expired'],
    ['it lay on its way past its time', { ...orderOf({}, -1_000), remaining_ms: 20_000 }, 'expired'],
    ['it lay on its way for long', { ...orderOf({}, 20_000), remaining_ms: 120_000 }, 'refused'],
    ['the gateway is late', { ...orderOf({}, 600_000), remaining_ms: 60_000 }, 'refused'],
    ['it would hold for days', orderOf({}, 7 * 86_400_000), 'refused'],
  ]
  const depot = await site()
  for (const [index, [, order, outcome]] of cases.entries()) {
    const id = `order-000${index}`
    expect(await depot.order(orderOf({ ...order, id }))).toMatchObject({ outcome, seq: expect.any(Number) })
  }
  expect(depot.service()).toBe('in-service')
  expect((await depot.causes()).map(({ outcome }) => outcome)).toEqual(cases.map(([, , outcome]) => outcome))
})

test('where the site wants two people the second is one at the site, never the giver by another name, and has no longer than the order', async () => {
  const depot = await site({ more: 'twoPeople: { commands: [out-of-service], within_s: 600 }\n' })
  const { orders } = depot.room.desk
  orders.heed(() => false)
  const asked = await depot.order(orderOf({}, 30_000))
  expect(asked).toEqual({ outcome: 'asked', until: expect.any(String) })
  depot.room.tick()
  expect(orders.waiting()).toMatchObject([{ id: 'order-0001', by: 'centre:nora' }])
  expect(Date.parse(orders.waiting()[0]?.until ?? '') - Date.now()).toBeLessThan(31_000)
  expect(await depot.order(orderOf({}, 30_000))).toEqual(asked)
  expect(await orders.agree('order-0001', { name: 'Nora', role: 'admin' })).toMatchObject({ outcome: 'refused' })
  expect(await orders.agree('order-0001', { name: 'ben', role: 'operator' })).toMatchObject({ outcome: 'done' })
  expect(await depot.order(orderOf({ remaining_ms: -1 }))).toMatchObject({ outcome: 'done' })
  expect(depot.service()).toBe('out-of-service')
  expect((await depot.causes()).at(-1)).toMatchObject({ by: 'centre:nora', second: 'ben' })

  expect(await depot.order(orderOf({ id: 'order-0002' }, 20_000))).toMatchObject({ outcome: 'asked' })
  depot.later(21_000)
  await until(async () => (await depot.causes()).at(-1)?.type === 'order.withdrawn')
  expect(await depot.order(orderOf({ id: 'order-0002', remaining_ms: -1 }))).toMatchObject({
    outcome: 'expired',
    says: 'Nobody at the site agreed to it in time.',
  })
})

test('an order that waits for a second person is over by either clock: nobody agrees to it once the centre says so, nor where the gateway’s was set back', async () => {
  const depot = await site({ more: 'twoPeople: { commands: [out-of-service], within_s: 600 }\n' })
  const { orders } = depot.room.desk
  const ben = { name: 'ben', role: 'operator' } as const
  expect(await depot.order(orderOf({}, 20_000))).toMatchObject({ outcome: 'asked' })
  expect(await depot.order({ ...orderOf({}, 20_000), remaining_ms: 0 })).toMatchObject({
    outcome: 'expired',
    seq: expect.any(Number),
  })
  expect(await orders.agree('order-0001', ben)).toMatchObject({ outcome: 'refused' })
  expect((await depot.causes()).at(-1)).toMatchObject({ type: 'order.withdrawn', why: 'time-over', by: 'site' })
  expect(depot.room.desk.alarms()).toEqual([])

  expect(await depot.order(orderOf({ id: 'order-0002' }, 20_000))).toMatchObject({ outcome: 'asked' })
  depot.later(-3_600_000)
  expect(await depot.order(orderOf({ id: 'order-0002' }, 20_000))).toMatchObject({ outcome: 'expired' })
  expect(await orders.agree('order-0002', ben)).toMatchObject({ outcome: 'refused' })
  expect(depot.service()).toBe('in-service')
})

test('whoever a provider names may order: the longest name that a sign-in has is taken', async () => {
  const depot = await site()
  const roles = { claim: 'groups', map: { ops: 'operator' } } as const
  const claims = { sub: 's'.repeat(150), name: 'n'.repeat(150), groups: ['ops'] }
  const person = personOf(claims, { name: 'name', roles, sites: null })
  if (typeof person === 'string') throw new Error(person)
  expect(await depot.order(orderOf({ by: person.caller.name }))).toMatchObject({ outcome: 'done' })
  expect((await depot.causes()).at(-1)).toMatchObject({ by: `centre:${person.caller.name}` })
})

test('the site’s switch and its reviews are ordered the same way: a review by its candidate’s handle, never by a plate', async () => {
  const depot = await site({ policy: { quorum: 3, voteWindow_s: 1, absence_s: 600, reviewTimeout_s: 100 } })
  const turn = orderOf({ id: 'order-0001', role: 'supervisor', type: 'automatic-starts', on: false })
  const first = await depot.order(turn)
  expect(first).toMatchObject({ outcome: 'done' })
  expect(await depot.order(turn)).toEqual(first)
  expect(depot.room.desk.automaticStarts.state()).toMatchObject({ on: false, by: 'centre:nora' })
  await depot.order({ ...turn, id: 'order-0002', on: true })

  const { desk, feed } = depot.room
  await desk.register.putAccount('acc-1', { name: 'One', status: 'active' }, { name: 'ada', role: 'admin' })
  await desk.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, { name: 'ada', role: 'admin' })
  const read = cameraRead('AB12CDE', { frame: '1' })
  const reads = [{ ...read, box: [0.2, 0.6, 0.1, 0.05] as const }]
  await feed.see(cameraMessage(reads))
  await until(() => {
    depot.room.tick()
    return desk.reviews.all().length === 1
  })
  const [review] = desk.reviews.all()
  const { reviewId = '', candidates = [] } = review ?? {}
  const answer = { ...orderOf(), type: 'answer-review', reviewId, verdict: 'candidate' } as const
  expect(await depot.order({ ...answer, id: 'order-0003', handle: 'veh-nobody' })).toMatchObject({ outcome: 'refused' })
  const done = await depot.order({ ...answer, id: 'order-0004', handle: candidates[0]?.plate ?? '' })
  expect(done).toMatchObject({ outcome: 'done' })
  expect(await depot.order({ ...answer, id: 'order-0004', handle: candidates[0]?.plate ?? '' })).toEqual(done)
  expect(await depot.order({ ...answer, id: 'order-0005', handle: candidates[0]?.plate ?? '' })).toMatchObject({
    outcome: 'refused',
    says: expect.stringContaining('closed'),
  })
  expect((await depot.causes()).filter(({ type }) => type === 'review.answered')).toMatchObject([
    { id: 'order-0004', review: reviewId, verdict: 'plate', accountId: 'acc-1', by: 'centre:nora' },
  ])
  expect(desk.bay('bay-1')?.visit?.accountId).toBe('acc-1')
})
