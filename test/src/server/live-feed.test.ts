import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { systemClock } from '../../../src/clock.ts'
import { openArrayDesk } from './array-desk.ts'
import { closeAfterwards, ROLE_TOKENS, type Started, startServer } from './running-server.ts'

type Message = {
  type: string
  epoch: number
  seq: number
  from: number
  ts: string
  bays?: { bayId: string; version: number; visit: { plate: string } | null }[]
  alarms?: unknown[]
  buildId?: string
  dropped?: number
}

function listen(server: Pick<Started['server'], 'port'>, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/live`, { headers })
  const messages: Message[] = []
  const arrivals: number[] = []
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)))
    arrivals.push(performance.now())
  })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  const refused = new Promise<number>((resolve) =>
    socket.on('unexpected-response', (_request, answer) => resolve(answer.statusCode ?? 0)),
  )
  socket.on('error', () => undefined)
  closeAfterwards(async () => socket.terminate())
  return { socket, messages, arrivals, closed, refused }
}

describe('the live feed', () => {
  test('begins with hello and a snapshot of all bays and alarms, and beats each second with its seq', async () => {
    const { server, site } = await startServer()
    await site.change('bay-1', { type: 'vehicle.seen' }, { state: 'detecting' })
    const { messages } = listen(server)
    await expect.poll(() => messages.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(4)
    expect(messages[0]).toMatchObject({
      type: 'hello',
      epoch: 1,
      seq: 1,
      siteId: 'depot-north',
      timezone: 'Europe/London',
      caller: { role: 'admin' },
    })
    expect(messages[0]?.buildId).toMatch(/^[0-9a-f]{12}$/)
    expect(messages[1]).toMatchObject({
      type: 'snapshot',
      seq: 1,
      alarms: [],
      dropped: 0,
      bays: [{ bayId: 'bay-1', version: 1 }, {}, {}],
    })
    expect(messages.slice(2).map(({ type, seq }) => [type, seq])).toEqual(messages.slice(2).map(() => ['heartbeat', 1]))
    for (const message of messages) expect(message.ts).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  test('sends one batch per 50 ms with the last view of each bay, and each message names the seq that it builds on', async () => {
    const { server, site } = await startServer()
    const { messages, arrivals } = listen(server)
    await expect.poll(() => messages.length).toBeGreaterThanOrEqual(2)
    const begin = performance.now()
    let changes = 0
    while (performance.now() - begin < 500) {
      await site.change(`bay-${(changes % 2) + 1}`, { type: 'meter.values' }, {})
      changes += 1
      if (changes % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 2))
    }
    await expect.poll(() => messages.at(-1)?.seq, { timeout: 60_000 }).toBe(changes)
    const patches = messages.filter((message) => message.type === 'patch')
    expect(changes).toBeGreaterThan(100)
    expect(patches.length).toBeLessThanOrEqual(Math.ceil(((arrivals.at(-1) ?? 0) - begin) / 50) + 1)
    for (const patch of patches) expect(new Set(patch.bays?.map((bay) => bay.bayId)).size).toBe(patch.bays?.length)
    for (const [at, message] of messages.entries()) if (at > 1) expect(message.from).toBe(messages[at - 1]?.seq)
    expect(Math.max(...patches.flatMap((patch) => patch.bays?.map((bay) => bay.version) ?? []))).toBe(
      Math.ceil(changes / 2),
    )
  })

  test('alarms come with the patch that changed them', async () => {
    const { server, site } = await startServer()
    const { messages } = listen(server)
    await expect.poll(() => messages.length).toBeGreaterThanOrEqual(2)
    site.alarms.push({
      alarmId: 'a',
      bayId: 'bay-1',
      type: 'charger-offline',
      says: 'CP-1 is offline.',
      do: 'Check its network.',
      since: '2026-11-22T10:00:00.000Z',
    })
    await site.change('bay-1', { type: 'charger.offline' }, { alarms: site.alarms })
    await expect
      .poll(() => messages.find((message) => message.type === 'patch')?.alarms)
      .toMatchObject([{ alarmId: 'a' }])
  })

  test('shows plates by role, and refuses foreign pages and strangers before the upgrade', async () => {
    const { server, site } = await startServer({ tokens: ROLE_TOKENS })
    site.plates.set('v-1', 'AB12CDE')
    await site.change(
      'bay-1',
      { type: 'plate.agreed' },
      {
        visit: {
          visitId: 'v',
          plate: 'v-1',
          identifiedBy: 'plate',
          evidence: [],
          erasurePending: false,
          accountId: null,
          startedAt: '2026-11-22T10:00:00.000Z',
        },
      },
    )
    const viewer = listen(server, { authorization: 'Bearer viewer-token' })
    const admin = listen(server, { authorization: 'Bearer admin-token' })
    await expect
      .poll(() => [viewer, admin].map(({ messages }) => messages[1]?.bays?.[0]?.visit?.plate))
      .toEqual(['AB•••DE', 'AB12CDE'])
    expect(await listen(server).refused).toBe(401)
    expect(await listen(server, { authorization: 'Bearer admin-token', origin: 'http://evil.example' }).refused).toBe(
      403,
    )
  })

  test('a caller whose cookie runs out is closed with 4401 within two beats', async () => {
    let now = Date.now()
    const { server, send } = await startServer({ adminToken: 'top-secret', clock: { ...systemClock, now: () => now } })
    const cookie =
      ((await send('POST', '/api/login', { token: 'top-secret' })).headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const { messages, closed } = listen(server, { cookie })
    await expect.poll(() => messages.length).toBeGreaterThanOrEqual(2)
    now += 8 * 24 * 3600 * 1000
    expect(await closed).toBe(4401)
  })

  test('a client that does not read gets a whole snapshot later instead of a growing queue, and its losses are counted', async () => {
    const site = openArrayDesk({ clock: systemClock, count: 40 })
    const { server, ask } = await startServer({ site })
    const { socket, messages } = listen(server)
    await expect.poll(() => messages.length).toBeGreaterThanOrEqual(2)
    socket.pause()
    const evidence = Array.from({ length: 60 }, () => 'x'.repeat(1000))
    const at = new Date().toISOString()
    const why = { event: 'meter.values', seq: 1, at, rule: 'r', guards: [], evidence }
    const behind = async () =>
      Number(/berth_live_dropped_changes_total (\d+)/.exec(await (await ask('/metrics')).text())?.[1])
    for (let round = 0; (await behind()) === 0 && round < 60; round += 1) {
      for (const bay of site.desk.bays()) await site.change(bay.bayId, { type: 'meter.values' }, { why })
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
    expect(await behind()).toBeGreaterThan(0)
    for (const bay of site.desk.bays())
      await site.change(bay.bayId, { type: 'zone.empty' }, { why: null, detail: 'the last word' })
    socket.resume()
    await expect
      .poll(() => messages.filter((message) => message.type === 'snapshot').length, { timeout: 60_000 })
      .toBe(2)
    const last = messages.findLast((message) => message.type === 'snapshot')
    expect(last?.dropped).toBeGreaterThan(0)
    expect(last?.bays).toEqual(JSON.parse(JSON.stringify(site.desk.bays())))
    expect(last?.seq).toBe(site.desk.seq())
  }, 180_000)

  test('a closing server ends its sockets at once', { retry: 2 }, async () => {
    const { server } = await startServer()
    const { messages, closed } = listen(server)
    await expect.poll(() => messages.length).toBeGreaterThanOrEqual(2)
    const begin = performance.now()
    await server.close()
    await closed
    expect(performance.now() - begin).toBeLessThan(2000)
  })

  test('an ask without an upgrade is a 400 problem', async () => {
    const { ask } = await startServer()
    expect((await ask('/api/live')).status).toBe(400)
    expect((await ask('/inspect')).status).toBe(400)
  })
})
