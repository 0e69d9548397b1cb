import type { Outcome, Scenario } from '../scenario.ts'
import { watchClocks } from '../toy-clocks.ts'
import type { Scene } from '../toy-scene.ts'

const LISTED = [{ bayId: 'bay-1', plate: 'AB12CDE' }]
const SECOND_ms = 1_000

/** What the camera kept while nobody heard it: a listed car, a picture a second, `lag_ms` late. `pace_ms` lies between two of them. */
async function replays(scene: Scene, pictures: number, lag_ms: number, pace_ms: number): Promise<void> {
  scene.does(`cam-1 sends ${pictures} pictures that it kept for ${lag_ms / SECOND_ms} s, one every ${pace_ms} ms`)
  const from = scene.site.clock.now() - lag_ms
  for (let picture = 0; picture < pictures; picture += 1) {
    await scene.site.camera('cam-1', { plates: LISTED, occupied: ['bay-1'], capturedAt: from + picture * SECOND_ms })
    await scene.site.pass(pace_ms)
  }
}

/** Records that say what was read and is too old to act on. */
const evidence = (scene: Scene): number =>
  scene.site.journal.records.filter(({ cause }) => cause.type.startsWith('plate.') && cause['fresh'] === false).length

function nothingHappened(scene: Scene): void {
  scene.sees('visits opened', scene.decided('VisitOpened').length, 0)
  scene.sees('starts sent', scene.orders('start'), 0)
  const claims = scene.site.journal.records.filter(({ cause }) => cause.type === 'claim.asked')
  scene.sees('plates claimed', claims.length, 0)
  scene.holds('what was read is kept as evidence', evidence(scene) > 0, evidence(scene))
}

const NOTHING: Outcome = {
  bays: { 'bay-1': { state: 'vacant', payer: null, told: [], bills: [] } },
  commands: [],
  alarms: [],
  alarmsEver: [],
}

export const E14: Scenario = {
  name: 'e14-stale-read',
  edgeCase: 'E14',
  title: 'stale read',
  given: null,
  when: 'older than the freshness window or `retain=true`',
  wanted: 'stored as evidence, cannot trigger.',
  stories: [
    {
      promise: 'copies that a broker retained start nobody, however many and however young they look',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        for (let copy = 0; copy < 30; copy += 1) {
          await scene.picture({ plates: LISTED, occupied: ['bay-1'], retained: true })
          await scene.site.pass(SECOND_ms)
        }
        nothingHappened(scene)
        scene.sees('the camera, of which only copies came', scene.site.feed.cameras()[0]?.status, 'unheard')
      },
      outcome: NOTHING,
    },
    {
      promise: 'a burst that was buffered over an outage starts nobody, and the car that stands there now does',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.watch(15)
        await scene.passes(120)
        await replays(scene, 60, 120_000, 20)
        nothingHappened(scene)
        await scene.arrives('AB12CDE')
        scene.sees('starts sent', scene.orders('start'), 1)
      },
      outcome: {
        ...NOTHING,
        bays: {
          'bay-1': { state: 'authorizing.awaiting-plug', payer: 'acc-1', told: ['authorized (first)'], bills: [] },
        },
        commands: ['start CP-1/1'],
      },
    },
    {
      promise: 'pictures replayed at the pace at which they were taken start nobody, although they agree on one lag',
      async play(scene) {
        watchClocks(scene.site)
        await scene.registers('AB12CDE', 'acc-1')
        await scene.watch(15)
        await scene.passes(300)
        await replays(scene, 290, 300_000, SECOND_ms)
        nothingHappened(scene)
      },
      outcome: NOTHING,
    },
    {
      promise: 'what was buffered while berth itself was down starts nobody after its restart',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.watch(15)
        await scene.crash()
        await scene.online()
        await scene.passes(120)
        await replays(scene, 60, 120_000, 20)
        nothingHappened(scene)
      },
      outcome: NOTHING,
    },
    {
      promise: 'a car that parks keeps its visit and its payer through a burst of older pictures of another listed car',
      async play(scene) {
        await scene.registers('AB12CDE', 'acc-1')
        await scene.registers('XY99ZZT', 'acc-2')
        await scene.watch(15)
        await scene.arrives('XY99ZZT')
        const transactionId = await scene.charges()
        const visit = scene.visit()
        await replays(scene, 60, 90_000, 20)
        scene.sees('the visit', scene.visit(), visit)
        scene.sees('the payer', scene.payer(), 'acc-2')
        await scene.ends(transactionId, 1500)
      },
      outcome: {
        ...NOTHING,
        bays: {
          'bay-1': {
            state: 'exiting.still-here',
            payer: 'acc-2',
            told: ['authorized (first)', 'charging (plate)', 'finished (please leave)'],
            bills: [],
          },
        },
        commands: ['start CP-1/1'],
      },
    },
  ],
}
