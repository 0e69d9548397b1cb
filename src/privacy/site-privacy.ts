import { type Erasures, erasures } from '../../actors/erasures.ts'
import type { PlateFeed } from '../../actors/plate-feed.ts'
import type { Journal } from '../../actors/ports.ts'
import { type Memory, memory } from '../../actors/record-memory.ts'
import type { Site } from '../../actors/site.ts'
import { visitNames } from '../../machines/erasure.ts'
import type { Handle } from '../../machines/events.ts'
import { fadeText } from '../../machines/forgotten-text.ts'
import { connectorsOf } from '../../machines/knowledge.ts'
import { fold, normalize } from '../../machines/plate.ts'
import type { Cause, FactRecord } from '../../machines/record.ts'
import type { Register } from '../../machines/register.ts'
import type { Desk } from '../desk.ts'
import { randomIds } from '../ids.ts'
import type { Payers } from '../payers.ts'
import type { PlateTrust } from '../plate-trust.ts'
import type { SiteProxy } from '../proxy/site-proxy.ts'
import type { RegisterTexts } from '../register-texts.ts'
import type { SiteReviews } from '../reviews/site-reviews.ts'
import type { SiteFile } from '../site-file.ts'
import type { SiteTroubles } from '../site-troubles.ts'
import { KeyRotation } from './key-rotation.ts'
import type { KeyStore } from './key-store.ts'
import { PlateRetention } from './plate-retention.ts'
import { type PrivacyDesk, privacyDesk } from './privacy-desk.ts'
import { StaffNames } from './staff-names.ts'

/** Whoever keeps something of a vehicle in memory, or in a file beside the journal. */
type Rememberers = {
  readonly proxy: SiteProxy | null
  readonly feed: Pick<PlateFeed, 'forget'>
  readonly trust: Pick<PlateTrust, 'forget'>
  readonly payers: Pick<Payers, 'forget'>
  readonly reviews: SiteReviews
}

type PrivacyParts = {
  readonly file: Pick<SiteFile, 'site' | 'privacy' | 'authorizer'>
  readonly journal: Journal
  readonly keys: KeyStore
  readonly site: () => Site
  readonly desk: () => Desk
  readonly register: () => Register
  readonly texts: RegisterTexts
  readonly rememberers: () => Rememberers
  readonly troubles: () => Pick<SiteTroubles, 'erasedList'>
  /** Something durable was told, and this part could not take it in. */
  readonly stumbled: (what: string, cause: unknown) => void
}

/** How often it is looked whether what an erasure waited for is over. */
const RESUME_ms = 60_000

/** How long a site knows whom: keys and plates on their schedule, and requests to be forgotten. */
export class SitePrivacy {
  readonly erasures: Erasures
  readonly desk: PrivacyDesk
  readonly #parts: PrivacyParts
  readonly #rotation: KeyRotation
  readonly #retention: PlateRetention
  readonly #staff: StaffNames
  /** What is remembered by records alone. */
  readonly memory: Memory
  #resumedAt = 0
  /** Put on the list of erasures again, which lacked them. */
  #relisted = 0

