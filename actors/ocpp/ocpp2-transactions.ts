import type { ChargePointDesk, ChargePointNews, DeskAnswer, MeterSample } from '../ports.ts'
import { isNamed, withoutCount } from '../transaction-book.ts'
import type { OcppCounters } from './ocpp-counters.ts'
import { registerOf, type ShownToken, type TransactionEvent } from './ocpp2-reading.ts'
import { type Ended, gave, isNext, newRunning, type Running, trim } from './ocpp2-running.ts'
import { BAY_SENSOR_TRIGGERS, type ChargingState } from './ocpp2-words.ts'

export type Transactions2Parts = {
  readonly chargePointId: string
  /** EVSEs that the site file names. */
  readonly evses: readonly number[]
  readonly desk: ChargePointDesk
  readonly counters: OcppCounters
  /** Tells the desk; the dialect watches what passes. */
  readonly tell: (news: ChargePointNews) => Promise<DeskAnswer>
  /** A charging state, or the rest after an end with the cable still in, as far as it is of now. */
  readonly state: (evse: number, state: ChargingState | 'Ended') => Promise<void>
  /** The station shall say whether this transaction runs. */
  readonly ask: (transactionId: string) => void
}

const MOST_TRANSACTIONS = 200
const MOST_HEARD = 200
const MOST_SENT = 50

/**
 * The transactions that one 2.x station tells of, made whole: events may come in any order, twice, late, and without what they should
 * carry. A bay's transaction begins when somebody pays for it and a vehicle is at the cable: before that (a plug without a token, a
 * token without a plug) a station's own transaction is no more than a plug or a card, and is told as such.
 */
export class Transactions2 {
  readonly #parts: Transactions2Parts
  readonly #running = new Map<string, Running>()
  /** Tokens of the starts that were sent, by remote start id. */
  readonly #sent = new Map<number, string>()

  constructor(parts: Transactions2Parts) {
    this.#parts = parts
  }

  /** A station names its transactions alone: the site's name for one has the charge point before it. */
  nameOf = (transactionId: string): string => `${this.#parts.chargePointId}/${transactionId}`

  /** The station's own word for a transaction of the site. */
  wordOf(name: string): string {
    const prefix = `${this.#parts.chargePointId}/`
    return name.startsWith(prefix) ? withoutCount(name.slice(prefix.length)) : name
  }

  /** A start goes out: the station will name it by this number. */
  sent(remoteStartId: number, idToken: string): void {
    this.#sent.set(remoteStartId, idToken)
    trim(this.#sent, MOST_SENT)
  }

  /** The station answered a start with the transaction that it has for it, or will have: it may never name the start again. */
  async answered(transactionId: string, remoteStartId: number): Promise<void> {
    const value = this.#sent.get(remoteStartId)
    if (value === undefined) return
    const known = this.#running.get(transactionId)
    const isFormer = known?.stage === 'over' && !this.#isOpen(known)
    const one =
      known && !isFormer ? known : newRunning({ transactionId, name: this.nameOf(transactionId) }, null, value)
    this.#running.set(transactionId, one)
    this.#forget()
    if (one.stage !== 'named') return
    one.token ??= { value, own: true }
    one.begun = true
    // Where that cannot be written down it is known until berth stops.
    await this.#announce(one).catch(() => undefined)
  }

  /** What the vehicle at this EVSE does by the newest event; null without a running transaction. */
  stateAt(evse: number): ChargingState | null {
    return this.#at(evse)?.state ?? null
  }

  /** The site's name of the transaction that the bay has open at this EVSE; null where there is none. */
  openAt(evse: number): string | null {
    const one = this.#at(evse)
    if (one?.stage === 'open') return one.name
    return this.open().find((open) => open.evse === evse)?.transactionId ?? null
  }

  /** The site's open transactions of this station, by what bays say. */
  open(): ReturnType<NonNullable<ChargePointDesk['open']>> {
    const known = this.#parts.desk.open?.(this.#parts.chargePointId)
    if (known) return known
    return [...this.#running.values()].flatMap(({ stage, evse, name, standing }) =>
      stage === 'open' && evse !== null ? [{ transactionId: name, evse, accepted: standing === 'accepted' }] : [],
    )
  }

  /** It was asked and does not run any more. */
  dead(transactionId: string): void {
    const one = this.#running.get(transactionId)
    if (one) one.stage = 'over'
  }

  /** One event; resolves with what its token is answered (null where none was sent) once all of it is durable. */
  async hear(event: TransactionEvent): Promise<DeskAnswer['status'] | null> {
    const one = this.#find(event)
    const mark = [event.kind, event.seqNo, event.trigger, event.happenedAt, event.state].join('|')
    if (one.heard.includes(mark)) {
      this.#parts.counters.add('events_repeated')
      return event.token ? this.#standing(one, event.token) : null
    }
    await this.#sense(one, event)
    this.#gap(one, event)
    this.#learn(one, event)
    const standing = event.kind === 'ended' ? await this.#ends(one, event) : await this.#runs(one, event)
    one.heard.push(mark)
    if (one.heard.length > MOST_HEARD) one.heard.shift()
    one.seqNo = Math.max(one.seqNo ?? 0, event.seqNo ?? 0)
    return standing
  }

  /** Its bay sensor speaks by a trigger; once its transaction is over it says nothing of now. */
  async #sense(one: Running, { kind, trigger, evse, past }: TransactionEvent): Promise<void> {
    const isSensor = BAY_SENSOR_TRIGGERS.has(trigger)
    if (isSensor) this.#parts.counters.add('bay_sensor')
    const place = evse ?? one.evse
    if (past || place === null) return
    const word = trigger === 'evdeparted' ? 'empty' : isSensor ? 'occupied' : kind === 'ended' ? 'unknown' : null
    if (word === null || (word === 'unknown' && !one.sensed)) return
    one.sensed = true
    await this.#parts.tell({ type: 'sensed', chargePointId: this.#parts.chargePointId, evse: place, word })
  }

