import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/**
 * What befalls one append on its way. `held`: it waits in the network until `release`, and the server gets it then, whoever has given up;
 * `after`: the server answers, the answer is lost, and this is called.
 */
export type Trouble =
  | 'cut-before'
  | 'cut-after'
  | 'silent-before'
  | 'silent-after'
  | 'held'
  | { readonly after: () => void }

/** What every append carries, and nothing else. */
const APPEND = Buffer.from('UPDATE berth.site SET seq')

/** A line to a PostgreSQL that breaks when it is told to. */
export class PostgresProxy {
  /** Each takes the next append. */
  troubles: Trouble[] = []
  /** Whoever dials finds nobody. */
  isAway = false
  /** What goes through waits for so long, each way, ms. */
  delay_ms = 0
  readonly port: number
  readonly #server: Server
  readonly #troubled: Buffer
  readonly #sockets = new Set<Socket>()
  #held: (() => void)[] = []

  private constructor(server: Server, to: number, troubled: Buffer) {
    this.#server = server
    this.#troubled = troubled
    this.port = (server.address() as { port: number }).port
    server.on('connection', (client) => this.#carry(client, to))
  }

  /** Opens one before the server at `port`; it goes when the test does. `troubled`: what troubles befall, instead of appends. */
  static async open(port: number, troubled = APPEND): Promise<PostgresProxy> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const proxy = new PostgresProxy(server, port, troubled)
    onTestFinished(() => proxy.close())
    return proxy
  }

  /** What was held reaches the server now. */
  release(): void {
    for (const one of this.#held.splice(0)) one()
  }

  /** Every connection breaks. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #carry(client: Socket, to: number): void {
    if (this.isAway) return void client.destroy()
    const server = connect(to, '127.0.0.1')
    let trouble: Trouble | null = null
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => this.#sockets.delete(socket))
    }
    const cut = () => {
      client.destroy()
      server.destroy()
    }
    const pass = inOrder(() => this.delay_ms)
    const back = inOrder(() => this.delay_ms)
    client.on('data', (bytes) => {
      if (trouble === null && bytes.includes(this.#troubled)) trouble = this.troubles.shift() ?? null
      if (trouble === 'cut-before') cut()
      else if (trouble === 'held') this.#held.push(() => server.write(bytes))
      else if (trouble !== 'silent-before') pass(server, bytes)
    })
    server.on('data', (bytes) => {
      if (trouble === null) back(client, bytes)
      else if (trouble === 'cut-after') cut()
      else if (typeof trouble === 'object') {
        trouble.after()
        cut()
      }
    })
    // What is held outlives whoever sent it.
    client.on('close', () => trouble !== 'held' && server.destroy())
    server.on('close', () => client.destroy())
  }
}

/** Writes what it is given after the delay of that moment, never before what it was given earlier. */
function inOrder(delay_ms: () => number): (to: Socket, bytes: Buffer) => void {
  let waiting: Promise<void> | null = null
  return (to, bytes) => {
    const wait = delay_ms()
    if (waiting === null && wait === 0) return void to.write(bytes)
    const before = waiting
    const due = new Promise<void>((go) => setTimeout(go, wait))
    const mine = Promise.all([before, due]).then(() => {
      to.write(bytes)
      if (waiting === mine) waiting = null
    })
    waiting = mine
  }
}
