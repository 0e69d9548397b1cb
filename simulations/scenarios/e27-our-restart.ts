import type { Scenario } from '../scenario.ts'
import type { Scene } from '../toy-scene.ts'

async function waiting(scene: Scene): Promise<void> {
  await scene.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  scene.sees('starts sent', scene.orders('start'), 1)
}

export const E27: Scenario = {
  name: 'e27-our-restart',
  edgeCase: 'E27',
  title: 'our restart',
  given: null,
  when: 'Our restart in mid-session.',
  wanted: 'Rebuild from the log; ask chargers (TriggerMessage) before any command; nothing is sent twice.',
  stories: [
    {
      promise: 'a running transaction goes on, nothing is sent, and it is billed whole',
      async play(scene) {
        await waiting(scene)
        const transactionId = await scene.charges()
        await scene.crash()
        scene.sees('locked', scene.locked(), true)
        scene.sees('the state', scene.state(), 'charging-locked.frozen')
        await scene.online()
        await scene.says('Charging')
        await scene.draws(6, 1300, { transactionId })
        scene.sees('the state', scene.state(), 'charging-locked.charging')
        await scene.ends(transactionId, 1600)
        await scene.unplugs()
        await scene.leaves()
        scene.matches('the bills', scene.bills(), [{ accountId: 'acc-1', energy_Wh: 600, disputed: null }])
        scene.sees('starts sent', scene.orders('start'), 1)
        scene.sees('stops sent', scene.orders('stop'), 0)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['authorized (first)', 'charging (plate)', 'finished (take the cable out)', 'free (exit-seen)'],
            bills: [{ accountId: 'acc-1', energy_Wh: 600, exit: 'exit-seen' }],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise:
        'the charge point, heard, shows no transaction, and the same start goes out once more with the same token',
      async play(scene) {
        await waiting(scene)
        const token = scene.token()
        await scene.crash()
        scene.sees('starts sent', scene.orders('start'), 1)
        await scene.online()
        scene.sees('starts sent', scene.orders('start'), 1)
        await scene.says('Available')
        scene.sees(
          'the starts sent',
          scene.site.starts().map((start) => start.idToken),
          [token, token],
        )
        await scene.says('Available')
        await scene.watch(70)
        scene.sees('starts sent', scene.orders('start'), 2)
        const { status } = await scene.begins({ idToken: token })
        scene.sees('the answer to the charge point', status, 'accepted')
        scene.sees('the payer', scene.payer(), 'acc-1')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
            payer: 'acc-1',
            told: ['authorized (first)', 'authorized (after-restart)', 'charging (plate)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a second restart does not send it a third time',
      async play(scene) {
        await waiting(scene)
        for (let restart = 0; restart < 3; restart += 1) {
          await scene.crash()
          await scene.online()
          await scene.says('Available')
        }
        scene.sees('starts sent', scene.orders('start'), 2)
        scene.sees(
          'StartRequested',
          scene.decided('StartRequested').map((one) => one['reason']),
          ['first', 'after-restart'],
        )
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.awaiting-plug',
            payer: 'acc-1',
            told: ['authorized (first)', 'authorized (after-restart)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'the account was blocked while berth was down: the start does not go out again',
      async play(scene) {
        await waiting(scene)
        await scene.crash()
        await scene.blocks('acc-1')
        await scene.online()
        await scene.says('Available')
        scene.sees('starts sent', scene.orders('start'), 1)
        scene.sees('the state', scene.state(), 'authorizing.denied')
        scene.sees('the payer', scene.payer(), null)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.denied',
            payer: null,
            told: ['authorized (first)', 'authorized (after-restart)', 'present-card (blocked)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'the charge point started meanwhile: its repeated StartTransaction is the visit’s, and nothing is sent',
      async play(scene) {
        await waiting(scene)
        await scene.crash()
        await scene.online()
        scene.sees('the answer to the charge point', (await scene.begins()).status, 'accepted')
        await scene.says('Charging')
        scene.sees('starts sent', scene.orders('start'), 1)
        scene.sees('the payer', scene.payer(), 'acc-1')
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
      promise: 'the car left while nobody watched: no start is sent for it once its absence is known',
      async play(scene) {
        await waiting(scene)
        scene.gone()
        await scene.crash()
        await scene.watch(40)
        scene.sees('the state', scene.state(), 'vacant')
        await scene.online()
        await scene.says('Available')
        scene.sees('starts sent', scene.orders('start'), 1)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['authorized (first)', 'offline (start waits)', 'closed (charge point away)', 'free (in-service)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'hours of downtime release nothing by themselves: what was locked is locked until it is heard otherwise',
      async play(scene) {
        await waiting(scene)
        await scene.charges()
        scene.site.journal.dead = true
        await scene.site.pass(5 * 3_600_000)
        await scene.crash()
        scene.sees('the state', scene.state(), 'charging-locked.frozen')
        scene.sees('the payer', scene.payer(), 'acc-1')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.frozen',
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
      promise:
        'a start that is sent once more and refused may still run at the charge point: its token stays this visit’s',
      async play(scene) {
        await waiting(scene)
        const token = scene.token()
        await scene.crash()
        scene.site.answerStart = 'rejected'
        await scene.online()
        await scene.says('Available')
        await scene.passes(2)
        scene.sees('starts sent', scene.orders('start'), 2)
        await scene.plugsIn()
        scene.sees('the answer to the charge point', (await scene.begins({ idToken: token })).status, 'accepted')
        scene.sees('the payer', scene.payer(), 'acc-1')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
            payer: 'acc-1',
            told: ['authorized (first)', 'authorized (after-restart)', 'charging (plate)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
