import { compiledFrom, compiledStep } from '../machines/compiled-step.ts'
import type { Json } from '../machines/events.ts'
import { eventOf, evidence, opened, step } from '../machines/step.ts'
import { equal, PromiseBroken } from './promise-broken.ts'
import type { ToySite } from './toy-site.ts'

/** What people would compare of a bay: where it stands, who pays, what is open. */
const standing = (site: ToySite): Json =>
  plain([...site.site.hosts.values()].map((host) => [host.bayId, host.snapshot.value, host.bay, [...host.timers]]))

const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json

/**
 * The journal alone rebuilds the site, and every record, lived again, decides what it decided: by the chart, and by the tables that the
 * chart was flattened into. Throws PromiseBroken where it does not.
 */
export async function replaysTheSame(site: ToySite): Promise<void> {
  const again = await site.reread()
  demand('the site, rebuilt from its journal', standing(site), standing(again))
  demand('its alarms, rebuilt', [...site.alarms.keys()].sort(), [...again.alarms.keys()].sort())
  for (const bayId of site.site.hosts.keys()) {
    let snapshot = opened(bayId)
    let compiled = compiledFrom(snapshot)
    for (const record of site.journal.records.filter((one) => one.stream === `bay:${bayId}`)) {
      const lived = step(snapshot, eventOf(record))
      snapshot = lived.snapshot
      const what = `${bayId} record ${record.version} (${record.cause.type}), lived again`
      demand(what, plain(evidence(record)), plain(evidence(lived.draft)))
      const sooner = compiledStep(compiled, eventOf(record))
      compiled = sooner.bay
      demand(`${what} by the tables`, plain(evidence(record)), plain(evidence(sooner.draft)))
      demand(`what ${bayId} knows after it, by the tables`, plain(snapshot.context), plain(compiled.context))
    }
  }
}

function demand(what: string, expected: unknown, actual: unknown): void {
  if (!equal(actual, expected)) throw new PromiseBroken(what, expected, actual)
}
