import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { isPassword, isPasswordNow, readPassword, type StoredPassword } from './password-hash.ts'

type Entry = { readonly text: string; readonly stored: StoredPassword | null; proven: Buffer | null; refused: Buffer[] }

/** Hashes that are worked out at one time, and that may wait for it: some seconds on a small machine. */
const AT_ONCE = 2
const MOST_WAITING = 200
/** Wrong passwords that are remembered of one charge point: it repeats the same one for ever. */
const MOST_REFUSED = 8

/**
 * The passwords of charge points. A hashed one is worked out once: after that a keyed digest of what was given is compared, so that all
 * charge points may come back at one moment. The digests die with the process.
 */
export class PasswordBook {
  readonly #key = randomBytes(32)
  readonly #entries = new Map<string, Entry>()
  readonly #waiting: (() => void)[] = []
  #working = 0

  /** Takes the passwords of now; what was worked out stays where a password is the same. */
  adopt(passwords: Iterable<readonly [id: string, password: string]>): void {
    const former = new Map(this.#entries)
    this.#entries.clear()
    for (const [id, text] of passwords) {
      const known = former.get(id)
      this.#entries.set(
        id,
        known?.text === text ? known : { text, stored: readPassword(text), proven: null, refused: [] },
      )
    }
  }

  has(id: string): boolean {
    return this.#entries.has(id)
  }

  /** Is this the charge point's password? `busy` where too many others are being worked out; it shall come again. */
  async holds(id: string, given: Buffer): Promise<boolean | 'busy'> {
    const entry = this.#entries.get(id)
    if (!entry?.stored) return false
    const known = this.#remembered(entry, given)
    if (known !== null) return known
    if (entry.stored.kind === 'clear') return isPasswordNow(entry.stored, given)
    if (this.#waiting.length >= MOST_WAITING) return 'busy'
    await this.#turn()
    try {
      return this.#remembered(entry, given) ?? this.#remember(entry, given, await isPassword(entry.stored, given))
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#working -= 1
    }
  }

  async #turn(): Promise<void> {
    if (this.#working < AT_ONCE) this.#working += 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  #digest(given: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(given).digest()
  }

  #remembered(entry: Entry, given: Buffer): boolean | null {
    const digest = this.#digest(given)
    if (entry.proven && timingSafeEqual(entry.proven, digest)) return true
    return entry.refused.some((one) => timingSafeEqual(one, digest)) ? false : null
  }

  #remember(entry: Entry, given: Buffer, isRight: boolean): boolean {
    if (isRight) entry.proven = this.#digest(given)
    else entry.refused = [...entry.refused, this.#digest(given)].slice(-MOST_REFUSED)
    return isRight
  }
}
