import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '../../machines/faults.ts'
import type { Callers } from '../server/callers.ts'
import { isLoopback, refuseForeignOrigin } from '../server/callers.ts'
import { berthVersion } from '../version.ts'
import { centreApi } from './centre-api.ts'
import type { SiteDoor } from './site-door.ts'
import type { SitesBoard } from './sites-board.ts'
import { PAGE_HEADERS, signInPage, sitesPage } from './sites-page.ts'

export type CentreRoutesParts = {
  readonly board: Pick<SitesBoard, 'look'>
  readonly callers: Callers
  readonly door: Pick<SiteDoor, 'url'>
  /** Begins to show a site's copy. */
  readonly open: (site: string) => void
}

/** So long one look at the board may take, ms: what is not told then is told with the next. */
const LOOK_MS = 400
const LOGIN_BYTES = 2_048

/** The board of sites: `GET /api/sites`, a page of it, and its sign-in. */
export function centreRoutes(app: FastifyInstance, { board, callers, door, open }: CentreRoutesParts): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: LOGIN_BYTES },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  )
  const send = (reply: FastifyReply, status: number, page: string) =>
    reply.code(status).headers(PAGE_HEADERS).send(page)
  app.get('/api/openapi.json', () => centreApi(berthVersion()))
  app.get('/api/sites', async (request) => {
    await demand(callers, request)
    return { sites: await board.look(LOOK_MS) }
  })
  app.get('/', async (request, reply) => {
    try {
      await demand(callers, request)
    } catch (fault) {
      if (!(fault instanceof Fault) || fault.code !== 'UNAUTHORIZED') throw fault
      return send(reply, 401, signInPage(false))
    }
    const sites = await board.look(LOOK_MS)
    return send(
      reply,
      200,
      sitesPage(sites, (site) => door.url(site, request) !== null),
    )
  })
  app.get('/sites/:site', async (request, reply) => {
    await demand(callers, request)
    const { site = '' } = request.params as { readonly site?: string }
    const there = (await board.look(LOOK_MS)).find((one) => one.site === site)
    const url = door.url(site, request)
    if (there === undefined || url === null)
      throw new Fault('NOT_FOUND', {}, { says: `There is no site to show as ${site.slice(0, 64)}.` })
    open(site)
    // A recording begins with its first record: here people look for the newest.
    return reply.redirect(`${url}#/?at=seq:${there.seq}`, 303)
  })
  app.post('/login', async (request, reply) => {
    refuseForeignOrigin(request)
    callers.admit(request)
    const token = request.body instanceof URLSearchParams ? (request.body.get('token') ?? '') : ''
    const cookie = callers.login(token, mayBeSecure(request))
    if (cookie === null) {
      await callers.wrong(request)
      return send(reply, 401, signInPage(true))
    }
    return reply.header('set-cookie', cookie).redirect('/', 303)
  })
}

/** Throws Fault UNAUTHORIZED or FORBIDDEN; later with every wrong token. */
async function demand(callers: Callers, request: FastifyRequest): Promise<void> {
  try {
    callers.of(request)
  } catch (fault) {
    const { authorization, cookie } = request.headers
    if (fault instanceof Fault && fault.code === 'UNAUTHORIZED' && (authorization ?? cookie) !== undefined)
      await callers.wrong(request)
    throw fault
  }
}

const mayBeSecure = ({ protocol, headers, hostname }: FastifyRequest): boolean =>
  protocol === 'https' || headers['x-forwarded-proto'] === 'https' || isLoopback(hostname)
