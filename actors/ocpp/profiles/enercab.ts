import type { ProfileFamily } from './charge-point-profile.ts'

/** Enercab. Public reports: evcc-io/evcc#16523 (current), evcc-io/evcc#13990 (stops of former transactions when it starts: recorded, they end nothing). */
export const ENERCAB: ProfileFamily = {
  name: 'enercab',
  family: 'Enercab',
  because: 'sends the current of one phase of three, which may be one that the vehicle does not use',
  matches: [{ vendor: 'enercab', model: '' }],
  traits: { drawingBy: 'power' },
}
