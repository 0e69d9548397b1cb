import { authorizer } from '../actors/authorizer.ts'
import type { CameraMessage } from '../actors/camera-desk.ts'
import { chargePointDesk } from '../actors/charge-point-desk.ts'
import { dispatcher } from '../actors/dispatch.ts'
import { type Erasures, erasures } from '../actors/erasures.ts'
import { meterFeed } from '../actors/meter-feed.ts'
import { CallQueue } from '../actors/ocpp/call-queue.ts'
import { ChargePointLink } from '../actors/ocpp/charge-point-link.ts'
import { OcppCounters } from '../actors/ocpp/ocpp-counters.ts'
import { Ocpp2 } from '../actors/ocpp/ocpp2.ts'
import { Ocpp16 } from '../actors/ocpp/ocpp16.ts'
import { DEFAULT_PROFILE } from '../actors/ocpp/profiles/default.ts'
import { gated } from '../actors/outbound-gate.ts'
import { type PlateFeed, plateFeed } from '../actors/plate-feed.ts'
import type { ChargePointDesk, ChargePoints, Clock, Ids, Keys } from '../actors/ports.ts'
import { type Push, type PushGuard, type PushReason, pushGuard } from '../actors/push-guard.ts'
import { restartsReads } from '../actors/read-restarts.ts'
import { Site } from '../actors/site.ts'
import { refusal } from '../machines/commands.ts'
import { type CommandType, DEFAULT_POLICY, type Json, type Observation } from '../machines/events.ts'
import { Fault } from '../machines/faults.ts'
import { fold } from '../machines/plate.ts'
import type { Effect, FactRecord } from '../machines/record.ts'
import { emptyRegister, foldRegister, type Register } from '../machines/register.ts'
import type { ToyDisk } from './toy-disk.ts'
import { type PostPlan, type SitePlan, sourceOf } from './world-plan.ts'

export type WorldProcessOptions = {
  readonly plan: SitePlan
  readonly clock: Clock
  readonly disk: ToyDisk
  readonly keys: Keys
  /** Which start of berth this is, from 1: its new names differ from all earlier ones. */
  readonly epoch: number
  /** Registered plates of other accounts one character away. */
  readonly crowd: (folded: string) => number
  /** Every record, at rebuild and (`live`) once it is durable. */
  readonly heard: (record: FactRecord, live: boolean) => void
  /** One effect that is carried out now. */
  readonly doing: (effect: Effect, record: FactRecord) => void
  /** Something that desks and links count, by its name. */
  readonly counted: (name: string) => void
  /** Something broke that nothing may break. */
  readonly broke: (what: string, cause: unknown) => void
}

/** berth asks about itself this often, ms. The production site does so each second; the slower pace only finds silence later. */
const TICK_MS = 15_000
/** Seconds between samples that berth asks for. */
const SAMPLE_s = 60

/** One running berth: everything from the recorder to the OCPP dialect is production code; only sockets, disk, clock and keys are toys. */
export class WorldProcess {
  readonly site: Site
  readonly feed: PlateFeed
  readonly desk: ChargePointDesk
  readonly erasures: Erasures
  readonly guard: PushGuard
  readonly links = new Map<string, ChargePointLink>()
  readonly counters: OcppCounters
  readonly register: Register = emptyRegister()
  /** Its wall clock minus the true time, ms. */
  clockOffset_ms = 0
  readonly #options: WorldProcessOptions
  readonly #clock: Clock
  readonly #known = new Set<string>()
  readonly #dialects = new Map<string, Ocpp16 | Ocpp2>()
  #names = 0

  constructor(options: WorldProcessOptions) {
    this.#options = options
    const { disk, keys, plan, crowd } = options
    this.counters = new HeardCounters(options.counted)
    this.#clock = this.#ownClock()
    const clock = this.#clock
    const ids: Ids = { next: (kind) => `${kind}-${options.epoch}-${++this.#names}` }
    const carryOut = this.#dispatcher(ids)
    this.site = new Site({
      journal: disk,
      clock,
      ids,
      bays: plan.bays,
      store: () => {},
      committed: () => {},
      stumbled: (what, cause) => options.broke(`a listener (${what})`, cause),
      heard: (record, live) => this.#hear(record, live),
      carryOut: gated(
        (effect, record) => {
          options.doing(effect, record)
          carryOut(effect, record)
        },
        (bayId) => this.site.bay(bayId),
        () => {},
      ),
    })
    this.guard = pushGuard({
      clock,
      scribe: this.site,
      mark: keys.mark,
      rules: plan.cameras.map(({ id }) => ({ cameraId: id, from: [sourceOf(id)], deviceId: id })),
    })
    this.erasures = erasures({
      site: () => this.site,
      ids,
      erase: (handle) => keys.destroy(handle),
      leaves: (handle) => (this.register.vehicles.has(handle) ? { type: 'vehicle.removed', handle } : null),
      forget: (handle) => this.feed.forget((text) => keys.findVehicle(fold(text)) === handle),
    })
    const policy = (bayId: string) => this.site.bay(bayId)?.policy ?? DEFAULT_POLICY
    const zones = plan.bays.flatMap((bay) => bay.zones.map((zone) => ({ ...zone, bayId: bay.bayId })))
    this.feed = plateFeed({
      clock,
      keys,
      ids,
      policy,
      crowd,
      count: options.counted,
      zones: () => zones,
      deliver: async (bayId, told, personal) => void (await this.site.tell(bayId, told, personal)),
    })
    const bayOf = (connector: string): string =>
      plan.bays.find((bay) => bay.connectors.some((one) => one.connector === connector))?.bayId ?? ''
    const meters = meterFeed({ clock, ids, policy: (connector) => policy(bayOf(connector)) })
    const register = (): Register => this.register
    this.desk = chargePointDesk({
      site: () => this.site,
      ids,
      keys,
      register,
      timezone: 'UTC',
      meters,
      count: options.counted,
    })
    for (const post of plan.posts) this.#speak(post)
  }

