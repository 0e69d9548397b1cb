import { PairWatch } from '../../actors/pair-watch.ts'
import type { Outcome, Scenario, Story } from '../scenario.ts'
import type { Scene } from '../toy-scene.ts'
import type { ToySiteOptions } from '../toy-site.ts'

/** A dual-head post between two bays: either cable reaches either bay. */
const POST = [
  { chargePointId: 'CP-1', evse: 1 },
  { chargePointId: 'CP-1', evse: 2 },
]
const DUAL: ToySiteOptions = {
  bays: [
    { bayId: 'bay-3', connectors: POST },
    { bayId: 'bay-4', connectors: POST },
  ],
}

/** Each bay its own connector, by the site file; on the ground the two are the other way round. */
const EXCHANGED: ToySiteOptions = {
  bays: [
    { bayId: 'bay-3', connectors: [{ chargePointId: 'CP-1', evse: 1 }] },
    { bayId: 'bay-4', connectors: [{ chargePointId: 'CP-1', evse: 2 }] },
  ],
}

/** Watches the scene's journal as the site does its own. Answers what takes in the records since the last call. */
function pairsWatched(scene: Scene): () => Promise<void> {
  const watch = new PairWatch({ scribe: () => scene.site.site, failed: () => {} })
  let heard = 0
  return async () => {
    for (; heard < scene.site.journal.records.length; heard += 1) {
      const record = scene.site.journal.records[heard]
      if (record) watch.hear(record, true)
    }
    await scene.passes(1)
  }
}

/** A vehicle parks at a bay, its driver takes the cable that hangs there, and pays with a card when nothing starts. */
async function takesTheCableThere(scene: Scene, plate: string, bayId: string, cable: string): Promise<void> {
  await scene.watch(3)
  await scene.arrives(plate, bayId)
  await scene.plugsIn(cable)
  await scene.watch(20)
  const { transactionId } = await scene.begins({ idToken: `CARD${bayId.at(-1)}`, connector: cable })
  await scene.ends(transactionId, 1400)
  await scene.unplugs(cable)
  await scene.leaves(bayId)
  await scene.passes(400)
}

async function listed(scene: Scene): Promise<void> {
  await scene.registers('AB12CDE', 'acc-3')
  await scene.registers('XY99ZZT', 'acc-4')
}

const liveStarts = (scene: Scene): number =>
  ['bay-3', 'bay-4'].flatMap((bayId) =>
    (scene.site.bay(bayId)?.visit?.starts ?? []).filter(({ state }) => state === 'asked' || state === 'accepted'),
  ).length

/** Where both plugs are in: both asked for a card, or both started. */
const outcomeOfPlugs = (isAmbiguous: boolean): Outcome => {
  const waits = ['plug-in (authorized)', 'authorized (first)']
  const state = isAmbiguous ? 'authorizing.fallback' : 'authorizing.awaiting-plug'
  const asked = 'present-card (plug-ambiguous)'
  return {
    bays: {
      'bay-3': { state, payer: 'acc-3', told: isAmbiguous ? [...waits, asked] : waits, bills: [] },
      'bay-4': { state, payer: 'acc-4', told: isAmbiguous ? ['plug-in (authorized)', asked] : waits, bills: [] },
    },
    commands: isAmbiguous ? ['start CP-1/1'] : ['start CP-1/1', 'start CP-1/2'],
    alarms: [],
    alarmsEver: [],
  }
}

