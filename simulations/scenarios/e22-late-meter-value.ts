import type { Scenario, Story } from '../scenario.ts'
import type { Scene } from '../toy-scene.ts'

async function ended(scene: Scene): Promise<string> {
  await scene.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  // A minute, so that the next sample is told and not only counted.
  await scene.watch(61)
  await scene.ends(transactionId, 1600)
  scene.sees('locked', scene.locked(), false)
  return transactionId
}

export const E22: Scenario = {
  name: 'e22-late-meter-value',
  edgeCase: 'E22',
  title: 'last meter value after stop',
  given: null,
  when: 'Last meter value after Stop.',
  wanted: 'accounting only; cannot revive or re-lock.',
  stories: [
    ...(
      [
        ['with its id, at once', 0, true, 'live'],
        ['with its id, after five minutes', 300, true, 'live'],
        ['without an id, at once', 0, false, 'live'],
        ['buffered, without an id, after a minute', 60, false, 'past'],
      ] as const
    ).map(
      ([what, after, named, when]): Story => ({
        promise: `${what} it neither locks nor revives nor bills again`,
        async play(scene) {
          const transactionId = await ended(scene)
          await scene.watch(after)
          await scene.draws(16, 9999, { transactionId: named ? transactionId : null, when })
          scene.sees('locked', scene.locked(), false)
          scene.holds('the bay is exiting', scene.state().startsWith('exiting'), scene.state())
          await scene.unplugs()
          await scene.leaves()
          scene.sees('the state', scene.state(), 'vacant')
          scene.matches('the bills', scene.bills(), [{ accountId: 'acc-1', energy_Wh: 600, disputed: null }])
          scene.sees('BayLocked, counted', scene.decided('BayLocked').length, 1)
        },
        outcome: {
          bays: {
            'bay-1': {
              state: 'vacant',
              payer: null,
              told: ['authorized (first)', 'charging (plate)', 'finished (please leave)', 'free (exit-seen)'],
              bills: [{ accountId: 'acc-1', energy_Wh: 600, exit: 'exit-seen' }],
            },
          },
          commands: ['start CP-1/1'],
          alarms: [],
          alarmsEver: [],
        },
      }),
    ),
    {
      promise: 'fresh flow that goes on for long after the stop is no late value: it locks, for nobody new',
      async play(scene) {
        await ended(scene)
        await scene.watch(60)
        await scene.draws(16, 2000)
        scene.sees('locked', scene.locked(), true)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.charging',
            payer: 'acc-1',
            told: ['authorized (first)', 'charging (plate)', 'finished (please leave)', 'charging (plate)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'it does not open a visit in a bay that is vacant again',
      async play(scene) {
        const transactionId = await ended(scene)
        await scene.unplugs()
        await scene.leaves()
        const before = scene.site.journal.records.length
        await scene.draws(16, 9999, { transactionId })
        scene.sees(
          'records since',
          scene.site.journal.records.slice(before).map((record) => record.cause.type),
          ['meter.values'],
        )
        scene.sees('the state', scene.state(), 'vacant')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['authorized (first)', 'charging (plate)', 'finished (please leave)', 'free (exit-seen)'],
            bills: [{ accountId: 'acc-1', energy_Wh: 600, exit: 'exit-seen' }],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
