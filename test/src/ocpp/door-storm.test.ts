import { connect } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { systemClock } from '../../../src/clock.ts'
import { type OcppServer, openOcppServer } from '../../../src/ocpp/ocpp-server.ts'
import { hashPassword } from '../../../src/ocpp/password-hash.ts'
import { soon } from '../../contracts/ocpp-stage.ts'
import { comesIn } from '../../contracts/storm-dial.ts'

vi.setConfig({ testTimeout: 240_000 })

/** `npm run fuzz` takes 2,000. */
const POINTS = process.env['BERTH_FRAMES'] === undefined ? 500 : 2_000
const PASSWORD = 'a password of all of them'
const IDS = Array.from({ length: POINTS }, (_, i) => `CP-${i + 1}`)

async function opensServer(): Promise<OcppServer> {
  // A cheaper hash than the made ones have: what is measured is that it is worked out once.
  const password = hashPassword(Buffer.from(PASSWORD), 10)
  const server = await openOcppServer({
    host: '127.0.0.1',
    port: 0,
    chargePoints: IDS.map((id) => ({ id, password, evses: [] })),
    clock: systemClock,
    desk: { hear: async () => ({ status: 'accepted', transactionId: null }) },
    log: () => {},
  })
  onTestFinished(() => server.close())
  return server
}

const refusals: number[] = []

const enters = (server: OcppServer, id: string): Promise<WebSocket> => {
  const authorization = `Basic ${Buffer.from(`${id}:${PASSWORD}`).toString('base64')}`
  return comesIn(`ws://127.0.0.1:${server.port}/ocpp/${id}`, { headers: { authorization } }, refusals)
}

const heartbeat = (socket: WebSocket): Promise<void> =>
  new Promise((resolve) => {
    socket.once('message', () => resolve())
    socket.send('[2,"1","Heartbeat",{}]')
  })

test(`${POINTS} charge points come in, and all at once after a power cut: nobody is kept out, each is answered, and no hash is worked out again`, async () => {
  const server = await opensServer()
  let sockets = await Promise.all(IDS.map((id) => enters(server, id)))
  onTestFinished(() => sockets.forEach((socket) => void socket.terminate()))
  expect(new Set(refusals)).not.toContain(401)
  await Promise.all(sockets.map(heartbeat))
  refusals.length = 0
  for (const socket of sockets) socket.terminate()
  await soon(() => IDS.every((id) => !server.chargePoints.online(id)))
  const [from, cpu] = [performance.now(), process.cpuUsage()]
  sockets = await Promise.all(IDS.map((id) => enters(server, id)))
  const { user, system } = process.cpuUsage(cpu)
  await Promise.all(sockets.map(heartbeat))
  const seconds = (performance.now() - from) / 1_000
  console.log(
    `${POINTS} back in ${seconds.toFixed(1)} s; ${((user + system) / 1e3 / POINTS).toFixed(2)} ms CPU each, both ends`,
  )
  expect(refusals).toEqual([])
  expect(IDS.filter((id) => !server.chargePoints.online(id))).toEqual([])
  expect(seconds).toBeLessThan(60)
})

test('peers that dawdle over their handshake, or never read, keep nobody out and are cut off', {
  retry: 2,
}, async () => {
  const server = await opensServer()
  const slow = Array.from({ length: 150 }, () => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write('GET /ocpp/CP-1 HTTP/1.1\r\nHost: x\r\n'))
    socket.on('error', () => undefined)
    const dripping = setInterval(() => socket.writable && socket.write('X-A: 1\r\n'), 500)
    const gone = new Promise<number>((resolve) => socket.once('close', () => resolve(performance.now())))
    onTestFinished(() => {
      clearInterval(dripping)
      socket.destroy()
    })
    return gone
  })
  const from = performance.now()
  await heartbeat(await enters(server, 'CP-7'))
  expect(performance.now() - from).toBeLessThan(5_000)
  const ends = (await Promise.all(slow)).map((at) => (at - from) / 1_000)
  expect(Math.min(...ends)).toBeGreaterThan(5)
  expect(Math.max(...ends)).toBeLessThan(40)
  await heartbeat(await enters(server, 'CP-8'))
})
