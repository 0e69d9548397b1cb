/** Reads that wait for a person, closed by an answer only. What a person has begun stays under the hand: cards are kept while others come and go. */
import type { ReviewDetail, ReviewView } from '../../../projections/bay-view.ts'
import { arrange, make, mark, say, show } from './dom.ts'
import { reviewSight } from './review-sight.ts'
import { REVIEW_WORDS as WORDS } from './review-words.ts'
import { type Orders, tickButtons } from './screen.ts'
import { address, ask, NOT_SENT, send } from './server-call.ts'

/** A claim is renewed by who goes on working, no more often than this. */
const RENEW_MS = 20_000
/** A claim that was not renewed for so long is anybody's. */
const MINE_MS = 60_000
/** This screen, where one person is signed in at several. */
const SEAT = (crypto.randomUUID?.() ?? String(Math.random())).slice(0, 36)

type Answer =
  | { readonly plate: string; readonly bayId?: string }
  | { readonly unreadable: true }
  | { readonly notAPlate: true }

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
    make('p', {}, sentence(first.reason), first.by === null ? '' : WORDS.answer, deadline(first.by)),
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

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

/** Past its deadline a review stays: its answer is still worth something. */
const deadline = (by: string | null) =>
  by !== null && make('time', { 'data-until': by, 'data-late': WORDS.late, datetime: by })

const press = (label: string, onclick: () => unknown, className: string | null = null) =>
  make('button', { type: 'button', class: className, onclick }, label)

/** `isFinal`: what is typed cannot be taken back, so that it is shown once more before it is sent. */
function typedForm(answer: (plate: string) => unknown, isFinal: boolean): HTMLElement {
  const ready = make('button', { type: 'submit' }, WORDS.thisPlate)
  let shown = ''
  const typed = make('input', {
    maxlength: '16',
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
    class: 'plate',
    dir: 'ltr',
  })
  const onsubmit = (event: Event) => {
    event.preventDefault()
    const text = typed.value.trim()
    if (text === '') return
    if (!isFinal || shown === text) {
      answer(text)
      return
    }
    shown = text
    say(ready, WORDS.forGood(text.toUpperCase()))
  }
  const oninput = () => {
    shown = ''
    say(ready, WORDS.thisPlate)
  }
  const line = make('span', { class: 'typed' }, typed, ready)
  return make('form', { onsubmit, oninput }, make('label', {}, WORDS.another, line))
}

/** What a card asks of the server, and what it says of it. */
function reviewCalls(reviewId: string, orders: Orders) {
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
    isMine: () => performance.now() - claimedAt < MINE_MS,
    renew() {
      if (performance.now() - claimedAt > RENEW_MS) void claim()
    },
    /** Takes the review and shows what there is; whoever was first keeps it. */
    async look(sight: ReturnType<typeof reviewSight>) {
      if (!orders.may()) return say(says, NOT_SENT)
      say(says, '')
      if (!(await claim())) return
      const told = await ask<ReviewDetail>(address('reviews', reviewId))
      if (told.ok) sight.open(told.body)
      else say(says, told.status === 0 ? WORDS.lookAgain : told.says)
    },
    async answer(body: Answer) {
      if (!orders.may()) return say(says, NOT_SENT)
      say(says, WORDS.sending)
      const told = await post('answer', body)
      say(says, told.ok ? WORDS.onRecord : told.status === 0 ? WORDS.answerAgain : told.says)
    },
  }
}
