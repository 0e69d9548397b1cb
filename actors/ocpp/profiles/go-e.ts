import type { ProfileFamily } from './charge-point-profile.ts'

/** go-e Charger. Public report: goecharger/go-eCharger-API-v2#106. */
export const GO_E: ProfileFamily = {
  name: 'go-e',
  family: 'go-e Charger',
  because: 'stops transactions with the id -1',
  matches: [{ vendor: 'go-?e', model: '' }],
  traits: { strayStop: 'ends-the-open' },
}
