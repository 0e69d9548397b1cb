import { type RowFold, seqKey } from './row-fold.ts'
import { tariffIn } from './tariff.ts'

/** One row each time the site's tariff changed: what a charge costs from then on; an empty currency where none is set any more. */
export const toldTariffs: RowFold = {
  name: 'tariffs',
  shape: 1,
  fold(rows, { cause, at, seq }) {
    if (cause.type !== 'tariff.adopted') return
    const tariff = tariffIn(cause['tariff'])
    rows.put(seqKey(seq), { from: at, seq, ...(tariff ?? NONE) })
  },
}

const NONE = { currency: null, perKwh: null, perSession: null, idlePerMinute: null, idleGrace_min: null, tax: null }
