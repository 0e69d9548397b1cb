import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Aedes } from 'aedes'
import { expect, test } from 'vitest'
import { signatureOf } from '../../../src/back-end/signed-caller.ts'
import { readPositions } from '../../../src/news/position-book.ts'
import { all, closing, ids, receiver, SECRET, tellNews, webhook } from './news-stage.ts'

test('where one receiver cannot be opened those opened before it are closed again', async () => {
  const sockets = new Set<Socket>()
  const broker = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((go) => broker.listen(0, '127.0.0.1', go))
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    broker.close()
  })
  const folder = mkdtempSync(join(tmpdir(), 'berth-news-'))
  closing.push(() => rmSync(folder, { recursive: true, force: true }))
  const one = { login: null, topic: 'berth', secret: null, types: null, bays: null, from: 'start' as const }
  const url = `mqtt://127.0.0.1:${(broker.address() as AddressInfo).port}`
  const mqtt = [
    { ...one, id: 'first', url },
    { ...one, id: 'second', url: 'no address' },
  ]
  expect(() => tellNews({ mqtt }, folder)).toThrow()
  await new Promise((go) => setTimeout(go, 500))
  expect(sockets.size).toBe(0)
})

test('a receiver that now and then refuses is told everything signed, in order, and nothing is left out', async () => {
  const server = await receiver((place) => (place % 7 === 0 ? 503 : place % 11 === 0 ? 404 : 200))
  tellNews({ webhooks: [webhook(server.url)] })
  await expect.poll(() => server.taken.length, { timeout: 60_000 }).toBe(all.length)
  expect(ids(server.taken)).toEqual(ids(all.map(([, row]) => row)))
  expect(server.asked.length).toBeGreaterThan(all.length)
})

test('a receiver goes on where it stopped, over restarts of either side: each piece at least once, none skipped', async () => {
  const first = await receiver((place) => (place > 40 ? 500 : 200))
  const { folder, close, logged } = tellNews({ webhooks: [webhook(first.url)] })
  await expect.poll(() => logged.length, { timeout: 60_000 }).toBeGreaterThan(0)
  expect(logged[0]).toMatch(
    /^The receiver of news `billing` at 127\.0\.0\.1:\d+ answers 500; what it has not taken waits for it\.$/,
  )
  await close()
  const second = await receiver(() => 200)
  tellNews({ webhooks: [webhook(second.url, { from: 'now' })] }, folder)
  await expect.poll(() => second.taken.length, { timeout: 60_000 }).toBe(all.length - first.taken.length)
  expect(ids([...first.taken, ...second.taken])).toEqual(ids(all.map(([, row]) => row)))
})

test('a dead receiver keeps nothing from the others, and one that wants little is told little', async () => {
  const server = await receiver(() => 200)
  const [, some] = all.find(([, row]) => row['type'] === 'session.started') ?? []
  const wanted = { types: ['session.started', 'alarm.raised'], bays: [String(some?.['bayId'])] }
  tellNews({
    webhooks: [webhook('http://127.0.0.1:9/dead', { id: 'dead' }), webhook(server.url, wanted)],
    mqtt: [
      {
        id: 'dead-broker',
        url: 'mqtt://127.0.0.1:9',
        topic: 'berth',
        types: null,
        bays: null,
        from: 'start',
        secret: null,
        login: null,
      },
    ],
  })
  const expected = all.filter(
    ([, row]) =>
      wanted.types.includes(String(row['type'])) &&
      (row['bayId'] === null || wanted.bays.includes(String(row['bayId']))),
  )
  await expect.poll(() => server.taken.length, { timeout: 60_000 }).toBe(expected.length)
  expect(ids(server.taken)).toEqual(ids(expected.map(([, row]) => row)))
  expect(expected.length).toBeGreaterThan(0)
})

