import type { Scenario } from '../scenario.ts'

export const E02: Scenario = {
  name: 'e02-confident-nonsense',
  edgeCase: 'E02',
  title: 'confident nonsense',
  given: 'one read of any confidence',
  when: 'no second frame agrees within the window',
  wanted: 'no start; ask for more frames; after T offer fallback.',
  stories: [
    {
      promise: 'one read of full confidence starts nothing; more is asked for, then a card is offered',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'AB12CDE', confidence: 1 }], occupied: ['bay-1'] })
        scene.sees('the state', scene.state(), 'detecting.collecting')
        scene.stands(null)
        await scene.watch(10)
        scene.sees(
          'a second reader is asked',
          scene.site.effects.some((effect) => effect.type === 'ask.second-reader'),
          true,
        )
        scene.sees('the state', scene.state(), 'detecting.in-review')
        scene.sees('what the driver was told', scene.told(), ['present-card (review)'])
        await scene.watch(125)
        scene.sees('the state', scene.state(), 'authorizing.fallback')
        scene.sees('starts sent', scene.orders('start'), 0)
        scene.sees('the payer', scene.payer(), null)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.fallback',
            payer: null,
            told: ['present-card (review)', 'present-card (not-identified)'],
            bills: [],
          },
        },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'the same nonsense half a minute apart never adds up to an agreement',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        for (let times = 0; times < 4; times += 1) {
          await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'AB12CDE', confidence: 1 }], occupied: ['bay-1'] })
          scene.stands(null)
          await scene.watch(30)
        }
        scene.sees('PlateAgreed', scene.decided('PlateAgreed'), [])
        scene.sees('starts sent', scene.orders('start'), 0)
      },
      outcome: {
        bays: { 'bay-1': { state: 'detecting.in-review', payer: null, told: ['present-card (review)'], bills: [] } },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'where nobody reviews, the card is offered at once and the queue stays empty',
      site: {
        bays: [{ bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1 }] }],
        policy: { reviewers: false },
      },
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives('AB12CDE', 'bay-1', 1)
        scene.stands(null)
        await scene.watch(12)
        scene.sees('the state', scene.state(), 'authorizing.fallback')
        scene.sees('starts sent', scene.orders('start'), 0)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.fallback',
            payer: null,
            told: ['present-card (review)', 'present-card (not-identified)'],
            bills: [],
          },
        },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a bay believes no agreement of fewer witnesses than its quorum, whoever claims one',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        const leader = scene.site.keys.vehicle('AB12CDE')
        for (const [witnesses, plausible, chance] of [
          [1, true, 1],
          [5, false, 1],
          [5, true, 0.5],
        ] as const)
          await scene.site.tells('bay-1', {
            type: 'plate.agreed',
            id: `w-${witnesses}`,
            source: 'cam-1',
            cameraId: 'cam-1',
            trackId: 't',
            leader,
            clear: true,
            fresh: true,
            tally: [{ handle: leader, witnesses, share: 1, plausible, chance }],
            windowFrom: scene.site.clock.now(),
            thinned: 0,
          })
        scene.sees('PlateAgreed', scene.decided('PlateAgreed'), [])
        scene.sees('starts sent', scene.orders('start'), 0)
      },
      outcome: {
        bays: { 'bay-1': { state: 'detecting.collecting', payer: null, told: [], bills: [] } },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'a late agreement in fallback still counts as if it had been in time',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.arrives(null)
        await scene.watch(12)
        scene.sees('the state', scene.state(), 'authorizing.fallback')
        await scene.arrives('AB12CDE')
        scene.sees('the state', scene.state(), 'authorizing.awaiting-plug')
        scene.sees('the payer', scene.payer(), 'acc-1')
        scene.sees('starts sent', scene.orders('start'), 1)
      },
      outcome: {
        bays: {
          'bay-1': {
            state: 'authorizing.awaiting-plug',
            payer: 'acc-1',
            told: ['present-card (no-plate)', 'authorized (first)'],
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
