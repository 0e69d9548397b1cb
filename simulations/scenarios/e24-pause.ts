import type { Scenario, Story } from '../scenario.ts'
import type { Scene } from '../toy-scene.ts'

async function paused(
  scene: Scene,
  status: 'SuspendedEV' | 'SuspendedEVSE',
  order: 'status first' | 'meter first',
): Promise<string> {
  await scene.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  await scene.watch(20)
  if (order === 'status first') await scene.says(status)
  for (let sample = 0; sample < 3; sample += 1) {
    await scene.draws(0, 1200, { transactionId })
    await scene.watch(61)
  }
  if (order === 'meter first') await scene.says(status)
  return transactionId
}

const idle_s = (scene: Scene): number => Number(scene.bills().at(-1)?.['idle_s'])
async function leaves(scene: Scene, transactionId: string): Promise<void> {
  await scene.ends(transactionId, 1900)
  await scene.unplugs()
  await scene.leaves()
}

export const E24: Scenario = {
  name: 'e24-pause',
  edgeCase: 'E24',
  title: '0 A pause',
  given: null,
  when: '0 A pause in mid-session (PV, load balancing, battery full).',
  wanted: 'still locked; idle clock runs only when the vehicle does not ask.',
  stories: [
    ...(['status first', 'meter first'] as const).map(
      (order): Story => ({
        promise: `the vehicle asks for nothing (${order}): locked, same payer, and the idle clock runs until it draws again`,
        async play(scene) {
          const transactionId = await paused(scene, 'SuspendedEV', order)
          scene.sees('the state', scene.state(), 'charging-locked.suspended')
          scene.sees('locked', scene.locked(), true)
          scene.sees('DrawPaused, counted', scene.decided('DrawPaused').length, 1)
          const resumed = scene.decided('DrawResumed').length
          await scene.watch(300)
          scene.sees('the state', scene.state(), 'charging-locked.suspended')
          await scene.says('Charging')
          await scene.draws(6, 1300, { transactionId })
          scene.sees('the state', scene.state(), 'charging-locked.charging')
          scene.sees('DrawResumed, counted', scene.decided('DrawResumed').length, resumed + 1)
          scene.sees('the payer', scene.payer(), 'acc-1')
          await scene.watch(200)
          await leaves(scene, transactionId)
          scene.matches('the bills', scene.bills(), [{ accountId: 'acc-1', energy_Wh: 900 }])
          scene.holds('300 to 500 s are idle', idle_s(scene) >= 300 && idle_s(scene) <= 500, idle_s(scene))
        },
        outcome: {
          bays: {
            'bay-1': {
              state: 'vacant',
              payer: null,
              told: ['authorized (first)', 'charging (plate)', 'finished (please leave)', 'free (exit-seen)'],
              bills: [{ accountId: 'acc-1', energy_Wh: 900, exit: 'exit-seen' }],
            },
          },
          commands: ['start CP-1/1', 'ask CP-1/1 for meter'],
          alarms: [],
          alarmsEver: [],
        },
      }),
    ),
    {
      promise: 'the charge point withholds (load balancing, PV): locked, and nobody idles',
      async play(scene) {
        const transactionId = await paused(scene, 'SuspendedEVSE', 'status first')
        await scene.watch(600)
        scene.sees('the state', scene.state(), 'charging-locked.suspended')
        scene.matches('DrawPaused', scene.decided('DrawPaused'), [{ withheldBy: 'charge-point' }])
        await leaves(scene, transactionId)
        scene.sees('the idle time in s', idle_s(scene), 0)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['authorized (first)', 'charging (plate)', 'finished (please leave)', 'free (exit-seen)'],
            bills: [{ accountId: 'acc-1', energy_Wh: 900, exit: 'exit-seen' }],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'one low sample is no pause',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        const transactionId = await scene.charges()
        await scene.watch(61)
        await scene.draws(0, 1200, { transactionId })
        scene.sees('the state', scene.state(), 'charging-locked.charging')
        scene.sees('DrawPaused', scene.decided('DrawPaused'), [])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.charging',
            payer: 'acc-1',
            told: ['authorized (first)', 'charging (plate)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'no other car may take the bay while the first one rests',
      async play(scene) {
        const transactionId = await paused(scene, 'SuspendedEV', 'status first')
        await scene.registers('XY99ZZT', 'acc-2')
        const visit = scene.visit()
        scene.gone()
        await scene.watch(10)
        await scene.arrives('XY99ZZT', 'bay-1', 6)
        scene.sees('the payer and the visit', [scene.payer(), scene.visit()], ['acc-1', visit])
        scene.sees('starts sent', scene.orders('start'), 1)
        scene.holds('the alarm other-plate is open', scene.alarms().includes('other-plate'), scene.alarms())
        await leaves(scene, transactionId)
        scene.matches('the bills', scene.bills(), [{ accountId: 'acc-1' }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['authorized (first)', 'charging (plate)', 'finished (please leave)', 'free (exit-seen)'],
            bills: [{ accountId: 'acc-1', energy_Wh: 900, exit: 'exit-seen' }],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: ['bay-1/other-plate'],
      },
    },
  ],
}
