import { type Deeds, decide, order } from './deeds.ts'
import { autonomyOf } from './knowledge.ts'

/** A word to the driver, by whatever shows it. */
export function tell(deeds: Deeds, message: string, reason: string): void {
  order(deeds, 'tell.driver', { message, reason, leaves: autonomyOf(deeds.bay) !== 'observe' })
}

/** RFID, QR and an operator always work: the driver is told so. */
export function offer(deeds: Deeds, reason: string): void {
  decide(deeds, 'FallbackOffered', { reason })
  tell(deeds, 'present-card', reason)
}
