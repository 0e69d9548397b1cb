import { expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { toyClock } from '../../../simulations/toy-clock.ts'
import { RelayCounters } from '../../../src/relay/relay-counters.ts'
import { RelaySocket } from '../../../src/relay/relay-socket.ts'
import { soon } from './relay-stage.ts'

const PING_ms = 30_000

/** A relay's socket by a clock that the test moves, how often its peer answered a ping, and how the peer sees it end. */
async function openPair(autoPong: boolean) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.once('listening', resolve))
  const clock = toyClock(0)
  const seen = { pongs: 0, gone: null as number | null }
  const near = new Promise<RelaySocket>((resolve) =>
    server.once('connection', (socket) => {
      const gone = (code: number): void => void Object.assign(seen, { gone: code })
      const ears = { frame: () => undefined, gone, tooLarge: () => undefined }
      resolve(new RelaySocket(socket, null, clock, new RelayCounters(), ears, PING_ms))
      socket.on('pong', () => void seen.pongs++)
    }),
  )
  const peer = new WebSocket(`ws://127.0.0.1:${(server.address() as { port: number }).port}`, { autoPong })
  onTestFinished(() => peer.terminate())
  peer.on('error', () => undefined)
  await new Promise<void>((resolve) => peer.once('open', () => resolve()))
  await near
  return { clock, seen }
}

test('a peer that answers no ping is taken for gone', async () => {
  const { clock, seen } = await openPair(false)
  await clock.pass(PING_ms)
  expect(seen.gone).toBeNull()
  await clock.pass(PING_ms)
  await soon(() => seen.gone === 1006)
})

test('a peer that says nothing but answers pings stays', async () => {
  const { clock, seen } = await openPair(true)
  for (let pings = 1; pings <= 12; pings++) {
    await clock.pass(PING_ms)
    await soon(() => seen.pongs === pings)
  }
  expect(seen.gone).toBeNull()
})
