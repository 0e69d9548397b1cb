import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { ship, siteWith } from '../centre/link-stage.ts'
import { until } from '../journal/appended-batches.ts'

vi.setConfig({ testTimeout: 180_000 })

type Asked = { readonly type: string; readonly rows?: readonly (readonly unknown[])[]; readonly seq?: number }

/** A centre that answers as it likes; what it was asked. */
async function strangeCentre(answer: (asked: Asked, socket: WebSocket) => unknown) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  onTestFinished(() => {
    for (const client of server.clients) client.terminate()
    server.close()
  })
  const asked: Asked[] = []
  server.on('connection', (socket) =>
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Asked
      asked.push(message)
      const reply = answer(message, socket)
      if (reply !== undefined)
        socket.send(typeof reply === 'string' || Buffer.isBuffer(reply) ? reply : JSON.stringify(reply))
    }),
  )
  return { url: `ws://127.0.0.1:${(server.address() as { port: number }).port}/link`, asked }
}

const GENESIS = '0'.repeat(64)
const OTHER = 'f'.repeat(64)
const EMPTY = { type: 'head', epoch: 1, current: 1, seq: 0, hash: GENESIS }
const TOKEN = 'token-of-the-tests'

test('a centre that answers nonsense to a hello or a batch is left, asked again, and told about once; the site’s records stay where they are', async () => {
  const nonsense: readonly unknown[] = [
    'hello',
    '{"type":"head"}',
    '[]',
    { type: 'head', epoch: 1, current: 1, seq: -1, hash: GENESIS },
    { type: 'head', epoch: 1, current: 1, seq: 0, hash: 'short' },
    { type: 'known', seq: 0, where: 'copy' },
    Buffer.from([1, 2, 3]),
    'x'.repeat(70_000),
    `"${'x'.repeat(60_000)}"`,
    '['.repeat(60_000),
  ]
  for (const place of ['hello', 'batch']) {
    let turn = 0
    const centre = await strangeCentre(({ type }) => (type === place ? nonsense[turn++ % nonsense.length] : EMPTY))
    const site = await siteWith(3)
    const { uplink, alarms, log } = ship(site, centre.url, TOKEN)
    await until(() => turn >= 4)
    expect(uplink.place.sent).toBe(0)
    expect(alarms.size).toBe(0)
    expect(new Set(log).size).toBe(log.length)
    expect(log.every((line) => /^The centre at 127.0.0.1:\d+ (answers nonsense|closed the link)/.test(line))).toBe(true)
    await uplink.close()
  }
})

test('a centre that claims to keep what it was not sent, or other records than it was sent, is not believed', async () => {
  const site = await siteWith(3)
  const claims = [
    (rows: number) => ({ ...EMPTY, seq: rows, hash: OTHER }),
    () => ({ ...EMPTY, seq: 1, hash: OTHER }),
    (rows: number) => ({ type: 'aside', seq: rows, hash: OTHER, says: 'aside' }),
  ]
  for (const claim of claims) {
    const centre = await strangeCentre(({ type, rows = [] }) => (type === 'batch' ? claim(rows.length) : EMPTY))
    const { uplink, log } = ship(site, centre.url, TOKEN)
    await until(() => log.length > 0)
    expect(log[0]).toMatch(/answers nonsense \(it keeps other records than were sent\)/)
    expect(uplink.place.sent).toBe(0)
    await uplink.close()
  }
})

test('a centre that claims to have more than the site, and knows whatever it is asked, makes an alarm and gets few questions', async () => {
  const centre = await strangeCentre(({ type, seq }) => {
    if (type === 'knows') return { type: 'known', seq, where: null }
    // A batch that is taken ends the alarm: this one is left waiting.
    return type === 'batch' ? undefined : { ...EMPTY, seq: 1_000_000, hash: OTHER }
  })
  const site = await siteWith(1_000)
  const { alarms } = ship(site, centre.url, TOKEN)
  await until(() => alarms.has('centre-other'))
  expect(alarms.get('centre-other')).toBe(
    'The centre has 1000000 records of depot, this store only 1000: an older copy was put back, or another gateway runs as depot. What is recorded from now on is set aside there.',
  )
  await until(() => centre.asked.some(({ type }) => type === 'batch'))
  expect(centre.asked.filter(({ type }) => type === 'knows').length).toBeLessThan(12)
})

test('a centre that takes everything and never answers is left after a while, and the site goes on recording', async () => {
  const centre = await strangeCentre(({ type }) => (type === 'hello' ? EMPTY : undefined))
  const site = await siteWith(3)
  const { uplink, log } = ship(site, centre.url, TOKEN, 'depot', 200)
  await until(() => centre.asked.filter(({ type }) => type === 'hello').length >= 3)
  expect(log).toEqual([expect.stringMatching(/does not answer within 0.2 s; records wait on this machine\.$/)])
  expect(uplink.place.behind).toBe(3)
})

test('a door that answers no WebSocket, closes at once, or sends anything at all is dialled again', async () => {
  const greetings = ['', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 'SSH-2.0-x\r\n', 'HTTP/1.1 503 x\r\n\r\n']
  let dials = 0
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.end(greetings[dials++ % greetings.length] ?? '')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const site = await siteWith(1)
  const { uplink } = ship(site, `ws://127.0.0.1:${(server.address() as { port: number }).port}/link`, TOKEN)
  await until(() => dials >= 5)
  expect(uplink.place).toEqual({ linked: false, sent: 0, behind: 1 })
})

test('a refusal is told at once with the centre’s own words, and asked again only slowly', async () => {
  const centre = await strangeCentre(({ type }) =>
    type === 'batch' ? { type: 'refused', says: 'record 1: its content was altered', again: false } : EMPTY,
  )
  const site = await siteWith(3)
  const { alarms } = ship(site, centre.url, TOKEN)
  await until(() => alarms.has('centre-away'))
  expect(alarms.get('centre-away')).toMatch(/refuses: record 1: its content was altered; it has taken nothing since/)
  await new Promise((go) => setTimeout(go, 300))
  expect(centre.asked.filter(({ type }) => type === 'hello').length).toBe(1)
})
