import type { Moment } from '../../actors/clock-watch.ts'
import { memory } from '../../actors/record-memory.ts'
import type { FactRecord } from '../../machines/record.ts'
import { BLINDING, type CameraFault } from './camera-fault-words.ts'

/** A fault that stands and is on record, since (ISO 8601 UTC). */
export type StandingFault = { readonly fault: CameraFault; readonly since: string }

/** What stood from this record on. */
type Page = { readonly seq: number; readonly at: number; readonly standing: readonly StandingFault[] }

/** Changes of a camera that are remembered, for showing it as it was. */
const REMEMBERED = 200

/** Which faults of each camera are on record, now and at the newest moments before. */
export class FaultBook {
  readonly #pages = new Map<string, Page[]>()
  /** What is remembered by records alone. */
  readonly memory = memory({ pages: this.#pages })

  /** Takes in one record, in the journal's order. */
  hear({ stream, seq, at, cause }: FactRecord): void {
    if (stream !== 'site' || (cause.type !== 'camera.impaired' && cause.type !== 'camera.mended')) return
    const [cameraId, fault] = [String(cause['cameraId']), String(cause['fault']) as CameraFault]
    const others = this.standing(cameraId).filter((one) => one.fault !== fault)
    const standing = cause.type === 'camera.impaired' ? [...others, { fault, since: at }] : others
    const pages = this.#pages.get(cameraId) ?? []
    this.#pages.set(cameraId, pages)
    pages.push({ seq, at: Date.parse(at), standing })
    if (pages.length > REMEMBERED) pages.shift()
  }

  /** What stands, oldest first; `then`: what stood at that moment. */
  standing(cameraId: string, then?: Moment): readonly StandingFault[] {
    const pages = this.#pages.get(cameraId) ?? []
    const page = then === undefined ? pages.at(-1) : pages.findLast((one) => isBy(one, then))
    return page?.standing ?? []
  }

  /** Every camera of which something was ever on record. */
  cameraIds(): readonly string[] {
    return [...this.#pages.keys()]
  }

  has(cameraId: string, fault: CameraFault): boolean {
    return this.standing(cameraId).some((one) => one.fault === fault)
  }

  /** Why the camera says (or said) nothing of its bays; null where it does. */
  blindness = (cameraId: string, then?: Moment): StandingFault | null =>
    this.standing(cameraId, then).find(({ fault }) => BLINDING.has(fault)) ?? null
}

const isBy = ({ seq, at }: Page, then: Moment): boolean =>
  'seq' in then ? seq <= then.seq : at <= Date.parse(then.time)
