import { type RowFold, seqKey } from './row-fold.ts'
import { type Tariff, tariffIn } from './tariff.ts'

/** One row each time the site's tariff changed: what a charge costs from then on; an empty currency where none is set any more. */
export const toldTariffs: RowFold = {
  name: 'tariffs',
  shape: 2,
  fold(rows, { cause, at, seq }) {
    if (cause.type !== 'tariff.adopted') return
    const tariff = tariffIn(cause['tariff'])
    rows.put(seqKey(seq), { from: at, seq, ...(tariff === null ? NONE : { ...tariff, since: sinceOf(tariff) }) })
  },
}

/** One on record from before that could be said prices whatever began before it. */
const sinceOf = ({ since }: Tariff): string | null => (since === undefined ? '1970-01-01T00:00:00.000Z' : since)

const NONE = {
  ...{ currency: null, perKwh: null, perSession: null, idlePerMinute: null, idleGrace_min: null, tax: null },
  since: null,
}
