import type { ConnectorStatus } from '../machines/events.ts'

/** What a connector can be, by the charge point's word in lower case. */
export const STATUSES: { readonly [word: string]: ConnectorStatus } = {
  available: 'available',
  preparing: 'preparing',
  charging: 'charging',
  suspendedev: 'suspended-ev',
  suspendedevse: 'suspended-evse',
  finishing: 'finishing',
  reserved: 'reserved',
  unavailable: 'unavailable',
  faulted: 'faulted',
  occupied: 'preparing',
}
