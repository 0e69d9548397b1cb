import type { ProfileFamily } from './charge-point-profile.ts'

/** United Chargers Grizzl-E Smart. Public reports: lbbrhzn/ocpp#235, evcc-io/evcc#33911, evcc-io/evcc#33909. */
export const GRIZZL_E: ProfileFamily = {
  name: 'grizzl-e',
  family: 'Grizzl-E Smart',
  because:
    'sends its current as Current.Export, may say SuspendedEVSE while it charges, and falls silent in SuspendedEV',
  matches: [{ vendor: 'united ?chargers|grizzl', model: '' }],
  traits: { currentFrom: 'export', suspendedEvse: 'may-draw', silentWhenSuspended: true },
}
