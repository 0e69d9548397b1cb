import type { Scenario, Story } from '../scenario.ts'
import type { Scene } from '../toy-scene.ts'

/** A listed car before a charge point that is away. */
async function waitsForChargePoint(scene: Scene): Promise<void> {
  await scene.registers('AB12CDE', 'acc-1')
  await scene.offline()
  scene.site.answerStart = 'offline'
  await scene.arrives('AB12CDE')
  scene.sees('the state', scene.state(), 'authorizing.starting')
  scene.sees('the payer', scene.payer(), 'acc-1')
}

async function reconnects(scene: Scene): Promise<void> {
  scene.site.answerStart = 'accepted'
  await scene.online()
  await scene.says('Available')
  await scene.passes(2)
}

export const E16: Scenario = {
  name: 'e16-offline-charge-point',
  edgeCase: 'E16',
  title: 'charge point offline',
  given: null,
  when: 'Charger offline at authorise.',
  wanted:
    'intent waits with a deadline; on reconnect it is re-checked (same visit still there? still authorised?) before sending; expired intents never fire.',
  stories: [
    {
      promise: 'the start waits, leaves once on reconnect, and charges its visit',
      async play(scene) {
        await waitsForChargePoint(scene)
        await scene.watch(40)
        scene.sees('starts sent', scene.orders('start'), 0)
        await reconnects(scene)
        scene.sees('starts sent', scene.orders('start'), 1)
        scene.sees('the state', scene.state(), 'authorizing.awaiting-plug')
        await scene.charges()
        scene.matches('BayLocked', scene.decided('BayLocked'), [{ accountId: 'acc-1' }])
        scene.sees('starts sent', scene.orders('start'), 1)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.charging',
            payer: 'acc-1',
            told: ['offline (start waits)', 'authorized (first)', 'charging (plate)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a start whose deadline passed never leaves, and the driver is told',
      async play(scene) {
        await waitsForChargePoint(scene)
        await scene.watch(125)
        scene.sees('the state', scene.state(), 'authorizing.fallback')
        scene.sees('the last word to the driver', scene.told().at(-1), 'present-card (charge point away)')
        await reconnects(scene)
        await scene.watch(10)
        scene.sees('starts sent', scene.orders('start'), 0)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.fallback',
            payer: 'acc-1',
            told: ['offline (start waits)', 'present-card (charge point away)', 'present-card (timeout)'],
            bills: [],
          },
        },
        commands: [],
        alarms: [],
        alarmsEver: ['bay-1/offline'],
      },
    },
    {
      promise: 'the car leaves meanwhile, and no start leaves on reconnect',
      async play(scene) {
        await waitsForChargePoint(scene)
        await scene.leaves()
        scene.sees('the state', scene.state(), 'vacant')
        scene.sees('starts taken back', scene.site.effects.filter((effect) => effect.type === 'cancel.start').length, 1)
        await reconnects(scene)
        await scene.watch(10)
        scene.sees('starts sent', scene.orders('start'), 0)
        scene.sees('the state', scene.state(), 'vacant')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['offline (start waits)', 'closed (charge point away)', 'free (in-service)'],
            bills: [],
          },
        },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    ...(
      [
        ['the account was blocked', 'blocked', (scene: Scene) => scene.blocks('acc-1')],
        [
          'the vehicle was blocked',
          'blocked',
          (scene: Scene) => scene.registers('AB12CDE', 'acc-1', { blocked: true }),
        ],
        [
          'the vehicle now belongs to another account',
          'unknown',
          (scene: Scene) => scene.registers('AB12CDE', 'acc-2'),
        ],
      ] as const
    ).map(
      ([what, reason, block]): Story => ({
        promise: `${what} meanwhile, and the start is not sent for whom it was meant`,
        async play(scene) {
          await waitsForChargePoint(scene)
          await block(scene)
          await reconnects(scene)
          scene.sees('starts sent', scene.orders('start'), 0)
          scene.sees('the state', scene.state(), 'authorizing.denied')
          scene.sees('the payer', scene.payer(), null)
          await scene.plugsIn()
          await scene.watch(70)
          scene.sees('starts sent', scene.orders('start'), 0)
        },
        outcome: {
          bays: {
            'bay-1': {
              state: 'authorizing.denied',
              payer: null,
              told: ['offline (start waits)', 'authorized (first)', `present-card (${reason})`],
              bills: [],
            },
          },
          commands: [],
          alarms: [],
          alarmsEver: [],
        },
      }),
    ),
    {
      promise: 'another car took the bay meanwhile, and only its own start leaves',
      async play(scene) {
        await waitsForChargePoint(scene)
        await scene.registers('XY99ZZT', 'acc-2')
        scene.gone()
        await scene.watch(9)
        await scene.arrives('XY99ZZT')
        await reconnects(scene)
        scene.sees('starts sent', scene.orders('start'), 1)
        scene.sees('the payer', scene.payer(), 'acc-2')
        scene.sees('the answer to the charge point', (await scene.begins()).status, 'accepted')
        scene.matches('BayLocked', scene.decided('BayLocked'), [{ accountId: 'acc-2' }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
            payer: 'acc-2',
            told: [
              'offline (start waits)',
              'closed (charge point away)',
              'offline (start waits)',
              'authorized (first)',
              'charging (plate)',
            ],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'the bay was set to observe meanwhile, and the start that waited never leaves',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        scene.site.answerStart = 'offline'
        await scene.arrives('AB12CDE')
        await scene.operator('bay-1', 'autonomy', { level: 'observe' })
        await scene.passes(3)
        scene.site.answerStart = 'accepted'
        await scene.passes(3)
        scene.sees('starts sent', scene.orders('start'), 0)
        scene.sees('the state', scene.state(), 'authorizing.fallback')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.fallback',
            payer: 'acc-1',
            told: ['authorized (first)', 'present-card (automatic starts are off)'],
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
