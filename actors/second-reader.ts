import type { Handle, SecondRead } from '../machines/events.ts'
import { fold, normalize } from '../machines/plate.ts'
import { CircuitBreaker } from './circuit-breaker.ts'
import type { PlateCrop } from './evidence.ts'
import type { PersonalByHandle } from './plate-news.ts'
import type { Clock, Keys } from './ports.ts'

/** What another reader says of one crop. `text` null: it saw no plate there. */
export type ReaderSays = { readonly text: string | null; readonly confidence: number | null; readonly model: string }

/** A reader somewhere else. It sees crops of plates alone, never a frame. */
export interface CropReader {
  /** Who answers, for records and people: `reader.example`. */
  readonly name: string
  /** Whether it shares no model with our reader; one that does makes the same errors, and is no second witness. */
  readonly independent: boolean
  /** Rejects where no sound answer came in time. */
  read(crop: Uint8Array): Promise<ReaderSays>
}

export type SecondOpinionPorts = {
  readonly reader: CropReader
  readonly clock: Clock
  readonly keys: Pick<Keys, 'vehicle' | 'findVehicle'>
  /** Crops of a bay in memory, newest first. */
  readonly seen: (bayId: string) => readonly PlateCrop[]
  /** Most questions in an hour. */
  readonly perHour: number
  readonly count: (name: string) => void
  /** It failed so often that it is left alone for a while (true), or answers again (false). */
  readonly troubled: (isOpen: boolean) => void
}

/** An answer for the bay, without its ask and origin. */
export type SecondAnswer = {
  readonly told: Pick<
    SecondRead,
    'outcome' | 'handle' | 'by' | 'model' | 'independent' | 'confidence' | 'took_ms' | 'why'
  >
  readonly personal: PersonalByHandle
}

const HOUR_ms = 3_600_000

/** Asks another reader about a crop: within its budget, not while it fails, and never for more than a crop. */
export class SecondOpinion {
  readonly #ports: SecondOpinionPorts
  readonly #breaker: CircuitBreaker
  /** When it was asked in the last hour. */
  #asked: readonly number[] = []

  constructor(ports: SecondOpinionPorts) {
    this.#ports = ports
    this.#breaker = new CircuitBreaker({ clock: ports.clock, turned: (isOpen) => ports.troubled(isOpen) })
  }

  /** What it says of the newest crop of this vehicle (or of anything that was read in the bay). Never rejects. */
  async ask(bayId: string, leader: Handle | null): Promise<SecondAnswer> {
    const { reader, clock, keys, seen, perHour, count } = this.#ports
    const crops = seen(bayId)
    const crop = crops.find(({ folded }) => keys.findVehicle(folded) === leader) ?? crops[0]
    const now = clock.now()
    this.#asked = this.#asked.filter((at) => Math.abs(now - at) < HOUR_ms)
    if (!crop) return this.#unavailable('no crop')
    if (this.#asked.length >= perHour) return this.#unavailable('budget')
    if (!this.#breaker.admit()) return this.#unavailable('resting')
    this.#asked = [...this.#asked, now]
    try {
      const says = await reader.read(crop.picture)
      this.#breaker.succeeded()
      count('second_reader_answers')
      return this.#answer(bayId, says, clock.now() - now)
    } catch {
      this.#breaker.failed()
      count('second_reader_failures')
      return this.#unavailable('no answer')
    }
  }

  #unavailable(why: NonNullable<SecondRead['why']>): SecondAnswer {
    return { told: { outcome: 'unavailable', handle: null, by: this.#ports.reader.name, why }, personal: {} }
  }

  #answer(bayId: string, { text, confidence, model }: ReaderSays, took_ms: number): SecondAnswer {
    const { reader, keys } = this.#ports
    const plate = text === null ? '' : normalize(text)
    const about = { by: reader.name, model, independent: reader.independent, confidence, took_ms }
    if (plate.length < 2) return { told: { outcome: 'unreadable', handle: null, ...about }, personal: {} }
    const handle = keys.vehicle(fold(plate))
    return { told: { outcome: 'read', handle, ...about }, personal: { [handle]: { plate, bayId } } }
  }
}
