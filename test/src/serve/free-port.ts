import { createServer } from 'node:net'

/** Ports that were given out: who asks twice before it listens gets two. */
const given = new Set<number>()

/** A port that stays free while nobody listens: the system gives none of these to those who connect. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    if (given.has(port)) continue
    const server = createServer()
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (!free) continue
    given.add(port)
    return port
  }
}
