import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../../machines/faults.ts'
import { dahua } from '../../../src/cameras/dahua.ts'
import { eventStream } from '../../../src/cameras/event-stream.ts'
import { hikvision } from '../../../src/cameras/hikvision.ts'
import { mjpegSource, snapshotSource } from '../../../src/cameras/picture-source.ts'
import { rtspSource } from '../../../src/cameras/rtsp-source.ts'
import { closeAfterwards } from '../server/running-server.ts'
import { DAHUA_DATA, dahuaEvent, HIKVISION_XML, jpegOf } from './device-samples.ts'
import { sourceStage } from './source-stage.ts'
import { toyDevice } from './toy-device.ts'

const part = (boundary: string, type: string, body: Buffer | string, hasLength = true): Buffer =>
  Buffer.concat([
    Buffer.from(
      `--${boundary}\r\nContent-Type: ${type}\r\n${hasLength ? `Content-Length: ${Buffer.byteLength(body)}\r\n` : ''}\r\n`,
    ),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ])
/** Writes bytes in small pieces, as a slow network does. */
async function trickle(response: ServerResponse, bytes: Buffer, step = 97): Promise<void> {
  for (let at = 0; at < bytes.length; at += step) {
    response.write(bytes.subarray(at, at + step))
    if (at % (step * 8) === 0) await new Promise((resolve) => setImmediate(resolve))
  }
}
const HEARTBEAT =
  '<EventNotificationAlert><eventType>videoloss</eventType><eventState>inactive</eventState></EventNotificationAlert>'

describe('alertStream of Hikvision', () => {
  test('behind a digest login: events with their pictures, heartbeats as signs of life', async () => {
    const device = await toyDevice({ scheme: 'digest' })
    device.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'multipart/mixed; boundary=boundary' })
      const parts = [
        part('boundary', 'application/xml; charset="UTF-8"', HEARTBEAT),
        part('boundary', 'application/xml', HIKVISION_XML),
        part('boundary', 'image/jpeg', jpegOf(160, 48)),
        part('boundary', 'image/jpeg', jpegOf(2688, 1520)),
      ]
      void trickle(response, Buffer.concat(parts))
    }
    const { seen, read, parts, opened } = sourceStage()
    opened(eventStream({ ...parts, dialect: hikvision, url: `${device.url}/ISAPI/Event/notification/alertStream` }))
    await expect.poll(() => seen.length).toBeGreaterThanOrEqual(2)
    expect(seen[0]).toMatchObject({ cameraId: 'cam-1', reads: [] })
    expect(seen[1]?.reads).toMatchObject([{ plate: 'AB12CDE' }])
    // The scene is read, not the plate that was cut out of it.
    await expect.poll(() => read.map(({ length }) => length)).toEqual([jpegOf(2688, 1520).length])
    expect(device.tally).toMatchObject({ wrong: 0 })
  })

  test('a broken event is one line, and the stream goes on', async () => {
    const device = await toyDevice()
    device.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'multipart/mixed; boundary=boundary' })
      response.write(part('boundary', 'application/xml', '<EventNotificationAlert><ANPR>'))
      response.write(part('boundary', 'application/xml', HIKVISION_XML.replace('<picNum>2', '<picNum>0')))
    }
    const { seen, logged, parts, opened } = sourceStage()
    opened(eventStream({ ...parts, dialect: hikvision, url: device.url }))
    await expect.poll(() => seen.length).toBe(1)
    expect(logged.join()).toMatch(/Camera cam-1 sent what cannot be read: This hikvision message/)
  })

  test('a stream that ends is opened again, and what could not be made durable is tried again', async () => {
    const device = await toyDevice()
    const { seen, parts, stage, opened, logged } = sourceStage()
    stage.fail = new Fault('STORE_UNWRITABLE')
    device.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'multipart/mixed; boundary=b' })
      response.end(part('b', 'application/xml', HIKVISION_XML.replace('<picNum>2', '<picNum>0')))
      setTimeout(() => {
        stage.fail = null
      }, 300)
    }
    opened(eventStream({ ...parts, dialect: hikvision, url: device.url }))
    await expect.poll(() => seen.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(2)
    expect(device.seen.length).toBeGreaterThanOrEqual(2)
    expect(logged).toEqual([])
  })
})

test('eventManager of Dahua: pretty JSON with bare line feeds, heartbeats between', async () => {
  const device = await toyDevice({ scheme: 'digest' })
  device.answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=myboundary' })
    const event = part('myboundary', 'text/plain', dahuaEvent(DAHUA_DATA).replaceAll('\r\n', '\n'))
    void trickle(response, Buffer.concat([event, part('myboundary', 'text/plain', 'Heartbeat')]))
  }
  const { seen, parts, opened } = sourceStage()
  opened(
    eventStream({
      ...parts,
      dialect: dahua,
      url: `${device.url}/cgi-bin/eventManager.cgi?action=attach&codes=[TrafficJunction]&heartbeat=5`,
    }),
  )
  await expect.poll(() => seen.length).toBeGreaterThanOrEqual(2)
  expect(seen[0]?.reads).toMatchObject([{ plate: 'AB12CDE', capturedAt: 1785762816000 }])
  expect(seen[1]?.reads).toEqual([])
})

