import type { Scenario } from '../scenario.ts'
import type { Scene } from '../toy-scene.ts'

/** No stop, the charge point dark, the zone seen empty by a live camera for absence_s. */
async function ghost(scene: Scene): Promise<string> {
  await scene.registers('AB12CDE', 'acc-a')
  await scene.registers('XY99ZZT', 'acc-b')
  await scene.arrives('AB12CDE')
  const transactionId = await scene.charges()
  await scene.watch(61)
  await scene.draws(6, 1500, { transactionId })
  await scene.offline()
  await scene.leaves('bay-1', 250)
  scene.sees('locked', scene.locked(), true)
  await scene.watch(60)
  return transactionId
}

export const E26: Scenario = {
  name: 'e26-drive-off',
  edgeCase: 'E26',
  title: 'drive-off',
  given: null,
  when: 'Drive-off / ghost session (no Stop, charger dark).',
  wanted:
    'A live camera sees the zone empty for absence_s and the charger is silent → the visit ends exit-unconfirmed, billed to the last register; the transaction stays orphaned; the next car is a new visit; reconcile on reconnect.',
  stories: [
    {
      promise: 'the visit ends unconfirmed, billed to the last register; the transaction stays an orphan',
      async play(scene) {
        const transactionId = await ghost(scene)
        scene.sees('the state', scene.state(), 'vacant')
        scene.matches('VisitEnded', scene.decided('VisitEnded'), [{ exit: 'exit-unconfirmed', accountId: 'acc-a' }])
        scene.matches('the bills', scene.bills(), [
          { accountId: 'acc-a', energy_Wh: 500, disputed: 'end unknown, billed to the last register' },
        ])
        scene.matches('TransactionOrphaned', scene.decided('TransactionOrphaned'), [
          { transactionId, accountId: 'acc-a', billedTo_Wh: 1500 },
        ])
        scene.holds('the alarm orphan is open', scene.alarms().includes('orphan'), scene.alarms())
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['authorized (first)', 'charging (plate)', 'closed (charge point away)'],
            bills: [
              {
                accountId: 'acc-a',
                energy_Wh: 500,
                exit: 'exit-unconfirmed',
                disputed: 'end unknown, billed to the last register',
              },
            ],
          },
        },
        commands: ['start CP-1/1', 'ask CP-1/1 for meter', 'ask CP-1/1 for meter', 'ask CP-1/1 for meter'],
        alarms: ['bay-1/offline', 'bay-1/orphan'],
        alarmsEver: ['bay-1/offline', 'bay-1/orphan'],
      },
    },
    {
      promise:
        'the next car is a new visit with its own payer, and the old stop, late, is reconciled and bills nobody again',
      async play(scene) {
        const transactionId = await ghost(scene)
        await scene.arrives('XY99ZZT')
        await scene.online()
        await scene.ends(transactionId, 1700)
        scene.matches('OrphanReconciled', scene.decided('OrphanReconciled'), [
          { transactionId, accountId: 'acc-a', billed_Wh: 1500, reported_Wh: 1700 },
        ])
        scene.holds('the alarm orphan is not open', !scene.alarms().includes('orphan'), scene.alarms())
        await scene.says('Available')
        const next = await scene.charges({ register_Wh: 1700 })
        scene.sees('the payer', scene.payer(), 'acc-b')
        await scene.ends(next, 2000)
        await scene.unplugs()
        await scene.leaves()
        scene.matches('the bills', scene.bills(), [
          { accountId: 'acc-a', energy_Wh: 500 },
          { accountId: 'acc-b', energy_Wh: 300 },
        ])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: [
              'authorized (first)',
              'charging (plate)',
              'closed (charge point away)',
              'offline (plug waits)',
              'plug-in (authorized)',
              'authorized (first)',
              'charging (plate)',
              'finished (take the cable out)',
              'free (exit-seen)',
            ],
            bills: [
              {
                accountId: 'acc-a',
                energy_Wh: 500,
                exit: 'exit-unconfirmed',
                disputed: 'end unknown, billed to the last register',
              },
              { accountId: 'acc-b', energy_Wh: 300, exit: 'exit-seen' },
            ],
          },
        },
        commands: [
          'start CP-1/1',
          'ask CP-1/1 for meter',
          'ask CP-1/1 for meter',
          'ask CP-1/1 for meter',
          'start CP-1/1',
        ],
        alarms: [],
        alarmsEver: ['bay-1/offline', 'bay-1/orphan'],
      },
    },
    {
      promise:
        'fresh flow on the orphan after reconnect locks the bay again, to its own payer, from where the bill stopped',
      async play(scene) {
        const transactionId = await ghost(scene)
        await scene.online()
        await scene.draws(6, 1600, { transactionId })
        scene.sees('locked', scene.locked(), true)
        scene.sees('the payer', scene.payer(), 'acc-a')
        await scene.ends(transactionId, 1900)
        await scene.unplugs()
        await scene.watch(65)
        const owed = scene.bills().map((bill) => [bill['accountId'], bill['energy_Wh']])
        scene.sees('what each account owes', owed, [
          ['acc-a', 500],
          ['acc-a', 400],
        ])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: [
              'authorized (first)',
              'charging (plate)',
              'closed (charge point away)',
              'free (in-service)',
              'charging (plate)',
              'finished (please leave)',
              'free (exit-seen)',
            ],
            bills: [
              {
                accountId: 'acc-a',
                energy_Wh: 500,
                exit: 'exit-unconfirmed',
                disputed: 'end unknown, billed to the last register',
              },
              { accountId: 'acc-a', energy_Wh: 400, exit: 'exit-seen' },
            ],
          },
        },
        commands: ['start CP-1/1', 'ask CP-1/1 for meter', 'ask CP-1/1 for meter', 'ask CP-1/1 for meter'],
        alarms: [],
        alarmsEver: ['bay-1/camera-empty', 'bay-1/offline', 'bay-1/orphan'],
      },
    },
    {
      promise: 'the next car’s start on the same connector proves the orphan dead: its alarm goes, its bill stands',
      async play(scene) {
        const transactionId = await ghost(scene)
        await scene.arrives('XY99ZZT')
        await scene.online()
        await scene.says('Available')
        await scene.charges({ register_Wh: 1700 })
        scene.matches('OrphanReconciled', scene.decided('OrphanReconciled'), [
          { transactionId, reported_Wh: null, disputed: null },
        ])
        scene.holds('the alarm orphan is not open', !scene.alarms().includes('orphan'), scene.alarms())
        await scene.ends(transactionId, 9999)
        scene.sees('locked', scene.locked(), true)
        scene.sees('the payer', scene.payer(), 'acc-b')
        scene.matches('the bills', scene.bills(), [{ accountId: 'acc-a', energy_Wh: 500 }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.charging',
            payer: 'acc-b',
            told: [
              'authorized (first)',
              'charging (plate)',
              'closed (charge point away)',
              'offline (plug waits)',
              'plug-in (authorized)',
              'authorized (first)',
              'charging (plate)',
            ],
            bills: [
              {
                accountId: 'acc-a',
                energy_Wh: 500,
                exit: 'exit-unconfirmed',
                disputed: 'end unknown, billed to the last register',
              },
            ],
          },
        },
        commands: [
          'start CP-1/1',
          'ask CP-1/1 for meter',
          'ask CP-1/1 for meter',
          'ask CP-1/1 for meter',
          'start CP-1/1',
        ],
        alarms: [],
        alarmsEver: ['bay-1/offline', 'bay-1/orphan'],
      },
    },
    {
      promise: 'link down alone releases nothing',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-a')
        await scene.arrives('AB12CDE')
        await scene.charges()
        await scene.offline()
        await scene.watch(400)
        scene.sees('the state', scene.state(), 'charging-locked.frozen')
        scene.sees('the payer', scene.payer(), 'acc-a')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.frozen',
            payer: 'acc-a',
            told: ['authorized (first)', 'charging (plate)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1', 'ask CP-1/1 for meter'],
        alarms: ['bay-1/offline'],
        alarmsEver: ['bay-1/offline'],
      },
    },
    {
      promise:
        'a car that is towed away with its cable torn off is billed to the end that the charge point tells; the next car is a new visit',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.registers('XY99ZZT', 'acc-2')
        await scene.arrives('AB12CDE')
        const transactionId = await scene.charges()
        await scene.ends(transactionId, 1450, { reason: 'EVDisconnected' })
        await scene.says('Faulted')
        scene.gone()
        await scene.watch(40)
        scene.sees('the state', scene.state(), 'vacant')
        await scene.unplugs()
        await scene.arrives('XY99ZZT')
        scene.sees('the payer', scene.payer(), 'acc-2')
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
              'free (exit-seen)',
              'authorized (first)',
            ],
            bills: [{ accountId: 'acc-1', energy_Wh: 450, exit: 'exit-seen' }],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
