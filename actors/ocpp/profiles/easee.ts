import type { ProfileFamily } from './charge-point-profile.ts'

/** Easee. Public report: evcc-io/evcc#29861. SuspendedEVSE is honest here: it gives nothing yet. */
export const EASEE: ProfileFamily = {
  name: 'easee',
  family: 'Easee',
  because:
    'says SuspendedEVSE for minutes after a start before it begins to give energy: no start is sent again meanwhile',
  matches: [{ vendor: 'easee', model: '' }],
  traits: { connectionTimeout_s: 300 },
}
