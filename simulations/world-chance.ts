/** Seeded chance: small fast counter generator of 32 bits (sfc32), started by splitmix. Not for secrets. */
export class Dice {
  readonly #key: number
  #a: number
  #b: number
  #c: number
  #count = 1

  /** `key` is any 32-bit number. */
  constructor(key: number) {
    this.#key = key >>> 0
    let state = this.#key
    const mixed = (): number => {
      state = (state + 0x9e3779b9) | 0
      let mix = state ^ (state >>> 16)
      mix = Math.imul(mix, 0x21f0aaad)
      mix ^= mix >>> 15
      mix = Math.imul(mix, 0x735a2d97)
      return (mix ^ (mix >>> 15)) | 0
    }
    this.#a = mixed()
    this.#b = mixed()
    this.#c = mixed()
    for (let round = 0; round < 12; round++) this.next()
  }

  /** Dice of their own for one name: what others throw never changes what these show, so that a run with less in it stays the same run. */
  fork(name: string): Dice {
    let key = this.#key ^ 0x811c9dc5
    for (let i = 0; i < name.length; i++) key = Math.imul(key ^ name.charCodeAt(i), 0x01000193)
    return new Dice(key)
  }

  /** 0 up to, not including, 1. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#count) | 0
    this.#count = (this.#count + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4_294_967_296
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** Evenly between the two. */
  between(least: number, most: number): number {
    return least + (most - least) * this.next()
  }

  /** A whole number, both ends included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  /** One of the list, which is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T
  }

  /** Exponentially distributed with this mean: the gap to the next of things that come independently. */
  gap(mean: number): number {
    return -Math.log(1 - this.next()) * mean
  }
}
