import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'
import { Aedes } from 'aedes'
import { expect, test } from 'vitest'
import { Fault } from '../../../machines/faults.ts'
import { axis } from '../../../src/cameras/axis.ts'
import { frigate } from '../../../src/cameras/frigate.ts'
import { mappedDialect } from '../../../src/cameras/mapped-dialect.ts'
import { mqttSource } from '../../../src/cameras/mqtt-source.ts'
import { closeAfterwards } from '../server/running-server.ts'
import { AXIS_EVENT, FRIGATE_UPDATE as UPDATE } from './device-samples.ts'
import { sourceStage } from './source-stage.ts'

const EVENT = {
  type: 'update',
  before: {},
  after: {
    id: '1607123955.475377-mxklsc',
    camera: 'bay_cam',
    frame_time: 1607123961.837752,
    label: 'car',
    sub_label: null,
    recognized_license_plate: '123ABC',
    recognized_license_plate_score: 0.91,
    box: [424, 500, 536, 712],
    current_zones: ['bay'],
    stationary: false,
    motionless_count: 0,
    position_changes: 2,
    end_time: null,
  },
}
const FRIGATE = ['frigate/events', 'frigate/tracked_object_update', 'frigate/available']

/** A real broker on a real port. */
async function broker(options: { readonly password?: string; readonly port?: number } = {}) {
  const aedes = await Aedes.createBroker({
    authenticate: (_client, _name, password, done) =>
      done(null, options.password === undefined || password?.toString() === options.password),
  })
  const server = createServer((socket) => aedes.handle(socket))
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const close = async (): Promise<void> => {
    await new Promise<void>((resolve) => aedes.close(() => resolve()))
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
  closeAfterwards(close)
  const { port } = server.address() as AddressInfo
  return {
    url: `mqtt://127.0.0.1:${port}`,
    port,
    close,
    aedes,
    publish: (topic: string, message: unknown, retain = false) =>
      new Promise<void>((resolve, reject) =>
        aedes.publish(
          {
            cmd: 'publish',
            dup: false,
            topic,
            retain,
            qos: 1,
            payload: typeof message === 'string' ? message : JSON.stringify(message),
          },
          (error) => (error ? reject(error) : resolve()),
        ),
      ),
    listening: () => expect.poll(() => aedes.connectedClients).toBe(1),
  }
}
const subscribed = async ({ aedes }: Awaited<ReturnType<typeof broker>>): Promise<void> => {
  const topics = new Set<string>()
  aedes.on('subscribe', (list) => {
    for (const { topic } of list) topics.add(topic)
  })
  await expect.poll(() => topics.size, { timeout: 60_000 }).toBeGreaterThan(0)
}

test('Frigate: updates and events of one object are one witness; another camera’s are passed over; offline is blindness', async () => {
  const server = await broker()
  const { seen, parts, opened, logged } = sourceStage()
  opened(mqttSource({ ...parts, url: server.url, login: null, topics: FRIGATE, deviceId: 'bay_cam', dialect: frigate }))
  await subscribed(server)
  await server.publish('frigate/tracked_object_update', UPDATE)
  await server.publish('frigate/tracked_object_update', { ...UPDATE, camera: 'other_cam' })
  await server.publish('frigate/events', EVENT)
  await server.publish('frigate/events', { ...EVENT, type: 'end' })
  await expect.poll(() => seen.length).toBe(3)
  const reads = seen.flatMap((message) => message.reads)
  expect(reads.map(({ plate }) => plate)).toEqual(['123ABC', '123ABC', '123ABC'])
  expect(new Set(reads.map(({ frame }) => frame)).size).toBe(1)
  expect(new Set(reads.map(({ id }) => id)).size).toBe(3)
  expect(reads[0]?.box?.map((side) => Math.round(side * 1000))).toEqual([716, 676, 88, 58])
  expect(reads.map(({ past }) => past === true)).toEqual([false, false, true])
  expect(reads[0]?.capturedAt).toBe(1607123958748)
  expect(seen[1]?.sighted?.[0]?.box?.[0]).toBeCloseTo(424 / 1280, 3)
  expect(logged).toEqual([])
})

test('Frigate: a plate is where its own box says; the vehicle’s box is no place of a plate', () => {
  const read = (after: object) => {
    const body = Buffer.from(JSON.stringify({ ...EVENT, after: { ...EVENT.after, ...after } }))
    const envelope = {
      query: {},
      path: 'frigate/events',
      arrivedAt: 0,
      timezone: 'UTC',
      pictureSize: [1280, 720] as const,
    }
    return frigate.read({ ...envelope, parts: [{ headers: {}, name: null, filename: null, body }] }).reads[0]
  }
  expect(read({})?.box).toBeNull()
  expect(read({})?.vehicleBox?.[0]).toBeCloseTo(424 / 1280, 3)
  const attributes = [{ label: 'license_plate', box: [448, 640, 512, 664], score: 0.8 }]
  expect(read({ current_attributes: attributes })?.box?.map((side) => Math.round(side * 1000))).toEqual([
    350, 889, 50, 33,
  ])
})

test('what came while berth was away is given to it afterwards; of it, what says no time of its own is evidence only', async () => {
  const server = await broker()
  const { seen, parts, opened } = sourceStage()
  const source = { ...parts, url: server.url, login: null, deviceId: null }
  const own = mappedDialect({ plate: 'plate', time: 'when', id: 'n' })
  const open = () => opened(mqttSource({ ...source, topics: ['own'], dialect: own }))
  const first = open()
  await subscribed(server)
  await first.close()
  await expect.poll(() => server.aedes.connectedClients).toBe(0)
  await server.publish('own', { n: 1, plate: 'AB12CDE', when: '2026-02-01 06:00:05' })
  await server.publish('own', { n: 2, plate: 'AB12CDE' })
  open()
  await expect.poll(() => seen.length).toBe(2)
  expect(seen.map(({ reads, retained }) => [reads[0]?.id, retained === true])).toEqual([
    ['1', false],
    ['2', true],
  ])
  await new Promise((resolve) => setTimeout(resolve, 2_200))
  await server.publish('own', { n: 3, plate: 'AB12CDE' })
  await expect.poll(() => seen.length).toBe(3)
  expect(seen[2]?.retained === true).toBe(false)
}, 180_000)

test('copies that the broker kept are evidence: they are marked, and live ones are not', async () => {
  const server = await broker()
  await server.publish('frigate/tracked_object_update', UPDATE, true)
  const { seen, parts, opened } = sourceStage()
  opened(mqttSource({ ...parts, url: server.url, login: null, topics: FRIGATE, deviceId: null, dialect: frigate }))
  await expect.poll(() => seen.length).toBe(1)
  await server.publish('frigate/tracked_object_update', { ...UPDATE, timestamp: UPDATE.timestamp + 1 })
  await expect.poll(() => seen.length).toBe(2)
  expect(seen.map(({ retained }) => retained === true)).toEqual([true, false])
})

test('Axis, and a message that only the site file describes', async () => {
  const server = await broker()
  const first = sourceStage()
  first.opened(
    mqttSource({ ...first.parts, url: server.url, login: null, topics: ['axis/#'], deviceId: null, dialect: axis }),
  )
  await subscribed(server)
  await server.publish('axis/lpr/event', AXIS_EVENT)
  await expect.poll(() => first.seen[0]?.reads[0]?.plate).toBe('AB12CDE')
  const map = {
    plate: 'vehicle.plates.0.text',
    confidence: 'vehicle.sure',
    surest: 100,
    box: 'vehicle.plates.0.rect',
    boxForm: 'ltrb',
    time: 'when',
    id: 'n',
  } as const
  const own = sourceStage()
  const subscribes = new Promise<void>((resolve) =>
    server.aedes.on('subscribe', (list) => list.some(({ topic }) => topic === 'own') && resolve()),
  )
  own.opened(
    mqttSource({
      ...own.parts,
      siteId: 'another-site',
      url: server.url,
      login: null,
      topics: ['own'],
      deviceId: null,
      dialect: mappedDialect(map),
    }),
  )
  await subscribes
  expect(server.aedes.connectedClients).toBe(2)
  const message = {
    n: 7,
    when: '2026-02-01 06:00:05',
    vehicle: { sure: '93,5', plates: [{ text: 'AB12CDE', rect: [128, 72, 256, 144] }] },
  }
  await server.publish('own', message)
  await server.publish('own', { n: 8 })
  await expect.poll(() => own.seen.length).toBe(1)
  expect(own.seen[0]?.reads).toMatchObject([
    { plate: 'AB12CDE', confidence: 0.935, id: '7', capturedAt: Date.UTC(2026, 1, 1, 6, 0, 5) },
  ])
  expect(own.seen[0]?.reads[0]?.box?.map((side) => Math.round(side * 1000))).toEqual([100, 100, 100, 100])
  await expect.poll(() => own.logged.join()).toContain('has nothing at `vehicle.plates.0.text`')
})

test('a message is acknowledged once it is durable, and the next waits until then', async () => {
  const server = await broker()
  const { seen, parts, opened, stage } = sourceStage()
  opened(mqttSource({ ...parts, url: server.url, login: null, topics: FRIGATE, deviceId: null, dialect: frigate }))
  await subscribed(server)
  const acknowledged: number[] = []
  server.aedes.on('ack', () => acknowledged.push(seen.length))
  stage.fail = new Fault('STORE_UNWRITABLE')
  await server.publish('frigate/tracked_object_update', UPDATE)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(acknowledged).toEqual([])
  stage.fail = null
  await expect.poll(() => acknowledged, { timeout: 60_000 }).toEqual([1])
})

test('a broker that goes away is found again; one that refuses the login is not asked over and over', async () => {
  const server = await broker()
  const { seen, parts, opened, logged } = sourceStage()
  opened(mqttSource({ ...parts, url: server.url, login: null, topics: FRIGATE, deviceId: null, dialect: frigate }))
  await subscribed(server)
  await server.close()
  await expect.poll(() => logged.join()).toContain('the broker is not reached')
  const again = await broker({ port: server.port })
  await expect.poll(() => logged.at(-1), { timeout: 60_000 }).toContain('reached again')
  await again.publish('frigate/tracked_object_update', UPDATE)
  await expect.poll(() => seen.length).toBe(1)

  const strict = await broker({ password: 'right' })
  let tries = 0
  strict.aedes.on('clientError', () => {
    tries += 1
  })
  const other = sourceStage()
  other.opened(
    mqttSource({
      ...other.parts,
      url: strict.url,
      login: { username: 'berth', password: 'wrong' },
      topics: FRIGATE,
      deviceId: null,
      dialect: frigate,
    }),
  )
  await expect.poll(() => other.logged.join(), { timeout: 60_000 }).toContain('refuses the login')
  await new Promise((resolve) => setTimeout(resolve, 6_500))
  expect(tries).toBeLessThanOrEqual(2)
  expect(other.logged).toHaveLength(1)
}, 180_000)

test('a message that would fill the memory is cut off at its first bytes, and what comes after a new connection is taken', async () => {
  let connections = 0
  let sent = 0
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    connections += 1
    const number = connections
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.write(Buffer.from([0x20, 2, 0, 0]))
      socket.once('data', (subscription) => {
        socket.write(Buffer.from([0x90, 3, subscription[2] ?? 0, subscription[3] ?? 0, 1]))
        const body = Buffer.from(`\0\u0003own${JSON.stringify({ n: 1, plate: 'AB12CDE' })}`)
        if (number > 1) return void socket.write(Buffer.concat([Buffer.from([0x30, body.length]), body]))
        // 250 MB by its own word, byte by byte at first.
        for (const byte of [0x30, 0xff, 0xff, 0xff, 0x7f]) socket.write(Buffer.from([byte]))
        const flood = setInterval(() => {
          if (socket.destroyed || sent > 64 << 20) return clearInterval(flood)
          sent += 1 << 20
          socket.write(Buffer.alloc(1 << 20, 65))
        }, 5)
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closeAfterwards(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { seen, parts, opened } = sourceStage()
  const noted: string[] = []
  const broken = { note: (...about: readonly string[]) => void noted.push(about.join(' ')), counts: () => ({}) }
  const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`
  const own = mappedDialect({ plate: 'plate', id: 'n' })
  opened(mqttSource({ ...parts, broken, url, login: null, deviceId: null, topics: ['own'], dialect: own }))
  await expect.poll(() => noted.length, { timeout: 60_000 }).toBe(1)
  expect(noted[0]).toMatch(/cam-\w+ mapped a message that the broker passes on is larger than 8 MB/)
  await expect.poll(() => seen.length, { timeout: 60_000 }).toBe(1)
  expect(sent).toBeLessThan(16 << 20)
  expect(noted).toHaveLength(1)
}, 180_000)
