import { stringify } from 'yaml'
import { DEFAULT_POLICY, type Policy } from '../../../machines/events.ts'
import type { Zone } from '../../../machines/zone.ts'
import { bayId, placeCameras } from '../../../simulations/design/design-cameras.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { chargePointOf } from '../../../simulations/design/design-stage.ts'
import { baysOfRow } from '../../../simulations/design/row-layout.ts'
import { inPicture } from '../../zone-lift.ts'
import type { KeptPlan } from './kept-plan.ts'

/**
 * A site file of a design: its bays, cameras, zones and rules. The zones are where the plan says that they will be; once the cameras hang
 * they are drawn anew over real pictures. Tokens come from the environment, for nobody has made any yet. `plan` is kept for the way back.
 */
export function designedSite(scenario: DesignScenario, plan: KeptPlan | null = null): string {
  const { site, policy } = scenario
  const cameras = placeCameras(scenario)
  const bays = Array.from({ length: site.bays }, (_, bay) => ({
    id: bayId(bay),
    chargePoint: chargePointOf(bay),
    evse: 1,
    zones: cameras.flatMap(({ cameraId, zones, bays: covered }) => {
      const zone = zones.find((one) => one.bayId === bayId(bay))
      const shown = zone ? shownPart(zone.polygon) : []
      // A camera that does not show its bay at all has nothing to be drawn in.
      if (zone) return shown.length < 3 ? [] : [{ camera: cameraId, polygon: shown }]
      // Without polygons a camera that serves one bay shows nothing else.
      return covered.length === 1 && covered[0] === bay ? [{ camera: cameraId, polygon: WHOLE_PICTURE }] : []
    }),
  }))
  const file = {
    site: { id: idOf(site.name), name: site.name, timezone: site.timezone },
    cameras: cameras.map(({ cameraId, plan }) => ({
      id: cameraId,
      token: `\${${tokenName(cameraId)}}`,
      kind: 'push',
      height_m: plan.pose.height_m,
    })),
    bays,
    chargePoints: Array.from({ length: site.bays }, (_, bay) => ({ id: chargePointOf(bay) })),
    ...rowsOf(scenario),
    ...ownPolicy(policy),
    ...(plan && { plan }),
  }
  const names = tokenNames(scenario).join(', ')
  const head = `# Made of the design ${JSON.stringify(site.name)} by \`berth sim site\`. Zones are as planned: draw them anew once the cameras hang.\n# Tokens come from the environment: ${names === '' ? 'none' : names}.\n`
  return `${head}${stringify(file, { flowCollectionPadding: true, lineWidth: 0 })}`
}

/** The environment variables that a site file of this design asks for: one for each camera. */
export const tokenNames = (scenario: DesignScenario): string[] =>
  placeCameras(scenario).map(({ cameraId }) => tokenName(cameraId))

/** Two rows as one stands before the first: the second lies beyond a lane, and turned. */
function rowsOf(scenario: DesignScenario): { readonly layout?: string[][] } {
  if (scenario.layout.rows === 1) return {}
  const [first, second] = [baysOfRow(scenario, 0).map(bayId), baysOfRow(scenario, 1).map(bayId)]
  return { layout: [first, [], second.reverse()] }
}

/** The environment variable that holds a camera's token. */
const tokenName = (cameraId: string): string => `${cameraId.toUpperCase().replaceAll('-', '_')}_TOKEN`

const WHOLE_PICTURE = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]

/** What of a polygon the picture shows. Cut at the picture's edge two corners may fall together: one of them goes. */
function shownPart(polygon: Zone['polygon']): number[][] {
  const points = inPicture(polygon).map(([x, y]) => [round(x), round(y)])
  return points.filter((point, at) => {
    const next = points[(at + 1) % points.length] ?? []
    return Math.hypot((next[0] ?? 0) - (point[0] ?? 0), (next[1] ?? 0) - (point[1] ?? 0)) > 0.001
  })
}

const round = (share: number): number => Math.round(share * 10_000) / 10_000

const idOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60) || 'site'

function ownPolicy(policy: Policy): { readonly policy?: object } {
  const own = Object.entries(policy).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(DEFAULT_POLICY[key as keyof Policy]),
  )
  return own.length === 0 ? {} : { policy: Object.fromEntries(own) }
}
