import { expect, test } from 'vitest'
import { FAULTS } from '../../../machines/faults.ts'
import { SCENARIOS } from '../../../simulations/scenario-list.ts'
import { CASES } from '../../../src/inspector/page/scenario-german.ts'
import { faultInGerman, inGerman } from '../../../src/inspector/page/sentences-german.ts'
import { sentencesOf } from './server-sentences.ts'

/** Every source that says something to people on the page, beside the faults that say it by their code. */
const SOURCES = [
  'machines/billing.ts',
  'machines/blocked.ts',
  'machines/commands.ts',
  'machines/does.ts',
  'machines/identity-acts.ts',
  'machines/lock-acts.ts',
  'machines/lost-link.ts',
  'machines/notices.ts',
  'machines/opening-hours.ts',
  'machines/other-plate.ts',
  'machines/read-rate.ts',
  'machines/register-fields.ts',
  'machines/signal-notices.ts',
  'machines/start-acts.ts',
  'projections/contradictions.ts',
  'actors/automatic-switch.ts',
  'actors/push-guard.ts',
  'src/cameras/camera-fault-words.ts',
  'src/centre/asked-crops.ts',
  'src/centre/order-book.ts',
  'src/centre/order-post.ts',
  'src/centre/order-routes.ts',
  'src/order-desk.ts',
  'src/order-reading.ts',
  'src/plausibility/plate-doubts.ts',
  'src/register-desk.ts',
  'src/register-vehicles.ts',
  'src/reviews/review-desk.ts',
  'src/reviews/unplaced-desk.ts',
  'src/second-person.ts',
  'src/server/bay-routes.ts',
  'src/server/camera-routes.ts',
  'src/server/commissioning-routes.ts',
  'src/server/people-routes.ts',
  'src/server/problem.ts',
  'src/server/replay-routes.ts',
  'src/server/review-routes.ts',
  'src/server/roles.ts',
  'src/server/scenario-routes.ts',
  'src/server/serving.ts',
  'src/server/site-routes.ts',
  'src/server/zone-routes.ts',
  'src/site-alarms.ts',
  'src/switch-desk.ts',
  'src/uplink/central-orders.ts',
  'src/uplink/order-life.ts',
  'src/uplink/request-desk.ts',
  'src/uplink/crops-shown.ts',
  'src/vehicle-csv.ts',
  'src/zones/zone-desk.ts',
  'src/zones/zone-file.ts',
  'src/zones/zone-trials.ts',
]

test('every sentence that the server says to people on the page has its German', () => {
  const all = SOURCES.flatMap((file) => sentencesOf(file))
  expect(all.length).toBeGreaterThan(120)
  expect(all.filter(({ text }) => inGerman(text) === null)).toEqual([])
})

test('what comes next, every deadline, and what somebody wants a second person for have their German', () => {
  const isPhrase = (text: string) => /^[a-z]+ [a-z].*[a-z ]$/.test(text) && !text.includes('/')
  const all = [
    ...sentencesOf('projections/next-step.ts', isPhrase),
    ...sentencesOf('machines/presence.ts', isPhrase),
    ...sentencesOf('machines/start-plan.ts', isPhrase),
    ...sentencesOf('src/second-person.ts', isPhrase),
  ]
  expect(all.length).toBeGreaterThan(30)
  expect(all.filter(({ text }) => inGerman(text) === null)).toEqual([])
})

test('a sentence keeps what it names, with the comma of a German number, and a sentence within it is German too', () => {
  expect(
    inGerman(
      'Charge point CP-4 is not connected: nothing can be started or stopped there, and its meter is not heard.',
    ),
  ).toBe(
    'Ladepunkt CP-4 ist nicht verbunden: Dort lässt sich nichts starten oder beenden, und sein Zähler ist nicht zu hören.',
  )
  expect(inGerman('The role viewer may not do that; ask one of: operator, admin.')).toBe(
    'Die Rolle Zuschauer darf das nicht; fragen Sie: Bediener, Verwalter.',
  )
  expect(inGerman('no such sentence')).toBeNull()
})

test('every fault of the catalogue has a German sentence of its own', () => {
  const codes = Object.keys(FAULTS)
  expect(codes.filter((code) => faultInGerman(code) === null)).toEqual([])
  expect(faultInGerman('NO_SUCH_CODE')).toBeNull()
})

test('every case of the field is told in German, with what it has and every promise', () => {
  const told = SCENARIOS.map(({ name, given, when, stories }) => [name, given !== null, when !== null, stories.length])
  const german = SCENARIOS.map(({ name }) => {
    const one = CASES[name]
    return [name, one?.given !== undefined, one?.when !== undefined, one?.promises.length]
  })
  expect(german).toEqual(told)
  expect(Object.keys(CASES)).toHaveLength(SCENARIOS.length)
})
