import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import { serve } from '../../../src/compose.ts'
import { closeAfterwards } from '../server/running-server.ts'
import { HIKVISION_XML } from './device-samples.ts'
import { LOGIN, toyDevice } from './toy-device.ts'

const HALF = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]

test('a served site fetches from its cameras: an event of alertStream opens a visit, wrong answers are one line, and stopping ends all', async () => {
  const stream = await toyDevice({ scheme: 'digest' })
  stream.answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'multipart/mixed; boundary=b' })
    const xml = HIKVISION_XML.replace('<picNum>2', '<picNum>0').replace(
      /<dateTime>.*?</,
      `<dateTime>${new Date().toISOString()}<`,
    )
    response.write(
      `--b\r\nContent-Type: application/xml\r\nContent-Length: ${Buffer.byteLength(xml)}\r\n\r\n${xml}\r\n`,
    )
  }
  const busy = await toyDevice()
  busy.answer = (_request, response) => void response.writeHead(503).end()
  const folder = mkdtempSync(join(tmpdir(), 'berth-sources-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'site.yaml')
  writeFileSync(
    path,
    stringify({
      site: { id: 'depot-north', timezone: 'Europe/London' },
      store: { kind: 'sqlite', path: './depot.db' },
      http: { host: '127.0.0.1', port: 0 },
      ocpp: { host: '127.0.0.1', port: 0 },
      cameras: [
        { id: 'cam-1', kind: 'alertstream', url: stream.url, login: LOGIN },
        { id: 'cam-2', kind: 'snapshot', url: `${busy.url}/x.jpg`, interval_ms: 200 },
      ],
      bays: [
        { id: 'bay-1', chargePoint: 'CP-1', zones: [{ camera: 'cam-1', polygon: HALF }] },
        { id: 'bay-2', chargePoint: 'CP-2', zones: [{ camera: 'cam-2', polygon: HALF }] },
      ],
      chargePoints: [{ id: 'CP-1' }, { id: 'CP-2' }],
    }),
  )
  const logged: string[] = []
  const site = await serve(path, { log: (line) => void logged.push(line), env: {}, readerFollows: true })
  try {
    await expect.poll(() => site.desk.bay('bay-1')?.state, { timeout: 60_000 }).not.toBe('vacant')
    expect(stream.seen.at(-1)?.url).toBe('/ISAPI/Event/notification/alertStream')
    expect(stream.tally).toMatchObject({ wrong: 0 })
    await expect.poll(() => logged.filter((line) => line.includes('cam-2')).length).toBe(1)
    expect(logged.find((line) => line.includes('cam-2'))).toContain('it answers 503')
    expect(JSON.stringify(logged)).not.toContain(LOGIN.password)
  } finally {
    await site.stop()
  }
  const before = stream.seen.length + busy.seen.length
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(stream.seen.length + busy.seen.length).toBe(before)
}, 180_000)

test('a snapshot camera that begins to refuse its login is blind at once, in its bays as on record, until it works', async () => {
  const device = await toyDevice()
  let answers = 304
  device.answer = (_request, response) => void response.writeHead(answers).end()
  const folder = mkdtempSync(join(tmpdir(), 'berth-sources-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'site.yaml')
  writeFileSync(
    path,
    stringify({
      site: { id: 'depot-north', timezone: 'Europe/London' },
      store: { kind: 'sqlite', path: './depot.db' },
      http: { host: '127.0.0.1', port: 0 },
      ocpp: { host: '127.0.0.1', port: 0 },
      cameras: [{ id: 'cam-1', kind: 'snapshot', url: `${device.url}/x.jpg`, interval_ms: 200, login: LOGIN }],
      bays: [{ id: 'bay-1', chargePoint: 'CP-1', zones: [{ camera: 'cam-1', polygon: HALF }] }],
      chargePoints: [{ id: 'CP-1' }],
    }),
  )
  const site = await serve(path, { log: () => {}, env: {}, readerFollows: true })
  closeAfterwards(() => site.stop())
  const told: unknown[] = []
  site.desk.subscribe(({ bays }) => void told.push(...bays.flatMap(({ cameras }) => cameras)))
  await expect.poll(() => device.seen.length).toBeGreaterThan(2)
  expect(site.desk.alarms().map(({ type }) => type)).not.toContain('camera-refused')
  answers = 401
  await expect.poll(() => site.desk.alarms().map(({ type }) => type), { timeout: 60_000 }).toContain('camera-refused')
  const blind = {
    cameraId: 'cam-1',
    status: 'lost',
    blind: { cause: 'refused', do: expect.stringContaining('35 min') },
  }
  await expect.poll(() => site.desk.bay('bay-1')?.cameras).toMatchObject([blind])
  // Whoever looks on is told of it, without asking.
  expect(told.at(-1)).toMatchObject(blind)
  const { items } = (await (await fetch(`${site.url}/api/cameras`)).json()) as { items: unknown[] }
  expect(items).toMatchObject([
    { status: 'lost', blind: { cause: 'refused' }, faults: [{ cause: 'refused', blinds: true }] },
  ])
}, 180_000)
