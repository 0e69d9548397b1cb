import { invariant } from '../../machines/faults.ts'
import type { ChargePointNews, DeskAnswer, DisplayOrder, StartOrder } from '../ports.ts'
import { hearNotice } from './bay-sensor-words.ts'
import type { CallAnswer, Dialect } from './charge-point-link.ts'
import { ClockSkew } from './clock-skew.ts'
import { showDisplayMessage } from './display-message.ts'
import { record } from './field-reading.ts'
import { FrameJudge } from './frame-box.ts'
import { Connectors2 } from './ocpp2-connectors.ts'
import { isUnknownAction, Questions2 } from './ocpp2-questions.ts'
import {
  type Fields,
  type Hearing2,
  readBoot,
  readMeter,
  readStatus,
  readToken,
  readTransactionEvent,
} from './ocpp2-reading.ts'
import { settledNews } from './ocpp2-samples.ts'
import { Transactions2 } from './ocpp2-transactions.ts'
import { adjustVariables } from './ocpp2-variables.ts'
import { ANSWERED, type ChargingState, type Ocpp2Version, remoteStartIdOf, TOKEN_WORDS } from './ocpp2-words.ts'
import type { Ocpp16Parts } from './ocpp16.ts'
import { RegisterMemory } from './register-memory.ts'
import { StatusWatch } from './status-watch.ts'

export type Ocpp2Parts = Ocpp16Parts & { readonly version: Ocpp2Version }

const NONE: CallAnswer = { kind: 'none' }
const result = (payload: object): CallAnswer => ({ kind: 'result', payload })

/** OCPP 2.0.1 or 2.1 spoken with one charge point ("station"). */
export class Ocpp2 implements Dialect {
  readonly #parts: Ocpp2Parts
  readonly #skew = new ClockSkew()
  readonly #statuses: StatusWatch
  readonly #connectors: Connectors2
  readonly #transactions: Transactions2
  readonly #questions: Questions2
  readonly #registers: RegisterMemory | null
  readonly #frames: FrameJudge
  #known = false

