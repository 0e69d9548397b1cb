import type { Scribe } from '../actors/ports.ts'
import type { CommandType } from '../machines/events.ts'
import { normalize } from '../machines/plate.ts'
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
/** Who would pay by an order, as it was given: the account, and the vehicle's handle. */
export type Judged = { readonly accountId: string | null; readonly handle: string | null }
export type Asked = {
  readonly bayId: string
  readonly command: Command
  readonly by: Caller
  readonly judged: Judged
  readonly since: number
  readonly until: number
}

/** Orders of one person that wait at once: each is an alarm on every board. */
const MOST_OF_ONE = 50
const TOO_MANY = `${MOST_OF_ONE} orders of yours wait for a second person already; let somebody agree to them, or take some back.`
const NOBODY: Judged = { accountId: null, handle: null }
const GONE = 'This order does not wait any more: it was agreed to, taken back, or its time is over; look at the bay.'

/** Why an order that waits is over without anybody's word. */
type Ended = 'time-over' | 'bay-changed' | 'payer-changed' | 'giver-gone'

/**
 * Orders that wait for a second person. That one was asked for is a record (`order.asked`, with who would pay), and so is that one was taken
 * back or cannot be obeyed any more (`order.withdrawn`, by `site` with its `why`); what came of it is the bay's own record, with both names.
 * They live in memory: a restart forgets them, and whoever asked asks anew.
 */
export class SecondPerson {
  readonly #parts: SecondParts
  readonly #waiting = new Map<string, Asked>()
  /** Whether somebody may still give orders here: nobody looks until a server says it. */
  #stands: (by: Caller) => boolean = () => true

  constructor(parts: SecondParts) {
    this.#parts = parts
  }

  /** Whether this order needs two. */
  isAsked(type: CommandType): boolean {
    return this.#parts.rule.commands.includes(type)
  }

  /** Orders of whoever does not stand any more, whose token was removed, are withdrawn. */
  heed(stands: (by: Caller) => boolean): void {
    this.#stands = stands
  }

  /** Those that wait, oldest first, with plates as they were typed; `against`: why it would be refused now. */
  all(against: (asked: Asked) => string | null = () => null): readonly WaitingOrder[] {
    return [...this.#waiting]
      .map(([id, asked]) => ({ id, asked, ...asked }))
      .map(({ id, asked, ...one }) => ({
        id,
        bayId: one.bayId,
        type: one.command.type,
        reason: reasonOf(one.command.reason),
        by: one.by.name,
        plate: one.command.plate === undefined ? null : normalize(one.command.plate),
        accountId: one.judged.accountId,
        level: one.command.level ?? null,
        against: against(asked),
        since: iso(one.since),
        until: iso(one.until),
      }))
  }

  /** Keeps an order until somebody else agrees; the same id again waits no longer. Rejects with Fault STORE_UNWRITABLE. */
  async ask(bayId: string, command: Command, by: Caller, judged: Judged = NOBODY): Promise<CommandAnswer> {
    this.tick()
    const { id, type } = command
    const known = this.#waiting.get(id)
    if (known) return known.bayId === bayId ? this.#waits(known.until) : { outcome: 'refused', why: GONE }
    const own = [...this.#waiting.values()].filter((one) => one.by.name === by.name).length
    if (own >= MOST_OF_ONE) return { outcome: 'refused', why: TOO_MANY }
    const since = this.#parts.now()
    const until = since + this.#parts.rule.within_s * 1000
    this.#waiting.set(id, { bayId, command, by, judged, since, until })
    try {
      const reason = reasonOf(command.reason)
      const order = { id, bayId, command: type, by: by.name, reason, until: iso(until) }
      await this.#write({ type: 'order.asked', ...order, ...judged })
    } catch (fault) {
      this.#waiting.delete(id)
      throw fault
    }
    const says = `${by.name} ordered ${type} of ${bayId}: somebody else must agree before ${iso(until).slice(11, 16)} UTC.`
    this.#parts.alarms.raise('second-person', says, since, id, bayId)
    return this.#waits(until)
  }

  /** Whether another order waits under this id: an id means one order. */
  isOther(bayId: string, { id, type }: Command): boolean {
    const asked = this.#waiting.get(id)
    return asked !== undefined && (asked.bayId !== bayId || asked.command.type !== type)
  }

  /** Takes the order out of those that wait, where this is another person than who gave it; else why not. Nobody else can take it back or agree then. */
  agreed(id: string, by: Caller): Asked | CommandAnswer {
    this.tick()
    const asked = this.#waiting.get(id)
    if (asked === undefined) return { outcome: 'refused', why: GONE }
    if (asked.by.name === by.name)
      return { outcome: 'refused', why: 'You gave this order yourself; somebody else must agree to it.' }
    this.#waiting.delete(id)
    return asked
  }

  /** It waits on: what was to become of it did not. */
  back(id: string, asked: Asked): void {
    this.#waiting.set(id, asked)
  }

  /** It was obeyed, or can never be. */
  over(id: string): void {
    this.#parts.alarms.calm('second-person', id)
  }

  /** Takes an order back, by whoever gave it or whoever was to agree. False where it does not wait. */
  async withdraw(id: string, by: Caller): Promise<boolean> {
    this.tick()
    const asked = this.#waiting.get(id)
    if (asked === undefined) return false
    const { bayId, command } = asked
    // First: nobody may agree while it is written down.
    this.#waiting.delete(id)
    try {
      const names = { by: by.name, asked: asked.by.name }
      await this.#write({ type: 'order.withdrawn', id, bayId, command: command.type, ...names })
    } catch (fault) {
      this.back(id, asked)
      throw fault
    }
    this.over(id)
    return true
  }

  /** About once a second: orders whose time is over, or whose giver is gone. */
  tick(): void {
    for (const [id, asked] of this.#waiting) {
      const why = asked.until <= this.#parts.now() ? 'time-over' : this.#stands(asked.by) ? null : 'giver-gone'
      if (why === null) continue
      this.#waiting.delete(id)
      this.ended(id, asked, why)
    }
  }

  /** It can never be obeyed: on record, where that can be written. */
  ended(id: string, { bayId, command, by }: Asked, why: Ended): void {
    this.over(id)
    const order = { id, bayId, command: command.type, by: 'site', asked: by.name, why }
    this.#write({ type: 'order.withdrawn', ...order }).catch(() => undefined)
  }

  #waits = (until: number): CommandAnswer => ({ outcome: 'second-person', until: iso(until) })

  async #write(cause: { readonly type: string; readonly [field: string]: string | null }): Promise<void> {
    const entry = { stream: 'site', cause: { ...cause, source: 'operator' }, decisions: [], personal: {} }
    await this.#parts.scribe().write([entry])
  }
}

const iso = (at: number): string => new Date(at).toISOString()
