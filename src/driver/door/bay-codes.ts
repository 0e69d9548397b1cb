import type { Keys } from '../../../actors/ports.ts'

/** Characters of a code: 96 bits, which nobody guesses; short enough to be typed off a sheet. */
const LENGTH = 16

/** The codes of the bays: made by the site's own key, so that nobody makes one for a bay, and the same for ever, so that sheets stay true. */
export class BayCodes {
  readonly #codes: ReadonlyMap<string, string>
  readonly #bays: ReadonlyMap<string, string>

  constructor(keys: Pick<Keys, 'mark'>, siteId: string, bayIds: readonly string[]) {
    const made = bayIds.map((bayId) => [bayId, keys.mark(`bay code|${siteId}|${bayId}`).slice(0, LENGTH)] as const)
    this.#codes = new Map(made)
    this.#bays = new Map(made.map(([bayId, code]) => [code, bayId]))
  }

  /** The code of a bay of this site; null for any other. */
  codeOf(bayId: string): string | null {
    return this.#codes.get(bayId) ?? null
  }

  /** The bay of a code; null where the code is none of this site's. */
  bayOf(code: string): string | null {
    return this.#bays.get(code) ?? null
  }
}
