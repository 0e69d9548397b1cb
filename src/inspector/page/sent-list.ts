/** Orders of this screen: held back where one may still be taken back, sent, agreed to by a second person, seen in what the server shows. */
import { make, say } from './dom.ts'
import { ORDER_WORDS as WORDS } from './order-words.ts'
import type { LiveStore } from './store.ts'

/** An order that can still be taken back waits so long, ms. */
const HELD_MS = 5_000
/** Lines that stay. */
const MOST = 5

type Held = { readonly at: number; readonly label: string; readonly line: Element; readonly send: () => void }

/** What became of orders, the newest first. */
export function sentList(store: LiveStore) {
  const root = make('ol', { class: 'sent', 'aria-live': 'polite' })
  let awaited: { readonly label: string; readonly seq: number; readonly line: Element }[] = []
  let held: Held | null = null
  const add = (...children: Parameters<typeof make>[2][]) => {
    const line = make('li', {}, ...children)
    root.prepend(line)
    while (root.children.length > MOST) root.lastElementChild?.remove()
    return line
  }
  const settle = () => {
    for (const { label, seq, line } of awaited) if (seq <= store.seq) say(line, WORDS.seen(label, seq))
    awaited = awaited.filter((each) => each.seq > store.seq)
  }
  const flush = () => {
    if (held === null) return
    const { send, line } = held
    held = null
    line.remove()
    send()
  }
  return {
    root,
    flush,
    /** A sentence about an order. */
    tell: (says: string) => void add(says),
    tick() {
      settle()
      if (held === null) return
      const left = HELD_MS - (performance.now() - held.at)
      if (left <= 0) flush()
      else say(held.line.querySelector('span') ?? held.line, WORDS.held(held.label, Math.ceil(left / 1000)))
    },
    /** On record; `undo`: the order that takes it back, where there is one. */
    add(label: string, seq: number, undo?: () => void) {
      const text = make('span', {}, WORDS.unseen(label, seq))
      add(text, undo !== undefined && make('button', { type: 'button', class: 'small', onclick: undo }, WORDS.undo))
      awaited.push({ label, seq, line: text })
      settle()
    },
    /** Sends in some seconds, unless it is taken back before. */
    hold(label: string, send: () => void) {
      flush()
      const take = () => {
        held?.line.remove()
        held = null
      }
      const button = make('button', { type: 'button', class: 'small', onclick: take }, WORDS.takeBack)
      held = { at: performance.now(), label, line: add(make('span', {}, WORDS.held(label, 5)), button), send }
    },
  }
}
