import { describe, expect, test } from 'vitest'
import type { PictureAnswer } from '../../../actors/ports.ts'
import { Fault } from '../../../machines/faults.ts'
import { fc } from '../../seeded-check.ts'
import { onePixelPng, reading, startServer } from './running-server.ts'

const cameras = [
  {
    cameraId: 'cam-1',
    token: 'cam-1-secret',
    zones: {
      'bay-1': [
        [0, 0],
        [0.5, 0],
        [0.5, 1],
        [0, 1],
      ],
      'bay-2': [
        [0.5, 0],
        [1, 0],
        [1, 1],
        [0.5, 1],
      ],
    },
  },
  { cameraId: 'cam-2', token: 'cam-2-secret', zones: {} },
] as const
const EXAMPLE = {
  reads: [
    {
      id: 'optional',
      plate: 'AB12CDE',
      confidence: 0.97,
      characters: [0.99, 0.98, 0.9, 0.99, 0.97, 0.99, 0.99],
      box: [0.2, 0.5, 0.1, 0.05],
    },
  ],
  vehicles: [{ box: [0.1, 0.3, 0.3, 0.5] }],
  frame: 'f-1',
  capturedAt: '2026-11-22T10:00:00.000Z',
}
const reads = '/in/cam-1-secret/reads'
const frame = '/in/cam-1-secret/frame'

