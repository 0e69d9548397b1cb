import { CallErrorAnswer, CallQueue } from '../../../actors/ocpp/call-queue.ts'
import { type CallAnswer, ChargePointLink } from '../../../actors/ocpp/charge-point-link.ts'
import { ChargePointVoice, OCPP_VERSIONS, type OcppVersion } from '../../../actors/ocpp/charge-point-voice.ts'
import { OcppCounters } from '../../../actors/ocpp/ocpp-counters.ts'
import { DEFAULT_PROFILE } from '../../../actors/ocpp/profiles/default.ts'
import type { ChargePointDesk, ChargePoints } from '../../../actors/ports.ts'
import { invariant } from '../../../machines/faults.ts'
import { isHeld } from '../../../machines/lock.ts'
import type { Decision, FactRecord } from '../../../machines/record.ts'
import { makeToy, tellToy } from '../../../simulations/toy-charge-point.ts'
import type { ToyHabits } from '../../../simulations/toy-habits.ts'
import { type ToyInput, wakesOf } from '../../../simulations/toy-life.ts'
import { ToySite } from '../../../simulations/toy-site.ts'
import { makeStation, tellStation } from '../../../simulations/toy-station.ts'
import type { Station } from '../../../simulations/toy-station-events.ts'
import type { StationHabits } from '../../../simulations/toy-station-habits.ts'
import type { Payload, Toy, ToyFrame } from '../../../simulations/toy-wire.ts'
import { breaches } from '../../contracts/ocpp-schemas.ts'

/** Who stands at CP-1: a toy of either version, or nobody, and it is spoken for call by call (2.0.1). */
export type AtTheBay = { readonly habits: ToyHabits } | { readonly station: StationHabits } | 'a voice'

type Ends = ReturnType<ChargePointLink['connect']>
type Process = { readonly site: ToySite; readonly link: ChargePointLink; readonly voice: ChargePointVoice }

/** One bay, one plate AB12CDE, one card, and a charge point on production voice, link, queue, desk and bay, on a toy clock without sockets. */
export class StationScene {
  readonly counters = new OcppCounters()
  /** Calls of berth's, in order. */
  readonly calls: { readonly action: string; readonly payload: Payload }[] = []
  /** What a charge point that is spoken for answers berth's calls. */
  readonly answers: { [action: string]: Payload } = {}
  /** Nobody answers berth's calls. */
  silent = false
  readonly #version: OcppVersion
  readonly #toy: Toy | Station | null
  readonly #frames: { readonly frame: ToyFrame }[] = []
  readonly #pending = new Map<string, { answer: (payload: Payload) => void; refuse: (cause: Error) => void }>()
  #process: Process
  #ends: Ends | null = null
  #calls = 0
  #wakeAt = Number.POSITIVE_INFINITY
  #parked: string | null = null

