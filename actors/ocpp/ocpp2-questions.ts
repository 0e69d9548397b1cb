import { Fault } from '../../machines/faults.ts'
import type { ChargePointNews } from '../ports.ts'
import { CallErrorAnswer, type OutboundCall } from './call-queue.ts'
import { record } from './field-reading.ts'
import type { Fields } from './ocpp2-reading.ts'
import type { Ocpp16Parts } from './ocpp16.ts'

type Parts = Pick<Ocpp16Parts, 'chargePointId' | 'clock' | 'queue' | 'log' | 'answerWithin_ms'> & {
  readonly tell: (news: Extract<ChargePointNews, { type: 'updated' }>) => Promise<unknown>
  /** The site's name of a transaction that the station names. */
  readonly nameOf: (transactionId: string) => string
  /** The station says that it is over. */
  readonly dead: (transactionId: string) => void
}

/** A question about a transaction whose last messages are still on their way is put again after this, and so often. */
const ASK_AGAIN_MS = 30_000
const ASK_MOST = 10
/** So many transactions are asked for at a time: a station that makes them up may not keep berth asking. */
const MOST_ASKED = 16

/** The station does not know the call. */
export const isUnknownAction = (error: unknown): boolean =>
  error instanceof Fault && ['NotImplemented', 'NotSupported'].includes(String(error.about['errorCode']))

/** Calls to one 2.x station, and the questions that berth asks it by itself. Faults as in `ChargePoints`. */
export class Questions2 {
  readonly #parts: Parts
  /** Transactions that are being asked for. */
  readonly #asked = new Set<string>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** A call that fails at once where the station is not there. */
  call(action: string, payload: object, rank: OutboundCall['rank']): OutboundCall {
    const { answerWithin_ms, clock } = this.#parts
    const deadline = clock.now() + answerWithin_ms
    return { action, payload, rank, deadline, answerWithin_ms, waits: false, withdrawn: () => false }
  }

  async place(call: OutboundCall): Promise<Fields | null> {
    return record(await this.#parts.queue.place(call))
  }

  /** The status of an answer in lower case; a Fault where there is none. */
  statusOf(answer: Fields | null, { action }: OutboundCall): string {
    const status = answer?.['status']
    if (typeof status === 'string') return status.toLowerCase()
    throw new Fault('CHARGE_POINT_REFUSED', { chargePointId: this.#parts.chargePointId, action, because: 'no status' })
  }

  /** Asks for news; it comes in by itself. EVSE 0 is the whole station. */
  async trigger(
    evse: number,
    requestedMessage: 'StatusNotification' | 'MeterValues' | 'TransactionEvent',
  ): Promise<'accepted' | 'rejected' | 'not-implemented'> {
    // A status is a connector's; EVSEs of several answer for the first, and say the rest by themselves.
    const which =
      evse > 0 ? { evse: { id: evse, ...(requestedMessage === 'StatusNotification' ? { connectorId: 1 } : {}) } } : {}
    const call = this.call('TriggerMessage', { requestedMessage, ...which }, 'ask')
    try {
      const status = this.statusOf(await this.place(call), call)
      return status === 'accepted' ? 'accepted' : status === 'notimplemented' ? 'not-implemented' : 'rejected'
    } catch (error) {
      if (isUnknownAction(error)) return 'not-implemented'
      throw error
    }
  }

  /** Whether a transaction runs; while its last messages are on their way it is not taken for dead. */
  async askTransaction(transactionId: string, times = 1): Promise<void> {
    if (this.#asked.has(transactionId) || this.#asked.size >= MOST_ASKED) return
    this.#asked.add(transactionId)
    const answer = await this.place(this.call('GetTransactionStatus', { transactionId }, 'ask')).finally(() =>
      this.#asked.delete(transactionId),
    )
    const ongoing = answer?.['ongoingIndicator']
    if (typeof ongoing !== 'boolean') return
    if (!ongoing && answer?.['messagesInQueue'] === true) {
      if (times >= ASK_MOST) return
      this.#parts.clock.after(ASK_AGAIN_MS, () => this.unheard(this.askTransaction(transactionId, times + 1)))
      return
    }
    if (!ongoing) this.#parts.dead(transactionId)
    const { chargePointId } = this.#parts
    const name = this.#parts.nameOf(transactionId)
    await this.#parts.tell({ type: 'updated', chargePointId, transactionId: name, ongoing })
  }

  /** Our own questions: that one fails is counted by the queue and changes nothing. */
  unheard(asked: Promise<unknown>): void {
    asked.catch((error: unknown) => {
      if (error instanceof Fault || error instanceof CallErrorAnswer) return
      const about = { chargePointId: this.#parts.chargePointId, error: String(error) }
      this.#parts.log({ level: 'warn', says: 'A question to the charge point failed.', about })
    })
  }
}
