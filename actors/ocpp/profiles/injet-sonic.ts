import type { ProfileFamily } from './charge-point-profile.ts'

/** Injet Sonic. Public report: lbbrhzn/ocpp#1311. */
export const INJET_SONIC: ProfileFamily = {
  name: 'injet-sonic',
  family: 'Injet Sonic',
  because: 'sends its current on the neutral conductor only',
  matches: [{ vendor: 'injet', model: '' }],
  traits: { currentOn: 'neutral' },
}
