import { authorizer } from '../actors/authorizer.ts'
import type { CameraRead } from '../actors/camera-desk.ts'
import { chargePointDesk } from '../actors/charge-point-desk.ts'
import { dispatcher } from '../actors/dispatch.ts'
import { meterFeed } from '../actors/meter-feed.ts'
import { type PlateFeed, plateFeed } from '../actors/plate-feed.ts'
import type { ChargePointDesk, ChargePoints, Clock, Keys, Polygon, StartOrder } from '../actors/ports.ts'
import { type BayPlan, Site } from '../actors/site.ts'
import {
  type CommandType,
  connectorKey,
  DEFAULT_POLICY,
  type Json,
  type Observation,
  type Policy,
} from '../machines/events.ts'
import { Fault } from '../machines/faults.ts'
import { fold } from '../machines/plate.ts'
import type { Effect, FactRecord } from '../machines/record.ts'
import { emptyRegister, foldRegister, type Register } from '../machines/register.ts'
import { pathOf } from '../machines/step.ts'
import { type ToyClock, toyClock } from './toy-clock.ts'
import { type ToyJournal, toyJournal } from './toy-journal.ts'
import { toyKeys } from './toy-keys.ts'

/** How toy charge points answer a start: a word, silence, or never reached. */
export type StartAnswer = 'accepted' | 'rejected' | 'silent' | 'offline'

/** One bay: its connectors, its cameras (default `cam-1`), and its zone where it is not simply its share of the picture's width. */
export type ToyBay = {
  readonly bayId: string
  readonly connectors: readonly {
    readonly chargePointId: string
    readonly evse: number
    readonly startOn?: 'validation' | 'plug'
  }[]
  readonly cameras?: readonly string[]
  readonly zone?: Polygon
}

/** One message of a toy camera; plates lie in the middle of their bay unless `x` (0..1 of the width) says where, or null: no box at all. */
export type ToyPicture = {
  readonly plates?: readonly {
    readonly bayId: string
    readonly plate: string
    readonly confidence?: number
    readonly id?: string
    readonly x?: number | null
  }[]
  readonly occupied?: readonly string[]
  readonly frame?: string
  readonly capturedAt?: number
  readonly retained?: boolean
}

export type ToySiteOptions = {
  readonly bays: readonly ToyBay[]
  readonly policy?: Partial<Policy>
  /** What an earlier run left: the same journal, clock and keys after a crash. */
  readonly from?: ToySite
}

/** The moment at which toy runs begin, ms since 1970. */
export const TOY_START = Date.parse('2026-11-22T10:00:00.000Z')

/**
 * A whole site in memory: production bays, claims, routing, feeds, desks and dispatcher on a toy clock, journal, key store and charge
 * points. Charge points are spoken for by `hear`; what berth orders of them is in `orders`.
 */
export class ToySite {
  readonly clock: ToyClock
  readonly journal: ToyJournal
  readonly keys: Keys
  readonly site: Site
  readonly feed: PlateFeed
  readonly desk: ChargePointDesk
  readonly register: Register = emptyRegister()
  /** Every order that reached a charge point, in order. */
  readonly orders: {
    readonly type: 'start' | 'stop' | 'ask'
    readonly chargePointId: string
    readonly idToken?: string
    readonly evse?: number
    readonly transactionId?: string
    readonly about?: 'status' | 'meter'
  }[]
  /** Effects carried out, in order. */
  readonly effects: Effect[] = []
  readonly alarms = new Map<string, Effect>()
  /** What desks counted, by name. */
  readonly counts = new Map<string, number>()
  answerStart: StartAnswer = 'accepted'
  readonly #options: ToySiteOptions
  #ids = 0

  constructor(options: ToySiteOptions) {
    this.#options = options
    const { from } = options
    this.clock = from?.clock ?? toyClock(TOY_START)
    this.keys = from?.keys ?? toyKeys()
    this.orders = from?.orders ?? []
    this.#ids = from ? from.#ids + 1000 : 0
    this.answerStart = from?.answerStart ?? 'accepted'
    this.journal = toyJournal('toy', () => this.clock.now(), from?.journal.records ?? [])
    const clock = this.#own()
    const count = (name: string): void => void this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
    const ids = { next: (kind: string): string => `${kind}-${++this.#ids}` }
    const plans = this.#plans()
    const carryOut = dispatcher({
      site: () => this.site,
      ids,
      keys: this.keys,
      chargePoints: this.#chargePoints(),
      tokenLength: () => 16,
      firstVisit: () => false,
      authorize: authorizer({ register: () => this.register, timezone: 'UTC', clock }),
      failed: () => {},
    })
    this.site = new Site({
      journal: this.journal,
      clock,
      ids,
      bays: plans,
      store: () => {},
      committed: () => {},
      heard: (record, live) => this.#heard(record, live),
      carryOut: (effect, record) => {
        this.effects.push(effect)
        carryOut(effect, record)
      },
    })
    const policy = (): Policy => this.#policy()
    this.feed = plateFeed({
      clock,
      keys: this.keys,
      ids,
      policy,
      count,
      zones: () => plans.flatMap((plan) => plan.zones.map((zone) => ({ ...zone, bayId: plan.bayId }))),
      deliver: async (bayId, told, personal) => void (await this.site.tell(bayId, told, personal)),
    })
    const meters = meterFeed({ clock, ids, policy })
    this.desk = chargePointDesk({
      site: () => this.site,
      ids,
      keys: this.keys,
      register: () => this.register,
      timezone: 'UTC',
      meters,
      count,
    })
  }

