import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { callerOf } from '../server/serving.ts'
import type { Caller } from '../site-desk.ts'
import { berthVersion } from '../version.ts'
import { centreApi } from './centre-api.ts'
import type { CentreLinks } from './centre-links.ts'
import { TOLD_HEADERS } from './centre-page.ts'
import { type CentrePeople, demandSite } from './centre-people.ts'
import type { AskWho } from './centre-sign-in.ts'
import { deskRoutes } from './desk-routes.ts'
import type { OrderBook } from './order-book.ts'
import type { OrderPost } from './order-post.ts'
import { LOOK_MS, orderRoutes } from './order-routes.ts'
import { pageRoutes } from './page-routes.ts'
import type { SiteDoor } from './site-door.ts'
import type { SitesBoard } from './sites-board.ts'
import { sitesPage } from './sites-page.ts'

export type CentreRoutesParts = {
  readonly board: Pick<SitesBoard, 'look' | 'reviews' | 'bays'>
  readonly book: OrderBook
  readonly post: Pick<OrderPost, 'give'>
  readonly links: Pick<CentreLinks, 'allowedAt' | 'isLinked' | 'request' | 'takes'>
  readonly people: CentrePeople
  /** Shows the sign-in page. */
  readonly askWho: AskWho
  readonly door: Pick<SiteDoor, 'url' | 'wayIn'>
  /** Begins to show a site's copy. */
  readonly open: (site: string) => void
  readonly clock: Pick<Clock, 'now'>
}

/** The board of sites, orders to them and their reviews: `GET /api/sites`, a page of it, and the way to each site's own. Everybody sees the sites that are theirs to see. */
export function centreRoutes(app: FastifyInstance, parts: CentreRoutesParts): void {
  const { board, people, links, door, open } = parts
  const sitesOf = async (caller: Caller) => {
    const theirs = people.sitesOf(caller)
    const all = await board.look(LOOK_MS)
    return theirs === null ? all : all.filter(({ site }) => theirs.includes(site))
  }
  const ordering = { ...parts, sitesOf, demand: (request: FastifyRequest) => callerOf(people, request) }
  const page = pageRoutes(app, parts)
  orderRoutes(app, ordering)
  deskRoutes(page, ordering)
  app.get('/api/openapi.json', () => centreApi(berthVersion()))
  app.get('/api/sites', async (request) => {
    const sites = await sitesOf(await callerOf(people, request))
    return { sites: sites.map((one) => ({ ...one, orders: links.allowedAt(one.site) })) }
  })
  page('get', '/', async ({ request, reply, caller, around }) => {
    const shown = sitesPage(await sitesOf(caller), (site) => door.url(site, request) !== null, around)
    return reply.headers(TOLD_HEADERS).send(shown)
  })
  page('get', '/sites/:site', async ({ request, reply, caller }) => {
    const { site = '' } = request.params as { readonly site?: string }
    demandSite(people, caller, site)
    const there = (await board.look(LOOK_MS)).find((one) => one.site === site)
    const url = door.url(site, request)
    if (there === undefined || url === null)
      throw new Fault('NOT_FOUND', {}, { says: `There is no site to show as ${site.slice(0, 64)}.` })
    open(site)
    return reply.header('cache-control', 'no-store').redirect(door.wayIn(url, site, caller, there.seq, request), 303)
  })
}
