/** What every screen is, and what it is given. */
import { say } from './dom.ts'
import { words } from './language.ts'
import { span } from './server-time.ts'
import type { LiveStore, Shown } from './store.ts'

/** What may be ordered of a site that lives: made for a live store only, so that nothing can be ordered of a replay. */
export type Orders = {
  readonly store: LiveStore
  /** Whether an order may be given now: asked before each, and four times a second for what stands on buttons. */
  readonly may: () => boolean
}

/** What a screen is opened over. */
export type Site = {
  readonly shown: Shown
  /** Null where nothing can be ordered. */
  readonly orders: Orders | null
}

/** A key of a screen: pressed while nobody types. `says` stands in the list of keys; where `when` says no, the key is the browser's. */
export type Key = {
  readonly key: string
  readonly says: string
  readonly press: (event: KeyboardEvent) => void
  readonly when?: () => boolean
}

/** One screen: made once, then only told. */
export type Screen = {
  readonly root: HTMLElement
  /** For the window's title. */
  readonly title: string
  /** Once a frame at most: these bays changed, or alarms, or reviews, or the phase. */
  update(changed: ReadonlySet<string>): void
  /** Four times a second; `now` as `nowOf` gives it. */
  tick(now: number | null): void
  readonly keys?: readonly Key[]
  /** Another screen follows: timers and listeners outside the root end here. */
  leave?(): void
}

const WORDS = words({
  en: { within: (left: string) => `within ${left}`, due: 'due now' },
  de: { within: (left) => `binnen ${left}`, due: 'jetzt fällig' },
})

/** An element whose text is how long ago that was; `tickTimes` keeps it true. */
export function sinceFields(since: string): { readonly [name: string]: string } {
  return { 'data-since': since, datetime: since }
}

/** Counts on what `data-since` and `data-until` (ISO 8601) say, by the server's clock. `data-late` stands where the deadline is past. */
export function tickTimes(root: Element, now: number | null): void {
  if (now === null) return
  for (const time of root.querySelectorAll<HTMLElement>('[data-since]'))
    say(time, span(now - Date.parse(time.dataset['since'] ?? '')))
  for (const time of root.querySelectorAll<HTMLElement>('[data-until]')) {
    const left = Date.parse(time.dataset['until'] ?? '') - now
    say(time, left > 0 ? WORDS.within(span(left)) : (time.dataset['late'] ?? WORDS.due))
  }
}

/** Turns every button of a panel off while nothing may be ordered. */
export function tickButtons(root: Element, orders: Orders): void {
  const may = orders.may()
  for (const button of root.querySelectorAll('button')) if (button.disabled === may) button.disabled = !may
}