test('a broker that comes late gets every piece with QoS 1, signed, under its bay and type', async () => {
  const probe = createServer()
  await new Promise<void>((go) => probe.listen(0, '127.0.0.1', go))
  const { port } = probe.address() as AddressInfo
  await new Promise((go) => probe.close(go))
  tellNews({
    mqtt: [
      {
        id: 'broker',
        url: `mqtt://127.0.0.1:${port}`,
        topic: 'berth/depot',
        types: null,
        bays: null,
        from: 'start',
        secret: SECRET,
        login: null,
      },
    ],
  })
  await new Promise((go) => setTimeout(go, 200))
  const broker = await Aedes.createBroker()
  const got: { readonly topic: string; readonly qos: number; readonly text: string }[] = []
  broker.on('publish', (packet, client) => {
    if (client) got.push({ topic: packet.topic, qos: packet.qos, text: packet.payload.toString() })
  })
  const server = createServer((socket) => broker.handle(socket))
  await new Promise<void>((go) => server.listen(port, '127.0.0.1', go))
  closing.push(async () => {
    await new Promise<void>((go) => broker.close(() => go()))
    await new Promise((go) => server.close(go))
  })
  await expect.poll(() => got.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(all.length)
  const messages = got.map(({ text }) => JSON.parse(text))
  for (const { id, timestamp, signature, body } of messages)
    expect(signature).toBe(signatureOf(SECRET, id, timestamp, body))
  expect([...new Set(messages.map(({ id }) => id))]).toEqual(ids(all.map(([, row]) => row)))
  const [first] = all
  expect(got[0]).toMatchObject({ topic: `berth/depot/${first?.[1]['bayId'] ?? 'site'}/${first?.[1]['type']}`, qos: 1 })
}, 180_000)

test('a receiver that says it is gone is asked no more, also after a restart, until a person lets it go on: from where it stopped, or from any record again', async () => {
  let isGone = true
  const server = await receiver((place) => (isGone && place > 20 ? 410 : 200))
  const first = tellNews({ webhooks: [webhook(server.url)] })
  await expect.poll(() => first.parked.length, { timeout: 60_000 }).toBe(1)
  expect(first.parked[0]).toMatch(/^billing: The receiver of news `billing` at 127\.0\.0\.1:\d+ answers 410;/)
  expect(first.logged.at(-1)).toContain('until `berth news resume billing`')
  await first.close()
  expect(server.asked).toHaveLength(21)

  const { parked, telling, folder } = tellNews({ webhooks: [webhook(server.url)] }, first.folder)
  expect(parked).toEqual(first.parked)
  telling.wake()
  await new Promise((go) => setTimeout(go, 100))
  expect(server.asked).toHaveLength(21)
  expect(readPositions(join(folder, 'site.db.news'))).toMatchObject([
    { receiver: 'billing', after: all[19]?.[0], parked: { says: expect.stringContaining('answers 410') } },
  ])
  isGone = false
  expect(telling.resume('nobody', null)).toBeNull()
  expect(telling.resume('billing', null)?.parked).not.toBeNull()
  expect(parked.at(-1)).toBeNull()
  await expect.poll(() => server.taken.length, { timeout: 60_000 }).toBe(all.length)
  expect(ids(server.taken)).toEqual(ids(all.map(([, row]) => row)))

  const from = Number(all[100]?.[1]['seq'])
  const again = all.filter(([, row]) => Number(row['seq']) > from)
  telling.resume('billing', from)
  await expect.poll(() => server.taken.length, { timeout: 60_000 }).toBe(all.length + again.length)
  expect(ids(server.taken.slice(all.length))).toEqual(ids(again.map(([, row]) => row)))
})

test('a receiver that refuses for a whole day is parked; one that is away, or wants to be asked later, is waited for', async () => {
  const began = Date.now()
  // A day is a second and a half.
  const now = (): number => began + (Date.now() - began) * 57_600
  const [refuses, away, busy] = [await receiver(() => 403), await receiver(() => 503), await receiver(() => 429)]
  const { parked, telling } = tellNews(
    {
      webhooks: [
        webhook(refuses.url, { id: 'refuses' }),
        webhook(away.url, { id: 'away' }),
        webhook(busy.url, { id: 'busy' }),
        webhook('http://127.0.0.1:9/dead', { id: 'dead' }),
      ],
    },
    undefined,
    now,
  )
  await expect.poll(() => parked.length, { timeout: 60_000 }).toBe(1)
  expect(now() - began).toBeGreaterThan(86_400_000)
  expect(refuses.asked.length).toBeGreaterThan(2)
  expect(parked[0]).toContain('answers 403')
  const asked = away.asked.length
  await expect.poll(() => away.asked.length, { timeout: 60_000 }).toBeGreaterThan(asked + 1)
  expect(telling.positions().map((one) => [one.receiver, one.parked === null])).toEqual([
    ['refuses', false],
    ['away', true],
    ['busy', true],
    ['dead', true],
  ])
})
