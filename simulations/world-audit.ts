import type { Keys } from '../actors/ports.ts'
import type { Bay } from '../machines/knowledge.ts'
import type { Decision, FactRecord } from '../machines/record.ts'
import type { Stay } from './toy-driver.ts'
import type { Violation } from './world-laws.ts'
import type { Ledger, TrueTransaction } from './world-ledger.ts'

/** One line of a bill. Energy in Wh. */
export type BillLine = {
  readonly transactionId: string
  readonly accountId: string | null
  readonly energy_Wh: number
  readonly disputed: string | null
  readonly bayId: string
}

/** What bills came to, in Wh and counts. */
export type BillTally = {
  sessions: number
  undisputed_Wh: number
  disputed_Wh: number
  nobody_Wh: number
  /** Undisputed lines whose payer a misread named. */
  wrongByMisread: number
  /** Undisputed lines for a neighbour's plug: every camera swore that nobody stood where the vehicle stood (E33 trusts them). */
  wrongByBlindness: number
  /** Undisputed lines whose payer a person named wrongly. */
  wrongByPerson: number
}

const LAW = 'nobody is billed for another’s energy'

/** Whole Wh at the begin and at the end: a bill is as exact as they are. */
const ROUNDING_Wh = 1.5

/** A visit begins after its first frames, by no more than this, ms. */
const EARLIER_ms = 600_000

/** Compares every bill with what truly flowed, and to whom. */
export class Audit {
  readonly lines: BillLine[] = []
  readonly tally: BillTally = {
    sessions: 0,
    undisputed_Wh: 0,
    disputed_Wh: 0,
    nobody_Wh: 0,
    wrongByMisread: 0,
    wrongByBlindness: 0,
    wrongByPerson: 0,
  }
  readonly #ledger: Ledger
  readonly #keys: Keys
  readonly #cardAccount: (idTag: string) => string | null
  /** Texts that cameras wrongly read in a bay, folded, with when they last did, ms since 1970. */
  readonly #misreads = new Map<string, Map<string, number>>()
  /** Accounts that a person named in a visit. */
  readonly #named = new Map<string, Set<string>>()
  readonly #opened = new Map<string, TrueTransaction | null>()
  /** The record that opened each transaction. */
  readonly #openedAt = new Map<string, number>()

  /** `cardAccount`: who pays for a card, null where nobody does. */
  constructor(ledger: Ledger, keys: Keys, cardAccount: (idTag: string) => string | null) {
    this.#cardAccount = cardAccount
    this.#ledger = ledger
    this.#keys = keys
  }

  misread(bayId: string, folded: string, at: number): void {
    this.#misreads.set(bayId, (this.#misreads.get(bayId) ?? new Map()).set(folded, at))
  }

  /** One durable record; `was` and `now` are what its bay knew. */
  hear(record: FactRecord, was: Bay, now: Bay): Violation | null {
    if (record.cause.type === 'transaction.started') this.#start(record)
    for (const { visit } of [was, now])
      if (visit?.payer?.person && visit.payer.accountId !== null)
        this.#named.set(visit.visitId, (this.#named.get(visit.visitId) ?? new Set()).add(visit.payer.accountId))
    for (const decision of record.decisions) {
      if (decision.type === 'SessionCorrected') {
        const wrong = this.#correction(decision, record.bayId ?? '')
        if (wrong !== null) return { law: LAW, says: `${record.bayId}: ${wrong}`, seq: record.seq, at: record.at }
      }
      if (decision.type !== 'SessionBilled') continue
      this.tally.sessions += 1
      for (const line of decision['lines'] as readonly Omit<BillLine, 'bayId'>[]) {
        const wrong = this.#line({ ...line, bayId: record.bayId ?? '' }, String(decision['visitId']), was)
        if (wrong !== null)
          return {
            law: LAW,
            says: `${record.bayId}: ${wrong}`,
            seq: record.seq,
            at: record.at,
          }
      }
    }
    return null
  }

