import type { UnplacedSight } from '../../actors/camera-sight.ts'
import type { Clock, Ids, Keys, Scribe } from '../../actors/ports.ts'
import { memory } from '../../actors/record-memory.ts'
import type { Site } from '../../actors/site.ts'
import type { Policy } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import { vehicleOf } from '../../machines/identity.ts'
import type { Visit } from '../../machines/knowledge.ts'
import { fold, plausible } from '../../machines/plate.ts'
import type { FactRecord } from '../../machines/record.ts'
import { type UnplacedRead, type UnplacedReads, unplacedKey, unplacedReads } from '../../projections/unplaced-reads.ts'

type UnplacedParts = {
  readonly site: () => Scribe & Pick<Site, 'bay' | 'tell' | 'now'>
  readonly keys: Pick<Keys, 'vehicle' | 'findVehicle'>
  readonly ids: Ids
  readonly clock: Clock
  readonly policy: (bayId: string) => Policy
  readonly isSomebodyThere: () => boolean
  readonly count: (name: string) => void
  readonly failed: (cause: unknown) => void
}
/** A person's answer: the vehicle and its bay, or why there is none. `accountId`: who pays for it by the register. */
export type Placing = {
  readonly verdict: 'plate' | 'unreadable' | 'not-a-plate'
  readonly handle: string | null
  readonly plate: string | null
  readonly accountId: string | null
  readonly bayId: string | undefined
  readonly by: string
}

/** Of one camera that wait at once: one that reads plates everywhere fills no queue. */
const MOST_OPEN = 4

/**
 * Reads without a place before several bays, none of which has a visit that waits for a plate: a person says which bay it is. Nothing starts by the read;
 * the bay's visit begins with the person's word.
 */
export class UnplacedDesk {
  readonly #parts: UnplacedParts
  readonly reads: UnplacedReads = unplacedReads.start()
  /** Being written: the camera of each. */
  readonly #opening = new Map<string, string>()
  readonly #closing = new Set<string>()
  /** What is remembered by records alone. */
  readonly memory = memory({ reads: this.reads })

  constructor(parts: UnplacedParts) {
    this.#parts = parts
  }

  hear(record: FactRecord): void {
    unplacedReads.fold(this.reads, record)
  }

