import type { Row } from '../../projections/row-fold.ts'
import { numberIn, textIn, textsIn } from '../../projections/row-fold.ts'
import { type Adopted, type Cost, costOf, type Tariff, tariffAt, tariffIn } from '../../projections/tariff.ts'
import type { RowFilter } from '../../projections/told.ts'
import type { Views } from '../views/site-views.ts'

/** One session as it is billed with money. `idToken` is the text that started it, null where its key is gone. */
export type Bill = {
  readonly row: Row
  readonly tariff: Tariff
  readonly cost: Cost
  readonly idToken: string | null
}

/** What bills are made of. */
export type BillsParts = {
  readonly views: Views
  /** Text of a start's token, or of a card's, by the name under which the journal knows it. */
  readonly tokenText: (name: string) => string | null
}

/** Every tariff that was adopted, and each time that one was taken away, oldest first. */
export async function adoptedTariffs(views: Views): Promise<readonly Adopted[]> {
  const rows = await views.read('tariffs')
  return rows.map(([, row]) => ({ from: textIn(row, 'from') ?? '', tariff: tariffIn(row) }))
}

/**
 * Sessions that somebody pays for, oldest first: those of nobody (no account) have no bill. Null where no tariff was ever adopted.
 */
export async function billsOf(
  { views, tokenText }: BillsParts,
  filter: RowFilter = {},
): Promise<readonly Bill[] | null> {
  const adopted = await adoptedTariffs(views)
  if (adopted.length === 0) return null
  const rows = (await views.read('sessions', filter)).map(([, row]) => row)
  return rows
    .filter((row) => row['status'] === 'billed' && row['accountId'] !== null)
    .toSorted((a, b) => (startOf(a) < startOf(b) ? -1 : startOf(a) > startOf(b) ? 1 : 0))
    .flatMap((row) => {
      const tariff = tariffAt(adopted, startOf(row))
      const name = textIn(row, 'idToken')
      const consumed = { energy_Wh: numberIn(row, 'energy_Wh'), idle_s: numberIn(row, 'idle_s') }
      return tariff === null
        ? []
        : [{ row, tariff, cost: costOf(tariff, consumed), idToken: name === null ? null : tokenText(name) }]
    })
}

/** How many charges that somebody pays began before the first tariff and are not priced by any, and when that came; null where none did. */
export async function unpricedOf(
  views: Views,
  filter: RowFilter = {},
): Promise<{ readonly first: string | null; readonly count: number }> {
  const adopted = await adoptedTariffs(views)
  const first = adopted[0]?.from ?? null
  if (first === null) return { first, count: 0 }
  const rows = (await views.read('sessions', filter)).map(([, row]) => row)
  const isUnpriced = (row: Row): boolean =>
    row['status'] === 'billed' &&
    row['accountId'] !== null &&
    startOf(row) < first &&
    tariffAt(adopted, startOf(row)) === null
  return { first, count: rows.filter(isUnpriced).length }
}

const startOf = (row: Row): string => textIn(row, 'startedAt') ?? ''

/** Why each bill is in doubt, in one text; empty where it is not. */
export const doubtsOf = (row: Row): string =>
  ((row['disputes'] ?? []) as readonly { readonly reason?: unknown }[]).map(({ reason }) => String(reason)).join('; ')

/** The transactions of a session as one text. */
export const transactionsOf = (row: Row): string => textsIn(row, 'transactions').join(' ')
