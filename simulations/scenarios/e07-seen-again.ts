import type { Scenario } from '../scenario.ts'

export const E07: Scenario = {
  name: 'e07-seen-again',
  edgeCase: 'E07',
  title: 'parked car seen again',
  given: 'bay occupied by visit V',
  when: 'a "new" track with the same plate appears',
  wanted: 'it strengthens V; no new visit.',
  stories: [
    {
      promise: 'while it charges, a new track of its plate strengthens its visit and opens none',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        const visit = scene.visit()
        await scene.charges()
        scene.site.feed.restart('bay-1')
        await scene.arrives('AB12CDE', 'bay-1', 5)
        scene.sees('the visit', scene.visit(), visit)
        scene.sees('VisitOpened, counted', scene.decided('VisitOpened').length, 1)
        scene.sees('the state', scene.state(), 'charging-locked.charging')
        scene.sees('starts sent', scene.orders('start'), 1)
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
      promise: 'after its charge, unplugged but still here, headlights and reads of its own plate open nothing',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        const visit = scene.visit()
        const transactionId = await scene.charges()
        await scene.ends(transactionId, 1600)
        await scene.unplugs()
        scene.sees('the state', scene.state(), 'exiting.still-here')
        scene.site.feed.restart('bay-1')
        await scene.watch(200)
        scene.sees('the state', scene.state(), 'exiting.still-here')
        scene.sees('the visit', scene.visit(), visit)
        scene.sees('VisitOpened, counted', scene.decided('VisitOpened').length, 1)
        scene.sees('starts sent', scene.orders('start'), 1)
        await scene.leaves()
        scene.matches('the bills', scene.bills(), [{ accountId: 'acc-1', energy_Wh: 600, exit: 'exit-seen' }])
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
      promise: 'a car that waits for its plug is seen by a new track and starts no second time',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        scene.site.feed.restart('bay-1')
        await scene.arrives('AB12CDE')
        scene.sees('VisitOpened, counted', scene.decided('VisitOpened').length, 1)
        scene.sees('starts sent', scene.orders('start'), 1)
      },
      outcome: {
        bays: {
          'bay-1': { state: 'authorizing.awaiting-plug', payer: 'acc-1', told: ['authorized (first)'], bills: [] },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
