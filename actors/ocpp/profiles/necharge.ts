import type { ProfileFamily } from './charge-point-profile.ts'

/** NEcharge, Huawei. Public report: evcc-io/evcc#33020. */
export const NECHARGE: ProfileFamily = {
  name: 'necharge',
  family: 'NEcharge, Huawei',
  because:
    'ends the transaction itself where its limit is too low, says Finishing, and takes a new start there without a re-plug',
  matches: [
    { vendor: 'necharge', model: '' },
    { vendor: 'huawei', model: '' },
  ],
  traits: { finishing: 'may-withhold' },
}