  private constructor(who: AtTheBay) {
    this.#version = who === 'a voice' ? 'ocpp2.0.1' : 'habits' in who ? 'ocpp1.6' : who.station.version
    this.#toy =
      who === 'a voice' ? null : 'habits' in who ? makeToy('CP-1', 1, who.habits) : makeStation('CP-1', 1, who.station)
    const bays = [{ bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1, profile: 'default' }] }]
    this.#process = { site: new ToySite({ bays, chargePoints: (site) => this.#attach(site) }), ...this.#made() }
  }

  #parts: { link: ChargePointLink; voice: ChargePointVoice } | null = null
  #made(): { link: ChargePointLink; voice: ChargePointVoice } {
    invariant(this.#parts, 'the site asked for its charge points')
    return this.#parts
  }

  /** A new process has a new voice, queue and link. */
  #attach(site: ToySite): ChargePoints {
    const { clock } = site
    const desk: ChargePointDesk = {
      hear: (news) => site.desk.hear(news),
      open: (id) => site.desk.open?.(id) ?? [],
      tokenOfTransaction: (id) => site.desk.tokenOfTransaction?.(id) ?? null,
      tokenOfStart: (id, number) => site.desk.tokenOfStart?.(id, number) ?? null,
    }
    const queue = new CallQueue(clock, 'CP-1', this.counters)
    const parts = { chargePointId: 'CP-1', clock, desk, queue, counters: this.counters, log: () => {} }
    const profile = DEFAULT_PROFILE
    const voice = new ChargePointVoice({ ...parts, evses: [1], profile, answerWithin_ms: 30_000 }, OCPP_VERSIONS)
    const link = new ChargePointLink(parts)
    this.#parts = { link, voice }
    return {
      online: () => link.online,
      start: (order) => voice.start(order),
      stop: (order) => voice.stop(order.transactionId),
      ask: (order) => voice.ask(order.evse, order.about),
    }
  }

  static async open(who: AtTheBay): Promise<StationScene> {
    const scene = new StationScene(who)
    await scene.site.open()
    await scene.site.registers('AB12CDE', 'acc-1')
    await scene.site.registersCard('CARD-7', 'acc-7')
    scene.dials()
    if (scene.#toy === null)
      await scene.call('BootNotification', { reason: 'PowerUp', chargingStation: { model: 'M', vendorName: 'V' } })
    if (scene.#toy === null) await scene.says('Available')
    await scene.passes(5)
    return scene
  }

  get site(): ToySite {
    return this.#process.site
  }

  dials(): void {
    const { link, voice } = this.#process
    this.#ends = link.connect(
      {
        buffered: () => 0,
        send: (action, payload) => this.#asked(action, payload as Payload),
        close: () => {},
        destroy: () => {},
      },
      voice.speak(this.#version),
    )
    this.tell({ type: 'connected' })
  }

  /** The connection breaks. */
  async drops(): Promise<void> {
    this.#ends?.gone()
    this.#ends = null
    for (const { refuse } of this.#pending.values()) refuse(new Error('the socket closed'))
    this.#pending.clear()
    this.tell({ type: 'disconnected' })
    await this.site.clock.settle()
  }

  /** Berth dies and comes back; nothing but journal, keys and the charge point are left. */
  async restarts(): Promise<void> {
    await this.drops()
    const site = await this.site.crash()
    this.#process = { site, ...this.#made() }
    this.dials()
    await this.passes(5)
  }

  #asked(action: string, payload: Payload): Promise<Payload> {
    this.calls.push({ action, payload })
    if (this.silent) return new Promise(() => {})
    if (this.#toy === null)
      return Promise.resolve(this.answers[action] ?? (action.startsWith('Get') ? {} : { status: 'Accepted' }))
    return new Promise((answer, refuse) => {
      this.#calls += 1
      const id = `b-${this.#calls}`
      this.#pending.set(id, { answer, refuse })
      this.#note([2, id, action, payload])
      this.tell({ type: 'frame', frame: [2, id, action, payload] })
    })
  }

  #note(frame: ToyFrame): void {
    this.#frames.push({ frame })
  }

  tell(input: ToyInput): void {
    const toy = this.#toy
    if (!toy) return
    const now = this.site.clock.now()
    for (const frame of 'variables' in toy ? tellStation(toy, input, now) : tellToy(toy, input, now)) this.#send(frame)
    this.#wake(toy)
  }

  #send(frame: ToyFrame): void {
    this.#note(frame)
    if (frame[0] === 3) return this.#pending.get(frame[1])?.answer(frame[2])
    if (frame[0] === 4) return this.#pending.get(frame[1])?.refuse(new CallErrorAnswer(frame[2], frame[3]))
    const [, id, action, payload] = frame
    const ends = this.#ends
    void ends?.hear(action, payload).then((answer) => {
      if (ends === this.#ends && answer.kind !== 'none') this.#answered(id, answer)
    })
  }

  #answered(id: string, answer: CallAnswer & { kind: 'result' | 'error' }): void {
    const frame: ToyFrame =
      answer.kind === 'result' ? [3, id, answer.payload as Payload] : [4, id, answer.code, answer.says, {}]
    this.#note(frame)
    this.tell({ type: 'frame', frame })
  }

  #wake(toy: Toy | Station): void {
    const { clock } = this.site
    const at = wakesOf(toy)
    if (at === Number.POSITIVE_INFINITY || at === this.#wakeAt) return
    this.#wakeAt = at
    clock.after(Math.max(0, at - clock.now()), () => {
      if (this.#wakeAt !== at) return
      this.#wakeAt = Number.POSITIVE_INFINITY
      this.tell({ type: 'tick' })
    })
  }

  plug = (): void => this.tell({ type: 'plug', connector: 1 })
  unplug = (): void => this.tell({ type: 'unplug', connector: 1 })
  tap = (idTag: string): void => this.tell({ type: 'tap', connector: 1, idTag })
  drive = (amps: number): void => this.tell({ type: 'drive', connector: 1, amps })

  /** A call of a charge point that is spoken for; answers the result, or what went wrong. */
  async call(action: string, payload: Payload): Promise<Payload> {
    const answering = this.#ends?.hear(action, payload)
    await this.site.clock.settle()
    const answer = await answering
    return answer?.kind === 'result' ? (answer.payload as Payload) : { kind: answer?.kind ?? 'not connected' }
  }

  says = (connectorStatus: string): Promise<Payload> =>
    this.call('StatusNotification', { evseId: 1, connectorId: 1, connectorStatus, timestamp: this.now() })

  /** One bay with a plate whose start was accepted by a charge point that is spoken for; its token and its number. */
  static async started(): Promise<{ scene: StationScene; idToken: string; remoteStartId: number }> {
    const scene = await StationScene.open('a voice')
    await scene.arrives()
    const [start] = scene.sent('RequestStartTransaction')
    invariant(start, 'a start was sent')
    const { idToken } = start['idToken'] as { idToken: string }
    return { scene, idToken, remoteStartId: Number(start['remoteStartId']) }
  }

  /** One TransactionEvent of tx-9 at EVSE 1. */
  event = (eventType: string, seqNo: number, more: Payload = {}, info: Payload = {}): Promise<Payload> =>
    this.call('TransactionEvent', {
      eventType,
      seqNo,
      timestamp: this.now(),
      triggerReason: 'ChargingStateChanged',
      evse: { id: 1 },
      transactionInfo: { transactionId: 'tx-9', ...info },
      ...more,
    })

  /** The meterValue of an event: a register in Wh. */
  energy = (value: number, context = 'Sample.Periodic'): Payload => ({
    meterValue: [{ timestamp: this.now(), sampledValue: [{ value, context }] }],
  })

  now = (): string => new Date(this.site.clock.now()).toISOString()

  /** Seconds go by; a parked vehicle is seen every five of them. */
  async passes(seconds: number): Promise<void> {
    for (let left = seconds; left > 0; left -= 5) {
      await this.#picture()
      await this.site.pass(Math.min(5, left) * 1_000)
    }
  }

  async #picture(): Promise<void> {
    const plate = this.#parked
    await this.site.camera('cam-1', {
      plates: plate === null ? [] : [{ bayId: 'bay-1', plate }],
      occupied: plate === null ? [] : ['bay-1'],
    })
  }

  /** A vehicle parks and is read. */
  async arrives(plate = 'AB12CDE'): Promise<void> {
    this.#parked = plate
    for (let frame = 0; frame < 3; frame += 1) {
      await this.#picture()
      await this.site.pass(300)
    }
    await this.passes(2)
  }

  /** It drives off, and the camera watches its empty bay. */
  async leaves(): Promise<void> {
    this.#parked = null
    await this.passes(60)
  }

  /** Payloads of berth's calls of one action. */
  sent = (action: string): readonly Payload[] => this.calls.filter((c) => c.action === action).map((c) => c.payload)
  state = (): string => this.site.state('bay-1')
  locked = (): boolean => {
    const bay = this.site.bay('bay-1')
    return bay !== undefined && isHeld(bay)
  }
  payer = (): string | null => this.site.bay('bay-1')?.visit?.payer?.accountId ?? null
  decided = (type: string): readonly Decision[] => this.site.decisions('bay-1', type)
  /** Records by what caused them. */
  facts = (type: string): readonly FactRecord[] =>
    this.site.journal.records.filter((record) => record.cause.type === type)
  status = (): string | undefined => this.site.bay('bay-1')?.connectors['CP-1/1']?.status ?? undefined
  /** Who was billed what, Wh. */
  bills = (): readonly (readonly [unknown, unknown])[] =>
    this.decided('SessionBilled').map((one) => [one['accountId'], one['energy_Wh']])
  transaction = (): string | null => this.site.bay('bay-1')?.connectors['CP-1/1']?.transaction?.transactionId ?? null
  /** What the specification has against anything that was said. */
  breaches = (): readonly string[] => (this.#version === 'ocpp1.6' ? [] : breaches(this.#version, this.#frames))
}
