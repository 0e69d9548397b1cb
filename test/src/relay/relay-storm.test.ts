import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { systemClock } from '../../../src/clock.ts'
import { type SpawnedRelay, spawnRelay } from '../../../src/relay/relay-spawn.ts'
import { comesIn } from '../../contracts/storm-dial.ts'
import { freePort } from '../serve/free-port.ts'
import { openRecordingUpstream, type RecordingUpstream } from './recording-upstream.ts'
import { type BareSocket, openBare, pause, relaySettings, soon } from './relay-stage.ts'

vi.setConfig({ testTimeout: 240_000 })

/** `npm run fuzz` takes 2,000. */
const POINTS = process.env['BERTH_FRAMES'] === undefined ? 300 : 2_000
const IDS = Array.from({ length: POINTS }, (_, i) => `CP-${i + 1}`)
const MB = 2 ** 20

type Yard = { readonly upstream: RecordingUpstream; readonly relay: SpawnedRelay; readonly url: string }

/** A relay as a process of its own, with these charge points. */
async function openYard(ids: readonly string[]): Promise<Yard> {
  const upstream = await openRecordingUpstream()
  const chargePoints = ids.map((id) => ({ id, upstream: upstream.url }))
  const settings = relaySettings(upstream.url, { port: await freePort(), chargePoints })
  const relay = await spawnRelay(settings, { clock: systemClock, hear: () => undefined })
  onTestFinished(() => relay.stop())
  return { upstream, relay, url: `ws://127.0.0.1:${settings.port}/ocpp` }
}

/** Says who it is, and resolves with what it hears. */
const asks = (socket: WebSocket, id: string): Promise<string> =>
  new Promise((resolve) => {
    socket.once('message', (data) => resolve(String(data)))
    socket.send(`[2,"${id}","Heartbeat",{}]`)
  })

test(`${POINTS} charge points come in through the relay, and all at once after a power cut: each gets its own answer, nobody is kept out`, async () => {
  const { relay, upstream, url } = await openYard(IDS)
  const refusals: number[] = []
  const everybody = (): Promise<WebSocket[]> =>
    Promise.all(IDS.map((id) => comesIn(`${url}/${id}`, { perMessageDeflate: false }, refusals)))
  const first = await everybody()
  expect(await Promise.all(first.map((socket, i) => asks(socket, IDS[i] ?? '')))).toEqual(
    IDS.map((id) => `[3,"${id}",{}]`),
  )
  const before = await relay.client.state()
  for (const socket of first) socket.terminate()
  await soon(() => upstream.connected === 0)
  const from = performance.now()
  const again = await everybody()
  onTestFinished(() => again.forEach((socket) => void socket.terminate()))
  const answers = await Promise.all(again.map((socket, i) => asks(socket, IDS[i] ?? '')))
  const seconds = (performance.now() - from) / 1_000
  const after = await relay.client.state()
  console.log(
    `${POINTS} back in ${seconds.toFixed(1)} s, ${((after.cpu_ms - before.cpu_ms) / POINTS).toFixed(2)} ms CPU of the relay each; ${(after.rss / MB).toFixed(0)} MB`,
  )
  expect(answers).toEqual(IDS.map((id) => `[3,"${id}",{}]`))
  expect(refusals).toEqual([])
  expect(IDS.filter((id) => upstream.heard(id).some((text) => text !== `[2,"${id}","Heartbeat",{}]`))).toEqual([])
  expect(after.pid).toBe(before.pid)
  expect(after.chargePoints.filter(({ online, upstream: up }) => !online || !up)).toEqual([])
  expect(after.rss - before.rss).toBeLessThan(200 * MB)
  expect(seconds).toBeLessThan(60)
})

