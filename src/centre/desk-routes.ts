import { randomUUID } from 'node:crypto'
import { FAULTS, Fault } from '../../machines/faults.ts'
import { pageHeaders } from '../plain-page.ts'
import { may } from '../server/roles.ts'
import type { Caller } from '../site-desk.ts'
import type { CentralOrderType } from '../uplink/central-order.ts'
import { demandOrder } from '../uplink/central-rights.ts'
import { REVIEW_CROPS } from '../uplink/crops-shown.ts'
import { askCrops } from './asked-crops.ts'
import type { CentreLinks } from './centre-links.ts'
import { type Around, TOLD_HEADERS } from './centre-page.ts'
import { centreWords } from './centre-words.ts'
import { giveOrder, namesOf, type OrderRoutesParts, openReviews, shownTo } from './order-routes.ts'
import { orderOfForm, ordersPage } from './orders-page.ts'
import type { AddPage } from './page-routes.ts'
import { answerOfForm, cropsPage, DESK_SCRIPT_HASH, type ReviewRights, reviewsPage } from './reviews-page.ts'

export type DeskRoutesParts = OrderRoutesParts & {
  readonly links: Pick<CentreLinks, 'allowedAt' | 'isLinked' | 'request' | 'takes'>
}
type Refused = { readonly form: URLSearchParams; readonly says: string }

/** Pages on which people here order: those to one site, the review desk of all, and one review with its pictures. */
export function deskRoutes(page: AddPage, parts: DeskRoutesParts): void {
  const { book, sitesOf } = parts
  page('get', '/sites/:site/orders', async ({ request, reply, caller, around }) =>
    reply.headers(TOLD_HEADERS).send(await ordersAt(parts, siteOf(request), caller, around)),
  )
  page('post', '/sites/:site/orders', async ({ request, reply, caller, around }) => {
    const site = siteOf(request)
    const form = formOf(request.body)
    const no = await given(parts, orderOfForm(form, around.language), site, caller, around)
    if (no === null) return reply.redirect(`/sites/${encodeURIComponent(site)}/orders`, 303)
    const shown = await ordersAt(parts, site, caller, around, { form, says: no.says })
    return reply.code(no.status).headers(TOLD_HEADERS).send(shown)
  })
  page('get', '/reviews', async ({ reply, caller, around }) => {
    const reviews = await openReviews(parts, caller)
    const answers = (await book.newest(namesOf(await sitesOf(caller)))).filter(({ type }) => type === 'answer-review')
    const rightsAt = (site: string) => rightsOf(parts, site, caller)
    const shown = reviewsPage({ reviews, answers, rightsAt, newId: randomUUID, around })
    return reply.headers(pageHeaders(DESK_SCRIPT_HASH)).send(shown)
  })
  page('post', '/reviews', async ({ request, reply, caller, around }) => {
    const body = answerOfForm(formOf(request.body))
    const no = await given(parts, body, null, caller, around)
    if (no === null) return reply.redirect('/reviews', 303)
    throw new Fault(no.status === 403 ? 'FORBIDDEN' : 'BODY_INVALID', {}, { says: no.says })
  })
  page('get', '/reviews/:site/:reviewId', async ({ request, reply, caller, around }) => {
    const { reviewId = '' } = request.params as { readonly reviewId?: string }
    const site = siteOf(request)
    const review = (await openReviews(parts, caller)).find((one) => one.site === site && one.reviewId === reviewId)
    if (review === undefined) throw new Fault('NOT_FOUND', {}, { says: centreWords(around.language).noReviewNow })
    const shown = await askCrops(parts.links, { site, reviewId, caller }).catch((fault: unknown) => {
      if (fault instanceof Fault) return fault.message
      throw fault
    })
    const mayAnswer = rightsOf(parts, site, caller).answer
    const headers = pageHeaders(DESK_SCRIPT_HASH, 'data:')
    return reply.headers(headers).send(cropsPage({ review, shown, mayAnswer, newId: randomUUID, around }))
  })
}

async function ordersAt(
  parts: DeskRoutesParts,
  site: string,
  caller: Caller,
  around: Around,
  refused: Refused | null = null,
): Promise<string> {
  const { board, book, sitesOf, links } = parts
  const there = (await sitesOf(caller)).find((one) => one.site === site)
  if (there === undefined) throw new Fault('NOT_FOUND', {}, { says: `No site ${site.slice(0, 64)} ships here.` })
  return ordersPage({
    ...{ site, linked: there.linked, behind: there.toldTo < there.seq, bays: board.bays(site) },
    orders: shownTo(caller, await book.newest([site])),
    allowed: links.allowedAt(site),
    may: (type) => mayGive(caller, type),
    ...{ role: caller.role, refused, nextId: randomUUID(), around },
  })
}

function rightsOf({ links }: DeskRoutesParts, site: string, caller: Caller): ReviewRights {
  const allowed = links.allowedAt(site)
  const answer = mayGive(caller, 'answer-review') && allowed?.includes('answer-review') !== false
  if (!may(caller, 'plates')) return { answer, look: 'never' }
  if (!links.isLinked(site)) return { answer, look: 'away' }
  return { answer, look: links.takes(site, REVIEW_CROPS) ? 'now' : 'not-allowed' }
}

function mayGive(caller: Caller, type: CentralOrderType): boolean {
  try {
    demandOrder(caller, type)
    return true
  } catch {
    return false
  }
}

/** Gives the order of a form; why it was not given, where it was not. Rejects with a Fault of the store. */
async function given(
  parts: OrderRoutesParts,
  body: object | string,
  site: string | null,
  caller: Caller,
  { language }: Around,
): Promise<{ readonly status: number; readonly says: string } | null> {
  const words = centreWords(language)
  if (typeof body === 'string') return { status: 400, says: body }
  try {
    await giveOrder(parts, site === null ? body : { ...body, site }, caller)
    return null
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault
    const { status } = FAULTS[fault.code]
    // What is wrong with a form is no matter of whoever filled it in: it says so in the words of the API.
    if (fault.code === 'BODY_INVALID') return { status, says: words.notOurs }
    if (fault.code === 'FORBIDDEN' || fault.code === 'COMMAND_REFUSED') return { status, says: fault.message }
    throw fault
  }
}

const siteOf = (request: { readonly params: unknown }): string =>
  (request.params as { readonly site?: string }).site ?? ''
const formOf = (body: unknown): URLSearchParams => (body instanceof URLSearchParams ? body : new URLSearchParams())
