import type { Proven, Verified } from '../../actors/erasures.ts'
import type { Ids } from '../../actors/ports.ts'
import { memory } from '../../actors/record-memory.ts'
import type { Site } from '../../actors/site.ts'
import type { Cause, FactRecord } from '../../machines/record.ts'
import type { KeyStore } from './key-store.ts'

const PREFIX = 'staff-'
const DAY_ms = 86_400_000
const LOOK_ms = 60_000

/** Takes the name of who verified out of what stands in clear; each request has a handle of its own, so that nobody's are linked. */
export function onRecord(ids: Ids, { verifiedBy, ...proven }: Verified): Proven {
  const handle = ids.next('staff')
  return { verified: { ...proven, verifiedBy: handle }, personal: { [handle]: { name: verifiedBy ?? null } } }
}

/** The handle under which the name of who verified is sealed; null where there is none, or (in records of before) the name itself. */
export function staffOf(cause: Cause): string | null {
  const { verifiedBy } = (cause['verified'] ?? {}) as { readonly verifiedBy?: unknown }
  return typeof verifiedBy === 'string' && verifiedBy.startsWith(PREFIX) ? verifiedBy : null
}

type StaffParts = {
  readonly keys: Pick<KeyStore, 'destroyAll' | 'isLiving'>
  readonly rules: { readonly staff_days: number }
  readonly site: () => Site
  readonly failed: (cause: unknown) => void
}

/** How long it can be read who verified a request: then the key of that name is destroyed. */
export class StaffNames {
  readonly #parts: StaffParts
  /** When each was written, ms since 1970, oldest first. */
  readonly #since = new Map<string, number>()
  /** What is remembered by records alone. */
  readonly memory = memory({ since: this.#since })
  #lookedAt = Number.NEGATIVE_INFINITY

  constructor(parts: StaffParts) {
    this.#parts = parts
  }

  hear({ cause, at }: FactRecord): void {
    const handle = staffOf(cause)
    if (handle !== null) this.#since.set(handle, Date.parse(at))
  }

  /** About once a second. */
  tick(): void {
    const { keys, rules, site, failed } = this.#parts
    const now = site().now()
    if (site().failing || Math.abs(now - this.#lookedAt) < LOOK_ms) return
    this.#lookedAt = now
    try {
      const over = [...this.#since].flatMap(([handle, at]) => (now >= at + rules.staff_days * DAY_ms ? [handle] : []))
      const count = keys.destroyAll(over.filter((handle) => keys.isLiving(handle)))
      for (const handle of over) this.#since.delete(handle)
      if (count === 0) return
      const cause = { type: 'staff.expired', count }
      site()
        .write([{ stream: 'audit', cause, decisions: [], personal: {} }])
        .catch(failed)
    } catch (cause) {
      failed(cause)
    }
  }
}