  /** berth heard of a transaction: which one it truly is. */
  #start({ cause, seq }: FactRecord): void {
    const token = cause['token'] as
      | { readonly kind: string; readonly startId?: string; readonly handle?: string }
      | undefined
    const isIt = ({ idTag }: TrueTransaction): boolean =>
      token?.kind === 'start'
        ? this.#keys.tokenOf(token.startId ?? '') === idTag
        : this.#keys.findCard(idTag.toUpperCase()) === token?.handle
    const found = this.#ledger.transactions.findLast(
      (one) =>
        `${one.postId}/${one.evse}` === cause['connector'] &&
        Math.round(one.first_Wh) === cause['register_Wh'] &&
        isIt(one),
    )
    this.#opened.set(String(cause['transactionId']), found ?? null)
    this.#openedAt.set(String(cause['transactionId']), seq)
  }

  #line(line: BillLine, visitId: string, was: Bay): string | null {
    this.lines.push(line)
    const truth = this.#opened.get(line.transactionId) ?? null
    if (line.accountId === null) this.tally.nobody_Wh += line.energy_Wh
    else if (line.disputed !== null) this.tally.disputed_Wh += line.energy_Wh
    else this.tally.undisputed_Wh += line.energy_Wh
    if (truth === null)
      return line.energy_Wh > 0
        ? `transaction ${line.transactionId} never was, and ${line.energy_Wh} Wh are billed`
        : null
    if (line.accountId === null) return null
    return (line.disputed === null ? this.#amount(line, truth) : null) ?? this.#payer(line, truth, visitId, was)
  }

  /** A late end was billed: the transaction's bills together are what flowed. Who pays was asked when the first of them went out. */
  #correction(decision: Decision, bayId: string): string | null {
    const truth = this.#opened.get(String(decision['transactionId'])) ?? null
    if (decision['billed'] !== true || truth === null) return null
    const { transactionId, accountId, difference_Wh } = decision as unknown as Omit<BillLine, 'energy_Wh'> & {
      readonly difference_Wh: number
    }
    const line = { transactionId, accountId, energy_Wh: difference_Wh, disputed: null, bayId }
    this.lines.push(line)
    this.tally.undisputed_Wh += difference_Wh
    return this.#amount(line, truth)
  }

  #amount(line: BillLine, truth: TrueTransaction): string | null {
    // A transaction that was orphaned and came back stands on two bills: together they are what flowed.
    const billed_Wh = this.lines.reduce(
      (sum, one) => sum + (one.transactionId === line.transactionId ? one.energy_Wh : 0),
      0,
    )
    if (Math.abs(billed_Wh - truth.energy_Wh) > ROUNDING_Wh)
      return `transaction ${line.transactionId} is billed with ${billed_Wh} Wh, and ${truth.energy_Wh.toFixed(1)} Wh flowed`
    return null
  }

  /** Whoever is billed, beyond doubt or not: the vehicle is theirs, or the card. */
  #payer(line: BillLine, truth: TrueTransaction, visitId: string, was: Bay): string | null {
    if (line.accountId === null) return null
    // Whoever holds a card against a charge point pays for what it then gives.
    if (this.#cardAccount(truth.idTag) === line.accountId) return null
    for (const [stay, energy_Wh] of truth.given)
      if (energy_Wh > ROUNDING_Wh && !stay?.entitled.has(line.accountId)) {
        const why = this.#excuse(line, stay, visitId, was)
        if (why !== null) return why
      }
    return null
  }

  /** A wrong payer by a person's word or by frames that agreed on a misread is counted; any other is a breach. */
  #excuse(line: BillLine, stay: Stay | null, visitId: string, was: Bay): string | null {
    if (this.#named.get(visitId)?.has(line.accountId ?? '')) {
      this.tally.wrongByPerson += 1
      return null
    }
    const { payer } = was.visit ?? {}
    const since = (was.visit?.openedAt ?? 0) - EARLIER_ms
    const misread = [...(this.#misreads.get(line.bayId) ?? [])].some(
      ([folded, at]) => at >= since && this.#keys.findVehicle(folded) === payer?.handle,
    )
    if (payer?.rank === 'plate' && misread) {
      this.tally.wrongByMisread += 1
      return null
    }
    if (payer?.rank === 'plate' && stay?.unseen && stay.place.bayId !== line.bayId) {
      this.tally.wrongByBlindness += 1
      return null
    }
    return `${line.accountId} is billed ${line.energy_Wh} Wh of transaction ${line.transactionId} (${payer?.rank ?? 'nobody'}), which ${stay?.car.name ?? 'nobody'} (${[...(stay?.entitled ?? [])].join(', ') || 'nobody pays'}) drew`
  }

  /** Transactions that were open on record before this many records. */
  begunBefore(seq: number): ReadonlySet<string> {
    return new Set([...this.#openedAt].flatMap(([transactionId, at]) => (at < seq ? [transactionId] : [])))
  }

  /** At the end: no transaction is billed with more than flowed, and none that a bay opened is left out. */
  close(records: readonly FactRecord[]): Violation | null {
    const sums = new Map<string, number>()
    for (const { transactionId, energy_Wh } of this.lines)
      sums.set(transactionId, (sums.get(transactionId) ?? 0) + energy_Wh)
    const end = records.at(-1)
    const violation = (law: string, says: string): Violation => ({ law, says, seq: end?.seq ?? 0, at: end?.at ?? '' })
    for (const [transactionId, sum] of sums) {
      const truth = this.#opened.get(transactionId)
      if (truth && sum > truth.energy_Wh + ROUNDING_Wh)
        return violation(
          'bills hold no more than the meter counted',
          `transaction ${transactionId}: ${sum} Wh billed, ${truth.energy_Wh.toFixed(1)} Wh flowed`,
        )
    }
    for (const record of records)
      for (const decision of record.decisions)
        if (decision.type === 'TransactionOpened' && !sums.has(String(decision['transactionId'])))
          return violation(
            'every transaction is billed once',
            `${record.bayId}: transaction ${String(decision['transactionId'])} stands on no bill`,
          )
    return null
  }
}
