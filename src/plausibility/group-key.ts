import { createHmac, hkdfSync } from 'node:crypto'

/** What the group's key is used for here: a key of this purpose opens nothing else. */
const PURPOSE = 'berth plate at two sites 1'

/** The UTC day of a minute since 1970, as it stands in the derivation: `2026-11-23`. */
const dayText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)

/** Names plates by the day: the same at every site that has the group's key, another one every UTC day, and nothing to who has no key. */
export class GroupKey {
  readonly #key: string
  #day = -1
  #dayKey: Buffer = Buffer.alloc(0)

  /** `key`: the text that all sites of the group share, at least 32 characters. */
  constructor(key: string) {
    this.#key = key
  }

  /** 64 hex digits of a folded plate on a UTC day (days since 1970). */
  hash(folded: string, day: number): string {
    if (day !== this.#day) {
      this.#dayKey = Buffer.from(hkdfSync('sha256', this.#key, '', `${PURPOSE} ${dayText(day)}`, 32))
      this.#day = day
    }
    return createHmac('sha256', this.#dayKey).update(folded).digest('hex')
  }
}
