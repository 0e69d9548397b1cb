// @ts-check
/** Reads that wait for a person, closed by an answer only. */
import { make, say, show } from './dom.js'

/** @param {import('./wire.js').Store} store @param {string} bayId @param {() => boolean} mayOrder */
export function reviewPanel(store, bayId, mayOrder) {
  const root = make('section', { class: 'reviews', 'aria-label': 'Reviews' })
  return {
    root,
    update() {
      const mine = store.reviews.filter((review) => review.bayId === bayId)
      show(root, JSON.stringify(mine), () => mine.map((review) => reviewCard(review, mayOrder)))
    },
    tick() {
      const may = mayOrder()
      for (const button of root.querySelectorAll('button')) button.disabled = !may
    },
  }
}

/** @param {any} review @param {() => boolean} mayOrder */
function reviewCard(review, mayOrder) {
  const says = make('p', { class: 'says', role: 'alert' })
  const typed = make('input', {
    'aria-label': 'Another plate',
    maxlength: '16',
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
  })
  const answer = async (/** @type {any} */ body) => {
    if (!mayOrder()) return say(says, 'NOT LIVE: nothing was sent.')
    say(says, 'Sending…')
    try {
      const told = await fetch(`/api/reviews/${encodeURIComponent(review.reviewId)}/answer`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      })
      say(says, told.ok ? 'On record.' : (await told.json()).detail)
    } catch {
      say(says, 'No answer came; look whether the review is still here, then answer again.')
    }
  }
  const press = (/** @type {string} */ label, /** @type {any} */ body) =>
    make('button', { type: 'button', onclick: () => answer(body) }, label)
  // A masked plate is no answer: who may not see it may not say it.
  const named = review.candidates.filter((/** @type {any} */ each) => !each.plate.includes('•'))
  return make(
    'div',
    { class: 'card need review' },
    make('h3', {}, 'Which plate is it?'),
    make(
      'p',
      {},
      `${review.reason}`,
      review.by === null ? '' : '; answer ',
      review.by === null ? '' : make('time', { 'data-until': review.by }),
    ),
    make(
      'div',
      { class: 'buttons' },
      ...named.map((/** @type {any} */ each) =>
        press(`${each.plate} (${each.witnesses} ${each.witnesses === 1 ? 'witness' : 'witnesses'})`, {
          plate: each.plate,
        }),
      ),
      press('Not a plate', { notAPlate: true }),
      press('Cannot be read', { unreadable: true }),
    ),
    make(
      'form',
      {
        class: 'typed',
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault()
          if (typed.value.trim() !== '') void answer({ plate: typed.value.trim() })
        },
      },
      typed,
      make('button', { type: 'submit' }, 'This plate'),
    ),
    says,
  )
}
