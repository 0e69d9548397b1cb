import { onTestFinished } from 'vitest'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'

/** A back end for one charge point at a time that says what it is told to. */
export type PlainBackEnd = {
  readonly url: string
  /** Every text, over all connections. */
  readonly heard: string[]
  /** The newest connection. */
  readonly socket: WebSocket | null
  say(text: string): void
}

/** Opens one on a free port; it ends with the test. */
export async function openPlainBackEnd(): Promise<PlainBackEnd> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 1024 * 1024, perMessageDeflate: false })
  await new Promise<void>((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  const heard: string[] = []
  let newest: WebSocket | null = null
  server.on('connection', (socket) => {
    newest = socket
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (newest === socket) newest = null
    })
    socket.on('message', (data: RawData) => void heard.push(String(data)))
  })
  return {
    url: `ws://127.0.0.1:${(server.address() as { port: number }).port}/csms`,
    heard,
    get socket() {
      return newest
    },
    say: (text) => newest?.send(text, { binary: false }),
  }
}
