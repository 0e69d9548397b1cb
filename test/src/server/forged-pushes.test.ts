import { describe, expect, test } from 'vitest'
import { addressRange } from '../../../actors/address-range.ts'
import type { Starting } from './plain-server.ts'
import { onePixelPng, reading, startServer } from './running-server.ts'

const cameras = [{ cameraId: 'cam-1', token: 'cam-1-secret', zones: {} }]
const MESSAGE = { reads: [{ plate: 'AB12CDE', box: [0.2, 0.5, 0.1, 0.05] }] }
const reads = '/in/cam-1-secret/reads'
const frame = '/in/cam-1-secret/frame'

/** A server whose camera has such rules. This test's own address is 127.0.0.1. */
const ruled = (from: readonly string[], deviceId: string | null = null, more: Starting = {}) =>
  startServer({
    cameras,
    rules: [{ cameraId: 'cam-1', from: from.flatMap((text) => addressRange(text) ?? []), deviceId }],
    ...more,
  })

describe('a source address that is not the camera’s', () => {
  test('gets 403 with a sentence that names no camera and no token; nothing is read and nothing is seen', async () => {
    let asked = 0
    const reader = reading(async () => {
      asked += 1
      return { width: 1, height: 1, ms: 1, zones: {} }
    })
    const { ask, send, cameraDesk, written } = await ruled(['192.0.2.7', '2001:db8::/32'], null, { reader })
    const answer = await send('POST', reads, MESSAGE)
    const text = await answer.text()
    expect([answer.status, JSON.parse(text).code]).toEqual([403, 'FORBIDDEN'])
    expect(text).toContain('`from`')
    expect(text).not.toMatch(/cam-1|secret|127\.0/)
    const picture = await ask(frame, { method: 'POST', body: onePixelPng() as Uint8Array<ArrayBuffer> })
    expect([picture.status, asked, cameraDesk.seen]).toEqual([403, 0, []])
    const metrics = await (await ask('/metrics')).text()
    expect(metrics).toContain('berth_intake_quarantined_total{camera="cam-1",reason="address"} 2\n')
    expect(written.map(({ cause }) => [cause.type, cause['reason']])).toEqual([['push.quarantined', 'address']])
  })

  test('is refused before its body is read: a body of 20 MB is not waited for', async () => {
    const { ask } = await ruled(['192.0.2.7'])
    const answer = await ask(frame, { method: 'POST', body: new Uint8Array(20 << 20) }).catch(() => null)
    // The server may hang up on the sender in mid-body; what counts is that it never says 413, which it says of what it read.
    expect(answer?.status ?? 403).toBe(403)
  })

  test('from an address of its own the camera is seen, whatever family the listener speaks', async () => {
    const { send, cameraDesk, written } = await ruled(['10.1.0.0/16', '127.0.0.0/8'])
    expect((await send('POST', reads, MESSAGE)).status).toBe(200)
    expect([cameraDesk.seen.length, written.length]).toEqual([1, 0])
  })

  test('what a proxy or an attacker says of the source is not believed', async () => {
    const { send } = await ruled(['192.0.2.7'])
    const headers = { 'x-forwarded-for': '192.0.2.7', forwarded: 'for=192.0.2.7', 'x-real-ip': '192.0.2.7' }
    expect((await send('POST', reads, MESSAGE, headers)).status).toBe(403)
  })
})

describe('a device id that is not the camera’s', () => {
  test('another one, or none, is 403; its own is seen, and a camera without a rule may say what it likes', async () => {
    const { send, cameraDesk } = await ruled([], 'DS-7')
    expect((await send('POST', reads, { ...MESSAGE, deviceId: 'DS-8' })).status).toBe(403)
    expect((await send('POST', reads, MESSAGE)).status).toBe(403)
    expect((await send('POST', reads, { ...MESSAGE, deviceId: 'DS-7' })).status).toBe(200)
    expect(cameraDesk.seen.map((message) => message.reads.length)).toEqual([1])
    const free = await ruled([])
    expect((await free.send('POST', reads, { ...MESSAGE, deviceId: 'DS-8' })).status).toBe(200)
    expect(free.cameraDesk.seen[0]).not.toHaveProperty('deviceId')
  })

  test('one that is no text is a bad body, not a forged one', async () => {
    const { send, written } = await ruled([], '7')
    expect((await send('POST', reads, { ...MESSAGE, deviceId: {} })).status).toBe(400)
    expect((await send('POST', reads, { ...MESSAGE, deviceId: 7 })).status).toBe(200)
    expect(written).toEqual([])
  })

  test('a picture carries no id, so that only its path and its address tell whose it is', async () => {
    const { ask, cameraDesk } = await ruled(['127.0.0.1'], 'DS-7')
    const body = onePixelPng() as Uint8Array<ArrayBuffer>
    expect((await ask(frame, { method: 'POST', body })).status).toBe(200)
    expect(cameraDesk.seen).toHaveLength(1)
  })
})

test('three hundred pushes under guessed paths are 404, counted, and one record', async () => {
  const { ask, written } = await startServer({ cameras })
  for (let round = 0; round < 6; round += 1)
    await Promise.all(
      Array.from({ length: 50 }, async (_, push) => {
        const answer = await ask(`/in/guess-${round}-${push}/reads`, { method: 'POST', body: '{}' })
        expect(answer.status).toBe(404)
        await answer.text()
      }),
    )
  const metrics = await (await ask('/metrics')).text()
  expect(metrics).toContain('berth_intake_unknown_token_total 300\n')
  expect(metrics).toContain('berth_intake_quarantined_total{camera="",reason="unknown-token"} 300\n')
  expect(metrics.match(/# TYPE berth_intake_quarantined_total counter/g)).toHaveLength(1)
  expect(written).toHaveLength(1)
  expect(JSON.stringify(written)).not.toContain('guess')
}, 180_000)
