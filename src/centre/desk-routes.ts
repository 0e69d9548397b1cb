import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '../../machines/faults.ts'
import { PAGE_HEADERS, pageHeaders } from '../plain-page.ts'
import type { Caller } from '../site-desk.ts'
import type { AskWho } from './centre-sign-in.ts'
import { type CentreWords, centreWords } from './centre-words.ts'
import { giveOrder, namesOf, type OrderRoutesParts, openReviews, shownTo } from './order-routes.ts'
import { orderOfForm, ordersPage } from './orders-page.ts'
import { answerOfForm, DESK_SCRIPT_HASH, reviewsPage } from './reviews-page.ts'
import { waitPage } from './sites-page.ts'

export type DeskRoutesParts = OrderRoutesParts & {
  /** Who asks; null where nobody knows: then they are asked, on a page. */
  readonly known: (request: FastifyRequest) => Promise<Caller | null>
  readonly askWho: AskWho
}

/** Pages on which people here order: those to one site, and the review desk of all. */
export function deskRoutes(app: FastifyInstance, parts: DeskRoutesParts): void {
  const { board, book, sitesOf, known, askWho } = parts
  app.get('/sites/:site/orders', async (request, reply) => {
    const caller = await known(request)
    if (caller === null) return askWho(request, reply, null)
    const site = siteOf(request)
    const there = (await sitesOf(caller)).find((one) => one.site === site)
    if (there === undefined) throw new Fault('NOT_FOUND', {}, { says: `No site ${site.slice(0, 64)} ships here.` })
    const shown = {
      site,
      linked: there.linked,
      behind: there.toldTo < there.seq,
      bays: board.bays(site),
      orders: shownTo(caller, await book.newest([site])),
    }
    return reply.headers(PAGE_HEADERS).send(ordersPage({ ...shown, nextId: randomUUID(), words: wordsFor(request) }))
  })
  app.post('/sites/:site/orders', (request, reply) => {
    const site = siteOf(request)
    const to = `/sites/${encodeURIComponent(site)}/orders`
    return order(parts, request, reply, to, (form) => ({ ...orderOfForm(form), site }))
  })
  app.get('/reviews', async (request, reply) => {
    const caller = await known(request)
    if (caller === null) return askWho(request, reply, null)
    const reviews = await openReviews(parts, caller)
    const answers = (await book.newest(namesOf(await sitesOf(caller)))).filter(({ type }) => type === 'answer-review')
    const page = reviewsPage({ reviews, answers, newId: randomUUID, words: wordsFor(request) })
    return reply.headers(pageHeaders(DESK_SCRIPT_HASH)).send(page)
  })
  app.post('/reviews', (request, reply) => order(parts, request, reply, '/reviews', answerOfForm))
}

/** Gives the order of a form and goes back to its page; a sentence where it is none. */
async function order(
  parts: OrderRoutesParts,
  request: FastifyRequest,
  reply: FastifyReply,
  to: string,
  bodyOf: (form: URLSearchParams) => object,
): Promise<FastifyReply> {
  const by = await parts.demand(request)
  try {
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
    await giveOrder(parts, bodyOf(form), by)
    return reply.redirect(to, 303)
  } catch (fault) {
    if (!(fault instanceof Fault) || (fault.code !== 'BODY_INVALID' && fault.code !== 'FORBIDDEN')) throw fault
    const { body, headers } = waitPage(fault.message, false)
    return reply
      .code(fault.code === 'FORBIDDEN' ? 403 : 400)
      .headers(headers)
      .send(body)
  }
}

const siteOf = (request: FastifyRequest): string => (request.params as { readonly site?: string }).site ?? ''
const wordsFor = ({ headers }: FastifyRequest): CentreWords => centreWords(headers['accept-language'])
