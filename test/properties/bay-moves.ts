import type { Autonomy, CommandType, ConnectorStatus, Tally } from '../../machines/events.ts'
import { fc } from '../seeded-check.ts'
import { BEGINNINGS, blind, empty, offline, SECOND_CONNECTOR } from './bay-beginnings.ts'
import { type Evse, type Move, tell, type Which } from './bay-move.ts'

const vehicle = fc.constantFrom('veh-a', 'veh-b', 'veh-c')
const evse = fc.constantFrom<Evse>(1, 1, 2)

const plate = fc
  .record({
    type: fc.constantFrom('plate.seen', 'plate.agreed', 'plate.agreed', 'plate.contested'),
    leader: vehicle,
    other: vehicle,
    witnesses: fc.integer({ min: 1, max: 5 }),
    others: fc.constantFrom(0, 0, 1, 2, 3),
    plausible: fc.constantFrom(true, true, true, false),
    clear: fc.constantFrom(true, true, true, false),
    fresh: fc.constantFrom(true, true, true, false),
    chance: fc.constantFrom(null, null, null, 0.5, 0.9999),
    crowd: fc.constantFrom(0, 0, 0, 2),
    age_ms: fc.constantFrom(0, 500, 5000, 400_000),
  })
  .map(({ age_ms, witnesses, others, plausible, chance, crowd, other, ...news }): Move => {
    const tally: Tally[] = [
      { handle: news.leader, witnesses, share: 0.8, plausible, chance, ...(crowd > 0 ? { crowd } : {}) },
    ]
    if (others > 0 && other !== news.leader)
      tally.push({ handle: other, witnesses: others, share: 0.2, plausible: true, chance: null })
    return {
      kind: 'plate',
      age_ms,
      news: { ...news, cameraId: 'cam-1', trackId: 't', tally, thinned: 0 } as { type: string },
    }
  })

const camera = fc
  .constantFrom('vehicle.seen', 'zone.empty', 'zone.empty', 'zone.unknown', 'camera.lost', 'camera.back')
  .map((type) => tell({ type, cameraId: 'cam-1' }))
const link = fc.constantFrom('charger.online', 'charger.offline').map((type) => tell({ type, chargePointId: 'CP-1' }))
const status = fc
  .constantFrom<ConnectorStatus[]>(
    'available',
    'available',
    'preparing',
    'preparing',
    'charging',
    'suspended-ev',
    'suspended-evse',
    'finishing',
    'finishing',
    'unavailable',
    'faulted',
  )
  .chain((word) => evse.map((number): Move => ({ kind: 'status', evse: number, status: word })))
const shown = (handle: string, accountId: string | null, more: { readonly [field: string]: unknown } = {}): Move =>
  tell({
    type: 'token.presented',
    chargePointId: 'CP-1',
    token: { kind: 'card', handle, accountId, standing: accountId === null ? 'blocked' : 'accepted', ...more },
  })
const card = fc.constantFrom(
  shown('card-a', 'acc-card'),
  shown('card-b', 'acc-b'),
  shown('bad', null),
  shown('address', 'acc-address', { rank: 'autocharge' }),
  shown('contract', 'acc-contract', { rank: 'plug-and-charge' }),
)
const start = fc.record({
  kind: fc.constant('start' as const),
  by: fc.constantFrom('live-start', 'live-start', 'any-start', 'card-a', 'card-b', 'bad-card'),
  evse,
  first_Wh: fc.integer({ min: 0, max: 5000 }),
})
const which = fc.constantFrom<Which[]>('open', 'open', 'open', 'orphan', 'old', 'ended', 'none')
const back_Wh = fc.constantFrom(0, 0, 0, 0, 40, 400)
const end = fc.record({
  kind: fc.constant('end' as const),
  which,
  evse,
  drew_Wh: fc.integer({ min: 0, max: 3000 }),
  back_Wh: fc.constantFrom(0, 0, 0, 0, 40, 4000),
})
const update = fc.record({ kind: fc.constant('update' as const), which, evse, ongoing: fc.boolean() })
const meter = fc.record({
  kind: fc.constant('meter' as const),
  which: fc.constantFrom<Which[]>('open', 'open', 'open', 'orphan', 'old', 'ended', 'unannounced', 'none'),
  evse,
  current_A: fc.constantFrom(0, 0, 0.05, 0.15, 0.3, 6, 16, null),
  drew_Wh: fc.integer({ min: 0, max: 500 }),
  back_Wh,
  past: fc.constantFrom(false, false, false, true),
})
const answer = fc
  .tuple(fc.constantFrom(true, true, true, false), fc.constantFrom(false, false, false, false, true))
  .map(([yes, confirm]): Move => ({ kind: 'answer', yes, confirm }))
