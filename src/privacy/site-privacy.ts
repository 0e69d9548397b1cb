import { type Erasures, erasures } from '../../actors/erasures.ts'
import type { PlateFeed } from '../../actors/plate-feed.ts'
import type { Site } from '../../actors/site.ts'
import { visitNames } from '../../machines/erasure.ts'
import type { Handle } from '../../machines/events.ts'
import { fadeText } from '../../machines/forgotten-text.ts'
import { fold, normalize } from '../../machines/plate.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { Register } from '../../machines/register.ts'
import type { Desk } from '../desk.ts'
import { randomIds } from '../ids.ts'
import type { Payers } from '../payers.ts'
import type { PlateTrust } from '../plate-trust.ts'
import type { SiteProxy } from '../proxy/site-proxy.ts'
import type { RegisterTexts } from '../register-texts.ts'
import type { SiteReviews } from '../reviews/site-reviews.ts'
import type { SiteFile } from '../site-file.ts'
import { KeyRotation } from './key-rotation.ts'
import type { KeyStore } from './key-store.ts'
import { PlateRetention } from './plate-retention.ts'

/** Whoever keeps something of a vehicle in memory, or in a file beside the journal. */
type Rememberers = {
  readonly proxy: SiteProxy | null
  readonly feed: Pick<PlateFeed, 'forget'>
  readonly trust: Pick<PlateTrust, 'forget'>
  readonly payers: Pick<Payers, 'forget'>
  readonly reviews: SiteReviews
}

type PrivacyParts = {
  readonly file: Pick<SiteFile, 'privacy' | 'authorizer'>
  readonly keys: KeyStore
  readonly site: () => Site
  readonly desk: () => Desk
  readonly register: () => Register
  readonly texts: RegisterTexts
  readonly rememberers: () => Rememberers
  /** Something durable was told, and this part could not take it in. */
  readonly stumbled: (what: string, cause: unknown) => void
}

/** How long a site knows whom: keys and plates on their schedule, and requests to be forgotten. */
export class SitePrivacy {
  readonly erasures: Erasures
  readonly #parts: PrivacyParts
  readonly #rotation: KeyRotation
  readonly #retention: PlateRetention

  constructor(parts: PrivacyParts) {
    const { file, desk, register, stumbled } = parts
    this.#parts = parts
    this.erasures = erasures({
      ...parts,
      ids: randomIds,
      registered: (handle) => register().vehicles.has(handle),
      forget: (handle) => this.#forget(handle),
      failed: (cause) => stumbled('erasure', cause),
    })
    this.#rotation = new KeyRotation({
      ...parts,
      schedule: file.privacy,
      goesOn: () => this.#standing(),
      plateOf: (handle) => desk().plateOf(handle),
      keeps: (handle) => register().vehicles.has(handle) || this.#isHeld(handle),
      failed: (cause) => stumbled('period keys', cause),
    })
    this.#retention = new PlateRetention({
      ...parts,
      rules: { ...file.privacy, settled_days: settledDays(file) },
      isHeld: (handle) => this.#isHeld(handle),
      forget: (handles) => this.#fade(handles),
      failed: (cause) => stumbled('retention', cause),
    })
  }

  hear(record: FactRecord, live: boolean): void {
    this.erasures.hear(record, live)
    this.#rotation.hear(record)
    this.#retention.hear(record)
  }

  begin(): void {
    this.#rotation.begin()
    this.#retention.begin()
  }

  /** About once a second. */
  tick(): void {
    this.#retention.tick()
    this.#rotation.tick()
  }

  /** A bill of it is disputed, or somebody is about to check what was read. */
  #isHeld(handle: Handle): boolean {
    return this.erasures.heldBy(handle).length > 0 || this.#parts.rememberers().reviews.checks(handle)
  }

  /** Everybody whom a running visit names. */
  *#standing(): Generator<Handle> {
    for (const { bay } of this.#parts.site().hosts.values()) if (bay.visit) yield* visitNames(bay.visit)
  }

  /** Called while the subject's key still tells its texts from others. */
  async #forget(handle: Handle): Promise<void> {
    const { proxy, feed, trust, payers, reviews } = this.#parts.rememberers()
    await proxy?.forget(handle)
    feed.forget((text) => this.#isOne(new Set([handle]), text))
    trust.forget()
    payers.forget(handle)
    reviews.forget(handle)
    this.#parts.desk().forget([handle])
  }

  /** The same for those whose time is over: nobody asked, so crops keep their own time, and tracks of others go on. */
  #fade(handles: ReadonlySet<Handle>): void {
    const { feed, trust, payers } = this.#parts.rememberers()
    feed.forget((text) => this.#isOne(handles, text), fadeText)
    trust.forget()
    for (const handle of handles) payers.forget(handle)
    this.#parts.desk().forget([...handles])
  }

  #isOne(handles: ReadonlySet<Handle>, text: string): boolean {
    const handle = this.#parts.keys.findVehicle(fold(normalize(text)))
    return handle !== null && handles.has(handle)
  }
}

/** A back end's yes that may be used while that is away needs the name for which it was given. */
function settledDays({ privacy, authorizer }: Pick<SiteFile, 'privacy' | 'authorizer'>): number {
  const known = authorizer?.offline === 'allow-known' ? authorizer.known_days : 0
  return Math.max(privacy.settled_days, known)
}