  constructor(parts: PrivacyParts) {
    const { file, keys, desk, register, texts, stumbled } = parts
    this.#parts = parts
    this.erasures = erasures({
      ...parts,
      ids: randomIds,
      leaves: (subject) => registerLeave(register(), subject),
      erase: (handle) => keys.erase(handle),
      again: () => keys.erasedAgain,
      listed: () => this.#listed(),
      unlisted: (told) => this.#relist(told),
      restored: (again) => this.#tellRestored(again),
      forget: (handle) => this.#forget(handle),
      failed: (cause) => stumbled('erasure', cause),
    })
    this.desk = privacyDesk({
      ...parts,
      siteId: file.site.id,
      name: file.site.name,
      rules: file.privacy,
      ids: randomIds,
      erasures: this.erasures,
      looks: () => desk().looks,
      people: () => desk().register,
      sessions: async (visits) => {
        const { sessions } = desk()
        return Promise.all((await sessions.ofVisits(visits)).map((one) => sessions.worded(one)))
      },
      picturesOf: (handles) => parts.rememberers().reviews.evidence.picturesOf(handles),
    })
    keys.goesOn = (name) => [...this.#standing()].includes(name)
    this.#rotation = new KeyRotation({
      ...parts,
      schedule: file.privacy,
      goesOn: () => this.#standing(),
      plateOf: (handle) => texts.objections.get(handle) ?? desk().plateOf(handle),
      keeps: (handle) => register().vehicles.has(handle) || this.#isNeeded(handle) || keys.goesOn(handle),
      failed: (cause) => stumbled('period keys', cause),
    })
    this.#retention = new PlateRetention({
      ...parts,
      rules: { ...file.privacy, settled_days: settledDays(file) },
      // Until it is learnt whom every dispute names, what was typed of one may be this vehicle's.
      isHeld: (handle) => this.erasures.disputes.unknown.size > 0 || this.#isNeeded(handle),
      forget: (handles) => this.#fade(handles),
      failed: (cause) => stumbled('retention', cause),
    })
    this.#staff = new StaffNames({ ...parts, rules: file.privacy, failed: (cause) => stumbled('retention', cause) })
    this.memory = memory({
      erasures: this.erasures.memory,
      rotation: this.#rotation.memory,
      retention: this.#retention.memory,
      staff: this.#staff.memory,
    })
  }

  /** A dispute or a legal hold needs what is known of this vehicle. */
  isHeld = (handle: Handle): boolean => this.erasures.isHeld(handle)

  /** A vehicle, card or account that was forgotten because somebody asked. */
  wasErased = (name: string): boolean =>
    this.#parts.keys.erasedList.times.has(name) ||
    this.erasures.all().some(({ handle, status }) => handle === name && status === 'done')

  /** Without the charges whose words went with somebody: no request names them, and nothing but their key held them. */
  #listed(): readonly string[] {
    const { keys, register } = this.#parts
    return [...keys.erasedList.times.keys()].filter(
      (name) => !name.startsWith('ses-') || registerLeave(register(), name) !== null,
    )
  }

  /** Whoever the journal calls erased stands on the list from now on; answers those of them who are known again. Who was registered since came of their own accord. */
  #relist(told: readonly Handle[]): readonly Handle[] {
    const { keys, register } = this.#parts
    const missing = told.filter((name) => !keys.erasedList.times.has(name) && registerLeave(register(), name) === null)
    const known = missing.filter((name) => keys.isLiving(name))
    for (const name of missing) keys.erase(name)
    this.#relisted += missing.length
    return known
  }

  #tellRestored(again: number): void {
    const { keys, troubles } = this.#parts
    const { path, lacks } = keys.erasedList
    const relisted = this.#relisted
    troubles().erasedList({ path: path ?? '', again, relisted, lacks: Math.max(0, lacks - relisted) })
    keys.erasedList.taken()
  }

  hear(record: FactRecord, live: boolean): void {
    this.erasures.hear(record, live)
    if (live && record.decisions.some(({ type }) => type === 'SessionDisputed')) void this.#learn()
    this.#rotation.hear(record)
    this.#retention.hear(record)
    this.#staff.hear(record)
  }

  /** Looks up whom disputed charges need whose visits are over. Nobody waits for it: until it is known they keep everybody. */
  async #learn(): Promise<void> {
    const { disputes } = this.erasures
    const unknown = [...disputes.unknown]
    if (unknown.length === 0) return
    try {
      for (const sessionId of unknown) disputes.learn(sessionId, await this.#parts.desk().sessions.needs(sessionId))
      // Whoever waited for all of them alike may not have to.
      if (this.erasures.all().some(({ status }) => status !== 'done')) void this.erasures.resume()
    } catch (cause) {
      this.#parts.stumbled('disputes', cause)
    }
  }

  begin(): void {
    this.#rotation.begin()
    this.#retention.begin()
    void this.#learn()
  }

  /** About once a second. */
  tick(): void {
    this.#retention.tick()
    this.#staff.tick()
    this.#rotation.tick()
    this.#resume()
  }

  /** A legal hold ends by itself: nothing happens that would say so. */
  #resume(): void {
    const now = this.#parts.site().now()
    if (Math.abs(now - this.#resumedAt) < RESUME_ms) return
    this.#resumedAt = now
    void this.#learn()
    if (this.erasures.all().some(({ status }) => status === 'due')) void this.erasures.resume()
  }

  /** Whether the people of this vehicle object to what is done by its plate. */
  objects = (handle: Handle): boolean => this.#parts.register().objections.has(handle)

  /** A dispute or a hold needs it, its people object to starts, or somebody is about to check what was read. */
  #isNeeded(handle: Handle): boolean {
    const { register, rememberers } = this.#parts
    return this.erasures.isHeld(handle) || register().objections.has(handle) || rememberers().reviews.checks(handle)
  }

  /** Everybody whom a running visit or charge names, and whoever objects. */
  *#standing(): Generator<Handle> {
    yield* this.#parts.register().objections
    for (const { bay } of this.#parts.site().hosts.values()) {
      if (bay.visit) yield* visitNames(bay.visit)
      for (const { transaction } of connectorsOf(bay)) if (transaction?.card) yield transaction.card
    }
  }

  /** Called while the subject's key still tells its texts from others. */
  async #forget(handle: Handle): Promise<void> {
    const { proxy, feed, trust, payers, reviews } = this.#parts.rememberers()
    await this.#learn()
    if (this.erasures.disputes.unknown.size > 0)
      throw new Error('It is not learnt yet whom every disputed charge names; what was asked for is done once it is.')
    await proxy?.forget(handle)
    feed.forget((text) => this.#isOne(new Set([handle]), text))
    trust.forget()
    payers.forget(handle)
    reviews.forget(handle)
    const sessions = this.#disputed([handle])
    for (const sessionId of sessions) this.#parts.keys.erase(sessionId)
    this.#parts.desk().forget([handle])
  }

  /** The same for those whose time is over: nobody asked, so crops keep their own time, and tracks of others go on. */
  #fade(handles: ReadonlySet<Handle>): void {
    const { feed, trust, payers } = this.#parts.rememberers()
    feed.forget((text) => this.#isOne(handles, text), fadeText)
    trust.forget()
    for (const handle of handles) payers.forget(handle)
    const sessions = this.#disputed([...handles])
    this.#parts.keys.destroyAll(sessions)
    this.#parts.desk().forget([...handles])
  }

  /** Charges of these of whose disputes something that people typed can still be read. */
  #disputed(names: readonly Handle[]): readonly string[] {
    const { keys } = this.#parts
    return names
      .flatMap((name) => this.erasures.disputes.disputed(name))
      .filter((sessionId) => keys.isLiving(sessionId))
  }

  #isOne(handles: ReadonlySet<Handle>, text: string): boolean {
    const handle = this.#parts.keys.findVehicle(fold(normalize(text)))
    return handle !== null && handles.has(handle)
  }
}

/** The register's record by which a vehicle, a card or an account leaves it; null where it is not in it. */
function registerLeave({ vehicles, cards, accounts }: Register, subject: string): Cause | null {
  if (vehicles.has(subject)) return { type: 'vehicle.removed', handle: subject }
  if (cards.has(subject)) return { type: 'token.removed', handle: subject }
  const account = accounts.get(subject)
  return account ? { type: 'account.changed', accountId: subject, ...account, deleted: true } : null
}

/** A back end's yes that may be used while that is away needs the name for which it was given. */
function settledDays({ privacy, authorizer }: Pick<SiteFile, 'privacy' | 'authorizer'>): number {
  const known = authorizer?.offline === 'allow-known' ? authorizer.known_days : 0
  return Math.max(privacy.settled_days, known)
}
