import type { ProfileFamily } from './charge-point-profile.ts'

/** EVBox. Public report: evcc-io/evcc#8116. Its Available with "EV side disconnected" is a true end, and read as one. */
export const EVBOX: ProfileFamily = {
  name: 'evbox',
  family: 'EVBox',
  because: 'accepts a start with no vehicle there and forgets it: started only once the plug is in',
  matches: [{ vendor: '^ev-?box', model: '' }],
  traits: { startOn: 'plug' },
}
