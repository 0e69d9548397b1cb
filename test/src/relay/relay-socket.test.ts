import { expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { systemClock } from '../../../src/clock.ts'
import { RelayCounters } from '../../../src/relay/relay-counters.ts'
import { RelaySocket } from '../../../src/relay/relay-socket.ts'
import { pause } from './relay-stage.ts'

/** A relay's socket that pings every 50 ms, and how its peer sees it end. */
async function openPair(
  autoPong: boolean,
): Promise<{ readonly gone: Promise<number>; readonly isGone: () => boolean }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.once('listening', resolve))
  let isGone = false
  const gone = new Promise<number>((resolve) =>
    server.once('connection', (socket) => {
      const ears = { frame: () => undefined, gone: resolve, tooLarge: () => undefined }
      new RelaySocket(socket, null, systemClock, new RelayCounters(), ears, 50)
    }),
  )
  void gone.then(() => {
    isGone = true
  })
  const peer = new WebSocket(`ws://127.0.0.1:${(server.address() as { port: number }).port}`, { autoPong })
  onTestFinished(() => peer.terminate())
  peer.on('error', () => undefined)
  await new Promise<void>((resolve) => peer.once('open', () => resolve()))
  return { gone, isGone: () => isGone }
}

test('a peer that answers no ping is taken for gone', async () => {
  const { gone } = await openPair(false)
  expect(await gone).toBe(1006)
})

test('a peer that says nothing but answers pings stays', async () => {
  const { isGone } = await openPair(true)
  await pause(600)
  expect(isGone()).toBe(false)
})
