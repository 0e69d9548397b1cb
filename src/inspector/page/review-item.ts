/** One review in the queue: taken first, then seen, then answered by one key. What is shown stays where it is. */
import type { ReviewDetail, ReviewView } from '../../../projections/bay-view.ts'
import { type Child, make, say } from './dom.ts'
import type { latePicture } from './late-picture.ts'
import { QUEUE_WORDS as WORDS } from './queue-words.ts'
import { type ReviewWord, reviewCalls } from './review-calls.ts'
import { reviewOffers } from './review-offers.ts'
import { deadline, press, typedForm } from './review-parts.ts'
import { reviewSight } from './review-sight.ts'
import { REVIEW_WORDS } from './review-words.ts'
import type { Key, Orders } from './screen.ts'
import { asSentence } from './told-words.ts'

/** What the item tells the queue. */
type Hands = {
  readonly answered: (says: string, word: ReviewWord) => void
  /** It is settled, or left: another one. */
  readonly next: () => void
  /** Picture of a bay as it is now; in the queue it stands below the answers, where it moves nothing. */
  readonly around: (bayId: string) => ReturnType<typeof latePicture>
}

/** An item as the queue holds it. */
export type ReviewItem = ReturnType<typeof reviewItem>

/** The item of one review, as it was when it came up. */
export function reviewItem(first: ReviewView, orders: Orders, { answered, next, around }: Hands) {
  const { reviewId, bayId, blind, bays } = first
  const calls = reviewCalls(reviewId, orders)
  let stage: 'waiting' | 'open' | 'settled' = 'waiting'
  let atIt = ''
  const isMine = () => stage === 'open' && calls.isMine()
  const give = (says: string, word: ReviewWord) => {
    if (isMine() && orders.may()) answered(says, word)
  }
  const offers = reviewOffers(give)
  const typed = bays === undefined ? typedForm((plate) => give(plate.toUpperCase(), { plate }), blind, ' (t)') : null
  const words = answerWords(give)
  const begin = press('', () => go(), 'look')
  const state = make('p', { class: 'held', role: 'status' })
  const sight = reviewSight(reviewId, () => undefined, true)
  const rest = make('div', { class: 'buttons' }, ...words.buttons, press(`${WORDS.later} (n)`, next))
  const answers = make('div', { hidden: true }, offers.root, typed, rest)
  const open = (detail: ReviewDetail) => {
    stage = 'open'
    sight.open(detail)
    offers.among(detail)
    offers.near(detail.near)
    paint()
  }
  const go = () => {
    if (stage === 'settled') next()
    else if (stage === 'waiting') void calls.look({ open })
    else if (!calls.isMine()) void calls.claim().then(paint)
  }
  const paint = () => {
    const holds = isMine()
    begin.hidden = holds
    answers.hidden = stage !== 'open'
    // Nobody is waited for any more.
    for (const one of head.slice(1)) one.hidden = stage === 'settled'
    say(begin, `${stage === 'settled' ? WORDS.next : WORDS.begin} (⏎)`)
    say(state, stage === 'settled' ? WORDS.settled : stage === 'waiting' ? atIt : holds ? WORDS.mine : WORDS.free)
    const may = holds && orders.may()
    for (const one of answers.querySelectorAll('button')) if (one.disabled === may) one.disabled = !may
  }
  const head = itemHead(first)
  // Who checks a clear case is not shown what is read there now.
  const context = blind || bays !== undefined ? null : around(bayId)
  context?.update()
  const renew = () => isMine() && calls.renew()
  return {
    reviewId,
    where: bayId === '' ? WORDS.somewhere : bayId,
    root: itemRoot(first, renew, [...head, state, begin, sight.root, answers, calls.says, context?.root]),
    keys: () => itemKeys(takeKeys(begin, go), offers.keys(isMine), typeKeys(typed, isMine, words, next)),
    go,
    release: calls.release,
    answerLater: calls.answerLater,
    isBegun: () => stage !== 'waiting',
    focus: () => head[0]?.focus(),
    /** The review as it is told now; null where it is closed. */
    update(review: ReviewView | null) {
      if (review === null) stage = 'settled'
      else if (stage === 'open') offers.among(review)
      atIt = review?.claim ? REVIEW_WORDS.isAtIt(review.claim.by) : ''
      paint()
    },
    tick(now: number | null) {
      paint()
      context?.tick(now)
    },
    /** Another one is under the hand. */
    put: () => context?.close(),
  }
}

function itemRoot({ reviewId, blind }: ReviewView, renew: () => unknown, parts: readonly Child[]): HTMLElement {
  const named = { class: `card review queued${blind ? ' blind' : ''}`, 'data-review': reviewId }
  return make('section', { ...named, 'aria-label': WORDS.item, oninput: renew, onpointerdown: renew }, ...parts)
}

const itemKeys = (...all: readonly (readonly Key[])[]): readonly Key[] => all.flat()

const takeKeys = (begin: HTMLElement, press: () => void): readonly Key[] => [
  { key: 'Enter', says: WORDS.keys.begin, press, when: () => !begin.hidden && !isControl() },
]

const typeKeys = (
  form: HTMLElement | null,
  when: () => boolean,
  words: ReturnType<typeof answerWords>,
  next: () => void,
): readonly Key[] => [
  ...(form ? [{ key: 't', says: WORDS.keys.type, press: () => form.querySelector('input')?.focus(), when }] : []),
  ...words.keys(when),
  { key: 'n', says: WORDS.keys.later, press: next },
]

/** Enter on a control is that control's. */
const isControl = (): boolean => document.activeElement?.matches('button, a, summary') === true

/** What is asked, why, and until when. */
function itemHead({ bayId, blind, bays, reason, by }: ReviewView): readonly HTMLElement[] {
  const asks = bays ? REVIEW_WORDS.where : blind ? REVIEW_WORDS.check(bayId) : REVIEW_WORDS.which(bayId)
  return [
    make('h3', { tabindex: '-1' }, asks),
    make('p', {}, asSentence(reason), by === null ? '' : REVIEW_WORDS.answer, deadline(by)),
    make('p', { class: 'faint' }, blind ? REVIEW_WORDS.blind : bays ? REVIEW_WORDS.placing : REVIEW_WORDS.offered),
  ]
}

/** The two answers that are no plate. */
function answerWords(give: (says: string, word: ReviewWord) => void) {
  const notAPlate = () => give(REVIEW_WORDS.notAPlate, { notAPlate: true })
  const unreadable = () => give(REVIEW_WORDS.unreadable, { unreadable: true })
  return {
    buttons: [press(`${REVIEW_WORDS.notAPlate} (x)`, notAPlate), press(`${REVIEW_WORDS.unreadable} (u)`, unreadable)],
    keys: (when: () => boolean): readonly Key[] => [
      { key: 'x', says: WORDS.keys.notAPlate, press: notAPlate, when },
      { key: 'u', says: WORDS.keys.unreadable, press: unreadable, when },
    ],
  }
}
