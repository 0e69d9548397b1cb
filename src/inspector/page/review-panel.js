// @ts-check
/** Reads that wait for a person, closed by an answer only. What a person has begun stays under the hand: cards are kept while others come and go. */
import { arrange, make, mark, say, show } from './dom.js'
import { reviewSight } from './review-sight.js'
import { span } from './server-time.js'

/** A claim is renewed by who goes on working, no more often than this. */
const RENEW_MS = 20_000
/** This screen, where one person is signed in at several. */
const SEAT = (crypto.randomUUID?.() ?? String(Math.random())).slice(0, 36)

/** `chosen`: the reviews to show; new ones come behind those that are shown. @param {() => any[]} chosen @param {() => boolean} mayOrder */
export function reviewPanel(chosen, mayOrder) {
  const root = make('section', { class: 'reviews', 'aria-label': 'Reviews' })
  /** @type {Map<string, ReturnType<typeof reviewCard>>} */
  const cards = new Map()
  const tick = () => {
    const may = mayOrder()
    for (const button of root.querySelectorAll('button')) button.disabled = !may
  }
  return {
    root,
    update() {
      const mine = chosen()
      const open = new Set(mine.map(({ reviewId }) => reviewId))
      for (const reviewId of cards.keys()) if (!open.has(reviewId)) cards.delete(reviewId)
      for (const review of mine) {
        const card = cards.get(review.reviewId) ?? reviewCard(review, mayOrder)
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

/** @param {any} first @param {() => boolean} mayOrder */
function reviewCard(first, mayOrder) {
  const { reviewId, bayId, blind } = first
  const calls = reviewCalls(reviewId, mayOrder)
  const picks = make('div', { class: 'buttons picks' })
  const held = make('p', { class: 'held' })
  const sight = reviewSight(reviewId, (plate) => calls.answer({ plate }))
  const look = make(
    'button',
    { type: 'button', class: 'look', onclick: () => void calls.look(sight) },
    'Look at the plate',
  )
  const root = make(
    'div',
    { class: `card need review${blind ? ' blind' : ''}`, 'data-review': reviewId, oninput: calls.renew },
    make('h3', {}, blind ? `Check of a clear case, ${bayId}` : `Which plate is it? ${bayId}`),
    make('p', {}, sentence(first.reason), first.by === null ? '' : '; answer ', deadline(first.by)),
    blind
      ? make(
          'p',
          { class: 'faint' },
          'Type what you see, and look once more before you send: it cannot be taken back. What was read is not shown; nobody waits.',
        )
      : make('p', { class: 'faint' }, 'The driver is offered a card and the code at the bay meanwhile.'),
    held,
    look,
    sight.root,
    picks,
    make(
      'div',
      { class: 'buttons' },
      press('Not a plate', () => calls.answer({ notAPlate: true })),
      press('Cannot be read', () => calls.answer({ unreadable: true })),
    ),
    typedForm((plate) => calls.answer({ plate }), blind),
    calls.says,
  )
  return {
    root,
    /** @param {any} review */
    update(review) {
      // A masked plate is no answer: who may not see it may not say it.
      const named = review.candidates.filter((/** @type {any} */ each) => !each.plate.includes('•'))
      show(picks, JSON.stringify(named), () =>
        named.map((/** @type {any} */ each) =>
          press(
            `${each.plate} (${each.witnesses} ${each.witnesses === 1 ? 'witness' : 'witnesses'})`,
            () => calls.answer({ plate: each.plate }),
            'pick',
          ),
        ),
      )
      look.hidden = sight.isOpen()
      mark(look, 'data-crops', String(review.crops))
      say(look, review.crops > 0 ? 'Look at the plate' : 'Look at the reads (there is no picture)')
      held.hidden = review.claim === null || calls.isMine()
      say(held, review.claim === null ? '' : `${review.claim.by} is at it.`)
    },
  }
}

/** @param {string} text */
const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

/** Past its deadline a review stays: its answer is still worth something. */
const LATE = 'now, it is late: the driver was offered card or code; your word still counts while the car stands here'
/** @param {string | null} by */
const deadline = (by) => (by === null ? '' : make('time', { 'data-until': by, 'data-late': LATE, datetime: by }))

/** What a deadline says now, by the server's clock. @param {any} time @param {number} now */
export function untilWords(time, now) {
  const left = Date.parse(time.dataset.until) - now
  return left > 0 ? `within ${span(left)}` : (time.dataset.late ?? 'due now')
}

/** @param {string} label @param {() => unknown} onclick @param {string} [className] */
const press = (label, onclick, className = '') =>
  make('button', { type: 'button', class: className || null, onclick }, label)

/** `isFinal`: what is typed cannot be taken back, so that it is shown once more before it is sent. @param {(plate: string) => unknown} answer @param {boolean} isFinal */
function typedForm(answer, isFinal) {
  const send = make('button', { type: 'submit' }, 'This plate')
  let shown = ''
  const typed = make('input', {
    maxlength: '16',
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
  })
  const onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault()
    const text = typed.value.trim()
    if (text === '') return
    if (isFinal && shown !== text) {
      shown = text
      say(send, `Send ${text.toUpperCase()}, for good`)
      return
    }
    answer(text)
  }
  const oninput = () => {
    shown = ''
    say(send, 'This plate')
  }
  const line = make('span', { class: 'typed' }, typed, send)
  return make('form', { onsubmit, oninput }, make('label', {}, 'Another plate', line))
}

/** What a card asks of the server, and what it says of it. @param {string} reviewId @param {() => boolean} mayOrder */
function reviewCalls(reviewId, mayOrder) {
  const says = make('p', { class: 'says', role: 'alert' })
  const address = `/api/reviews/${encodeURIComponent(reviewId)}`
  let claimedAt = Number.NEGATIVE_INFINITY
  const post = (/** @type {string} */ what, /** @type {any} */ body) =>
    fetch(`${address}/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, seat: SEAT }),
      signal: AbortSignal.timeout(10_000),
    })
  const claim = async () => {
    const told = await post('claim', {})
    claimedAt = told.ok ? performance.now() : Number.NEGATIVE_INFINITY
    if (!told.ok) say(says, (await told.json()).detail)
    return told.ok
  }
  return {
    says,
    isMine: () => performance.now() - claimedAt < 60_000,
    renew() {
      if (performance.now() - claimedAt > RENEW_MS) claim().catch(() => {})
    },
    /** Takes the review and shows what there is; whoever was first keeps it. @param {ReturnType<typeof reviewSight>} sight */
    async look(sight) {
      if (!mayOrder()) return say(says, 'NOT LIVE: nothing was sent.')
      try {
        say(says, '')
        if (!(await claim())) return
        const told = await fetch(address, { signal: AbortSignal.timeout(10_000) })
        if (told.ok) sight.open(await told.json())
        else say(says, (await told.json()).detail)
      } catch {
        say(says, 'No answer came; press again.')
      }
    },
    async answer(/** @type {any} */ body) {
      if (!mayOrder()) return say(says, 'NOT LIVE: nothing was sent.')
      say(says, 'Sending…')
      try {
        const told = await post('answer', body)
        say(says, told.ok ? 'On record.' : (await told.json()).detail)
      } catch {
        say(says, 'No answer came; look whether the review is still here, then answer again.')
      }
    },
  }
}
