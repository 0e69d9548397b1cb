import type { ChargePointNews } from '../ports.ts'
import { readWhole, record } from './field-reading.ts'
import type { OcppCounters } from './ocpp-counters.ts'
import type { Fields } from './ocpp2-reading.ts'

/** What a station's bay sensor says of one EVSE. */
type Sensed = { readonly evse: number; readonly word: 'occupied' | 'empty' }

const MOST_EVENTS = 100
const text = (value: unknown): string => (typeof value === 'string' ? value.trim().toLowerCase() : '')

/** The bay sensor's words in a NotifyEvent: `BayOccupancySensor.Active` of an EVSE. Anything else says nothing of a bay. */
function readBaySensors(fields: Fields): readonly Sensed[] {
  const list = fields['eventData']
  return (Array.isArray(list) ? list.slice(0, MOST_EVENTS) : []).flatMap((entry) => {
    const event = record(entry) ?? {}
    const component = record(event['component']) ?? {}
    if (text(component['name']) !== 'bayoccupancysensor') return []
    if (text(record(event['variable'])?.['name']) !== 'active') return []
    const evse = readWhole(record(component['evse'])?.['id'], 1)
    const isActive = ['true', '1'].includes(text(event['actualValue']))
    const isPassive = ['false', '0'].includes(text(event['actualValue']))
    return evse && (isActive || isPassive) ? [{ evse: evse.value, word: isActive ? 'occupied' : 'empty' }] : []
  })
}

/** Hears a NotifyEvent: of all that a station may notify, its bay sensors are told. Answers the call's result. */
export async function hearNotice(
  fields: Fields,
  { chargePointId, counters }: { readonly chargePointId: string; readonly counters: OcppCounters },
  tell: (news: ChargePointNews) => Promise<unknown>,
): Promise<object> {
  for (const seen of readBaySensors(fields)) {
    counters.add('bay_sensor')
    await tell({ type: 'sensed', chargePointId, ...seen })
  }
  return {}
}
