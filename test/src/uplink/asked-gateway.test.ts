import { once } from 'node:events'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Json } from '../../../machines/events.ts'
import { Fault } from '../../../machines/faults.ts'
import type { RequestTable } from '../../../src/uplink/link-request.ts'
import { more, ship, siteWith } from '../centre/link-stage.ts'
import { until } from '../journal/appended-batches.ts'

vi.setConfig({ testTimeout: 180_000 })

type Message = { readonly type: string; readonly rows?: readonly (readonly unknown[])[]; readonly id?: string }

/** A centre that takes every batch, and asks what a test wants; what it heard besides. */
async function askingCentre() {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  onTestFinished(() => {
    for (const client of server.clients) client.terminate()
    server.close()
  })
  const heard: Message[] = []
  let socket: WebSocket | undefined
  let links = 0
  server.on('connection', (linked) => {
    socket = linked
    links++
    linked.on('message', (data) => {
      const message = JSON.parse(String(data)) as Message
      heard.push(message)
      const last = message.rows?.at(-1)
      if (message.type === 'hello')
        linked.send(JSON.stringify({ type: 'head', epoch: 1, current: 1, seq: 0, hash: '0'.repeat(64) }))
      if (last) linked.send(JSON.stringify({ type: 'head', epoch: 1, current: 1, seq: last[0], hash: last[9] }))
    })
  })
  const responses = () => heard.filter(({ type }) => type === 'response')
  return {
    url: `ws://127.0.0.1:${(server.address() as { port: number }).port}/link`,
    heard,
    responses,
    links: () => links,
    say: (message: object) => socket?.send(JSON.stringify(message)),
    async ask(id: string, kind: string, body: Json) {
      socket?.send(JSON.stringify({ type: 'request', id, kind, body }))
      await until(() => responses().some((one) => one.id === id))
      return responses().find((one) => one.id === id)
    },
  }
}

/** A site of three records that links to such a centre. */
async function askedSite(requests: RequestTable) {
  const centre = await askingCentre()
  const site = await siteWith(3)
  const { uplink, log } = ship(site, centre.url, 'token-of-the-tests', 'depot', 5_000, requests)
  await until(() => uplink.place.sent === 3)
  return { centre, site, uplink, log }
}

test('a gateway says what it takes, and answers each request with what came of it, or why nothing did', async () => {
  const { centre } = await askedSite({
    twice: async (body) => [body, body],
    no: () => Promise.reject(new Fault('COMMAND_REFUSED', {}, { says: 'The bay is vacant.' })),
    broken: () => Promise.reject(new Error('a cable')),
  })
  expect(centre.heard[0]).toMatchObject({ type: 'hello', takes: ['twice', 'no', 'broken'] })
  expect(await centre.ask('a', 'twice', { of: 'it' })).toEqual({
    type: 'response',
    id: 'a',
    ok: true,
    body: [{ of: 'it' }, { of: 'it' }],
  })
  expect(await centre.ask('b', 'no', null)).toMatchObject({ ok: false, why: 'refused', says: 'The bay is vacant.' })
  expect(await centre.ask('c', 'broken', null)).toMatchObject({ ok: false, why: 'failed' })
  // One that came after this gateway, or that every object has.
  for (const kind of ['later', 'constructor'])
    expect(await centre.ask(kind, kind, {})).toMatchObject({
      ok: false,
      why: 'unknown',
      says: expect.stringContaining(kind),
    })
  expect(centre.links()).toBe(1)
})

test('records go on while a request is in work, and more requests than a gateway does at once are told to come again', async () => {
  let release = (): void => {}
  const held = new Promise<null>((resolve) => {
    release = () => resolve(null)
  })
  const { centre, site, uplink } = await askedSite({ slow: () => held })
  for (let i = 0; i < 16; i++) centre.say({ type: 'request', id: `s${i}`, kind: 'slow', body: null })
  expect(await centre.ask('over', 'slow', null)).toMatchObject({ ok: false, why: 'busy' })
  await more(site, 5)
  await until(() => uplink.place.sent === 8)
  expect(centre.responses().length).toBe(1)
  release()
  await until(() => centre.responses().length === 17)
  expect(await centre.ask('after', 'slow', null)).toMatchObject({ ok: true, body: null })
})

test('a request that is none ends the link like any nonsense, and it comes back', async () => {
  const { centre, log } = await askedSite({})
  const wrong = [
    { type: 'request', kind: 'order', body: {} },
    { type: 'request', id: 'x', kind: 'Not a kind', body: {} },
    { type: 'request', id: 'x', kind: 'order' },
  ]
  for (const [turn, message] of wrong.entries()) {
    centre.say(message)
    await until(() => centre.links() === turn + 2)
    await until(() => centre.heard.filter(({ type }) => type === 'hello').length === turn + 2)
  }
  expect(log.some((line) => line.includes('answers nonsense (it is no message of a link)'))).toBe(true)
})

test('a centre of before, which says of no words that it hears them, is told none', async () => {
  const { centre, site, uplink } = await askedSite({})
  expect(uplink.hearing('sighting')).toBeNull()
  const word = { type: 'sighting', hash: '0'.repeat(64), minute: 29_000_000, what: 'stands', travel_min: 20 } as const
  expect(uplink.say(word)).toBe(false)
  await more(site, 1)
  await until(() => uplink.place.sent === 4)
  expect(centre.heard.map(({ type }) => type)).not.toContain('sighting')
})
