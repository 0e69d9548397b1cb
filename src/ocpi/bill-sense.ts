import { readPrice } from '../../projections/money.ts'
import type { Check } from '../site-sense.ts'
import { readTime } from '../time-reading.ts'

/** What the schema cannot say of `tariff`: prices that are finer than money is counted, and a day that is none. */
export const billSense: Check = ({ tariff }, error) => {
  const fine = (path: readonly string[], price: string | number): void => {
    if (readPrice(price) === null)
      error(['tariff', ...path], 'this price is finer than berth counts', 'at most six digits after the point')
  }
  if (!tariff) return
  for (const name of ['perKwh', 'perSession', 'idlePerMinute'] as const) fine([name], tariff[name])
  if (tariff.since !== undefined && readTime(tariff.since) === null)
    error(['tariff', 'since'], 'this is no day and no time', 'one like 2026-11-22 or 2026-11-22T10:00:00Z')
  if (tariff.tax) fine(['tax', 'percent'], tariff.tax.percent)
}