  #find(event: TransactionEvent): Running {
    const { transactionId } = event
    const known = this.#running.get(transactionId)
    if (known && !isNext(known, event)) return known
    this.#running.delete(transactionId)
    const name = this.nameOf(transactionId)
    const all = this.#parts.desk.open?.(this.#parts.chargePointId) ?? []
    const open = known ? undefined : all.find((other) => isNamed(other.transactionId, name))
    const value = this.#parts.desk.tokenOfTransaction?.(name) ?? null
    const one = newRunning({ transactionId, name }, open ?? null, value)
    this.#running.set(transactionId, one)
    this.#forget()
    return one
  }

  /** The oldest ones that are over go first: a station that makes up names may not fill our memory. */
  #forget(): void {
    if (this.#running.size <= MOST_TRANSACTIONS) return
    const over = [...this.#running].find(([, one]) => one.stage === 'over') ?? [...this.#running][0]
    if (over) this.#running.delete(over[0])
  }

  /** Its bay says that it is open. */
  #isOpen({ name }: Running): boolean {
    return this.#parts.desk.open?.(this.#parts.chargePointId).some((one) => one.transactionId === name) === true
  }

  /** The newest transaction at an EVSE that is not over. */
  #at(evse: number): Running | null {
    return [...this.#running.values()].findLast((one) => one.evse === evse && one.stage !== 'over') ?? null
  }

  /** Numbers that are missing, or an event of what nobody heard the start of: what became of it is asked. */
  #gap(one: Running, event: TransactionEvent): void {
    const missing = one.seqNo !== null && event.seqNo !== null && event.seqNo > one.seqNo + 1
    const unheard = event.kind === 'updated' && one.stage === 'named' && !one.begun && one.heard.length === 0
    const stored = event.kind === 'started' && event.past
    if (missing) this.#parts.counters.add('event_gaps')
    if ((missing || unheard || stored) && event.kind !== 'ended') this.#parts.ask(one.transactionId)
  }

  #learn(one: Running, event: TransactionEvent): void {
    const only = this.#parts.evses.length === 1 ? (this.#parts.evses[0] ?? null) : null
    one.evse = event.evse ?? one.evse ?? only
    if (event.kind !== 'ended') one.state = event.state ?? one.state
    if (event.kind === 'started') {
      one.begun = true
      one.startedAt = event.happenedAt
      one.first_Wh = registerOf(event.samples, 'first')
    }
    if (one.stage === 'named') one.token = this.#tokenOf(event) ?? one.token
    if (event.remoteStartId !== null) one.alias = event.token?.value ?? one.alias
  }

  /** Whose it is: by the start that it names, else by the token itself; a station may change a token's type. */
  #tokenOf({ remoteStartId, token, kind }: TransactionEvent): ShownToken | null {
    if (remoteStartId === null) return token
    const { desk, chargePointId } = this.#parts
    const value = desk.tokenOfStart?.(chargePointId, remoteStartId) ?? this.#sent.get(remoteStartId)
    if (value !== undefined) return { value, own: true }
    // A start that nobody knows any more: its token is dead, whatever it was.
    return token ?? (kind === 'started' ? { value: '', own: true } : null)
  }

  async #runs(one: Running, event: TransactionEvent): Promise<DeskAnswer['status'] | null> {
    const { evse } = one
    // Taken for dead, it drew again: its bay has it open once more.
    if (one.stage === 'over' && this.#isOpen(one)) one.stage = 'open'
    if (one.stage === 'over' || (one.early && event.kind === 'updated')) {
      this.#parts.counters.add('events_after_end')
      // What flows after an end is the bay's to judge: it may still be energy.
      if (evse !== null && one.early === null && !event.past) await this.#meter(one, evse, event.samples)
      return event.token ? this.#standing(one, event.token) : null
    }
    if (evse === null) return event.token ? this.#standing(one, event.token) : null
    const begins =
      one.stage === 'named' && one.token !== null && one.state !== 'Idle' && (one.begun || event.token !== null)
    if (begins) await this.#begin(one, evse, event)
    else if (event.kind === 'started') await this.#announce(one)
    if (one.early) {
      await this.#parts.tell(one.early)
      one.early = null
      one.stage = 'over'
    } else {
      if (event.state !== null && !event.past) await this.#parts.state(evse, event.state)
      const samples = begins ? event.samples.filter((s) => s.current_A !== null || s.power_W !== null) : event.samples
      await this.#meter(one, evse, samples)
    }
    return event.token ? this.#standing(one, event.token) : null
  }

  async #begin(one: Running, evse: number, event: TransactionEvent): Promise<void> {
    const { value, rank } = one.token ?? { value: '' }
    const answer = await this.#parts.tell({
      type: 'started',
      chargePointId: this.#parts.chargePointId,
      evse,
      idToken: value,
      ...(rank === undefined ? {} : { rank }),
      transactionId: one.name,
      register_Wh: one.first_Wh ?? registerOf(event.samples, 'first'),
      happenedAt: one.startedAt ?? event.happenedAt,
    })
    one.standing = answer.status
    one.name = answer.transactionId ?? one.name
    one.stage = 'open'
    const former = [...this.#running.values()].filter((o) => o !== one && o.evse === evse && o.stage === 'open')
    for (const other of former) other.stage = 'over'
  }

  /** It waits for a vehicle, and its start is not named again: berth may restart meanwhile. */
  async #announce({ name, token, stage }: Running): Promise<void> {
    if (token === null || stage !== 'named') return
    const { chargePointId } = this.#parts
    await this.#parts.tell({ type: 'announced', chargePointId, transactionId: name, idToken: token.value })
  }

  async #meter(one: Running, evse: number, samples: readonly MeterSample[]): Promise<void> {
    if (samples.length === 0) return
    const { chargePointId } = this.#parts
    await this.#parts.tell({
      type: 'meter',
      chargePointId,
      evse,
      transactionId: one.name,
      samples,
    })
  }

  async #ends(one: Running, event: TransactionEvent): Promise<DeskAnswer['status'] | null> {
    const ended: Ended = {
      type: 'ended',
      chargePointId: this.#parts.chargePointId,
      transactionId: one.name,
      idToken: event.token?.value ?? null,
      register_Wh: registerOf(event.samples, 'last'),
      reason: event.reason,
      happenedAt: event.happenedAt,
      samples: event.samples.map((sample) => ({ ...sample, when: 'past' })),
    }
    const wasOver = one.stage === 'over' && !this.#isOpen(one)
    // What somebody paid for and no vehicle came to, or what nobody paid for, was never the bay's.
    const wasNever = one.stage === 'named' && one.begun && !gave(one.first_Wh, ended.register_Wh)
    if (one.stage === 'named' && !one.begun) one.early = ended
    // The end of one that was only taken for dead puts its bill right.
    if (!(wasOver && one.ended) && !wasNever) await this.#parts.tell(ended)
    if (one.early === null) {
      one.stage = 'over'
      one.ended = true
    }
    const stays = event.state !== 'Idle' && event.reason !== 'EVDisconnected' && event.reason !== 'Timeout'
    if (one.evse !== null && stays && !wasOver) await this.#parts.state(one.evse, 'Ended')
    return event.token ? this.#standing(one, event.token) : null
  }

  /** What a shown token is answered: the transaction's own as its start was; another, and one before the start, as the desk says now. */
  async #standing(one: Running, token: ShownToken): Promise<DeskAnswer['status']> {
    const value = token.value.toUpperCase()
    const isOwn = one.token === null || [one.token.value, one.alias].some((own) => own?.toUpperCase() === value)
    if (one.standing !== null && isOwn) return one.standing
    const { chargePointId } = this.#parts
    const rank = token.rank === undefined ? {} : { rank: token.rank }
    // Another one in the middle of a charge is evidence on that transaction alone; one that ends it says nothing of who pays.
    const about = one.stage === 'named' ? {} : { transactionId: one.name }
    const shown = { type: 'authorize', chargePointId, idToken: token.value, ...rank, ...about } as const
    return (await this.#parts.tell(shown)).status
  }
}
