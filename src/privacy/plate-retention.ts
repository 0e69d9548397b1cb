import { memory } from '../../actors/record-memory.ts'
import type { Site } from '../../actors/site.ts'
import type { Handle } from '../../machines/events.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { Register } from '../../machines/register.ts'
import { type PlateLife, plateLives } from '../../projections/plate-lives.ts'
import type { KeyStore } from './key-store.ts'

/** How long plates live that the register does not hold. */
export type PlateRules = {
  /** After the end of the visit, or after the read where it belongs to none. */
  readonly unmatched_s: number
  /** After settlement, where an account was named for it. */
  readonly settled_days: number
}

type RetentionParts = {
  readonly keys: Pick<KeyStore, 'destroyAll' | 'isLivingVehicle' | 'livingVehicles'>
  readonly rules: PlateRules
  readonly site: () => Site
  readonly register: () => Register
  /** Somebody still needs what is known of it: a dispute, a legal hold, an open check. `now`: ms since 1970. */
  readonly isHeld: (handle: Handle, now: number) => boolean
  /** Drops what is kept in memory of these; their plates can still be told from others. */
  readonly forget: (handles: ReadonlySet<Handle>) => void
  readonly failed: (cause: unknown) => void
}

const DAY_ms = 86_400_000
/** Plates that die in one tick. */
const MOST_DESTROYED = 500
/** The longest time between two looks at who is due. */
const LOOK_ms = 5_000

/**
 * Plates that nobody needs any more: the key goes, with it every text that was sealed under it, and what memory holds. A registered
 * vehicle is needed for as long as it is registered.
 */
export class PlateRetention {
  readonly #parts: RetentionParts
  readonly #told = plateLives.start()
  /** What is remembered by records alone. */
  readonly memory = memory({ told: this.#told })
  #nextLook = 0

  constructor(parts: RetentionParts) {
    this.#parts = parts
  }

  hear(record: FactRecord): void {
    plateLives.fold(this.#told, record)
  }

  /** After a start: a plate of which no record speaks was left behind by a crash. */
  begin(): void {
    for (const handle of this.#parts.keys.livingVehicles())
      if (!this.#told.lives.has(handle)) this.#told.lives.set(handle, UNKNOWN)
  }

  /** About once a second. */
  tick(): void {
    const { site, rules, keys, forget, failed } = this.#parts
    const now = site().now()
    if (site().failing || (now < this.#nextLook && this.#nextLook - now <= LOOK_ms)) return
    this.#nextLook = now + Math.min(LOOK_ms, rules.unmatched_s * 250)
    try {
      const due = this.#due(now)
      if (due.size === 0) return
      forget(due)
      keys.destroyAll([...due])
      for (const handle of due) this.#told.lives.delete(handle)
      const decisions = [{ type: 'PlatesExpired', count: due.size }]
      site()
        .write([{ stream: 'audit', cause: { type: 'plates.expired', count: due.size }, decisions, personal: {} }])
        .catch(failed)
    } catch (cause) {
      failed(cause)
    }
  }

  #due(now: number): Set<Handle> {
    const { register, isHeld, keys } = this.#parts
    const due = new Set<Handle>()
    for (const [handle, life] of this.#told.lives) {
      if (now < this.#endOf(life) || register().vehicles.has(handle) || isHeld(handle, now)) continue
      if (keys.isLivingVehicle(handle)) due.add(handle)
      else this.#told.lives.delete(handle)
      if (due.size >= MOST_DESTROYED) break
    }
    return due
  }

  /** ms since 1970. */
  #endOf({ bays, neededAt, isMatched }: PlateLife): number {
    const { rules, site } = this.#parts
    const { unmatched_s, settled_days } = rules
    // A visit in a bay that the site file names no more never ends.
    if ([...bays].some((bayId) => site().hosts.has(bayId))) return Number.POSITIVE_INFINITY
    return neededAt + Math.max(unmatched_s * 1000, isMatched ? settled_days * DAY_ms : 0)
  }
}

const UNKNOWN: PlateLife = { bays: new Set(), neededAt: 0, isMatched: false }
