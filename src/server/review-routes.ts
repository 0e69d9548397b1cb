import type { FastifyInstance } from 'fastify'
import type { ReviewView } from '../../projections/bay-view.ts'
import type { ReviewAnswer } from '../site-desk.ts'
import { sendAnswer, sendProblem } from './bay-routes.ts'
import { problem } from './problem.ts'
import { may } from './roles.ts'
import { type Asked, found, type Serving, serve } from './serving.ts'

/** Reads that wait for people: the queue, who works on what, what there is to see, and the answers. */
export function reviewRoutes(app: FastifyInstance, serving: Serving): void {
  const { desk, dresser } = serving
  serve(app, serving, 'reviews', ({ caller, sight }) => {
    if (may(caller, 'operate')) desk.reviews.presence.called()
    const items = desk.reviews.all().toSorted(byUrgency)
    return { items: items.map((row) => dresser.review(row, sight)), next: null }
  })
  serve(app, serving, 'reviewAccuracy', () => desk.reviews.accuracy())
  serve(app, serving, 'review', async ({ params, caller, sight }) => {
    const reviewId = idOf(params)
    const clear = { ...sight, clear: may(caller, 'plates') }
    return dresser.detail(found(await desk.reviews.detail(reviewId), 'open review', reviewId), clear)
  })
  serve(app, serving, 'claimReview', ({ params, body, caller, reply }) => {
    const reviewId = idOf(params)
    desk.reviews.presence.called()
    const { seat = null } = body as { readonly seat?: string }
    const claim = desk.reviews.claim(reviewId, { by: caller.name, seat })
    const { mine, by, until } = found(claim, 'open review', reviewId)
    return mine ? { by, until } : sendProblem(reply, heldProblem(by, until))
  })
  serve(app, serving, 'releaseReview', ({ params, query, caller, reply }) => {
    const seat = query['seat'] === undefined ? null : String(query['seat'])
    if (!desk.reviews.release(idOf(params), { by: caller.name, seat }))
      return sendProblem(reply, problem('VERSION_CONFLICT', 'Somebody else is at this review; only they let go of it.'))
    return undefined
  })
  serve(app, serving, 'reviewCrop', async ({ params, query, caller, reply }) => {
    const reviewId = idOf(params)
    const picture = await desk.reviews.look(reviewId, Number(query['index'] ?? 0), caller)
    return reply.type('image/jpeg').send(Buffer.from(found(picture, 'crop of the review', reviewId)))
  })
  serve(app, serving, 'answerReview', async ({ params, body, caller, reply, sight }) => {
    const reviewId = idOf(params)
    desk.reviews.presence.called()
    found(desk.reviews.all().find((row) => row.reviewId === reviewId) ?? null, 'open review', reviewId)
    const answer = await desk.reviews.answer(reviewId, body as ReviewAnswer, caller)
    return sendAnswer(reply, answer, dresser, sight)
  })
}

const idOf = (params: Asked['params']): string => params['reviewId'] ?? ''

const heldProblem = (by: string, until: string) =>
  problem('VERSION_CONFLICT', `${by} is at this review until ${until}; take another, or wait.`, { by, until })

/** Who is waited for first comes first. */
function byUrgency(a: ReviewView, b: ReviewView): number {
  if (a.blind !== b.blind) return a.blind ? 1 : -1
  if (a.by !== b.by) return (a.by ?? '9').localeCompare(b.by ?? '9')
  return a.since.localeCompare(b.since)
}
