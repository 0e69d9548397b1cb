import type { PolicyAdopted, ProfileAdopted, Stamped, StoreNews, ZonesPublished } from './events.ts'
import { DEFAULT_POLICY } from './events.ts'
import { type Bay, type Camera, newConnector } from './knowledge.ts'

const UNSEEN: Camera = { saw: 'unknown', live: false, at: 0, lastReadAt: null }

/** What the site adopted: rules, cameras, connectors; and whether its journal can be written. */
export function learnSite(bay: Bay, event: Stamped<PolicyAdopted | ZonesPublished | ProfileAdopted | StoreNews>): Bay {
  switch (event.type) {
    case 'policy.adopted':
      return { ...bay, policy: { ...DEFAULT_POLICY, ...event.policy } }
    case 'zones.published':
      return { ...bay, cameras: Object.fromEntries(event.cameras.map((id) => [id, bay.cameras[id] ?? UNSEEN])) }
    case 'profile.adopted': {
      const known = (connector: string) => bay.connectors[connector]
      const connectors = event.connectors.map((traits) => [
        traits.connector,
        { ...(known(traits.connector) ?? newConnector(traits)), ...traits },
      ])
      return { ...bay, connectors: Object.fromEntries(connectors) }
    }
    case 'store.failing':
      return { ...bay, storeFailing: true }
    case 'store.healed':
      return { ...bay, storeFailing: false }
  }
}
