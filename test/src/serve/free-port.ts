import { createServer } from 'node:net'

/** So many ports each process of a run has for itself: two that look at the same moment never find the same one. */
const OWN = 1_250
const FIRST = 20_000 + ((Number(process.env['VITEST_POOL_ID'] ?? 1) - 1) % 8) * OWN
/** Ports that were given out: who asks twice before it listens gets two. */
const given = new Set<number>()

/** A port that stays free while nobody listens: the system gives none of these to those who connect. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * OWN)
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
