import type { ProfileFamily } from './charge-point-profile.ts'

/** ABB Terra AC. Public reports: lbbrhzn/ocpp#374 (register), mobilityhouse/ocpp#186 (StartTransaction again after a reconnect: known by its content). */
export const ABB_TERRA: ProfileFamily = {
  name: 'abb-terra',
  family: 'ABB Terra AC',
  because: 'its register slips between Wh and kWh, and it sends StartTransaction again after a reconnect',
  matches: [{ vendor: '^abb', model: 'terra|^tac|^W\\d' }],
  traits: { registerSlips: true },
}
