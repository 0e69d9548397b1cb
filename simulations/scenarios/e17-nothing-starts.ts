import type { Scenario } from '../scenario.ts'
import type { Scene } from '../toy-scene.ts'

async function accepted(scene: Scene): Promise<void> {
  await scene.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  scene.sees('the state', scene.state(), 'authorizing.awaiting-plug')
  scene.sees('starts sent', scene.orders('start'), 1)
}

export const E17: Scenario = {
  name: 'e17-nothing-starts',
  edgeCase: 'E17',
  title: 'accepted but nothing starts',
  given: null,
  when: 'Accepted but nothing starts',
  wanted: 'state "authorised, plug in"; on Preparing re-send at most once; after the deadline → fallback.',
  stories: [
    {
      promise: 'A goes before it plugs in: its waiting start dies, and who plugs in a moment later is not charged to A',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-a')
        await scene.arrives('AB12CDE')
        const token = scene.token()
        scene.gone()
        await scene.watch(3)
        scene.stands(null)
        await scene.plugsIn()
        await scene.watch(5)
        scene.sees('the answer to the charge point', (await scene.begins({ idToken: token })).status, 'invalid')
        scene.sees('starts sent', scene.orders('start'), 1)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
            payer: 'acc-a',
            told: ['authorized (first)', 'charging (nobody pays)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'stop CP-1'],
        alarms: ['bay-1/dead-token'],
        alarmsEver: ['bay-1/dead-token'],
      },
    },
    {
      promise: 'A is hidden for a moment before it plugs in: its plate, read again, brings its start',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-a')
        await scene.arrives('AB12CDE')
        scene.gone()
        await scene.watch(3)
        scene.stands('AB12CDE')
        await scene.plugsIn()
        await scene.watch(60)
        scene.sees('the payer', scene.payer(), 'acc-a')
        scene.sees('starts sent', scene.orders('start'), 2)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.awaiting-plug',
            payer: 'acc-a',
            told: ['authorized (first)', 'authorized (preparing)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'without a plug the visit falls back after plugInWindow, and its token is dead',
      async play(scene) {
        await accepted(scene)
        await scene.watch(125)
        scene.sees('the state', scene.state(), 'authorizing.fallback')
        scene.sees('the last word to the driver', scene.told().at(-1), 'present-card (timeout)')
        scene.sees('starts sent', scene.orders('start'), 1)
        const { status, transactionId } = await scene.begins()
        scene.sees('the answer to the charge point', status, 'invalid')
        scene.sees('stops sent', scene.orders('stop'), 1)
        scene.holds('the alarm dead-token is open', scene.alarms().includes('dead-token'), scene.alarms())
        await scene.ends(transactionId, 1400)
        await scene.unplugs()
        await scene.leaves()
        scene.matches('the bills', scene.bills(), [{ accountId: null }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: [
              'authorized (first)',
              'present-card (timeout)',
              'charging (nobody pays)',
              'finished (please leave)',
              'free (exit-seen)',
            ],
            bills: [{ accountId: null, energy_Wh: 400, exit: 'exit-seen', disputed: 'dead token' }],
          },
        },
        commands: ['start CP-1/1', 'stop CP-1'],
        alarms: [],
        alarmsEver: ['bay-1/dead-token'],
      },
    },
    {
      promise: 'a plug after ConnectionTimeOut sends the start once more, and only once',
      async play(scene) {
        await accepted(scene)
        await scene.watch(70)
        const first = scene.token()
        await scene.plugsIn()
        scene.sees('starts sent', scene.orders('start'), 2)
        scene.holds('the new start has a token of its own', scene.token() !== first, scene.token())
        scene.matches('StartRequested', scene.decided('StartRequested'), [{ reason: 'first' }, { reason: 'preparing' }])
        await scene.says('Available')
        await scene.watch(70)
        await scene.plugsIn()
        await scene.watch(70)
        scene.sees('starts sent', scene.orders('start'), 2)
        scene.sees('the state', scene.state(), 'authorizing.fallback')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.fallback',
            payer: 'acc-1',
            told: ['authorized (first)', 'authorized (preparing)', 'present-card (timeout)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'Preparing within ConnectionTimeOut is no proof of a plug; what still prepares afterwards is one',
      async play(scene) {
        await accepted(scene)
        await scene.watch(5)
        await scene.plugsIn()
        scene.sees('the cable', scene.site.bay('bay-1')?.connectors['CP-1/1']?.cable, 'unknown')
        scene.sees('starts sent', scene.orders('start'), 1)
        await scene.watch(65)
        scene.sees('starts sent', scene.orders('start'), 2)
        await scene.charges()
        scene.matches('BayLocked', scene.decided('BayLocked'), [{ accountId: 'acc-1' }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.charging',
            payer: 'acc-1',
            told: ['authorized (first)', 'authorized (preparing)', 'charging (plate)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'rejected without a plug waits for the plug and tries once more then',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        scene.site.answerStart = 'rejected'
        await scene.arrives('AB12CDE')
        scene.sees('the state', scene.state(), 'authorizing.awaiting-plug')
        scene.site.answerStart = 'accepted'
        await scene.watch(20)
        await scene.plugsIn()
        scene.sees('starts sent', scene.orders('start'), 2)
        scene.sees('the answer to the charge point', (await scene.begins()).status, 'accepted')
        scene.sees('the payer', scene.payer(), 'acc-1')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
            payer: 'acc-1',
            told: ['authorized (first)', 'authorized (preparing)', 'charging (plate)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'rejected with the plug in tells the driver at once',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        scene.site.answerStart = 'rejected'
        await scene.plugsIn()
        await scene.arrives('AB12CDE')
        scene.sees('the state', scene.state(), 'authorizing.fallback')
        scene.matches('StartFailed', scene.decided('StartFailed'), [{ reason: 'rejected' }])
        scene.sees('the last word to the driver', scene.told().at(-1), 'present-card (rejected)')
        scene.sees('starts sent', scene.orders('start'), 1)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.fallback',
            payer: 'acc-1',
            told: ['authorized (first)', 'present-card (rejected)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a charge point that answers nothing may have started; its transaction is still this visit’s',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        scene.site.answerStart = 'silent'
        await scene.arrives('AB12CDE')
        scene.sees('starts sent', scene.orders('start'), 1)
        await scene.watch(20)
        scene.sees('starts sent', scene.orders('start'), 1)
        scene.sees('the answer to the charge point', (await scene.begins()).status, 'accepted')
        scene.matches('BayLocked', scene.decided('BayLocked'), [{ accountId: 'acc-1' }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
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
      promise: 'the car leaves meanwhile, its token dies, and the next car’s plug does not revive it',
      async play(scene) {
        await accepted(scene)
        const token = scene.token()
        await scene.leaves()
        scene.sees('the state', scene.state(), 'vacant')
        await scene.arrives(null)
        await scene.plugsIn()
        scene.sees('the answer to the charge point', (await scene.taps(token)).status, 'invalid')
        scene.sees('the answer to the charge point', (await scene.begins({ idToken: token })).status, 'invalid')
        scene.sees('the payer', scene.payer(), null)
        scene.sees('stops sent', scene.orders('stop'), 1)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
            payer: null,
            told: ['authorized (first)', 'free (exit-seen)', 'charging (nobody pays)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'stop CP-1'],
        alarms: ['bay-1/dead-token'],
        alarmsEver: ['bay-1/dead-token'],
      },
    },
  ],
}
