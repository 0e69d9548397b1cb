/** Words of one purpose of chance, hashed once (FNV-1a, 32 bits). */
function purposeKey(purpose: string): number {
  let key = 0x811c9dc5
  for (let i = 0; i < purpose.length; i++) key = Math.imul(key ^ purpose.charCodeAt(i), 0x01000193)
  return key >>> 0
}

/** Rotations of Threefry-2x32, by round modulo 8. */
const TURNS = [13, 15, 26, 6, 17, 29, 16, 24] as const
const PARITY = 0x1bd11bda
/** Random123 asks for at least 13 rounds and takes 20. */
const ROUNDS = 20

/**
 * Threefry-2x32 with 20 rounds (Salmon et al., 2011): two counter words under two key words, mixed into `into`. A pure function of its
 * four numbers, which is what lets two designs meet the same vehicles whatever else each of them asked of chance.
 */
export function threefry(key0: number, key1: number, count0: number, count1: number, into: Uint32Array): void {
  const key2 = (PARITY ^ key0 ^ key1) | 0
  let a = (count0 + key0) | 0
  let b = (count1 + key1) | 0
  for (let round = 0; round < ROUNDS; round++) {
    a = (a + b) | 0
    const turn = TURNS[round & 7] as number
    b = ((b << turn) | (b >>> (32 - turn))) ^ a
    if ((round & 3) !== 3) continue
    const group = (round >> 2) + 1
    const first = group % 3
    a = (a + (first === 0 ? key0 : first === 1 ? key1 : key2)) | 0
    b = (b + (first === 0 ? key1 : first === 1 ? key2 : key0) + group) | 0
  }
  into[0] = a
  into[1] = b
}

/** Where a draw's words are mixed; read before the next draw. */
const WORDS = new Uint32Array(2)

/** Draws of one stream, in the order in which they are asked for. Everything a run leaves to chance comes from one of these. */
export class Draws {
  readonly #key0: number
  readonly #key1: number
  readonly #number: number
  #asked = 0

  /** Made by `ChanceStreams.of`. */
  constructor(key0: number, key1: number, number: number) {
    this.#key0 = key0
    this.#key1 = key1
    this.#number = number
  }

  /** 0 up to, not including, 1, with 53 bits. */
  uniform(): number {
    threefry(this.#key0, this.#key1, this.#number, this.#asked++, WORDS)
    return ((WORDS[0] as number) * 2_097_152 + ((WORDS[1] as number) >>> 11)) / 9_007_199_254_740_992
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability
  }

  /** Exponential with this mean. */
  exponential(mean: number): number {
    return -Math.log(1 - this.uniform()) * mean
  }

  /** Standard normal (Box and Muller; always two draws, so that streams stay in step). */
  normal(): number {
    const length = Math.sqrt(-2 * Math.log(1 - this.uniform()))
    return length * Math.cos(2 * Math.PI * this.uniform())
  }

  /** Lognormal with this mean and coefficient of variation (standard deviation over mean). */
  lognormal(mean: number, cv: number): number {
    const variance = Math.log(1 + cv * cv)
    return mean * Math.exp(Math.sqrt(variance) * this.normal() - variance / 2)
  }

  /** Gamma with this mean and coefficient of variation (Marsaglia and Tsang, 2000). A cv of 0 is the mean itself. */
  gamma(mean: number, cv: number): number {
    if (cv === 0) return mean
    const shape = 1 / (cv * cv)
    // Below a shape of 1 the method does not hold: one more, and a power of a uniform takes it back.
    const lifted = shape < 1 ? shape + 1 : shape
    const d = lifted - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (;;) {
      const z = this.normal()
      const v = (1 + c * z) ** 3
      if (v <= 0 || Math.log(1 - this.uniform()) >= z * z * 0.5 + d - d * v + d * Math.log(v)) continue
      const lift = shape < 1 ? (1 - this.uniform()) ** (1 / shape) : 1
      return (d * v * lift * mean) / shape
    }
  }

  /** Poisson with this mean: so many steps of mean 1 fit in. Costs one draw for each thing counted. */
  poisson(mean: number): number {
    let count = 0
    for (let left = mean - this.exponential(1); left > 0; left -= this.exponential(1)) count += 1
    return count
  }

  /** Negative binomial with this mean and dispersion (variance over mean): a Poisson whose rate differs from day to day. 1 is Poisson. */
  negativeBinomial(mean: number, dispersion: number): number {
    if (dispersion <= 1 || mean === 0) return this.poisson(mean)
    return this.poisson(this.gamma(mean, Math.sqrt((dispersion - 1) / mean)))
  }
}

/**
 * Streams of chance of one replication: one for each purpose and number, independent of each other and of the order in which they are
 * opened. The same seed, replication, purpose and number give the same draws on any machine.
 */
export class ChanceStreams {
  readonly #key: Uint32Array = new Uint32Array(2)
  readonly #opened = new Map<string, readonly [number, number]>()

  /** `seed` and `replication` are whole numbers from 0 on; of the seed, 53 bits count. */
  constructor(seed: number, replication: number) {
    threefry(seed >>> 0, Math.floor(seed / 4_294_967_296) >>> 0, replication >>> 0, 0, this.#key)
  }

  /** The stream of this purpose (`arrival`, `read`, …) and number, a visit's or a day's, from its beginning. */
  of(purpose: string, number: number): Draws {
    let key = this.#opened.get(purpose)
    if (!key) {
      const mixed = new Uint32Array(2)
      threefry(this.#key[0] as number, this.#key[1] as number, purposeKey(purpose), purpose.length, mixed)
      key = [mixed[0] as number, mixed[1] as number]
      this.#opened.set(purpose, key)
    }
    return new Draws(key[0], key[1], number >>> 0)
  }
}
