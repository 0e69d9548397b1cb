import { createHmac, randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { WebSocketServer } from 'ws'
import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { readPostgresAddress } from '../journal/postgres-address.ts'
import { PostgresLine } from '../journal/postgres-line.ts'
import type { Patience } from '../journal/server-append.ts'
import { answerProblems } from '../server/answers.ts'
import type { HttpTls } from '../server/http-tls.ts'
import { listenOn, patientApp } from '../server/listener.ts'
import { callerOf } from '../server/serving.ts'
import { sentWith } from '../server/session-cookie.ts'
import { TOKEN_ROLES } from '../server/token-book.ts'
import type { Caller, Role } from '../site-desk.ts'
import { LINK_PROTOCOL, MOST_FROM_SITE } from '../uplink/link-message.ts'
import type { CentreLogin } from './centre-file.ts'
import { CentreLinks, LINK } from './centre-links.ts'
import { centreNote } from './centre-note.ts'
import { type CentrePeople, openCentrePeople } from './centre-people.ts'
import { centreRoutes } from './centre-routes.ts'
import { centreSignIn } from './centre-sign-in.ts'
import { demandCentre } from './centre-tables.ts'
import { DriverPages } from './driver-pages.ts'
import { gatewayRoutes } from './gateway-routes.ts'
import { OrderBook } from './order-book.ts'
import { OrderPost } from './order-post.ts'
import { PolicyRollout } from './policy-rollout.ts'
import { SightPost } from './sight-post.ts'
import { SiteDoor } from './site-door.ts'
import { SitePasses } from './site-pass.ts'
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
  /** Where people sign in besides; absent = nowhere. */
  readonly login?: CentreLogin | null
  /** Where people reach the centre, an origin; absent = as `login` says, or as they ask for it. */
  readonly home?: string | null
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
  const { store, host, port, tls, clock, log, patience, adminToken = null, login = null } = parts
  const home = parts.home ?? login?.url ?? null
  const wrong = readPostgresAddress(store)
  if (typeof wrong === 'string')
    throw new Fault('STORE_UNREACHABLE', {}, { says: `The store cannot be used: ${wrong}.` })
  const lines = Array.from({ length: LINES }, () => new PostgresLine(store, patience))
  const links = new CentreLinks({ lines, clock, log })
  // A long look holds no link up, and no order.
  const [looking, ordering] = [new PostgresLine(store, patience), new PostgresLine(store, patience)]
  // Nobody is asked for a token where there is none, nor a provider: then only this machine itself may look.
  const ownToken = adminToken === null && login === null ? randomBytes(32).toString('base64url') : null
  const { roles, tokenOf } = viewerTokens()
  const shelf = new ViewerShelf({ store, token: adminToken ?? ownToken ?? tokenOf('admin'), roles, clock })
  const closeLines = () => Promise.all([looking, ordering, ...lines].map((line) => line.close()))
  try {
    await demandCentre(lines[0] as PostgresLine)
    const app = patientApp(tls, { bodyLimit: 4096 })
    answerProblems(app, { warn: log, error: log })
    app.get('/health/live', () => ({ status: 'live' }))
    const secure = home?.startsWith('https:') ?? tls !== null
    const provider = login === null ? null : { session_h: login.oidc.session_h, secure }
    const people = openCentrePeople({ adminToken, provider, clock, ended: await centreNote(looking, 'ended-sign-ins') })
    const board = new SitesBoard(looking, (site) => links.isLinked(site))
    const book = new OrderBook(ordering, clock)
    const [post, sights] = [new OrderPost({ book, links, clock, log }), new SightPost({ links, clock, log })]
    const untilOf = (caller: Caller) => people.signInOf(caller)?.until ?? null
    const passes = new SitePasses({ clock, secure, stands: people.stands, untilOf })
    const entry = ownToken === null ? { passes, tokenOf } : null
    const door = new SiteDoor({ shelf, known: (label) => links.spelling(label), ownToken, entry, home })
    const drivers = new DriverPages({
      clock,
      siteOf: (request) => door.siteOf(request),
      ask: (...asked) => links.request(...asked),
    })
    app.addHook('onRequest', async (request, reply) => {
      if (drivers.takes(request.raw, reply.raw)) reply.hijack()
      else if (await door.takes(request.raw, reply.raw, () => hasToken(people, request))) reply.hijack()
    })
    const askWho = centreSignIn(app, { people, passes, login, takesToken: adminToken !== null, clock, log })
    gatewayRoutes(app, links, looking)
    centreRoutes(app, { board, book, post, links, people, askWho, door, open: (site) => void shelf.at(site), clock })
    const sockets = linkSockets()
    app.server.on('upgrade', (request, socket, head) => {
      if (!door.takesUpgrade(request, socket, head)) void links.upgrade(sockets, request, socket, head)
    })
    // Before anybody links: what a gateway takes is told once.
    const looks = [links, sights, new PolicyRollout({ line: looking, links, clock, log })]
    const http = await listenOn(app, { host, port, tls }, log)
    await links.look().catch(() => {})
    const watch = setInterval(() => {
      shelf.tick()
      void post.look()
      for (const one of looks) void one.look().catch(() => {})
    }, LOOK_MS)
    watch.unref()
    const close = async (): Promise<void> => {
      clearInterval(watch)
      for (const one of [shelf, links]) one.close()
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

function linkSockets(): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    maxPayload: MOST_FROM_SITE,
    handleProtocols: (offered) => (offered.has(LINK_PROTOCOL) ? LINK_PROTOCOL : false),
    perMessageDeflate: { serverNoContextTakeover: true, clientNoContextTakeover: true, threshold: 1024 },
  })
}

/**
 * Whether who asks at a site's own host has a token, or is let in without one: whoever signed in at a provider comes to a site by a pass. Throws
 * Fault UNAUTHORIZED for a wrong token, later with every further one.
 */
async function hasToken(people: CentrePeople, request: FastifyRequest): Promise<boolean> {
  const { authorization } = request.headers
  // A pass that is over guesses nothing.
  const isGuess = authorization !== undefined || sentWith(request).length > 0
  try {
    return people.signInOf(isGuess ? await callerOf(people, request) : people.of(request)) === null
  } catch (fault) {
    // A browser whose sign-in is over is asked who it is.
    if (authorization !== undefined && fault instanceof Fault && fault.code === 'UNAUTHORIZED') throw fault
    return false
  }
}

/** A token for each role by which viewers take people whom the centre knows, made anew with each centre. */
function viewerTokens() {
  const secret = randomBytes(32)
  const tokenOf = (role: Role): string => createHmac('sha256', secret).update(role).digest('base64url')
  return { tokenOf, roles: TOKEN_ROLES.map((role) => ({ token: tokenOf(role), name: 'centre', role })) }
}
