import type { Scenario } from '../scenario.ts'
import type { Scene } from '../toy-scene.ts'

/** A vehicle that pays, and whose start the charge point has accepted and waits with. */
async function pending(scene: Scene): Promise<void> {
  await scene.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  scene.sees('the state', scene.state(), 'authorizing.awaiting-plug')
  scene.sees('starts sent', scene.orders('start'), 1)
}

export const E20: Scenario = {
  name: 'e20-stale-transaction',
  edgeCase: 'E20',
  title: 'stale transaction',
  given: null,
  when: 'Stale transaction blocks the tag (ConcurrentTx).',
  wanted: 'per-visit idTag cannot collide; stuck transactions are listed and closable.',
  stories: [
    {
      promise: 'each start has its own token, so an old transaction never blocks the same driver’s next visit',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        const tokens: string[] = []
        for (let visit = 0; visit < 3; visit += 1) {
          await scene.arrives('AB12CDE')
          tokens.push(scene.token())
          await scene.leaves()
        }
        scene.sees('tokens made', new Set(tokens).size, 3)
        for (const token of tokens) {
          scene.holds('a token has 14 to 20 characters of 0-9A-F', /^[0-9A-F]{14,20}$/.test(token), token)
          scene.sees('the answer to the charge point', (await scene.taps(token)).status, 'invalid')
        }
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: [
              'authorized (first)',
              'free (exit-seen)',
              'authorized (first)',
              'free (exit-seen)',
              'authorized (first)',
              'free (exit-seen)',
            ],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/1', 'start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise:
        'a stuck one is named in an alarm’s place and a person closes it; it is billed to its payer up to its last register',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        const transactionId = await scene.charges()
        await scene.draws(0, 1500, { transactionId })
        await scene.watch(61)
        await scene.draws(0, 1500, { transactionId })
        await scene.watch(100)
        await scene.operator('bay-1', 'release-lock')
        scene.sees('locked', scene.locked(), false)
        scene.matches('TransactionEnded', scene.decided('TransactionEnded'), [
          { transactionId, accountId: 'acc-1', reason: 'declared dead', disputed: 'end not reported' },
        ])
        scene.matches('the bills', scene.bills(), [{ accountId: 'acc-1', exit: 'exit-unconfirmed' }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['authorized (first)', 'charging (plate)', 'free (exit-unconfirmed)'],
            bills: [{ accountId: 'acc-1', energy_Wh: 500, exit: 'exit-unconfirmed', disputed: 'end not reported' }],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise:
        'a refused start kills no living one: the driver’s own start still charges after a stranger’s card was refused',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        const own = scene.token()
        const refused = await scene.begins({ idToken: 'STRANGER' })
        scene.sees('the answer to the charge point', refused.status, 'invalid')
        await scene.ends(refused.transactionId, 1000)
        const { status, transactionId } = await scene.begins({ idToken: own })
        scene.sees('the answer to the charge point', status, 'accepted')
        await scene.ends(transactionId, 1400)
        await scene.unplugs()
        await scene.leaves()
        scene.matches(
          'the bills',
          scene.bills().filter((bill) => bill['accountId'] === 'acc-1'),
          [{ energy_Wh: 400 }],
        )
        scene.matches(
          'the bills',
          scene.bills().filter((bill) => bill['accountId'] === null),
          [{ energy_Wh: 0 }],
        )
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: [
              'authorized (first)',
              'charging (nobody pays)',
              'finished (please leave)',
              'charging (plate)',
              'finished (please leave)',
              'free (exit-seen)',
            ],
            bills: [
              { accountId: null, energy_Wh: 0, exit: 'exit-seen', disputed: 'dead token' },
              { accountId: 'acc-1', energy_Wh: 400, exit: 'exit-seen' },
            ],
          },
        },
        commands: ['start CP-1/1', 'stop CP-1'],
        alarms: [],
        alarmsEver: ['bay-1/dead-token'],
      },
    },
    {
      promise: 'after a stranger’s card was refused, a valid card pays for what it draws, and only for that',
      async play(scene) {
        await scene.registersCard('CARD1', 'acc-card')
        await scene.arrives(null)
        await scene.plugsIn()
        const refused = await scene.begins({ idToken: 'STRANGER' })
        await scene.ends(refused.transactionId, 1100)
        await scene.says('Finishing')
        const valid = await scene.begins({ idToken: 'CARD1', register_Wh: 1100 })
        scene.sees('the answer to the charge point', valid.status, 'accepted')
        scene.sees('the payer', scene.payer(), 'acc-card')
        await scene.ends(valid.transactionId, 1500)
        await scene.unplugs()
        await scene.leaves()
        const owed = scene.bills().map((bill) => [bill['accountId'], bill['energy_Wh']])
        scene.sees('what each account owes', owed, [
          [null, 100],
          ['acc-card', 400],
        ])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: [
              'charging (nobody pays)',
              'present-card (no-plate)',
              'charging (card)',
              'finished (take the cable out)',
              'free (exit-seen)',
            ],
            bills: [
              { accountId: null, energy_Wh: 100, exit: 'exit-seen', disputed: 'dead token' },
              { accountId: 'acc-card', energy_Wh: 400, exit: 'exit-seen' },
            ],
          },
        },
        commands: ['stop CP-1'],
        alarms: [],
        alarmsEver: ['bay-1/dead-token'],
      },
    },
    {
      promise:
        'the next listed car finds the charge point waiting for the one that left: the dead start is stopped, and it gets its own',
      async play(scene) {
        await pending(scene)
        await scene.registers('XY99ZZT', 'acc-2')
        const dead = scene.token()
        await scene.leaves()
        scene.site.answerStart = 'rejected'
        await scene.arrives('XY99ZZT')
        scene.site.answerStart = 'accepted'
        scene.sees('the payer', scene.payer(), 'acc-2')
        await scene.plugsIn()
        const { status, transactionId } = await scene.begins({ idToken: dead })
        scene.sees('the answer to the charge point', status, 'invalid')
        await scene.says('Finishing')
        await scene.ends(transactionId, 1000)
        await scene.passes(3)
        scene.holds('the newest start is not the dead one', scene.token() !== dead)
        const own = await scene.begins()
        scene.sees('the answer to the charge point', own.status, 'accepted')
        await scene.ends(own.transactionId, 1800)
        await scene.unplugs()
        await scene.leaves()
        scene.matches('the bills', scene.bills().slice(-1), [{ accountId: 'acc-2', energy_Wh: 800 }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: [
              'authorized (first)',
              'free (exit-seen)',
              'authorized (first)',
              'authorized (preparing)',
              'charging (nobody pays)',
              're-plug (rejected)',
              'charging (plate)',
              'finished (take the cable out)',
              'free (exit-seen)',
            ],
            bills: [
              { accountId: null, energy_Wh: 0, exit: 'exit-seen', disputed: 'dead token' },
              { accountId: 'acc-2', energy_Wh: 800, exit: 'exit-seen' },
            ],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/1', 'start CP-1/1', 'stop CP-1'],
        alarms: [],
        alarmsEver: ['bay-1/dead-token'],
      },
    },
    {
      promise:
        'a car whose starts were all rejected while the dead one was pending gets one more as soon as that has ended',
      async play(scene) {
        await pending(scene)
        await scene.registers('XY99ZZT', 'acc-2')
        const dead = scene.token()
        await scene.leaves()
        scene.site.answerStart = 'rejected'
        await scene.arrives('XY99ZZT')
        await scene.plugsIn()
        const { transactionId } = await scene.begins({ idToken: dead })
        scene.site.answerStart = 'accepted'
        const starts = scene.orders('start')
        await scene.says('Finishing')
        await scene.ends(transactionId, 1000)
        await scene.says('Preparing')
        await scene.passes(3)
        scene.sees('starts sent since', scene.orders('start') - starts, 1)
        scene.sees('the answer to the charge point', (await scene.begins()).status, 'accepted')
        scene.sees('the payer', scene.payer(), 'acc-2')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.suspended',
            payer: 'acc-2',
            told: [
              'authorized (first)',
              'free (exit-seen)',
              'authorized (first)',
              'authorized (preparing)',
              'present-card (rejected)',
              'charging (nobody pays)',
              're-plug (rejected)',
              'authorized (replug)',
              'charging (plate)',
            ],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/1', 'start CP-1/1', 'stop CP-1', 'start CP-1/1'],
        alarms: [],
        alarmsEver: ['bay-1/dead-token'],
      },
    },
  ],
}
