import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'

/** Wrong tokens that cost nothing: somebody pastes the wrong one. */
const FREE = 5
const FIRST_ms = 250
const LONGEST_ms = 8_000
/** Wrong ones older than this are forgotten, ms. */
const MEMORY_ms = 600_000
/** Wrong tokens of one address that wait for their answer at a time. */
const MOST_WAITING = 10
const MOST_ADDRESSES = 10_000

/** Of a request: from where it comes. */
type From = { readonly socket: { readonly remoteAddress?: string | undefined }; readonly headers: IncomingHttpHeaders }
type Tries = { readonly count: number; readonly at: number; readonly waiting: number }

/**
 * Who guesses tokens waits longer with every wrong one, by address. A right one never waits. This machine itself is let be, unless a proxy
 * on it says for whom it asks.
 */
export class WrongTokenBrake {
  readonly #clock: Pick<Clock, 'now' | 'after'>
  readonly #tries = new Map<string, Tries>()

  constructor(clock: Pick<Clock, 'now' | 'after'>) {
    this.#clock = clock
  }

  /** Throws Fault UNAUTHORIZED where too many wrong tokens of this address wait already. */
  admit(request: From): void {
    const address = addressOf(request)
    if (address !== null && (this.#tries.get(address)?.waiting ?? 0) >= MOST_WAITING)
      throw new Fault('UNAUTHORIZED', {}, { says: 'Too many wrong tokens came from this address; wait ten seconds.' })
  }

  /** Resolves when the answer to a wrong token may go out. */
  async wrong(request: From): Promise<void> {
    const address = addressOf(request)
    if (address === null) return
    const now = this.#clock.now()
    const known = this.#tries.get(address)
    const before = known && Math.abs(now - known.at) < MEMORY_ms ? known : { count: 0, waiting: known?.waiting ?? 0 }
    const count = before.count + 1
    this.#keep(address, { count, at: now, waiting: before.waiting + 1 })
    const delay = count <= FREE ? 0 : Math.min(LONGEST_ms, FIRST_ms * 2 ** (count - FREE - 1))
    if (delay > 0) await new Promise<void>((go) => this.#clock.after(delay, go))
    const after = this.#tries.get(address)
    if (after) this.#tries.set(address, { ...after, waiting: Math.max(0, after.waiting - 1) })
  }

  #keep(address: string, tries: Tries): void {
    this.#tries.delete(address)
    this.#tries.set(address, tries)
    const oldest = this.#tries.keys().next().value
    if (this.#tries.size > MOST_ADDRESSES && oldest !== undefined) this.#tries.delete(oldest)
  }
}

/** From where somebody asks; null for this machine itself. Of IPv6 the network (/64) that one subscriber has: within it an address costs nothing. */
export function addressOf({ socket, headers }: From): string | null {
  const remote = socket.remoteAddress ?? ''
  const isHere = remote === '::1' || remote.replace(/^::ffff:/i, '').startsWith('127.')
  if (!isHere) return networkOf(remote)
  const forwarded = headers['x-forwarded-for']
  return forwarded === undefined ? null : networkOf(String(forwarded).split(',').at(-1)?.trim().slice(0, 64) ?? '')
}

function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIP(plain) !== 6) return plain
  const [before = '', after] = plain.toLowerCase().replace(/%.*$/, '').split('::')
  const [left, right] = [before, after ?? ''].map((part) => (part === '' ? [] : part.split(':'))) as [
    string[],
    string[],
  ]
  const zeros = after === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0')
  const groups = [...left, ...zeros, ...right].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''))
  return `${groups.join(':')}::/64`
}
