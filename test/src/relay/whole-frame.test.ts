import { expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { wholeFrame } from '../../../src/relay/whole-frame.ts'

test('a frame in one piece is read as it was said, from either end, of every length up to 16 KiB', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.once('listening', resolve))
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as { port: number }).port}`)
  onTestFinished(() => client.terminate())
  const accepted = new Promise<[WebSocket, import('node:net').Socket]>((resolve) =>
    server.once('connection', (socket, request) => resolve([socket, request.socket])),
  )
  const upgraded = new Promise<import('node:net').Socket>((resolve) =>
    client.once('upgrade', (response) => resolve(response.socket)),
  )
  const [peer, below] = await accepted
  const above = await upgraded
  const [up, down]: [string[], string[]] = [[], []]
  peer.on('message', (data, isBinary) => up.push(`${isBinary} ${String(data)}`))
  client.on('message', (data, isBinary) => down.push(`${isBinary} ${String(data)}`))
  const said = [0, 1, 2, 3, 4, 5, 124, 125, 126, 127, 128, 1_000, 16_383, 16_384].map((length) =>
    'äbc€'.repeat(length).slice(0, length),
  )
  for (const text of said)
    for (const isText of [true, false]) {
      const data = isText ? text : Buffer.from(text)
      above.write(wholeFrame(data, isText, true))
      below.write(wholeFrame(data, isText, false))
    }
  const expected = said.flatMap((text) => [`false ${text}`, `true ${text}`])
  await expect.poll(() => [up.length, down.length]).toEqual([expected.length, expected.length])
  expect([up, down]).toEqual([expected, expected])
})
