import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { attachInspector } from './inspect-feed.ts'
import { RecordedTurns, tellRecorded } from './inspect-journal.ts'
import type { LiveFeed } from './live-feed.ts'
import { OPERATIONS } from './operations.ts'
import { demand } from './roles.ts'
import { callerOf, type Serving } from './serving.ts'

/** More sockets than this are refused: a site has screens, not crowds. */
const SOCKETS = 500

/** The WebSockets: the live feed of the site, and the inspection of single bays. */
export function feedRoutes(
  app: FastifyInstance,
  { desk, callers, feed, clock }: Serving & { readonly feed: LiveFeed; readonly clock: Clock },
): void {
  const open = (path: string, attach: (socket: WebSocket, request: FastifyRequest) => void) =>
    app.route({
      method: 'GET',
      url: path,
      onRequest: async (request) => {
        demand(await callerOf(callers, request), 'watch')
        if (app.websocketServer.clients.size >= SOCKETS)
          throw new Fault('STORE_UNWRITABLE', {}, { says: `${SOCKETS} live pages are open already; close some.` })
      },
      handler: async () => {
        throw new Fault('BODY_INVALID', {}, { says: 'This address is a WebSocket; ask with an upgrade.' })
      },
      wsHandler: attach,
    })
  const turns = new RecordedTurns()
  const allowed = (request: FastifyRequest) => () => {
    try {
      return callers.of(request) !== null
    } catch {
      return false
    }
  }
  open(OPERATIONS.liveFeed.path, (socket, request) =>
    feed.attach(socket, callers.of(request), allowed(request), callers.until(request)),
  )
  open(OPERATIONS.inspect.path, (socket, request) => {
    const { bays, from, to } = request.query as { bays?: string; from?: string; to?: string }
    const wanted = bays === undefined || bays === '' ? null : bays.split(',')
    closeWhenOut(socket, clock, allowed(request))
    if (from === undefined) return attachInspector(socket, desk, clock, wanted)
    const span = { from: seqOf(from), to: to === undefined ? Number.MAX_SAFE_INTEGER : seqOf(to) }
    void turns
      .take(() => tellRecorded(socket, desk, wanted, span))
      .catch(() => socket.close(1011, 'The journal could not be read.'))
  })
}

/** Who may not look any more is shut out within a second. */
function closeWhenOut(socket: WebSocket, clock: Clock, allowed: () => boolean): void {
  const look = (): void => {
    if (!allowed()) return socket.close(4401, 'Not signed in any more.')
    cancel = clock.after(1000, look)
  }
  let cancel = clock.after(1000, look)
  socket.on('close', () => cancel())
}

/** A seq as it stands in an address; what is none begins at the first record. */
const seqOf = (text: string): number => (/^\d{1,15}$/.test(text) ? Number(text) : 0)
