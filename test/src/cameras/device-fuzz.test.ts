import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, onTestFinished, test, vi } from 'vitest'
import { cameraLine } from '../../../src/cameras/camera-line.ts'
import { PUSH_DIALECTS } from '../../../src/cameras/dialects.ts'
import { systemClock } from '../../../src/clock.ts'
import { openRoom } from '../../../src/open-room.ts'
import { openHttpServer } from '../../../src/server/http-server.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { fc } from '../../seeded-check.ts'
import { mutate } from '../serve/mutations.ts'
import { writeSite } from '../serve/serving-line.ts'
import {
  ALPR_GROUP,
  ALPR_HEARTBEAT,
  AXIS_EVENT,
  DAHUA_DATA,
  dahuaEvent,
  HIKVISION_XML,
  hikvisionPush,
  ITSAPI_BODY,
  MILESIGHT_EVENT,
  RECOGNITION,
  recognitionPush,
  SNAP_TEXT,
} from './device-samples.ts'

/** `npm run fuzz` sends 100,000. */
const MESSAGES = Number(process.env['BERTH_FRAMES'] ?? 5_000)
const SEED = Number(process.env['BERTH_SEED']) || 17
const CREW = 6
/** What a run may add to the heap, however long it is. */
const MOST_GROWTH = 60 << 20

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
/** Bytes of the heap that are in use, rubbish taken out first. */
function heapNow(): number {
  collect()
  return process.memoryUsage().heapUsed
}

vi.setConfig({ testTimeout: Math.max(120_000, MESSAGES * 20) })

/** Messages whose fields are changed one at a time, by dialect. */
const STRUCTURED: readonly (readonly [string, object, (text: string) => string])[] = [
  ['dahua', DAHUA_DATA, (text) => dahuaEvent({}).replace(/data=.*/s, `data=${text}`)],
  ['dahua-itsapi', ITSAPI_BODY, (text) => text],
  ['axis', AXIS_EVENT, (text) => text],
  ['milesight', MILESIGHT_EVENT, (text) => text],
  ['platerecognizer', RECOGNITION, (text) => text],
  ['rekor', ALPR_GROUP, (text) => text],
  ['rekor', ALPR_HEARTBEAT, (text) => text],
]
/** Bodies that are cut, stirred and mixed as bytes. */
const BODIES: readonly (readonly [string, string, Buffer])[] = [
  ['hikvision', hikvisionPush().headers['content-type'] ?? '', hikvisionPush().body],
  ['hikvision', 'application/xml', Buffer.from(HIKVISION_XML)],
  ['dahua', 'text/plain', Buffer.from(dahuaEvent())],
  ['dahua', 'text/plain', Buffer.from(SNAP_TEXT)],
  ['platerecognizer', recognitionPush().headers['content-type'] ?? '', recognitionPush().body],
]

type Push = { readonly dialect: string; readonly type: string; readonly body: Buffer }
const junk = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(null, '', -1, 1e308, '-', '__proto__', [], {}, 'Z'.repeat(3_000), '\u0000'),
)
const structured = fc
  .tuple(fc.constantFrom(...STRUCTURED), fc.nat(), junk, fc.constantFrom('replace', 'drop', 'cut', 'stir'), fc.nat())
  .map(([[dialect, message, wrap], where, value, how, at]): Push => {
    return { dialect, type: 'application/json', body: Buffer.from(wrap(mutate(message, where, value, how, at))) }
  })
const piece = fc.constantFrom(
  '\r\n--berth-7d1\r\n',
  '\n\n',
  '<X>',
  '</ANPR>',
  ']]>',
  '<![CDATA[',
  '&#x0;',
  '{',
  '\u0000',
  '\r\n\r\n',
  '--',
)
const bytes = fc
  .tuple(
    fc.constantFrom(...BODIES),
    fc.nat(),
    fc.nat(300),
    fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 60 })),
    fc.boolean(),
  )
  .map(([[dialect, type, body], at, cut, put, isOdd]): Push => {
    const from = at % body.length
    const mixed = Buffer.concat([body.subarray(0, from), Buffer.from(put), body.subarray(from + (cut % 80))])
    return { dialect, type: isOdd ? 'multipart/form-data; boundary="' : type, body: mixed }
  })
