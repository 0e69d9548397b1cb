import { type Notify, SensorOffers } from '../actors/ocpp/sensor-offers.ts'
import type { Clock } from '../actors/ports.ts'
import type { BayView } from '../projections/bay-view.ts'
import type { SiteDesk } from './site-desk.ts'

type Parts = {
  readonly desk: Pick<SiteDesk, 'bays' | 'subscribe'>
  readonly clock: Clock
  readonly notify: Notify
  /** What the other back end knows by whoever pays this bay's visit: the vehicle's alias, or a card; null = nobody that it knows. */
  readonly tokenOf: (bayId: string) => string | null
}

/** How soon a back end that was away hears how its bays are, ms. */
const AGAIN_MS = 30_000

/** Offers every bay of one EVSE to the other back end as its charge point's own sensors, as it changes. Returns what ends it. */
export function offerSensors({ desk, clock, notify, tokenOf }: Parts): () => void {
  const offers = new SensorOffers(() => clock.now(), notify)
  const show = (bays: readonly BayView[]): void => {
    for (const bay of bays) {
      const [place, ...others] = bay.chargers
      // Of a bay with two cables nobody could say which EVSE its vehicle stands at.
      if (!place || others.length > 0) continue
      offers.show(place, { occupied: bay.state !== 'vacant', token: bay.visit ? tokenOf(bay.bayId) : null })
    }
  }
  show(desk.bays())
  const ends = desk.subscribe(({ bays }) => show(bays))
  // What was not heard is said again though nothing changes at the bay.
  let disarm = (): void => undefined
  const again = (): void => {
    disarm = clock.after(AGAIN_MS, () => {
      show(desk.bays())
      again()
    })
  }
  again()
  return () => {
    disarm()
    ends()
  }
}
