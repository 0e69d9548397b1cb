import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { Fault } from '../../../machines/faults.ts'
import { CROP_READERS, type ReaderKind } from '../../../src/second-reader/crop-readers.ts'
import { deepText, tracesIn } from '../../clear-traces.ts'
import { renderedPlate } from '../vision/rendered-plate.ts'

type Asked = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** A server on this machine, and what it was asked. */
async function server(answer: (asked: Asked, reply: ServerResponse) => void) {
  const asked: Asked[] = []
  const listening = createServer(async (request, reply) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const one = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(parts),
    }
    asked.push(one)
    answer(one, reply)
  })
  listening.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  onTestFinished(() => {
    listening.closeAllConnections()
    listening.close()
  })
  return { asked, url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}` }
}

const json = (reply: ServerResponse, status: number, body: unknown): void => {
  reply
    .writeHead(status, { 'content-type': 'application/json' })
    .end(typeof body === 'string' ? body : JSON.stringify(body))
}

/** As its documentation shows an answer: a box, the plate in lower case, its score, the score of the place, other candidates. */
const SNAPSHOT = {
  processing_time: 84.5,
  results: [
    {
      box: { xmin: 1, ymin: 2, xmax: 9, ymax: 8 },
      plate: 'nhk552',
      region: { code: 'gb', score: 0.747 },
      score: 0.904,
      candidates: [
        { score: 0.904, plate: 'nhk552' },
        { score: 0.61, plate: 'nhk55z' },
      ],
      dscore: 0.99,
      vehicle: { score: 0.798, type: 'Sedan', box: { xmin: 0, ymin: 0, xmax: 9, ymax: 9 } },
    },
  ],
  filename: '1617_crop.jpg',
  version: 1,
  camera_id: null,
  timestamp: '2026-11-22T10:00:00.000000Z',
}

const open = (kind: ReaderKind, url: string, timeout_ms = 2000) =>
  CROP_READERS[kind]({ url, token: 'very-secret', timeout_ms })

test('Plate Recognizer is sent a form with the crop alone and its token, and answers with the best text', async () => {
  const { asked, url } = await server((_asked, reply) => json(reply, 201, SNAPSHOT))
  const picture = await renderedPlate('NHK 552')
  const said = await open('platerecognizer', `${url}/v1/plate-reader/`).read(picture)
  expect(said).toEqual({ text: 'nhk552', confidence: 0.904, model: 'platerecognizer' })
  const [one] = asked
  expect(one).toMatchObject({ method: 'POST', url: '/v1/plate-reader/' })
  expect(one?.headers).toMatchObject({ authorization: 'Token very-secret' })
  const form = await new Response(new Uint8Array(one?.body ?? []), {
    headers: { 'content-type': String(one?.headers['content-type']) },
  }).formData()
  expect([...form.keys()]).toEqual(['upload'])
  expect(Buffer.from(await (form.get('upload') as File).arrayBuffer())).toEqual(picture)
})

test('no plate there is an answer; of several the surest text counts', async () => {
  const results = [
    SNAPSHOT.results,
    [],
    [{ plate: 'aaa111', score: 0.2 }, { plate: 'bbb222', score: 0.8 }, { score: 1 }],
  ]
  const { url } = await server((_asked, reply) => json(reply, 201, { ...SNAPSHOT, results: results.shift() }))
  const reader = open('platerecognizer', url)
  const texts = [
    await reader.read(new Uint8Array([1])),
    await reader.read(new Uint8Array([1])),
    await reader.read(new Uint8Array([1])),
  ]
  expect(texts.map(({ text }) => text)).toEqual(['nhk552', null, 'bbb222'])
})

test.each<ReaderKind>(['berth', 'platerecognizer'])(
  'whatever %s answers that is no answer is a fault in one sentence, without the token, the crop or what it said',
  async (kind) => {
    const bad: readonly ((reply: ServerResponse) => void)[] = [
      (reply) => json(reply, 403, { detail: 'AB12CDE' }),
      (reply) => json(reply, 429, { detail: 'Request was throttled. AB12CDE' }),
      (reply) => json(reply, 413, ''),
      (reply) => json(reply, 500, 'AB12CDE'),
      (reply) => json(reply, 200, '{"results": [AB12CDE'),
      (reply) => json(reply, 200, []),
      (reply) => json(reply, 200, { results: 'AB12CDE', reads: 'AB12CDE', model: 7 }),
      (reply) => json(reply, 200, `{"results": [${'1,'.repeat(70_000)}1]}`),
      (reply) => reply.writeHead(302, { location: 'http://127.0.0.1:1/elsewhere' }).end(),
      (reply) => reply.destroy(),
      () => {},
    ]
    for (const [index, answer] of bad.entries()) {
      const { url } = await server((_asked, reply) => answer(reply))
      const picture = await renderedPlate('AB12 CDE')
      const fault = await open(kind, url, 300)
        .read(picture)
        .catch((cause: unknown) => cause)
      expect(fault, `answer ${index}`).toBeInstanceOf(Fault)
      expect((fault as Fault).message).toMatch(/^The second reader .+\.$/)
      const secrets = { plates: ['AB12CDE', 'very-secret'], pictures: [picture] }
      expect(tracesIn(`answer ${index}`, deepText(fault), secrets)).toEqual([])
    }
  },
)
