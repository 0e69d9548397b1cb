import type { Clock, Scribe } from '../../actors/ports.ts'
import type { Handle, Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { SiteAlarms } from '../site-alarms.ts'
import type { Uplink } from '../uplink/uplink.ts'
import { GroupKey } from './group-key.ts'
import { PlateDoubts } from './plate-doubts.ts'
import { plateDoubtOf, SIGHTING, type Sighting } from './sighting.ts'

/** A running visit; `handle`: the plate that was agreed on, null = none yet, or its people object. */
export type StandingVisit = { readonly bayId: string; readonly visitId: string; readonly handle: Handle | null }

export type PlateTellerParts = {
  /** `travel_min`: no vehicle is at another site of the group sooner than so many minutes after it left. */
  readonly rule: { readonly key: string; readonly travel_min: number }
  readonly clock: Pick<Clock, 'now'>
  readonly visits: () => Iterable<StandingVisit>
  /** Folded plate of a handle; null = it is not known any more. */
  readonly plateOf: (handle: Handle) => string | null
  readonly line: () => Pick<Uplink, 'hearing' | 'say'>
  readonly scribe: () => Scribe
  readonly alarms: () => Pick<SiteAlarms, 'raise' | 'calm'>
}

/** A visit of which the centre was told, and by which link; `leftAt` whole minutes since 1970. */
type ToldVisit = {
  readonly bayId: string
  readonly visitId: string
  readonly handle: Handle
  readonly hash: string
  readonly day: number
  readonly link: number
  leftAt: number | null
}

/** Words of one minute at most; so many of them that a vehicle came, for that one left must not wait. */
const MOST_A_MINUTE = 120
const MOST_COMING = 100
const DAY_MIN = 1_440

/**
 * Tells the centre, by keyed hashes that it cannot open, which agreed plates stand here and which have left: only over a link that is up.
 * What could not be said is not kept: each new link is told what stands then, and each UTC day anew under that day's key. What the centre
 * says back is believed for nothing but an alarm, and only of a plate that was told of.
 */
export class PlateTeller {
  readonly #parts: PlateTellerParts
  readonly #key: GroupKey
  readonly #doubts: PlateDoubts
  /** By visit. */
  readonly #told = new Map<string, ToldVisit>()
  #minute = 0
  #words = 0

  constructor(parts: PlateTellerParts) {
    this.#parts = parts
    this.#key = new GroupKey(parts.rule.key)
    this.#doubts = new PlateDoubts({ now: () => parts.clock.now(), scribe: parts.scribe, alarms: parts.alarms })
  }

  /** Says what has changed; about once a second. */
  tick(): void {
    const minute = Math.floor(this.#parts.clock.now() / 60_000)
    if (minute !== this.#minute) this.#words = 0
    this.#minute = minute
    const here = new Map([...this.#parts.visits()].map((visit) => [visit.visitId, visit]))
    const link = this.#parts.line().hearing(SIGHTING)
    for (const told of this.#told.values()) this.#leave(told, here, link)
    if (link !== null) for (const visit of here.values()) this.#stand(visit, link)
    this.#doubts.tick((visitId) => here.has(visitId))
  }

  /** What a centre says of a plate that was told of. Throws Fault COMMAND_REFUSED with a sentence, or STORE_UNWRITABLE. */
  async obey(body: Json): Promise<Json> {
    const doubt = plateDoubtOf(body)
    if (doubt === null) throw refused('This is no word about a plate.')
    const own = [...this.#told.values()].filter(({ hash }) => hash === doubt.hash)
    const told = own.find(({ leftAt }) => leftAt === null) ?? own.at(-1)
    if (told === undefined) throw refused('This site told of no such plate, or has forgotten it since.')
    return this.#doubts.take(doubt, { ...told, hasLeft: told.leftAt !== null })
  }

  /** Says of one that was told of that it left, or never was here; forgets it once its way to anywhere else is over. */
  #leave(told: ToldVisit, here: ReadonlyMap<string, StandingVisit>, link: number | null): void {
    const { visitId, hash, leftAt } = told
    if (leftAt !== null) {
      if (this.#minute - leftAt >= this.#parts.rule.travel_min) this.#told.delete(visitId)
      return
    }
    const now = here.get(visitId)
    if (now?.handle === told.handle) return
    const what = now === undefined ? 'left' : 'mistaken'
    // What another link was told ended with it; and one plate may be at two bays here.
    const isOver = told.link !== link || this.#standsElsewhere(told)
    if (!isOver && !this.#say(what, hash, MOST_A_MINUTE)) return
    if (what === 'left') told.leftAt = this.#minute
    else {
      this.#told.delete(visitId)
      this.#doubts.drop(visitId)
    }
  }

  #standsElsewhere({ visitId, hash }: ToldVisit): boolean {
    return [...this.#told.values()].some((one) => one.hash === hash && one.visitId !== visitId && one.leftAt === null)
  }

  #stand({ visitId, bayId, handle }: StandingVisit, link: number): void {
    const day = Math.floor(this.#minute / DAY_MIN)
    const known = this.#told.get(visitId)
    const isTold = known?.handle === handle && known.link === link && known.day === day
    // One that was wrong is taken back first.
    if (handle === null || isTold || (known !== undefined && known.handle !== handle)) return
    const plate = this.#parts.plateOf(handle)
    if (plate === null) return
    const hash = this.#key.hash(plate, day)
    if (!this.#say('stands', hash, MOST_COMING)) return
    this.#told.set(visitId, { bayId, visitId, handle, hash, day, link, leftAt: null })
  }

  /** False where it cannot be said now. */
  #say(what: Sighting['what'], hash: string, most: number): boolean {
    if (this.#words >= most) return false
    const { line, rule } = this.#parts
    const isSaid = line().say({ type: SIGHTING, hash, minute: this.#minute, what, travel_min: rule.travel_min })
    if (isSaid) this.#words++
    return isSaid
  }
}

const refused = (says: string): Fault => new Fault('COMMAND_REFUSED', {}, { says })
