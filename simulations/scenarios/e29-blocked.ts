import type { Scenario } from '../scenario.ts'

export const E29: Scenario = {
  name: 'e29-blocked',
  edgeCase: 'E29',
  title: 'ICE, unplugged or over-stayed',
  given: null,
  when: 'Occupied without session after grace',
  wanted: 'blocked event (with who/what evidence), OCPI BLOCKED only then; ends the moment a session starts.',
  stories: [
    {
      promise:
        'a combustion car takes the bay: told to be blocked after the grace, with who saw it, and freed when it leaves',
      async play(scene) {
        await scene.arrives('ICE123')
        await scene.watch(595)
        scene.sees('blocked before the grace is over', scene.decided('BayBlocked').length, 0)
        await scene.watch(10)
        scene.matches('the bay is blocked', scene.decided('BayBlocked'), [
          { why: 'refused', seenBy: ['cam-1'], cable: 'out' },
        ])
        await scene.watch(60)
        scene.sees('told once', scene.decided('BayBlocked').length, 1)
        await scene.leaves()
        scene.matches('the bay is free again', scene.decided('BayFreed'), [{ why: 'refused' }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['present-card (unknown)', 'free (exit-seen)'],
            bills: [],
          },
        },
        commands: [],
        alarms: [],
        alarmsEver: ['bay-1/blocked'],
      },
    },
    {
      promise:
        'a car that may charge and is not plugged in is told to plug in, then told to block; the blocking ends the moment its session starts',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.registersCard('CARD1', 'acc-1')
        await scene.arrives('AB12CDE')
        await scene.watch(605)
        scene.matches('the bay is blocked', scene.decided('BayBlocked'), [{ why: 'not-plugged-in', cable: 'out' }])
        scene.sees('open alarms', scene.alarms(), ['blocked'])
        await scene.charges({ idToken: 'CARD1' })
        scene.matches('freed by the session', scene.decided('BayFreed'), [{ why: 'not-plugged-in' }])
        scene.sees('open alarms', scene.alarms(), [])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.charging',
            payer: 'acc-1',
            told: ['authorized (first)', 'present-card (timeout)', 'charging (card)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: ['bay-1/blocked'],
      },
    },
    {
      promise: 'a car that stays after its charge has its own grace, and is told to have overstayed',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        const transactionId = await scene.charges()
        await scene.watch(900)
        await scene.ends(transactionId, 9000)
        await scene.unplugs()
        await scene.watch(895)
        scene.sees('blocked before the grace is over', scene.decided('BayBlocked').length, 0)
        await scene.watch(10)
        scene.matches('overstayed', scene.decided('BayBlocked'), [{ why: 'overstayed', cable: 'out' }])
        await scene.leaves()
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['authorized (first)', 'charging (plate)', 'finished (please leave)', 'free (exit-seen)'],
            bills: [{ accountId: 'acc-1', energy_Wh: 8000, exit: 'exit-seen' }],
          },
        },
        commands: ['start CP-1/1', 'ask CP-1/1 for meter'],
        alarms: [],
        alarmsEver: ['bay-1/blocked'],
      },
    },
    {
      promise: 'a car that charges, however long, and one that no camera can see, block nothing',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        const transactionId = await scene.charges()
        await scene.watch(2000)
        await scene.ends(transactionId, 9000, { reason: 'EVDisconnected' })
        await scene.unplugs()
        await scene.passes(2000)
        scene.sees('blocked', scene.decided('BayBlocked').length, 0)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: ['authorized (first)', 'charging (plate)', 'finished (please leave)', 'free (exit-inferred)'],
            bills: [{ accountId: 'acc-1', energy_Wh: 8000, exit: 'exit-inferred' }],
          },
        },
        commands: ['start CP-1/1', 'ask CP-1/1 for meter'],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
