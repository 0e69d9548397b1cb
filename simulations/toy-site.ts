import { authorizer } from '../actors/authorizer.ts'
import type { CameraRead } from '../actors/camera-desk.ts'
import { chargePointDesk } from '../actors/charge-point-desk.ts'
import { dispatcher } from '../actors/dispatch.ts'
import { meterFeed } from '../actors/meter-feed.ts'
import { plateFeed, type PlateFeed } from '../actors/plate-feed.ts'
import type { ChargePointDesk, ChargePoints, Keys, StartOrder } from '../actors/ports.ts'
import { type BayPlan, Site } from '../actors/site.ts'
import { type CommandType, connectorKey, DEFAULT_POLICY, type Json, type Observation, type Policy } from '../machines/events.ts'
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

export type ToySiteOptions = {
  readonly bays: readonly { readonly bayId: string; readonly connectors: readonly { readonly chargePointId: string; readonly evse: number }[]; readonly cameras?: readonly string[] }[]
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
  readonly orders: { readonly type: 'start' | 'stop' | 'ask'; readonly chargePointId: string; readonly idToken?: string; readonly evse?: number; readonly transactionId?: string }[]
  /** Effects carried out, in order. */
  readonly effects: Effect[] = []
  readonly alarms = new Map<string, Effect>()
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
    this.journal = toyJournal('toy', () => this.clock.now(), from?.journal.records ?? [])
    const ids = { next: (kind: string): string => `${kind}-${++this.#ids}` }
    const plans = this.#plans()
    const carryOut = dispatcher({
      site: () => this.site, ids, keys: this.keys, chargePoints: this.#chargePoints(), tokenLength: () => 16, firstVisit: () => false,
      authorize: authorizer({ register: () => this.register, timezone: 'UTC', clock: this.clock }), failed: () => {},
    })
    this.site = new Site({
      journal: this.journal, clock: this.clock, ids, bays: plans, store: () => {}, committed: () => {},
      heard: (record, live) => this.#heard(record, live),
      carryOut: (effect, record) => {
        this.effects.push(effect)
        carryOut(effect, record)
      },
    })
    const policy = (): Policy => this.#policy()
    this.feed = plateFeed({
      clock: this.clock, keys: this.keys, ids, policy, count: () => {},
      zones: () => plans.flatMap((plan) => plan.zones.map((zone) => ({ ...zone, bayId: plan.bayId }))),
      deliver: async (bayId, told, personal) => void (await this.site.tell(bayId, told, personal)),
    })
    const meters = meterFeed({ clock: this.clock, ids, policy })
    this.desk = chargePointDesk({ site: () => this.site, ids, keys: this.keys, register: () => this.register, timezone: 'UTC', meters, count: () => {} })
  }

  #policy = (): Policy => ({ ...DEFAULT_POLICY, ...this.#options.policy })

  #plans(): BayPlan[] {
    const all = this.#options.bays.flatMap((bay) => bay.connectors.map((one) => connectorKey(one.chargePointId, one.evse)))
    return this.#options.bays.map((bay, index, bays) => ({
      bayId: bay.bayId, policy: this.#policy(),
      connectors: bay.connectors.map((one) => {
        const connector = connectorKey(one.chargePointId, one.evse)
        const shared = bay.connectors.length > 1 || all.filter((key) => key === connector).length > 1
        return { connector, ...one, connectionTimeout_s: 60, startOn: shared ? ('plug' as const) : ('validation' as const) }
      }),
      // Bays side by side in one picture, each with its share of the width.
      zones: (bay.cameras ?? ['cam-1']).map((cameraId) => ({ cameraId, polygon: [[index / bays.length, 0.2], [(index + 1) / bays.length, 0.2], [(index + 1) / bays.length, 1], [index / bays.length, 1]] as const })),
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
      ask: async ({ chargePointId, evse }) => {
        this.orders.push({ type: 'ask', chargePointId, evse })
        return 'accepted'
      },
    }
  }

  async #start(order: StartOrder): Promise<'accepted' | 'rejected'> {
    while (this.answerStart === 'offline') {
      if (this.clock.now() >= order.deadline) throw new Fault('CHARGE_POINT_OFFLINE')
      await new Promise<void>((go) => void this.clock.after(500, go))
      if (order.withdrawn()) throw new Fault('CALL_CANCELLED')
    }
    if (order.withdrawn()) throw new Fault('CALL_CANCELLED')
    if (this.clock.now() >= order.deadline) throw new Fault('CHARGE_POINT_OFFLINE')
    this.orders.push({ type: 'start', chargePointId: order.chargePointId, evse: order.evse, idToken: order.idToken })
    if (this.answerStart === 'silent') throw new Fault('CHARGE_POINT_SILENT')
    return this.answerStart as 'accepted' | 'rejected'
  }

  #heard(record: FactRecord, live: boolean): void {
    if (record.stream === 'register') foldRegister(this.register, record)
    for (const effect of record.effects) {
      if (effect.type === 'raise.alarm') this.alarms.set(String(effect['alarm']), effect)
      if (effect.type === 'clear.alarm') for (const [kind, raised] of this.alarms) if (raised['alarmId'] === effect['alarmId']) this.alarms.delete(kind)
    }
    if (live && record.bayId !== null && record.decisions.some((decision) => decision.type === 'VisitEnded')) this.feed.restart(record.bayId)
  }

  /** Rebuilds from the journal and begins. */
  async open(): Promise<this> {
    const downSince = await this.site.rebuild()
    const started = this.site.start(downSince)
    await this.clock.settle()
    await started
    return this
  }

  /** The process dies: nothing but the journal is left, and a new one begins. */
  async crash(): Promise<ToySite> {
    await this.site.close().catch(() => {})
    return new ToySite({ ...this.#options, from: this }).open()
  }

  pass = (ms: number): Promise<void> => this.clock.pass(ms)

  async registers(plate: string, accountId: string, fields: { readonly [key: string]: Json } = {}): Promise<void> {
    await this.#write([
      { type: 'account.changed', accountId, status: 'active', confirm: 'never' },
      { type: 'vehicle.registered', handle: this.keys.vehicle(fold(plate)), accountId, fleet: null, hasAlias: false, validFrom: null, validTo: null, hours: null, blocked: false, ...fields },
    ])
  }

  async registersCard(idToken: string, accountId: string): Promise<void> {
    await this.#write([
      { type: 'account.changed', accountId, status: 'active', confirm: 'never' },
      { type: 'token.registered', handle: this.keys.card(idToken), accountId, validFrom: null, validTo: null, blocked: false },
    ])
  }

  async #write(causes: readonly { readonly type: string; readonly [key: string]: Json }[]): Promise<void> {
    const done = this.site.write(causes.map((cause) => ({ stream: 'register', cause, decisions: [], personal: {} })))
    await this.clock.settle()
    await done
  }

  /** One message of a camera; `plates` in the middle of their bays. */
  async camera(cameraId: string, message: { readonly plates?: readonly { readonly bayId: string; readonly plate: string; readonly confidence?: number; readonly id?: string; readonly x?: number }[]; readonly occupied?: readonly string[]; readonly frame?: string; readonly capturedAt?: number }): Promise<void> {
    const bays = this.#options.bays
    const middle = (bayId: string): number => (bays.findIndex((bay) => bay.bayId === bayId) + 0.5) / bays.length
    const reads: CameraRead[] = (message.plates ?? []).map(({ bayId, plate, confidence = 0.9, id, x }) => ({
      id: id ?? null, plate, confidence, characters: [...plate].map(() => confidence), box: [(x ?? middle(bayId)) - 0.02, 0.6, 0.04, 0.04], frame: null, capturedAt: null,
    }))
    const vehicles = message.occupied?.map((bayId) => ({ box: [middle(bayId) - 0.05, 0.4, 0.1, 0.3] as const }))
    const seen = this.feed.see({ cameraId, reads, ...(vehicles ? { vehicles } : {}), frame: message.frame ?? `f-${++this.#ids}`, capturedAt: message.capturedAt ?? this.clock.now(), reader: 'device' })
    await this.clock.settle()
    await seen.catch(() => {})
  }

  /** What a charge point says; answers what berth answers, or `unanswered` where nothing became durable. */
  async hear(news: Parameters<ChargePointDesk['hear']>[0]): Promise<{ status: string; transactionId: string | null }> {
    const heard = this.desk.hear(news).catch(() => ({ status: 'unanswered', transactionId: null }))
    await this.clock.settle()
    return heard
  }

  async tells(bayId: string, told: Observation): Promise<void> {
    const done = this.site.tell(bayId, told).catch(() => null)
    await this.clock.settle()
    await done
  }

  operator(bayId: string, command: CommandType, fields: { readonly [key: string]: Json } = {}): Promise<void> {
    return this.tells(bayId, { type: 'operator.commanded', id: `cmd-${++this.#ids}`, source: 'operator', command, by: 'op', ...fields } as Observation)
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
    this.journal.records.filter((record) => record.bayId === bayId).flatMap((record) => record.decisions).filter((one) => type === undefined || one.type === type)
  starts = (): readonly { readonly idToken?: string; readonly chargePointId: string; readonly evse?: number }[] => this.orders.filter((order) => order.type === 'start')
}
