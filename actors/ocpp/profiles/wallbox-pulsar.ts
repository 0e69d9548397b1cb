import type { ProfileFamily } from './charge-point-profile.ts'

/** Wallbox Pulsar Plus with three phases. Public report: lbbrhzn/ocpp#1925 (model PLP1-M…; the one-phase model sends its power). */
export const WALLBOX_PULSAR: ProfileFamily = {
  name: 'wallbox-pulsar',
  family: 'Wallbox Pulsar Plus, three phases',
  because: 'knows no Power.Active.Import: asked for it, it may refuse the whole list',
  matches: [{ vendor: 'wall ?box', model: '^PLP1-M' }],
  traits: { measurands: ['Current.Import', 'Energy.Active.Import.Register'] },
}
