import type { ConnectorTraits } from '../../machines/site-news.ts'
import type { ChargePointProfile } from './profiles/charge-point-profile.ts'

/** What a bay must know of a profile, for one connector. */
export function connectorTraits(
  profile: ChargePointProfile,
  place: Pick<ConnectorTraits, 'connector' | 'chargePointId' | 'evse'>,
): ConnectorTraits {
  const { connectionTimeout_s, startOn, drawingBy, suspendedEvse, silentWhenSuspended, finishing, availableMay } =
    profile
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
