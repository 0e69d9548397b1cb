import { once } from 'node:events'
import type { Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { systemClock } from '../../../src/clock.ts'
import { LinkSocket } from '../../../src/uplink/link-socket.ts'
import { until } from '../journal/appended-batches.ts'

test('of messages that come along together none more is let in before the last of them is dealt with', async () => {
  const [client, socket] = await bothEnds()
  const heard: string[] = []
  const goOn: (() => void)[] = []
  let came = 0
  const link = new LinkSocket(socket, systemClock, {
    text: (text) => {
      heard.push(text)
      return new Promise<void>((go) => goOn.push(go))
    },
    gone: () => {},
  })
  socket.on('message', () => came++)
  await once(client, 'open')
  // Three frames in one piece.
  const { _socket: wire } = client as unknown as { readonly _socket: Socket }
  wire.cork()
  for (const text of ['1', '2', '3']) client.send(text)
  wire.uncork()
  await until(() => came === 3)
  goOn.shift()?.()
  await until(() => heard.length === 2)
  client.send('4')
  await new Promise((go) => setTimeout(go, 200))
  expect([heard, came]).toEqual([['1', '2'], 3])
  for (const next of [3, 4]) {
    goOn.shift()?.()
    await until(() => heard.length === next)
  }
  expect([heard, came]).toEqual([['1', '2', '3', '4'], 4])
  link.close(1000, 'done')
})

test('what the other end says before it closes is heard whole, also where both come in one piece; a close keeps whole words', async () => {
  const [client, socket] = await bothEnds()
  const centre = new LinkSocket(socket, systemClock, { text: () => {}, gone: () => {} })
  await once(client, 'open')
  const heard: string[] = []
  new LinkSocket(client, systemClock, {
    text: (text) => void heard.push(text),
    gone: (code, reason) => void heard.push(`${code} ${reason}`),
  })
  const sentence = `The gateway of Süd ${'has keys of its own and begins empty, '.repeat(5)}so copy first.`
  const { _socket: wire } = socket as unknown as { readonly _socket: Socket }
  wire.cork()
  centre.send(sentence)
  centre.close(4403, sentence)
  wire.uncork()
  await until(() => heard.length === 2)
  expect(heard[0]).toBe(sentence)
  expect(heard[1]).toMatch(/^4403 The gateway of Süd .* (?:has|keys|of|its|own|and|begins|empty,)…$/)
})

/** A connection, by both of its ends. */
async function bothEnds(): Promise<readonly [client: WebSocket, socket: WebSocket]> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => server.close())
  await once(server, 'listening')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as { port: number }).port}`)
  onTestFinished(() => client.terminate())
  const [socket] = (await once(server, 'connection')) as [WebSocket]
  return [client, socket]
}
