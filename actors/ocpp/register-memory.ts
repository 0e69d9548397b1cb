/** More than any charge point gives, W: a register that rises faster slipped. */
const MOST_W = 500_000
/** Registers are told in rounded units: so far below the last value it is no step back, Wh. */
const ROUNDED_WH = 50
/** Between two values so much may always have flowed, whatever the clocks say, Wh. */
const SMALL_WH = 2_000

/** Transactions whose connector is remembered: no charge point has more of them under way. */
const MOST_RUNS = 64

type Known = { readonly register_Wh: number; readonly at: number }

/**
 * The last register of each connector of one charge point whose registers slip between Wh and kWh: a value that only fits beside the
 * last one a thousand times larger or smaller is put back there. Times are arrivals, ms since 1970.
 */
export class RegisterMemory {
  readonly #known = new Map<number, Known>()
  readonly #evses = new Map<string, number>()

  /** A transaction was said to run at this connector. */
  ran(transactionId: string | null, evse: number): void {
    if (transactionId === null) return
    this.#evses.delete(transactionId)
    this.#evses.set(transactionId, evse)
    const [oldest] = this.#evses.keys()
    if (this.#evses.size > MOST_RUNS && oldest !== undefined) this.#evses.delete(oldest)
  }

  /** Where a transaction ran, as far as its samples said; null where nothing did. */
  evseOf(transactionId: string): number | null {
    return this.#evses.get(transactionId) ?? null
  }

  /** A register in Wh as it must be meant; remembered. */
  settle(evse: number, register_Wh: number, at: number): { readonly value: number; readonly mended: boolean } {
    const last = this.#known.get(evse)
    const fits = (value: number): boolean =>
      last === undefined ||
      (value >= last.register_Wh - ROUNDED_WH &&
        value - last.register_Wh <= SMALL_WH + (MOST_W * Math.max(0, at - last.at)) / 3_600_000)
    // Where nothing fits it is another counter, and begins anew.
    const value = [register_Wh, register_Wh * 1_000, register_Wh / 1_000].find(fits) ?? register_Wh
    this.#known.set(evse, { register_Wh: value, at })
    return { value, mended: value !== register_Wh }
  }
}
