import { type CallReading, isBilled } from './frame-reading.ts'
import { answerAuthorize, refuseStart } from './local-answers.ts'
import { judgeTokens, type TokenFacts, type TokenJudgement, withoutToken } from './own-tokens.ts'

/**
 * What becomes of a call of a charge point: `answered` here and nowhere else; `told` or `billed` go up, `released` before it; `refused`
 * is a no to the charge point, and `upward` what the back end hears of it (null = nothing).
 */
export type Ruling =
  | { readonly kind: 'answered'; readonly rest: string; readonly asked: boolean }
  | { readonly kind: 'told' }
  | {
      readonly kind: 'billed'
      readonly text: string
      readonly reading: CallReading
      readonly startId: string | null
      readonly released: string | null
    }
  | {
      readonly kind: 'refused'
      readonly startId: string
      readonly transactionId: string
      readonly rest: string
      readonly upward: string | null
      /** It was refused before, word for word or in the same transaction. */
      readonly again: boolean
    }

export type GateParts = TokenFacts & {
  /** A new transaction id (1.6). */
  readonly give: () => number
  /** This transaction of 1.6 is over; answers the starts of berth's that began it. */
  readonly ended: (transactionId: string) => readonly string[]
}

type Judged = Extract<TokenJudgement, { kind: 'alias' | 'dead' }>

/** Decides by berth's tokens what the back end hears of a charge point's transactions, and who pays for them. */
export class TransactionGate {
  readonly #parts: GateParts

  constructor(parts: GateParts) {
    this.#parts = parts
  }

  /** Rules on one call, and remembers who pays for its transaction. */
  rule(text: string, reading: CallReading): Ruling {
    const { isRepeat } = this.#parts
    const judged = judgeTokens(text, reading, this.#parts)
    if (judged.kind === 'asked')
      return { kind: 'answered', rest: answerAuthorize(text, reading, judged.entry.live), asked: true }
    if (judged.kind === 'dead') {
      // Said again word for word, it is the start of before: alive then, and billed.
      if (isRepeat(judged.text, judged.reading)) return billed(judged)
      return this.#refused(text, reading, judged)
    }
    return this.#passed(text, reading, judged.kind === 'alias' ? judged : null)
  }

  #passed(text: string, reading: CallReading, alias: Judged | null): Ruling {
    const { payers, tokens, chargePointId, isRepeat } = this.#parts
    if (!isBilled(reading)) return { kind: 'told' }
    const ruling = alias ? billed(alias) : { kind: 'billed' as const, text, reading, startId: null, released: null }
    if (alias && (reading.begins || reading.role === 'event') && !reading.ends)
      tokens.spend(alias.entry, reading.occasion ?? '')
    const id = reading.transaction?.value
    if (id === undefined) return ruling
    if (reading.role === 'stop') for (const startId of this.#parts.ended(id)) tokens.exhaust(startId)
    let released: string | null = null
    if (payers.isWithheld(chargePointId, id)) {
      const joins = reading.role === 'event' && (reading.begins || alias !== null || reading.token !== null)
      if (!joins) return { kind: 'answered', rest: '{}]', asked: false }
      // Its beginning must be told first, unless this is another transaction with the same id.
      const begun = payers.release(chargePointId, id)
      released = reading.begins ? null : begun
    }
    if (reading.role === 'event' && reading.ends) payers.ends(chargePointId, id)
    if (reading.role !== 'event' || reading.ends) return { ...ruling, released }
    if (alias) payers.opens(chargePointId, id, alias.entry.token)
    else if (reading.begins && !isRepeat(text, reading)) payers.begins(chargePointId, id)
    return { ...ruling, released }
  }

  /** A dead token: no to the charge point, and nothing to the back end but what it has heard the beginning of, without the token. */
  #refused(text: string, reading: CallReading, { entry }: Judged): Ruling {
    const { payers, chargePointId, give, isRepeat } = this.#parts
    const given = reading.role === 'start' ? give() : 0
    const transactionId = reading.role === 'start' ? String(given) : (reading.transaction?.value ?? '')
    const withheld = payers.isWithheld(chargePointId, transactionId)
    const bare = reading.role === 'start' ? null : withoutToken(text, reading)
    const upward = reading.begins || withheld ? null : bare
    const again = reading.begins
      ? withheld && payers.beginningOf(chargePointId, transactionId) === bare
      : withheld || reading.ends || (upward !== null && isRepeat(upward, reading))
    if (reading.begins && !again) payers.withhold(chargePointId, transactionId, bare)
    const rest = refuseStart(reading, given)
    return { kind: 'refused', startId: entry.startId, transactionId, rest, upward, again }
  }
}

const billed = ({ text, reading, entry }: Judged): Extract<Ruling, { kind: 'billed' }> => ({
  kind: 'billed',
  text,
  reading,
  startId: entry.startId,
  released: null,
})
