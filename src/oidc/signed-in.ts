import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '../../actors/ports.ts'
import type { ClaimedPerson } from './claimed-person.ts'

/** Somebody who is signed in; `until` ms since 1970. */
export type SignIn = ClaimedPerson & { readonly until: number }

type Kept = SignIn & { readonly id: string }

/** Sign-ins at once; for one more the oldest ends. */
const MOST = 5_000
const DIGEST = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Who is signed in, in the memory of this process alone: a restart ends every sign-in. */
export class SignedIn {
  readonly #clock: Pick<Clock, 'now'>
  readonly #lasts_ms: number
  /** By the digest of what the browser has: nobody finds it by the time that looking takes. */
  readonly #all = new Map<string, Kept>()
  readonly #open = new WeakMap<object, Kept>()

  constructor(lasts_h: number, clock: Pick<Clock, 'now'>) {
    this.#clock = clock
    this.#lasts_ms = lasts_h * 3_600_000
  }

  /** Begins one; the text for the browser's cookie. */
  begin(person: ClaimedPerson): string {
    for (const [id, { until }] of this.#all)
      if (until < this.#clock.now() || this.#all.size >= MOST) this.#all.delete(id)
      else break
    const secret = randomBytes(32).toString('base64url')
    const id = DIGEST(secret)
    // An object of its own: what is asked of a caller is asked of this sign-in.
    const kept = { ...person, caller: { ...person.caller }, until: this.#clock.now() + this.#lasts_ms, id }
    this.#all.set(id, kept)
    this.#open.set(kept.caller, kept)
    return secret
  }

  /** Whose text this is; null for nobody's, and when the sign-in is over. */
  of(secret: string): SignIn | null {
    return this.#alive(this.#all.get(DIGEST(secret)))
  }

  /** The sign-in of a caller that one of these answered; null for any other, and when it is over. */
  ofCaller(caller: object): SignIn | null {
    const known = this.#open.get(caller)
    return known === undefined ? null : this.#alive(this.#all.get(known.id))
  }

  /** Whether this caller is, or was, somebody who signed in. */
  knew(caller: object): boolean {
    return this.#open.has(caller)
  }

  end(secret: string): void {
    this.#all.delete(DIGEST(secret))
  }

  #alive(kept: Kept | undefined): SignIn | null {
    return kept === undefined || kept.until <= this.#clock.now() ? null : kept
  }
}
