/** Reads that wait for a person, closed by an answer only. What a person has begun stays under the hand: cards are kept while others come and go. */
import type { ReviewView } from '../../../projections/bay-view.ts'
import { arrange, make, mark, say, show } from './dom.ts'
import { reviewCalls } from './review-calls.ts'
import { deadline, press, typedForm } from './review-parts.ts'
import { reviewSight } from './review-sight.ts'
import { REVIEW_WORDS as WORDS } from './review-words.ts'
import { type Orders, tickButtons } from './screen.ts'
import { asSentence } from './told-words.ts'

/** Cards of reviews. */
export type ReviewPanel = { readonly root: HTMLElement; update(): void; tick(): void }

/** `chosen`: the reviews to show; new ones come behind those that are shown. */
export function reviewPanel(chosen: () => readonly ReviewView[], orders: Orders): ReviewPanel {
  const root = make('section', { class: 'reviews', 'aria-label': WORDS.title })
  const cards = new Map<string, ReturnType<typeof reviewCard>>()
  const tick = () => tickButtons(root, orders)
  return {
    root,
    update() {
      const mine = chosen()
      const open = new Set(mine.map(({ reviewId }) => reviewId))
      for (const reviewId of cards.keys()) if (!open.has(reviewId)) cards.delete(reviewId)
      for (const review of mine) {
        const card = cards.get(review.reviewId) ?? reviewCard(review, orders)
        cards.set(review.reviewId, card)
        card.update(review)
      }
      arrange(
        root,
        [...cards.values()].map((card) => card.root),
      )
      tick()
    },
    tick,
  }
}

function reviewCard(first: ReviewView, orders: Orders) {
  const { reviewId, bayId, blind, bays } = first
  const calls = reviewCalls(reviewId, orders)
  const picks = make('div', { class: 'buttons picks' })
  const held = make('p', { class: 'held' })
  const sight = reviewSight(reviewId, (plate) => void calls.answer({ plate }))
  const look = make('button', { type: 'button', class: 'look', onclick: () => void calls.look(sight) }, WORDS.look)
  const others = [
    press(WORDS.notAPlate, () => calls.answer({ notAPlate: true })),
    press(WORDS.unreadable, () => calls.answer({ unreadable: true })),
  ]
  const root = make(
    'div',
    { class: `card need review${blind ? ' blind' : ''}`, 'data-review': reviewId, oninput: calls.renew },
    make('h3', {}, bays ? WORDS.where : blind ? WORDS.check(bayId) : WORDS.which(bayId)),
    make('p', {}, asSentence(first.reason), first.by === null ? '' : WORDS.answer, deadline(first.by)),
    make('p', { class: 'faint' }, blind ? WORDS.blind : bays ? WORDS.placing : WORDS.offered),
    held,
    look,
    sight.root,
    picks,
    make('div', { class: 'buttons' }, ...others),
    bays === undefined && typedForm((plate) => calls.answer({ plate }), blind),
    calls.says,
  )
  const update = (review: ReviewView) => {
    // A masked plate is no answer: who may not see it may not say it.
    const named = review.candidates.filter(({ plate }) => !plate.includes('•'))
    show(picks, JSON.stringify(named), () =>
      named.flatMap(({ plate, witnesses }) =>
        bays
          ? bays.map((bay) => press(WORDS.pickIn(plate, bay), () => calls.answer({ plate, bayId: bay }), 'pick'))
          : [press(WORDS.pick(plate, witnesses), () => calls.answer({ plate }), 'pick')],
      ),
    )
    look.hidden = sight.isOpen()
    mark(look, 'data-crops', String(review.crops))
    say(look, review.crops > 0 ? WORDS.look : WORDS.lookReads)
    held.hidden = review.claim === null || calls.isMine()
    say(held, review.claim === null ? '' : WORDS.isAtIt(review.claim.by))
  }
  return { root, update }
}
