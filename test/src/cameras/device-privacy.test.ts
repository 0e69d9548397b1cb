import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { brokenMessages } from '../../../src/cameras/broken-messages.ts'
import { keepFetching } from '../../../src/cameras/camera-source.ts'
import { deviceCaller } from '../../../src/cameras/device-caller.ts'
import { frigate } from '../../../src/cameras/frigate.ts'
import { mqttSource } from '../../../src/cameras/mqtt-source.ts'
import { systemClock } from '../../../src/clock.ts'
import { deepText, tracesIn, tracesUnder } from '../../clear-traces.ts'
import { serveSite, until, writeSite } from '../serve/serving-line.ts'
import { renderedPlate } from '../vision/rendered-plate.ts'
import { AXIS_EVENT, formOf, HIKVISION_XML, jsonPush, MILESIGHT_EVENT, type Sample } from './device-samples.ts'
import { sourceStage } from './source-stage.ts'
import { LOGIN, toyDevice } from './toy-device.ts'

const PLATE = 'KX19TYP'
const now = () => new Date().toISOString()

/** Pushes of three devices about this plate, with its picture where they send one: whole, cut off, and bent. */
function pushesOf(picture: Buffer): readonly (readonly [dialect: string, sample: Sample])[] {
  const xml = HIKVISION_XML.replaceAll('AB12CDE', PLATE).replace(/<dateTime>.*?</, `<dateTime>${now()}<`)
  const hikvision = formOf([
    { name: 'anpr.xml', filename: 'anpr.xml', type: 'application/xml', body: xml },
    { name: 'detectionPicture.jpg', filename: 'detectionPicture.jpg', type: 'image/jpeg', body: picture },
  ])
  const milesight = jsonPush({ ...MILESIGHT_EVENT, plate: PLATE, plate_image: picture.toString('base64') })
  const axis = jsonPush({ ...AXIS_EVENT, plateUTF8: PLATE, capture_timestamp: String(Date.now()) })
  const whole = [
    ['hikvision', hikvision],
    ['milesight', milesight],
    ['axis', axis],
  ] as const
  const cut = (sample: Sample, share: number): Sample => ({
    ...sample,
    body: sample.body.subarray(0, Math.floor(sample.body.length * share)),
  })
  return whole.flatMap(([dialect, sample]) =>
    [sample, cut(sample, 0.3), cut(sample, 0.9)].map((one) => [dialect, one] as const),
  )
}

test('what devices push leaves no plate and no picture on disk, in the log, in an answer or a metric, read or refused', async () => {
  const site = await writeSite(1, {
    zones: () => [
      [0.02, 0.02],
      [0.98, 0.02],
      [0.98, 0.98],
      [0.02, 0.98],
    ],
    policy: { voteWindow_s: 1 },
  })
  const serving = await serveSite(site)
  const picture = await renderedPlate('KX19 TYP')
  const looked = async (): Promise<boolean> =>
    /second_looks_done_total [1-9]/.test((await serving.ask('GET', '/metrics')).body)
  const answers: string[] = []
  const statuses: number[] = []
  for (const [dialect, { headers, body }] of pushesOf(picture)) {
    const address = `http://127.0.0.1:${site.httpPort}/in/cam-1-secret/${dialect}`
    const answer = await fetch(address, { method: 'POST', headers, body: new Uint8Array(body) })
    statuses.push(answer.status)
    answers.push(await answer.text())
    // Its picture is read afterwards, and a newer one would overtake it.
    if (statuses.length === 1) await until(looked)
  }
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3)
  expect(statuses.filter((status) => status >= 400 && status < 500).length).toBeGreaterThanOrEqual(3)
  answers.push((await serving.ask('GET', '/metrics')).body)
  await serving.stop()
  const secrets = { plates: [PLATE, 'KX19 TYP'], pictures: [picture] }
  expect(tracesUnder(join(site.store, '..'), secrets), 'on disk').toEqual([])
  expect(tracesIn('log', Buffer.from(serving.said()), secrets)).toEqual([])
  expect(tracesIn('answers', Buffer.from(answers.join('\n')), secrets)).toEqual([])
  expect(serving.said()).not.toContain('cam-1-secret')
}, 180_000)

test('a login that is refused, a camera that hangs up and one that sends us elsewhere tell no password, at the bottom of no cause', async () => {
  const secret = 'pa55 w0rd of cam'
  const login = { ...LOGIN, password: secret }
  const digest = await toyDevice({ scheme: 'digest' })
  const basic = await toyDevice({ scheme: 'basic' })
  const hangs = await toyDevice()
  hangs.answer = (request) => void request.socket.destroy()
  const elsewhere = await toyDevice()
  elsewhere.answer = (_request, response) => void response.writeHead(302, { location: 'http://192.0.2.1/' }).end()
  const forms = [secret, Buffer.from(`${login.username}:${secret}`).toString('base64')]
  for (const { url } of [digest, basic, hangs, elsewhere]) {
    const failure: unknown = await deviceCaller({ clock: systemClock, login })
      .get(`${url}/x`, {}, new AbortController().signal)
      .catch((cause: unknown) => cause)
    expect(failure).toMatchObject({ code: 'CAMERA_UNREACHABLE' })
    const text = deepText(failure).toString()
    for (const form of forms) expect(text).not.toContain(form)
  }
})

test('what a broker passes on and nobody can read, or nobody can keep, is told without its plate', async () => {
  const { parts, opened, logged, stage } = sourceStage()
  const broken = brokenMessages(systemClock, (line) => void logged.push(line))
  for (const body of [`{"type":"lpr","plate":"${PLATE}"`, `${PLATE}`, `{"plate":"${PLATE}"}`]) {
    const envelope = {
      parts: [{ headers: {}, name: null, filename: null, body: Buffer.from(body) }],
      query: {},
      path: '',
    }
    const read = () => frigate.read({ ...envelope, arrivedAt: 0, timezone: 'UTC', pictureSize: null })
    let failure: unknown = null
    try {
      read()
    } catch (cause) {
      failure = cause
    }
    expect(failure).toMatchObject({ code: 'BODY_INVALID' })
    expect(tracesIn('failure', deepText(failure), { plates: [PLATE], pictures: [] })).toEqual([])
    broken.note('cam-1', 'frigate', (failure as Error).message)
  }
  stage.fail = new Error('nothing can be kept')
  const login = { username: 'berth', password: 'pa55 w0rd of cam' }
  const nowhere = { ...parts, url: 'mqtt://127.0.0.1:9', login, topics: ['a'], deviceId: null, dialect: frigate }
  opened(mqttSource(nowhere))
  const source = keepFetching({
    cameraId: 'cam-1',
    clock: systemClock,
    log: parts.log,
    run: async () => {
      throw new Error('the connection broke', { cause: new Error(PLATE) })
    },
  })
  onTestFinished(() => source.close())
  await expect.poll(() => logged.length).toBeGreaterThanOrEqual(3)
  expect(tracesIn('log', Buffer.from(logged.join('\n')), { plates: [PLATE, login.password], pictures: [] })).toEqual([])
})
