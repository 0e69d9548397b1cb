import { stringify } from 'yaml'
import { DEFAULT_POLICY, type Policy } from '../../../machines/events.ts'
import type { Zone } from '../../../machines/zone.ts'
import { bayId, placeCameras } from '../../../simulations/design/design-cameras.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { chargePointOf } from '../../../simulations/design/design-stage.ts'
import { inPicture } from '../../zone-lift.ts'

/**
 * A site file of a design: its bays, cameras, zones and rules. The zones are where the plan says that they will be; once the cameras hang
 * they are drawn anew over real pictures. Tokens come from the environment, for nobody has made any yet.
 */
export function designedSite(scenario: DesignScenario): string {
  const { site, policy } = scenario
  const cameras = placeCameras(scenario)
  const bays = Array.from({ length: site.bays }, (_, bay) => ({
    id: bayId(bay),
    chargePoint: chargePointOf(bay),
    evse: 1,
    zones: cameras.flatMap(({ cameraId, zones, bays: covered }) => {
      const zone = zones.find((one) => one.bayId === bayId(bay))
      if (zone) return [{ camera: cameraId, polygon: shownPart(zone.polygon) }]
      // Without polygons a camera that serves one bay shows nothing else.
      return covered.length === 1 && covered[0] === bay ? [{ camera: cameraId }] : []
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
    ...ownPolicy(policy),
  }
  const names = cameras.map(({ cameraId }) => tokenName(cameraId)).join(', ')
  const head = `# Made of the design ${JSON.stringify(site.name)} by \`berth sim site\`. Zones are as planned: draw them anew once the cameras hang.\n# Tokens come from the environment: ${names === '' ? 'none' : names}.\n`
  return `${head}${stringify(file, { flowCollectionPadding: true, lineWidth: 0 })}`
}

/** The environment variable that holds a camera's token. */
const tokenName = (cameraId: string): string => `${cameraId.toUpperCase().replaceAll('-', '_')}_TOKEN`

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