export const E34: Scenario = {
  name: 'e34-crossed-cables',
  edgeCase: 'E34',
  title: 'two neighbours cross cables',
  given: 'two visits of neighbouring bays both awaiting a plug on a dual-head post',
  when: 'plugs come within plugAmbiguity_s or on the other’s connector',
  wanted:
    'no unattended start; each is asked; afterwards an exchanged pair that repeats over days raises "bays 3 and 4 look exchanged" with its evidence.',
  stories: [
    {
      promise: 'while both wait, no plug starts anybody unattended; each is asked, and each card pays its own',
      site: DUAL,
      async play(scene) {
        await listed(scene)
        await scene.registersCard('CARD3', 'acc-3')
        await scene.registersCard('CARD4', 'acc-4')
        await scene.arrives('AB12CDE', 'bay-3')
        await scene.arrives('XY99ZZT', 'bay-4')
        await scene.plugsIn('CP-1/1')
        await scene.passes(2)
        await scene.plugsIn('CP-1/2')
        scene.sees('starts sent', scene.orders('start'), 0)
        for (const bayId of ['bay-3', 'bay-4'])
          scene.sees(`${bayId} is told`, scene.told(bayId).at(-1), 'present-card (plug-ambiguous)')
        const four = await scene.begins({ idToken: 'CARD4', connector: 'CP-1/1' })
        const three = await scene.begins({ idToken: 'CARD3', connector: 'CP-1/2' })
        scene.sees('the payers', [scene.payer('bay-3'), scene.payer('bay-4')], ['acc-3', 'acc-4'])
        await scene.ends(four.transactionId, 1400)
        await scene.ends(three.transactionId, 1700)
        await scene.unplugs('CP-1/1')
        await scene.unplugs('CP-1/2')
        scene.gone('bay-3')
        scene.gone('bay-4')
        await scene.watch(45)
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
            bills: [{ accountId: 'acc-3', energy_Wh: 700, exit: 'exit-seen' }],
          },
          'bay-4': {
            state: 'vacant',
            payer: null,
            told: [
              'plug-in (authorized)',
              'present-card (plug-ambiguous)',
              'charging (card)',
              'finished (please leave)',
              'free (exit-seen)',
            ],
            bills: [{ accountId: 'acc-4', energy_Wh: 400, exit: 'exit-seen' }],
          },
        },
        commands: [],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise: 'one after the other, the first plugs before the second comes, and each is started on its own plug',
      site: DUAL,
      async play(scene) {
        await listed(scene)
        await scene.arrives('AB12CDE', 'bay-3')
        await scene.charges({ connector: 'CP-1/2' })
        await scene.arrives('XY99ZZT', 'bay-4')
        scene.sees('starts sent', scene.orders('start'), 1)
        await scene.charges({ connector: 'CP-1/1' })
      },
      outcome: {
        bays: {
          'bay-3': {
            state: 'charging-locked.charging',
            payer: 'acc-3',
            told: ['plug-in (authorized)', 'authorized (first)', 'charging (plate)'],
            bills: [],
          },
          'bay-4': {
            state: 'charging-locked.charging',
            payer: 'acc-4',
            told: ['plug-in (authorized)', 'authorized (first)', 'charging (plate)'],
            bills: [],
          },
        },
        commands: ['start CP-1/2', 'start CP-1/1'],
        alarms: [],
        alarmsEver: [],
      },
    },
    {
      promise:
        'where plugs come in at the other bay for days, in both directions, the two look exchanged, with the records that say so',
      site: EXCHANGED,
      async play(scene) {
        await listed(scene)
        await scene.registersCard('CARD3', 'acc-3')
        await scene.registersCard('CARD4', 'acc-4')
        const hear = pairsWatched(scene)
        await takesTheCableThere(scene, 'AB12CDE', 'bay-3', 'CP-1/2')
        await takesTheCableThere(scene, 'XY99ZZT', 'bay-4', 'CP-1/1')
        await hear()
        scene.sees('alarms on the first day', scene.alarms().includes('exchanged'), false)
        await scene.passes(86_400)
        await takesTheCableThere(scene, 'AB12CDE', 'bay-3', 'CP-1/2')
        await hear()
        const noticed = scene.site.journal.records.filter(({ cause }) => cause.type === 'pair.noticed')
        const episodes = noticed.flatMap(({ decisions }) => decisions.flatMap((one) => one['episodes'] as number[]))
        const plugs = episodes.map((seq) => scene.site.journal.records[seq - 1]?.cause['connector'])
        scene.sees('the plugs that say so', plugs, ['CP-1/2', 'CP-1/1', 'CP-1/2'])
        await hear()
        scene.sees('notices', noticed.length, 1)
      },
      outcome: {
        bays: {
          'bay-3': {
            state: 'vacant',
            payer: null,
            told: [
              'authorized (first)',
              'free (exit-seen)',
              'present-card (no-plate)',
              'charging (card)',
              'finished (please leave)',
              'free (exit-seen)',
              'authorized (first)',
              'free (exit-seen)',
            ],
            bills: [{ accountId: 'acc-4', energy_Wh: 400, exit: 'exit-seen' }],
          },
          'bay-4': {
            state: 'vacant',
            payer: null,
            told: [
              'present-card (no-plate)',
              'charging (card)',
              'finished (please leave)',
              'free (exit-seen)',
              'authorized (first)',
              'free (exit-seen)',
              'present-card (no-plate)',
              'charging (card)',
              'finished (please leave)',
              'free (exit-seen)',
            ],
            bills: [
              { accountId: 'acc-3', energy_Wh: 400, exit: 'exit-seen' },
              { accountId: 'acc-3', energy_Wh: 400, exit: 'exit-seen' },
            ],
          },
        },
        commands: ['start CP-1/1', 'start CP-1/2', 'start CP-1/1'],
        alarms: ['site/exchanged-bay-3-bay-4'],
        alarmsEver: ['site/exchanged-bay-3-bay-4'],
      },
    },
    ...(
      [
        [4, 0, 'within plugAmbiguity_s'],
        [6, 2, 'longer after each other than plugAmbiguity_s'],
      ] as const
    ).map(
      ([apart, starts, words]): Story => ({
        promise: `two neighbours on one post who plug in ${words}, each at its own connector: ${starts === 0 ? 'nobody is started unattended, and each is asked' : 'each is started'}`,
        site: {
          bays: EXCHANGED.bays.map((bay) => ({
            ...bay,
            connectors: bay.connectors.map((one) => ({ ...one, startOn: 'plug' as const })),
          })),
        },
        async play(scene) {
          await listed(scene)
          await scene.arrives('AB12CDE', 'bay-3')
          await scene.arrives('XY99ZZT', 'bay-4')
          await scene.plugsIn('CP-1/1')
          await scene.watch(apart)
          await scene.plugsIn('CP-1/2')
          await scene.watch(2)
          scene.sees('starts that live', liveStarts(scene), starts)
        },
        outcome: outcomeOfPlugs(starts === 0),
      }),
    ),
  ],
}
