import { type MeterFeed, meterFeed } from '../actors/meter-feed.ts'
import type { Clock } from '../actors/ports.ts'
import type { Site } from '../actors/site.ts'
import { DEFAULT_POLICY } from '../machines/events.ts'
import { randomIds } from './ids.ts'

/** Meter values of a site's connectors, thinned by the policy and the trust of the first bay that each reaches. */
export function siteMeters(
  clock: Clock,
  site: () => Site,
  plans: readonly { readonly bayId: string; readonly connectors: readonly { readonly connector: string }[] }[],
): MeterFeed {
  // From the last to the first, so that the first keeps it.
  const first = new Map(
    plans
      .toReversed()
      .flatMap(({ bayId, connectors }) => connectors.map(({ connector }) => [connector, bayId] as const)),
  )
  const bayOf = (connector: string) => site().bay(first.get(connector) ?? '')
  return meterFeed({
    clock,
    ids: randomIds,
    policy: (connector) => bayOf(connector)?.policy ?? DEFAULT_POLICY,
    trusts: (connector) => bayOf(connector)?.connectors[connector]?.drawingBy,
  })
}

/** What the feed took in and told, for the site's counters. */
export function meterCounts(meters: MeterFeed): { readonly [name: string]: number } {
  const { taken, told } = meters.counters()
  return { meter_taken: taken, meter_told: told }
}
