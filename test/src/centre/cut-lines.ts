import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A way between a gateway and its centre that breaks when it likes. */
export type CutLine = { readonly port: number; cuts(): number; calm(): void }

/** Cuts each connection after a random number of bytes, of either direction, until `calm`. It goes when the test does. */
export async function cutLine(to: () => number, chance: () => number, most: number): Promise<CutLine> {
  let cuts = 0
  let calm = false
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const centre = connect(to(), '127.0.0.1')
    let left = calm ? Number.POSITIVE_INFINITY : Math.floor(chance() * most)
    const ends = [client, centre] as const
    for (const end of ends) {
      sockets.add(end)
      end.on('error', () => {})
      end.on('close', () => sockets.delete(end))
    }
    for (const [from, other] of [ends, [centre, client] as const]) {
      from.on('data', (bytes: Buffer) => {
        const some = bytes.subarray(0, Math.max(0, left))
        left -= bytes.length
        other.write(some)
        if (left >= 0) return
        cuts += 1
        // What was passed on arrives, nothing after it.
        setImmediate(() => {
          for (const end of ends) end.destroy()
        })
      })
      from.on('close', () => other.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    port: (server.address() as { port: number }).port,
    cuts: () => cuts,
    calm: () => {
      calm = true
    },
  }
}
