import { expect } from 'vitest'
import { chargePointDesk } from '../../../actors/charge-point-desk.ts'
import { meterFeed } from '../../../actors/meter-feed.ts'
import { CallQueue } from '../../../actors/ocpp/call-queue.ts'
import { ChargePointLink } from '../../../actors/ocpp/charge-point-link.ts'
import { connectorTraits } from '../../../actors/ocpp/connector-traits.ts'
import { OcppCounters } from '../../../actors/ocpp/ocpp-counters.ts'
import { Ocpp16 } from '../../../actors/ocpp/ocpp16.ts'
import type { ChargePointProfile } from '../../../actors/ocpp/profiles/charge-point-profile.ts'
import { profileNamed } from '../../../actors/ocpp/profiles/default.ts'
import type { ChargePointDesk } from '../../../actors/ports.ts'
import { type TraitWatch, traitWatch } from '../../../actors/trait-watch.ts'
import { connectorKey, DEFAULT_POLICY } from '../../../machines/events.ts'
import { invariant } from '../../../machines/faults.ts'
import { isHeld } from '../../../machines/lock.ts'
import type { Decision, FactRecord } from '../../../machines/record.ts'
import { replaysTheSame } from '../../../simulations/rereading.ts'
import { toyKeys } from '../../../simulations/toy-keys.ts'
import { ToySite } from '../../../simulations/toy-site.ts'

type Payload = { readonly [key: string]: unknown }
type Ends = ReturnType<ChargePointLink['connect']>

/** One value of a MeterValues.req, with its measurand's usual unit unless `unit` says otherwise (null = none sent). */
export type Sampled = readonly [
  measurand: string,
  value: string | number,
  more?: { readonly unit?: string | null; readonly phase?: string; readonly context?: string },
]
const UNITS: { readonly [measurand: string]: string } = {
  'Current.Import': 'A',
  'Current.Export': 'A',
  'Power.Active.Import': 'W',
  'Energy.Active.Import.Register': 'Wh',
}

/**
 * One bay and one charge point that is spoken for frame by frame: production dialect, call queue, link, desk, meter feed and bay on a
 * toy clock, without sockets. The charge point's profile is named as in a site file.
 */
