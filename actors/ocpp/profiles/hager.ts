import type { ProfileFamily } from './charge-point-profile.ts'

/** Hager. Public report: dallmann-consulting/OCPP.Core#55. Berth never answers ConcurrentTx; named so that a test plays it. */
export const HAGER: ProfileFamily = {
  name: 'hager',
  family: 'Hager witty',
  because: 'stops the transaction -1 after an answer ConcurrentTx, which it never gets here: such a stop ends nothing',
  matches: [{ vendor: 'hager', model: '' }],
  traits: {},
}
