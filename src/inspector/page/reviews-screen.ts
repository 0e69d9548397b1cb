/** The queue: every read that waits for a person, the nearest deadline first, and at its end the clear cases that people check. */
import type { ReviewView } from '../../../projections/bay-view.ts'
import { make, say } from './dom.ts'
import { reviewPanel } from './review-panel.ts'
import { REVIEW_WORDS as WORDS } from './review-words.ts'
import { type Screen, type Site, tickTimes } from './screen.ts'
import { isTrueNow } from './store.ts'

/** Cards at once: who has answered these gets the next ones. */
const MOST = 20

/** The screen of reviews. */
export function reviewsScreen({ shown, orders }: Site): Screen {
  let chosen: ReadonlySet<string> = new Set()
  const open = () => new Map(shown.reviews.map((review) => [review.reviewId, review]))
  const cards = () => {
    const all = open()
    return [...chosen].flatMap((reviewId) => all.get(reviewId) ?? [])
  }
  const panel = orders && reviewPanel(cards, orders)
  const nobody = make('p', { class: 'card' }, WORDS.none)
  const title = make('h2', {}, WORDS.title)
  const root = make('div', { class: 'queue' }, title, nobody, panel?.root)
  return {
    root,
    title: WORDS.title,
    update() {
      const all = open()
      // Those that are shown stay where they are; new ones come behind them.
      const kept = [...chosen].filter((reviewId) => all.has(reviewId))
      const others = [...all.values()].filter(({ reviewId }) => !chosen.has(reviewId)).sort(byUrgency)
      chosen = new Set([...kept, ...others.slice(0, Math.max(0, MOST - kept.length)).map(({ reviewId }) => reviewId)])
      nobody.hidden = all.size > 0
      say(nobody, isTrueNow(shown) ? WORDS.none : WORDS.unknown)
      say(title, all.size > MOST ? WORDS.some(MOST, all.size) : WORDS.title)
      panel?.update()
    },
    tick(now) {
      panel?.tick()
      tickTimes(root, now)
    },
  }
}

function byUrgency(a: ReviewView, b: ReviewView): number {
  if (a.blind !== b.blind) return a.blind ? 1 : -1
  return (a.by ?? '9').localeCompare(b.by ?? '9') || a.since.localeCompare(b.since)
}
