import { Fault, invariant } from '../../machines/faults.ts'
import type { ChargePointDesk, ChargePointNews, Clock, DeskAnswer, DisplayOrder, StartOrder } from '../ports.ts'
import { CallErrorAnswer, type CallQueue, type OutboundCall } from './call-queue.ts'
import type { CallAnswer, Dialect } from './charge-point-link.ts'
import { ClockSkew } from './clock-skew.ts'
import { dataTransferOf, readDataTransfer } from './data-transfer-display.ts'
import { record } from './field-reading.ts'
import { type FrameBox, FrameJudge } from './frame-box.ts'
import type { OcppCounters, OcppLog } from './ocpp-counters.ts'
import { adjustConfiguration } from './ocpp16-configuration.ts'
import { type CallReading, type Fields, readCall } from './ocpp16-reading.ts'
import type { ChargePointProfile } from './profiles/charge-point-profile.ts'
import { RegisterMemory } from './register-memory.ts'
import { StatusWatch } from './status-watch.ts'
import type { SettingsHeard } from './wanted-settings.ts'

export type Ocpp16Parts = {
  readonly chargePointId: string
  /** Connectors that are asked for their state after boot and reconnect. */
  readonly evses: readonly number[]
  readonly profile: ChargePointProfile
  readonly clock: Clock
  readonly desk: ChargePointDesk
  readonly queue: CallQueue
  readonly counters: OcppCounters
  readonly log: OcppLog
  readonly answerWithin_ms: number
  /** Another back end commands it and sets what it measures: nothing is set here. */
  readonly overheard?: boolean
  /** Hears what it took and does not keep of its settings. */
  readonly settled?: SettingsHeard
  /** Keeps frames as evidence; absent = nobody does. */
  readonly frames?: FrameBox
}

const STATUS_WORDS: { readonly [S in DeskAnswer['status']]: string } = {
  accepted: 'Accepted',
  invalid: 'Invalid',
  blocked: 'Blocked',
  expired: 'Expired',
  concurrent: 'ConcurrentTx',
}

/** Calls that are answered and mean nothing here. */
const IGNORED = new Map<string, object>([
  ['DataTransfer', { status: 'UnknownVendorId' }],
  ['FirmwareStatusNotification', {}],
  ['DiagnosticsStatusNotification', {}],
  ['SecurityEventNotification', {}],
  ['LogStatusNotification', {}],
  ['SignedFirmwareStatusNotification', {}],
  ['SignCertificate', { status: 'Rejected' }],
])

const NONE: CallAnswer = { kind: 'none' }
const result = (payload: object): CallAnswer => ({ kind: 'result', payload })

/** The charge point does not know the call. */
const isUnknownAction = (error: unknown): boolean =>
  error instanceof Fault && ['NotImplemented', 'NotSupported'].includes(String(error.about['errorCode']))

/** OCPP 1.6J spoken with one charge point. A connector is what berth calls an EVSE. */
export class Ocpp16 implements Dialect {
  readonly #parts: Ocpp16Parts
  readonly #skew = new ClockSkew()
  readonly #registers: RegisterMemory | null
  readonly #statuses: StatusWatch
  readonly #frames: FrameJudge
  #known = false

  constructor(parts: Ocpp16Parts) {
    this.#parts = parts
    this.#frames = new FrameJudge(parts.frames, parts.chargePointId, parts.clock)
    this.#registers = parts.profile.registerSlips ? new RegisterMemory() : null
    this.#statuses = new StatusWatch({
      clock: parts.clock,
      evses: parts.evses,
      every_s: parts.profile.statusEvery_s,
      ask: (evse) => this.#unheard(this.ask(evse, 'status')),
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
    return this.#frames.judge(action, payload, raw, () => this.#hear(action, payload))
  }

