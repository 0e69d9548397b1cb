import type { ClockWatch, Moment } from '../actors/clock-watch.ts'
import { Looks } from '../actors/looks.ts'
import type { Ids, Journal } from '../actors/ports.ts'
import { type Memory, memory } from '../actors/record-memory.ts'
import type { Site } from '../actors/site.ts'
import { BAY_MACHINE, bay as machine } from '../machines/bay.ts'
import { fold, normalize } from '../machines/plate.ts'
import type { FactRecord } from '../machines/record.ts'
import { foldRegister, type Register } from '../machines/register.ts'
import { alarms } from '../projections/alarms.ts'
import type { AlarmView, BayView, ConnectorView } from '../projections/bay-view.ts'
import { type StuckTransaction, stuckIn } from '../projections/stuck-transactions.ts'
import type { CameraHealth } from './cameras/camera-health.ts'
import { blindnessOf } from './cameras/camera-sights.ts'
import { DeskPast } from './desk-past.ts'
import { type Bills, dispute, settle } from './dispute-desk.ts'
import { type CheckpointDesk, noCheckpoints, type OwnCheckpoints } from './journal/checkpoint-desk.ts'
import { ReceivedCheckpoints } from './journal/received-checkpoints.ts'
import { sealedTexts } from './kept/sealed-texts.ts'
import { KnownVehicles } from './known-vehicles.ts'
import { LiveBays } from './live-bays.ts'
import { keepNewest } from './newest-kept.ts'
import { OrderDesk } from './order-desk.ts'
import type { KeyStore } from './privacy/key-store.ts'
import type { PrivacyDesk } from './privacy/privacy-desk.ts'
import { foldTexts, type RegisterTexts } from './register-texts.ts'
import { SecondPerson, type TwoPeople } from './second-person.ts'
import { SiteAlarms } from './site-alarms.ts'
import type { Caller, Command, RegisterDesk, ReviewsDesk, SiteChange, SiteDesk } from './site-desk.ts'
import { SiteSessions } from './site-sessions.ts'
import type { SwitchDesk } from './switch-desk.ts'
import type { KeyedViews } from './views/site-views.ts'

/** What the desk is made of. */
export type DeskParts = {
  readonly siteId: string
  readonly name: string
  readonly timezone: string
  readonly site: () => Site
  readonly journal: Journal
  readonly views: Pick<KeyedViews, 'look'>
  readonly keys: KeyStore
  readonly ids: Ids
  readonly register: Register
  readonly texts: RegisterTexts
  readonly registerDesk: () => RegisterDesk
  readonly automaticStarts: SwitchDesk
  readonly reviews: () => ReviewsDesk
  readonly privacyDesk: () => PrivacyDesk
  readonly twoPeople: TwoPeople
  /** Learns how the empty bay looks; a sentence where it cannot. */
  readonly learnEmpty: (bayId: string) => string | null
  readonly counters: () => { readonly [name: string]: number }
  /** Seconds that a device's clock is behind; null until learnt. */
  readonly skew_s: ClockWatch['skew_s']
  /** Why a camera says nothing of its bays. */
  readonly blindness: CameraHealth['blindness']
  readonly missing: () => readonly string[]
  /** A fold or a listener threw: the others go on without it. */
  readonly stumbled: (what: string, cause: unknown) => void
}

