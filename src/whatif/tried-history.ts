import type { FactRecord } from '../../machines/record.ts'
import type { TwinLives } from './lane.ts'
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
  readonly from: string | null
  readonly to: string | null
  /** In words, where others were asked for. */
  readonly machines: string | null
}

/** Lives a history once as it was and once as it is tried, record by record; nothing but outcomes is kept. */
export async function triedHistory(
  records: AsyncIterable<FactRecord> | Iterable<FactRecord>,
  { lives, rules, timezone, hasNoReader, from, to, machines }: Tried,
): Promise<{ readonly report: WhatIfReport; readonly trial: Trial }> {
  const payers = new TriedPayers(timezone, hasNoReader)
  const tariffs = new Tariffs()
  const site = new TriedSite({ lives, rules, payers, from: from === null ? null : Date.parse(from) })
  let count = 0
  for await (const record of records) {
    if (to !== null && record.at >= to) break
    count += 1
    tariffs.hear(record)
    site.take(record)
  }
  site.close()
  const trial = { rules: rules.words(), machines, records: count, cannotSee: rules.cannotSee() }
  return { report: reportOf(site, tariffs), trial }
}
