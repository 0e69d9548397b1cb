import { WebSocket } from 'ws'
import { pause } from './ocpp-stage.ts'

/** Comes in as a charge point does after a power cut: again and again, with a pause that grows a little and is its own. Refusals are noted by their HTTP status. */
export async function comesIn(
  address: string,
  options: { readonly headers?: { readonly [name: string]: string }; readonly perMessageDeflate?: boolean },
  refusals: number[],
): Promise<WebSocket> {
  for (let tries = 1; ; tries += 1) {
    const socket = new WebSocket(address, ['ocpp1.6'], options)
    const isIn = await new Promise<boolean>((resolve) => {
      socket.once('open', () => resolve(true))
      socket.once('unexpected-response', (_request, response) => {
        refusals.push(response.statusCode ?? 0)
        response.resume()
        resolve(false)
      })
      socket.once('error', () => resolve(false))
    })
    socket.on('error', () => undefined)
    if (isIn) return socket
    await pause(200 + Math.random() * 800 * tries)
  }
}
