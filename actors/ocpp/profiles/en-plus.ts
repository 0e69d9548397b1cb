import type { ProfileFamily } from './charge-point-profile.ts'

/** EN+. Public reports: evcc-io/evcc#15752, evcc-io/evcc#15691 (12 s from Preparing to Finishing), evcc-io/evcc#14673 (samples of an ended transaction: accounting only). */
export const EN_PLUS: ProfileFamily = {
  name: 'en-plus',
  family: 'EN+',
  because:
    'falls from Preparing to Finishing within seconds and then starts nothing before a re-plug; sends samples of ended transactions',
  matches: [{ vendor: '^en\\+|en-?plus', model: '' }],
  traits: { startOn: 'plug', replug: true, connectionTimeout_s: 15 },
}
