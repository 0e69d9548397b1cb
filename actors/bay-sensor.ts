import { connectorKey } from '../machines/events.ts'
import { baysAt, type DeskPorts, origin } from './charge-point-delivery.ts'
import type { ChargePointNews, DeskAnswer } from './ports.ts'
import { reaching } from './routing.ts'

const YES: DeskAnswer = { status: 'accepted', transactionId: null }
const WORDS = { occupied: 'vehicle.seen', empty: 'zone.empty', unknown: 'camera.lost' } as const

/** What a charge point's own bay sensor is called beside the cameras of a bay. */
const sensorOf = (connector: string): string => `${connector} sensor`

/** A charge point's own bay sensor is evidence of presence, as a camera that reads nothing is; of a connector that two bays reach nobody knows whose. */
export async function sensed(
  ports: DeskPorts,
  { chargePointId, evse, word }: Extract<ChargePointNews, { type: 'sensed' }>,
): Promise<DeskAnswer> {
  const connector = connectorKey(chargePointId, evse)
  const [bay, ...others] = reaching(baysAt(ports, chargePointId), connector)
  if (!bay || others.length > 0) return YES
  const cameraId = sensorOf(connector)
  const known = bay.snapshot.context.cameras[cameraId]
  const saw = known?.live ? known.saw : 'unknown'
  if (saw === word) return YES
  await ports.site().tell(bay.bayId, { type: WORDS[word], ...origin(ports, chargePointId), cameraId })
  return YES
}

/** Its charge point is away: what its sensors saw says nothing of now. */
export async function sensorsLost(ports: DeskPorts, chargePointId: string): Promise<void> {
  const lost = baysAt(ports, chargePointId).flatMap(({ bayId, snapshot: { context } }) =>
    Object.values(context.connectors)
      .filter((one) => one.chargePointId === chargePointId)
      .map(({ connector }) => ({ bayId, cameraId: sensorOf(connector) }))
      .filter(({ cameraId }) => context.cameras[cameraId]?.live === true),
  )
  await Promise.all(
    lost.map(({ bayId, cameraId }) =>
      ports.site().tell(bayId, { type: 'camera.lost', ...origin(ports, chargePointId), cameraId }),
    ),
  )
}
