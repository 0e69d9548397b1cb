import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { SIGNATURE_HEADER, WebhookSign } from '../../../src/driver/webhook-sign.ts'
import { wordFor } from '../../contracts/driver-signs-contract.ts'

const SECRET = 'a secret of this sign'
const WORD = wordFor('bay-1', 'present-card', 'review', 41)

type Heard = { readonly url: string | undefined; readonly headers: IncomingHttpHeaders; readonly body: string }

/** A real server that answers as the test says; `null` never answers. */
async function openEnd(answer: (path: string) => { status: number; headers?: Record<string, string> } | null) {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += String(part)
    heard.push({ url: request.url, headers: request.headers, body })
    const said = answer(request.url ?? '')
    if (said) response.writeHead(said.status, said.headers).end('x'.repeat(100_000))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/words?key=hidden`
  const sign = (more: object = {}): WebhookSign =>
    new WebhookSign({ url, secret: SECRET, bays: null, place: 0, siteId: 'depot', timeout_ms: 30_000, ...more })
  return { heard, sign, url }
}

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('a word is posted as JSON with every language, and signed over exactly these bytes', async () => {
  const { heard, sign } = await openEnd(() => ({ status: 200 }))
  expect(await sign().show(WORD, () => false)).toEqual({ outcome: 'shown' })
  const { headers, body, url } = heard[0] as Heard
  expect(url).toBe('/words?key=hidden')
  expect(headers['content-type']).toBe('application/json')
  expect(headers[SIGNATURE_HEADER]).toBe(`sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`)
  expect(JSON.parse(body)).toEqual({
    siteId: 'depot',
    bayId: 'bay-1',
    visitId: 'bay-1-1',
    message: 'present-card',
    reason: 'review',
    words: {
      en: { short: expect.stringContaining('card'), long: expect.stringContaining('card') },
      de: { short: expect.stringContaining('Karte'), long: expect.stringContaining('Karte') },
    },
    at: '2026-11-22T10:00:00.000Z',
    seq: 41,
  })
})

test('a sign without a secret gets no signature', async () => {
  const { heard, sign } = await openEnd(() => ({ status: 200 }))
  await sign({ secret: null }).show(WORD, () => false)
  expect(heard[0]?.headers[SIGNATURE_HEADER]).toBeUndefined()
})

test.each([
  [200, 'shown'],
  [202, 'shown'],
  [301, 'never'],
  [307, 'never'],
  [400, 'never'],
  [401, 'never'],
  [404, 'never'],
  [408, 'not-now'],
  [429, 'not-now'],
  [500, 'not-now'],
  [503, 'not-now'],
])('an answer %i means %s', async (status, outcome) => {
  const { heard, sign } = await openEnd((path) =>
    path === '/elsewhere' ? { status: 200 } : { status, headers: { location: '/elsewhere' } },
  )
  expect((await sign().show(WORD, () => false)).outcome).toBe(outcome)
  expect(heard.map(({ url }) => url)).toEqual(['/words?key=hidden'])
})

test('a sign that says nothing is given up in time, and one that is not there at once; neither sentence shows the whole address', async () => {
  const silent = await openEnd(() => null)
  const began = Date.now()
  const answers = [
    await silent.sign({ timeout_ms: 300 }).show(WORD, () => false),
    await silent.sign({ url: `http://127.0.0.1:${await closedPort()}/words?key=hidden` }).show(WORD, () => false),
  ]
  expect(Date.now() - began).toBeLessThan(20_000)
  expect(answers.map(({ outcome }) => outcome)).toEqual(['not-now', 'not-now'])
  expect(JSON.stringify(answers)).toMatch(/does not answer in time.*cannot be reached \(ECONNREFUSED\)/)
  expect(JSON.stringify(answers)).not.toContain('hidden')
})

test('berth that stops waits for no sign, and a word that is old already is not posted', async () => {
  const silent = await openEnd(() => null)
  const sign = silent.sign({ timeout_ms: 60_000 })
  expect(await sign.show(WORD, () => true)).toEqual({ outcome: 'superseded' })
  expect(silent.heard).toEqual([])
  const shown = sign.show(WORD, () => false)
  setTimeout(() => sign.close(), 50)
  expect(await shown).toEqual({ outcome: 'superseded' })
})

test('a sign serves the bays that it names, or all', async () => {
  const { sign } = await openEnd(() => ({ status: 200 }))
  expect([
    sign().serves('bay-9'),
    sign({ bays: ['bay-1'] }).serves('bay-9'),
    sign({ bays: ['bay-1'] }).serves('bay-1'),
  ]).toEqual([true, false, true])
})
