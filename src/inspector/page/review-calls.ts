/** Calls about one review: to take it, to see it, to let go of it, to answer it. */
import type { ReviewDetail } from '../../../projections/bay-view.ts'
import { make, say } from './dom.ts'
import { REVIEW_WORDS as WORDS } from './review-words.ts'
import type { Orders } from './screen.ts'
import { type Answer, address, ask, NOT_SENT, send, sendLast } from './server-call.ts'

/** A claim is renewed by who goes on working, no more often than this. */
const RENEW_MS = 20_000
/** A claim that was not renewed for so long is anybody's. */
const MINE_MS = 60_000
/** This screen, where one person is signed in at several. */
const SEAT = (crypto.randomUUID?.() ?? String(Math.random())).slice(0, 36)

/** What a person says of one. */
export type ReviewWord =
  | { readonly plate: string; readonly bayId?: string }
  | { readonly unreadable: true }
  | { readonly notAPlate: true }

/** What is asked of the server about one review, and what it says. */
export function reviewCalls(reviewId: string, orders: Orders) {
  const says = make('p', { class: 'says', role: 'alert' })
  let claimedAt = Number.NEGATIVE_INFINITY
  const post = (what: string, body: object) => send(address('reviews', reviewId, what), { ...body, seat: SEAT })
  const claim = async () => {
    const told = await post('claim', {})
    claimedAt = told.ok ? performance.now() : Number.NEGATIVE_INFINITY
    if (!told.ok) say(says, told.status === 0 ? WORDS.lookAgain : told.says)
    return told.ok
  }
  return {
    says,
    /** Takes it, or says who was first. */
    claim,
    isMine: () => performance.now() - claimedAt < MINE_MS,
    renew() {
      if (performance.now() - claimedAt > RENEW_MS) void claim()
    },
    /** Takes the review and shows what there is; whoever was first keeps it. */
    async look(sight: { open(detail: ReviewDetail): void }) {
      if (!orders.may()) return say(says, NOT_SENT)
      say(says, '')
      if (!(await claim())) return
      const told = await ask<ReviewDetail>(address('reviews', reviewId))
      if (told.ok) sight.open(told.body)
      else say(says, told.status === 0 ? WORDS.lookAgain : told.says)
    },
    /** Lets go, so that others may take it at once. */
    release() {
      if (performance.now() - claimedAt >= MINE_MS) return
      claimedAt = Number.NEGATIVE_INFINITY
      void sendLast(`${address('reviews', reviewId, 'claim')}?seat=${SEAT}`, {}, 'DELETE')
    },
    /** The answer alone, and what came of it: for who says it elsewhere. */
    answerLater: (body: ReviewWord): Promise<Answer<unknown>> =>
      sendLast(address('reviews', reviewId, 'answer'), { ...body, seat: SEAT }),
    async answer(body: ReviewWord) {
      if (!orders.may()) return say(says, NOT_SENT)
      say(says, WORDS.sending)
      const told = await post('answer', body)
      say(says, told.ok ? WORDS.onRecord : told.status === 0 ? WORDS.answerAgain : told.says)
    },
  }
}
