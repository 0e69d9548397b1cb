import type { Scenario } from '../scenario.ts'

export const E01: Scenario = {
  name: 'e01-look-alikes',
  edgeCase: 'E01',
  title: 'look-alike characters',
  given: 'listed AB12CDE',
  when: 'frames say A812CDE, AB12CDE',
  wanted:
    'fold look-alikes by position (format-aware), accept only if exactly one listed plate folds to it and ≥ 2 distinct frames agree; else review.',
  stories: [
    {
      promise: 'A812CDE and AB12CDE in two frames are the one listed plate, and it starts once',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('A812CDE', 'bay-1', 1)
        scene.sees('starts sent', scene.orders('start'), 0)
        await scene.arrives('AB12CDE', 'bay-1', 1)
        scene.sees('the state', scene.state(), 'authorizing.awaiting-plug')
        scene.sees('the payer', scene.payer(), 'acc-1')
        scene.sees('starts sent', scene.orders('start'), 1)
        scene.matches('PlateAgreed', scene.decided('PlateAgreed'), [{ witnesses: 2 }])
        scene.sees('what the driver was told', scene.told(), ['authorized (first)'])
      },
      outcome: {
        bays: {
          'bay-1': { state: 'authorizing.awaiting-plug', payer: 'acc-1', told: ['authorized (first)'], bills: [] },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'one frame with each of two different plates is no agreement, and a person is asked',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.registers('AB12CDF', 'acc-2')
        await scene.arrives('AB12CDE', 'bay-1', 1)
        await scene.arrives('AB12CDF', 'bay-1', 1)
        scene.stands(null)
        await scene.watch(12)
        scene.sees('the state', scene.state(), 'detecting.in-review')
        scene.sees('starts sent', scene.orders('start'), 0)
        scene.sees('the payer', scene.payer(), null)
        scene.sees('what the driver was told', scene.told(), ['present-card (review)'])
        await scene.watch(125)
        scene.sees('the state', scene.state(), 'authorizing.fallback')
        scene.sees('starts sent', scene.orders('start'), 0)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.fallback',
            payer: null,
            told: ['present-card (review)', 'present-card (not-identified)'],
            bills: [],
          },
        },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'two frames of one camera picture are one witness',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'A812CDE' }], occupied: ['bay-1'], frame: 'same' })
        await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'AB12CDE' }], occupied: ['bay-1'], frame: 'same' })
        scene.sees('PlateAgreed', scene.decided('PlateAgreed'), [])
        scene.sees('starts sent', scene.orders('start'), 0)
      },
      outcome: {
        bays: { 'bay-1': { state: 'detecting.collecting', payer: null, told: [], bills: [] } },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a plate that differs by no look-alike is another vehicle and is refused',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CXE')
        scene.sees('the state', scene.state(), 'authorizing.denied')
        scene.matches('VisitRefused', scene.decided('VisitRefused'), [{ reason: 'unknown' }])
        scene.sees('starts sent', scene.orders('start'), 0)
        scene.sees('what the driver was told', scene.told(), ['present-card (unknown)'])
      },
      outcome: {
        bays: { 'bay-1': { state: 'authorizing.denied', payer: null, told: ['present-card (unknown)'], bills: [] } },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