describe('reads', () => {
  test('the example of the contract is seen as it is and answered 200', async () => {
    const { send, cameraDesk } = await startServer({ cameras })
    const answer = await send('POST', reads, EXAMPLE)
    expect([answer.status, await answer.json()]).toEqual([200, { accepted: true }])
    const capturedAt = Date.parse('2026-11-22T10:00:00.000Z')
    expect(cameraDesk.seen).toEqual([
      {
        cameraId: 'cam-1',
        reader: 'device',
        frame: 'f-1',
        capturedAt,
        vehicles: [{ box: [0.1, 0.3, 0.3, 0.5] }],
        reads: [{ ...EXAMPLE.reads[0], frame: 'f-1', capturedAt }],
      },
    ])
  })

  test('a message without vehicles says nothing about presence, and one with an empty list does', async () => {
    const { send, cameraDesk } = await startServer({ cameras })
    await send('POST', reads, { reads: [] })
    await send('POST', reads, { vehicles: [] })
    expect(cameraDesk.seen.map((message) => message.vehicles)).toEqual([undefined, []])
  })

  test('any content type will do, for cameras name it as they like', async () => {
    const { ask } = await startServer({ cameras })
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/octet-stream']) {
      expect(
        (await ask(reads, { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify(EXAMPLE) })).status,
      ).toBe(200)
    }
  })

  test('bad bodies get a 400 whose sentence names the place', async () => {
    const { ask, cameraDesk } = await startServer({ cameras })
    const wrong: [string, RegExp][] = [
      ['', /not whole JSON/],
      ['{', /not whole JSON/],
      ['[]', /must be an object/],
      ['{}', /needs reads, vehicles or both/],
      ['{"reads":7}', /reads must be a list/],
      ['{"reads":[{}]}', /reads\[0\]\.plate/],
      ['{"reads":[{"plate":"---"}]}', /reads\[0\]\.plate/],
      ['{"reads":[{"plate":"A","confidence":97}]}', /confidence must be a number from 0 to 1/],
      ['{"reads":[{"plate":"AB1","characters":[1]}]}', /1 numbers for a plate of 3/],
      ['{"reads":[{"plate":"AB1","box":[0.9,0.9,0.2,0.2]}]}', /reads\[0\]\.box must lie/],
      ['{"reads":[{"plate":"AB1","box":[1,2]}]}', /\[x, y, width, height\]/],
      ['{"reads":[],"capturedAt":"2026-11-22 10:00"}', /capturedAt must be/],
      ['{"reads":[],"vehicles":[{}]}', /vehicles\[0\]\.box/],
      [`{"reads":[${'{"plate":"A1"},'.repeat(200)}{"plate":"A1"}]}`, /201 entries/],
    ]
    for (const [body, says] of wrong) {
      const answer = await ask(reads, { method: 'POST', body })
      expect(answer.status).toBe(400)
      expect(((await answer.json()) as { detail: string }).detail).toMatch(says)
    }
    expect(cameraDesk.seen).toEqual([])
  })

  test('an unknown token is 404 and counted, whatever the dialect, and no token is ever logged or answered', async () => {
    const { ask, logged } = await startServer({ cameras })
    for (const path of [
      '/in/cam-1-secre/reads',
      '/in/nobody/frame',
      '/in/nobody/hikvision',
      '/in/nobody/dahua-itsapi/NotificationInfo/KeepAlive',
    ]) {
      const answer = await ask(path, { method: 'POST', body: '{}' })
      expect(answer.status).toBe(404)
      expect(await answer.text()).not.toMatch(/secre|nobody/)
    }
    expect(await (await ask('/metrics')).text()).toContain('berth_intake_unknown_token_total 4\n')
    expect(logged.join()).not.toContain('secret')
  })

  test('a dialect that nobody speaks is 404 and names those that exist', async () => {
    const { ask } = await startServer({ cameras })
    const answer = await ask('/in/cam-1-secret/hikvisoin', {
      method: 'POST',
      body: '<x/>',
      headers: { 'content-type': 'application/xml' },
    })
    expect(answer.status).toBe(404)
    expect(((await answer.json()) as { detail: string }).detail).toContain(
      'reads, frame, hikvision, dahua, dahua-itsapi, axis, milesight, platerecognizer and rekor',
    )
  })

  test('a failed commit is 503, and a broken desk tells nothing of itself', async () => {
    const { send, cameraDesk } = await startServer({ cameras })
    cameraDesk.fail = new Fault('STORE_UNWRITABLE')
    expect((await send('POST', reads, EXAMPLE)).status).toBe(503)
    cameraDesk.fail = new Error('inside')
    const answer = await send('POST', reads, EXAMPLE)
    expect([answer.status, (await answer.text()).includes('inside')]).toEqual([500, false])
  })

  test('1,000 random mutations of a message never stop the process and are seen or refused with one sentence', async () => {
    const { ask, cameraDesk } = await startServer({ cameras })
    const text = JSON.stringify(EXAMPLE)
    const mutated = fc.oneof(
      fc
        .tuple(fc.nat(text.length), fc.nat(12), fc.string({ unit: 'binary', maxLength: 6 }))
        .map(([at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut)),
      fc.json(),
      fc
        .record({
          reads: fc.array(fc.record({ plate: fc.anything(), confidence: fc.anything(), box: fc.anything() })),
          vehicles: fc.anything(),
        })
        .map((body) => JSON.stringify(body, (_, value) => (typeof value === 'bigint' ? String(value) : value))),
      fc.uint8Array({ maxLength: 300 }),
    )
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(mutated, fc.constantFrom(reads, frame), async (body, path) => {
        const answer = await ask(path, { method: 'POST', body: body as string })
        const shown = (await answer.json()) as { accepted?: boolean; detail?: string }
        if (answer.status === 200) accepted += 1
        else expect([[400, 413, 422].includes(answer.status), typeof shown.detail]).toEqual([true, 'string'])
      }),
      { numRuns: 1000 },
    )
    expect(cameraDesk.seen).toHaveLength(accepted)
    for (const message of cameraDesk.seen)
      for (const read of message.reads) {
        expect(read.confidence).toBeGreaterThanOrEqual(0)
        expect(read.confidence).toBeLessThanOrEqual(1)
      }
    expect((await ask('/health/live')).status).toBe(200)
  }, 180_000)
})