const noise = fc
  .tuple(fc.constantFrom(...Object.keys(PUSH_DIALECTS)), fc.uint8Array({ maxLength: 400 }))
  .map(([dialect, body]): Push => ({ dialect, type: 'application/octet-stream', body: Buffer.from(body) }))
const pushes = fc.oneof(
  { weight: 5, arbitrary: structured },
  { weight: 4, arbitrary: bytes },
  { weight: 1, arbitrary: noise },
)

/** The production door for cameras, before the bays and the journal of a site. */
async function opensDoor() {
  const file = await readSiteFile((await writeSite(4)).path, {})
  const logged: string[] = []
  const room = await openRoom(file, systemClock, (line) => void logged.push(line), {})
  await room.start()
  const cameras = file.cameras.map(({ id, token }) => ({
    cameraId: id,
    token: token ?? '',
    pictureSize: [1920, 1080] as const,
    zones: Object.fromEntries(
      file.bays.flatMap((bay) =>
        bay.zones.filter(({ camera }) => camera === id).map(({ polygon }) => [bay.id, polygon]),
      ),
    ),
  }))
  const reader = { read: async () => ({ width: 1, height: 1, ms: 1, zones: {} }), close: async () => undefined }
  const parts = { cameraDesk: room.feed, reader, judge: room.presence.judge }
  const log = {
    warn: (line: string) => void logged.push(line),
    error: (line: string, cause: unknown) => void logged.push(`${line} ${cause}`),
  }
  const server = await openHttpServer({
    ...parts,
    host: '127.0.0.1',
    port: 0,
    desk: room.desk,
    clock: systemClock,
    timezone: file.site.timezone,
    guard: room.senses.guard,
    cameras,
    line: cameraLine(parts),
    log,
  })
  onTestFinished(async () => {
    await server.close()
    await room.close()
  })
  return { room, logged, url: server.url, token: cameras[0]?.token ?? '' }
}

test(`${MESSAGES.toLocaleString('en')} mutated messages of devices: each is taken or refused with one sentence, the process lives, memory is bounded`, async () => {
  const { room, logged, url, token } = await opensDoor()
  const answers: { [status: number]: number } = {}
  let sent = 0
  const member = async (number: number): Promise<void> => {
    for (let batch = 0; sent < MESSAGES; batch += 1) {
      for (const { dialect, type, body } of fc.sample(pushes, { numRuns: 50, seed: SEED + number + batch * CREW })) {
        sent += 1
        const answer = await fetch(`${url}/in/${token}/${dialect}`, {
          method: 'POST',
          headers: { 'content-type': type },
          body: new Uint8Array(body),
        })
        const shown = (await answer.json()) as { detail?: string }
        answers[answer.status] = (answers[answer.status] ?? 0) + 1
        if (answer.status !== 200) expect(typeof shown.detail).toBe('string')
      }
    }
  }
  const before = heapNow()
  await Promise.all(Array.from({ length: CREW }, (_, number) => member(number)))
  const growth = heapNow() - before
  console.log(`${sent} messages: ${JSON.stringify(answers)}; the heap grew by ${Math.round(growth / 2 ** 20)} MB`)
  // Nothing unexpected, and nothing that berth would call its own fault.
  expect(Object.keys(answers).filter((status) => !['200', '400', '403', '413'].includes(status))).toEqual([])
  expect(answers[200] ?? 0).toBeGreaterThan(MESSAGES / 10)
  expect(answers[400] ?? 0).toBeGreaterThan(MESSAGES / 10)
  expect(growth).toBeLessThan(MOST_GROWTH)
  // One line a minute and dialect, however much is broken.
  expect(logged.filter((line) => line.includes('cannot be read')).length).toBeLessThan(10 + 7 * (1 + sent / 5_000))
  expect(logged.join()).not.toMatch(/unexpectedly|AB12CDE/)
  expect((await fetch(`${url}/health/live`)).status).toBe(200)
  expect(room.desk.bays()).toHaveLength(4)
})
