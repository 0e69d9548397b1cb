import type { ProfileFamily } from './charge-point-profile.ts'

/** Autel MaxiCharger. Public reports: lbbrhzn/ocpp#1989 (watts without a unit), lbbrhzn/ocpp#2082 (3.3 A said, 10 A flow). */
export const AUTEL_MAXICHARGER: ProfileFamily = {
  name: 'autel-maxicharger',
  family: 'Autel MaxiCharger, one phase',
  because: 'sends power without a unit (it is watts), and a third of the true current',
  matches: [{ vendor: 'autel', model: '' }],
  traits: { drawingBy: 'power', currentTimes: 3 },
}
