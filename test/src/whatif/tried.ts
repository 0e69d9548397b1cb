import { expect } from 'vitest'
import { BY_TABLES } from '../../../machines/compiled-step.ts'
import type { Json } from '../../../machines/events.ts'
import type { FactRecord } from '../../../machines/record.ts'
import { TwinBays } from '../../../projections/twin-bays.ts'
import { Scene } from '../../../simulations/toy-scene.ts'
import type { ToySiteOptions } from '../../../simulations/toy-site.ts'
import { type Tried, triedHistory } from '../../../src/whatif/tried-history.ts'
import { type PolicyChange, TriedRules } from '../../../src/whatif/tried-rules.ts'
import type { WhatIfReport } from '../../../src/whatif/whatif-report.ts'

/** What comes of records under another policy, by today's machines; a site without a second reader. The chart and its tables must say the same. */
export async function tried(
  records: readonly FactRecord[],
  change: PolicyChange = {},
  more: Partial<Tried> = {},
): Promise<WhatIfReport> {
  const byTables = await triedBy(new TwinBays(BY_TABLES), records, change, more)
  if (more.lives === undefined) expect(byTables).toEqual(await triedBy(new TwinBays(), records, change, more))
  return byTables
}

async function triedBy(
  lives: TwinBays,
  records: readonly FactRecord[],
  change: PolicyChange,
  more: Partial<Tried>,
): Promise<WhatIfReport> {
  const { report } = await triedHistory(records, {
    lives,
    rules: new TriedRules(change, null),
    timezone: 'UTC',
    hasNoReader: true,
    open: (record) => (record.personal ?? {}) as { readonly [handle: string]: Json },
    from: null,
    to: null,
    machines: null,
    ...more,
  })
  return report
}

/** Plays a scene; answers its journal. */
export async function journalOf(
  options: ToySiteOptions,
  play: (scene: Scene) => Promise<void>,
): Promise<readonly FactRecord[]> {
  const scene = await Scene.open(options)
  await play(scene)
  return scene.site.journal.records
}
