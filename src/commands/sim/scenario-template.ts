import { stringify } from 'yaml'
import type { KeptPlan } from './kept-plan.ts'

/** What a new scenario says of its site; from a site file, or the example's. */
export type TemplateSite = {
  readonly name: string
  readonly timezone: string
  readonly bays: number
  /** Their bays from 1; null or none: the example's. */
  readonly cameras: readonly { readonly covers: readonly number[]; readonly height_m?: number }[] | null
  readonly policy: object
}

export const EXAMPLE_SITE: TemplateSite = {
  name: 'Depot North',
  timezone: 'Europe/Berlin',
  bays: 12,
  cameras: null,
  policy: {},
}

/** A commented scenario, ready for `berth sim run`. */
export function scenarioText(site: TemplateSite): string {
  return `# A site that is not built yet, for \`berth sim run\`. Units are in the names; unknown keys are errors.
# Everything that is left out has a default: src/scenario.schema.json names and explains every key.
version: 1
site: ${inline({ name: site.name, timezone: site.timezone, bays: site.bays })}
# Vehicles that can wait, and how long a driver does before giving up:
#   queuePlaces: 3, patience_min: 30, bayWidth_m: 2.5
chargers:
  power_kW: 11
  phases: 3                 # with 1 they take L1, L2 and L3 in turn
  gridLimit_A: null         # what the site may draw in each phase; null = no limit
  sharing: equal            # equal | fifo | none
# Some bays may differ:
#   others: [{ bays: [1, 2], power_kW: 22, phases: 3, profile: plain }]   # profile: plain | terse | thorough | eager | hasty
demand:
  source: hamburg-public    # or us-workplace, rates (visitsPerDay, stay_min), demand.json (of \`berth sim fit\`)
  scale: 1.2                # times as many visits as the source has for so many bays
  iceShare: 0.03            # who only parks
${camerasText(site)}
layout:
  rows: 1                   # or 2 that face each other, aisle_m apart
  plates: both              # both | rear
  backedInShare: 0.3
  zones: plateHeight        # plateHeight | ground | none: how the bays' polygons are drawn
drivers:
  registered: 0.85          # share whose plate is known to pay
  cardShare: 0.6            # share that have a card as well
reader: { curve: default, frameCorrelation: 0.5, voteFrames: 5 }
weather: { snow: 0.05, night: 0.35, dirtyPlate: 0.04 }
# backEnd: { accounts: 0.5, offline: fallback }   # the share of accounts that only the operator's back end knows; then faults: backEndAway_perDay, backEndAway_min
faults: { falseEmpty_perBayDay: 0.05 }
#   chargePointBetweenFailures_days: 200, chargePointRepair_h: 48, powerCut_perYear: 1, powerCut_min: 30, cameraAway_perDay: 0.02, cameraAway_min: 30
# Drivers and vehicles with ways of their own, each as a share (docs/site-design.md lists them):
#   personalities: { plugsIntoNeighbour: 0.01, leavesCable: 0.01, clonedPlate: 0.001 }
policy: ${inline(site.policy)}                  # the same keys as in a site file
costs: { camera_EUR: 900, bay_EUR: 6000, reviewMinute_EUR: 0.8 }
run: { days: 28, warmup_days: 2, replications: 20, seed: 1 }   # from: 2026-01-05, the first day by the clocks of the site
# What \`berth sim sweep\` tries, one row of the report for each combination:
vary: { cameras.covers: ${inline([1, 2, 3, 4].filter((covers) => covers <= site.bays))} }
`
}

const inline = (value: object): string =>
  stringify(value, { collectionStyle: 'flow', flowCollectionPadding: true, lineWidth: 0 }).trim()

function camerasText({ bays, cameras }: TemplateSite): string {
  const about = `# model: megapixels and sensor type. covers: its bays from 1 as a list, or one such camera for each so many bays.
# focal_mm left out: the lens that just covers its bays. pose: x along the row, y over the aisle is negative.`
  const usual = 'shutter_s: 0.002, ir: true, wdr: true'
  if (cameras === null || cameras.length === 0)
    return `${about}
cameras:
  - { model: 4MP-1/2.7, covers: ${Math.min(2, bays)}, ${usual}, pose: { y_m: -6, height_m: 3.5 } }`
  const rows = cameras.map(
    ({ covers, height_m = 3.5 }) =>
      `  - { model: 4MP-1/2.7, covers: ${inline(covers)}, ${usual}, pose: { y_m: -6, height_m: ${height_m} } }`,
  )
  return [about, 'cameras:', ...rows].join('\n')
}

/** A scenario of a site file that kept its plan: the same design again, with the site's own name, bays and rules. */
export function plannedText(site: TemplateSite, plan: KeptPlan): string {
  const { site: measures = {}, ...parts } = plan
  const own = { name: site.name, timezone: site.timezone, bays: site.bays, ...(measures as object) }
  const scenario = { version: 1, site: own, ...parts, policy: site.policy }
  return `# The design of ${JSON.stringify(site.name)}, as its site file kept it, for \`berth sim run\`. What is left out has its default.
# Units are in the names; src/scenario.schema.json explains every key.
${stringify(scenario, { flowCollectionPadding: true, lineWidth: 0 })}`
}
