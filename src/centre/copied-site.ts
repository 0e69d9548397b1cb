import { stringify } from 'yaml'
import { Fault } from '../../machines/faults.ts'
import { checkSiteFile, type SiteFile } from '../site-file.ts'

/** What a record of the log says of a bay's place: its cause. */
type Told = { readonly [member: string]: unknown }
type Connector = { readonly chargePointId: string; readonly evse: number }
type Zone = { readonly cameraId: string; readonly polygon: unknown }

/** Causes of records that tell what a site file says of a bay. */
export const TOLD_OF_BAYS = ['profile.adopted', 'zones.published'] as const

/**
 * The site as its log tells of it, for showing what was: bays with their connectors and zones, by the newest records of each (`causes`, in
 * order, with the bay of each). Throws Fault SITE_FILE_INVALID where that makes no site.
 */
export function copiedSite(
  siteId: string,
  causes: readonly { readonly bayId: string; readonly cause: Told }[],
): SiteFile {
  const connectors = new Map<string, readonly Connector[]>()
  const zones = new Map<string, readonly Zone[]>()
  for (const { bayId, cause } of causes) {
    if (cause['type'] === 'profile.adopted') connectors.set(bayId, listOf<Connector>(cause['connectors']))
    if (cause['type'] === 'zones.published') zones.set(bayId, listOf<Zone>(cause['zones']))
  }
  // A zone that today's berth would not take is left out with all others: what was decided needs none.
  for (const shown of [zones, new Map<string, readonly Zone[]>()]) {
    const { site } = checkSiteFile(textOf(siteId, connectors, shown), 'site.yaml', {}, { served: false })
    if (site !== null) return site
  }
  const says = `The log of ${siteId} tells of no bay that can be shown; look at it with \`berth export\` or at its own berth.`
  throw new Fault('SITE_FILE_INVALID', {}, { says })
}

function textOf(
  siteId: string,
  connectors: ReadonlyMap<string, readonly Connector[]>,
  zones: ReadonlyMap<string, readonly Zone[]>,
): string {
  const cameras = new Set([...zones.values()].flat().map(({ cameraId }) => cameraId))
  const points = new Set([...connectors.values()].flat().map(({ chargePointId }) => chargePointId))
  return stringify({
    site: { id: siteId, name: siteId, timezone: 'UTC' },
    store: { kind: 'sqlite', path: './copy.db' },
    http: { host: '127.0.0.1', port: 0 },
    ocpp: { host: '127.0.0.1', port: 0 },
    cameras: [...cameras].map((id, index) => ({ id, token: `camera-${index}-of-a-copy`, kind: 'push' })),
    bays: [...connectors].map(([id, all]) => ({
      id,
      connectors: all.map(({ chargePointId, evse }) => ({ chargePoint: chargePointId, evse })),
      zones: (zones.get(id) ?? []).map(({ cameraId, polygon }) => ({ camera: cameraId, polygon })),
    })),
    chargePoints: [...points].map((id) => ({ id })),
  })
}

const listOf = <T>(value: unknown): readonly T[] => (Array.isArray(value) ? (value as readonly T[]) : [])
