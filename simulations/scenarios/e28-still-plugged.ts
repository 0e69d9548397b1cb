import type { Scenario } from '../scenario.ts'
import type { Scene } from '../toy-scene.ts'

async function finished(scene: Scene): Promise<void> {
  await scene.registers('AB12CDE', 'acc-1')
  await scene.registersCard('CARD1', 'acc-1')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  await scene.ends(transactionId, 1600)
  await scene.says('Finishing')
  scene.sees('the state', scene.state(), 'exiting.still-plugged')
}

export const E28: Scenario = {
  name: 'e28-still-plugged',
  edgeCase: 'E28',
  title: 'still plugged after the end',
  given: null,
  when: 'Available/Finishing while still plugged.',
  wanted: 'Same visit needs a fresh authorisation for a new session; whether a re-plug is needed is a charger trait.',
  stories: [
    {
      promise: 'nothing starts again by itself',
      async play(scene) {
        await finished(scene)
        await scene.watch(200)
        scene.sees('the state', scene.state(), 'exiting.still-plugged')
        scene.sees('starts sent', scene.orders('start'), 1)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'exiting.still-plugged',
            payer: 'acc-1',
            told: ['authorized (first)', 'charging (plate)', 'finished (take the cable out)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'the same driver’s card begins a second transaction of the same visit, on one bill',
      async play(scene) {
        await finished(scene)
        const visit = scene.visit()
        const { transactionId } = await scene.begins({ idToken: 'CARD1', register_Wh: 1600 })
        scene.sees('the visit', scene.visit(), visit)
        await scene.ends(transactionId, 2000)
        await scene.unplugs()
        await scene.leaves()
        scene.matches('the bills', scene.bills(), [{ accountId: 'acc-1', energy_Wh: 1000, transactions: ['1', '2'] }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: [
              'authorized (first)',
              'charging (plate)',
              'finished (take the cable out)',
              'charging (card)',
              'finished (take the cable out)',
              'free (exit-seen)',
            ],
            bills: [{ accountId: 'acc-1', energy_Wh: 1000, exit: 'exit-seen' }],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a person authorizes, and a fresh start of the same visit goes out',
      async play(scene) {
        await finished(scene)
        const visit = scene.visit()
        await scene.operator('bay-1', 'authorize', { accountId: 'acc-1' })
        scene.sees('starts sent', scene.orders('start'), 2)
        scene.sees('the answer to the charge point', (await scene.begins({ register_Wh: 1600 })).status, 'accepted')
        scene.sees('the visit', scene.visit(), visit)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
            payer: 'acc-1',
            told: [
              'authorized (first)',
              'charging (plate)',
              'finished (take the cable out)',
              'authorized (operator)',
              'charging (operator)',
            ],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise:
        'Available with an open transaction is no end until it is proven, and then it is billed to the last register',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        await scene.charges()
        await scene.says('Available')
        scene.sees('locked', scene.locked(), true)
        scene.matches('ContradictionNoticed', scene.decided('ContradictionNoticed'), [
          { kind: 'available-with-transaction' },
        ])
        scene.matches(
          'the questions sent',
          scene.site.orders.filter((order) => order.type === 'ask'),
          [{ about: 'status' }],
        )
        await scene.watch(30)
        await scene.says('Available')
        scene.sees('locked', scene.locked(), true)
        await scene.watch(35)
        await scene.says('Available')
        scene.sees('locked', scene.locked(), false)
        scene.matches('TransactionEnded', scene.decided('TransactionEnded'), [
          { accountId: 'acc-1', energy_Wh: 100, reason: 'dead', disputed: 'end not reported' },
        ])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'exiting.still-here',
            payer: 'acc-1',
            told: ['authorized (first)', 'charging (plate)', 'finished (please leave)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'ask CP-1/1 for status', 'ask CP-1/1 for status'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'Available with an open transaction while energy flows proves nothing',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        const transactionId = await scene.charges()
        await scene.says('Available')
        await scene.watch(61)
        await scene.draws(6, 1300, { transactionId })
        await scene.says('Available')
        scene.sees('locked', scene.locked(), true)
        scene.sees('the payer', scene.payer(), 'acc-1')
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
        commands: ['start CP-1/1', 'ask CP-1/1 for status', 'ask CP-1/1 for status', 'ask CP-1/1 for status'],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
