import { connectorKey } from '../../machines/events.ts'
import type { BayView, ConnectorView } from '../../projections/bay-view.ts'
import { evseIdOf, evseUidOf, type OcpiSite, ocpiTime } from './ocpi-party.ts'

type EvseStatus = 'AVAILABLE' | 'BLOCKED' | 'CHARGING' | 'INOPERATIVE' | 'OUTOFORDER' | 'RESERVED' | 'UNKNOWN'

const CHARGING = ['Charging', 'SuspendedEV', 'SuspendedEVSE']
/** A visit of which nobody knows whether its vehicle is still here: nothing is known to stand in the way. */
const PERHAPS_GONE = ['unseen', 'unconfirmed']

/** A session runs: a transaction is open, or energy flows. */
const charges = ({ state }: BayView): boolean => state === 'charging-locked'

/** A vehicle stands in the bay, and no session runs. */
const stands = (bay: BayView): boolean =>
  bay.state !== 'vacant' && !charges(bay) && (bay.blocked !== null || !PERHAPS_GONE.includes(bay.detail))

/** Of one EVSE, by every bay that its cable reaches: BLOCKED only where all of them are occupied without a session. */
export function evseStatus(evse: ConnectorView, bays: readonly BayView[]): EvseStatus {
  if (!evse.online) return 'UNKNOWN'
  if (evse.status === 'Faulted') return 'OUTOFORDER'
  if (CHARGING.includes(evse.status) || bays.some((bay) => charges(bay) && bay.chargers.length === 1)) return 'CHARGING'
  if (bays.every(({ service }) => service === 'out-of-service') || evse.status === 'Unavailable') return 'INOPERATIVE'
  if (evse.status === 'Reserved') return 'RESERVED'
  if (bays.every(stands)) return 'BLOCKED'
  return evse.status === 'Unknown' ? 'UNKNOWN' : 'AVAILABLE'
}

/** Every EVSE of the site once, with its status now. */
export function evsesOf(site: OcpiSite, bays: readonly BayView[], now: number) {
  const all = new Map<string, ConnectorView>()
  for (const { chargers } of bays) for (const one of chargers) all.set(connectorKey(one.chargePointId, one.evse), one)
  return [...all].map(([connector, evse]) => {
    const reached = bays.filter(({ chargers }) =>
      chargers.some((one) => connectorKey(one.chargePointId, one.evse) === connector),
    )
    const times = [...reached.map(({ since }) => since), evse.at ?? ''].filter((time) => time !== '')
    return {
      uid: evseUidOf(connector),
      evse_id: evseIdOf(site, connector),
      status: evseStatus(evse, reached),
      physical_reference: reached
        .map(({ bayId }) => bayId)
        .join(', ')
        .slice(0, 16),
      last_updated: ocpiTime(times.toSorted().at(-1) ?? new Date(now).toISOString()),
    }
  })
}
