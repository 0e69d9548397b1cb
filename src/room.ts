import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { authorizer } from '../actors/authorizer.ts'
import { chargePointDesk } from '../actors/charge-point-desk.ts'
import { type DispatchPorts, dispatcher } from '../actors/dispatch.ts'
import { type MeterFeed, meterFeed } from '../actors/meter-feed.ts'
import { type PlateFeed, plateFeed } from '../actors/plate-feed.ts'
import type { ChargePointDesk, ChargePoints, Clock, Journal } from '../actors/ports.ts'
import { restartsReads } from '../actors/read-restarts.ts'
import { type BayPlan, Site } from '../actors/site.ts'
import { DEFAULT_POLICY, type Policy } from '../machines/events.ts'
import { Fault } from '../machines/faults.ts'
import type { FactRecord } from '../machines/record.ts'
import { emptyRegister, type Register } from '../machines/register.ts'
import { bayPlans, profileOf } from './bay-plans.ts'
import { systemChance } from './chance.ts'
import { Desk } from './desk.ts'
import { saysGone } from './gone-bays.ts'
import { randomIds } from './ids.ts'
import { openSqliteJournal } from './journal/sqlite.ts'
import type { OcppServer } from './ocpp/ocpp-server.ts'
import { plateCrowd, plateParts } from './plate-crowd.ts'
import { type PresenceKeeper, presenceKeeper } from './presence-keeper.ts'
import { type KeyStore, openKeyStore } from './privacy/key-store.ts'
import { registerDesk } from './register-desk.ts'
import { emptyTexts, type RegisterTexts } from './register-texts.ts'
import type { RegisterDesk } from './site-desk.ts'
import type { SiteFile } from './site-file.ts'
import { ownChance } from './vision/own-chance.ts'

/** One line for people who watch the process. */
export type Log = (line: string) => void

type Parts = {
  readonly file: SiteFile
  readonly clock: Clock
  readonly log: Log
  readonly journal: Journal
  readonly keys: KeyStore
}

/**
 * One site without its doors to the world: the store, the bays, the register and the desks. What `serve` opens doors to, and what
 * a command that writes takes while nobody serves.
 */
export class Room {
  readonly file: SiteFile
  readonly journal: Journal
  readonly keys: KeyStore
  readonly site: Site
  readonly desk: Desk
  readonly feed: PlateFeed
  readonly presence: PresenceKeeper
  readonly register: RegisterDesk
  readonly chargePointDesk: ChargePointDesk
  /** Time of the newest record when the store was opened, ms since 1970; null for a new store. */
  downSince: number | null = null
  /** Why pictures are not read now; null where they are, or where nobody reads any. */
  readerLacks: string | null = null
  readonly #log: Log
  readonly #clock: Clock
  readonly #plans: readonly BayPlan[]
  readonly #register: Register = emptyRegister()
  readonly #texts: RegisterTexts = emptyTexts()
  readonly #counts: { [name: string]: number } = {}
  readonly #meters: MeterFeed
  #ocpp: Pick<OcppServer, 'chargePoints' | 'counters'> | null = null
  readonly #connected = Promise.withResolvers<Pick<OcppServer, 'chargePoints' | 'counters'>>()

  constructor({ file, clock, log, journal, keys }: Parts) {
    this.file = file
    this.journal = journal
    this.keys = keys
    this.#log = log
    this.#clock = clock
    this.#plans = bayPlans(file)
    this.presence = presenceKeeper(clock)
    this.site = this.#openSite(dispatcher(this.#dispatchPorts()))
    this.register = registerDesk({ scribe: this.site, keys, register: () => this.#register, texts: this.#texts })
    this.feed = this.#openFeed()
    this.#meters = this.#openMeters()
    this.desk = this.#openDesk()
    this.chargePointDesk = this.#openChargePointDesk()
  }

  /** Hands over the charge points once their server listens. */
  connect(ocpp: Pick<OcppServer, 'chargePoints' | 'counters'>): void {
    this.#ocpp = ocpp
    this.#connected.resolve(ocpp)
  }

  async close(): Promise<void> {
    await this.site.close()
    await this.journal.close()
    this.keys.close()
  }

  #count = (name: string): void => {
    this.#counts[name] = (this.#counts[name] ?? 0) + 1
  }

  /** Before their server listens, charge points are offline: orders wait for it, a start until its deadline. */
  #chargePoints(): ChargePoints {
    const points = async (): Promise<ChargePoints> => (await this.#connected.promise).chargePoints
    return {
      online: (chargePointId) => this.#ocpp?.chargePoints.online(chargePointId) ?? false,
      start: async (order) => (await points()).start(order),
      stop: async (order) => (await points()).stop(order),
      ask: async (order) => (await points()).ask(order),
    }
  }

  #dispatchPorts(): DispatchPorts {
    return {
      site: () => this.site,
      ids: randomIds,
      keys: this.keys,
      chargePoints: this.#chargePoints(),
      tokenLength: (chargePointId) => profileOf(this.file, chargePointId).tokenLength,
      authorize: authorizer({ register: () => this.#register, timezone: this.file.site.timezone, clock: this.#clock }),
      firstVisit: (_accountId, handle) => this.desk.isFirstVisit(handle),
      failed: (effect, cause) => {
        this.#count(`effect_failed_${effect.type}`)
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
      clockBehind: (behind_ms) => this.#clockBehind(behind_ms),
      store: (failing, fault) => {
        const says = fault?.message ?? ''
        if (failing) this.desk.siteAlarms.raise('store', says, this.#clock.now())
        else this.desk.siteAlarms.calm('store')
        this.#log(failing ? `The journal cannot be written: ${says}` : 'The journal can be written again.')
      },
    })
  }

  #hear(record: FactRecord, live: boolean): void {
    this.desk.hear(record)
    this.presence.hear(record)
    if (live && record.bayId !== null && restartsReads(record)) this.feed.restart(record.bayId)
  }

  /** Something durable was told to everybody but to who threw. */
  #stumbled = (what: string, cause: unknown): void => {
    this.#count(`listener_failed_${what}`)
    this.#log(
      `What was recorded is kept, but \`${what}\` could not take it in: ${cause instanceof Error ? cause.message : String(cause)} A restart reads it again.`,
    )
  }

