import type { BayHost } from '../actors/bay-actor.ts'
import { memory } from '../actors/record-memory.ts'
import type { Site } from '../actors/site.ts'
import { refusal } from '../machines/commands.ts'
import { Fault } from '../machines/faults.ts'
import type { FactRecord } from '../machines/record.ts'
import type { Register } from '../machines/register.ts'
import type { BaySnapshot } from '../machines/step.ts'
import type { BayView } from '../projections/bay-view.ts'
import { keepNewest } from './newest-kept.ts'
import { type OrderTold, readOrder } from './order-reading.ts'
import type { KeyStore } from './privacy/key-store.ts'
import type { BayAsked, Judged, SecondPerson, ZonesAsked } from './second-person.ts'
import type { Caller, Command, CommandAnswer, WaitingOrder } from './site-desk.ts'
import type { ZoneDesk } from './zones/zone-desk.ts'

type OrderParts = {
  readonly site: () => Site
  readonly keys: KeyStore
  readonly register: Register
  readonly timezone: string
  readonly learnEmpty: (bayId: string) => string | null
  readonly second: SecondPerson
  readonly seq: () => number
  readonly view: (host: BayHost) => BayView
}
/** Where drafts of zones that two people wanted are published. */
type Drawing = Pick<ZoneDesk, 'publish' | 'versions'>
type Kept = {
  readonly bayId: string
  readonly type: string
  readonly answer: CommandAnswer | Promise<CommandAnswer>
}

/** What people order of bays: each order once, about the bay as it was seen, by two people where the site asks for two. */
export class OrderDesk {
  readonly #parts: OrderParts
  /** Answers to the newest commands, by their id. */
  readonly #answers = new Map<string, Kept>()
  /** Version at which state, detail, visit, payer or lock changed last, by bay. */
  readonly #moved = new Map<string, { readonly sign: string; readonly version: number }>()

  #drawing: Drawing | null = null
  /** What is remembered by records alone. */
  readonly memory = memory({ answers: this.#answers, moved: this.#moved })

  constructor(parts: OrderParts) {
    this.#parts = parts
  }

  /** Takes in one record, at rebuild and after commits. */
  hear(record: FactRecord): void {
    const { bayId, cause, seq } = record
    if (bayId === null) return
    if (cause.type === 'operator.commanded')
      keepNewest(this.#answers, String(cause['id']), {
        bayId,
        type: String(cause['command']),
        answer: { outcome: 'done', seq },
      })
    this.#noteMove(bayId)
  }

  #noteMove(bayId: string): void {
    const host = this.#parts.site().hosts.get(bayId)
    if (!host) return
    const { snapshot } = host.committed
    const sign = signOf(snapshot)
    if (this.#moved.get(bayId)?.sign !== sign) this.#moved.set(bayId, { sign, version: snapshot.context.version })
  }

  /** What is about to become durable is what the order's giver did not see: the order is judged once that is durable, or lost. */
  #isMoving(bayId: string, { expectVersion }: Command): boolean {
    const host = this.#parts.site().hosts.get(bayId)
    return (
      host !== undefined && expectVersion !== undefined && signOf(host.snapshot) !== signOf(host.committed.snapshot)
    )
  }

  /** Zones are drawn here, and there they are published. */
  draws(drawing: Drawing): void {
    this.#drawing = drawing
  }

  async command(bayId: string, command: Command, by: Caller): Promise<CommandAnswer> {
    while (this.#isMoving(bayId, command)) await this.#parts.site().passed()
    const no = this.#refused(bayId, command)
    if (no) return no
    const { second } = this.#parts
    if (second.isOther(bayId, command))
      return { outcome: 'refused', why: 'Another order waits under this command id; send a new id.' }
    if (by.isDriver || !second.isAsked(command.type)) return this.#obey(bayId, command, by)
    const told = this.#read(bayId, command, by)
    if ('why' in told) return { outcome: 'refused', why: told.why }
    const version = this.#parts.site().hosts.get(bayId)?.bay.version ?? 0
    // Whoever gave it saw the bay as it is by now at most: what changes from here on is seen by the second person.
    const expectVersion = Math.min(command.expectVersion ?? version, version)
    return second.ask(bayId, { ...command, expectVersion }, by, judgedOf(told))
  }

  /** Orders that wait, with why each would be refused now. */
  waiting(): readonly WaitingOrder[] {
    return this.#parts.second.all((asked) => {
      if (asked.bayId === null) return this.#isRedrawn(asked) ? 'Other zones count since this draft was given.' : null
      if (this.#isMoved(asked.bayId, asked.command)) return 'The bay changed since the order was given.'
      const told = this.#read(asked.bayId, asked.command, asked.by)
      return 'why' in told ? told.why : payerTrouble(asked, told)
    })
  }

  withdraw(id: string, by: Caller): Promise<boolean> {
    return this.#parts.second.withdraw(id, by)
  }

  /** Ends an order that waits: whoever gave it says that its time is over. False where it does not wait. Rejects with Fault STORE_UNWRITABLE. */
  expire(id: string): Promise<boolean> {
    return this.#parts.second.expire(id)
  }

  heed(stands: (by: Caller) => boolean): void {
    this.#parts.second.heed(stands)
  }

