import type { Outcome } from '../../../simulations/scenario.ts'
import { ONE_BAY, TWO_BAYS } from '../../../simulations/toy-scene.ts'
import { OWN, type Pushed } from './pixel-eye.ts'
import type { PixelStory } from './pixel-play.ts'

/** Stories that only pixels can tell: what is painted, what is masked, the same bytes again, another light, a forged picture. */

const only = (
  state: string,
  payer: string | null,
  told: readonly string[],
  commands: readonly string[] = [],
): Outcome => ({
  bays: { 'bay-1': { state, payer, told, bills: [] } },
  commands,
  alarms: [],
  alarmsEver: [],
})
const STARTED = only('authorizing.awaiting-plug', 'acc-1', ['authorized (first)'], ['start CP-1/1'])

/** Lettering, and signs. */
/** One picture, read alike by both recognisers, is two witnesses: one short of this. */
export const SHORT_OF_IT = { quorum: 3 } as const

const E01: readonly PixelStory[] = [
  {
    promise: 'A812CDE and AB12CDE in two pictures are the one listed plate, and it starts once',
    site: { ...ONE_BAY, policy: SHORT_OF_IT },
    async play(scene) {
      await scene.registers('AB12CDE', 'acc-1')
      await scene.arrives('A812CDE', 'bay-1', 1)
      scene.sees('starts sent', scene.orders('start'), 0)
      await scene.arrives('AB12CDE', 'bay-1', 1)
      scene.sees('the payer', scene.payer(), 'acc-1')
      scene.sees('starts sent', scene.orders('start'), 1)
    },
    outcome: STARTED,
  },
]

const E03: readonly PixelStory[] = [
  {
    promise: 'lettering of a van above an unreadable plate identifies nobody',
    around: { light: 'day', lettering: 'EXPRESS' },
    async play(scene) {
      await scene.arrives(null)
      await scene.watch(10)
      scene.sees('PlateAgreed', scene.decided('PlateAgreed'), [])
    },
    outcome: only('authorizing.fallback', null, ['present-card (no-plate)']),
  },
  {
    promise: 'lettering of a van above its plate does not disturb the plate',
    around: { light: 'day', lettering: 'EXPRESS' },
    async play(scene) {
      await scene.registers('AB12CDE', 'acc-1')
      await scene.arrives('AB12CDE')
    },
    outcome: STARTED,
  },
  {
    promise: 'a sign with the rings and letters of a badge opens no visit by what it says',
    around: { light: 'day', sign: 'C00D' },
    async play(scene) {
      await scene.watch(8)
      scene.sees('PlateAgreed', scene.decided('PlateAgreed'), [])
      const told = scene.site.journal.records.filter(({ cause }) => cause.type.startsWith('plate.'))
      scene.sees('news of plates', told.length, 0)
    },
    outcome: only('vacant', null, []),
  },
  {
    promise: 'a sign that shows a listed plate is read like one: that is what masks are for',
    around: { light: 'day', sign: 'AB12CDE' },
    async play(scene) {
      await scene.registers('AB12CDE', 'acc-1')
      await scene.watch(5)
    },
    outcome: STARTED,
  },
  {
    promise: 'the same sign inside a mask that a person drew is never read',
    around: { light: 'day', sign: 'AB12CDE' },
    masks: [
      [
        [0.3, 0.5],
        [0.7, 0.5],
        [0.7, 0.8],
        [0.3, 0.8],
      ],
    ],
    async play(scene) {
      await scene.registers('AB12CDE', 'acc-1')
      await scene.watch(5)
      scene.sees('reads', scene.site.counts.get('read'), undefined)
    },
    outcome: only('vacant', null, []),
  },
]

