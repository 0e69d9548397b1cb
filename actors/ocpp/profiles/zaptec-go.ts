import type { ProfileFamily } from './charge-point-profile.ts'

/** Zaptec Go 2. Public reports: evcc-io/evcc#30247 (stops), evcc-io/evcc#29190 (meterStart 2147483647: a register that says nothing). */
export const ZAPTEC_GO: ProfileFamily = {
  name: 'zaptec-go',
  family: 'Zaptec Go 2',
  because: 'sends no StopTransaction, or one with an id that nobody gave: Available is its word for the end',
  matches: [{ vendor: 'zaptec', model: 'go ?2' }],
  traits: { availableMay: 'ended', strayStop: 'ends-the-open' },
}