  /** This process's clock: what it waits for dies with it. */
  #own(): Clock {
    return {
      now: this.clock.now,
      after: (delay, run) => this.clock.after(delay, () => (this.journal.dead ? undefined : run())),
    }
  }

  #policy = (): Policy => ({ ...DEFAULT_POLICY, ...this.#options.policy })

  #plans(): BayPlan[] {
    const all = this.#options.bays.flatMap((bay) =>
      bay.connectors.map((one) => connectorKey(one.chargePointId, one.evse)),
    )
    return this.#options.bays.map((bay, index, bays) => ({
      bayId: bay.bayId,
      policy: this.#policy(),
      connectors: bay.connectors.map((one) => {
        const connector = connectorKey(one.chargePointId, one.evse)
        const shared = bay.connectors.length > 1 || all.filter((key) => key === connector).length > 1
        const { chargePointId, evse, startOn = shared ? 'plug' : 'validation' } = one
        return { connector, chargePointId, evse, connectionTimeout_s: 60, startOn }
      }),
      // Bays side by side in one picture, each with its share of the width.
      zones: (bay.cameras ?? ['cam-1']).map((cameraId) => ({
        cameraId,
        polygon:
          bay.zone ??
          ([
            [index / bays.length, 0.2],
            [(index + 1) / bays.length, 0.2],
            [(index + 1) / bays.length, 1],
            [index / bays.length, 1],
          ] as const),
      })),
    }))
  }

  #chargePoints(): ChargePoints {
    return {
      online: () => this.answerStart !== 'offline',
      start: (order) => this.#start(order),
      stop: async (order) => {
        this.orders.push({ type: 'stop', ...order })
        return 'accepted'
      },
      ask: async ({ chargePointId, evse, about }) => {
        this.orders.push({ type: 'ask', chargePointId, evse, about })
        return 'accepted'
      },
    }
  }

  async #start(order: StartOrder): Promise<'accepted' | 'rejected'> {
    while (this.answerStart === 'offline') {
      if (this.clock.now() >= order.deadline) throw new Fault('CHARGE_POINT_OFFLINE')
      await new Promise<void>((go) => void this.#own().after(500, go))
      if (order.withdrawn()) throw new Fault('CALL_CANCELLED')
    }
    if (order.withdrawn()) throw new Fault('CALL_CANCELLED')
    if (this.journal.dead) return new Promise(() => {})
    if (this.clock.now() >= order.deadline) throw new Fault('CHARGE_POINT_OFFLINE')
    this.orders.push({ type: 'start', chargePointId: order.chargePointId, evse: order.evse, idToken: order.idToken })
    if (this.answerStart === 'silent') throw new Fault('CHARGE_POINT_SILENT')
    return this.answerStart as 'accepted' | 'rejected'
  }

  #heard(record: FactRecord, live: boolean): void {
    if (record.stream === 'register') foldRegister(this.register, record)
    for (const effect of record.effects) {
      if (effect.type === 'raise.alarm') this.alarms.set(String(effect['alarm']), effect)
      if (effect.type === 'clear.alarm')
        for (const [kind, raised] of this.alarms) if (raised['alarmId'] === effect['alarmId']) this.alarms.delete(kind)
    }
    if (live && record.bayId !== null && record.decisions.some((decision) => decision.type === 'VisitEnded'))
      this.feed.restart(record.bayId)
  }

  /** Rebuilds from the journal and begins. */
  async open(): Promise<this> {
    const downSince = await this.site.rebuild()
    await this.#whileAlive(this.site.start(downSince), undefined)
    this.#tick()
    return this
  }

  /** Once a second, as the production site does: cameras that fell silent, plates that are gone. */
  #tick(): void {
    this.#own().after(1000, () => {
      this.feed.tick()
      this.#tick()
    })
  }

  /** The process dies: nothing but the journal and the keys are left, and a new one begins. */
  async crash(): Promise<ToySite> {
    this.journal.dead = true
    return new ToySite({ ...this.#options, from: this }).open()
  }

  /** A second site read from the same records, which never begins: what the journal alone says. */
  async reread(): Promise<ToySite> {
    const again = new ToySite({ ...this.#options, from: this })
    await again.site.rebuild()
    return again
  }

  /** Lets everything due now happen; `otherwise` where the process died meanwhile and nobody answers. */
  async #whileAlive<T>(work: Promise<T>, otherwise: T): Promise<T> {
    await this.clock.settle()
    return this.journal.dead ? otherwise : work
  }

  pass = (ms: number): Promise<void> => this.clock.pass(ms)

  async registers(plate: string, accountId: string, fields: { readonly [key: string]: Json } = {}): Promise<void> {
    await this.#write([
      { type: 'account.changed', accountId, status: 'active', confirm: 'never' },
      {
        type: 'vehicle.registered',
        handle: this.keys.vehicle(fold(plate)),
        accountId,
        fleet: null,
        hasAlias: false,
        validFrom: null,
        validTo: null,
        hours: null,
        blocked: false,
        ...fields,
      },
    ])
  }

  /** The account may not charge any more. */
  blocks = (accountId: string): Promise<void> =>
    this.#write([{ type: 'account.changed', accountId, status: 'blocked', confirm: 'never' }])

  async registersCard(idToken: string, accountId: string): Promise<void> {
    await this.#write([
      { type: 'account.changed', accountId, status: 'active', confirm: 'never' },
      {
        type: 'token.registered',
        handle: this.keys.card(idToken),
        accountId,
        validFrom: null,
        validTo: null,
        blocked: false,
      },
    ])
  }

  async #write(causes: readonly { readonly type: string; readonly [key: string]: Json }[]): Promise<void> {
    const written = this.site.write(causes.map((cause) => ({ stream: 'register', cause, decisions: [], personal: {} })))
    await this.#whileAlive(written, [])
  }

  /** One message of a camera. */
  async camera(cameraId: string, message: ToyPicture): Promise<void> {
    const bays = this.#options.bays
    const middle = (bayId: string): number => (bays.findIndex((bay) => bay.bayId === bayId) + 0.5) / bays.length
    const reads: CameraRead[] = (message.plates ?? []).map(({ bayId, plate, confidence = 0.9, id, x }) => ({
      id: id ?? null,
      plate,
      confidence,
      characters: [...plate].map(() => confidence),
      box: x === null ? null : [(x ?? middle(bayId)) - 0.02, 0.6, 0.04, 0.04],
      frame: null,
      capturedAt: null,
    }))
    const vehicles = message.occupied?.map((bayId) => ({ box: [middle(bayId) - 0.05, 0.4, 0.1, 0.3] as const }))
    const frame = message.frame ?? `f-${++this.#ids}`
    const seen = this.feed.see({
      cameraId,
      reads,
      ...(vehicles ? { vehicles } : {}),
      frame,
      capturedAt: message.capturedAt ?? this.clock.now(),
      reader: 'device',
      ...(message.retained ? { retained: true } : {}),
    })
    await this.#whileAlive(
      seen.catch(() => {}),
      undefined,
    )
  }

  /** What a charge point says; answers what berth answers, or `unanswered` where nothing became durable. */
  async hear(news: Parameters<ChargePointDesk['hear']>[0]): Promise<{ status: string; transactionId: string | null }> {
    const unanswered = { status: 'unanswered', transactionId: null }
    return this.#whileAlive(
      this.desk.hear(news).catch(() => unanswered),
      unanswered,
    )
  }

  /** Tells a bay something; answers whether it became durable. */
  async tells(bayId: string, told: Observation): Promise<boolean> {
    return this.#whileAlive(
      this.site.tell(bayId, told).then(
        () => true,
        () => false,
      ),
      false,
    )
  }

  operator(bayId: string, command: CommandType, fields: { readonly [key: string]: Json } = {}): Promise<boolean> {
    return this.tells(bayId, {
      type: 'operator.commanded',
      id: `cmd-${++this.#ids}`,
      source: 'operator',
      command,
      by: 'op',
      ...fields,
    } as Observation)
  }

  /** `authorizing.fallback`. */
  state(bayId: string): string {
    const host = this.site.hosts.get(bayId)
    if (!host) return 'unknown'
    const { state, detail } = pathOf(host.snapshot.value)
    return state === detail ? state : `${state}.${detail}`
  }

  bay = (bayId: string) => this.site.bay(bayId)
  /** Decisions of a bay so far, by type. */
  decisions = (bayId: string, type?: string): { readonly type: string; readonly [field: string]: Json | undefined }[] =>
    this.journal.records
      .filter((record) => record.bayId === bayId)
      .flatMap((record) => record.decisions)
      .filter((one) => type === undefined || one.type === type)
  starts = (): readonly { readonly idToken?: string; readonly chargePointId: string; readonly evse?: number }[] =>
    this.orders.filter((order) => order.type === 'start')
}
