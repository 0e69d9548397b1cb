import { CallErrorAnswer, CallNotSent, CallQueue, type OutboundCall } from '../../actors/ocpp/call-queue.ts'
import { ChargePointLink, type Connection, type Dialect } from '../../actors/ocpp/charge-point-link.ts'
import { ChargePointVoice, OCPP_VERSIONS, type OcppVersion } from '../../actors/ocpp/charge-point-voice.ts'
import type { FrameBox } from '../../actors/ocpp/frame-box.ts'
import type { OcppCounters, OcppLog } from '../../actors/ocpp/ocpp-counters.ts'
import type { ChargePointProfile } from '../../actors/ocpp/profiles/charge-point-profile.ts'
import type {
  ChargePointDesk,
  ChargePointNews,
  ChargePoints,
  Clock,
  DisplayOrder,
  StartOrder,
} from '../../actors/ports.ts'
import type { CallEnd } from '../relay/relay-news.ts'
import { type OverheardCall, verdictOf } from './overheard-frames.ts'

export type OverheardParts = {
  readonly chargePointId: string
  readonly profile: ChargePointProfile
  /** EVSEs (1.6: connectors) of the site's bays. */
  readonly evses: readonly number[]
  readonly versions?: readonly OcppVersion[]
  readonly clock: Clock
  readonly desk: ChargePointDesk
  readonly frames: FrameBox
  readonly counters: OcppCounters
  readonly log: OcppLog
  /** Tells the site what was said, again where it could not be written down: nobody says it twice. */
  readonly tell: <T>(tell: () => Promise<T>) => Promise<T>
  /** Calls the charge point through the relay. */
  readonly call: (call: {
    readonly chargePointId: string
    readonly action: string
    readonly payload: object
    readonly deadline: number
    readonly answerWithin_ms: number
    readonly mayLeave: () => boolean
  }) => Promise<CallEnd>
}

const ANSWER_WITHIN_MS = 30_000
/** How long a call may wait behind the back end's own. */
const LINE_MS = 30_000

/**
 * A charge point that another back end commands: berth hears what it says and what it was answered, and calls it between the back
 * end's calls. Nothing that berth would answer reaches it.
 */
export class OverheardChargePoint {
  readonly #parts: OverheardParts
  readonly #link: ChargePointLink
  readonly #voice: ChargePointVoice
  readonly #queue: CallQueue
  #dialect: Dialect | null = null
  #version: OcppVersion = 'ocpp1.6'
  #ends: ReturnType<ChargePointLink['connect']> | null = null
  #epoch = 0
  #newest = 0
  /** The call that is being told, for what only its answer says. */
  #told: OverheardCall | null = null

