import type { ChargePointDesk, Clock, MeterSample } from '../../actors/ports.ts'
import { type RemoteSession, readMeter, readSessions, readStatus } from './remote-answers.ts'

/** The five calls of the back end, by their names. */
export type RemoteCall = 'start' | 'stop' | 'status' | 'meter' | 'session'

export type RemoteConnectorParts = {
  readonly chargePointId: string
  readonly evse: number
  readonly clock: Clock
  readonly desk: ChargePointDesk
  /** Signs and sends one call; answers what `read` makes of its JSON. Rejects with Fault BACK_END_SILENT or BACK_END_REFUSED. */
  readonly call: <T>(name: RemoteCall, body: object, read: (said: unknown, id: string) => T) => Promise<T>
  /** The token of one of berth's own starts; null where it never made it. */
  readonly tokenOf: (startId: string) => string | null
  /** The newest time that berth knows of from before, ms since 1970. */
  readonly since: number
  /** A session that is not berth's own, with who pays for it. */
  readonly foreign: (idToken: string, accountId: string | null) => void
}

/** The back end's clock may be behind ours by so much. */
const MARGIN_ms = 120_000
/** An older sample says nothing of now. */
const LIVE_ms = 90_000
/** Ended sessions that are remembered, so that none is told twice. */
const MOST_ENDED = 200

/** One EVSE that only the back end can see: asked again and again, and told to the site as a charge point's own words would be. */
export class RemoteConnector {
  readonly #parts: RemoteConnectorParts
  readonly #ended = new Set<string>()
  #open: string | null
  #since: number
  #status: string | null = null
  #sampledAt = 0
  /** One round at a time. */
  #line: Promise<unknown> = Promise.resolve()

  /** `open`: the transaction that the site takes for open, by the back end's name. */
  constructor(parts: RemoteConnectorParts, open: string | null) {
    this.#parts = parts
    this.#open = open
    this.#since = parts.since
  }

  get #place(): { readonly chargePointId: string; readonly evse: number } {
    const { chargePointId, evse } = this.#parts
    return { chargePointId, evse }
  }

  /** Asks for everything once. Answers whether its charge point is online; rejects where the back end does not answer, or the desk cannot write. */
  poll(): Promise<boolean> {
    const polling = this.#line.then(() => this.#pollNow())
    this.#line = polling.catch(() => undefined)
    return polling
  }

  async #pollNow(): Promise<boolean> {
    await this.#askSessions()
    const { call, desk } = this.#parts
    const { online, status, errorCode, at } = await call('status', this.#place, readStatus)
    if (online && status !== null && status !== this.#status) {
      await desk.hear({ type: 'status', ...this.#place, status, errorCode, happenedAt: at })
      this.#status = status
    }
    if (online && this.#open !== null) await this.#askMeter()
    return online
  }

  /** After a time without news everything is told anew. */
  forget(): void {
    this.#status = null
  }

  async #askSessions(): Promise<void> {
    const { call, desk, clock, chargePointId } = this.#parts
    const asked = clock.now()
    const since = new Date(this.#since - MARGIN_ms).toISOString()
    const open = this.#open
    const sessions = await call('session', { ...this.#place, since, transactionId: open }, readSessions)
    if (open !== null && !sessions.some((one) => one.transactionId === open)) {
      await desk.hear({ type: 'updated', chargePointId, transactionId: this.#named(open), ongoing: false })
      this.#over(open)
    }
    for (const session of sessions) await this.#take(session)
    this.#since = asked
  }

  async #take(session: RemoteSession): Promise<void> {
    const { transactionId, endedAt } = session
    if (this.#ended.has(transactionId)) return
    if (this.#open !== transactionId) await this.#began(session)
    if (endedAt === null) {
      this.#open = transactionId
      return
    }
    const { desk, chargePointId } = this.#parts
    await desk.hear({
      type: 'ended',
      chargePointId,
      transactionId: this.#named(transactionId),
      idToken: null,
      register_Wh: session.endRegister_Wh,
      reason: session.reason,
      happenedAt: endedAt,
      samples: [],
    })
    this.#over(transactionId)
  }

  async #began({ transactionId, startId, idToken, accountId, startedAt, register_Wh }: RemoteSession): Promise<void> {
    const { desk, tokenOf, foreign } = this.#parts
    const own = startId === null ? null : tokenOf(startId)
    // Somebody else's session that names no card is a card of its own.
    const token = own ?? idToken ?? `REMOTE-${transactionId}`
    if (own === null) foreign(token, accountId)
    // A start whose visit is gone is stopped by its bay, once that is on record.
    await desk.hear({
      type: 'started',
      ...this.#place,
      idToken: token,
      transactionId: this.#named(transactionId),
      register_Wh,
      happenedAt: startedAt,
    })
    this.#open = transactionId
  }

  async #askMeter(): Promise<void> {
    const { call, desk, clock } = this.#parts
    const meter = await call('meter', this.#place, readMeter)
    if (!meter || meter.at <= this.#sampledAt) return
    this.#sampledAt = meter.at
    const { at, transactionId, current_A, power_W, register_Wh } = meter
    const when = clock.now() - at <= LIVE_ms ? 'live' : 'past'
    const sample: MeterSample = { happenedAt: at, when, current_A, power_W, register_Wh, verdict: 'valid' }
    const named = transactionId === null ? null : this.#named(transactionId)
    await desk.hear({ type: 'meter', ...this.#place, transactionId: named, samples: [sample] })
  }

  #over(transactionId: string): void {
    if (this.#open === transactionId) this.#open = null
    this.#ended.add(transactionId)
    const [oldest] = this.#ended
    if (this.#ended.size > MOST_ENDED && oldest !== undefined) this.#ended.delete(oldest)
  }

  /** Names of other charge points' sessions may be the same. */
  #named(transactionId: string): string {
    return `${this.#parts.chargePointId}/${transactionId}`
  }
}
