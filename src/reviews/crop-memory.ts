import type { PlateCrop } from '../../actors/evidence.ts'

/** Crops of one bay, and bytes of all: a camera that sees plates everywhere fills neither. */
const MOST_OF_BAY = 8
const MOST_OF_TEXT = 2
const MOST_BYTES = 32 << 20

/**
 * What readers saw of plates, in memory alone and for a short time: of each bay the newest few, two of each text. Nothing here is ever
 * written; who wants to keep one seals it.
 */
export class CropMemory {
  readonly #bays = new Map<string, readonly PlateCrop[]>()
  readonly #life_ms: (bayId: string) => number
  #bytes = 0

  /** `life_ms`: how long a crop of this bay may stay. */
  constructor(life_ms: (bayId: string) => number) {
    this.#life_ms = life_ms
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#bytes
  }

  hold(crop: PlateCrop): void {
    const before = this.#bays.get(crop.bayId) ?? []
    const same = before.filter(({ folded }) => folded === crop.folded)
    const dropped = new Set(same.slice(0, Math.max(0, same.length + 1 - MOST_OF_TEXT)))
    this.#put(crop.bayId, [...before.filter((one) => !dropped.has(one)), crop].slice(-MOST_OF_BAY))
    for (const bayId of this.#bays.keys()) {
      if (this.#bytes <= MOST_BYTES) return
      this.#put(bayId, [])
    }
  }

  /** Crops of a bay, newest first. */
  of(bayId: string, now: number): readonly PlateCrop[] {
    this.#age(bayId, now)
    return (this.#bays.get(bayId) ?? []).toReversed()
  }

  /** Called about once a second: what is too old goes. */
  tick(now: number): void {
    for (const bayId of [...this.#bays.keys()]) this.#age(bayId, now)
  }

  clear(bayId: string): void {
    this.#put(bayId, [])
  }

  /** Everything of each bay where such a plate was read: what else was read there may be the same plate, misread. */
  forget(isIts: (folded: string) => boolean): void {
    for (const [bayId, crops] of [...this.#bays]) if (crops.some(({ folded }) => isIts(folded))) this.#put(bayId, [])
  }

  #age(bayId: string, now: number): void {
    const crops = this.#bays.get(bayId) ?? []
    // A clock that stepped back must not make a crop immortal.
    const young = crops.filter(({ at }) => Math.abs(now - at) < this.#life_ms(bayId))
    if (young.length < crops.length) this.#put(bayId, young)
  }

  #put(bayId: string, crops: readonly PlateCrop[]): void {
    for (const { picture } of this.#bays.get(bayId) ?? []) this.#bytes -= picture.byteLength
    for (const { picture } of crops) this.#bytes += picture.byteLength
    if (crops.length === 0) this.#bays.delete(bayId)
    else this.#bays.set(bayId, crops)
  }
}