/** The running site as servers see it: committed records only, folded by the projections, told to whoever listens. */
export class Desk implements SiteDesk {
  readonly definition = JSON.parse(
    JSON.stringify(machine.config, (_key, value: unknown) =>
      typeof value === 'function' ? { type: value.name } : value,
    ),
  )
  readonly machine = BAY_MACHINE
  readonly #parts: DeskParts
  readonly #alarms = alarms.start()
  /** Plates that are not in the register: the newest, by handle. */
  readonly #plates = new Map<string, string>()
  /** Orders that wait for a second person. */
  readonly second: SecondPerson
  readonly #listeners = new Set<(change: SiteChange) => void>()
  /** Alarms that no record holds. */
  readonly siteAlarms = new SiteAlarms((bayId) => {
    this.#bays.alarmsChanged()
    const bay = bayId === null ? null : this.bay(bayId)
    this.#tell({ seq: this.seq(), bays: bay ? [bay] : [], alarmsChanged: true })
  })
  readonly #known = new KnownVehicles()
  /** Replaced once a checkpointer runs. */
  ownCheckpoints = (): OwnCheckpoints => noCheckpoints(this.siteId)
  readonly checkpoints: CheckpointDesk & { readonly received: ReceivedCheckpoints }
  readonly looks = new Looks({ now: () => this.#parts.site().now() }, () => this.#parts.site())

  readonly sessions: SiteSessions
  readonly orders: OrderDesk
  readonly #past: DeskPast
  readonly #bays: LiveBays
  /** What is remembered by records alone. */
  readonly memory: Memory

  constructor(parts: DeskParts) {
    this.#parts = parts
    const now = () => parts.site().now()
    this.second = new SecondPerson({
      ...parts,
      rule: parts.twoPeople,
      now,
      scribe: parts.site,
      alarms: this.siteAlarms,
    })
    const seq = () => this.seq()
    const [named, blindness] = [this.#named, this.#blindness]
    this.#bays = new LiveBays({ ...parts, named, blindness, alarms: () => this.alarms() })
    this.orders = new OrderDesk({ ...parts, second: this.second, seq, view: (host) => this.#bays.view(host) })
    this.sessions = new SiteSessions({ ...parts, tokenText: (name) => this.#tokenText(name) })
    this.#past = new DeskPast({ ...parts, blindness, named })
    const received = new ReceivedCheckpoints(parts.siteId, parts.site, parts.journal)
    this.checkpoints = { own: () => this.ownCheckpoints(), received }
    const { keys, texts } = parts
    this.memory = memory({
      alarms: this.#alarms,
      received: received.memory,
      register: parts.register,
      vehicles: sealedTexts(keys, texts.vehicles),
      cards: sealedTexts(keys, texts.cards),
      names: sealedTexts(keys, texts.names),
      objections: sealedTexts(keys, texts.objections),
      plates: sealedTexts(keys, this.#plates),
      known: this.#known.memory,
      orders: this.orders.memory,
      past: this.#past.memory,
    })
  }

  get siteId(): string {
    return this.#parts.siteId
  }
  get name(): string {
    return this.#parts.name
  }
  get timezone(): string {
    return this.#parts.timezone
  }
  get journal(): Journal {
    return this.#parts.journal
  }
  get epoch(): number {
    return this.#parts.journal.epoch
  }
  get register(): RegisterDesk {
    return this.#parts.registerDesk()
  }
  get automaticStarts(): SwitchDesk {
    return this.#parts.automaticStarts
  }

  get privacy(): PrivacyDesk {
    return this.#parts.privacyDesk()
  }

  seq(): number {
    return this.#parts.journal.head().seq
  }

  missing(): readonly string[] {
    return this.#parts.site().failing ? ['journal: cannot be written', ...this.#parts.missing()] : this.#parts.missing()
  }

  counters(): { readonly [name: string]: number } {
    return this.#parts.counters()
  }

  /** Folds one record, at rebuild and after commits. */
  hear(record: FactRecord): void {
    this.#guard('alarms', () => alarms.fold(this.#alarms, record))
    if (changesAlarms(record)) this.#bays.alarmsChanged()
    if (record.stream === 'audit') this.#guard('checkpoints', () => this.checkpoints.received.hear(record))
    if (record.stream === 'register') {
      this.#guard('register', () => foldRegister(this.#parts.register, record))
      this.#guard('register texts', () => foldTexts(this.#parts.texts, record.cause, this.#parts.journal.open(record)))
    }
    if (
      record.cause.type.startsWith('plate.') ||
      record.cause.type === 'second.read' ||
      record.cause.type === 'operator.commanded' ||
      record.cause.type === 'review.answered' ||
      record.cause.type === 'placing.opened'
    )
      this.#guard('plates', () => this.#keepPlates(record))
    this.#known.hear(record)
    this.#guard('past', () => this.#past.hear(record, this.#alarms))
    this.#guard('orders', () => this.orders.hear(record))
  }

  #guard(what: string, run: () => void): void {
    try {
      run()
    } catch (cause) {
      this.#parts.stumbled(what, cause)
    }
  }

  #keepPlates(record: FactRecord): void {
    for (const [handle, fields] of Object.entries(this.#parts.journal.open(record))) {
      const text =
        fields !== null && typeof fields === 'object' && !Array.isArray(fields)
          ? ((fields as { plate?: unknown; text?: unknown }).plate ?? (fields as { text?: unknown }).text)
          : null
      if (typeof text === 'string') keepNewest(this.#plates, handle, text)
    }
  }

  /** After a commit: tells listeners which bays changed. */
  committed(records: readonly FactRecord[]): void {
    if (this.#listeners.size === 0) return
    const views = this.#bays.these(() => this.#touched(records))
    this.#tell({
      seq: records.at(-1)?.seq ?? this.seq(),
      get bays() {
        return views()
      },
      alarmsChanged: records.some(changesAlarms),
    })
  }

  /** Bays that these records are of, or whose camera they say to see or not. */
  #touched(records: readonly FactRecord[]): ReadonlySet<string> {
    const touched = new Set(records.flatMap(({ bayId }) => bayId ?? []))
    const blinded = blindedCameras(records)
    if (blinded.length > 0)
      for (const { bayId, bay } of this.#parts.site().hosts.values())
        if (blinded.some((cameraId) => bay.cameras[cameraId] !== undefined)) touched.add(bayId)
    return touched
  }

  #tell(change: SiteChange): void {
    for (const listener of this.#listeners) this.#guard('listener', () => listener(change))
  }

  bays = (): readonly BayView[] => this.#bays.all()
  bay = (bayId: string): BayView | null => this.#bays.one(bayId)
  connectors = (): readonly ConnectorView[] => this.#bays.connectors()

  #blindness = (cameraId: string, then?: Moment) => blindnessOf(this.#parts.blindness(cameraId, then))

  #named = (view: BayView): BayView => {
    const { session } = view
    return session ? { ...view, session: { ...session, idToken: this.#tokenText(session.idToken) } } : view
  }

  #tokenText(name: string | null): string | null {
    return name === null ? null : (this.#parts.keys.tokenOf(name) ?? this.#parts.texts.cards.get(name) ?? null)
  }

  at = (bayId: string, when: Moment) => this.#past.at(bayId, when)
  siteAt = (seq: number, from?: number) => this.#past.siteAt(seq, from)
  knew = (bayId: string, seq: number) => this.#past.knew(bayId, seq)
  /** See DeskPast. */
  beginAt = (seq: number): void => this.#past.beginAt(seq, this.#alarms)
  /** See SitePast. */
  recall = (pause: () => Promise<void>) => this.#past.recall(pause)

  orphans(): readonly StuckTransaction[] {
    const { hosts, gone } = this.#parts.site()
    return [...hosts.values(), ...gone.values()]
      .flatMap(({ bay }) => stuckIn(bay))
      .toSorted((a, b) => a.since.localeCompare(b.since))
  }

  alarms(): readonly AlarmView[] {
    return [...this.siteAlarms.open(), ...[...this.#alarms.values()].filter((alarm) => this.#stands(alarm.bayId))]
  }

  get reviews(): ReviewsDesk {
    return this.#parts.reviews()
  }

  /** Of the site, or of a bay that the site file still names: for any other nobody can do anything. */
  #stands(bayId: string | null): boolean {
    return bayId === null || !this.#parts.site().gone.has(bayId)
  }

  #bills = (): Bills => ({ site: this.#parts.site(), sessions: this.sessions })
  dispute = (sessionId: string, reason: string, by: Caller) => dispute(this.#bills(), sessionId, reason, by)
  settle = (sessionId: string, reason: string, by: Caller) => settle(this.#bills(), sessionId, reason, by)

  plateOf(handle: string): string | null {
    return this.#parts.texts.vehicles.get(handle)?.plate ?? this.#plates.get(handle) ?? null
  }

  handleOf = (plate: string): string | null => this.#parts.keys.findVehicle(fold(normalize(plate)))

  /** What is kept in memory of subjects that are forgotten. */
  forget(handles: readonly string[]): void {
    for (const handle of handles) {
      this.#plates.delete(handle)
      this.#parts.texts.vehicles.delete(handle)
    }
    this.#tell({ seq: this.seq(), bays: this.bays(), alarmsChanged: false })
  }

  chargesOf = (handle: string): number => this.#known.charges(handle)

  /** This vehicle never charged here, and no person ever let it. */
  isFirstVisit(handle: string): boolean {
    return !this.#known.has(handle)
  }

  /** Somebody took a review, or let go of one. */
  reviewsClaimed(): void {
    this.#tell({ seq: this.seq(), bays: [], alarmsChanged: false, reviewsChanged: true })
  }

  command = (bayId: string, command: Command, by: Caller) => this.orders.command(bayId, command, by)

  subscribe(listener: (change: SiteChange) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}

const changesAlarms = ({ effects }: FactRecord): boolean =>
  effects.some(({ type }) => type === 'raise.alarm' || type === 'clear.alarm')

/** Cameras of which these records say that they see, or do not. */
const blindedCameras = (records: readonly FactRecord[]): readonly string[] =>
  records.flatMap(({ cause }) =>
    cause.type === 'camera.impaired' || cause.type === 'camera.mended' ? [String(cause['cameraId'])] : [],
  )
