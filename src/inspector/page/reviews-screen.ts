/** The queue: one read at a time, the nearest deadline first, at its end the clear cases that people check. It is closed by answers only. */
import { make, say, wantStyle } from './dom.ts'
import { ReviewQueue } from './queue-hand.ts'
import { QUEUE_WORDS as WORDS } from './queue-words.ts'
import { REVIEW_WORDS } from './review-words.ts'
import { type Screen, type Site, tickTimes } from './screen.ts'
import { isTrueNow, type Shown } from './store.ts'

/** The screen of reviews. */
export function reviewsScreen({ shown, orders }: Site): Screen {
  wantStyle(new URL('./queue.css', import.meta.url))
  const mayAnswer = () => shown.hello?.rights.includes('operate') === true
  const queue = orders && new ReviewQueue(shown, orders)
  const note = make('p', { class: 'card' })
  const root = make('div', { class: 'queue' }, make('h2', {}, REVIEW_WORDS.title), note, queue?.root)
  return {
    root,
    title: REVIEW_WORDS.title,
    update() {
      if (queue) queue.root.hidden = !mayAnswer()
      if (mayAnswer()) queue?.update()
      note.hidden = mayAnswer() && queue?.isIdle() === false
      say(note, noteOf(shown, queue?.count() ?? shown.reviews.length, mayAnswer()))
    },
    tick(now) {
      queue?.tick(now)
      tickTimes(root, now)
    },
    get keys() {
      return mayAnswer() ? (queue?.keys() ?? []) : []
    },
    leave: () => queue?.leave(),
  }
}

function noteOf(shown: Shown, count: number, mayAnswer: boolean): string {
  if (!isTrueNow(shown)) return REVIEW_WORDS.unknown
  if (count === 0) return REVIEW_WORDS.none
  return mayAnswer ? WORDS.othersAtIt(count) : WORDS.mayNot(count)
}
