import type { Clock } from '../../actors/ports.ts'
import { fold, normalize } from '../../machines/plate.ts'
import type { Room } from '../room.ts'
import { PlateTeller, type PlateTellerParts, type StandingVisit } from './plate-teller.ts'

/** Who compares the plates of a running site with those of others by way of its centre; null where its file does not say so. */
export function openPlateTeller(room: Room, clock: Clock, line: PlateTellerParts['line']): PlateTeller | null {
  const rule = room.file.centre?.plausibility
  if (rule === undefined) return null
  return new PlateTeller({
    rule,
    clock,
    line,
    visits: () => standing(room),
    plateOf(handle) {
      const text = room.desk.plateOf(handle)
      return text === null ? null : fold(normalize(text))
    },
    scribe: () => room.site,
    alarms: () => room.desk.siteAlarms,
  })
}

/** Visits that are durable: what is not may never have been. */
function* standing({ site, privacy }: Room): Generator<StandingVisit> {
  for (const { bayId, committed } of site.hosts.values()) {
    const { visit } = committed.snapshot.context
    if (visit === null) continue
    const handle = visit.agreed?.handle ?? null
    yield { bayId, visitId: visit.visitId, handle: handle === null || privacy.objects(handle) ? null : handle }
  }
}
