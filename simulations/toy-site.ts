import { authorizer } from '../actors/authorizer.ts'
import type { CameraRead } from '../actors/camera-desk.ts'
import { chargePointDesk } from '../actors/charge-point-desk.ts'
import { dispatcher } from '../actors/dispatch.ts'
import { type Erasures, erasures } from '../actors/erasures.ts'
import { meterFeed } from '../actors/meter-feed.ts'
import { gated } from '../actors/outbound-gate.ts'
import { type PlateFeed, plateFeed } from '../actors/plate-feed.ts'
import type { PlateNewsPorts } from '../actors/plate-news.ts'
import type { ChargePointDesk, ChargePoints, Clock, Keys, Polygon, StartOrder } from '../actors/ports.ts'
import { restartsReads } from '../actors/read-restarts.ts'
import { Site } from '../actors/site.ts'
import type { CameraClock } from '../machines/age.ts'
import { type CommandType, DEFAULT_POLICY, type Json, type Observation, type Policy } from '../machines/events.ts'
import { Fault } from '../machines/faults.ts'
import { fold } from '../machines/plate.ts'
import type { Cause, Draft, Effect, FactRecord } from '../machines/record.ts'
import { emptyRegister, foldRegister, type Register } from '../machines/register.ts'
import { pathOf } from '../machines/step.ts'
import { type ToyBay, toyPlans } from './toy-bays.ts'
import { type ToyClock, toyClock } from './toy-clock.ts'
import { type ToyJournal, toyJournal } from './toy-journal.ts'
import { toyKeys } from './toy-keys.ts'
import type { ToyOrder } from './toy-order.ts'
import type { ToyPicture } from './toy-picture.ts'

/** How toy charge points answer a start: a word, silence, or never reached. */
export type StartAnswer = 'accepted' | 'rejected' | 'silent' | 'offline'

/** `seed` varies what must not matter: the hour at which the run begins, handles, tokens and ids. `keys`: another key store than a toy. */
export type ToySiteOptions = {
  readonly bays: readonly ToyBay[]
  readonly policy?: Partial<Policy>
  readonly seed?: number
  readonly keys?: Keys
  /** Hears each batch of records that became durable, as it does. */
  readonly written?: (drafts: readonly Draft[]) => void
  /** Cameras' clocks as an earlier process knew them. */
  readonly knownClock?: (cameraId: string) => CameraClock | null
  /** Polygons by camera in which no plate can be. */
  readonly masks?: { readonly [cameraId: string]: readonly Polygon[] }
  /** Charge points that orders go to instead of the toy's answers to a start. */
  readonly chargePoints?: (site: ToySite) => ChargePoints
  /** What takes a picture to the feed instead of the toy's own message: real pixels, through a real reader. */
  readonly eye?: (site: ToySite) => ToyEye
  /** How far a text is trusted; absent = nobody judges it. */
  readonly trust?: (site: ToySite) => Pick<PlateNewsPorts, 'chance' | 'crowd'>
  /** What an earlier run left: the same journal, clock and keys after a crash. */
  readonly from?: ToySite
}

/** Shows a camera one picture; resolves when all that it said is durable. */
export type ToyEye = (cameraId: string, picture: ToyPicture) => Promise<void>

