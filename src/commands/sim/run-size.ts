import type { Demand } from '../../../simulations/design/demand.ts'
import { digits } from './html-text.ts'
import type { Design } from './replications.ts'

/** A replication is held in memory, a visit about a kilobyte, and each core has one. */
const MOST_VISITS = 1_000_000
/** All lines of visits.csv are held until it is written, some hundred bytes each. */
const MOST_LINES = 10_000_000

const perDay = ({ visits: { weekday, saturday, sunday } }: Demand): number => (5 * weekday + saturday + sunday) / 7

const fewerDays = (most: number): string =>
  most < 2 ? 'ask for fewer vehicles' : `write at most ${digits(most)} days with the warm-up, and more replications`

/** Why a design is more than memory holds, and what would fit, in a sentence; null where it fits. `lists`: whether each visit is a line. */
export function sizeTrouble({ scenario: { run }, demand }: Design, lists: boolean): string | null {
  const [daily, days] = [perDay(demand), run.warmup_days + run.days]
  if (daily * days > MOST_VISITS)
    return `${digits(daily)} visits a day for ${digits(days)} days are ${digits((daily * days) / 1e6)} million in one replication, and a million is what memory holds; ${fewerDays(Math.floor(MOST_VISITS / daily))}.`
  const lines = daily * run.days * run.replications
  if (!lists || lines <= MOST_LINES) return null
  return `visits.csv would have ${digits(lines / 1e6)} million lines, and ${digits(MOST_LINES / 1e6)} million is what memory holds; write at most ${digits(Math.floor(MOST_LINES / (daily * run.days)))} replications.`
}
