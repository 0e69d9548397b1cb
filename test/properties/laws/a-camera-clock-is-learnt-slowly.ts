import { equal } from 'node:assert/strict'
import { hearClock, UNKNOWN_CLOCK } from '../../../machines/age.ts'
import { fc } from '../../seeded-check.ts'
import type { Law } from '../law.ts'

const T0 = Date.parse('2026-11-22T10:00:00Z')

/** Five messages that agree, over at least ten seconds, teach how far a camera's clock is off; four never do, however long they take. */
const fiveTeach = () =>
  fc.property(
    fc.array(fc.integer({ min: 2_500, max: 60_000 }), { minLength: 4, maxLength: 4 }),
    fc.integer({ min: -86_400_000, max: 86_400_000 }),
    (gaps, behind_ms) => {
      let [clock, at] = [UNKNOWN_CLOCK, T0]
      const hear = (): void => {
        clock = hearClock(clock, at, at - behind_ms)
      }
      hear()
      for (const gap of gaps) {
        equal(clock.offset, null)
        at += gap
        hear()
      }
      equal(clock.offset, behind_ms)
    },
  )

/** Serves law 2. One odd message must not make yesterday's reads look fresh. */
export const law: Law = {
  number: null,
  promise: 'a camera clock is learnt slowly',
  matters: 'One odd message must not make yesterday’s reads look fresh.',
  bay: [],
  own: [{ says: 'five messages that agree teach a clock’s offset, four never do', share: 0.3, property: fiveTeach }],
}
