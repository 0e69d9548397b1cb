import type { Scenario, Story } from '../scenario.ts'
import type { Scene } from '../toy-scene.ts'
import type { ToySiteOptions } from '../toy-site.ts'

const TWO_POSTS: ToySiteOptions = {
  bays: [
    {
      bayId: 'bay-1',
      connectors: [
        { chargePointId: 'CCS', evse: 1 },
        { chargePointId: 'CHA', evse: 1 },
      ],
    },
  ],
}

async function authorized(scene: Scene): Promise<void> {
  await scene.registers('AB12CDE', 'acc-1')
  await scene.arrives('AB12CDE')
  scene.sees('the state', scene.state(), 'authorizing.awaiting-plug')
  scene.sees('the payer', scene.payer(), 'acc-1')
}

export const E35: Scenario = {
  name: 'e35-two-connectors',
  edgeCase: 'E35',
  title: 'one bay, two connectors',
  given: null,
  when: 'One bay, two connectors (CCS and CHAdeMO, or two posts in reach).',
  wanted:
    "the visit's start goes to the connector that shows the plug; without one it waits for the plug instead of guessing (startOn: plug), by charger profile.",
  stories: [
    ...['CCS/1', 'CHA/1'].map(
      (connector): Story => ({
        promise: `without a plug nothing is sent; the plug in ${connector} gets the start`,
        site: TWO_POSTS,
        async play(scene) {
          await authorized(scene)
          scene.sees('starts sent', scene.orders('start'), 0)
          scene.sees('what the driver was told', scene.told(), ['plug-in (authorized)'])
          await scene.watch(30)
          scene.sees('starts sent', scene.orders('start'), 0)
          await scene.charges({ connector })
          scene.matches('the starts sent', scene.site.starts(), [{ chargePointId: connector.slice(0, 3), evse: 1 }])
          scene.matches('BayLocked', scene.decided('BayLocked'), [{ accountId: 'acc-1' }])
        },
        outcome: {
          bays: {
            'bay-1': {
              state: 'charging-locked.charging',
              payer: 'acc-1',
              told: ['plug-in (authorized)', 'authorized (first)', 'charging (plate)'],
              bills: [],
            },
          },
          commands: [`start ${connector}`],
          alarms: [],
          alarmsEver: [],
        },
      }),
    ),
    {
      promise: 'two plugs in, and berth does not guess',
      site: TWO_POSTS,
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.plugsIn('CCS/1')
        await scene.plugsIn('CHA/1')
        await scene.arrives('AB12CDE')
        scene.sees('starts sent', scene.orders('start'), 0)
        await scene.unplugs('CHA/1')
        scene.matches('the starts sent', scene.site.starts(), [{ chargePointId: 'CCS' }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.awaiting-plug',
            payer: 'acc-1',
            told: ['plug-in (authorized)', 'authorized (first)'],
            bills: [],
          },
        },
        commands: ['start CCS/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'already plugged in when the plate is agreed, the start goes there at once',
      site: TWO_POSTS,
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.plugsIn('CHA/1')
        await scene.arrives('AB12CDE')
        scene.matches('the starts sent', scene.site.starts(), [{ chargePointId: 'CHA', evse: 1 }])
      },
      outcome: {
        bays: {
          'bay-1': { state: 'authorizing.awaiting-plug', payer: 'acc-1', told: ['authorized (first)'], bills: [] },
        },
        commands: ['start CHA/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'the other connector going away does not free a bay that charges',
      site: TWO_POSTS,
      async play(scene) {
        await authorized(scene)
        const transactionId = await scene.charges({ connector: 'CCS/1' })
        await scene.says('Available', 'CHA/1')
        await scene.offline('CHA/1')
        scene.sees('the state', scene.state(), 'charging-locked.charging')
        await scene.ends(transactionId, 1500, { chargePointId: 'CCS' })
        await scene.unplugs('CCS/1')
        await scene.leaves()
        scene.sees('the state', scene.state(), 'vacant')
        scene.matches('the bills', scene.bills(), [{ accountId: 'acc-1', energy_Wh: 500 }])
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'vacant',
            payer: null,
            told: [
              'plug-in (authorized)',
              'authorized (first)',
              'charging (plate)',
              'finished (take the cable out)',
              'free (exit-seen)',
            ],
            bills: [{ accountId: 'acc-1', energy_Wh: 500, exit: 'exit-seen' }],
          },
        },
        commands: ['start CCS/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'by profile one connector may wait for its plug too',
      site: {
        bays: [{ bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1, startOn: 'plug' }] }],
      },
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE')
        scene.sees('starts sent', scene.orders('start'), 0)
        await scene.charges()
        scene.sees('starts sent', scene.orders('start'), 1)
        scene.sees('the payer', scene.payer(), 'acc-1')
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'charging-locked.charging',
            payer: 'acc-1',
            told: ['plug-in (authorized)', 'authorized (first)', 'charging (plate)'],
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
