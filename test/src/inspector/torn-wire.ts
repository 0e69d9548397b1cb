import { createServer, request } from 'node:http'
import { type WebSocket as Socket, WebSocket, WebSocketServer } from 'ws'
import { closeAfterwards } from '../server/running-server.ts'

/** A proxy before the server: calls pass as they are, frames of sockets are torn while `torn`. `chance`: 0..1, as a test draws it. */
export async function tornWire(port: number, chance: () => number) {
  const wire = { port: 0, torn: true, frames: 0, touched: 0 }
  const proxy = createServer((asked, answer) => {
    const { method, url, headers } = asked
    const onward = request({ port, host: '127.0.0.1', method, path: url, headers }, (told) => {
      answer.writeHead(told.statusCode ?? 502, told.headers)
      told.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    asked.pipe(onward)
  })
  const sockets = new WebSocketServer({ server: proxy, perMessageDeflate: false })
  sockets.on('connection', (near, { url, headers }) => {
    const far = new WebSocket(`ws://127.0.0.1:${port}${url}`, {
      headers: { origin: `http://${headers.host}`, host: headers.host },
    })
    far.on('message', (data) => tear(wire, near, String(data), chance))
    far.on('close', () => near.close())
    far.on('error', () => near.terminate())
    near.on('close', () => far.terminate())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  closeAfterwards(async () => {
    for (const socket of sockets.clients) socket.terminate()
    proxy.closeAllConnections()
    proxy.close()
  })
  wire.port = (proxy.address() as { port: number }).port
  return wire
}

/** One frame in four is dropped, doubled, or comes a while later and so behind others. */
function tear(
  wire: { torn: boolean; frames: number; touched: number },
  near: Socket,
  frame: string,
  chance: () => number,
): void {
  wire.frames += 1
  const drawn = wire.torn ? chance() : 1
  if (drawn < 0.25) wire.touched += 1
  const send = () => near.readyState === WebSocket.OPEN && near.send(frame)
  if (drawn < 0.08) return
  if (drawn < 0.25) setTimeout(send, drawn * 2000)
  if (drawn >= 0.17) send()
}
