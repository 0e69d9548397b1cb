import type { Scribe } from '../actors/ports.ts'
import type { CommandType } from '../machines/events.ts'
import { reasonOf } from './order-reading.ts'
import type { SiteAlarms } from './site-alarms.ts'
import type { Caller, Command, CommandAnswer, WaitingOrder } from './site-desk.ts'

/** Orders that two people must want, and the time that the second one has, s. */
export type TwoPeople = { readonly commands: readonly CommandType[]; readonly within_s: number }

type SecondParts = {
  readonly rule: TwoPeople
  /** Ms since 1970. */
  readonly now: () => number
  readonly scribe: () => Scribe
  readonly alarms: SiteAlarms
}
type Asked = {
  readonly bayId: string
  readonly command: Command
  readonly by: Caller
  readonly since: number
  readonly until: number
}

const GONE = 'This order does not wait any more: it was agreed to, taken back, or its time is over; look at the bay.'

/**
 * Orders that wait for a second person. That one was asked for is a record (`order.asked`), and so is that one was taken back; what came of
 * it is the bay's own record, with both names. They live in memory: a restart forgets them, and whoever asked asks anew.
 */
export class SecondPerson {
  readonly #parts: SecondParts
  readonly #waiting = new Map<string, Asked>()

  constructor(parts: SecondParts) {
    this.#parts = parts
  }

  /** Whether this order needs two. */
  isAsked(type: CommandType): boolean {
    return this.#parts.rule.commands.includes(type)
  }

  /** Those that wait, oldest first; nobody's plate or account is among what is told. */
  all(): readonly WaitingOrder[] {
    return [...this.#waiting].map(([id, { bayId, command, by, since, until }]) => ({
      id,
      bayId,
      type: command.type,
      reason: reasonOf(command.reason),
      by: by.name,
      since: new Date(since).toISOString(),
      until: new Date(until).toISOString(),
    }))
  }

  /** Keeps an order until somebody else agrees; the same id again waits no longer. Rejects with Fault STORE_UNWRITABLE. */
  async ask(bayId: string, command: Command, by: Caller): Promise<CommandAnswer> {
    this.tick()
    const { id, type } = command
    const known = this.#waiting.get(id)
    if (known) return known.bayId === bayId ? this.#waits(known.until) : { outcome: 'refused', why: GONE }
    const since = this.#parts.now()
    const until = since + this.#parts.rule.within_s * 1000
    this.#waiting.set(id, { bayId, command, by, since, until })
    try {
      const reason = reasonOf(command.reason)
      await this.#write({ type: 'order.asked', id, bayId, command: type, by: by.name, reason, until: iso(until) })
    } catch (fault) {
      this.#waiting.delete(id)
      throw fault
    }
    const says = `${by.name} ordered ${type} of ${bayId}: somebody else must agree before ${iso(until).slice(11, 16)} UTC.`
    this.#parts.alarms.raise('second-person', says, since, id, bayId)
    return this.#waits(until)
  }

  /** The order, where this is another person than who gave it; else why not. */
  agreed(id: string, by: Caller): Asked | CommandAnswer {
    this.tick()
    const asked = this.#waiting.get(id)
    if (asked === undefined) return { outcome: 'refused', why: GONE }
    if (asked.by.name === by.name)
      return { outcome: 'refused', why: 'You gave this order yourself; somebody else must agree to it.' }
    return asked
  }

  /** Takes an order back, by whoever gave it or whoever was to agree. False where it does not wait. */
  async withdraw(id: string, by: Caller): Promise<boolean> {
    this.tick()
    const asked = this.#waiting.get(id)
    if (asked === undefined) return false
    const { bayId, command } = asked
    await this.#write({ type: 'order.withdrawn', id, bayId, command: command.type, by: by.name, asked: asked.by.name })
    this.close(id)
    return true
  }

  /** It waits no more. */
  close(id: string): void {
    if (this.#waiting.delete(id)) this.#parts.alarms.calm('second-person', id)
  }

  /** About once a second: orders whose time is over. */
  tick(): void {
    for (const [id, { until }] of this.#waiting) if (until <= this.#parts.now()) this.close(id)
  }

  #waits = (until: number): CommandAnswer => ({ outcome: 'second-person', until: iso(until) })

  async #write(cause: { readonly type: string; readonly [field: string]: string | null }): Promise<void> {
    const entry = { stream: 'site', cause: { ...cause, source: 'operator' }, decisions: [], personal: {} }
    await this.#parts.scribe().write([entry])
  }
}

const iso = (at: number): string => new Date(at).toISOString()
