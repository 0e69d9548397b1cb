import type { Law } from './law.ts'
import { law as clocks } from './laws/a-camera-clock-is-learnt-slowly.ts'
import { law as quiet } from './laws/a-parked-car-is-quiet.ts'
import { law as startsOnce } from './laws/a-start-goes-out-once-and-a-dead-token-charges-nobody.ts'
import { law as billedWhole } from './laws/a-transaction-is-billed-whole-to-its-payer.ts'
import { law as strongerOnly } from './laws/an-identity-yields-only-to-a-stronger-one.ts'
import { law as neverStuck } from './laws/no-bay-stays-occupied-by-nothing.ts'
import { law as noCameraAlone } from './laws/no-camera-alone-starts-or-ends-a-charge.ts'
import { law as onePlate } from './laws/one-plate-one-live-visit.ts'
import { law as anyOrder } from './laws/reads-vote-in-any-order.ts'
import { law as rebuilt } from './laws/the-journal-alone-rebuilds-everything.ts'
import { law as tables } from './laws/the-tables-do-what-the-chart-does.ts'
import { law as twoCables } from './laws/two-cables-within-reach-never-mix-two-payers.ts'
import { law as personsWord } from './laws/what-a-person-corrected-is-never-overwritten.ts'
import { law as shown } from './laws/what-is-shown-is-what-is-known.ts'
import { law as locked } from './laws/while-energy-flows-the-bay-is-locked.ts'

/** Every law of the bay, 1 to 10, then those that serve them. */
export const LAWS: readonly Law[] = [
  locked,
  noCameraAlone,
  onePlate,
  startsOnce,
  billedWhole,
  neverStuck,
  rebuilt,
  strongerOnly,
  personsWord,
  twoCables,
  anyOrder,
  quiet,
  shown,
  clocks,
  tables,
]
