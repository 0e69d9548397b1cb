import { cell } from '../../actors/record-memory.ts'
import type { FactRecord } from '../../machines/record.ts'
import { HeldRows } from '../../projections/row-fold.ts'
import { type Tariff, tariffIn } from '../../projections/tariff.ts'
import { toldTariffs } from '../../projections/told-tariffs.ts'

/** The tariff that was put on record last, known as soon as the site is: no report has to be told before doors open. */
export class NewestTariff {
  readonly #rows = new HeldRows()
  /** What is remembered by records alone. */
  readonly memory = cell(
    () => this.#rows.entries(),
    (rows) => {
      for (const [key, row] of rows) this.#rows.put(key, row)
    },
  )

  /** Folds the next record. */
  hear(record: FactRecord): void {
    toldTariffs.fold(this.#rows, record)
  }

  /** Null where there never was one, or was none any more. */
  get newest(): Tariff | null {
    return tariffIn(this.#rows.entries().at(-1)?.[1])
  }
}
