import { DEFAULT_POLICY } from './events.ts'
import type { Bay, Connector, Flow } from './knowledge.ts'
import type { ConnectorTraits } from './site-news.ts'

/** A bay nobody has told anything. */
export function emptyBay(bayId: string): Bay {
  return {
    bayId,
    version: 0,
    policy: DEFAULT_POLICY,
    connectors: {},
    cameras: {},
    zones: [],
    masks: [],
    swapped: null,
    here: { presence: 'unknown', since: 0 },
    service: 'in-service',
    autonomy: null,
    automatic: true,
    visit: null,
    endedAt: 0,
    alarms: [],
    wakeAt: null,
  }
}

export const NO_FLOW: Flow = { drawing: false, low: 0, current_A: null, power_W: null, at: null, withheldBy: null }

/** A connector nobody has heard of yet. */
export function newConnector(traits: ConnectorTraits): Connector {
  return {
    ...traits,
    link: 'offline',
    linkAt: 0,
    status: null,
    statusAt: null,
    cable: 'unknown',
    transaction: null,
    orphan: null,
    lastEnded: null,
    flow: NO_FLOW,
    availableAt: null,
  }
}