  /** Another person agrees to an order that waits: it is obeyed if bay and payer are still as they were when it was given. */
  async agree(id: string, by: Caller): Promise<CommandAnswer> {
    const { second } = this.#parts
    const asked = second.agreed(id, by)
    if ('outcome' in asked) return asked
    try {
      return await (asked.bayId === null ? this.#agreeToZones(id, asked, by) : this.#agreeToBay(id, asked, by))
    } catch (fault) {
      second.back(id, asked)
      throw fault
    }
  }

  async #agreeToBay(id: string, asked: BayAsked, by: Caller): Promise<CommandAnswer> {
    const { second } = this.#parts
    const { bayId, command } = asked
    while (this.#isMoving(bayId, command)) await this.#parts.site().passed()
    const told = this.#read(bayId, command, asked.by)
    const other = 'why' in told ? null : payerTrouble(asked, told)
    if (other !== null) {
      second.ended(id, asked, 'payer-changed')
      return { outcome: 'refused', why: other }
    }
    const answer = (await this.#refused(bayId, command)) ?? (await this.#obey(bayId, command, asked.by, by.name))
    if (answer.outcome === 'refused') second.back(id, asked)
    else if (answer.outcome === 'conflict') second.ended(id, asked, 'bay-changed')
    else second.over(id, asked)
    return answer
  }

  /** A draft over a version that counts no more is nobody's to agree to: it is drawn anew. */
  async #agreeToZones(id: string, asked: ZonesAsked, by: Caller): Promise<CommandAnswer> {
    const { second } = this.#parts
    if (this.#drawing === null) throw new Fault('NOT_FOUND', {}, { says: 'No zones are drawn here.' })
    try {
      const answer = await this.#drawing.publish(asked.zones, asked.by, { name: by.name, tried: asked.tried })
      if ('newer' in answer) {
        second.ended(id, asked, 'zones-changed')
        return { outcome: 'newer-zones', newer: answer.newer }
      }
      second.over(id, asked)
      return { outcome: 'done', seq: answer.seq }
    } catch (fault) {
      if (!(fault instanceof Fault) || fault.code !== 'COMMAND_REFUSED') throw fault
      second.back(id, asked)
      return { outcome: 'refused', why: fault.message }
    }
  }

  #isRedrawn = ({ zones }: ZonesAsked): boolean => zones.expectVersion !== this.#drawing?.versions.newest

  /** Why this cannot be ordered now, or the answer that its id got before; null where it can. */
  #refused(bayId: string, command: Command): CommandAnswer | Promise<CommandAnswer> | null {
    const site = this.#parts.site()
    const host = site.hosts.get(bayId)
    if (!host) return { outcome: 'unknown-bay' }
    if (!command.id.isWellFormed())
      return { outcome: 'refused', why: 'The command id holds half a character; send plain text.' }
    const before = this.#answers.get(command.id)
    if (before) return answerAgain(before, bayId, command)
    if (this.#isMoved(bayId, command)) return { outcome: 'conflict', bay: this.#parts.view(host) }
    const no = refusal(host.bay, command.type, site.now())
    return no ? { outcome: 'refused', why: no } : null
  }

  #isMoved(bayId: string, { expectVersion }: Command): boolean {
    return expectVersion !== undefined && expectVersion < (this.#moved.get(bayId)?.version ?? 0)
  }

  async #obey(bayId: string, command: Command, by: Caller, second?: string): Promise<CommandAnswer> {
    const told = this.#read(bayId, command, by, second)
    if ('why' in told) return { outcome: 'refused', why: told.why }
    return this.#record(bayId, command, told)
  }

  #read(bayId: string, command: Command, by: Caller, second?: string): OrderTold | { readonly why: string } {
    const { learnEmpty, site } = this.#parts
    const no = command.type === 'learn-empty' ? learnEmpty(bayId) : null
    return no ? { why: no } : readOrder(command, by, { ...this.#parts, at: site().now() }, second)
  }

  /** The id is taken at once: the same command sent twice at one time is one. */
  #record(bayId: string, { id, type }: Command, { told, personal }: OrderTold): Promise<CommandAnswer> {
    const telling = this.#parts.site().tell(bayId, told, personal)
    const answer = telling.then((record): CommandAnswer => ({ outcome: 'done', seq: record?.seq ?? this.#parts.seq() }))
    const kept: Kept = { bayId, type, answer }
    keepNewest(this.#answers, id, kept)
    answer.catch(() => {
      // An earlier try of the same order may have been found on record meanwhile: that one is the answer.
      if (this.#answers.get(id) === kept) this.#answers.delete(id)
    })
    return answer
  }
}

/** What a bay is to whoever orders something of it, as a text that changes with it: state, visit, payer, lock. */
const signOf = ({ value, context }: BaySnapshot): string =>
  JSON.stringify([
    value,
    context.visit?.visitId,
    context.visit?.payer,
    Object.values(context.connectors).map(({ transaction, flow }) => [transaction?.transactionId, flow.drawing]),
  ])

/** What an id was answered before; an id means one order. */
function answerAgain({ bayId, type, answer }: Kept, asked: string, command: Command): Kept['answer'] {
  if (bayId !== asked) return { outcome: 'refused', why: 'This command id was used for another bay; send a new id.' }
  if (type === command.type) return answer
  return { outcome: 'refused', why: 'This command id was used for another order; send a new id.' }
}

const judgedOf = ({ told: { accountId = null, handle = null } }: OrderTold): Judged => ({ accountId, handle })

/** A sentence where somebody else would pay by the order now than when it was given. */
function payerTrouble({ judged, by }: BayAsked, told: OrderTold): string | null {
  const now = judgedOf(told).accountId
  if (now === judged.accountId) return null
  const named = (account: string | null): string => (account === null ? 'nobody' : account)
  return `When ${by.name} gave this order ${named(judged.accountId)} would have paid, and now ${named(now)} would: it is not obeyed; give it anew.`
}
