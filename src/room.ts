import type { BayPlan } from '../actors/bay-plan.ts'
import { chargePointDesk } from '../actors/charge-point-desk.ts'
import { type DispatchPorts, dispatcher } from '../actors/dispatch.ts'
import type { SignBoard } from '../actors/driver-signs.ts'
import type { Erasures } from '../actors/erasures.ts'
import type { MeterFeed } from '../actors/meter-feed.ts'
import type { ChargePointProfile } from '../actors/ocpp/profiles/charge-point-profile.ts'
import { gated } from '../actors/outbound-gate.ts'
import type { PlateFeed } from '../actors/plate-feed.ts'
import type { ChargePointDesk, Clock, Journal } from '../actors/ports.ts'
import { restartsReads } from '../actors/read-restarts.ts'
import { Site } from '../actors/site.ts'
import { DEFAULT_POLICY, type Policy } from '../machines/events.ts'
import type { Effect, FactRecord } from '../machines/record.ts'
import { emptyRegister, type Register } from '../machines/register.ts'
import { bayPlans, profileOf } from './bay-plans.ts'
import { ChargePointDoor, type Listening } from './charge-point-door.ts'
import { Desk } from './desk.ts'
import { NewestWords } from './driver/newest-words.ts'
import { openSiteSigns } from './driver/site-signs.ts'
import { saysGone } from './gone-bays.ts'
import { randomIds } from './ids.ts'
import { NewestTariff } from './ocpi/newest-tariff.ts'
import { Payers } from './payers.ts'
import { openPlates } from './plate-line.ts'
import type { PlateTrust } from './plate-trust.ts'
import { type PresenceKeeper, sitePresence } from './presence-keeper.ts'
import type { KeyStore } from './privacy/key-store.ts'
import { SitePrivacy } from './privacy/site-privacy.ts'
import { type SiteProxy, siteProxy } from './proxy/site-proxy.ts'
import { registerDesk } from './register-desk.ts'
import type { SourcedRegister } from './register-source/register-taking.ts'
import { emptyTexts, type RegisterTexts } from './register-texts.ts'
import { SiteReviews } from './reviews/site-reviews.ts'
import { CentralPolicy } from './rollout/central-policy.ts'
import { RoomMemory } from './room-memory.ts'
import type { Log, RoomParts } from './room-parts.ts'
import { Senses } from './senses.ts'
import type { SiteFile } from './site-file.ts'
import { meterCounts, siteMeters } from './site-meters.ts'
import { SiteTroubles } from './site-troubles.ts'
import { switchDesk } from './switch-desk.ts'
import { CentralOrders } from './uplink/central-orders.ts'
import type { RunningViews } from './views/site-views.ts'
import { Watches } from './watches.ts'

/** One site without its doors to the world: the store, the bays, the register and the desks. What `serve` opens doors to, and what a command that writes takes while nobody serves. */
export class Room {
  readonly file: SiteFile
  readonly journal: Journal
  readonly keys: KeyStore
  readonly views: RunningViews
  readonly site: Site
  readonly desk: Desk
  readonly feed: PlateFeed
  readonly presence: PresenceKeeper
  readonly senses: Senses
  readonly register: SourcedRegister
  readonly chargePointDesk: ChargePointDesk
  readonly privacy: SitePrivacy
  readonly watches: Watches
  readonly troubles: SiteTroubles
  readonly signs: SignBoard
  readonly reviews: SiteReviews
  readonly centralPolicy: CentralPolicy
  /** Null where berth is the charge points' back end itself. */
  readonly proxy: SiteProxy | null
  readonly words = new NewestWords()
  readonly central: CentralOrders
  readonly tariffs = new NewestTariff()
  /** What ends before the journal is closed. */
  readonly closing: (() => Promise<unknown>)[] = []
  /** Time of the newest record when the store was opened, ms since 1970; null for a new store. */
  downSince: number | null = null
  /** Why pictures are not read now; null where they are. */
  readerLacks: string | null = null
  readonly #log: Log
  readonly #clock: Clock
  readonly #plans: readonly BayPlan[]
  readonly #register: Register = emptyRegister()
  /** What people typed into the register. */
  readonly texts: RegisterTexts = emptyTexts()
  readonly #counts: { [name: string]: number } = {}
  readonly #meters: MeterFeed
  readonly #trust: PlateTrust
  readonly #door = new ChargePointDoor(() => this.keys.settled())
  readonly #payers: Payers
  /** All that is remembered by records alone, by whoever hears them. */
  readonly memory: RoomMemory