/** How long a heartbeat of this charge point takes, ms; the longest of those of a second. */
async function slowestBeat(bare: BareSocket): Promise<number> {
  let slowest = 0
  for (let i = 0; i < 20; i++) {
    const [from, heard] = [performance.now(), bare.texts.length]
    bare.send('[2,"beat","Heartbeat",{}]')
    await soon(() => bare.texts.length > heard)
    slowest = Math.max(slowest, performance.now() - from)
    await pause(50)
  }
  return slowest
}

/** A charge point by its bare socket, which reads nothing after its handshake. */
async function openDeaf(url: string, id: string): Promise<Socket> {
  const { port, hostname } = new URL(url)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  socket.write(
    `GET /ocpp/${id} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
      'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n',
  )
  await new Promise<void>((resolve) => socket.once('data', () => resolve()))
  socket.pause()
  return socket
}

const filler = 'x'.repeat(100_000)

test('a charge point that does not read, and a back end that does not: memory stays bounded, and the others feel nothing', async () => {
  const { relay, upstream, url } = await openYard(['CP-deaf', 'CP-mute', 'CP-well'])
  const well = await openBare(`${url}/CP-well`)
  await slowestBeat(well)
  const { rss, pid } = await relay.client.state()
  await openDeaf(url, 'CP-deaf')
  const mute = await openBare(`${url}/CP-mute`)
  await soon(() => upstream.connected === 3)
  upstream.socket('CP-mute')?.pause()
  // 100 MB each: far more than two sockets' buffers hold.
  for (let i = 0; i < 1_000; i++) {
    upstream.socket('CP-deaf')?.send(`[3,"nobody-${i}",{"data":"${filler}"}]`)
    mute.send(`[2,"m-${i}","DataTransfer",{"vendorId":"v","data":"${filler}"}]`)
    if (i % 50 === 0) await pause(10)
  }
  const slowest = await slowestBeat(well)
  const state = await relay.client.state()
  console.log(`${((state.rss - rss) / MB).toFixed(0)} MB more, slowest heartbeat beside them ${slowest.toFixed(0)} ms`)
  expect(state.pid).toBe(pid)
  expect(state.counters['pauses']).toBeGreaterThan(1)
  expect(state.rss - rss).toBeLessThan(100 * MB)
  expect(slowest).toBeLessThan(1_000)
  expect(well.texts.every((text) => text === '[3,"beat",{}]')).toBe(true)
  // It reads on: nothing was lost, and all of it comes in order.
  upstream.socket('CP-mute')?.resume()
  await soon(() => upstream.heard('CP-mute').length === 1_000)
  expect(upstream.heard('CP-mute').map((text) => text.slice(0, 12).split('"')[1])).toEqual(
    Array.from({ length: 1_000 }, (_, i) => `m-${i}`),
  )
})

test('a back end that calls without end a charge point that answers nothing: calls beyond some are refused, memory stays bounded', {
  retry: 2,
}, async () => {
  const { relay, upstream, url } = await openYard(['CP-1', 'CP-2'])
  const well = await openBare(`${url}/CP-2`)
  await openBare(`${url}/CP-1`)
  await soon(() => upstream.connected === 2)
  const { rss } = await relay.client.state()
  const large = filler.repeat(9)
  const sending = setInterval(() => {
    for (let i = 0; i < 4; i++) upstream.socket('CP-1')?.send(`[2,"c-${i}","DataTransfer",{"data":"${large}"}]`)
  }, 20)
  onTestFinished(() => clearInterval(sending))
  const slowest = await slowestBeat(well)
  const state = await relay.client.state()
  console.log(`${((state.rss - rss) / MB).toFixed(0)} MB more, slowest heartbeat ${slowest.toFixed(0)} ms`)
  expect(state.counters['calls_upstream_refused']).toBeGreaterThan(50)
  expect(upstream.heard('CP-1').every((text) => text.startsWith('[4,"c-'))).toBe(true)
  expect(state.rss - rss).toBeLessThan(220 * MB)
  expect(slowest).toBeLessThan(2_000)
})
