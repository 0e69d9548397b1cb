import type { Scenario } from '../scenario.ts'
import type { Scene } from '../toy-scene.ts'

async function charging(scene: Scene): Promise<string> {
  await scene.registers('AB12CDE', 'acc-1')
  await scene.registers('XY99ZZT', 'acc-2')
  await scene.arrives('AB12CDE')
  return scene.charges()
}

/** A van stands before the camera: the zone looks empty for so long, while the meter goes on. */
async function hidden(scene: Scene, transactionId: string, minutes: number): Promise<void> {
  scene.gone()
  for (let minute = 0; minute < minutes; minute += 1) {
    await scene.watch(61)
    await scene.draws(6, 1200 + minute * 20, { transactionId })
  }
}

export const E25: Scenario = {
  name: 'e25-empty-but-drawing',
  edgeCase: 'E25',
  title: 'camera says empty, current flows',
  given: null,
  when: 'Camera says empty, current flows (van, snow, glare).',
  wanted: 'lock wins, contradiction flagged, no other car may start there.',
  stories: [
    {
      promise: 'the lock wins for as long as it takes, and the contradiction is shown',
      async play(scene) {
        const transactionId = await charging(scene)
        const visit = scene.visit()
        await hidden(scene, transactionId, 10)
        scene.sees('the state', scene.state(), 'charging-locked.contradicted')
        scene.matches('ContradictionNoticed', scene.decided('ContradictionNoticed'), [{ kind: 'camera-empty' }])
        scene.holds('the alarm camera-empty is open', scene.alarms().includes('camera-empty'), scene.alarms())
        scene.sees(
          'locked, the visit and the payer',
          [scene.locked(), scene.visit(), scene.payer()],
          [true, visit, 'acc-1'],
        )
        scene.stands('AB12CDE')
        await scene.watch(3)
        scene.sees('the state', scene.state(), 'charging-locked.charging')
        scene.sees('ContradictionResolved, counted', scene.decided('ContradictionResolved').length, 1)
        scene.holds('the alarm camera-empty is not open', !scene.alarms().includes('camera-empty'), scene.alarms())
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
        alarmsEver: ['bay-1/camera-empty'],
      },
    },
    {
      promise: 'another car that is read in the gap starts nothing here, and pays for nothing',
      async play(scene) {
        const transactionId = await charging(scene)
        await hidden(scene, transactionId, 2)
        await scene.arrives('XY99ZZT', 'bay-1', 6)
        scene.sees('the payer', scene.payer(), 'acc-1')
        scene.sees('starts sent', scene.orders('start'), 1)
        await scene.ends(transactionId, 1900)
        await scene.unplugs()
        await scene.watch(65)
        scene.matches('the bills', scene.bills(), [{ accountId: 'acc-1', energy_Wh: 900 }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.awaiting-plug',
            payer: 'acc-2',
            told: [
              'authorized (first)',
              'charging (plate)',
              'finished (please leave)',
              'free (exit-inferred)',
              'authorized (first)',
            ],
            bills: [{ accountId: 'acc-1', energy_Wh: 900, exit: 'exit-inferred' }],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/1'],
        alarms: [],
        alarmsEver: ['bay-1/camera-empty', 'bay-1/other-plate'],
      },
    },
    {
      promise: 'flow without a transaction locks too, and for nobody',
      async play(scene) {
        await scene.watch(40)
        await scene.draws(8)
        scene.sees('locked', scene.locked(), true)
        scene.matches('BayLocked', scene.decided('BayLocked'), [{ accountId: null, reason: 'current' }])
        scene.holds('the alarm camera-empty is open', scene.alarms().includes('camera-empty'), scene.alarms())
        await scene.watch(61)
        await scene.draws(8)
        scene.sees('the state', scene.state(), 'charging-locked.contradicted')
        scene.sees('the payer', scene.payer(), null)
      },
      outcome: {
        bays: {
          'bay-1': { state: 'charging-locked.contradicted', payer: null, told: ['charging (nobody pays)'], bills: [] },
        },
        commands: [],
        alarms: ['bay-1/camera-empty'],
        alarmsEver: ['bay-1/camera-empty'],
      },
    },
    {
      promise: 'energy under a transaction that nobody announced locks the bay, for nobody',
      async play(scene) {
        await scene.draws(8, 5000, { transactionId: '4711' })
        scene.sees('locked', scene.locked(), true)
        scene.sees('the payer', scene.payer(), null)
      },
      outcome: {
        bays: {
          'bay-1': { state: 'charging-locked.charging', payer: null, told: ['charging (nobody pays)'], bills: [] },
        },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
