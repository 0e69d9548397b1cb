import type { Scenario } from '../scenario.ts'
import { TWO_BAYS } from '../toy-scene.ts'

const OVERLAPPING = {
  bays: [
    {
      bayId: 'bay-1',
      connectors: [{ chargePointId: 'CP-1', evse: 1 }],
      zone: [
        [0, 0.2],
        [0.6, 0.2],
        [0.6, 1],
        [0, 1],
      ] as const,
    },
    {
      bayId: 'bay-2',
      connectors: [{ chargePointId: 'CP-2', evse: 1 }],
      zone: [
        [0.4, 0.2],
        [1, 0.2],
        [1, 1],
        [0.4, 1],
      ] as const,
    },
  ],
}

export const E08: Scenario = {
  name: 'e08-neighbour-plate',
  edgeCase: 'E08',
  title: 'neighbour’s plate',
  given: null,
  when: 'Neighbour’s plate read for the car in my bay.',
  wanted:
    'needs: plate box centre inside my polygon with margin, and not inside a better-fitting one; a plate already holding a live visit at another bay cannot start here. Ambiguous polygon overlap → review.',
  stories: [
    {
      promise: 'a plate at the edge of my bay, without margin, identifies nobody here',
      site: TWO_BAYS,
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        for (let frame = 0; frame < 5; frame += 1)
          await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'AB12CDE', x: 0.495 }], occupied: [] })
        scene.sees('the states', [scene.state('bay-1'), scene.state('bay-2')], ['vacant', 'vacant'])
        scene.sees('reads counted as outside every zone', scene.site.counts.get('read.outside'), 5)
        scene.sees('starts sent', scene.orders('start'), 0)
      },
      outcome: {
        bays: {
          'bay-1': { state: 'vacant', payer: null, told: [], bills: [] },
          'bay-2': { state: 'vacant', payer: null, told: [], bills: [] },
        },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'where two zones fit about as well, a person looks and nothing starts',
      site: OVERLAPPING,
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        for (let frame = 0; frame < 5; frame += 1) {
          await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'AB12CDE', x: 0.49 }], occupied: ['bay-1'] })
          await scene.passes(0.3)
        }
        scene.sees('starts sent', scene.orders('start'), 0)
        scene.sees('the states', [scene.state('bay-1'), scene.state('bay-2')], ['detecting.in-review', 'vacant'])
        scene.sees('what the driver was told of bay-1', scene.told('bay-1'), ['present-card (review)'])
        scene.matches(
          'the review',
          scene.site.effects.find((effect) => effect.type === 'open.review'),
          {
            reason: 'between two zones',
          },
        )
      },
      outcome: {
        bays: {
          'bay-1': { state: 'detecting.in-review', payer: null, told: ['present-card (review)'], bills: [] },
          'bay-2': { state: 'vacant', payer: null, told: [], bills: [] },
        },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'the better-fitting zone gets the plate, and the other bay nothing',
      site: OVERLAPPING,
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        for (let frame = 0; frame < 3; frame += 1)
          await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'AB12CDE', x: 0.43 }], occupied: ['bay-1'] })
        scene.sees('the payer of bay-1', scene.payer('bay-1'), 'acc-1')
        scene.sees('the visit of bay-2', scene.visit('bay-2'), null)
      },
      outcome: {
        bays: {
          'bay-1': { state: 'authorizing.awaiting-plug', payer: 'acc-1', told: ['authorized (first)'], bills: [] },
          'bay-2': { state: 'vacant', payer: null, told: [], bills: [] },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise:
        'a plate that charges in the next bay cannot start mine; both are shown and my driver is asked for a card',
      site: TWO_BAYS,
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE', 'bay-1')
        await scene.charges()
        const holder = scene.visit('bay-1')
        scene.stands(null, 'bay-2')
        for (let frame = 0; frame < 3; frame += 1)
          await scene.picture({
            plates: [
              { bayId: 'bay-1', plate: 'AB12CDE' },
              { bayId: 'bay-2', plate: 'AB12CDE' },
            ],
          })
        scene.sees('the state of bay-2', scene.state('bay-2'), 'authorizing.claiming')
        await scene.watch(11)
        scene.sees('the state of bay-2', scene.state('bay-2'), 'authorizing.fallback')
        scene.sees('what the driver was told of bay-2', scene.told('bay-2'), ['present-card (plate-elsewhere)'])
        scene.holds('the alarm clone is open', scene.alarms().includes('clone'), scene.alarms())
        scene.sees('starts sent', scene.orders('start'), 1)
        scene.sees(
          'the visit and the payers',
          [scene.visit('bay-1'), scene.payer('bay-1'), scene.payer('bay-2')],
          [holder, 'acc-1', null],
        )
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.charging',
            payer: 'acc-1',
            told: ['authorized (first)', 'charging (plate)'],
            bills: [],
          },
          'bay-2': { state: 'authorizing.fallback', payer: null, told: ['present-card (plate-elsewhere)'], bills: [] },
        },
        commands: ['start CP-1/1'],
        alarms: ['bay-1/clone', 'bay-2/clone'],
        alarmsEver: ['bay-1/clone', 'bay-2/clone'],
      },
    },
    {
      promise:
        'a plate on the line between two bays is nobody’s in either: nothing starts, and a card pays where its car plugs in',
      site: TWO_BAYS,
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.registersCard('CARD1', 'acc-1')
        for (let second = 0; second < 12; second += 1) {
          await scene.picture({
            plates: [{ bayId: 'bay-1', plate: 'AB12CDE', x: 0.5 }],
            occupied: ['bay-1', 'bay-2'],
          })
          await scene.passes(1)
        }
        scene.sees('starts sent', scene.orders('start'), 0)
        scene.sees('the payers', [scene.payer('bay-1'), scene.payer('bay-2')], [null, null])
        await scene.charges({ idToken: 'CARD1', connector: 'CP-2/1' })
        scene.sees('the payers', [scene.payer('bay-1'), scene.payer('bay-2')], [null, 'acc-1'])
      },
      outcome: {
        bays: {
          'bay-1': { state: 'authorizing.fallback', payer: null, told: ['present-card (no-plate)'], bills: [] },
          'bay-2': {
            state: 'charging-locked.charging',
            payer: 'acc-1',
            told: ['present-card (no-plate)', 'charging (card)'],
            bills: [],
          },
        },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