const E04: readonly PixelStory[] = [
  {
    promise: 'two frames against one between listed plates of two accounts start nobody, and a person is asked',
    async play(scene) {
      await scene.registers('AB12CDE', 'acc-1')
      await scene.registers('AB12CDF', 'acc-2')
      for (const plate of ['AB12CDF', 'AB12CDE', 'AB12CDF'])
        await scene.picture({ plates: [{ bayId: 'bay-1', plate }] })
      scene.stands(null)
      await scene.watch(12)
      const review = scene.site.effects.find((effect) => effect.type === 'open.review')
      scene.sees('plates shown to the reviewer', [review?.['candidates']].flat().length, 2)
    },
    outcome: only('detecting.in-review', null, ['present-card (review)']),
  },
]

const E05: readonly PixelStory[] = [
  {
    promise:
      'the same picture ten times is what it is once, short of the quorum, decides nothing, and is taken each time',
    site: { ...ONE_BAY, policy: SHORT_OF_IT },
    async play(scene, camera) {
      await scene.registers('AB12CDE', 'acc-1')
      const bytes = await camera.eye().takes({ plates: [{ bayId: 'bay-1', plate: 'AB12CDE' }] })
      for (let times = 0; times < 10; times += 1) {
        scene.sees('the answer to the camera', await camera.eye().push(bytes), 200)
        await scene.passes(0.2)
      }
      scene.sees('PlateAgreed', scene.decided('PlateAgreed'), [])
      scene.holds('reads are counted as re-sent', (scene.site.feed.counters()['read.duplicate'] ?? 0) >= 6)
    },
    outcome: only('detecting.collecting', null, []),
  },
  {
    promise: 'pictures whose commit failed are refused, and taken when they come again',
    async play(scene, camera) {
      await scene.registers('AB12CDE', 'acc-1')
      const picture = { plates: [{ bayId: 'bay-1', plate: 'AB12CDE' }] }
      const both = [await camera.eye().takes(picture), await camera.eye().takes(picture)]
      scene.site.journal.failing = true
      for (const bytes of both) scene.sees('the answer to the camera', await camera.eye().push(bytes), 503)
      scene.sees('the state', scene.state(), 'vacant')
      scene.site.journal.failing = false
      for (const bytes of both) scene.sees('the answer to the camera', await camera.eye().push(bytes), 200)
    },
    outcome: STARTED,
  },
]

const E07: readonly PixelStory[] = [
  {
    promise: 'night falls on a car that charges: another light, the same plate, the same visit',
    async play(scene, camera) {
      await scene.registers('AB12CDE', 'acc-1')
      await scene.arrives('AB12CDE')
      await scene.charges()
      const visit = scene.visit()
      camera.becomes({ light: 'night' })
      await scene.watch(30)
      scene.sees('the visit', scene.visit(), visit)
      scene.sees('VisitOpened, counted', scene.decided('VisitOpened').length, 1)
    },
    outcome: {
      ...STARTED,
      bays: {
        'bay-1': {
          state: 'charging-locked.charging',
          payer: 'acc-1',
          told: ['authorized (first)', 'charging (plate)'],
          bills: [],
        },
      },
    },
  },
]

/** A zone that is so much of the width of two bays, as a careless hand draws it. */
const part = (from: number, to: number) =>
  [
    [from, 0.2],
    [to, 0.2],
    [to, 1],
    [from, 1],
  ] as const

