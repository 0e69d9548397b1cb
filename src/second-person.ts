import { isDeepStrictEqual } from 'node:util'
import type { Scribe } from '../actors/ports.ts'
import type { CommandType, Json } from '../machines/events.ts'
import { wallTime } from '../machines/opening-hours.ts'
import { normalize } from '../machines/plate.ts'
import { reasonOf } from './order-reading.ts'
import type { SiteAlarms } from './site-alarms.ts'
import type { Caller, Command, CommandAnswer, WaitingOrder } from './site-desk.ts'
import type { ZoneOrder } from './zones/zone-desk.ts'
import { type TriedDraft, zoneReason } from './zones/zone-versions.ts'

/** Orders that two people must want: to bays, and whether publishing zones is one; and the time that the second one has, s. */
export type TwoPeople = {
  readonly commands: readonly CommandType[]
  readonly zones: boolean
  readonly within_s: number
}

type SecondParts = {
  readonly rule: TwoPeople
  /** Ms since 1970. */
  readonly now: () => number
  readonly scribe: () => Scribe
  readonly alarms: SiteAlarms
  /** The site's, IANA: deadlines are said by its clock. */
  readonly timezone: string
}
/** Who would pay by an order, as it was given: the account, and the vehicle's handle. */
export type Judged = { readonly accountId: string | null; readonly handle: string | null }
/** An order to a bay. */
export type BayWanted = { readonly bayId: string; readonly command: Command; readonly judged: Judged }
/** An order to publish zones: as it was given, and what its trial had come to by then. */
export type ZonesWanted = { readonly bayId: null; readonly zones: ZoneOrder; readonly tried: TriedDraft | null }
type Wanted = BayWanted | ZonesWanted
type Given = { readonly by: Caller; readonly since: number; readonly until: number }
export type BayAsked = BayWanted & Given
export type ZonesAsked = ZonesWanted & Given
export type Asked = BayAsked | ZonesAsked

/** Orders to bays of one person that wait at once: each is an alarm on every board. */
const MOST_OF_ONE = 50
/** Drafts of one person that wait at once: each may be a megabyte, and only one of them can count. */
const MOST_DRAFTS = 3
/** Orders as people say them: `ann wants …`. */
const WANTED: { readonly [type in CommandType]: string } = {
  authorize: 'to let the vehicle charge',
  deny: 'to refuse the vehicle',
  'correct-plate': 'to correct the plate',
  'release-lock': 'to release the lock',
  'remote-stop': 'to stop the charge',
  'out-of-service': 'to take the bay out of service',
  'in-service': 'to put the bay back in service',
  autonomy: 'to change how far the bay acts by itself',
  'learn-empty': 'to learn how the empty bay looks',
}
const NOBODY: Judged = { accountId: null, handle: null }
const GONE =
  'This order does not wait any more: it was agreed to, taken back, or its time is over; look at the bay, or the zones.'
const OTHER = 'Another order waits under this command id; send a new id.'

