import type { Autonomy, CommandType, ConnectorStatus } from '../../machines/events.ts'
import { BEGINNINGS, CHARGING, ORPHANED, SECOND_CONNECTOR } from '../properties/bay-beginnings.ts'
import { type Move, tell, type Which } from '../properties/bay-move.ts'
import type { Way } from './bay-graph.ts'

/** Of each thing that can happen to a bay, one: the letters from which ways through its chart are spelled. */

const read = (type: string, handle: string, more: { readonly [field: string]: unknown } = {}): Move => ({
  kind: 'plate',
  age_ms: 0,
  news: {
    type,
    cameraId: 'cam-1',
    trackId: 't',
    leader: handle,
    tally: [{ handle, witnesses: 3, share: 1, plausible: true, chance: null }],
    clear: true,
    fresh: true,
    thinned: 0,
    ...more,
  } as { type: string },
})
const camera = (type: string): Move => tell({ type, cameraId: 'cam-1' })
const link = (type: string): Move => tell({ type, chargePointId: 'CP-1' })
const says = (status: ConnectorStatus): Move => ({ kind: 'status', evse: 1, status })
const meter = (which: Which, current_A: number): Move => ({
  kind: 'meter',
  which,
  evse: 1,
  current_A,
  drew_Wh: 10,
  past: false,
})
const begins = (by: Extract<Move, { kind: 'start' }>['by']): Move => ({ kind: 'start', by, evse: 1, first_Wh: 0 })
const orders = (command: CommandType, handle: string | null = null, accountId: string | null = null): Move => ({
  kind: 'command',
  command,
  handle,
  accountId,
  level: 'suggest' satisfies Autonomy,
})
const card = tell({
  type: 'token.presented',
  chargePointId: 'CP-1',
  token: { kind: 'card', handle: 'card-a', accountId: 'acc-card', standing: 'accepted' },
})
const passes = (ms: number): Move => ({ kind: 'pass', ms })

export const ALPHABET: readonly Move[] = [
  read('plate.agreed', 'veh-a'),
  read('plate.agreed', 'veh-b'),
  read('plate.contested', 'veh-a'),
  read('plate.seen', 'veh-a'),
  camera('vehicle.seen'),
  camera('zone.empty'),
  camera('camera.lost'),
  link('charger.online'),
  link('charger.offline'),
  says('available'),
  says('preparing'),
  says('finishing'),
  { kind: 'status', evse: 2, status: 'available' },
  { kind: 'status', evse: 2, status: 'preparing' },
  card,
  begins('live-start'),
  begins('card-b'),
  { kind: 'end', which: 'open', evse: 1, drew_Wh: 10 },
  { kind: 'end', which: 'open', evse: 2, drew_Wh: 10 },
  meter('open', 16),
  meter('open', 0),
  meter('orphan', 16),
  { kind: 'answer', yes: true },
  { kind: 'answer', yes: false },
  { kind: 'answer', yes: true, confirm: true },
  { kind: 'start-answer', says: 'expired' },
  { kind: 'withdraw' },
  { kind: 'claim-news', says: 'lost' },
  { kind: 'claim-news', says: 'granted' },
  { kind: 'ambiguous', evse: 1 },
  orders('authorize', null, 'acc-op'),
  orders('deny'),
  orders('correct-plate', 'veh-c'),
  orders('release-lock'),
  orders('autonomy'),
  tell({ type: 'switch.turned', automatic: false, by: 'op', reason: null }),
  tell({ type: 'site.resumed', downSince: 0 }),
  passes(3_000),
  passes(11_000),
  passes(31_000),
  passes(310_000),
]

/** A site that lets nobody wait: silence is shorter than every window. And one that waits long before an empty zone says anything. */
const IMPATIENT = { exitGrace_s: 2, absence_s: 5 }
const SLOW = { exitGrace_s: 600 }

const preparing = says('preparing')
const empty = camera('zone.empty')
const seen = camera('vehicle.seen')
const secondCard: Move = { kind: 'start', by: 'card-b', evse: 2, first_Wh: 0 }
const ends: Move = { kind: 'end', which: 'open', evse: 2, drew_Wh: 10 }
/** Who was here left a transaction behind, and somebody charges at the other cable. */
const BESIDE_AN_ORPHAN = [SECOND_CONNECTOR, ...ORPHANED, secondCard]
const DENIED = [read('plate.agreed', 'veh-a'), orders('deny')]
const STARTS: readonly (readonly Move[])[] = [...BEGINNINGS, DENIED]

/** Where the walk begins: a bay that knows nothing, and bays well into a visit, with one cable and with two, patient and not. */
export const WAYS_IN: readonly Way[] = [
  { policy: {}, moves: [] },
  ...[{}, IMPATIENT].flatMap((policy) => STARTS.map((moves) => ({ policy, moves }))),
  ...STARTS.map((moves) => ({ policy: {}, moves: [SECOND_CONNECTOR, ...moves] })),
]

/** Where it begins anew, less far: what takes more to happen before. */
export const DEEPER_WAYS_IN: readonly Way[] = [
  { policy: SLOW, moves: BESIDE_AN_ORPHAN },
  { policy: {}, moves: [...CHARGING, read('plate.agreed', 'veh-b'), camera('camera.lost')] },
  // Somebody waits to be known, and what begins at the cable is refused.
  ...[
    [],
    [meter('open', 16)],
    [link('charger.offline')],
    [meter('open', 16), camera('zone.empty'), passes(31_000)],
  ].map((then) => ({
    policy: {},
    moves: [link('charger.online'), camera('vehicle.seen'), passes(11_000), preparing, begins('bad-card'), ...then],
  })),
  // After a charge a person let another one go, and its charge point was not reached: somebody who pays waits for a card.
  {
    policy: {},
    moves: [
      ...CHARGING,
      { kind: 'end', which: 'open', evse: 1, drew_Wh: 10 },
      orders('authorize', null, 'acc-op'),
      { kind: 'start-answer', says: 'expired' },
    ],
  },
  ...STARTS.map((moves) => ({ policy: SLOW, moves: [...moves, empty] })),
  ...[{}, IMPATIENT].flatMap((policy) =>
    STARTS.flatMap((moves) => [
      { policy, moves: [...moves, preparing] },
      { policy, moves: [...moves, empty] },
      { policy, moves: [...moves, preparing, empty] },
      { policy, moves: [...moves, empty, preparing] },
      { policy, moves: [...moves, preparing, link('charger.offline'), empty] },
    ]),
  ),
  ...[ORPHANED, [SECOND_CONNECTOR, ...ORPHANED]].flatMap((before) =>
    STARTS.map((moves) => ({ policy: {}, moves: [...before, ...moves] })),
  ),
  ...[
    [],
    [link('charger.offline')],
    [empty, passes(31_000)],
    [seen, ends],
    [seen, ends, { kind: 'status', evse: 2, status: 'finishing' } satisfies Move],
    [seen, ends, empty],
    [seen, ends, camera('camera.lost')],
  ].map((after) => ({
    policy: {},
    moves: [...BESIDE_AN_ORPHAN, ...after],
  })),
]
