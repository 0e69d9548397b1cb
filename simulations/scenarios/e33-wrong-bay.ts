import type { Scenario } from '../scenario.ts'
import type { Scene } from '../toy-scene.ts'
import type { ToySiteOptions } from '../toy-site.ts'

/** Bays 3 and 4 beside one post: both reach its first connector, bay 4 alone its second. */
const SHARED: ToySiteOptions = {
  bays: [
    { bayId: 'bay-3', connectors: [{ chargePointId: 'CP-1', evse: 1 }] },
    {
      bayId: 'bay-4',
      connectors: [
        { chargePointId: 'CP-1', evse: 1 },
        { chargePointId: 'CP-1', evse: 2 },
      ],
    },
  ],
}
/** Each bay its own connector of one dual-head post; starts go out before the plug. */
const OWN: ToySiteOptions = {
  bays: [
    { bayId: 'bay-3', connectors: [{ chargePointId: 'CP-1', evse: 1 }] },
    { bayId: 'bay-4', connectors: [{ chargePointId: 'CP-1', evse: 2 }] },
  ],
}

async function opens(scene: Scene): Promise<void> {
  await scene.registers('AB12CDE', 'acc-3')
  await scene.registers('XY99ZZT', 'acc-4')
  await scene.registersCard('CARD3', 'acc-3')
}