  #hear(action: string, payload: unknown): CallAnswer | Promise<CallAnswer> {
    const { counters, clock } = this.#parts
    counters.add('calls_in')
    if (action === 'Heartbeat') return result({ currentTime: this.#now() })
    const ignored = IGNORED.get(action)
    if (ignored) return result(ignored)
    const fields: Fields = record(payload) ?? {}
    const at = clock.now()
    const { chargePointId, profile } = this.#parts
    const reading = readCall(action, fields, {
      chargePointId,
      profile,
      at,
      skew: this.#skew,
      registers: this.#registers,
    })
    if (reading.mended > 0) counters.add('fields_mended', reading.mended)
    this.#frames.mended(reading.mended)
    if (reading.kind !== 'news') this.#frames.unusable()
    return this.#answer(action, reading)
  }

  /** Asks for a start on one connector; the answer only means that it will try. Faults as in `ChargePoints`. */
  async start(order: StartOrder): Promise<'accepted' | 'rejected'> {
    invariant(
      Number.isSafeInteger(order.evse) && order.evse > 0,
      'a start names a connector, never the whole charge point',
    )
    // Its yes would be a lie: only a new plug-in makes it listen (E18).
    if (this.#parts.profile.replug && this.#statuses.of(order.evse) === 'Finishing') {
      this.#parts.counters.add('starts_spared')
      return 'rejected'
    }
    const call = this.#call('RemoteStartTransaction', { connectorId: order.evse, idTag: order.idToken }, 'start')
    return this.#yesOrNo({ ...call, deadline: order.deadline, waits: true, withdrawn: order.withdrawn })
  }

  async stop(transactionId: string): Promise<'accepted' | 'rejected'> {
    invariant(/^-?\d{1,10}$/.test(transactionId), 'a 1.6 transaction id is a whole number of 32 bits')
    return this.#yesOrNo(this.#call('RemoteStopTransaction', { transactionId: Number(transactionId) }, 'stop'))
  }

  async ask(evse: number, about: 'status' | 'meter'): Promise<'accepted' | 'rejected' | 'not-implemented'> {
    const requestedMessage = about === 'status' ? 'StatusNotification' : 'MeterValues'
    const which = evse > 0 ? { connectorId: evse } : {}
    try {
      const status = await this.#status(this.#call('TriggerMessage', { requestedMessage, ...which }, 'ask'))
      return status === 'accepted' ? 'accepted' : status === 'notimplemented' ? 'not-implemented' : 'rejected'
    } catch (error) {
      if (isUnknownAction(error)) return 'not-implemented'
      throw error
    }
  }

  /** A text for the driver by the vendor's own call, after everything else; `unable` where it takes none, `none` where nobody has said that it has a display. Faults as in `ChargePoints`. */
  async show(order: DisplayOrder): Promise<'shown' | 'rejected' | 'unable' | 'none'> {
    const { tellBy } = this.#parts.profile
    if (!tellBy) return 'none'
    const { deadline, withdrawn } = order
    const call = this.#call('DataTransfer', dataTransferOf(order, tellBy), 'tell')
    try {
      return readDataTransfer(await this.#status({ ...call, deadline, withdrawn, waits: true }))
    } catch (error) {
      if (isUnknownAction(error)) return 'unable'
      throw error
    }
  }

  /** First questions of a connection: where every connector stands; after a boot also what it shall measure. */
  greet(booted: boolean): void {
    const anew = booted || !this.#known
    this.#known = true
    for (const evse of this.#parts.evses) {
      this.#unheard(this.ask(evse, 'status'))
      this.#unheard(this.ask(evse, 'meter'))
    }
    if (anew && !this.#parts.overheard)
      this.#unheard(
        adjustConfiguration({
          ...this.#parts,
          call: (action, payload) => this.#parts.queue.place(this.#call(action, payload, 'config')),
        }),
      )
  }

  async #answer(action: string, reading: CallReading): Promise<CallAnswer> {
    const { counters, log, chargePointId } = this.#parts
    if (reading.kind === 'unknown') {
      counters.add('not_implemented')
      return { kind: 'error', code: 'NotImplemented', says: 'This action is not known here.' }
    }
    if (reading.kind === 'breach') {
      log({ level: 'warn', says: `${action}: ${reading.says}`, about: { chargePointId } })
      return { kind: 'error', code: reading.code, says: reading.says }
    }
    if (reading.kind === 'nothing') {
      if (action === 'StatusNotification') counters.add('unknown_status')
      log({ level: 'warn', says: `${action}: ${reading.says}`, about: { chargePointId } })
      return result({})
    }
    this.#countSamples(reading.news)
    this.#watch(reading.news)
    if (reading.news.type === 'booted') this.#skew.forget()
    try {
      return this.#words(reading.news, await this.#parts.desk.hear(reading.news))
    } catch (error) {
      counters.add('calls_unanswered')
      const says = `${action} could not be recorded; the charge point gets no answer and will send it again.`
      log({ level: 'warn', says, about: { chargePointId, error: String(error) } })
      return NONE
    }
  }

  #words(news: ChargePointNews, answer: DeskAnswer): CallAnswer {
    const idTagInfo = { status: STATUS_WORDS[answer.status] }
    if (news.type === 'booted')
      return result({ status: 'Accepted', currentTime: this.#now(), interval: this.#parts.profile.heartbeat_s })
    if (news.type === 'authorize') return result({ idTagInfo })
    if (news.type !== 'started') return result({})
    invariant(answer.transactionId !== null || answer.status !== 'accepted', 'an accepted start has a transaction id')
    return result({ transactionId: Number(answer.transactionId ?? 0), idTagInfo })
  }

  #watch(news: ChargePointNews): void {
    if (news.type === 'status') this.#statuses.heard(news.evse, news.status)
    if (news.type === 'started') this.#statuses.stirred(news.evse)
    if (news.type === 'ended') this.#statuses.stirred(null)
  }

  #countSamples(news: ChargePointNews): void {
    if (news.type !== 'meter' && news.type !== 'ended') return
    this.#frames.samples(news.samples)
    const unusable = news.samples.filter((s) => s.verdict === 'unusable').length
    if (unusable > 0) this.#parts.counters.add('samples_unusable', unusable)
  }

  async #yesOrNo(call: OutboundCall): Promise<'accepted' | 'rejected'> {
    return (await this.#status(call)) === 'accepted' ? 'accepted' : 'rejected'
  }

  async #status(call: OutboundCall): Promise<string> {
    const answer = record(await this.#parts.queue.place(call))
    const status = answer?.['status']
    if (typeof status === 'string') return status.toLowerCase()
    throw new Fault('CHARGE_POINT_REFUSED', {
      chargePointId: this.#parts.chargePointId,
      action: call.action,
      because: 'no status',
    })
  }

  #call(action: string, payload: object, rank: OutboundCall['rank']): OutboundCall {
    const { answerWithin_ms, clock } = this.#parts
    const deadline = clock.now() + answerWithin_ms
    return { action, payload, rank, deadline, answerWithin_ms, waits: false, withdrawn: () => false }
  }

  /** Our own questions: that one fails is counted by the queue and changes nothing. */
  #unheard(asked: Promise<unknown>): void {
    asked.catch((error: unknown) => {
      if (error instanceof Fault || error instanceof CallErrorAnswer) return
      this.#parts.log({
        level: 'warn',
        says: 'A question to the charge point failed.',
        about: { chargePointId: this.#parts.chargePointId, error: String(error) },
      })
    })
  }

  #now(): string {
    return new Date(this.#parts.clock.now()).toISOString()
  }
}