export class FrameScene {
  readonly site: ToySite
  /** Calls of berth's, in order. */
  readonly calls: { readonly action: string; readonly payload: Payload }[] = []
  /** What the charge point answers berth's calls, by action. */
  readonly answers: { [action: string]: Payload } = {
    RemoteStartTransaction: { status: 'Accepted' },
    RemoteStopTransaction: { status: 'Accepted' },
    TriggerMessage: { status: 'Accepted' },
    ChangeConfiguration: { status: 'Accepted' },
    GetConfiguration: { configurationKey: [] },
  }
  /** Answers in the place of `answers`. */
  onCall: ((action: string, payload: Payload) => Promise<Payload>) | null = null
  readonly counters = new OcppCounters()
  readonly traits: TraitWatch
  readonly profile: ChargePointProfile
  parked: string | null = null
  readonly #link: ChargePointLink
  #ends: Ends
  private constructor(name: string) {
    const profile = profileNamed(name)
    invariant(profile, `there is a profile ${name}`)
    this.profile = profile
    const keys = toyKeys()
    this.site = new ToySite({
      bays: [{ bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1 }] }],
      keys: { ...keys, startToken: (startId, visitId) => keys.startToken(startId, visitId, profile.tokenLength) },
      chargePoints: () => ({
        online: () => this.#link.online,
        start: (order) => dialect.start(order),
        stop: (order) => dialect.stop(order.transactionId),
        ask: (order) => dialect.ask(order.evse, order.about),
      }),
    })
    const { clock } = this.site
    let ids = 0
    const named = { next: (kind: string): string => `${kind}-f${++ids}` }
    this.traits = traitWatch({
      scribe: () => this.site.site,
      now: clock.now,
      profile: () => profile,
      failed: (cause) => {
        throw cause
      },
    })
    const desk: ChargePointDesk = chargePointDesk({
      site: () => this.site.site,
      ids: named,
      keys: this.site.keys,
      register: () => this.site.register,
      timezone: 'UTC',
      meters: meterFeed({
        clock,
        ids: named,
        policy: () => DEFAULT_POLICY,
        trusts: (connector) => this.site.bay('bay-1')?.connectors[connector]?.drawingBy,
      }),
      count: () => {},
      profile: () => profile,
      traits: this.traits,
    })
    const queue = new CallQueue(clock, 'CP-1', this.counters)
    const parts = { chargePointId: 'CP-1', clock, desk, queue, counters: this.counters, log: () => {} }
    const dialect = new Ocpp16({ ...parts, evses: [1], profile, answerWithin_ms: 30_000 })
    this.#link = new ChargePointLink({ ...parts, dialect })
    this.#ends = this.#dial()
  }

  #dial(): Ends {
    return this.#link.connect({
      buffered: () => 0,
      send: async (action, payload) => {
        this.calls.push({ action, payload: payload as Payload })
        return this.onCall?.(action, payload as Payload) ?? this.answers[action] ?? {}
      },
      close: () => {},
      destroy: () => {},
    })
  }

  /** A site whose charge point has this profile and has said nothing yet. */
  static async silent(profile: string): Promise<FrameScene> {
    const scene = new FrameScene(profile)
    await scene.site.open()
    await scene.site.tells('bay-1', {
      type: 'profile.adopted',
      id: 'profile',
      source: 'site-file',
      connectors: [
        connectorTraits(scene.profile, { connector: connectorKey('CP-1', 1), chargePointId: 'CP-1', evse: 1 }),
      ],
    })
    await scene.site.registers('AB12CDE', 'acc-1')
    return scene
  }

  /** A site whose charge point has booted, with this profile, and says Available. */
  static async open(profile: string, vendor = 'Acme', model = 'One'): Promise<FrameScene> {
    const scene = await FrameScene.silent(profile)
    await scene.boots(vendor, model)
    await scene.says('Available')
    return scene
  }

  /** The connection breaks and another one begins. */
  async redials(): Promise<void> {
    this.#ends.gone()
    await this.passes(5)
    this.#ends = this.#dial()
    await this.site.clock.settle()
  }

  /** A call of the charge point, answered when berth does. */
  hear = (action: string, payload: Payload) => this.#ends.hear(action, payload)

  /** A call of the charge point; answers the result, or what went wrong. */
  async call(action: string, payload: Payload): Promise<Payload> {
    const answering = this.#ends.hear(action, payload)
    await this.site.clock.settle()
    const answer = await answering
    return answer.kind === 'result' ? (answer.payload as Payload) : { kind: answer.kind }
  }

  boots = (chargePointVendor: string, chargePointModel: string) =>
    this.call('BootNotification', { chargePointVendor, chargePointModel })
  says = (status: string, more: Payload = {}) =>
    this.call('StatusNotification', { connectorId: 1, status, errorCode: 'NoError', timestamp: this.now(), ...more })

  now = (): string => new Date(this.site.clock.now()).toISOString()
  /** Seconds go by; a parked vehicle is seen every five of them. */
  async passes(seconds: number): Promise<void> {
    for (let left = seconds; left > 0; left -= 5) {
      await this.#picture()
      await this.site.pass(Math.min(5, left) * 1_000)
    }
  }

  async #picture(): Promise<void> {
    const plate = this.parked
    await this.site.camera('cam-1', {
      plates: plate === null ? [] : [{ bayId: 'bay-1', plate }],
      occupied: plate === null ? [] : ['bay-1'],
    })
  }

  /** The registered vehicle parks and is read. */
  async arrives(plate = 'AB12CDE'): Promise<void> {
    this.parked = plate
    for (let frame = 0; frame < 3; frame += 1) {
      await this.#picture()
      await this.site.pass(300)
    }
    await this.passes(1)
  }

  /** It drives off, and the camera watches its empty bay. */
  async leaves(): Promise<void> {
    this.parked = null
    await this.passes(45)
  }

  /** Payloads of berth's calls of one action. */
  sent = (action: string): readonly Payload[] =>
    this.calls.filter((call) => call.action === action).map((c) => c.payload)
  /** The token of the newest start. */
  token = (): string => String(this.sent('RemoteStartTransaction').at(-1)?.['idTag'])

  /** StartTransaction, with the newest start's token unless another is named; answers the transaction id. */
  async begins(meterStart: number, more: Payload = {}): Promise<number> {
    const answer = await this.call('StartTransaction', {
      connectorId: 1,
      idTag: this.token(),
      meterStart,
      timestamp: this.now(),
      ...more,
    })
    return Number(answer['transactionId'])
  }

  ends = (transactionId: number, meterStop: number, more: Payload = {}) =>
    this.call('StopTransaction', { transactionId, meterStop, timestamp: this.now(), reason: 'Local', ...more })

  /** MeterValues of one moment. */
  measures(values: readonly Sampled[], transactionId?: number): Promise<Payload> {
    const sampledValue = values.map(([measurand, value, { unit, phase, context = 'Sample.Periodic' } = {}]) => ({
      measurand,
      value: String(value),
      context,
      ...(unit === null ? {} : { unit: unit ?? UNITS[measurand] }),
      ...(phase === undefined ? {} : { phase }),
    }))
    return this.call('MeterValues', {
      connectorId: 1,
      ...(transactionId === undefined ? {} : { transactionId }),
      meterValue: [{ timestamp: this.now(), sampledValue }],
    })
  }

  /** So many seconds of samples, one every ten; `values` makes each from the seconds gone by. */
  async meters(
    seconds: number,
    values: (passed_s: number) => readonly Sampled[],
    transactionId?: number,
  ): Promise<void> {
    for (let passed = 10; passed <= seconds; passed += 10) {
      await this.passes(10)
      await this.measures(values(passed), transactionId)
    }
  }

  state = (): string => this.site.state('bay-1')
  locked = (): boolean => isHeld(this.bay())
  bay = () => {
    const bay = this.site.bay('bay-1')
    invariant(bay, 'there is a bay')
    return bay
  }
  connector = () => {
    const connector = this.bay().connectors['CP-1/1']
    invariant(connector, 'the bay has its connector')
    return connector
  }
  payer = (): string | null => this.bay().visit?.payer?.accountId ?? null
  decided = (type: string): readonly Decision[] => this.site.decisions('bay-1', type)
  bills = (): readonly Decision[] => this.decided('SessionBilled')
  /** What signals were said against each other: `register-still`. */
  quarrels = (type: 'ContradictionNoticed' | 'ContradictionResolved' = 'ContradictionNoticed'): readonly unknown[] =>
    this.decided(type)
      .filter((one) => one['kind'] === 'signals')
      .map((one) => one['says'])
  alarms = (): readonly string[] => this.site.alarmKinds()
  told = (): readonly string[] =>
    this.site.effects
      .filter((effect) => effect.type === 'tell.driver')
      .map((effect) => `${effect['message']} (${effect['reason']})`)
  facts = (type: string): readonly FactRecord[] =>
    this.site.journal.records.filter((record) => record.cause.type === type)
}

/** A vehicle read and a start sent; the plug follows. */
export async function started(profile: string, meterStart: number): Promise<{ scene: FrameScene; id: number }> {
  const scene = await FrameScene.open(profile)
  await scene.arrives()
  await scene.says('Preparing')
  const id = await scene.begins(meterStart)
  return { scene, id }
}

/** The charge ends, the vehicle leaves, and the journal alone says the same. */
export async function departs(scene: FrameScene): Promise<void> {
  await scene.says('Available')
  await scene.leaves()
  expect(scene.state()).toBe('vacant')
  await replaysTheSame(scene.site)
}

/** Watt-hours after so many seconds at so many amperes over 230 V. */
export const Wh = (from: number, amps: number, seconds: number): number =>
  Math.round(from + (amps * 230 * seconds) / 3_600)
