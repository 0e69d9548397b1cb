import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

const LOOK_MS = 500
/** A node that did not answer for so long is taken out, and its connections are cut. */
const DOWN_AFTER_MS = 1_500

type Behind = { readonly port: number; answeredAt: number; readonly sockets: Set<Socket> }

/** What stands before the nodes of a cluster, as a load balancer does: each connection goes to a node that answers its health check. */
export class Balancer {
  readonly port: number
  readonly #server: Server
  readonly #behind = new Map<number, Behind>()
  readonly #looking: NodeJS.Timeout

  private constructor(server: Server) {
    this.#server = server
    this.port = (server.address() as { port: number }).port
    server.on('connection', (socket) => this.#carry(socket))
    this.#looking = setInterval(() => {
      for (const one of this.#behind.values()) void this.#look(one)
    }, LOOK_MS)
  }

  static async open(): Promise<Balancer> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Balancer(server)
  }

  add(port: number): void {
    const one = { port, answeredAt: performance.now(), sockets: new Set<Socket>() }
    this.#behind.set(port, one)
  }

  remove(port: number): void {
    for (const socket of this.#behind.get(port)?.sockets ?? []) socket.destroy()
    this.#behind.delete(port)
  }

  async close(): Promise<void> {
    clearInterval(this.#looking)
    for (const port of [...this.#behind.keys()]) this.remove(port)
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #look(one: Behind): Promise<void> {
    try {
      const answer = await fetch(`http://127.0.0.1:${one.port}/health/live`, { signal: AbortSignal.timeout(1_000) })
      await answer.text()
      if (answer.ok) one.answeredAt = performance.now()
    } catch {
      // It is asked again.
    }
    if (!isUp(one)) for (const socket of one.sockets) socket.destroy()
  }

  #carry(client: Socket): void {
    const up = [...this.#behind.values()].filter(isUp)
    const one = up[Math.floor(Math.random() * up.length)]
    client.on('error', () => client.destroy())
    if (one === undefined) return void client.destroy()
    const onward = connect(one.port, '127.0.0.1')
    onward.on('error', () => client.destroy())
    for (const [socket, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      one.sockets.add(socket)
      socket.pipe(other)
      socket.on('close', () => {
        one.sockets.delete(socket)
        other.destroy()
      })
    }
  }
}

const isUp = ({ answeredAt }: Behind): boolean => performance.now() - answeredAt < DOWN_AFTER_MS
