import { alarm, calm, type Deeds } from './deeds.ts'
import { type Bay, type Connector, connectorsOf } from './knowledge.ts'

/** A charge point may reconnect for so long before anybody is told, ms. */
const LINK_GRACE_ms = 60_000

const away = (connector: Connector): boolean => connector.link === 'offline' && connector.linkAt > 0

/** No charge point of the bay is connected: nothing can start here by itself. */
export const isDark = (bay: Bay): boolean => {
  const all = connectorsOf(bay).filter((connector) => connector.retired !== true)
  return all.length > 0 && all.every((connector) => connector.link === 'offline')
}

/** When somebody should be told that a charge point is away, ms since 1970; empty where it is on record already. */
export function linkDeadlines(bay: Bay): readonly number[] {
  const gone = connectorsOf(bay).filter(away)
  return gone.length === 0 || bay.alarms.includes(`${bay.bayId}/offline`)
    ? []
    : gone.map((connector) => connector.linkAt + LINK_GRACE_ms)
}

/** A charge point that stays away is alarmed once its grace is over, and calm again when every one of the bay's is back. */
export function noticeLink(deeds: Deeds): void {
  const gone = connectorsOf(deeds.bay).filter(away)
  if (gone.length === 0) return calm(deeds, 'offline')
  const lost = gone.find((connector) => deeds.event.at - connector.linkAt >= LINK_GRACE_ms)
  if (lost)
    alarm(
      deeds,
      'offline',
      `Charge point ${lost.chargePointId} is not connected: nothing can be started or stopped there, and its meter is not heard.`,
      'Look at its power and its network; what it stored comes in by itself when it is back.',
    )
}
