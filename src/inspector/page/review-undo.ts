/** The last answer, held back for some seconds before it goes out: until then it can be taken back, afterwards it is a fact. */
import { make, say } from './dom.ts'
import { QUEUE_WORDS as WORDS } from './queue-words.ts'
import type { Orders } from './screen.ts'
import { type Answer, NOT_SENT } from './server-call.ts'

/** An answer waits so long, ms. */
const HELD_MS = 5_000

/** An answer as it was given: what it says, of what, and how it goes out. */
type Given = {
  readonly reviewId: string
  readonly says: string
  readonly where: string
  readonly send: () => Promise<Answer<unknown>>
}

/** `back` is asked for the item again, by hand: while its answer waits, or once it was refused. Nothing is taken from under a hand. */
export function reviewUndo(orders: Orders, back: (reviewId: string) => void) {
  let held: (Given & { readonly at: number }) | null = null
  let refused: string | null = null
  const says = make('p', { role: 'status' })
  const undo = () => {
    const reviewId = held?.reviewId ?? refused
    if (reviewId === null) return
    held = refused = null
    root.hidden = true
    say(says, '')
    back(reviewId)
  }
  const button = make('button', { type: 'button', onclick: undo }, `${WORDS.undo} (⌫)`)
  const root = make('div', { class: 'card undo', hidden: true }, says, button)
  const flush = async () => {
    if (held === null) return
    const given = held
    held = null
    button.hidden = true
    say(says, WORDS.sending(given.says, given.where))
    // What could be ordered a moment ago may not be now: nothing goes out by itself later.
    const told = orders.may() ? await given.send() : NOT_LIVE
    // Another answer waits here meanwhile: its line stays.
    if (held !== null) return
    say(says, outcomeOf(given, told))
    if (told.ok || told.status === 0) return
    refused = given.reviewId
    button.hidden = false
  }
  return {
    root,
    flush,
    undo,
    isThere: () => held !== null || refused !== null,
    /** The review whose answer waits here: it comes up nowhere meanwhile. */
    heldId: () => held?.reviewId ?? null,
    hold(given: Given) {
      void flush()
      held = { ...given, at: performance.now() }
      refused = null
      root.hidden = false
      button.hidden = false
    },
    tick() {
      if (held === null) return
      const left = HELD_MS - (performance.now() - held.at)
      if (left <= 0) return void flush()
      say(says, WORDS.heldBack(held.says, held.where, Math.ceil(left / 1000)))
    },
  }
}

const NOT_LIVE: Answer<unknown> = { ok: false, status: 409, says: NOT_SENT, body: null }

function outcomeOf({ says, where }: Given, told: Answer<unknown>): string {
  if (told.ok) return WORDS.sent(says, where)
  return told.status === 0 ? WORDS.unsure(says, where) : WORDS.refused(says, where, told.says)
}