/** The register's answer to a question that another one has replaced. */
export const lateAnswer = tell({
  type: 'authorization.granted',
  ask: 'ask-bay-1-0',
  handle: 'veh-b',
  accountId: 'acc-veh-b',
  confirm: false,
})
const startAnswer = fc.record({
  kind: fc.constant('start-answer' as const),
  says: fc.constantFrom('accepted', 'rejected', 'unanswered', 'expired'),
  late: fc.constantFrom(false, false, false, true),
})
const claimNews = fc
  .constantFrom('lost' as const, 'granted' as const)
  .map((says): Move => ({ kind: 'claim-news', says }))
const ambiguous = evse.map((number): Move => ({ kind: 'ambiguous', evse: number }))
const command = fc
  .tuple(
    fc.constantFrom<CommandType[]>(
      'authorize',
      'authorize',
      'deny',
      'correct-plate',
      'correct-plate',
      'release-lock',
      'release-lock',
      'remote-stop',
      'out-of-service',
      'in-service',
      'in-service',
      'autonomy',
      'autonomy',
      'learn-empty',
    ),
    fc.constantFrom<Autonomy[]>('act', 'act', 'suggest', 'observe'),
    fc.boolean(),
  )
  .map(
    ([name, level, registered]): Move => ({
      kind: 'command',
      command: name,
      level,
      handle: name === 'correct-plate' ? 'veh-c' : null,
      accountId: name === 'authorize' ? 'acc-op' : name === 'correct-plate' && registered ? 'acc-veh-c' : null,
    }),
  )
const turned = fc
  .constantFrom(false, true, true)
  .map((automatic) => tell({ type: 'switch.turned', automatic, by: 'op', reason: null }))
const erasure = fc
  .tuple(vehicle, fc.integer({ min: 1, max: 3 }))
  .map(([handle, number]) => tell({ type: 'erasure.asked', erasureId: `erasure-${number}`, handle, by: 'op' }))
const pass = fc
  .constantFrom(100, 1000, 5000, 30_000, 61_000, 130_000, 310_000)
  .map((ms): Move => ({ kind: 'pass', ms }))
const crash = fc.constantFrom(500, 60_000, 3_600_000).map((ms): Move => ({ kind: 'crash', ms }))

/** Everything that can happen, in any order, weighted so that visits get somewhere. */
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 16, arbitrary: plate },
  { weight: 8, arbitrary: camera },
  { weight: 3, arbitrary: link },
  { weight: 9, arbitrary: status },
  { weight: 2, arbitrary: card },
  { weight: 8, arbitrary: start },
  { weight: 4, arbitrary: end },
  { weight: 1, arbitrary: update },
  { weight: 11, arbitrary: meter },
  { weight: 16, arbitrary: answer },
  { weight: 4, arbitrary: startAnswer },
  { weight: 2, arbitrary: fc.constant<Move>({ kind: 'withdraw' }) },
  { weight: 1, arbitrary: fc.constant(lateAnswer) },
  { weight: 2, arbitrary: claimNews },
  { weight: 1, arbitrary: ambiguous },
  { weight: 4, arbitrary: command },
  { weight: 1, arbitrary: turned },
  { weight: 1, arbitrary: erasure },
  { weight: 8, arbitrary: pass },
  { weight: 3, arbitrary: crash },
)

/** Long silences: nobody sees the bay and nobody hears the charge point; or a camera sees it empty all along. */
const silence = fc
  .tuple(
    fc.constantFrom([blind, offline], [offline, empty], [empty], [blind]),
    fc.constantFrom(130_000, 310_000, 3_600_000),
  )
  .map(([gone, ms]): Move[] => [...gone, { kind: 'pass', ms }])
/** A charge point that gives energy on under the name of a transaction that is over. */
const drawsOn = fc
  .record({
    evse,
    how_many: fc.integer({ min: 1, max: 3 }),
    every_ms: fc.constantFrom(5000, 30_000, 61_000),
    drew_Wh: fc.constantFrom(0, 0, 40, 500),
  })
  .map(({ evse: number, how_many, every_ms, drew_Wh }): Move[] =>
    Array.from({ length: how_many }, (): Move[] => [
      { kind: 'pass', ms: every_ms },
      { kind: 'meter', which: 'ended', evse: number, current_A: 16, drew_Wh, past: false },
    ]).flat(),
  )
const chunk = fc.oneof(
  { weight: 40, arbitrary: move.map((one): Move[] => [one]) },
  { weight: 1, arbitrary: silence },
  { weight: 2, arbitrary: drawsOn },
)

const few = fc.array(chunk, { maxLength: 16 })

/** A story: up to 48 moves after its beginning. Every third is of a bay with two connectors. */
export const moves: fc.Arbitrary<Move[]> = fc
  .tuple(
    fc.constantFrom(false, false, true),
    fc.constantFrom(...BEGINNINGS),
    // Three arrays, not one: the bias of an array is to few moves, and each of them still shrinks to nothing.
    fc.tuple(few, few, few),
  )
  .map(([two, beginning, rest]) => [...(two ? [SECOND_CONNECTOR] : []), ...beginning, ...rest.flat(2)])