  constructor({ file, clock, log, journal, keys, views }: RoomParts) {
    this.file = file
    this.journal = journal
    this.keys = keys
    this.views = views
    this.#log = log
    this.#clock = clock
    this.#plans = bayPlans(file)
    this.centralPolicy = new CentralPolicy({ file, site: () => this.site, ids: randomIds })
    this.presence = sitePresence(this, clock)
    this.troubles = new SiteTroubles({ alarms: () => this.desk.siteAlarms, now: () => clock.now(), log })
    this.signs = openSiteSigns({ file, clock, log, count: this.count, displays: this.#door.displays })
    this.proxy = siteProxy({ ...this.#shared(), file, failed: this.#stumbled })
    this.#payers = new Payers({
      ...this.#shared(),
      proxy: this.proxy,
      file,
      clock,
      plateOf: (handle) => this.desk.plateOf(handle),
      further: () => this.#door.authorizers(),
      troubled: (why) => this.troubles.authorizer(why),
    })
    const held = (effect: Effect): void => this.count(`effect_held_${effect.type}`)
    const carryOut = gated(dispatcher(this.#dispatchPorts()), (bayId) => this.site.bay(bayId), held)
    this.site = this.#openSite((effect, record) =>
      this.proxy?.carries(effect, record) === false ? held(effect) : carryOut(effect, record),
    )
    this.watches = new Watches({ ...this.#shared(), profile: this.#profile, file })
    this.privacy = new SitePrivacy({
      ...this.#shared(),
      file,
      journal,
      rememberers: () => {
        const { proxy, feed, reviews } = this
        return { proxy, feed, reviews, trust: this.#trust, payers: this.#payers }
      },
    })
    this.register = registerDesk({ ...this.#shared(), scribe: this.site, wasErased: this.privacy.wasErased })
    this.senses = new Senses({
      file,
      policy: this.centralPolicy.now,
      clock,
      scribe: this.site,
      mark: (text) => keys.mark(text),
      cameras: () => this.feed,
      failed: (cause) => this.#stumbled('camera health', cause),
      chargePoints: () => this.#door.clocks(),
    })
    ;({ trust: this.#trust, feed: this.feed } = openPlates({
      ...this.#shared(),
      file,
      clock,
      policy: this.#policy,
      room: this,
    }))
    this.#meters = siteMeters(clock, () => this.site, this.#plans)
    this.desk = this.#openDesk()
    this.reviews = new SiteReviews({ ...this.#shared(), file, journal, clock, isHeld: this.privacy.isHeld })
    this.central = new CentralOrders(this, clock)
    this.chargePointDesk = this.#openChargePointDesk()
    this.memory = new RoomMemory(this, this.#payers)
  }

  /** Requests to be forgotten. */
  get erasures(): Erasures {
    return this.privacy.erasures
  }

  /** Hands over the charge points once their server listens. */
  connect = (ocpp: Listening): void => this.#door.open(ocpp)

  async close(): Promise<void> {
    for (const one of [this.signs, this.#payers]) one.close()
    await this.reviews.close()
    await this.site.close()
    for (const close of this.closing) await close()
    for (const one of [this.views, this.journal]) await one.close()
    this.keys.close()
  }

  count = (name: string): void => {
    this.#counts[name] = (this.#counts[name] ?? 0) + 1
  }

  #shared() {
    return {
      keys: this.keys,
      register: () => this.#register,
      texts: this.texts,
      site: () => this.site,
      desk: () => this.desk,
      troubles: () => this.troubles,
      count: this.count,
      stumbled: this.#stumbled,
    }
  }

  #dispatchPorts(): DispatchPorts {
    return {
      ...this.#shared(),
      ids: randomIds,
      chargePoints: this.#door.chargePoints,
      tokenLength: (chargePointId) => profileOf(this.file, chargePointId).tokenLength,
      authorize: this.#payers.now,
      askPayer: this.#payers.ask,
      firstVisit: (_accountId, handle) => this.desk.isFirstVisit(handle),
      signs: this.signs,
      ...SiteReviews.ports(() => this.reviews),
      erase: (effect) => this.erasures.carryOut(effect),
      failed: (effect, cause) => {
        this.count(`effect_failed_${effect.type}`)
        this.#log(`${effect.type} came to nothing: ${cause instanceof Error ? cause.message : String(cause)}`)
      },
    }
  }

  #openSite(carryOut: ConstructorParameters<typeof Site>[0]['carryOut']): Site {
    return new Site({
      journal: this.journal,
      clock: this.#clock,
      ids: randomIds,
      bays: this.#plans,
      carryOut,
      heard: (record, live) => this.#hear(record, live),
      committed: (records) => this.desk.committed(records),
      stumbled: this.#stumbled,
      clockBehind: (behind_ms) => this.troubles.clockBehind(behind_ms),
      store: (failing, fault) => this.troubles.store(failing, fault),
    })
  }

  #hear(record: FactRecord, live: boolean): void {
    this.memory.hear(record, live)
    if (live && record.bayId !== null && restartsReads(record)) this.feed.restart(record.bayId)
  }

  /** Something durable was told to everybody but to who threw. */
  #stumbled = (what: string, cause: unknown): void => {
    this.count(`listener_failed_${what}`)
    this.#log(
      `What was recorded is kept, but \`${what}\` could not take it in: ${cause instanceof Error ? cause.message : String(cause)} A restart reads it again.`,
    )
  }

  /** About once a second. */
  tick(): void {
    const { site, centralPolicy, feed, senses, reviews, troubles, privacy, desk } = this
    for (const one of [site, centralPolicy, feed, senses, reviews, troubles, privacy, desk.second]) one.tick()
  }

  /** Begins: see Site.start. What the journal holds of bays that the site file names no more is said once. */
  async start(): Promise<void> {
    for (const { bay } of this.site.gone.values()) this.#log(saysGone(bay))
    await this.site.start(this.downSince, this.centralPolicy.plans(this.#plans))
    await Promise.all([this.watches.begin(), this.#payers.adopt(this.site)])
    for (const one of [this.senses, this.reviews, this.privacy]) one.begin()
    // Before another back end the relay must forget too: it resumes them once it is there.
    if (!this.proxy) await this.erasures.resume()
  }

  #profile = (chargePointId: string): ChargePointProfile => profileOf(this.file, chargePointId)

  #policy = (bayId: string): Policy => this.site.bay(bayId)?.policy ?? DEFAULT_POLICY

  #openDesk(): Desk {
    const { id: siteId, name, timezone } = this.file.site
    return new Desk({
      ...this.#shared(),
      siteId,
      name,
      timezone,
      journal: this.journal,
      views: this.views,
      ids: randomIds,
      register: this.#register,
      registerDesk: () => this.register,
      automaticStarts: switchDesk(this.watches.automaticStarts),
      twoPeople: this.file.twoPeople,
      privacyDesk: () => this.privacy.desk,
      reviews: () => this.reviews.desk,
      learnEmpty: (bayId) => this.presence.learn(bayId, (entries) => void this.site.write(entries).catch(() => {})),
      counters: () => ({
        ...this.#counts,
        ...meterCounts(this.#meters),
        ...this.#door.counters(),
        ...this.presence.counters(),
        observations_thinned: this.site.thinned,
      }),
      missing: () => [
        ...(!this.#door.isOpen ? ['charge points: not listening yet'] : []),
        ...(this.readerLacks === null ? [] : [this.readerLacks]),
      ],
      skew_s: this.senses.clocks.skew_s,
      blindness: this.senses.health.blindness,
    })
  }

  #openChargePointDesk(): ChargePointDesk {
    return chargePointDesk({
      ...this.#shared(),
      ids: randomIds,
      timezone: this.file.site.timezone,
      meters: this.#meters,
      profile: this.#profile,
      traits: this.watches.traits,
      accountOf: (idToken) => this.proxy?.aliases.accountOf(idToken) ?? null,
      askPayer: this.#payers.ask,
    })
  }
}
