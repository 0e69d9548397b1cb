import type { Keys } from '../actors/ports.ts'
import type { Json } from '../machines/events.ts'
import { fold } from '../machines/plate.ts'
import type { Effect, FactRecord } from '../machines/record.ts'
import type { ToyCamera } from './toy-camera.ts'
import type { Place, Stay } from './toy-driver.ts'
import { ToyForger } from './toy-forger.ts'
import { toyKeys } from './toy-keys.ts'
import { ToyOperator } from './toy-operator.ts'
import type { ToyPost } from './toy-post.ts'
import { Audit } from './world-audit.ts'
import { Dice } from './world-chance.ts'
import { WorldClock } from './world-clock.ts'
import type { Coverage } from './world-coverage.ts'
import { Crowd } from './world-crowd.ts'
import { buildDevices } from './world-devices.ts'
import { type FaultKind, Faults } from './world-faults.ts'
import type { Violation } from './world-laws.ts'
import { Ledger } from './world-ledger.ts'
import { Machine } from './world-machine.ts'
import { orderBreach } from './world-orders.ts'
import { planSite, type SitePlan } from './world-plan.ts'
import { chained } from './world-replay.ts'
import { bringTraffic } from './world-traffic.ts'
import { Watch } from './world-watch.ts'
import { brewWeather } from './world-weather.ts'

export type WorldOptions = {
  readonly seed: number
  /** Days of traffic; the site then rests until it is empty. */
  readonly days: number
  /** Bays of the site, 1 to 12. */
  readonly bays: number
  readonly without?: readonly FaultKind[]
  /** Resolves when no promise is left to settle. */
  readonly breathe: () => Promise<void>
  /** Digest of a text, hexadecimal. */
  readonly digest: (text: string) => string
  /** berth is killed in the append that brings the journal to this many records. */
  readonly kill?: { readonly atRecord: number; readonly durable: boolean }
  /** A planted law: it breaks whenever this fault happens. For trying what finds and shrinks failures. */
  readonly plant?: FaultKind
  /** Two vehicles a bay, who and when fixed beforehand: for comparing runs. Their drivers wait as long as it takes, or not. */
  readonly fixed?: 'patient' | 'hasty'
  /** Mean time that a bay stands empty, minutes; default 30. */
  readonly gap_min?: number
}

/** What became of a world. */
export type WorldReport = {
  readonly seed: number
  readonly violation: Violation | null
  /** Chain of digests over the journal's records in order. */
  readonly hash: string
  readonly records: number
  /** Days that passed in every bay, summed over bays. */
  readonly bayDays: number
  readonly coverage: Coverage
  readonly audit: Audit
}

const START = Date.parse('2026-11-22T05:00:00.000Z')
const MINUTE = 60_000
const DAY = 1_440 * MINUTE
/** Once nobody comes any more: the last drivers leave, everything is mended, and every bay must come to rest. */
const LEAVING_MS = 180 * MINUTE
const MENDING_MS = 45 * MINUTE

/** One seed, one run: a site with its people, vehicles, cameras, charge points, network and disk around production code. */
export class World {
  readonly clock: WorldClock
  readonly keys: Keys = toyKeys()
  readonly faults: Faults
  readonly ledger = new Ledger()
  readonly watch: Watch
  readonly plan: SitePlan
  readonly records: FactRecord[] = []
  readonly #options: WorldOptions
  readonly #dice: Dice
  readonly #places: Place[]
  readonly #crowd: Crowd
  readonly #posts: Map<string, ToyPost>
  readonly #cameras: ToyCamera[]
  readonly #operator: ToyOperator
  readonly #network = { slowUntil: 0 }
  readonly #machine: Machine
  #open = true
  #mended = false

