import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { Caller } from '../site-desk.ts'
import { askCrops } from './asked-crops.ts'
import type { CentreLinks } from './centre-links.ts'
import type { KnownOrder, OrderBook } from './order-book.ts'
import { givenOrder } from './order-giving.ts'
import type { OrderPost } from './order-post.ts'
import type { ReviewAtSite, SiteOnBoard, SitesBoard } from './sites-board.ts'

export type OrderRoutesParts = {
  readonly board: Pick<SitesBoard, 'reviews' | 'bays'>
  readonly book: OrderBook
  readonly post: Pick<OrderPost, 'give'>
  readonly links: Pick<CentreLinks, 'isLinked' | 'request' | 'takes'>
  readonly clock: Pick<Clock, 'now'>
  /** The sites that this caller sees, as they stand. Rejects with a Fault of the store. */
  readonly sitesOf: (caller: Caller) => Promise<readonly SiteOnBoard[]>
  /** Who asks. Rejects with Fault UNAUTHORIZED or FORBIDDEN. */
  readonly demand: (request: FastifyRequest) => Promise<Caller>
}

/** An order as it is shown: `by` null where whoever looks is not to know. */
export type ShownOrder = Omit<KnownOrder, 'by'> & { readonly by: string | null }

/** So long one look at the board may take, ms: what is not told then is told with the next. */
export const LOOK_MS = 400

/** Orders to sites and what became of them, and the open reviews of all sites. */
export function orderRoutes(app: FastifyInstance, parts: OrderRoutesParts): void {
  const { book, demand } = parts
  app.post('/api/orders', async (request, reply) => {
    const by = await demand(request)
    const order = await giveOrder(parts, request.body, by)
    return reply.code(202).send(order)
  })
  app.get('/api/orders', async (request) => {
    const caller = await demand(request)
    const names = namesOf(await parts.sitesOf(caller))
    const { site } = request.query as { readonly site?: unknown }
    const orders = await book.newest(typeof site === 'string' ? names.filter((one) => one === site) : names)
    return { items: shownTo(caller, orders) }
  })
  app.get('/api/orders/:id', async (request) => {
    const caller = await demand(request)
    const names = namesOf(await parts.sitesOf(caller))
    const { id = '' } = request.params as { readonly id?: string }
    const order = await book.one(id)
    if (order === null || !names.includes(order.site))
      throw new Fault('NOT_FOUND', {}, { says: 'Nobody gave such an order here.' })
    return shownTo(caller, [order])[0]
  })
  app.get('/api/reviews/:site/:reviewId/crops', async (request, reply) => {
    const caller = await demand(request)
    const { site = '', reviewId = '' } = request.params as { readonly site?: string; readonly reviewId?: string }
    const isThere = (await openReviews(parts, caller)).some((one) => one.site === site && one.reviewId === reviewId)
    if (!isThere) throw new Fault('NOT_FOUND', {}, { says: 'No such review is open at a site of yours.' })
    const { crops, candidates } = await askCrops(parts.links, { site, reviewId, caller })
    return reply.header('cache-control', 'no-store').send({ items: crops, candidates })
  })
  app.get('/api/reviews', async (request) => {
    return { items: await openReviews(parts, await demand(request)) }
  })
}

/** Orders as this caller may see them: who only watches learns neither who gave them nor who pays. */
export function shownTo({ role }: Caller, orders: readonly KnownOrder[]): readonly ShownOrder[] {
  if (role !== 'viewer' && role !== 'fleet') return orders
  return orders.map(({ accountId: _, ...order }) => ({ ...order, by: null }))
}

/** Gives an order as it came. Rejects with Fault BODY_INVALID, NOT_FOUND, FORBIDDEN, or one of the store. */
export async function giveOrder(
  { sitesOf, post, clock }: Pick<OrderRoutesParts, 'sitesOf' | 'post' | 'clock'>,
  body: unknown,
  by: Caller,
): Promise<KnownOrder> {
  const names = namesOf(await sitesOf(by))
  return post.give(givenOrder(body, by, clock.now(), (site) => names.includes(site)))
}

/** Open reviews of all sites that this caller sees, oldest first. */
export async function openReviews(
  { board, sitesOf }: Pick<OrderRoutesParts, 'board' | 'sitesOf'>,
  caller: Caller,
): Promise<readonly ReviewAtSite[]> {
  const names = namesOf(await sitesOf(caller))
  return board.reviews().filter(({ site }) => names.includes(site))
}

/** Their names. */
export const namesOf = (sites: readonly SiteOnBoard[]): readonly string[] => sites.map(({ site }) => site)
