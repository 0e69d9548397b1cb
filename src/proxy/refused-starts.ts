import { memory } from '../../actors/record-memory.ts'
import type { EffectDraft } from '../../machines/deeds.ts'
import { type Bay, connectorsOf } from '../../machines/knowledge.ts'
import type { Decision, FactRecord } from '../../machines/record.ts'

/** Billed starts that are remembered: a no comes as soon as the back end is there again. */
const MOST_BILLED = 50_000
const REASON = 'the back end refused the alias'

/**
 * Starts that the back end refused after the relay had let them charge in its absence: what runs of them is to be stopped, what was
 * billed of them is to be disputed. Folded from the journal: a berth that begins anew knows them still.
 */
export class RefusedStarts {
  readonly #refused = new Set<string>()
  /** The start of each transaction that is not billed yet. */
  readonly #opened = new Map<string, string>()
  /** The session of each billed start. */
  readonly #billed = new Map<string, string>()
  readonly #disputed = new Set<string>()
  /** What is remembered by records alone. */
  readonly memory = memory({
    refused: this.#refused,
    opened: this.#opened,
    billed: this.#billed,
    disputed: this.#disputed,
  })

  /** Folds one record of the site, old or new. */
  fold({ cause, decisions }: Pick<FactRecord, 'cause' | 'decisions'>): void {
    if (isLateNo(cause)) this.#refused.add(String(cause['startId']))
    for (const decision of decisions) this.#foldDecision(decision)
  }

  #foldDecision({ type, ...fields }: Decision): void {
    const { startId, transactionId, sessionId, transactions } = fields
    if (type === 'TransactionOpened' && typeof startId === 'string') this.#opened.set(String(transactionId), startId)
    if (type === 'SessionDisputed' && typeof startId === 'string') this.#disputed.add(startId)
    if (type !== 'SessionBilled' || !Array.isArray(transactions)) return
    for (const id of transactions.map(String)) {
      const began = this.#opened.get(id)
      this.#opened.delete(id)
      if (began !== undefined) this.#bill(began, String(sessionId))
    }
  }

  #bill(startId: string, sessionId: string): void {
    this.#billed.set(startId, sessionId)
    const oldest = this.#billed.keys().next().value
    if (this.#billed.size > MOST_BILLED && oldest !== undefined) this.#billed.delete(oldest)
  }

  /** Disputes of sessions that stand billed although the back end refused their start; each is handed out once. */
  takeDisputes(): readonly Decision[] {
    return [...this.#refused].flatMap((startId) => {
      const sessionId = this.#billed.get(startId)
      if (sessionId === undefined || this.#disputed.has(startId)) return []
      this.#disputed.add(startId)
      return [{ type: 'SessionDisputed', sessionId, startId, reason: REASON }]
    })
  }

  /** What must be stopped now: charges of refused starts that run at these bays. */
  stops(bays: readonly Bay[], startId: string | null = null): readonly EffectDraft[] {
    return bays.flatMap((bay) =>
      connectorsOf(bay).flatMap(({ transaction, chargePointId }) => {
        const began = transaction?.startId ?? null
        if (!transaction || began === null || !(began === startId || this.#refused.has(began))) return []
        const { transactionId } = transaction
        return [{ type: 'stop.charging', chargePointId, transactionId, reason: 'alias-refused' }]
      }),
    )
  }
}

/** The back end said no, and the charge point had been told yes. */
const isLateNo = (cause: FactRecord['cause']): boolean =>
  cause.type === 'alias.refused' && cause['heard'] === false && cause['startId'] !== '' && cause['overridden'] !== true
