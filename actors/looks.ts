import type { Json } from '../machines/events.ts'
import type { Draft } from '../machines/record.ts'
import type { Clock, Scribe } from './ports.ts'

/** The same person who is shown the same in the same way again within this time was shown it once, ms. */
export const ONE_LOOK_ms = 3_600_000
/** Subjects named in one record; more are counted. */
const MOST_NAMED = 100
/** Looks remembered: a crowd cannot fill the memory, it only makes records come again. */
const MOST_REMEMBERED = 20_000

/**
 * Personal data in clear before a person's eyes. `what` is the kind of call (`bays`, `live`, `export`, …); `subjects` are handles,
 * cards or accounts; `about` names what was asked for where that is no subject (a charge point, a file).
 */
export type Look = {
  readonly by: string
  readonly role: string
  readonly what: string
  readonly subjects: readonly string[]
  readonly about?: string
  /** More of the cause, where a kind of look needs it, as who verified a request; never in the place of its own members. */
  readonly more?: { readonly [field: string]: Json }
  /** What of that is sealed, by subject. */
  readonly personal?: Draft['personal']
}

/** Puts on record who was shown what: `personal.seen` in the audit stream. */
export class Looks {
  readonly #clock: Pick<Clock, 'now'>
  readonly #scribe: () => Scribe
  readonly #seen = new Map<string, { readonly at: number; readonly written: Promise<unknown> }>()

  constructor(clock: Pick<Clock, 'now'>, scribe: () => Scribe) {
    this.#clock = clock
    this.#scribe = scribe
  }

  /**
   * Resolves once it is durable that this person was shown this: one record for all that is new to the hour, none where nothing is.
   * Rejects with Fault STORE_UNWRITABLE: then it must not be shown.
   */
  async saw(look: Look): Promise<void> {
    const now = this.#clock.now()
    const keys = look.subjects.length > 0 || look.about === undefined ? [...new Set(look.subjects)] : [null]
    const named = keys.map((subject) => ({ subject, key: keyOf(look, subject) }))
    const isFresh = (key: string) => Math.abs(now - (this.#seen.get(key)?.at ?? Number.NEGATIVE_INFINITY)) < ONE_LOOK_ms
    const fresh = named.filter(({ key }) => !isFresh(key))
    if (fresh.length > 0) {
      const subjects = fresh.flatMap(({ subject }) => (subject === null ? [] : [subject]))
      this.#remember(
        fresh.map(({ key }) => key),
        now,
        this.#write(look, subjects),
      )
    }
    await Promise.all(new Set(named.map(({ key }) => this.#seen.get(key)?.written)))
  }

  #write({ by, role, what, about, more, personal = {} }: Look, subjects: readonly string[]): Promise<unknown> {
    const cause = {
      ...more,
      type: 'personal.seen',
      by,
      role,
      what,
      ...(about === undefined ? {} : { about }),
      subjects: subjects.slice(0, MOST_NAMED),
      count: subjects.length,
    }
    return this.#scribe().write([{ stream: 'audit', cause, decisions: [], personal }])
  }

  #remember(keys: readonly string[], at: number, written: Promise<unknown>): void {
    for (const key of keys) {
      this.#seen.delete(key)
      this.#seen.set(key, { at, written })
    }
    for (const key of this.#seen.keys()) {
      if (this.#seen.size <= MOST_REMEMBERED) break
      this.#seen.delete(key)
    }
    written.catch(() => {
      for (const key of keys) if (this.#seen.get(key)?.written === written) this.#seen.delete(key)
    })
  }
}

/** Another proof, or another verifier, is another look. */
const keyOf = ({ by, what, about, more }: Look, subject: string | null): string =>
  JSON.stringify([by, what, about ?? null, subject, more?.['verified'] ?? null])
