import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Clock, DriverWord } from '../../actors/ports.ts'
import type { Doorway } from '../driver/door/doorway.ts'
import { busyPage, DRIVER_PAGE_POLICY, driverPage, languageOf, unknownBayPage } from '../driver/driver-page.ts'
import { PageRate } from '../driver/page-rate.ts'
import { wordNow } from '../driver/word-now.ts'
import { doorRoutes, noDoors } from './door-routes.ts'
import type { Serving } from './serving.ts'
import { serve } from './serving.ts'

export type DriverServing = Pick<Serving, 'desk' | 'callers'> & {
  readonly clock: Clock
  /** What the bay's driver was told last; null where nothing was. */
  readonly newestWord: (bayId: string) => DriverWord | null
  /** What may be pressed behind the signed codes of the bays; null = nothing, and no such page is there. */
  readonly doorway: Doorway | null
}

/**
 * The driver page. It asks for no token: the code at the bay is for everybody who parks there, so it shows what everybody there can
 * see anyway, and neither plate, payer nor any id of the visit. Answers how often an address was turned away.
 */
export function driverRoutes(app: FastifyInstance, serving: DriverServing): () => { readonly [name: string]: number } {
  const { desk, clock, newestWord, doorway } = serving
  const rate = new PageRate(clock)
  let turnedAway = 0
  serve(app, serving, 'driverPage', ({ params, query, request, reply }) => {
    const language = languageOf(query['lang'] as string | undefined, request.headers['accept-language'])
    if (!rate.admit(request.ip)) {
      turnedAway += 1
      return send(reply.code(429).header('retry-after', '10'), busyPage(desk.name, language))
    }
    const bay = desk.bay(params['bayId'] ?? '')
    if (bay === null) return send(reply.code(404), unknownBayPage(desk.name, language))
    const word = wordNow(bay, newestWord(bay.bayId))
    const page = driverPage({ siteName: desk.name, timezone: desk.timezone, bay, word, language })
    const tag = `"${createHash('sha256').update(page).digest('base64url').slice(0, 22)}"`
    reply.header('etag', tag).header('vary', 'accept-language')
    if (request.headers['if-none-match'] === tag) return dressed(reply.code(304)).send()
    return send(reply, page)
  })
  const refused = (): void => {
    turnedAway += 1
  }
  if (doorway === null) noDoors(app, serving)
  else doorRoutes(app, { ...serving, doorway, rate, refused })
  return () => ({ driver_page_refused: turnedAway })
}

const dressed = (reply: FastifyReply): FastifyReply =>
  reply.header('content-security-policy', DRIVER_PAGE_POLICY).header('cache-control', 'no-cache')

const send = (reply: FastifyReply, page: string): FastifyReply =>
  dressed(reply).type('text/html; charset=utf-8').send(page)
