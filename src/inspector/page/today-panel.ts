/** The journal lived again by the machine of today, up to the first record that it would have written otherwise. */
import type { Json } from '../../../machines/events.ts'
import { value } from './bay-words.ts'
import { make, say } from './dom.ts'
import { REPLAY_WORDS as WORDS } from './replay-words.ts'
import { address, ask } from './server-call.ts'

type TodayTold = {
  readonly lived: number
  readonly of: number
  readonly difference: {
    readonly seq: number
    readonly field: string
    readonly places: readonly { readonly path: string; readonly recorded?: Json; readonly now?: Json }[]
  } | null
}

/** Places of a difference that are shown. */
const MOST = 20

/** Asks the server to go on until it has come to the end, for as long as the panel is open. */
export function todayPanel(go: (seq: number) => void) {
  const says = make('p', { role: 'status' }, WORDS.todaySays)
  const found = make('div', {})
  const button = make('button', { type: 'button', class: 'small', onclick: () => void run() }, WORDS.todayStart)
  const root = make('details', { class: 'fold' }, make('summary', {}, WORDS.today), says, button, found)
  const run = async () => {
    button.disabled = true
    found.replaceChildren()
    for (;;) {
      const told = await ask<TodayTold>(address('replay', 'today'))
      if (!told.ok) say(says, told.says)
      if (!told.ok || !root.open || !root.isConnected) break
      const { lived, of, difference } = told.body
      if (difference !== null) {
        say(says, WORDS.todayDiffers(difference.seq, difference.field))
        found.replaceChildren(...differs(difference, go))
        break
      }
      say(says, lived >= of ? WORDS.todaySame(lived) : WORDS.todayGoes(lived, of))
      if (lived >= of) break
    }
    button.disabled = false
  }
  return { root }
}

function differs({ seq, places }: NonNullable<TodayTold['difference']>, go: (seq: number) => void) {
  const rows = places.slice(0, MOST).map(({ path, recorded, now }) => {
    const then = `${path}: ${WORDS.wasThen} ${value(recorded)}, ${WORDS.now} ${value(now)}`
    return make('li', {}, then)
  })
  const there = make('button', { type: 'button', class: 'small', onclick: () => go(seq) }, WORDS.goThere)
  return [make('ul', {}, ...rows), there]
}
