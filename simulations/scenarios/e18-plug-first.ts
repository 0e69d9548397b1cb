import type { Scenario } from '../scenario.ts'

export const E18: Scenario = {
  name: 'e18-plug-first',
  edgeCase: 'E18',
  title: 'plugged in first, plate later',
  given: 'charger moves to Finishing on its timeout and may need a re-plug',
  when: null,
  wanted: "we know each charger's ConnectionTimeOut, decide before it, and otherwise tell the driver to re-plug.",
  stories: [
    {
      promise: 'the start goes to the plug as soon as the plate is agreed',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.plugsIn()
        scene.sees('the state', scene.state(), 'detecting.collecting')
        await scene.arrives('AB12CDE')
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
      promise:
        'the charge point gave up (Finishing) and rejects: the driver is told to re-plug, and the re-plug starts',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.plugsIn()
        scene.stands(null)
        await scene.watch(60)
        await scene.says('Finishing')
        scene.site.answerStart = 'rejected'
        await scene.arrives('AB12CDE')
        scene.sees('starts sent', scene.orders('start'), 1)
        scene.sees('the last word to the driver', scene.told().at(-1), 're-plug (rejected)')
        await scene.watch(5)
        scene.sees('starts sent', scene.orders('start'), 1)
        scene.site.answerStart = 'accepted'
        await scene.unplugs()
        await scene.watch(5)
        await scene.charges()
        scene.sees('starts sent', scene.orders('start'), 2)
        scene.matches('BayLocked', scene.decided('BayLocked'), [{ accountId: 'acc-1' }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.charging',
            payer: 'acc-1',
            told: [
              'present-card (no-plate)',
              'authorized (first)',
              're-plug (rejected)',
              'authorized (preparing)',
              'charging (plate)',
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
      promise: 'a driver who does not re-plug is offered a card when the window is over',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.says('Finishing')
        scene.site.answerStart = 'rejected'
        await scene.arrives('AB12CDE')
        await scene.watch(125)
        scene.sees('the state', scene.state(), 'authorizing.fallback')
        scene.sees('the last word to the driver', scene.told().at(-1), 'present-card (timeout)')
        scene.sees('starts sent', scene.orders('start'), 1)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.fallback',
            payer: 'acc-1',
            told: ['authorized (first)', 're-plug (rejected)', 'present-card (timeout)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