/** Why an order that waits is over without anybody's word. */
type Ended = 'time-over' | 'bay-changed' | 'payer-changed' | 'zones-changed' | 'giver-gone'

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

  /** Whether publishing zones needs two. */
  get isAskedForZones(): boolean {
    return this.#parts.rule.zones
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
    return [...this.#waiting.values()].map((asked) => ({
      ...toldOrder(asked),
      by: asked.by.name,
      against: against(asked),
      since: iso(asked.since),
      until: iso(asked.until),
    }))
  }

  /** Keeps an order to a bay until somebody else agrees; the same id again waits no longer. Rejects with Fault STORE_UNWRITABLE. */
  async ask(bayId: string, command: Command, by: Caller, judged: Judged = NOBODY): Promise<CommandAnswer> {
    this.tick()
    const known = this.#waiting.get(command.id)
    if (known) return known.bayId === bayId ? this.#waits(known.until) : { outcome: 'refused', why: GONE }
    const says = (until: string) =>
      `${by.name} wants ${WANTED[command.type]} at ${bayId}: somebody else must agree before ${until}.`
    return this.#keep(command.id, { bayId, command, judged }, by, judged, says)
  }

  /** The same for zones that somebody wants to publish. */
  async askForZones(zones: ZoneOrder, tried: TriedDraft | null, by: Caller): Promise<CommandAnswer> {
    this.tick()
    const known = this.#waiting.get(zones.id)
    if (known)
      return known.bayId === null && isDeepStrictEqual(known.zones, zones)
        ? this.#waits(known.until)
        : { outcome: 'refused', why: OTHER }
    const says = (until: string) => `${by.name} drew zones anew: somebody else must agree before ${until}.`
    const bays = zones.bays.map((bay) => bay.bayId)
    const over = { expectVersion: zones.expectVersion, putBack: zones.putBack ?? null, bays }
    return this.#keep(zones.id, { bayId: null, zones, tried }, by, over, says)
  }

  #wallClock(at: number): string {
    const { minute } = wallTime(at, this.#parts.timezone)
    const two = (part: number) => String(part).padStart(2, '0')
    return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
  }

  async #keep(id: string, wanted: Wanted, by: Caller, more: Fields, says: (until: string) => string) {
    const tooMany = this.#tooMany(wanted, by)
    if (tooMany !== null) return { outcome: 'refused', why: tooMany } as const
    const since = this.#parts.now()
    const latest = (wanted.bayId === null ? undefined : wanted.command.notAfter) ?? Number.POSITIVE_INFINITY
    const until = Math.min(since + this.#parts.rule.within_s * 1000, latest)
    const asked = { ...wanted, by, since, until }
    this.#waiting.set(id, asked)
    try {
      const { bayId, type: command, reason } = toldOrder(asked)
      await this.#write({ type: 'order.asked', id, bayId, command, by: by.name, reason, until: iso(until), ...more })
    } catch (fault) {
      this.#waiting.delete(id)
      throw fault
    }
    this.#parts.alarms.raise(alarmOf(asked), says(this.#wallClock(until)), since, id, asked.bayId)
    return this.#waits(until)
  }

  #tooMany({ bayId }: Wanted, by: Caller): string | null {
    const isDraft = (one: Wanted) => one.bayId === null
    const own = [...this.#waiting.values()].filter((one) => one.by.name === by.name)
    if (bayId === null)
      return own.filter(isDraft).length < MOST_DRAFTS
        ? null
        : `${MOST_DRAFTS} drafts of yours wait for a second person already; let somebody agree to one, or take some back.`
    return own.filter((one) => !isDraft(one)).length < MOST_OF_ONE
      ? null
      : `${MOST_OF_ONE} orders of yours wait for a second person already; let somebody agree to them, or take some back.`
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
    if (isSame(asked.by, by))
      return { outcome: 'refused', why: 'You gave this order yourself; somebody else must agree to it.' }
    this.#waiting.delete(id)
    return asked
  }

  /** It waits on: what was to become of it did not. */
  back(id: string, asked: Asked): void {
    this.#waiting.set(id, asked)
  }

  /** It was obeyed, or can never be. */
  over(id: string, asked: Asked): void {
    this.#parts.alarms.calm(alarmOf(asked), id)
  }

  /** Takes an order back, by whoever gave it or whoever was to agree. False where it does not wait. */
  async withdraw(id: string, by: Caller): Promise<boolean> {
    this.tick()
    return this.#endOnRecord(id, by.name)
  }

  async #endOnRecord(id: string, by: string, why?: Ended): Promise<boolean> {
    const asked = this.#waiting.get(id)
    if (asked === undefined) return false
    const { bayId, type: command } = toldOrder(asked)
    // First: nobody may agree while it is written down.
    this.#waiting.delete(id)
    try {
      const names = { by, asked: asked.by.name, ...(why === undefined ? {} : { why }) }
      await this.#write({ type: 'order.withdrawn', id, bayId, command, ...names })
    } catch (fault) {
      this.back(id, asked)
      throw fault
    }
    this.over(id, asked)
    return true
  }

  /** Ends an order whose time is over by another clock than this one's, on record: nobody may agree to it any more. False where it does not wait. Rejects with Fault STORE_UNWRITABLE, and it waits on. */
  expire(id: string): Promise<boolean> {
    return this.#endOnRecord(id, 'site', 'time-over')
  }

  /** About once a second: orders whose time is over, or whose giver is gone. */
  tick(): void {
    for (const [id, asked] of this.#waiting) {
      const why =
        asked.until <= this.#parts.now()
          ? 'time-over'
          : asked.by.isCentral || this.#stands(asked.by)
            ? null
            : 'giver-gone'
      if (why === null) continue
      this.#waiting.delete(id)
      this.ended(id, asked, why)
    }
  }

  /** It can never be obeyed: on record, where that can be written. */
  ended(id: string, asked: Asked, why: Ended): void {
    this.over(id, asked)
    const { bayId, type: command } = toldOrder(asked)
    const order = { id, bayId, command, by: 'site', asked: asked.by.name, why }
    this.#write({ type: 'order.withdrawn', ...order }).catch(() => undefined)
  }

  #waits = (until: number): CommandAnswer => ({ outcome: 'second-person', until: iso(until) })

  async #write(cause: Fields & { readonly type: string }): Promise<void> {
    const entry = { stream: 'site', cause: { ...cause, source: 'operator' }, decisions: [], personal: {} }
    await this.#parts.scribe().write([entry])
  }
}

type Fields = { readonly [field: string]: Json }

/** Each is its own kind of alarm: it says where to look. */
const alarmOf = ({ bayId }: Wanted) => (bayId === null ? 'zones-second-person' : 'second-person')

/** What was ordered, for people. */
function toldOrder(wanted: Wanted): Omit<WaitingOrder, 'by' | 'against' | 'since' | 'until'> {
  if (wanted.bayId === null) {
    const { id, reason, bays, expectVersion, putBack = null } = wanted.zones
    const zones = { expectVersion, putBack, bays, tried: wanted.tried }
    const none = { bayId: null, plate: null, accountId: null, level: null }
    return { id, type: 'publish-zones', reason: zoneReason(reason), ...none, zones }
  }
  const { bayId, command, judged } = wanted
  const { id, type, reason, plate, level = null } = command
  const typed = plate === undefined ? null : normalize(plate)
  return { id, bayId, type, reason: reasonOf(reason), plate: typed, accountId: judged.accountId, level, zones: null }
}

/** One person, or in doubt one: names of the centre and of the site are given apart from one another. */
const isSame = (one: Caller, other: Caller): boolean =>
  one.name === other.name || (one.isCentral === true && ownName(one) === ownName(other))
/** Without where it came from, and what a provider of sign-ins adds: `centre:anna (2489)` is `anna`. */
const ownName = ({ name }: Caller): string =>
  name
    .replace(/^centre:/, '')
    .replace(/ \([^()]*\)$/, '')
    .toLowerCase()

const iso = (at: number): string => new Date(at).toISOString()