  /** Its clock: what it waits for dies with it, and its wall time may be wrong. */
  #ownClock(): Clock {
    const { clock, disk } = this.#options
    return {
      now: () => clock.now() + this.clockOffset_ms,
      after: (delay, run) =>
        clock.after(delay, () => {
          if (!disk.inner.dead) run()
        }),
    }
  }

  #dispatcher(ids: Ids): (effect: Effect, record: FactRecord) => void {
    const { keys } = this.#options
    return dispatcher({
      site: () => this.site,
      ids,
      keys,
      chargePoints: this.#chargePoints(),
      tokenLength: () => DEFAULT_PROFILE.tokenLength,
      firstVisit: (_accountId, handle) => !this.#known.has(handle),
      authorize: authorizer({ register: () => this.register, timezone: 'UTC', clock: this.#clock }),
      erase: (effect) => this.erasures.carryOut(effect),
      failed: (effect, cause) => {
        if (!(cause instanceof Fault)) this.#options.broke(`the effect ${effect.type}`, cause)
      },
    })
  }

  /** Wired as the production server wires a charge point, without its sockets. */
  #speak(post: PostPlan): void {
    const chargePointId = post.id
    const clock = this.#clock
    const { counters } = this
    const queue = new CallQueue(clock, chargePointId, counters)
    const reached = this.#options.plan.bays.flatMap(({ connectors }) => connectors)
    const evses = [...new Set(reached.filter((one) => one.chargePointId === chargePointId).map(({ evse }) => evse))]
    const log = (): void => {}
    const desk: ChargePointDesk = { hear: (news) => this.desk.hear(news) }
    const profile = { ...DEFAULT_PROFILE, sampleInterval_s: SAMPLE_s }
    const parts = { chargePointId, evses, profile, clock, desk, queue, counters, log, answerWithin_ms: 30_000 }
    const { version = 'ocpp2.0.1' } = post.speaks === '2' ? post.habits : {}
    const dialect = post.speaks === '2' ? new Ocpp2({ ...parts, version }) : new Ocpp16(parts)
    this.#dialects.set(chargePointId, dialect)
    this.links.set(chargePointId, new ChargePointLink({ chargePointId, clock, desk, queue, dialect, counters, log }))
  }

  #chargePoints(): ChargePoints {
    const dialect = (chargePointId: string): Ocpp16 | Ocpp2 => {
      const found = this.#dialects.get(chargePointId)
      if (!found) throw new Fault('NOT_FOUND', { chargePointId })
      return found
    }
    return {
      online: (chargePointId) => this.links.get(chargePointId)?.online ?? false,
      start: async (order) => dialect(order.chargePointId).start(order),
      stop: async (order) => dialect(order.chargePointId).stop(order.transactionId),
      ask: async (order) => dialect(order.chargePointId).ask(order.evse, order.about),
    }
  }

  #hear(record: FactRecord, live: boolean): void {
    if (record.stream === 'register') foldRegister(this.register, record)
    this.erasures.hear(record, live)
    this.guard.hear(record)
    for (const decision of record.decisions)
      if (decision.type === 'VisitAuthorized' && decision['person'] === true)
        this.#known.add(String(decision['handle']))
    if (live && restartsReads(record) && record.bayId !== null) this.feed.restart(record.bayId)
    this.#options.heard(record, live)
  }

  /** Rebuilds from the journal, and begins. */
  async open(): Promise<void> {
    const downSince = await this.site.rebuild()
    await this.site.start(downSince)
    await this.erasures.resume()
    this.#tick()
  }

  #tick(): void {
    this.#clock.after(TICK_MS, () => {
      this.site.tick()
      this.feed.tick()
      this.guard.tick()
      this.#tick()
    })
  }

  /** A push at the door for cameras: why it stays outside; else whether it became durable. */
  async push(push: Push, message: CameraMessage): Promise<boolean | PushReason> {
    const reason = this.guard.judge(push)
    if (reason !== null) this.#options.counted('push.quarantined')
    return (
      reason ??
      this.feed.see(message).then(
        () => true,
        () => false,
      )
    )
  }

  /** A person's command, where it can be taken. */
  command(bayId: string, command: CommandType, id: string, fields: { readonly [key: string]: Json }): void {
    const bay = this.site.bay(bayId)
    if (!bay || refusal(bay, command, this.site.now()) !== null) return
    this.tell(bayId, {
      type: 'operator.commanded',
      id,
      source: 'operator',
      command,
      by: 'op',
      ...fields,
    } as Observation)
  }

  /** Tells a bay something; what cannot be written is lost, as a person's browser would see it. */
  tell(bayId: string, told: Observation): void {
    this.site.tell(bayId, told).catch((cause: unknown) => {
      if (!(cause instanceof Fault)) this.#options.broke(`the observation ${told.type}`, cause)
    })
  }
}

/** Counters that are heard as they count. */
class HeardCounters extends OcppCounters {
  readonly #counted: (name: string) => void

  constructor(counted: (name: string) => void) {
    super()
    this.#counted = counted
  }

  override add(name: Parameters<OcppCounters['add']>[0], by = 1): void {
    super.add(name, by)
    this.#counted(name)
  }
}