describe('snapshots', () => {
  test('one after the other; a picture that has not changed, by its ETag or its bytes, says nothing', async () => {
    const device = await toyDevice({ scheme: 'basic' })
    let version = 0
    let unchanged = 0
    device.answer = (request, response) => {
      if (request.headers['if-none-match'] === '"v2"') {
        unchanged += 1
        return void response.writeHead(304).end()
      }
      version += 1
      if (version >= 8) response.setHeader('etag', '"v2"')
      response.end(jpegOf(version < 5 ? 100 : version < 8 ? 101 : 102, 50))
    }
    const { seen, read, parts, opened } = sourceStage()
    opened(snapshotSource({ ...parts, url: device.url }))
    await expect.poll(() => unchanged).toBeGreaterThan(2)
    expect(read.map((picture) => picture)).toEqual([jpegOf(100, 50), jpegOf(101, 50), jpegOf(102, 50)])
    expect(seen.map(({ reader }) => reader)).toEqual(['berth', 'berth', 'berth'])
  })

  test('what is no picture, or too large, is said once, and the camera is asked ever more rarely', async () => {
    const device = await toyDevice()
    device.answer = (_request, response) => void response.end('<html>busy</html>')
    const { logged, seen, parts, opened } = sourceStage()
    opened(snapshotSource({ ...parts, url: device.url }))
    await expect.poll(() => logged.length).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(device.seen.length).toBeLessThanOrEqual(3)
    expect([seen, logged]).toEqual([
      [],
      [
        'Camera cam-1: The camera does not give what it is asked for: what it gives is no JPEG or PNG. berth tries again by itself.',
      ],
    ])
    device.answer = (_request, response) => void response.end(jpegOf(8, 8))
    await expect.poll(() => logged.at(-1), { timeout: 60_000 }).toContain('gives again')
  })
})

test('MJPEG: the newest picture is read at the wanted rate, others are let go, and a stream without lengths is understood', async () => {
  const device = await toyDevice()
  const pictures = Array.from({ length: 40 }, (_, at) => jpegOf(100 + at, 50))
  device.answer = async (_request, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace;boundary=--frame' })
    for (const [at, picture] of pictures.entries()) {
      response.write(part('frame', 'image/jpeg', picture, at % 2 === 0))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  const { read, seen, parts, opened } = sourceStage()
  opened(mjpegSource({ ...parts, url: device.url, interval_ms: 40 }))
  await expect.poll(() => read.length).toBeGreaterThanOrEqual(3)
  expect(read.length).toBeLessThan(20)
  for (const picture of read) expect(pictures.some((one) => one.equals(picture))).toBe(true)
  await expect.poll(() => seen.length).toBeGreaterThanOrEqual(3)
})

describe('RTSP', () => {
  /** A program that is called as ffmpeg is, for machines that have none: it writes what ffmpeg's muxer `mpjpeg` writes. */
  function standIn(script: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'berth-rtsp-'))
    closeAfterwards(async () => rmSync(folder, { recursive: true }))
    const path = join(folder, 'program')
    writeFileSync(path, `#!${process.execPath}\n${script}\n`)
    chmodSync(path, 0o755)
    return path
  }

  test('a machine without ffmpeg hears what to do, once', async () => {
    const { logged, parts, opened } = sourceStage()
    opened(rtspSource({ ...parts, url: 'rtsp://127.0.0.1:9/x', program: 'no-such-ffmpeg' }))
    await expect.poll(() => logged.join()).toContain('install it (apt-get install ffmpeg)')
    expect(logged).toHaveLength(1)
  })

  test('pictures come out of the program’s pipe, and closing ends the program', async () => {
    const picture = jpegOf(640, 360).toString('base64')
    const program = standIn(`
      const picture = Buffer.from('${picture}', 'base64')
      setInterval(() => {
        process.stdout.write('--berthframe\\r\\nContent-type: image/jpeg\\r\\nContent-length: ' + picture.length + '\\r\\n\\r\\n')
        process.stdout.write(Buffer.concat([picture, Buffer.from('\\r\\n')]))
      }, 30)`)
    const { read, parts, opened } = sourceStage()
    const source = opened(rtspSource({ ...parts, url: 'rtsp://127.0.0.1:9/x', program }))
    await expect.poll(() => read.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(2)
    expect(read[0]).toEqual(jpegOf(640, 360))
    await source.close()
  })

  test('a refused login is not repeated, and what the program says of the address is not logged', async () => {
    const program = standIn(
      `process.stderr.write('rtsp://u:geheim@host: Server returned 401 Unauthorized'); process.exit(1)`,
    )
    const { logged, parts, opened } = sourceStage()
    opened(rtspSource({ ...parts, url: 'rtsp://u:geheim@127.0.0.1:9/x', program }))
    await expect.poll(() => logged.join(), { timeout: 60_000 }).toContain('login is refused')
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(logged).toHaveLength(1)
    expect(logged.join()).not.toContain('geheim')
  })
})