const E08: readonly PixelStory[] = [
  {
    promise: 'a car that stands askew, its plate well inside its own bay, is that bay’s and nobody’s beside it',
    site: TWO_BAYS,
    async play(scene) {
      await scene.registers('AB12CDE', 'acc-1')
      for (let frame = 0; frame < 3; frame += 1) {
        await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'AB12CDE', x: 0.35 }] })
        await scene.passes(0.3)
      }
      scene.sees('the payers', [scene.payer('bay-1'), scene.payer('bay-2')], ['acc-1', null])
      scene.sees(
        'starts sent',
        scene.site.starts().map(({ chargePointId }) => chargePointId),
        ['CP-1'],
      )
      const told = scene.site.journal.records.filter(
        ({ bayId, cause }) => bayId === 'bay-2' && cause.type.startsWith('plate.'),
      )
      scene.sees('news of plates in the next bay', told.length, 0)
    },
    outcome: {
      ...STARTED,
      bays: { ...STARTED.bays, 'bay-2': { state: 'vacant', payer: null, told: [], bills: [] } },
    },
  },
  {
    promise: 'where two zones fit a plate about as well, nothing starts and a person looks',
    site: {
      bays: [
        { bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1 }], zone: part(0, 0.58) },
        { bayId: 'bay-2', connectors: [{ chargePointId: 'CP-2', evse: 1 }], zone: part(0.22, 1) },
      ],
      policy: SHORT_OF_IT,
    },
    async play(scene) {
      await scene.registers('AB12CDE', 'acc-1')
      for (let frame = 0; frame < 5; frame += 1) {
        await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'AB12CDE', x: 0.4 }] })
        await scene.passes(0.3)
      }
      scene.sees('starts sent', scene.orders('start'), 0)
      const review = scene.site.effects.find((effect) => effect.type === 'open.review')
      scene.matches('the review', review, { reason: 'between two zones' })
    },
    outcome: {
      bays: {
        'bay-1': { state: 'detecting.in-review', payer: null, told: ['present-card (review)'], bills: [] },
        // Both zones show the vehicle: somebody is there, and nobody knows who.
        'bay-2': { state: 'detecting.collecting', payer: null, told: [], bills: [] },
      },
      commands: [],
      alarms: [],
      alarmsEver: [],
    },
  },
]

const E14: readonly PixelStory[] = [
  {
    promise: 'pictures that were kept over an outage start nobody, and the car that stands there now starts',
    async play(scene) {
      await scene.registers('AB12CDE', 'acc-1')
      await scene.watch(15)
      await scene.passes(20)
      scene.stands('AB12CDE')
      const from = scene.site.clock.now() - 120_000
      for (let picture = 0; picture < 12; picture += 1) {
        await scene.picture({ plates: [{ bayId: 'bay-1', plate: 'AB12CDE' }], capturedAt: from + picture * 1_000 })
        await scene.site.pass(20)
      }
      scene.sees('visits opened', scene.decided('VisitOpened').length, 0)
      scene.sees('starts sent', scene.orders('start'), 0)
      await scene.watch(5)
    },
    outcome: STARTED,
  },
]

const forged = (what: string, push: Partial<Pushed>, status: number, alarmId: string): PixelStory => ({
  promise: `${what}: no picture is read, none reaches a bay, and an alarm says so`,
  site: ONE_BAY,
  async play(scene, camera) {
    await scene.registers('AB12CDE', 'acc-1')
    for (let count = 0; count < 12; count += 1) {
      const bytes = await camera.eye().takes({ plates: [{ bayId: 'bay-1', plate: 'AB12CDE' }] })
      scene.sees('the answer', await camera.eye().push(bytes, { ...OWN, ...push }), status)
      await scene.passes(1)
    }
    scene.sees('messages that reached the feed', scene.site.feed.counters()['message'], undefined)
    const counted = Object.values(camera.eye().guard.counts()).reduce((sum, count) => sum + count, 0)
    scene.sees('pushes counted', counted, 12)
  },
  outcome: { ...only('vacant', null, []), alarms: [alarmId], alarmsEver: [alarmId] },
})

const E15: readonly PixelStory[] = [
  forged('another source address', { address: '203.0.113.9' }, 403, 'site/forged-push/cam-1/address'),
  forged('a guessed path token', { token: 'guess' }, 404, 'site/forged-push/unknown-token'),
]

/** By edge case. */
export const PIXEL_STORIES: { readonly [edgeCase: string]: readonly PixelStory[] } = {
  E01,
  E03,
  E04,
  E05,
  E07,
  E08,
  E14,
  E15,
}
