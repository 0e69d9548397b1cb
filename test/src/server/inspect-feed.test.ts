import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createWebSocketReceiver, type StatelyInspectionEvent } from '@statelyai/inspect'
import { expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { E10 } from '../../../simulations/scenarios/e10-silent-swap.ts'
import { systemClock } from '../../../src/clock.ts'
import { inspectStory } from '../../../src/commands/recorded-story.ts'
import { attachInspector, QUEUE_BYTES, stateValue } from '../../../src/server/inspect-feed.ts'
import { openArrayDesk } from './array-desk.ts'
import { closeAfterwards, startServer } from './running-server.ts'

test('a stock receiver that attaches late is complete: each bay with its definition and its state now, then its events', async () => {
  const { server, site } = await startServer()
  site.plates.set('v-1', 'AB12CDE')
  const visit = {
    visitId: 'visit-1',
    plate: 'v-1',
    identifiedBy: 'plate',
    evidence: [],
    erasurePending: false,
    accountId: 'acc-1',
    startedAt: '2026-11-22T10:00:00.000Z',
  } as const
  await site.change(
    'bay-1',
    { type: 'plate.agreed', leader: 'v-1' },
    { state: 'charging-locked', detail: 'charging', visit, lock: { locked: true, reasons: ['transaction-open'] } },
  )
  const events: StatelyInspectionEvent[] = []
  const receiver = createWebSocketReceiver({ server: `ws://127.0.0.1:${server.port}/inspect` })
  receiver.subscribe((event) => events.push(event))
  await expect.poll(() => events.length).toBe(3)
  expect(events.map((event) => event.type)).toEqual(['@xstate.actor', '@xstate.actor', '@xstate.actor'])
  const [first] = events
  if (first?.type !== '@xstate.actor') throw new Error('expected an actor')
  expect(first).toMatchObject({
    name: 'bay-1',
    sessionId: 'bay:bay-1',
    _version: '0.7.2',
    snapshot: {
      status: 'active',
      value: { 'charging-locked': 'charging' },
      context: { version: 1, plateLength: 7, current_A: 0 },
    },
  })
  expect(JSON.parse(first.definition ?? '')).toMatchObject({ id: 'bay', initial: 'vacant' })
  await site.change(
    'bay-1',
    { type: 'transaction.ended' },
    { state: 'exiting', detail: 'still-plugged' },
    { personal: { 'v-1': { plate: 'AB12CDE' } } },
  )
  await site.change('bay-1', { type: 'zone.empty' }, { state: 'vacant', detail: 'vacant', visit: null })
  await expect.poll(() => events.length).toBe(7)
  expect(events.slice(3).map((event) => [event.type, 'event' in event && event.event.type])).toEqual([
    ['@xstate.event', 'transaction.ended'],
    ['@xstate.snapshot', 'transaction.ended'],
    ['@xstate.event', 'zone.empty'],
    ['@xstate.snapshot', 'zone.empty'],
  ])
  expect(events.at(-1)).toMatchObject({ snapshot: { value: 'vacant', context: { plateLength: null } } })
  expect(JSON.stringify(events)).not.toMatch(/AB12CDE|v-1|acc-1|visit-1/)
})

test('a page attaches to the bays that it shows and hears of no others', async () => {
  const { server, site } = await startServer()
  const events: StatelyInspectionEvent[] = []
  createWebSocketReceiver({ server: `ws://127.0.0.1:${server.port}/inspect?bays=bay-2,bay-9` }).subscribe((event) =>
    events.push(event),
  )
  await expect.poll(() => events.length).toBe(1)
  await site.change('bay-1', { type: 'vehicle.seen' }, { state: 'detecting' })
  await site.change('bay-2', { type: 'vehicle.seen' }, { state: 'detecting' })
  await expect.poll(() => events.length).toBe(3)
  expect(new Set(events.map((event) => event.sessionId))).toEqual(new Set(['bay:bay-2']))
})

test('a stock receiver that falls behind hears of a gap and where the bay stands now, and what came after is told one by one again', async () => {
  const { site } = await startServer()
  const wire = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  closeAfterwards(async () => {
    for (const client of wire.clients) client.terminate()
    wire.close()
  })
  await once(wire, 'listening')
  let isStuck = false
  wire.on('connection', (socket) => {
    // The socket is real; how much waits in it is the test's word.
    const slow = new Proxy(socket, {
      get(target, name) {
        if (name === 'bufferedAmount' && isStuck) return QUEUE_BYTES + 1
        const value = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    attachInspector(slow, site.desk, systemClock, ['bay-1'])
  })
  const { port } = wire.address() as AddressInfo
  const events: StatelyInspectionEvent[] = []
  createWebSocketReceiver({ server: `ws://127.0.0.1:${port}` }).subscribe((event) => events.push(event))
  await expect.poll(() => events.length).toBe(1)
  isStuck = true
  for (let at = 0; at < 150; at += 1)
    await site.change('bay-1', { type: 'meter.values' }, { state: 'charging-locked', detail: 'charging' })
  await new Promise((go) => setTimeout(go, 100))
  expect(events.length).toBe(1)
  isStuck = false
  await expect.poll(() => events.length).toBe(3)
  expect(events[1]).toMatchObject({
    type: '@xstate.event',
    event: { type: 'berth.gap', from: 1, to: 150, missed: 150 },
  })
  expect(events[2]).toMatchObject({
    type: '@xstate.snapshot',
    snapshot: { value: { 'charging-locked': 'charging' }, context: { version: 150 } },
  })
  await site.change('bay-1', { type: 'transaction.ended' }, { state: 'exiting', detail: 'still-plugged' })
  await expect.poll(() => events.length).toBe(5)
  expect(events[4]).toMatchObject({
    event: { type: 'transaction.ended' },
    snapshot: { value: { exiting: 'still-plugged' } },
  })
})

test('a receiver that falls behind for a moment misses nothing', async () => {
  const { server, site } = await startServer()
  const events: StatelyInspectionEvent[] = []
  createWebSocketReceiver({ server: `ws://127.0.0.1:${server.port}/inspect?bays=bay-2` }).subscribe((event) =>
    events.push(event),
  )
  await expect.poll(() => events.length).toBe(1)
  // Told at once: views follow each other faster than records are read.
  const seqs = await Promise.all(
    Array.from({ length: 40 }, (_, at) => site.change('bay-2', { type: `note.${at}` }, { state: 'detecting' })),
  )
  await expect.poll(() => events.length).toBe(1 + 2 * seqs.length)
  const told = events.flatMap((event) => (event.type === '@xstate.event' ? [event.event.type] : []))
  expect(told).toEqual(seqs.map((_, at) => `note.${at}`))
})

test('state and detail become a state value as XState writes it', () => {
  expect(stateValue('vacant', 'vacant')).toBe('vacant')
  expect(stateValue('vacant', null)).toBe('vacant')
  expect(stateValue('charging-locked', 'charging')).toEqual({ 'charging-locked': 'charging' })
  expect(stateValue('charging-locked', 'suspended.by-vehicle')).toEqual({
    'charging-locked': { suspended: 'by-vehicle' },
  })
})

test('a stock receiver gets the same of a recorded journal: a bay as it was, then every record with its state and its own time', async () => {
  const [story] = E10.stories
  if (!story) throw new Error('E10 has no story')
  const { played, http, close } = await inspectStory({ scenario: E10, story, seed: 0 }, 0)
  closeAfterwards(close)
  const mine = played.records.filter(({ bayId }) => bayId === 'bay-1')
  const from = mine[Math.floor(mine.length / 2)]
  const later = mine.filter(({ seq }) => seq > (from?.seq ?? 0))
  const events: StatelyInspectionEvent[] = []
  const address = `ws://127.0.0.1:${http.port}/inspect?bays=bay-1&from=${from?.seq}`
  createWebSocketReceiver({ server: address }).subscribe((event) => events.push(event))
  await expect.poll(() => events.length, { timeout: 60_000 }).toBe(1 + 2 * later.length)
  const value = (record: (typeof mine)[number] | undefined) => stateValue(record?.state ?? '', record?.detail ?? null)
  expect(events[0]).toMatchObject({ type: '@xstate.actor', snapshot: { value: value(from) } })
  const told = events.flatMap((event) => (event.type === '@xstate.snapshot' ? [event] : []))
  expect(
    told.map(({ event, snapshot, createdAt }) => [event.type, (snapshot as { value?: unknown }).value, createdAt]),
  ).toEqual(later.map((record) => [record.cause.type, value(record), String(Date.parse(record.at))]))
  expect(later.length).toBeGreaterThan(5)
}, 180_000)

test('who may not look any more is shut out of the inspection within two seconds', async () => {
  let now = Date.now()
  const { server, send } = await startServer({ adminToken: 'top-secret', clock: { ...systemClock, now: () => now } })
  const login = await send('POST', '/api/login', { token: 'top-secret' })
  const cookie = (login.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/inspect`, { headers: { cookie } })
  await once(socket, 'message')
  const closed = once(socket, 'close')
  now += 8 * 24 * 3600 * 1000
  expect((await closed)[0]).toBe(4401)
})

test('recordings that many ask for at once are told a few at a time, by what each record changed, and all of them whole', async () => {
  const site = openArrayDesk({ clock: systemClock })
  for (let at = 0; at < 30; at += 1) await site.change('bay-1', { type: 'meter.values' }, { state: 'charging-locked' })
  const asked: (number | undefined)[] = []
  let [now, most] = [0, 0]
  const siteAt = async (seq: number, from?: number) => {
    asked.push(from)
    now += 1
    most = Math.max(most, now)
    // As long as a disk takes.
    await new Promise((go) => setTimeout(go, 1))
    now -= 1
    return site.desk.siteAt(seq, from)
  }
  const { server } = await startServer({ site: { ...site, desk: { ...site.desk, siteAt } } })
  const told = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/inspect?from=1`)
      closeAfterwards(async () => socket.terminate())
      let heard = 0
      socket.on('message', () => {
        heard += 1
      })
      await expect.poll(() => heard, { timeout: 60_000 }).toBe(1 + 2 * 29)
      return heard
    }),
  )
  expect(told).toHaveLength(12)
  expect(most).toBeLessThanOrEqual(4)
  // The whole site once for each of them; then only what a record changed.
  expect(asked.filter((from) => from === undefined)).toHaveLength(12)
})
