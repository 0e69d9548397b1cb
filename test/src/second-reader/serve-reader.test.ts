import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { parse, stringify } from 'yaml'
import { CROP_READERS } from '../../../src/second-reader/crop-readers.ts'
import { freePort } from '../serve/free-port.ts'
import { berth, journalOf, type ServingProcess, serveSite, until, writeSite } from '../serve/serving-line.ts'
import { renderedPlate } from '../vision/rendered-plate.ts'

vi.setConfig({ testTimeout: 180_000 })

const BERTH = fileURLToPath(new URL('../../../src/berth.mjs', import.meta.url))

async function serveReader(token: string): Promise<{ child: ChildProcess; url: string }> {
  const port = await freePort()
  const child = spawn(process.execPath, [BERTH, 'serve-reader', '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, BERTH_READER_TOKEN: token },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => (said += String(bytes)))
  await until(
    () => said.includes('Crops are read at'),
    40_000,
    () => said,
  )
  return { child, url: `http://127.0.0.1:${port}` }
}

test('a second process reads crops for who knows the token, keeps hostile callers out, and stops cleanly', async () => {
  const { child, url } = await serveReader('reader-secret')
  const reader = CROP_READERS.berth({ url, token: 'reader-secret', timeout_ms: 20_000 })
  expect(await reader.read(await renderedPlate('KX19 TYP'))).toMatchObject({
    text: 'KX19TYP',
    model: expect.any(String),
  })
  const post = async (body: Uint8Array, authorization = 'Bearer reader-secret') =>
    (await fetch(`${url}/v1/read`, { method: 'POST', headers: { authorization }, body: new Uint8Array(body) })).status
  expect(await post(await renderedPlate('KX19 TYP'), 'Bearer wrong')).toBe(401)
  expect(await post(new Uint8Array(300_000))).toBe(413)
  expect(await post(new TextEncoder().encode('<svg/>'))).toBe(422)
  expect(await post(new Uint8Array())).toBe(422)
  expect((await fetch(`${url}/health/live`)).status).toBe(200)
  child.kill('SIGTERM')
  await once(child, 'exit')
  expect(child.exitCode).toBe(0)
  expect((await berth('serve-reader', '--port', '0', '--host', '0.0.0.0')).err).toContain('no token is set')
  expect((await berth('serve-reader')).code).toBe(2)
})

const ZONE = () =>
  [
    [0.02, 0.02],
    [0.98, 0.02],
    [0.98, 0.98],
    [0.02, 0.98],
  ] as const

/** A site that asks this second reader, where KX19TYP is registered and one frame has shown it: to both of our recognisers, one witness short of the quorum. */
async function siteThatAsks(secondReader: object, policy: object = {}): Promise<ServingProcess> {
  const site = await writeSite(1, { policy: { quorum: 3, voteWindow_s: 1, absence_s: 600, ...policy }, zones: ZONE })
  const text = readFileSync(site.path, 'utf8')
  writeFileSync(
    site.path,
    stringify({ ...parse(text), secondReader: { token: 'reader-secret', timeout_ms: 4000, ...secondReader } }),
  )
  const serving = await serveSite(site)
  await serving.ask('PUT', '/api/vehicles/KX19TYP', { accountId: 'acc-1' })
  const answer = await fetch(`http://127.0.0.1:${site.httpPort}/in/cam-1-secret/frame`, {
    method: 'POST',
    body: new Uint8Array(await renderedPlate('KX19 TYP')),
  })
  expect(answer.status).toBe(200)
  return serving
}

async function reviewIn(serving: ServingProcess): Promise<string> {
  let reviewId = ''
  await until(async () => {
    reviewId = (await serving.ask('GET', '/api/reviews')).body.items[0]?.reviewId ?? ''
    return reviewId !== ''
  })
  return reviewId
}

const secondRead = async (serving: ServingProcess) =>
  (await serving.ask('GET', '/api/bays/bay-1')).body.visit?.secondRead

const causeOf = async (serving: ServingProcess) =>
  (await journalOf(serving)).find(({ cause }) => cause.type === 'second.read')?.cause

test('a site asks it about the crop of a single frame; the same model again is shown to the reviewer and is no second witness', async () => {
  const { url } = await serveReader('reader-secret')
  const serving = await siteThatAsks({ url, kind: 'berth' })
  const reviewId = await reviewIn(serving)
  expect(await causeOf(serving)).toMatchObject({
    outcome: 'read',
    independent: false,
    by: new URL(url).host,
    model: expect.any(String),
    took_ms: expect.any(Number),
  })
  expect((await serving.ask('GET', '/api/bays/bay-1')).body.visit.accountId).toBeNull()
  expect(await secondRead(serving)).toEqual({ says: 'akin', plate: null, first: 'KX19TYP' })
  const { opinions } = (await serving.ask('GET', `/api/reviews/${encodeURIComponent(reviewId)}`)).body
  expect(opinions).toMatchObject([
    { reader: 'berth', text: 'KX19TYP' },
    { reader: new URL(url).host, text: 'KX19TYP', outcome: 'read' },
  ])
})

/** Another maker's reader on this machine: it saw this plate; answers what it was sent. */
async function otherReader(plate: string): Promise<{ readonly url: string; readonly sent: Buffer[] }> {
  const sent: Buffer[] = []
  const listening = createServer(async (request, reply) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    sent.push(Buffer.concat(parts))
    reply.writeHead(201).end(JSON.stringify({ results: [{ plate, score: 0.91, dscore: 0.9 }] }))
  })
  listening.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  onTestFinished(() => {
    listening.closeAllConnections()
    listening.close()
  })
  return { url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}/v1/plate-reader/`, sent }
}

test('another maker’s reader that agrees is the witness that was missing: the vehicle is authorized, and it was shown no more than a crop', async () => {
  const { url, sent } = await otherReader('kx19typ')
  const serving = await siteThatAsks({ url, kind: 'platerecognizer' })
  await until(async () => (await serving.ask('GET', '/api/bays/bay-1')).body.visit?.accountId === 'acc-1')
  expect(await causeOf(serving)).toMatchObject({ outcome: 'read', independent: true, model: 'platerecognizer' })
  expect(
    (await serving.ask('GET', '/api/reviews')).body.items.filter(({ blind }: { blind: boolean }) => !blind),
  ).toEqual([])
  expect(sent).toHaveLength(1)
  expect(sent[0]?.length).toBeLessThan((await renderedPlate('KX19 TYP')).length)
})

test('one that reads another plate, or is asked where two witnesses are missing, decides nothing: a person does', async () => {
  const other = await siteThatAsks({ url: (await otherReader('kx19tyr')).url, kind: 'platerecognizer' })
  await reviewIn(other)
  expect(await secondRead(other)).toEqual({ says: 'other', plate: 'KX19TYR', first: 'KX19TYP' })
  await other.kill()
  const strict = await siteThatAsks({ url: (await otherReader('kx19typ')).url, kind: 'platerecognizer' }, { quorum: 4 })
  await reviewIn(strict)
  expect(await causeOf(strict)).toMatchObject({ outcome: 'read', independent: true })
  expect(await secondRead(strict)).toMatchObject({ says: 'same', plate: 'KX19TYP' })
})