  constructor(parts: OverheardParts) {
    this.#parts = parts
    const { chargePointId, clock, counters, log, evses, profile, frames } = parts
    const desk = this.#ownDesk()
    this.#queue = new CallQueue(clock, chargePointId, counters)
    const queue = this.#queue
    const spoken = { chargePointId, clock, counters, log, evses, profile, frames, queue, desk }
    this.#voice = new ChargePointVoice(
      { ...spoken, answerWithin_ms: ANSWER_WITHIN_MS, overheard: true },
      parts.versions ?? OCPP_VERSIONS,
    )
    this.#link = new ChargePointLink({ chargePointId, clock, desk, queue, counters, log })
  }

  get online(): boolean {
    return this.#link.online
  }

  /** Its connection at the relay; 0 where there is none. */
  get epoch(): number {
    return this.#epoch
  }

  get version(): OcppVersion {
    return this.#version
  }

  get behind_ms(): number | null {
    return this.#voice.behind_ms
  }

  /** How it stands at the relay now, whatever was heard of former connections. */
  stands({
    online,
    epoch,
    protocol,
  }: {
    readonly online: boolean
    readonly epoch: number
    readonly protocol: string
  }): void {
    this.#newest = 0
    if (online && epoch === this.#epoch) this.#newest = epoch
    else if (online) this.connected(epoch, protocol)
    else {
      this.gone()
      this.#newest = epoch
      this.speaks(protocol)
    }
  }

  /** It is connected to the relay; a former connection is no news. */
  connected(epoch: number, protocol: string): void {
    if (epoch <= this.#newest) return
    this.gone()
    this.#newest = epoch
    this.#epoch = epoch
    const dialect = this.speaks(protocol)
    if (dialect) this.#ends = this.#link.connect(this.#connection(), dialect)
  }

  /** What it says is said in this subprotocol; one that nobody here speaks is passed on and not understood (null). */
  speaks(protocol: string): Dialect | null {
    const version = OCPP_VERSIONS.find((one) => one === protocol)
    if (!version) return null
    this.#version = version
    this.#dialect = this.#voice.speak(version)
    return this.#dialect
  }

  /** Its connection is gone. */
  gone(): void {
    this.#epoch = 0
    this.#ends?.gone()
    this.#ends = null
  }

  /** It has said something; resolves when that is durable, or cannot be told. Calls are told one after the other. */
  async hear(call: OverheardCall): Promise<void> {
    this.#told = call
    const { action, payload, text } = call
    if (this.#ends) await this.#ends.hear(action, payload, () => text)
    else await this.#dialect?.hear(action, payload, () => text)
    this.#told = null
  }

  /** Copies are missing: how it stands is asked. */
  missed(): void {
    if (this.#ends) this.#dialect?.greet(false)
  }

  start(order: StartOrder): Promise<'accepted' | 'rejected'> {
    return this.#voice.start(order)
  }

  stop(transactionId: string): Promise<'accepted' | 'rejected'> {
    return this.#voice.stop(this.#version === 'ocpp1.6' ? this.#wordOf(transactionId) : transactionId)
  }

  ask(evse: number, about: 'status' | 'meter'): ReturnType<ChargePoints['ask']> {
    return this.#voice.ask(evse, about)
  }

  show(order: DisplayOrder): ReturnType<ChargePointVoice['show']> {
    return this.#voice.show(order)
  }

  /** Berth stops listening; the charge point notices nothing. */
  async close(): Promise<void> {
    this.#voice.close()
    await this.#link.close()
  }

  /** The site's name of a transaction: two back ends may both give the number 17. */
  #nameOf = (word: string): string => `${this.#parts.chargePointId}/${word}`

  #wordOf(name: string): string {
    const prefix = this.#nameOf('')
    return name.startsWith(prefix) ? name.slice(prefix.length) : name
  }

  #connection(): Connection {
    return {
      buffered: () => 0,
      // Not ours to close.
      close: () => undefined,
      destroy: () => undefined,
      send: (action, payload, call) => this.#send(action, payload, call),
      waits_ms: LINE_MS + 5_000,
    }
  }

  async #send(action: string, payload: object, call: Pick<OutboundCall, 'deadline' | 'withdrawn'>): Promise<unknown> {
    const { chargePointId, clock } = this.#parts
    const deadline = Math.min(call.deadline, clock.now() + LINE_MS)
    const mayLeave = (): boolean => !call.withdrawn()
    const end = await this.#parts.call({
      chargePointId,
      action,
      payload,
      deadline,
      answerWithin_ms: ANSWER_WITHIN_MS,
      mayLeave,
    })
    if (end.kind === 'result') return end.payload
    if (end.kind === 'error') throw new CallErrorAnswer(end.code, end.says.slice(0, 200))
    if (end.kind === 'silent') throw new Error(end.why)
    const withdrawn = end.why === 'withdrawn' || call.withdrawn()
    throw new CallNotSent(withdrawn ? 'withdrawn' : end.why === 'expired' ? 'expired' : 'offline')
  }

  /** The site's desk, told what the back end answered, and transactions of 1.6 by names that are the site's own. */
  #ownDesk(): ChargePointDesk {
    const { desk, tell } = this.#parts
    return {
      ...desk,
      hear: async (news) => {
        const told = this.#withAnswer(news)
        return told ? tell(() => desk.hear(told)) : { status: 'invalid', transactionId: null }
      },
    }
  }

  /** Null for what came to nothing: a start that nobody answered has no transaction. */
  #withAnswer(news: ChargePointNews): ChargePointNews | null {
    const isOld = this.#version === 'ocpp1.6'
    const answer = this.#told?.answer ?? null
    switch (news.type) {
      case 'authorize':
        return answer ? { ...news, verdict: verdictOf(answer) } : null
      case 'started': {
        const verdict = verdictOf(answer)
        if (!isOld) return { ...news, verdict }
        const id = answer?.['transactionId']
        if (typeof id !== 'number' && typeof id !== 'string') return null
        return { ...news, verdict, transactionId: this.#nameOf(String(id)), namedAnew: true }
      }
      case 'ended':
        return isOld ? { ...news, transactionId: this.#nameOf(news.transactionId) } : news
      case 'meter':
        return isOld && news.transactionId !== null
          ? { ...news, transactionId: this.#nameOf(news.transactionId) }
          : news
      default:
        return news
    }
  }
}