describe('pictures', () => {
  const look = { size: 1, grey: 'AA==' }
  const quad = [
    [0.1, 0.2],
    [0.3, 0.2],
    [0.3, 0.25],
    [0.1, 0.25],
  ] as const
  const seen: PictureAnswer = {
    width: 1,
    height: 1,
    ms: 5,
    zones: {
      'bay-1': { look, reads: [{ text: 'AB12CDE', candidates: [], characters: [0.9], confidence: 0.9, quad }] },
      'bay-2': { look, reads: [] },
    },
  }
  const send = (ask: (path: string, init?: RequestInit) => Promise<Response>, bytes: Uint8Array, path = frame) =>
    ask(path, { method: 'POST', headers: { 'content-type': 'image/png' }, body: bytes as Uint8Array<ArrayBuffer> })

  test('a picture becomes a message with reads and presence by zone, keyed by the picture itself', async () => {
    const { ask, cameraDesk } = await startServer({
      cameras,
      reader: reading(async () => seen),
      judge: (_camera, bayId) => (bayId === 'bay-1' ? 'occupied' : 'empty'),
    })
    expect((await send(ask, onePixelPng())).status).toBe(200)
    expect((await send(ask, onePixelPng())).status).toBe(200)
    const [first, again] = cameraDesk.seen
    expect(first).toMatchObject({
      cameraId: 'cam-1',
      reader: 'berth',
      presence: { 'bay-1': 'occupied', 'bay-2': 'empty' },
      reads: [{ plate: 'AB12CDE', bayId: 'bay-1', frame: first?.frame }],
    })
    expect(first?.reads[0]?.box?.map((part) => Math.round(part * 100) / 100)).toEqual([0.1, 0.2, 0.2, 0.05])
    expect(first?.vehicles).toBeUndefined()
    expect(again?.frame).toBe(first?.frame)
  })

  test('a picture says when it came in, and when it was taken where the camera says so', async () => {
    const { ask, cameraDesk } = await startServer({ cameras, reader: reading(async () => seen) })
    const before = Date.now()
    await send(ask, onePixelPng())
    await send(ask, onePixelPng(), `${frame}?capturedAt=2026-11-22T10:00:00.000Z`)
    expect((await send(ask, onePixelPng(), `${frame}?capturedAt=yesterday`)).status).toBe(400)
    expect(cameraDesk.seen.map((message) => message.capturedAt)).toEqual([null, Date.parse('2026-11-22T10:00:00.000Z')])
    for (const { receivedAt = 0 } of cameraDesk.seen) {
      expect(receivedAt).toBeGreaterThanOrEqual(before)
      expect(receivedAt).toBeLessThanOrEqual(Date.now())
    }
  })

  test('what is no picture, or too large, is refused before the reader sees it', async () => {
    let asked = 0
    const { ask } = await startServer({
      cameras,
      reader: reading(async () => {
        asked += 1
        return seen
      }),
    })
    expect((await send(ask, Buffer.from('GIF89a'))).status).toBe(422)
    expect((await send(ask, new Uint8Array())).status).toBe(422)
    expect((await send(ask, new Uint8Array((8 << 20) + 1))).status).toBe(413)
    expect(asked).toBe(0)
  })

  test('a busy reader answers 503 with Retry-After, an unreadable picture 422', async () => {
    const faults = [new Fault('READER_BUSY'), new Fault('PICTURE_UNREADABLE'), new Fault('READER_FAILED')]
    const { ask } = await startServer({
      cameras,
      reader: reading(async () => {
        throw faults.shift()
      }),
    })
    const busy = await send(ask, onePixelPng())
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '1'])
    expect((await send(ask, onePixelPng())).status).toBe(422)
    expect((await send(ask, onePixelPng())).status).toBe(503)
  })

  test('when the reader is behind, the newest picture of a camera waits, older ones are let go, and other cameras are not held up', async () => {
    const pending: { finish: () => void; bytes: number }[] = []
    const { ask, cameraDesk } = await startServer({
      cameras,
      reader: reading(
        (bytes) =>
          new Promise((resolve) => {
            pending.push({ bytes: bytes.length, finish: () => resolve({ ...seen, zones: {} }) })
          }),
      ),
    })
    const picture = (length: number) => Buffer.concat([onePixelPng(), Buffer.alloc(length)])
    const base = onePixelPng().length
    const first = send(ask, picture(1))
    await expect.poll(() => pending.length).toBe(1)
    const second = send(ask, picture(2))
    // It waits for the reader: only then is the next one newer.
    await expect.poll(async () => (await ask('/metrics')).text()).toContain('berth_intake_pictures_total 2\n')
    const third = send(ask, picture(3))
    expect((await second).status).toBe(503)
    const other = send(ask, picture(4), '/in/cam-2-secret/frame')
    await expect.poll(() => pending.length).toBe(2)
    pending[0]?.finish()
    await expect.poll(() => pending.length).toBe(3)
    expect(pending.map((each) => each.bytes - base)).toEqual([1, 4, 3])
    for (const each of pending) each.finish()
    expect((await Promise.all([first, third, other])).map((answer) => answer.status)).toEqual([200, 200, 200])
    expect(cameraDesk.seen).toHaveLength(3)
    expect(await (await ask('/metrics')).text()).toContain('berth_intake_pictures_overtaken_total 1\n')
  })
})
