import type { Observation } from '../machines/events.ts'
import type { Bay, Connector } from '../machines/knowledge.ts'
import type { ConnectorTraits } from '../machines/site-news.ts'
import type { BayPlan } from './bay-plan.ts'
import type { Ids } from './ports.ts'

/** What a bay must be told of its site file, where it is not what the journal says: policy, charge points' traits, cameras. */
export function adoptions(known: Bay, plan: BayPlan, ids: Ids): Observation[] {
  const list: Observation[] = []
  const named = (): { readonly id: string; readonly source: string } => ({
    id: ids.next('observation'),
    source: 'site-file',
  })
  if (known.version === 0 || !sameJson(known.policy, plan.policy))
    list.push({ type: 'policy.adopted', ...named(), policy: plan.policy })
  const traits = Object.values(known.connectors).map(traitsOf)
  if (!sameJson(traits, plan.connectors))
    list.push({ type: 'profile.adopted', ...named(), connectors: plan.connectors })
  const cameras = [...new Set(plan.zones.map((zone) => zone.cameraId))]
  const zones = plan.zones.map(({ cameraId, polygon, ground }) => ({
    cameraId,
    polygon,
    ...(ground ? { ground } : {}),
  }))
  const masks = plan.masks ?? []
  const isSame = sameJson(Object.keys(known.cameras), cameras) && sameJson(known.zones, zones)
  if (!isSame || !sameJson(known.masks, masks))
    list.push({ type: 'zones.published', ...named(), cameras, zones, ...(masks.length > 0 ? { masks } : {}) })
  return list
}

/** What a connector knows of its charge point's profile, as it was adopted. */
function traitsOf(connector: Connector): { readonly [trait in keyof ConnectorTraits]: unknown } {
  const { chargePointId, evse, connectionTimeout_s, startOn } = connector
  const { drawingBy, suspendedEvse, silentWhenSuspended, finishing, availableMay } = connector
  const place = { connector: connector.connector, chargePointId, evse }
  return {
    ...place,
    connectionTimeout_s,
    startOn,
    drawingBy,
    suspendedEvse,
    silentWhenSuspended,
    finishing,
    availableMay,
  }
}

/** Whatever the order of keys: what the journal gives back has them sorted. */
const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a, sortKeys) === JSON.stringify(b, sortKeys)

const sortKeys = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value