export const E33: Scenario = {
  name: 'e33-wrong-bay',
  edgeCase: 'E33',
  title: 'plug from the wrong bay',
  given: 'bay 3 awaits a plug and bay 4 was seen empty',
  when: "a plug appears on a connector that both bays reach, or on bay 4's own",
  wanted:
    "the start of bay 3 does not silently become bay 4's session: if exactly one waiting visit can reach that connector it is its; if two can, nobody is started unattended, a card or QR decides; the plug and the seen vehicle disagreeing is a contradiction on record.",
  stories: [
    {
      promise: 'one waiting visit reaches the connector, so the plug is its',
      site: SHARED,
      async play(scene) {
        await opens(scene)
        await scene.arrives('AB12CDE', 'bay-3')
        scene.sees('starts sent', scene.orders('start'), 0)
        await scene.charges({ connector: 'CP-1/1' })
        scene.matches('BayLocked', scene.decided('BayLocked', 'bay-3'), [{ accountId: 'acc-3' }])
        scene.sees('the state of bay-4', scene.state('bay-4'), 'vacant')
        scene.sees('starts sent', scene.orders('start'), 1)
      },
      outcome: {
        bays: {
          'bay-3': {
            state: 'charging-locked.charging',
            payer: 'acc-3',
            told: ['plug-in (authorized)', 'authorized (first)', 'charging (plate)'],
            bills: [],
          },
          'bay-4': { state: 'vacant', payer: null, told: [], bills: [] },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'two waiting visits reach it, so nobody is started, both are asked, and a card decides',
      site: SHARED,
      async play(scene) {
        await opens(scene)
        await scene.arrives('AB12CDE', 'bay-3')
        await scene.arrives('XY99ZZT', 'bay-4')
        await scene.plugsIn('CP-1/1')
        scene.sees('starts sent', scene.orders('start'), 0)
        scene.sees(
          'the states',
          [scene.state('bay-3'), scene.state('bay-4')],
          ['authorizing.fallback', 'authorizing.fallback'],
        )
        scene.sees(
          'the last words to the drivers',
          [scene.told('bay-3').at(-1), scene.told('bay-4').at(-1)],
          ['present-card (plug-ambiguous)', 'present-card (plug-ambiguous)'],
        )
        await scene.watch(30)
        scene.sees('starts sent', scene.orders('start'), 0)
        scene.sees('the answer to the charge point', (await scene.taps('CARD3')).status, 'accepted')
        const { status, transactionId } = await scene.begins({ idToken: 'CARD3' })
        scene.sees('the answer to the charge point', status, 'accepted')
        const charging = ['bay-3', 'bay-4'].filter((bayId) => scene.locked(bayId))
        scene.sees('the bays that charge', charging, ['bay-3'])
        await scene.draws(6, 1400, { transactionId })
        await scene.ends(transactionId, 1600)
        await scene.unplugs('CP-1/1')
        scene.gone('bay-4')
        await scene.leaves('bay-3')
        scene.matches('the bills of bay-3', scene.bills('bay-3'), [{ accountId: 'acc-3', energy_Wh: 600 }])
        scene.sees('the bills of bay-4', scene.bills('bay-4'), [])
        scene.sees('the states', [scene.state('bay-3'), scene.state('bay-4')], ['vacant', 'vacant'])
      },
      outcome: {
        bays: {
          'bay-3': {
            state: 'vacant',
            payer: null,
            told: [
              'plug-in (authorized)',
              'present-card (plug-ambiguous)',
              'charging (card)',
              'finished (please leave)',
              'free (exit-seen)',
            ],
            bills: [{ accountId: 'acc-3', energy_Wh: 600, exit: 'exit-seen' }],
          },
          'bay-4': {
            state: 'vacant',
            payer: null,
            told: ['plug-in (authorized)', 'present-card (plug-ambiguous)', 'free (exit-seen)'],
            bills: [],
          },
        },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'among two who wait, a stranger’s card pays for its own energy, whoever’s bay it stands in',
      site: SHARED,
      async play(scene) {
        await opens(scene)
        await scene.registersCard('CARD9', 'acc-9')
        await scene.arrives('AB12CDE', 'bay-3')
        await scene.arrives('XY99ZZT', 'bay-4')
        await scene.plugsIn('CP-1/1')
        const { transactionId } = await scene.begins({ idToken: 'CARD9' })
        scene.sees('the bays that charge, counted', ['bay-3', 'bay-4'].filter((bayId) => scene.locked(bayId)).length, 1)
        await scene.draws(6, 1400, { transactionId })
        await scene.ends(transactionId, 1600)
        await scene.unplugs('CP-1/1')
        scene.parked.clear()
        await scene.watch(45)
        scene.matches(
          'the bills',
          [...scene.bills('bay-3'), ...scene.bills('bay-4')],
          [{ accountId: 'acc-9', energy_Wh: 600 }],
        )
      },
      outcome: {
        bays: {
          'bay-3': {
            state: 'vacant',
            payer: null,
            told: [
              'plug-in (authorized)',
              'present-card (plug-ambiguous)',
              'charging (card)',
              'finished (please leave)',
              'free (exit-seen)',
            ],
            bills: [{ accountId: 'acc-9', energy_Wh: 600, exit: 'exit-seen' }],
          },
          'bay-4': {
            state: 'vacant',
            payer: null,
            told: ['plug-in (authorized)', 'present-card (plug-ambiguous)', 'free (exit-seen)'],
            bills: [],
          },
        },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'flow on a plug that two wait for locks one of them, the same one throughout, and a card pays for it',
      site: SHARED,
      async play(scene) {
        await opens(scene)
        await scene.arrives('AB12CDE', 'bay-3')
        await scene.arrives('XY99ZZT', 'bay-4')
        await scene.plugsIn('CP-1/1')
        await scene.draws(10, 1100)
        const charging = (): string[] => ['bay-3', 'bay-4'].filter((bayId) => scene.locked(bayId))
        scene.sees('the bays that charge, counted', charging().length, 1)
        const first = charging()
        await scene.watch(61)
        await scene.draws(10, 1200)
        scene.sees('the bays that charge', charging(), first)
        const { transactionId } = await scene.begins({ idToken: 'CARD3', register_Wh: 1200 })
        scene.sees('the bays that charge', charging(), first)
        scene.sees('the payer', scene.payer(first[0]), 'acc-3')
        await scene.ends(transactionId, 1500)
        scene.sees('the bays that charge', charging(), [])
        scene.sees('starts sent', scene.orders('start'), 0)
      },
      outcome: {
        bays: {
          'bay-3': {
            state: 'exiting.still-here',
            payer: 'acc-3',
            told: [
              'plug-in (authorized)',
              'present-card (plug-ambiguous)',
              'charging (plate)',
              'finished (please leave)',
            ],
            bills: [],
          },
          'bay-4': {
            state: 'authorizing.fallback',
            payer: 'acc-4',
            told: ['plug-in (authorized)', 'present-card (plug-ambiguous)'],
            bills: [],
          },
        },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise:
        'bay 3 waits, bay 4 was seen empty, the plug comes on bay 4’s own: bay 3’s start does not become bay 4’s session',
      site: OWN,
      async play(scene) {
        await opens(scene)
        await scene.watch(5)
        await scene.arrives('AB12CDE', 'bay-3')
        scene.sees('starts sent', scene.orders('start'), 1)
        await scene.plugsIn('CP-1/2')
        scene.matches('ContradictionNoticed', scene.decided('ContradictionNoticed', 'bay-4'), [
          { kind: 'plug-without-vehicle' },
        ])
        const { status, transactionId } = await scene.begins({ connector: 'CP-1/2' })
        scene.sees('the answer to the charge point', status, 'invalid')
        scene.matches(
          'the stops sent',
          scene.site.orders.filter((order) => order.type === 'stop'),
          [{ transactionId }],
        )
        scene.sees('locked of bay-3', scene.locked('bay-3'), false)
        scene.sees('the payer of bay-4', scene.payer('bay-4'), null)
        await scene.ends(transactionId, 1300)
        await scene.unplugs('CP-1/2')
        await scene.watch(40)
        scene.matches('the bills of bay-4', scene.bills('bay-4'), [{ accountId: null }])
        scene.sees('the bills of bay-3', scene.bills('bay-3'), [])
        scene.sees('the state of bay-4', scene.state('bay-4'), 'vacant')
      },
      outcome: {
        bays: {
          'bay-3': { state: 'authorizing.awaiting-plug', payer: 'acc-3', told: ['authorized (first)'], bills: [] },
          'bay-4': {
            state: 'vacant',
            payer: null,
            told: ['charging (nobody pays)', 'present-card (no-plate)', 'free (exit-seen)'],
            bills: [{ accountId: null, energy_Wh: 300, exit: 'exit-seen', disputed: 'dead token' }],
          },
        },
        commands: ['start CP-1/1', 'stop CP-1'],
        alarms: [],
        alarmsEver: ['bay-4/dead-token'],
      },
    },
    {
      promise: 'the same, and the waiting driver plugs into the right one after all',
      site: OWN,
      async play(scene) {
        await opens(scene)
        await scene.arrives('AB12CDE', 'bay-3')
        await scene.plugsIn('CP-1/2')
        await scene.unplugs('CP-1/2')
        await scene.charges({ connector: 'CP-1/1' })
        scene.matches('BayLocked', scene.decided('BayLocked', 'bay-3'), [{ accountId: 'acc-3' }])
        await scene.watch(40)
        scene.sees('the state of bay-4', scene.state('bay-4'), 'vacant')
      },
      outcome: {
        bays: {
          'bay-3': {
            state: 'charging-locked.charging',
            payer: 'acc-3',
            told: ['authorized (first)', 'charging (plate)'],
            bills: [],
          },
          'bay-4': { state: 'vacant', payer: null, told: ['present-card (no-plate)', 'free (exit-seen)'], bills: [] },
        },
        commands: ['start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
  ],
}
