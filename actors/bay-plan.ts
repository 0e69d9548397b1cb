import type { Policy } from '../machines/events.ts'
import type { ConnectorTraits } from '../machines/site-news.ts'
import type { Polygon } from './ports.ts'

/** What a site file says of one bay, expanded. */
export type BayPlan = {
  readonly bayId: string
  readonly policy: Policy
  readonly connectors: readonly ConnectorTraits[]
  /** `ground`: where its vehicles stand, where the polygon was lifted from there to the height of plates. */
  readonly zones: readonly { readonly cameraId: string; readonly polygon: Polygon; readonly ground?: Polygon }[]
  /** What its cameras overlook; absent where nothing is. */
  readonly masks?: readonly { readonly cameraId: string; readonly polygon: Polygon }[]
}
