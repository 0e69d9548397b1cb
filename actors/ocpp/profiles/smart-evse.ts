import type { ProfileFamily } from './charge-point-profile.ts'

/** SmartEVSE 3.5. Public report: dingo35/SmartEVSE-3.5#348. */
export const SMART_EVSE: ProfileFamily = {
  name: 'smart-evse',
  family: 'SmartEVSE',
  because: 'does not tell its status after an unplug until it is asked',
  matches: [{ vendor: 'smartevse|stegen', model: '' }],
  traits: { statusEvery_s: 30 },
}
