import { learnErasure } from './erasure.ts'
import { DEFAULT_POLICY, type Stamped } from './events.ts'
import { type Bay, type Camera, type Connector, connectorsOf } from './knowledge.ts'
import { newConnector } from './new-bay.ts'
import type { ErasureAsked, PolicyAdopted, ProfileAdopted, SwitchTurned, ZonesPublished } from './site-news.ts'

const UNSEEN: Camera = { saw: 'unknown', live: false, at: 0, lastReadAt: null }

/** A connector that the site file names no more, with a transaction whose end is awaited: it stays until that is told, and nothing begins there. */
const retired = (bay: Bay, event: ProfileAdopted): Bay['connectors'] =>
  Object.fromEntries(
    connectorsOf(bay)
      .filter((one) => !event.connectors.some((traits) => traits.connector === one.connector) && owes(one))
      .map((one) => [one.connector, { ...one, retired: true as const }]),
  )

const unretired = ({ retired: _retired, ...connector }: Connector): Connector => connector

const owes = (connector: Connector): boolean => connector.transaction !== null || connector.orphan !== null

/** Lets go of retired connectors that owe nothing any more. */
export function withoutSettled(bay: Bay): Bay {
  const settled = connectorsOf(bay).filter((one) => one.retired === true && !owes(one))
  if (settled.length === 0) return bay
  const left = Object.entries(bay.connectors).filter(([key]) => !settled.some((one) => one.connector === key))
  return { ...bay, connectors: Object.fromEntries(left) }
}

type SiteWord = PolicyAdopted | ZonesPublished | ProfileAdopted | SwitchTurned | ErasureAsked

/** What the site adopted or was asked: rules, cameras, connectors, its switch for automatic starts, erasures. */
export function learnSite(bay: Bay, event: Stamped<SiteWord>): Bay {
  switch (event.type) {
    case 'policy.adopted':
      return { ...bay, policy: { ...DEFAULT_POLICY, ...event.policy } }
    case 'zones.published':
      return {
        ...bay,
        zones: event.zones ?? [],
        masks: event.masks ?? [],
        cameras: Object.fromEntries(event.cameras.map((id) => [id, bay.cameras[id] ?? UNSEEN])),
      }
    case 'profile.adopted': {
      const known = (connector: string) => bay.connectors[connector]
      const connectors = event.connectors.map((traits) => [
        traits.connector,
        { ...unretired(known(traits.connector) ?? { ...newConnector(traits), linkAt: event.at }), ...traits },
      ])
      return { ...bay, connectors: { ...retired(bay, event), ...Object.fromEntries(connectors) } }
    }
    case 'switch.turned':
      return { ...bay, automatic: event.automatic }
    case 'erasure.asked':
      return learnErasure(bay, event)
  }
}