  /** A clock that steps back is never followed: arrivals stand still until it has caught up. */
  #clockBehind(behind_ms: number | null): void {
    const { siteAlarms } = this.desk
    if (behind_ms === null) {
      siteAlarms.calm('clock')
      return this.#log('The clock has caught up with the newest record.')
    }
    const says = `The clock of this machine is ${Math.round(behind_ms / 1000)} s behind the newest record; time is held until it has caught up.`
    siteAlarms.raise('clock', says, this.site.now())
    this.#log(says)
  }

  /** A reader's child crashed, hung or answered nonsense; it is shown until a picture was read again. */
  readerFailed(fault: Fault): void {
    this.#count('reader_failed')
    this.#log(`A plate reader stopped and was restarted: ${fault.message}`)
    this.desk.siteAlarms.raise('reader', `A plate reader stopped: ${fault.message}`, this.#clock.now())
  }

  /** A picture was read. */
  readerReads(): void {
    this.desk.siteAlarms.calm('reader')
  }

  /** About once a second: silent cameras, plates that are gone, a clock that stepped back. */
  tick(): void {
    this.site.now()
    this.feed.tick()
  }

  /** Begins: see Site.start. What the journal holds of bays that the site file names no more is said once. */
  async start(): Promise<void> {
    for (const { bay } of this.site.gone.values()) this.#log(saysGone(bay))
    await this.site.start(this.downSince)
  }

  #policy = (bayId: string): Policy => this.site.bay(bayId)?.policy ?? DEFAULT_POLICY

  #openFeed(): PlateFeed {
    const isPart = plateParts(
      () => [...this.#texts.vehicles].map(([handle, { plate }]) => [handle, plate] as const),
      () => this.#register,
      (folded) => this.keys.findVehicle(folded),
    )
    const zones = this.#plans.flatMap((plan) => plan.zones.map((zone) => ({ ...zone, bayId: plan.bayId })))
    return plateFeed({
      clock: this.#clock,
      keys: this.keys,
      ids: randomIds,
      zones: () => zones,
      policy: this.#policy,
      count: this.#count,
      chance: (_cameraId, candidate) => ownChance(candidate, isPart(candidate.folded)),
      crowd: plateCrowd(this.keys, () => this.#register),
      deliver: async (bayId, observation, personal) => {
        await this.site.tell(bayId, observation, personal)
      },
    })
  }

  #openDesk(): Desk {
    const { file } = this
    return new Desk({
      siteId: file.site.id,
      name: file.site.name,
      timezone: file.site.timezone,
      site: () => this.site,
      journal: this.journal,
      keys: this.keys,
      ids: randomIds,
      register: this.#register,
      texts: this.#texts,
      registerDesk: () => this.register,
      learnEmpty: (bayId) => this.presence.learn(bayId, (entries) => void this.site.write(entries).catch(() => {})),
      counters: () => ({
        // The plate feed counts here already (`count`).
        ...this.#counts,
        meter_taken: this.#meters.counters().taken,
        meter_told: this.#meters.counters().told,
        ...this.#ocpp?.counters(),
        observations_thinned: this.site.thinned,
      }),
      missing: () => [
        ...(this.#ocpp === null ? ['charge points: not listening yet'] : []),
        ...(this.readerLacks === null ? [] : [this.readerLacks]),
      ],
      stumbled: this.#stumbled,
    })
  }

  #openMeters(): MeterFeed {
    const bayOf = (connector: string) =>
      this.#plans.find((plan) => plan.connectors.some((one) => one.connector === connector))
    return meterFeed({
      clock: this.#clock,
      ids: randomIds,
      policy: (connector) => this.#policy(bayOf(connector)?.bayId ?? ''),
    })
  }

  #openChargePointDesk(): ChargePointDesk {
    return chargePointDesk({
      site: () => this.site,
      ids: randomIds,
      keys: this.keys,
      register: () => this.#register,
      timezone: this.file.site.timezone,
      count: this.#count,
      meters: this.#meters,
    })
  }
}

/** Opens the store as its owner and rebuilds the site from it; nothing runs until `site.start`. Throws Fault STORE_OWNED, KEY_UNAVAILABLE, STORE_CORRUPT. */
export async function openRoom(file: SiteFile, clock: Clock, log: Log, env: NodeJS.ProcessEnv): Promise<Room> {
  const siteId = file.site.id
  makeFolder(file.store.path)
  const keys = openKeyStore({ path: `${file.store.path}.keys`, siteId, clock, chance: systemChance, env })
  try {
    const journal = await openSqliteJournal({ path: file.store.path, siteId, clock, keys })
    const room = new Room({ file, clock, log, journal, keys })
    room.downSince = await room.site.rebuild()
    return room
  } catch (fault) {
    keys.close()
    throw fault
  }
}

/** The folder of a store, where it is not there yet. */
function makeFolder(store: string): void {
  try {
    mkdirSync(dirname(store), { recursive: true })
  } catch (cause) {
    const says = `The folder of the store ${store} cannot be made; make it, or name another place in \`store.path\`.`
    throw new Fault('STORE_UNWRITABLE', {}, { cause, says })
  }
}
