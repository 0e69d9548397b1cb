import type { Scenario, Story } from '../scenario.ts'
import { ONE_BAY } from '../toy-scene.ts'

export const E03: Scenario = {
  name: 'e03-not-a-plate',
  edgeCase: 'E03',
  title: 'not a plate',
  given: null,
  when: 'Not a plate (Audi rings → C00D, van lettering, sign).',
  wanted:
    'rejected by format, by plate box outside the vehicle box, or by an operator-drawn ignore mask; counted in camera quality.',
  stories: [
    ...(
      [
        ['rings of a badge', 'C00D'],
        ['lettering of a van', 'EXPRESS'],
        ['a grille', '1111111'],
      ] as const
    ).map(
      ([what, text]): Story => ({
        promise: `${what} (${text}) identifies nobody, however often it is read, and is counted`,
        async play(scene) {
          await scene.registers('AB12CDE', 'acc-1')
          await scene.arrives(text, 'bay-1', 6)
          await scene.watch(10)
          scene.sees('PlateAgreed', scene.decided('PlateAgreed'), [])
          scene.sees('starts sent', scene.orders('start'), 0)
          scene.sees('the state', scene.state(), 'authorizing.fallback')
          scene.sees('what the driver was told', scene.told(), ['present-card (no-plate)'])
          const implausible = scene.site.counts.get('read.implausible') ?? 0
          scene.holds('at least six reads are counted as implausible', implausible >= 6, implausible)
        },
        outcome: {
          bays: {
            'bay-1': { state: 'authorizing.fallback', payer: null, told: ['present-card (no-plate)'], bills: [] },
          },
          commands: [],
          alarms: [],
          alarmsEver: [],
        },
      }),
    ),
    {
      promise: 'a sign read where no vehicle is seen opens no visit',
      async play(scene) {
        for (let frame = 0; frame < 5; frame += 1)
          await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'C00D' }], occupied: [] })
        scene.sees('the state', scene.state(), 'vacant')
        scene.sees('VisitOpened', scene.decided('VisitOpened'), [])
      },
      outcome: {
        bays: { 'bay-1': { state: 'vacant', payer: null, told: [], bills: [] } },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a badge read beside the plate does not disturb the plate',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        for (let frame = 0; frame < 3; frame += 1)
          await scene.picture({
            plates: [
              { bayId: 'bay-1', plate: 'C00D' },
              { bayId: 'bay-1', plate: 'AB12CDE' },
            ],
            occupied: ['bay-1'],
          })
        scene.sees('the payer', scene.payer(), 'acc-1')
        scene.sees('starts sent', scene.orders('start'), 1)
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
      promise: 'lettering inside a mask that a person drew is counted and identifies nobody, however often it is read',
      site: {
        ...ONE_BAY,
        masks: {
          'cam-1': [
            [
              [0.6, 0.5],
              [0.9, 0.5],
              [0.9, 0.8],
              [0.6, 0.8],
            ],
          ],
        },
      },
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.watch(12, { plates: [{ bayId: 'bay-1', plate: 'AB12CDE', x: 0.75 }], occupied: ['bay-1'] })
        scene.sees('starts sent', scene.orders('start'), 0)
        scene.sees('reads counted as masked', scene.site.counts.get('read.masked'), 12)
      },
      outcome: {
        bays: { 'bay-1': { state: 'authorizing.fallback', payer: null, told: ['present-card (no-plate)'], bills: [] } },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a plate read beside the very vehicle that the camera sees in the bay is not that vehicle’s',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.watch(12, {
          plates: [{ bayId: 'bay-1', plate: 'AB12CDE', x: 0.75 }],
          vehicles: [[0.2, 0.4, 0.2, 0.3]],
        })
        scene.sees('starts sent', scene.orders('start'), 0)
        scene.sees('reads counted as beside the vehicle', scene.site.counts.get('read.beside_vehicle'), 12)
      },
      outcome: {
        bays: { 'bay-1': { state: 'authorizing.fallback', payer: null, told: ['present-card (no-plate)'], bills: [] } },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
