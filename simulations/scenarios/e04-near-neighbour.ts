import type { Scenario, Story } from '../scenario.ts'
import { reviewerSays, shownToReviewer } from '../toy-reviewer.ts'

export const E04: Scenario = {
  name: 'e04-near-neighbour',
  edgeCase: 'E04',
  title: 'near neighbour on the list',
  given: 'two listed plates one edit apart or an unlisted car one edit from a listed one',
  when: null,
  wanted: 'never auto-start from edit distance; show both to the reviewer; tolerance may only close a visit.',
  stories: [
    {
      promise: 'frames that say two listed plates one edit apart start neither, and a reviewer sees both',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.registers('AB12CDF', 'acc-2')
        for (let frame = 0; frame < 4; frame += 1)
          await scene.picture({
            plates: [
              { bayId: 'bay-1', plate: 'AB12CDE' },
              { bayId: 'bay-1', plate: 'AB12CDF' },
            ],
            occupied: ['bay-1'],
          })
        scene.stands(null)
        await scene.watch(12)
        const review = scene.site.effects.find((effect) => effect.type === 'open.review')
        scene.sees('plates shown to the reviewer', [review?.['candidates']].flat().length, 2)
        scene.sees('starts sent', scene.orders('start'), 0)
        scene.sees('the payer', scene.payer(), null)
      },
      outcome: {
        bays: { 'bay-1': { state: 'detecting.in-review', payer: null, told: ['present-card (review)'], bills: [] } },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'two frames against one between listed plates of two accounts wait for a person',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.registers('AB12CDF', 'acc-2')
        for (const plate of ['AB12CDF', 'AB12CDE', 'AB12CDF'])
          await scene.picture({ plates: [{ bayId: 'bay-1', plate }], occupied: ['bay-1'] })
        scene.sees('starts sent', scene.orders('start'), 0)
        scene.sees('the state', scene.state(), 'authorizing.fallback')
        scene.sees('what the driver was told', scene.told(), ['present-card (a person confirms)'])
        scene.sees('plates shown to the reviewer', shownToReviewer(scene)?.length, 2)
        await scene.plugsIn()
        await scene.watch(30)
        scene.sees('starts sent', scene.orders('start'), 0)
        await scene.operator('bay-1', 'authorize', { accountId: 'acc-1' })
        scene.sees('starts sent', scene.orders('start'), 1)
        scene.sees('the payer', scene.payer(), 'acc-1')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.awaiting-plug',
            payer: 'acc-1',
            told: ['present-card (a person confirms)', 'authorized (operator)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    ...(['AB12CDE', 'AB12CDF'] as const).map(
      (plate): Story => ({
        promise: `between two listed neighbours the reviewer’s word starts the charge, for whom it names: ${plate}`,
        async play(scene) {
          await scene.registers('AB12CDE', 'acc-1')
          await scene.registers('AB12CDF', 'acc-2')
          for (const read of ['AB12CDF', 'AB12CDE', 'AB12CDF'])
            await scene.picture({ plates: [{ bayId: 'bay-1', plate: read }], occupied: ['bay-1'] })
          const accountId = plate === 'AB12CDE' ? 'acc-1' : 'acc-2'
          await reviewerSays(scene, 'bay-1', { plate, accountId })
          scene.sees('starts sent', scene.orders('start'), 1)
          scene.sees('the payer', scene.payer(), accountId)
        },
        outcome: {
          bays: {
            'bay-1': {
              state: 'authorizing.awaiting-plug',
              payer: plate === 'AB12CDE' ? 'acc-1' : 'acc-2',
              told: ['present-card (a person confirms)', 'authorized (first)'],
              bills: [],
            },
          },
          commands: ['start CP-1/1'],
          alarms: [],
          alarmsEver: [],
        },
      }),
    ),
    {
      promise: 'two frames against one where the one is nobody’s plate, or the same account’s, start at once',
      async play(scene) {
        for (const [other, account] of [
          ['AB12CXE', null],
          ['AB12CDF', 'acc-1'],
        ] as const) {
          await scene.registers('AB12CDE', 'acc-1')
          if (account) await scene.registers(other, account)
          for (const plate of ['AB12CDE', other, 'AB12CDE'])
            await scene.picture({ plates: [{ bayId: 'bay-1', plate }], occupied: ['bay-1'] })
          scene.sees('starts sent', scene.orders('start'), 1)
          scene.sees('the payer', scene.payer(), 'acc-1')
        }
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
      promise: 'an unlisted car one edit from a listed one is refused, and the listed one pays nothing',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CXE')
        scene.sees('the state', scene.state(), 'authorizing.denied')
        scene.sees('the payer', scene.payer(), null)
        scene.sees('starts sent', scene.orders('start'), 0)
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
