import type { BadVisit } from '../../../simulations/design/bad-visits.ts'
import type { EngineName } from '../../../simulations/design/bay-engine.ts'
import type { Demand } from '../../../simulations/design/demand.ts'
import { bayId } from '../../../simulations/design/design-cameras.ts'
import { runDesign } from '../../../simulations/design/design-run.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { systemChance } from '../../chance.ts'
import { GENESIS_LINK } from '../../journal/chain.ts'
import { fullLine, headerLine } from '../../journal/export-file.ts'
import { type Head, type JournalRow, linkDrafts } from '../../journal/journal-row.ts'
import { openMemoryKeys } from '../../privacy/key-store.ts'

/** A visit whose journal is wanted. */
export type JournalOrder = {
  readonly scenario: DesignScenario
  readonly demand: Demand
  readonly engine: EngineName
  readonly visit: BadVisit
}

const SITE_ID = 'simulated'

/** Where the journal of a visit lies within the results. */
export const journalName = ({ trouble, replication, index }: BadVisit): string =>
  `journals/${trouble}-${replication}-${index}.jsonl`

/**
 * The journal of the bay in which a visit went badly, from the replication's beginning to the visit's end, as an export that
 * `berth verify` and `berth replay` take. It holds simulated vehicles only. The same run gives the same bytes.
 */
export function visitJournal({ scenario, demand, engine, visit }: JournalOrder): string {
  const wanted = bayId(visit.bay - 1)
  const keys = openMemoryKeys({ siteId: SITE_ID, clock: { now: () => 0, after: () => () => {} }, chance: systemChance })
  const rows: JournalRow[] = []
  let head: Head = GENESIS_LINK
  runDesign(scenario, demand, {
    replication: visit.replication,
    engine,
    untilMs: visit.overMs,
    record(draft) {
      if (draft.bayId !== wanted) return
      // Nobody's personal fields are in it: nothing is sealed, and no chance comes into the chain.
      const [linked] = linkDrafts([draft], head, SITE_ID, draft.at, keys)
      if (!linked) return
      rows.push(linked.row)
      head = { seq: linked.row.seq, hash: linked.row.hash }
    },
  })
  return `${[headerLine(SITE_ID, head), ...rows.map(fullLine)].join('\n')}\n`
}
