import type { Scribe } from '../../actors/ports.ts'
import type { Handle, Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { SiteAlarms } from '../site-alarms.ts'
import type { PlateDoubt } from './sighting.ts'

/** The visit whose plate is at another site too; `hasLeft`: it is over. */
type DoubtedVisit = {
  readonly bayId: string
  readonly visitId: string
  readonly handle: Handle
  readonly hasLeft: boolean
}

type PlateDoubtsParts = {
  /** ms since 1970. */
  readonly now: () => number
  readonly scribe: () => Scribe
  readonly alarms: () => Pick<SiteAlarms, 'raise' | 'calm'>
}

const ALARM = 'plate-at-other-site'
/** A centre that tells more than so many in an hour lies, or another gateway does: people are told of no more. */
const MOST_AN_HOUR = 60
/** An alarm is shown for so long, also where the visit is over, ms. */
const SHOWN_MS = 3_600_000

/** Plates of this site that are at another one too: each visit and other site once on record, and shown as an alarm. Nothing is stopped by it. */
export class PlateDoubts {
  readonly #parts: PlateDoubtsParts
  /** By the alarm's name. */
  readonly #open = new Map<string, { readonly visitId: string; readonly since: number }>()
  #hour = 0
  #inHour = 0

  constructor(parts: PlateDoubtsParts) {
    this.#parts = parts
  }

  /** Puts it on record, then shows it. Throws Fault COMMAND_REFUSED where it is one too many, or STORE_UNWRITABLE. */
  async take({ site, apart_min }: PlateDoubt, { bayId, visitId, handle, hasLeft }: DoubtedVisit): Promise<Json> {
    const of = `${visitId}/${site}`
    if (this.#open.has(of)) return { known: true }
    this.#count()
    const now = this.#parts.now()
    this.#open.set(of, { visitId, since: now })
    try {
      const cause = {
        type: 'plate-doubt.told',
        source: 'centre',
        by: 'centre',
        bayId,
        visitId,
        handle,
        site,
        apart_min,
      }
      await this.#parts.scribe().write([{ stream: 'audit', cause, decisions: [], personal: {} }])
    } catch (fault) {
      this.#open.delete(of)
      throw fault
    }
    this.#parts.alarms().raise(ALARM, sentence(bayId, site, apart_min, hasLeft), now, of, bayId)
    return { known: false }
  }

  /** Ends what is over; `runs`: whether a visit does. About once a second. */
  tick(runs: (visitId: string) => boolean): void {
    const now = this.#parts.now()
    for (const [of, { visitId, since }] of this.#open)
      if (!runs(visitId) && Math.abs(now - since) >= SHOWN_MS) this.#end(of)
  }

  /** A person corrected the plate of this visit. */
  drop(visitId: string): void {
    for (const [of, open] of this.#open) if (open.visitId === visitId) this.#end(of)
  }

  #end(of: string): void {
    this.#open.delete(of)
    this.#parts.alarms().calm(ALARM, of)
  }

  #count(): void {
    const hour = Math.floor(this.#parts.now() / 3_600_000)
    if (hour !== this.#hour) this.#inHour = 0
    this.#hour = hour
    if (this.#inHour >= MOST_AN_HOUR)
      throw new Fault(
        'COMMAND_REFUSED',
        {},
        { says: `This site was told of ${MOST_AN_HOUR} plates in this hour already.` },
      )
    this.#inHour++
  }
}

function sentence(bayId: string, site: string, apart_min: number | null, hasLeft: boolean): string {
  if (apart_min === null)
    return `The plate of the vehicle at ${bayId} stands at the site ${site} too: one of the two is a clone or a misread.`
  return hasLeft
    ? `The plate of the vehicle that left ${bayId} came to the site ${site} within ${apart_min} min, and the way takes longer: one of the two is a clone or a misread.`
    : `The plate of the vehicle at ${bayId} was at the site ${site} ${apart_min} min before, and the way takes longer: one of the two is a clone or a misread.`
}
