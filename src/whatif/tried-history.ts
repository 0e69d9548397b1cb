import type { FactRecord } from '../../machines/record.ts'
import type { TwinLives } from './lane.ts'
import { type Opening, PlacedNews } from './placed-news.ts'
import { TriedPayers } from './tried-payers.ts'
import type { TriedRules } from './tried-rules.ts'
import { TriedSite } from './tried-site.ts'
import { reportOf, Tariffs, type WhatIfReport } from './whatif-report.ts'
import type { Trial } from './whatif-text.ts'

/** What is tried over a history. `from`, `to`: ISO 8601 UTC. */
export type Tried = {
  readonly lives: TwinLives
  readonly rules: TriedRules
  readonly timezone: string
  readonly hasNoReader: boolean
  /** Opens what is sealed, where other zones are tried: the boxes of reads are. */
  readonly open: Opening | null
  readonly from: string | null
  readonly to: string | null
  /** In words, where others were asked for. */
  readonly machines: string | null
}

/** Lives a history once as it was and once as it is tried, record by record; nothing but outcomes is kept. */
export async function triedHistory(
  records: AsyncIterable<FactRecord> | Iterable<FactRecord>,
  { lives, rules, timezone, hasNoReader, open, from, to, machines }: Tried,
): Promise<{ readonly report: WhatIfReport; readonly trial: Trial }> {
  const payers = new TriedPayers(timezone, hasNoReader)
  const tariffs = new Tariffs()
  const placed = rules.zones && open ? new PlacedNews(rules.zones, open) : null
  const site = new TriedSite({ lives, rules, payers, placed, from: from === null ? null : Date.parse(from) })
  let count = 0
  for await (const record of records) {
    if (to !== null && record.at >= to) break
    count += 1
    tariffs.hear(record)
    site.take(record)
  }
  site.close()
  const trial = {
    rules: rules.words(),
    machines,
    records: count,
    cannotSee: [...rules.cannotSee(), ...zoneWords(rules, placed, site)],
  }
  return { report: reportOf(site, tariffs), trial }
}

/** What zones that are tried cannot show. */
function zoneWords({ zones }: TriedRules, placed: PlacedNews | null, { lanes }: TriedSite): readonly string[] {
  if (!zones || !placed) return []
  const { counts } = placed
  const unheard = [...zones.keys()].filter((bayId) => !lanes.has(bayId))
  return [
    'Reads that lay in no zone were never kept, and nothing was recognised outside of the zones that there were: other zones show only what the recorded ones let in.',
    'Whether a zone looks empty was judged by its own pixels: presence is as it was recorded.',
    `News of plates: ${counts.placed} placed by the boxes of their reads, ${counts.moved} of them at another bay, ${counts.outside} in no zone; ${counts.unknown} without a box (sealed, erased, or never sent) stay where they were.`,
    ...(unheard.length > 0 ? [`The journal has no record of ${unheard.join(', ')}.`] : []),
  ]
}
