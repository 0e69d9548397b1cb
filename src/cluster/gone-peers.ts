import { connect } from 'node:net'
import { addressOf } from './forwarding.ts'
import type { Roster, Silent } from './roster.ts'

/** So long a machine has to say that nobody listens there, ms. */
const PATIENCE_MS = 1_000

/**
 * Nodes that miss their beats and whose machine refuses connections at their address have ended: their sites are free at once. One that is
 * frozen or cut off keeps its lease, for nobody can tell.
 */
export async function freeGone(silent: readonly Silent[], roster: Pick<Roster, 'isGone'>): Promise<void> {
  await Promise.all(
    silent.map(async (one) => {
      if (await isRefused(one.url)) await roster.isGone(one)
    }),
  )
}

function isRefused(url: string): Promise<boolean> {
  const { host, port } = addressOf(url)
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host, port })
  socket.setTimeout(PATIENCE_MS, () => socket.destroy())
  socket.once('connect', () => socket.destroy())
  socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'ECONNREFUSED'))
  socket.once('close', () => resolve(false))
  return promise
}
