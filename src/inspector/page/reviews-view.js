// @ts-check
/** The queue: every read that waits for a person, the nearest deadline first, and at its end the clear cases that people check. */
import { make, say } from './dom.js'
import { reviewPanel, untilWords } from './review-panel.js'
import { serverNow } from './server-time.js'
import { isTrueNow } from './wire.js'

/** Cards at once: who has answered these gets the next ones. */
const MOST = 20

/** @param {import('./wire.js').Store} store @param {() => boolean} mayOrder */
export function reviewsView(store, mayOrder) {
  /** @type {Set<string>} */
  let chosen = new Set()
  const panel = reviewPanel(() => {
    const open = new Map(store.reviews.map((review) => [review.reviewId, review]))
    return [...chosen].flatMap((reviewId) => open.get(reviewId) ?? [])
  }, mayOrder)
  const nobody = make('p', { class: 'card' }, 'No read waits for you.')
  const title = make('h2', {}, 'Reviews')
  const root = make(
    'div',
    { class: 'queue' },
    make('p', { class: 'back' }, make('a', { href: '#/' }, 'All bays')),
    title,
    nobody,
    panel.root,
  )
  return {
    root,
    update() {
      const open = new Map(store.reviews.map((review) => [review.reviewId, review]))
      // Those that are shown stay where they are; new ones come behind them.
      const kept = [...chosen].filter((reviewId) => open.has(reviewId))
      const others = [...open.values()].filter(({ reviewId }) => !chosen.has(reviewId)).sort(byUrgency)
      chosen = new Set([...kept, ...others.slice(0, Math.max(0, MOST - kept.length)).map(({ reviewId }) => reviewId)])
      nobody.hidden = open.size > 0
      say(nobody, isTrueNow(store) ? 'No read waits for you.' : 'Not known now: the site is not heard.')
      say(title, open.size > MOST ? `Reviews: ${MOST} of ${open.size}` : 'Reviews')
      panel.update()
    },
    tick() {
      panel.tick()
      const now = serverNow()
      if (now === null || document.body.className !== 'live') return
      for (const time of root.querySelectorAll('[data-until]')) say(time, untilWords(time, now))
    },
  }
}

/** @param {any} a @param {any} b */
function byUrgency(a, b) {
  if (a.blind !== b.blind) return a.blind ? 1 : -1
  return (a.by ?? '9').localeCompare(b.by ?? '9') || a.since.localeCompare(b.since)
}
