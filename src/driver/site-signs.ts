import { type Sign, SignBoard } from '../../actors/driver-signs.ts'
import type { ChargePointDisplays, Clock } from '../../actors/ports.ts'
import { reachedBy } from '../bay-plans.ts'
import type { SiteFile } from '../site-file.ts'
import { DisplaySign } from './display-sign.ts'
import { WebhookSign } from './webhook-sign.ts'

export type SiteSignsParts = {
  readonly file: SiteFile
  readonly clock: Clock
  readonly displays: ChargePointDisplays
  readonly count: (name: string) => void
  readonly log: (line: string) => void
}

/** Every sign of the site file: webhooks, and the charge points' own displays. */
export function openSiteSigns({ file, clock, displays, count, log }: SiteSignsParts): SignBoard {
  const { language, webhooks } = file.tell
  const signs: Sign[] = [
    ...webhooks.map((webhook, place) => new WebhookSign({ ...webhook, place, siteId: file.site.id })),
    // A 2.x station needs no profile for its display; a 1.6 one without a `display` in the site file has none.
    ...file.chargePoints.map(
      ({ id }) => new DisplaySign({ chargePointId: id, connectors: connectorsOf(file, id), language, displays, clock }),
    ),
  ]
  return new SignBoard({ signs, clock, count, log })
}

/** The charge point's EVSEs with each bay that reaches them. */
function connectorsOf(file: SiteFile, chargePointId: string) {
  const all = (reachedBy(file).get(chargePointId) ?? []).map(({ bayId, evse }) => ({ bayId, evse }))
  return all.map((one) => ({
    ...one,
    shared: all.some((other) => other.evse === one.evse && other.bayId !== one.bayId),
  }))
}