  constructor(parts: Ocpp2Parts) {
    this.#parts = parts
    this.#frames = new FrameJudge(parts.frames, parts.chargePointId, parts.clock)
    this.#registers = parts.profile.registerSlips ? new RegisterMemory() : null
    this.#connectors = new Connectors2(parts.evses)
    this.#statuses = new StatusWatch({
      clock: parts.clock,
      evses: parts.evses,
      every_s: parts.profile.statusEvery_s,
      ask: (evse) => this.#questions.unheard(this.#questions.trigger(evse, 'StatusNotification')),
    })
    this.#transactions = new Transactions2({
      ...parts,
      tell: (news) => this.#tell(news),
      state: (evse, state) => this.#state(evse, state),
      ask: (transactionId) => this.#questions.unheard(this.#questions.askTransaction(transactionId)),
    })
    this.#questions = new Questions2({
      ...parts,
      tell: (news) => this.#tell(news),
      nameOf: (transactionId) => this.#transactions.nameOf(transactionId),
      dead: (transactionId) => this.#transactions.dead(transactionId),
    })
  }

  /** How far its clock is behind ours, ms (negative = ahead); null until learnt on this connection. */
  get behind_ms(): number | null {
    return this.#skew.behind_ms
  }

  isBoot(action: string): boolean {
    return action === 'BootNotification'
  }

  connected(): void {
    this.#skew.forget()
  }

  disconnected(): void {
    this.#statuses.rest()
  }

  hear(action: string, payload: unknown, raw?: () => string): Promise<CallAnswer> {
    return this.#frames.judge(action, payload, raw, () => this.#answer(action, payload))
  }

  async #answer(action: string, payload: unknown): Promise<CallAnswer> {
    const { counters, log, chargePointId } = this.#parts
    counters.add('calls_in')
    const known = ANSWERED[this.#parts.version].get(action)
    if (known) return result(known)
    try {
      const answer = await this.#hear(action, record(payload) ?? {})
      if (answer) return answer
    } catch (error) {
      counters.add('calls_unanswered')
      const says = `${action} could not be recorded; the charge point gets no answer and will send it again.`
      log({ level: 'warn', says, about: { chargePointId, error: String(error) } })
      return NONE
    }
    counters.add('not_implemented')
    this.#frames.unusable()
    return { kind: 'error', code: 'NotImplemented', says: 'This action is not known here.' }
  }

  /** Asks for a start on one EVSE; the answer only means that it will try. Faults as in `ChargePoints`. */
  async start(order: StartOrder): Promise<'accepted' | 'rejected'> {
    const { evse, idToken, deadline, withdrawn } = order
    invariant(Number.isSafeInteger(evse) && evse > 0, 'a start names an EVSE, never the whole charge point')
    // Its yes would be a lie: only a new plug-in makes it listen (E18).
    if (this.#parts.profile.replug && this.#statuses.of(evse) === 'Finishing') {
      this.#parts.counters.add('starts_spared')
      return 'rejected'
    }
    const remoteStartId = remoteStartIdOf(order.startId)
    this.#transactions.sent(remoteStartId, idToken)
    const payload = { idToken: { idToken, type: 'Central' }, remoteStartId, evseId: evse }
    const call = this.#questions.call('RequestStartTransaction', payload, 'start')
    const answer = await this.#questions.place({ ...call, deadline, waits: true, withdrawn })
    if (this.#questions.statusOf(answer, call) !== 'accepted') return 'rejected'
    const transactionId = answer?.['transactionId']
    if (typeof transactionId === 'string') await this.#transactions.answered(transactionId, remoteStartId)
    return 'accepted'
  }

  async stop(transactionId: string): Promise<'accepted' | 'rejected'> {
    const call = this.#questions.call(
      'RequestStopTransaction',
      { transactionId: this.#transactions.wordOf(transactionId) },
      'stop',
    )
    return this.#questions.statusOf(await this.#questions.place(call), call) === 'accepted' ? 'accepted' : 'rejected'
  }

  /** Asks how an EVSE stands; where the bay has a transaction open there, it is asked for too. */
  async ask(evse: number, about: 'status' | 'meter'): Promise<'accepted' | 'rejected' | 'not-implemented'> {
    const open = about === 'status' ? this.#transactions.openAt(evse) : null
    if (open !== null) this.#questions.unheard(this.#questions.askTransaction(this.#transactions.wordOf(open)))
    return this.#questions.trigger(evse, about === 'status' ? 'StatusNotification' : 'MeterValues')
  }

  /** A text for the driver, after everything else; `unable` where it shows none. Faults as in `ChargePoints`. */
  async show(order: DisplayOrder): Promise<'shown' | 'rejected' | 'unable'> {
    const { deadline, withdrawn } = order
    try {
      return await showDisplayMessage(order, async (action, payload) => {
        const call = this.#questions.call(action, payload, 'tell')
        return this.#questions.statusOf(
          await this.#questions.place({ ...call, deadline, withdrawn, waits: true }),
          call,
        )
      })
    } catch (error) {
      if (isUnknownAction(error)) return 'unable'
      throw error
    }
  }

  /** First questions of a connection: where every EVSE and every open transaction stands; after a boot also what it shall measure. */
  greet(booted: boolean): void {
    const anew = booted || !this.#known
    this.#known = true
    for (const evse of this.#parts.evses) {
      this.#questions.unheard(this.#questions.trigger(evse, 'StatusNotification'))
      this.#questions.unheard(this.#questions.trigger(evse, 'MeterValues'))
    }
    for (const { transactionId, evse } of this.#transactions.open()) {
      this.#questions.unheard(this.#questions.askTransaction(this.#transactions.wordOf(transactionId)))
      this.#questions.unheard(this.#questions.trigger(evse, 'TransactionEvent'))
    }
    if (!anew || this.#parts.overheard) return
    const call = (action: string, payload: object) =>
      this.#parts.queue.place(this.#questions.call(action, payload, 'config'))
    this.#questions.unheard(adjustVariables({ ...this.#parts, call }))
  }

  /** Null for an action that nobody knows here. */
  async #hear(action: string, fields: Fields): Promise<CallAnswer | null> {
    switch (action) {
      case 'Heartbeat':
        return result({ currentTime: this.#now() })
      case 'BootNotification':
        await this.#tell(readBoot(fields, this.#parts.chargePointId))
        this.#skew.forget()
        return result({ status: 'Accepted', currentTime: this.#now(), interval: this.#parts.profile.heartbeat_s })
      case 'StatusNotification':
        return this.#status(fields)
      case 'Authorize':
        return this.#authorize(fields)
      case 'MeterValues':
        return this.#meter(fields)
      case 'TransactionEvent':
        return this.#event(fields)
      case 'NotifyEvent':
        return result(await hearNotice(fields, this.#parts, (news) => this.#tell(news)))
      default:
        return null
    }
  }

  #hearing(): Hearing2 {
    const { chargePointId, profile, clock } = this.#parts
    return { chargePointId, profile, at: clock.now(), skew: this.#skew }
  }

  async #status(fields: Fields): Promise<CallAnswer> {
    const notice = readStatus(fields, this.#hearing())
    if (!notice) return this.#breach('StatusNotification', 'evseId or connectorStatus is missing or cannot be read.')
    const { evse, word, said, happenedAt, mended } = notice
    if (word === null) {
      this.#parts.counters.add('unknown_status')
      this.#frames.unusable()
      this.#warn(`StatusNotification: connectorStatus ${said} is no word of OCPP 2.`)
      return result({})
    }
    if (mended > 0) this.#parts.counters.add('fields_mended', mended)
    this.#frames.mended(mended)
    const status = this.#connectors.notice({ ...notice, word }, this.#transactions.stateAt(evse))
    const { chargePointId } = this.#parts
    await this.#tell({ type: 'status', chargePointId, evse, status, errorCode: null, happenedAt })
    return result({})
  }

  async #authorize(fields: Fields): Promise<CallAnswer> {
    const token = readToken(fields['idToken'])
    if (!token) return this.#breach('Authorize', 'idToken is missing or no text.')
    const { chargePointId } = this.#parts
    const rank = token.rank === undefined ? {} : { rank: token.rank }
    const answer = await this.#tell({ type: 'authorize', chargePointId, idToken: token.value, ...rank })
    return result({ idTokenInfo: this.#tokenInfo(answer.status, token.own) })
  }

  async #meter(fields: Fields): Promise<CallAnswer> {
    const meter = readMeter(fields, this.#hearing())
    if (meter) this.#frames.samples(meter.samples)
    else this.#frames.unusable()
    if (!meter || meter.evse === 0 || meter.samples.length === 0) return result({})
    const { chargePointId } = this.#parts
    const transactionId = this.#transactions.openAt(meter.evse)
    await this.#tell({ type: 'meter', chargePointId, ...meter, transactionId })
    return result({})
  }

  /** Never a breach: a station whose event is refused sends it again and holds back what stands behind it. */
  async #event(fields: Fields): Promise<CallAnswer> {
    const event = readTransactionEvent(fields, this.#hearing())
    if (!event) {
      this.#frames.unusable()
      this.#warn('TransactionEvent: it names no transaction, and is answered and left alone.')
      return result({})
    }
    if (event.mended > 0) this.#parts.counters.add('fields_mended', event.mended)
    this.#frames.mended(event.mended)
    this.#frames.samples(event.samples)
    const standing = await this.#transactions.hear(event)
    return result(standing === null ? {} : { idTokenInfo: this.#tokenInfo(standing, event.token?.own === true) })
  }

  /** A token that berth made must not live on in the station's cache. */
  #tokenInfo(status: DeskAnswer['status'], own: boolean): object {
    return { status: TOKEN_WORDS[status], ...(own ? { cacheExpiryDateTime: this.#now() } : {}) }
  }

  async #tell(news: ChargePointNews): Promise<DeskAnswer> {
    if (news.type === 'meter' || news.type === 'ended') {
      const unusable = news.samples.filter((sample) => sample.verdict === 'unusable').length
      if (unusable > 0) this.#parts.counters.add('samples_unusable', unusable)
    }
    if (news.type === 'status') this.#statuses.heard(news.evse, news.status)
    if (news.type === 'started') this.#statuses.stirred(news.evse)
    if (news.type === 'ended') this.#statuses.stirred(null)
    const { desk, clock } = this.#parts
    return desk.hear(this.#registers ? settledNews(news, this.#registers, clock.now()) : news)
  }

  async #state(evse: number, state: ChargingState | 'Ended'): Promise<void> {
    const status = this.#connectors.stirred(evse, state)
    if (status === null) return
    const { chargePointId } = this.#parts
    await this.#tell({ type: 'status', chargePointId, evse, status, errorCode: null, happenedAt: null })
  }

  #breach(action: string, says: string): CallAnswer {
    this.#frames.unusable()
    this.#warn(`${action}: ${says}`)
    return { kind: 'error', code: 'FormatViolation', says }
  }

  #warn(says: string): void {
    this.#parts.log({ level: 'warn', says, about: { chargePointId: this.#parts.chargePointId } })
  }

  #now(): string {
    return new Date(this.#parts.clock.now()).toISOString()
  }
}