  /** A camera read a plate, and nobody knows where. */
  seen({ cameraId, read, bays }: UnplacedSight): void {
    const { keys, site, count } = this.#parts
    if (!read.fresh || !plausible(read.text)) return
    const folded = fold(read.text)
    const known = keys.findVehicle(folded)
    const visits = bays.map((bayId) => site().bay(bayId)?.visit ?? null)
    const free = bays.filter((_, index) => visits[index] === null)
    // A visit that waits for a plate shows the read to a person by itself; of a vehicle that is known here nobody needs to be asked.
    if (free.length === 0 || visits.some((visit) => visit !== null && (waits(visit) || knows(visit, known)))) return
    if (!this.#isWanted(known === null ? null : unplacedKey({ cameraId, handle: known }), cameraId, free)) return
    // Only now it gets a name: of what nobody is asked about nothing is kept.
    const handle = keys.vehicle(folded)
    const key = unplacedKey({ cameraId, handle })
    const review = this.#parts.ids.next('placing')
    const by = new Date(site().now() + this.#patience_ms(free)).toISOString()
    const cause = { type: 'placing.opened', review, cameraId, bays: free, handle, by }
    this.#opening.set(key, cameraId)
    site()
      .write([{ stream: 'audit', cause, decisions: [], personal: { [handle]: { plate: read.text } } }])
      .then(() => count('placings_opened'), this.#parts.failed)
      .finally(() => this.#opening.delete(key))
  }

  /** About once a second: what nobody answered in time, and what settled itself. */
  tick(): void {
    const now = this.#parts.site().now()
    for (const one of this.reads.open.values()) {
      const visits = one.bays.map((bayId) => this.#parts.site().bay(bayId)?.visit ?? null)
      if (visits.some((visit) => visit !== null && knows(visit, one.handle))) this.#close(one, 'settled')
      else if (Date.parse(one.by) <= now) this.#close(one, 'late')
    }
  }

  /** The vehicle is forgotten: what waited of it is over. */
  forget(handle: string): void {
    for (const one of this.reads.open.values()) if (one.handle === handle) this.#close(one, 'forgotten')
  }

  /** Somebody may still be asked where this vehicle stands. */
  waitsFor(handle: string): boolean {
    return [...this.reads.open.values()].some((one) => one.handle === handle)
  }

  /** Puts an answer on record: where a plate stands, its visit begins there. Resolves to the seq; null where it is over. Throws Fault BODY_INVALID. */
  async answer(reviewId: string, told: Placing): Promise<number | null> {
    const one = this.reads.open.get(reviewId)
    if (!one || this.#closing.has(reviewId)) return null
    // The visit that begins with the answer must not look as if the read had settled itself.
    this.#closing.add(reviewId)
    try {
      if (told.verdict === 'plate') await this.#place(one, told)
      const { verdict, bayId = null, handle, by } = told
      const cause = { type: 'placing.closed', review: reviewId, verdict, bayId, handle, by }
      const [record] = await this.#parts.site().write([{ stream: 'audit', cause, decisions: [], personal: {} }])
      this.#parts.count('placings_answered')
      return record?.seq ?? null
    } finally {
      this.#closing.delete(reviewId)
    }
  }

  async #place({ reviewId, cameraId, bays }: UnplacedRead, told: Placing): Promise<void> {
    const { site, ids } = this.#parts
    const { bayId, handle, accountId, by } = told
    if (bayId === undefined || handle === null || !bays.includes(bayId))
      throw new Fault('BODY_INVALID', {}, { says: `Say in which bay it stands: bayId, one of ${bays.join(', ')}.` })
    const visit = site().bay(bayId)?.visit ?? null
    if (visit !== null && !waits(visit))
      throw new Fault(
        'BODY_INVALID',
        {},
        { says: `Somebody else is known to stand in ${bayId}; correct its plate there.` },
      )
    const personal = { [handle]: { plate: told.plate } }
    const person = { source: 'operator', happenedAt: null } as const
    if (visit === null)
      await site().tell(
        bayId,
        {
          ...person,
          type: 'plate.seen',
          id: ids.next('observation'),
          cameraId,
          trackId: reviewId,
          leader: handle,
          tally: [{ handle, witnesses: 1, share: 1, plausible: true, chance: null }],
          clear: true,
          fresh: true,
          windowFrom: site().now(),
          thinned: 0,
        },
        personal,
      )
    const word = { type: 'operator.commanded' as const, command: 'correct-plate' as const, handle, accountId, by }
    await site().tell(bayId, { ...person, ...word, id: ids.next('observation') }, personal)
  }

  #close({ reviewId }: UnplacedRead, verdict: 'settled' | 'late' | 'forgotten'): void {
    if (this.#closing.has(reviewId)) return
    this.#closing.add(reviewId)
    const cause = { type: 'placing.closed', review: reviewId, verdict, bayId: null, handle: null, by: 'site' }
    this.#parts
      .site()
      .write([{ stream: 'audit', cause, decisions: [], personal: {} }])
      .catch(this.#parts.failed)
      .finally(() => this.#closing.delete(reviewId))
  }

  #patience_ms(bays: readonly string[]): number {
    return Math.max(...bays.map((bayId) => this.#parts.policy(bayId).reviewTimeout_s)) * 1000
  }

  /** Somebody may answer, it does not wait already, and was not over a moment ago. */
  #isWanted(key: string | null, cameraId: string, bays: readonly string[]): boolean {
    const reviewers = bays.map((bayId) => this.#parts.policy(bayId).reviewers)
    if (!reviewers.some((one) => one === true || (one === 'present' && this.#parts.isSomebodyThere()))) return false
    const open = [...this.reads.open.values()].filter((one) => one.cameraId === cameraId)
    const coming = [...this.#opening.values()].filter((one) => one === cameraId)
    if (open.length + coming.length >= MOST_OPEN || open.some((one) => unplacedKey(one) === key)) return false
    if (key === null) return true
    if (this.#opening.has(key)) return false
    const over = this.reads.closed.get(key)
    return over === undefined || Math.abs(this.#parts.site().now() - over) >= this.#patience_ms(bays)
  }
}

/** Nobody is known to pay for this visit, and nobody was refused. */
const waits = (visit: Visit): boolean => visit.payer === null && visit.denied === null && visit.agreed === null

const knows = (visit: Visit, handle: string | null): boolean =>
  handle !== null && (vehicleOf(visit) === handle || visit.tally.some((one) => one.handle === handle))
