import type { ProfileFamily } from './charge-point-profile.ts'

/** Alfen. Public report: lbbrhzn/ocpp#514. */
export const ALFEN: ProfileFamily = {
  name: 'alfen',
  family: 'Alfen',
  because: 'takes tokens of hex digits only, and as long as a card has them',
  matches: [{ vendor: 'alfen', model: '' }],
  traits: { tokenLength: 14 },
}
