import type { Bay } from '../machines/knowledge.ts'
import type { Effect, FactRecord } from '../machines/record.ts'
import type { DriverWord } from './ports.ts'

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/**
 * The word that an effect of a record says to the driver of its bay; null where nothing leaves berth, or where it is not true of
 * the bay as the record left it. `bay` is the bay as it is now: whether it is in service.
 */
export function driverWord(effect: Effect, record: FactRecord, bay: Bay | undefined): DriverWord | null {
  const message = text(effect['message'])
  if (effect['leaves'] !== true || record.bayId === null || message === null) return null
  const { bayId, at, seq } = record
  const visitId = record.decisions.map((decision) => text(decision['visitId'])).findLast((id) => id !== null) ?? null
  // A bay without its charge point stands in the place of a free one.
  const isAway = message === 'closed' && effect['reason'] === 'charge point away'
  if (message !== 'free' && !isAway)
    return {
      bayId,
      visitId: visitId ?? bay?.visit?.visitId ?? null,
      message,
      reason: text(effect['reason']) ?? '',
      at,
      seq,
    }
  // One visit may end because the next one begins: the bay is not free then.
  if (record.state !== 'vacant') return null
  if (bay?.service === 'out-of-service')
    return { bayId, visitId: null, message: 'closed', reason: 'out-of-service', at, seq }
  return { bayId, visitId: null, message, reason: text(effect['reason']) ?? '', at, seq }
}
