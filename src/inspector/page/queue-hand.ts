/** Which review is under the hand: the nearest deadline that nobody is at. New ones join without a move, answered ones may come back for some seconds. */
import type { ReviewView } from '../../../projections/bay-view.ts'
import { make, say } from './dom.ts'
import { latePicture } from './late-picture.ts'
import { QUEUE_WORDS as WORDS } from './queue-words.ts'
import type { ReviewWord } from './review-calls.ts'
import { type ReviewItem, reviewItem } from './review-item.ts'
import { reviewUndo } from './review-undo.ts'
import type { Key, Orders } from './screen.ts'
import type { Shown } from './store.ts'

/** One item at a time. */
export class ReviewQueue {
  readonly root: HTMLElement
  readonly #shown: Shown
  readonly #orders: Orders
  readonly #undo: ReturnType<typeof reviewUndo>
  readonly #place = make('p', { class: 'place', role: 'status' })
  readonly #holder = make('div', {})
  /** Items that were answered here, as they were left. */
  readonly #kept = new Map<string, ReviewItem>()
  /** Left by hand: they come up again behind the others. */
  readonly #left = new Set<string>()
  #current: ReviewItem | null = null

  constructor(shown: Shown, orders: Orders) {
    this.#shown = shown
    this.#orders = orders
    this.#undo = reviewUndo(orders, (reviewId) => this.#back(reviewId))
    this.root = make('div', { tabindex: '-1' }, this.#undo.root, this.#place, this.#holder)
    addEventListener('pagehide', this.#letGo)
  }

  readonly #letGo = (): void => {
    void this.#undo.flush()
    this.#current?.release()
  }

  /** Nothing is under the hand. */
  isIdle = (): boolean => this.#current === null

  /** Those that wait, without one whose answer is on its way. */
  count = (): number => this.#shown.reviews.filter(({ reviewId }) => reviewId !== this.#undo.heldId()).length

  update(): void {
    const current = this.#current
    for (const reviewId of this.#kept.keys()) if (this.#isDone(reviewId)) this.#kept.delete(reviewId)
    // What was begun stays under the hand though it was settled meanwhile, and says so.
    const review = current === null ? null : this.#find(current.reviewId)
    if (current === null || (review === null && !current.isBegun())) this.#choose()
    else current.update(review)
    say(this.#place, this.isIdle() ? '' : WORDS.place(Math.max(1, this.count())))
  }

  tick(now: number | null): void {
    this.#undo.tick()
    this.#current?.tick(now)
  }

  keys(): readonly Key[] {
    const { undo, isThere } = this.#undo
    const back = { key: 'Backspace', says: WORDS.keys.undo, press: undo, when: isThere }
    return [...(this.#current?.keys() ?? []), back]
  }

  /** What was answered goes out, and nothing stays taken. */
  leave(): void {
    this.#letGo()
    this.#current?.put()
    removeEventListener('pagehide', this.#letGo)
  }

  #isDone = (reviewId: string): boolean =>
    this.#find(reviewId) === null && reviewId !== this.#undo.heldId() && reviewId !== this.#current?.reviewId

  #find(reviewId: string): ReviewView | null {
    return this.#shown.reviews.find((review) => review.reviewId === reviewId) ?? null
  }

  #put(item: ReviewItem | null): void {
    if (this.#current !== item) this.#current?.put()
    this.#current = item
    this.#holder.replaceChildren(...(item === null ? [] : [item.root]))
  }

  /** Takes the next one that nobody is at. */
  #choose(): void {
    const held = this.#undo.heldId()
    const isFree = ({ reviewId, claim }: ReviewView) =>
      reviewId !== held && (claim === null || this.#kept.has(reviewId))
    const review = firstOf(this.#shown.reviews.filter(isFree), this.#left)
    if (review === null) return this.#put(null)
    this.#put(this.#kept.get(review.reviewId) ?? this.#item(review))
    this.#current?.update(review)
  }

  #item(review: ReviewView): ReviewItem {
    const answered = (says: string, word: ReviewWord) => this.#answered(review.reviewId, says, word)
    const around = (bayId: string) => latePicture(this.#shown, bayId)
    return reviewItem(review, this.#orders, { answered, next: () => this.#leaveIt(), around })
  }

  #answered(reviewId: string, says: string, word: ReviewWord): void {
    const item = this.#current
    if (item?.reviewId !== reviewId) return
    this.#kept.set(reviewId, item)
    this.#undo.hold({ reviewId, says, where: item.where, send: () => item.answerLater(word) })
    this.#goOn(item)
  }

  #leaveIt(): void {
    const item = this.#current
    if (item === null) return
    item.release()
    this.#kept.delete(item.reviewId)
    this.#left.add(item.reviewId)
    this.#goOn(item)
  }

  /** Who works goes on working: the next one is theirs at once. */
  #goOn(from: ReviewItem): void {
    this.#choose()
    this.update()
    if (!from.isBegun() || this.#current?.reviewId === from.reviewId) return
    // The hand stays in the queue where nothing is left in it.
    if (this.#current === null) return this.root.focus()
    this.#current.go()
    this.#current.focus()
  }

  #back(reviewId: string): void {
    const item = this.#kept.get(reviewId)
    if (item === undefined) return
    this.#current?.release()
    this.#put(item)
    this.update()
    // The minute may have run out meanwhile.
    item.go()
    item.focus()
  }
}

/** The nearest deadline first; what was left by hand comes behind the others. */
function firstOf(free: readonly ReviewView[], left: ReadonlySet<string>): ReviewView | null {
  const late = ({ reviewId }: ReviewView) => Number(left.has(reviewId))
  return free.toSorted((a, b) => late(a) - late(b) || byUrgency(a, b))[0] ?? null
}

function byUrgency(a: ReviewView, b: ReviewView): number {
  if (a.blind !== b.blind) return a.blind ? 1 : -1
  return (a.by ?? '9').localeCompare(b.by ?? '9') || a.since.localeCompare(b.since)
}