/** The moment at which toy runs begin, ms since 1970; a seed moves it within a year. */
export const TOY_START = Date.parse('2026-11-22T10:00:00.000Z')
const startOf = (seed: number): number => TOY_START + ((seed * 2_654_435_761) % 31_536_000_000)

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
  readonly erasures: Erasures
  readonly register: Register = emptyRegister()
  /** Every order that reached a charge point, in order. */
  readonly orders: ToyOrder[]
  /** Effects carried out, in order. */
  readonly effects: Effect[] = []
  /** Alarms that are open, by alarmId. */
  readonly alarms = new Map<string, Effect>()
  alarmKinds = (): readonly string[] =>
    [...new Set([...this.alarms.values()].map((one) => String(one['alarm'])))].sort()
  /** What desks counted, by name. */
  readonly counts = new Map<string, number>()
  answerStart: StartAnswer = 'accepted'
  readonly #options: ToySiteOptions
  readonly #eye: ToyEye | null
  #ids = 0

  constructor(options: ToySiteOptions) {
    this.#options = options
    const { from, seed = 0 } = options
    this.clock = from?.clock ?? toyClock(startOf(seed))
    this.keys = from?.keys ?? options.keys ?? toyKeys(seed)
    this.orders = from?.orders ?? []
    this.#ids = from ? from.#ids + 1000 : seed * 100_000
    this.answerStart = from?.answerStart ?? 'accepted'
    this.journal = toyJournal('toy', this.clock.now, from?.journal.records ?? [], options.written)
    const clock = this.#own()
    const count = (name: string): void => void this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
    const ids = { next: (kind: string): string => `${kind}-${++this.#ids}` }
    const plans = toyPlans(options.bays, this.#policy())
    const carryOut = dispatcher({
      site: () => this.site,
      ids,
      keys: this.keys,
      chargePoints: options.chargePoints?.(this) ?? this.#chargePoints(),
      tokenLength: () => 16,
      firstVisit: () => false,
      authorize: authorizer({ register: () => this.register, timezone: 'UTC', clock }),
      erase: (effect) => this.erasures.carryOut(effect),
      failed: () => {},
    })
    this.erasures = erasures({
      site: () => this.site,
      ids,
      erase: (handle) => this.keys.destroy(handle),
      leaves: (handle) => (this.register.vehicles.has(handle) ? { type: 'vehicle.removed', handle } : null),
      forget: (handle) => this.feed.forget((text) => this.keys.findVehicle(fold(text)) === handle),
    })
    this.site = new Site({
      journal: this.journal,
      clock,
      ids,
      bays: plans,
      store: () => {},
      committed: () => {},
      heard: (record, live) => this.#heard(record, live),
      carryOut: this.#gated(carryOut, count),
    })
    const policy = (): Policy => this.#policy()
    this.feed = plateFeed({
      knownClock: options.knownClock ?? (() => null),
      masks: (cameraId) => options.masks?.[cameraId] ?? [],
      clock,
      keys: this.keys,
      ids,
      policy,
      count,
      zones: () => plans.flatMap((plan) => plan.zones.map((zone) => ({ ...zone, bayId: plan.bayId }))),
      deliver: async (bayId, told, personal) => void (await this.site.tell(bayId, told, personal)),
      ...options.trust?.(this),
    })
    this.#eye = options.eye?.(this) ?? null
    const trusts = (key: string) => plans.flatMap((plan) => plan.connectors).find((c) => c.connector === key)?.drawingBy
    const meters = meterFeed({ clock, ids, policy, trusts })
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
      now: () => this.clock.now(),
      after: (delay, run) => this.clock.after(delay, () => (this.journal.dead ? undefined : run())),
    }
  }

  #gated = (carryOut: (effect: Effect, record: FactRecord) => void, count: (name: string) => void) =>
    gated(
      (effect, record) => {
        this.effects.push(effect)
        carryOut(effect, record)
      },
      (bayId) => this.site.bay(bayId),
      (effect) => count(`effect_held_${effect.type}`),
    )

  #policy = (): Policy => ({ ...DEFAULT_POLICY, ...this.#options.policy })

  #sent(order: Omit<ToyOrder, 'at' | 'after'>): void {
    this.orders.push({ ...order, at: this.clock.now(), after: this.journal.records.length })
  }

  #chargePoints(): ChargePoints {
    return {
      online: () => this.answerStart !== 'offline',
      start: (order) => this.#start(order),
      stop: async (order) => {
        this.#sent({ type: 'stop', ...order })
        return 'accepted'
      },
      ask: async ({ chargePointId, evse, about }) => {
        this.#sent({ type: 'ask', chargePointId, evse, about })
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
    this.#sent({ type: 'start', chargePointId: order.chargePointId, evse: order.evse, idToken: order.idToken })
    if (this.answerStart === 'silent') throw new Fault('CHARGE_POINT_SILENT')
    return this.answerStart as 'accepted' | 'rejected'
  }

  #heard(record: FactRecord, live: boolean): void {
    this.erasures.hear(record, live)
    if (record.stream === 'register') foldRegister(this.register, record)
    for (const effect of record.effects) {
      if (effect.type === 'raise.alarm') this.alarms.set(String(effect['alarmId']), effect)
      if (effect.type === 'clear.alarm') this.alarms.delete(String(effect['alarmId']))
    }
    if (live && record.bayId !== null && restartsReads(record)) this.feed.restart(record.bayId)
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
      this.site.tick()
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
    const handle = this.keys.vehicle(fold(plate))
    const validity = { validFrom: null, validTo: null, hours: null, blocked: false }
    const vehicle = {
      type: 'vehicle.registered',
      handle,
      accountId,
      fleet: null,
      hasAlias: false,
      ...validity,
      ...fields,
    }
    await this.#write([this.#active(accountId), { ...vehicle }], { [handle]: { plate } })
  }

  #active = (accountId: string) => ({ type: 'account.changed', accountId, status: 'active', confirm: 'never' })

  /** The account may not charge any more. */
  blocks = (accountId: string): Promise<void> => this.#write([{ ...this.#active(accountId), status: 'blocked' }])

  async registersCard(idToken: string, accountId: string): Promise<void> {
    const handle = this.keys.card(idToken)
    const card = { type: 'token.registered', handle, accountId, validFrom: null, validTo: null, blocked: false }
    await this.#write([this.#active(accountId), card], { [handle]: { idToken } })
  }

  /** `personal` belongs to the last of them. */
  async #write(causes: readonly Cause[], personal: { readonly [subject: string]: Json } = {}): Promise<void> {
    const entries = causes.map((cause) => ({
      stream: 'register',
      cause,
      decisions: [],
      personal: cause === causes.at(-1) ? personal : {},
    }))
    await this.#whileAlive(this.site.write(entries), [])
  }

  /** One message of a camera. */
  async camera(cameraId: string, message: ToyPicture): Promise<void> {
    if (this.#eye) return this.#eye(cameraId, message)
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
    const wide = 0.8 / bays.length
    const vehicles =
      message.vehicles?.map((box) => ({ box })) ??
      message.occupied?.map((bayId) => ({ box: [middle(bayId) - wide / 2, 0.3, wide, 0.5] as const }))
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
