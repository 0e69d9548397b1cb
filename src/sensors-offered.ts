import { type Notify, SensorOffers } from '../actors/ocpp/sensor-offers.ts'
import type { Clock } from '../actors/ports.ts'
import type { BayView } from '../projections/bay-view.ts'
import type { SiteDesk } from './site-desk.ts'

type Parts = {
  readonly desk: Pick<SiteDesk, 'bays' | 'subscribe' | 'plateOf' | 'register'>
  readonly clock: Clock
  readonly notify: Notify
}

/** Offers every bay of one EVSE to the other back end as its charge point's own sensors, as it changes. Returns what ends it. */
export function offerSensors({ desk, clock, notify }: Parts): () => void {
  const offers = new SensorOffers(() => clock.now(), notify)
  const show = (bays: readonly BayView[]): void => {
    for (const bay of bays) {
      const [place, ...others] = bay.chargers
      // Of a bay with two cables nobody could say which EVSE its vehicle stands at.
      if (!place || others.length > 0) continue
      offers.show(place, { occupied: bay.state !== 'vacant', token: tokenOf(desk, bay) })
    }
  }
  show(desk.bays())
  return desk.subscribe(({ bays }) => show(bays))
}

/** What the other back end knows the vehicle by: its alias, once somebody pays for it. */
function tokenOf(desk: Pick<SiteDesk, 'plateOf' | 'register'>, { visit }: BayView): string | null {
  if (!visit?.accountId || visit.plate === null) return null
  const plate = desk.plateOf(visit.plate)
  return (plate && desk.register.vehicle(plate)?.alias) || null
}
