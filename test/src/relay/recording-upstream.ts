import { onTestFinished } from 'vitest'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'

/** A back end that writes down what each charge point says, word for word, and answers every call with `{}`. */
export type RecordingUpstream = {
  readonly url: string
  /** Texts by charge point, in order. */
  heard(id: string): readonly string[]
  /** Its answers by charge point, in order. */
  answered(id: string): readonly string[]
  /** The newest connection of a charge point. */
  socket(id: string): WebSocket | undefined
  readonly connected: number
  /** Hears and says nothing while true. */
  mute: boolean
}

/** Opens one on a free port; it ends with the test. */
export async function openRecordingUpstream(): Promise<RecordingUpstream> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 1024 * 1024, perMessageDeflate: false })
  await new Promise<void>((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  const heard = new Map<string, string[]>()
  const answered = new Map<string, string[]>()
  const sockets = new Map<string, WebSocket>()
  const listOf = (lists: Map<string, string[]>, id: string): string[] => {
    const list = lists.get(id) ?? []
    lists.set(id, list)
    return list
  }
  const upstream: RecordingUpstream = {
    url: `ws://127.0.0.1:${(server.address() as { port: number }).port}/csms`,
    heard: (id) => listOf(heard, id),
    answered: (id) => listOf(answered, id),
    socket: (id) => sockets.get(id),
    get connected() {
      return sockets.size
    },
    mute: false,
  }
  server.on('connection', (socket, request) => {
    const id = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '')
    sockets.set(id, socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.get(id) === socket && sockets.delete(id))
    socket.on('message', (data: RawData) => {
      const text = String(data)
      listOf(heard, id).push(text)
      const called = upstream.mute ? null : callId(text)
      if (called === null) return
      const answer = `[3,${called},{}]`
      listOf(answered, id).push(answer)
      socket.send(answer)
    })
  })
  return upstream
}

/** The message id of a call as JSON; null for every text that is none. */
function callId(text: string): string | null {
  try {
    const frame: unknown = JSON.parse(text)
    return Array.isArray(frame) && frame[0] === 2 && frame.length > 3 ? JSON.stringify(frame[1]) : null
  } catch {
    return null
  }
}
