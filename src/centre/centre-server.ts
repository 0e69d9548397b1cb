import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { WebSocketServer } from 'ws'
import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { readPostgresAddress } from '../journal/postgres-address.ts'
import { PostgresLine } from '../journal/postgres-line.ts'
import type { Patience } from '../journal/server-append.ts'
import { answerProblems } from '../server/answers.ts'
import { type Callers, openCallers } from '../server/callers.ts'
import type { HttpTls } from '../server/http-tls.ts'
import { listenOn, patientApp } from '../server/listener.ts'
import { LINK_PROTOCOL, MOST_FROM_SITE } from '../uplink/link-message.ts'
import { CentreLinks, LINK } from './centre-links.ts'
import { centreRoutes } from './centre-routes.ts'
import { demandCentre } from './centre-tables.ts'
import { SiteDoor } from './site-door.ts'
import { SitesBoard } from './sites-board.ts'
import { ViewerShelf } from './viewer-shelf.ts'

export type CentreParts = {
  /** `postgres://…`. */
  readonly store: string
  readonly host: string
  /** 0 = any free one. */
  readonly port: number
  readonly tls: HttpTls | null
  readonly clock: Clock
  readonly log: (says: string) => void
  /** BERTH_ADMIN_TOKEN: who may look at the board; without one only this machine itself may. */
  readonly adminToken?: string
  readonly patience?: Patience
}
/** A centre that runs. `url` is where gateways link to, `pageUrl` the board of sites. */
export type Centre = { readonly url: string; readonly pageUrl: string; readonly port: number; close(): Promise<void> }

/** Connections to the database that all links share. */
const LINES = 4
/** Links whose token lets in no more are looked for so often, ms. */
const LOOK_MS = 2_500

/** Runs a centre until it is closed. Throws Fault STORE_UNREACHABLE, STORE_CORRUPT or SITE_FILE_INVALID (certificate). */
export async function openCentre(parts: CentreParts): Promise<Centre> {
  const { store, host, port, tls, clock, log, patience } = parts
  const wrong = readPostgresAddress(store)
  if (typeof wrong === 'string')
    throw new Fault('STORE_UNREACHABLE', {}, { says: `The store cannot be used: ${wrong}.` })
  const lines = Array.from({ length: LINES }, () => new PostgresLine(store, patience))
  const links = new CentreLinks({ lines, clock, log })
  // A long look holds no link up.
  const looking = new PostgresLine(store, patience)
  // Nobody is asked for a token where there is none: then only this machine itself may look.
  const ownToken = parts.adminToken === undefined ? randomBytes(32).toString('base64url') : null
  const shelf = new ViewerShelf({ store, token: parts.adminToken ?? ownToken ?? '', clock })
  const closeLines = () => Promise.all([looking, ...lines].map((line) => line.close()))
  try {
    await demandCentre(lines[0] as PostgresLine)
    const app = patientApp(tls, { bodyLimit: 4096 })
    answerProblems(app, { warn: log, error: log })
    app.get('/health/live', () => ({ status: 'live' }))
    const callers = openCallers(
      parts.adminToken ? [{ token: parts.adminToken, name: 'admin', role: 'admin' }] : [],
      clock,
    )
    const board = new SitesBoard(looking, (site) => links.isLinked(site))
    const door = new SiteDoor({ shelf, known: (label) => links.spelling(label), ownToken })
    app.addHook('onRequest', async (request, reply) => {
      if (door.takes(request.raw, reply.raw, isKnown(callers, request))) reply.hijack()
    })
    centreRoutes(app, { board, callers, door, open: (site) => void shelf.at(site) })
    const sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MOST_FROM_SITE,
      handleProtocols: (offered) => (offered.has(LINK_PROTOCOL) ? LINK_PROTOCOL : false),
      perMessageDeflate: { serverNoContextTakeover: true, clientNoContextTakeover: true, threshold: 1024 },
    })
    app.server.on('upgrade', (request, socket, head) => {
      if (!door.takesUpgrade(request, socket, head)) void links.upgrade(sockets, request, socket, head)
    })
    const http = await listenOn(app, { host, port, tls }, log)
    await links.look().catch(() => {})
    const watch = setInterval(() => {
      shelf.tick()
      void links.look().catch(() => {})
    }, LOOK_MS)
    watch.unref()
    const close = async (): Promise<void> => {
      clearInterval(watch)
      shelf.close()
      links.close()
      await http.close()
      await links.end()
      await closeLines()
    }
    return { url: `${http.url.replace(/^http/, 'ws')}${LINK}`, pageUrl: http.url, port: http.port, close }
  } catch (fault) {
    await closeLines()
    throw fault
  }
}

/** Whether who asks may look at the board. */
function isKnown(callers: Callers, request: FastifyRequest): boolean {
  try {
    callers.of(request)
    return true
  } catch {
    return false
  }
}
