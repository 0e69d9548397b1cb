import type { WebSocket } from 'ws'
import type { ChargePointClient } from '../../../src/demo/charge-point-client.ts'

// biome-ignore lint/suspicious/noExplicitAny: fields as they went over the wire
export type Fields = { readonly [key: string]: any }

/** Payloads of the calls of one action, in order: what the charge point said, or (`in`) what it was ordered. A call that was not answered and goes out again with a new id is the same fact. */
export function callsOf(client: ChargePointClient, action: string, way: 'in' | 'out' = 'out'): readonly Fields[] {
  const all = client.frames.flatMap(({ way: went, frame }) =>
    went === way && frame[0] === 2 && frame[2] === action ? [frame[3] as Fields] : [],
  )
  return way === 'in' ? all : [...new Map(all.map((fields) => [JSON.stringify(fields), fields])).values()]
}

/** The charge point's answered calls of one action, in order, as far back as it remembers. */
export function answered(
  client: ChargePointClient,
  action: string,
): readonly { readonly sent: Fields; readonly answer: Fields }[] {
  const sent = new Map<string, Fields>()
  return client.frames.flatMap(({ way, frame }) => {
    if (way === 'out' && frame[0] === 2 && frame[2] === action) sent.set(frame[1], frame[3])
    const call = way === 'in' && frame[0] === 3 ? sent.get(frame[1]) : undefined
    return call === undefined ? [] : [{ sent: call, answer: frame[2] as Fields }]
  })
}

/** Register at the end of its newest transaction minus at its begin, Wh: what a bill must say. */
export function energyOf(client: ChargePointClient): number {
  const [begun, stopped] = [callsOf(client, 'StartTransaction').at(-1), callsOf(client, 'StopTransaction').at(-1)]
  return Number(stopped?.['meterStop']) - Number(begun?.['meterStart'])
}

/** The answer to a heartbeat with this id: everything before it is dealt with. Null where the socket ends before. */
export async function heartbeatAnswered(socket: WebSocket, id: string): Promise<unknown> {
  const answer = new Promise<unknown>((resolve) => {
    const ended = (frame: unknown): void => {
      socket.off('close', gone)
      socket.off('message', heard)
      resolve(frame)
    }
    const gone = (): void => ended(null)
    const heard = (data: unknown): void => {
      const frame: unknown = JSON.parse(String(data))
      if (Array.isArray(frame) && frame[0] === 3 && frame[1] === id) ended(frame)
    }
    socket.on('close', gone)
    socket.on('message', heard)
  })
  socket.send(JSON.stringify([2, id, 'Heartbeat', {}]))
  return answer
}
