import type { DisplayOrder } from '../ports.ts'
import type { ChargePointProfile } from './profiles/charge-point-profile.ts'

/** The vendor's own call that puts a text on a 1.6 display. */
type TellBy = NonNullable<ChargePointProfile['tellBy']>

/** DataTransfer.req of OCPP 1.6; `data` is a text there, so what it says is JSON in it. */
export function dataTransferOf(order: DisplayOrder, { vendorId, messageId }: TellBy): object {
  const { evse, message, language, text } = order
  return { vendorId, messageId, data: JSON.stringify({ connectorId: evse, message, language, text }) }
}

/** What DataTransfer's status says of the display: `unable` where the charge point knows neither vendor nor message. */
export function readDataTransfer(status: string): 'shown' | 'rejected' | 'unable' {
  const word = status.toLowerCase()
  if (word === 'accepted') return 'shown'
  return word === 'unknownvendorid' || word === 'unknownmessageid' ? 'unable' : 'rejected'
}
