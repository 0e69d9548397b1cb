/** What berth knows of one bay, for another back end; no plate. `token`: what that one knows the vehicle by; null where nobody is known. */
export type BayKnown = { readonly occupied: boolean; readonly token: string | null }

type Place = { readonly chargePointId: string; readonly evse: number }

/** Sends a charge point's call to the other back end in its name; false where that one has not heard it. */
export type Notify = (chargePointId: string, action: 'NotifyEvent', payload: object) => Promise<boolean>

type EventData = { readonly component: string; readonly variable: string; readonly value: string }

/** Longest value that every back end takes. */
const LONGEST = 255

/**
 * Offers what berth knows of bays as a charge point's own sensors (OCPP 2.x): `BayOccupancySensor.Active`, and `VehicleIdSensor` with
 * whether it has identified the vehicle (`Active`) and by which token (`Token`). Only what has changed is sent.
 */
export class SensorOffers {
  readonly #now: () => number
  readonly #notify: Notify
  readonly #sent = new Map<string, BayKnown>()
  #events = 0

  /** `now`: ms since 1970. */
  constructor(now: () => number, notify: Notify) {
    this.#now = now
    this.#notify = notify
  }

  /** What is known of the bay that this EVSE serves. */
  show({ chargePointId, evse }: Place, known: BayKnown): void {
    const key = `${chargePointId}/${evse}`
    const before = this.#sent.get(key)
    this.#sent.set(key, known)
    const eventData = changed(before, known).map((one) => this.#event(one, evse))
    if (eventData.length === 0) return
    const generatedAt = new Date(this.#now()).toISOString()
    const heard = this.#notify(chargePointId, 'NotifyEvent', { generatedAt, seqNo: 0, eventData })
    void heard.catch(() => false).then((ok) => ok || this.forget(chargePointId))
  }

  /** Its other back end has not heard: everything is said anew at the next word. */
  forget(chargePointId: string): void {
    for (const key of this.#sent.keys()) if (key.startsWith(`${chargePointId}/`)) this.#sent.delete(key)
  }

  #event({ component, variable, value }: EventData, evse: number): object {
    this.#events = (this.#events + 1) % 2 ** 31
    return {
      eventId: this.#events,
      timestamp: new Date(this.#now()).toISOString(),
      trigger: 'Delta',
      actualValue: value.slice(0, LONGEST),
      eventNotificationType: 'HardWiredNotification',
      component: { name: component, evse: { id: evse } },
      variable: { name: variable },
    }
  }
}

function changed(before: BayKnown | undefined, { occupied, token }: BayKnown): EventData[] {
  const list: EventData[] = []
  if (before?.occupied !== occupied)
    list.push({ component: 'BayOccupancySensor', variable: 'Active', value: String(occupied) })
  if ((before?.token ?? null) === token) return list
  list.push({ component: 'VehicleIdSensor', variable: 'Active', value: String(token !== null) })
  if (token !== null) list.push({ component: 'VehicleIdSensor', variable: 'Token', value: token })
  return list
}