  constructor(options: WorldOptions) {
    this.#options = options
    this.#dice = new Dice(options.seed)
    this.clock = new WorldClock(START, options.breathe)
    this.faults = new Faults(options.without, (kind) => {
      if (kind === options.plant) this.#fails('planted', kind)
    })
    const versions = this.#dice.fork('versions')
    this.plan = planSite(options.bays, {}, () => versions.chance(0.25))
    this.#crowd = new Crowd(this.#dice.fork('crowd'), this.faults, {
      vehicle: (folded) => this.keys.vehicle(folded),
      card: (idTag) => this.keys.card(idTag),
    })
    this.watch = new Watch(new Audit(this.ledger, this.keys, (idTag) => this.#crowd.cardAccount(idTag)), this.plan)
    this.#places = this.plan.bays.map(({ bayId }) => ({ bayId, stay: null, hiddenUntil: 0, ghostUntil: 0 }))
    const devices = buildDevices({
      ...this,
      dice: this.#dice,
      network: this.#network,
      fixed: options.fixed !== undefined,
      place: (bayId) => this.#place(bayId),
      process: () => this.#machine.process,
      leaves: (postId, action, payload) => this.#leaves(postId, action, payload),
      misread: (bayId, folded) => this.watch.audit.misread(bayId, folded, this.clock.now()),
    })
    this.#posts = devices.posts
    this.#cameras = devices.cameras
    this.#machine = this.#buildMachine()
    this.#operator = this.#hireOperator()
  }

  #place(bayId: string): Place {
    const place = this.#places.find((one) => one.bayId === bayId)
    if (!place) throw new Error(`Broken invariant: the world has no ${bayId}`)
    return place
  }

  #hireOperator(): ToyOperator {
    let commands = 0
    return new ToyOperator({
      clock: this.clock,
      dice: this.#dice.fork('operator'),
      faults: this.faults,
      crowd: this.#crowd,
      places: this.#places,
      handleOf: (plate) => this.keys.vehicle(fold(plate)),
      commands: (bayId, command, fields = {}) =>
        this.#machine.process?.command(bayId, command, `cmd-${++commands}`, fields),
      tells: (bayId, told) => this.#machine.process?.tell(bayId, told),
      erases: (plate) => void this.#machine.process?.erasures.ask(this.keys.vehicle(fold(plate)), 'op').catch(() => {}),
      registers: (causes) => this.#registers(causes),
      stranded: () => this.#stranded(),
    })
  }

  /** Vehicles that do not charge yet, at charge points that are away. */
  #stranded(): Stay[] {
    const isAway = ({ bayId }: Place): boolean =>
      (this.plan.reach.get(bayId) ?? []).some(({ postId }) => this.#posts.get(postId)?.body.online === false)
    return this.#places.flatMap((place) => (place.stay && !place.stay.charging && isAway(place) ? [place.stay] : []))
  }

  #registers(causes: readonly { readonly type: string; readonly [key: string]: Json }[]): void {
    const entries = causes.map((cause) => ({ stream: 'register', cause, decisions: [], personal: {} }))
    void this.#machine.process?.site.write(entries).catch(() => {})
  }

  #leaves(postId: string, action: string, payload: { readonly [key: string]: unknown }): void {
    const breach = orderBreach({ postId, action, payload }, this.#machine.process, this.keys)
    if (breach) this.#fails(breach.law, breach.says)
  }

  #fails(law: string, says: string): void {
    this.watch.fails(law, says, this.clock.now(), this.records.length)
  }

  #buildMachine(): Machine {
    const { clock, keys, plan, records } = this
    return new Machine({
      clock,
      keys,
      plan,
      records,
      dice: this.#dice.fork('machine'),
      kill: this.#options.kill ?? null,
      crowd: (folded) => this.#crowd.near(folded),
      heard: (record, live) => this.#heard(record, live),
      counted: (name) => this.watch.counted(name),
      doing: (effect, record) => this.#doing(effect, record),
      broke: (what, cause) => this.#fails('nothing breaks', `${what} broke: ${String(cause)}`),
      fell: () => {
        for (const post of this.#posts.values()) post.line.lost()
      },
    })
  }

  #heard(record: FactRecord, live: boolean): void {
    const host = this.#machine.process?.site.hosts.get(record.bayId ?? '')
    if (this.watch.hear(record, host) && live) this.#operator.hear(record)
  }

  #doing(effect: Effect, record: FactRecord): void {
    if (effect.type === 'tell.driver' && effect['leaves'] === true && record.bayId !== null)
      this.#place(record.bayId).stay?.hears(String(effect['message']))
  }

  #traffic(): void {
    const { clock, faults } = this
    const { gap_min = 30, fixed, bays } = this.#options
    const streets = {
      clock,
      patient: fixed === 'patient',
      faults,
      posts: this.#posts,
      reach: (bayId: string) => this.plan.reach.get(bayId) ?? [],
      look: (bayId: string, why: 'arrived' | 'left') => {
        for (const camera of this.#cameras) if (camera.sees(bayId)) camera.look(bayId, why)
      },
      call: (stay: Stay, wish: 'start' | 'stop') => this.#operator.called(stay, wish),
    }
    const open = (): boolean => this.#open
    for (const [index, place] of this.#places.entries()) {
      const dice = this.#dice.fork(`traffic ${place.bayId}`)
      const plan = fixed ? { fixed: { index, bays } } : {}
      bringTraffic({ streets, place, gap_min, open, dice, crowd: this.#crowd, ...plan })
    }
  }

  #weather(): void {
    const { clock, faults } = this
    brewWeather({
      clock,
      faults,
      blows: () => !this.#mended,
      dice: this.#dice.fork('weather'),
      posts: [...this.#posts.values()],
      cameras: this.#cameras,
      places: this.#places,
      network: this.#network,
      machine: this.#machine,
      forger: this.#forger(),
    })
  }

  #forger(): ToyForger {
    return new ToyForger({
      clock: this.clock,
      cameras: this.plan.cameras,
      plate: (dice) => this.#crowd.anyPlate(dice),
      push: (push, message) => this.#machine.process?.push(push, message) ?? null,
      passed: (says) => this.#fails('a forged push reaches no bay', says),
    })
  }

  /** Everything is mended: whoever still stands in a dead corner connects again. */
  #mend(): void {
    this.#mended = true
    for (const camera of this.#cameras) Object.assign(camera, { lostUntil: 0, heldUntil: 0, skew_ms: 0 })
    for (const place of this.#places) Object.assign(place, { hiddenUntil: 0, ghostUntil: 0 })
    for (const post of this.#posts.values()) {
      Object.assign(post, { lies: null, slowUntil: 0 })
      post.tell({ type: 'silence', silent: false })
      for (const evse of post.forgotten) post.takeCable(evse)
      post.drop(1_000)
    }
    this.#machine.mend()
  }

  /** Plays the whole run. Stops at the first violation. */
  async run(): Promise<WorldReport> {
    const { clock } = this
    const { days, bays } = this.#options
    const going = (): boolean => this.watch.violation === null
    const evening = START + days * DAY
    this.#machine.boot()
    await clock.until(START + 1_000)
    this.#registers(this.#crowd.entries())
    for (const post of this.#posts.values()) post.connect()
    for (const camera of this.#cameras) camera.begin()
    this.#traffic()
    this.#operator.begin()
    this.#weather()
    for (let at = START; at < evening + LEAVING_MS && going(); at += MINUTE) {
      if (at >= evening) this.#open = false
      await clock.until(at + MINUTE, going)
      this.watch.minute(this.#machine.process?.site, this.#posts.values(), clock.now(), this.records.length)
      if (at > evening && this.#places.every(({ stay }) => stay === null)) break
    }
    if (going()) this.#mend()
    await clock.until(clock.now() + MENDING_MS, going)
    if (going()) this.watch.rest(this.#machine.process?.site, this.#places, this.records, clock.now())
    const { hash, forged } = chained(this.records, this.#options.digest)
    if (forged !== null) this.#fails('a forged push reaches no bay', `record ${forged} holds one`)
    const { coverage, audit, violation } = this.watch
    coverage.close()
    for (const [kind, times] of this.faults.counts) {
      coverage.fault(kind, times)
      this.watch.counted(kind)
    }
    return {
      seed: this.#options.seed,
      violation,
      hash,
      records: this.records.length,
      bayDays: (bays * (clock.now() - START)) / DAY,
      coverage,
      audit,
    }
  }
}
