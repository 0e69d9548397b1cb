import fc from 'fast-check'
import type { Autonomy, CommandType, ConnectorStatus } from '../../machines/events.ts'

/** Which of the bay's two connectors; a bay with one hears everything on that one. */
export type Evse = 1 | 2
/** Which transaction news is about: one that is open, the first of all, one that its visit left behind, one nobody announced, none. */
export type Which = 'open' | 'old' | 'orphan' | 'unannounced' | 'none'

/** One thing that happens to a bay. */
export type Move =
  | { readonly kind: 'tell'; readonly told: { readonly type: string; readonly [field: string]: unknown } }
  | { readonly kind: 'plate'; readonly news: { readonly type: string }; readonly age_ms: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'crash'; readonly ms: number }
  | { readonly kind: 'status'; readonly evse: Evse; readonly status: ConnectorStatus }
  | {
      readonly kind: 'start'
      readonly by: 'live-start' | 'any-start' | 'card-a' | 'card-b' | 'bad-card'
      readonly evse: Evse
      readonly first_Wh: number
    }
  | { readonly kind: 'end'; readonly which: Which; readonly evse: Evse; readonly drew_Wh: number }
  | { readonly kind: 'update'; readonly which: Which; readonly evse: Evse; readonly ongoing: boolean }
  | {
      readonly kind: 'meter'
      readonly which: Which
      readonly evse: Evse
      readonly current_A: number | null
      readonly drew_Wh: number
      readonly past: boolean
    }
  | { readonly kind: 'answer'; readonly yes: boolean; readonly confirm?: boolean }
  | { readonly kind: 'start-answer'; readonly says: 'accepted' | 'rejected' | 'unanswered' | 'expired' }
  | { readonly kind: 'withdraw' }
  | { readonly kind: 'claim-news'; readonly says: 'lost' | 'granted' }
  | { readonly kind: 'ambiguous'; readonly evse: Evse }
  | {
      readonly kind: 'command'
      readonly command: CommandType
      readonly handle: string | null
      readonly accountId: string | null
      readonly level: Autonomy
    }

const tell = (told: { readonly type: string; readonly [field: string]: unknown }): Move => ({ kind: 'tell', told })
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
    age_ms: fc.constantFrom(0, 500, 5000, 400_000),
  })
  .map(({ age_ms, witnesses, others, plausible, other, ...news }): Move => {
    const tally = [{ handle: news.leader, witnesses, share: 0.8, plausible, chance: null }]
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
const card = fc.constantFrom('card-a', 'card-b', 'bad').map((name) =>
  tell({
    type: 'token.presented',
    chargePointId: 'CP-1',
    token: {
      kind: 'card',
      handle: name,
      accountId: name === 'bad' ? null : name === 'card-a' ? 'acc-card' : 'acc-b',
      standing: name === 'bad' ? 'blocked' : 'accepted',
    },
  }),
)
const start = fc.record({
  kind: fc.constant('start' as const),
  by: fc.constantFrom('live-start', 'live-start', 'any-start', 'card-a', 'card-b', 'bad-card'),
  evse,
  first_Wh: fc.integer({ min: 0, max: 5000 }),
})
const which = fc.constantFrom<Which[]>('open', 'open', 'open', 'orphan', 'old', 'none')
const end = fc.record({ kind: fc.constant('end' as const), which, evse, drew_Wh: fc.integer({ min: 0, max: 3000 }) })
const update = fc.record({ kind: fc.constant('update' as const), which, evse, ongoing: fc.boolean() })
const meter = fc.record({
  kind: fc.constant('meter' as const),
  which: fc.constantFrom<Which[]>('open', 'open', 'open', 'orphan', 'old', 'unannounced', 'none'),
  evse,
  current_A: fc.constantFrom(0, 0, 0.05, 0.15, 0.3, 6, 16, null),
  drew_Wh: fc.integer({ min: 0, max: 500 }),
  past: fc.constantFrom(false, false, false, true),
})
const answer = fc
  .tuple(fc.constantFrom(true, true, true, false), fc.constantFrom(false, false, false, false, true))
  .map(([yes, confirm]): Move => ({ kind: 'answer', yes, confirm }))
const startAnswer = fc
  .constantFrom('accepted' as const, 'rejected' as const, 'unanswered' as const, 'expired' as const)
  .map((says): Move => ({ kind: 'start-answer', says }))
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
const store = fc.constantFrom('store.failing', 'store.healed', 'store.healed').map((type) => tell({ type }))
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
  { weight: 2, arbitrary: claimNews },
  { weight: 1, arbitrary: ambiguous },
  { weight: 4, arbitrary: command },
  { weight: 1, arbitrary: store },
  { weight: 8, arbitrary: pass },
  { weight: 3, arbitrary: crash },
)

const yes: Move = { kind: 'answer', yes: true }
const online = tell({ type: 'charger.online', chargePointId: 'CP-1' })
const offline = tell({ type: 'charger.offline', chargePointId: 'CP-1' })
const empty = tell({ type: 'zone.empty', cameraId: 'cam-1' })
const blind = tell({ type: 'camera.lost', cameraId: 'cam-1' })
const is = (word: ConnectorStatus): Move => ({ kind: 'status', evse: 1, status: word })
const readOf = (type: 'plate.agreed' | 'plate.contested', handle: string): Move => ({
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
  } as { type: string },
})
const agreedOn = (handle: string): Move => readOf('plate.agreed', handle)
const draws: Move = { kind: 'meter', which: 'open', evse: 1, current_A: 16, drew_Wh: 100, past: false }

/** A vehicle that is known, pays, and whose start is on its way. */
const ASKED: Move[] = [online, agreedOn('veh-a'), yes, yes]
const ARRIVED: Move[] = [...ASKED, yes]
const CHARGING: Move[] = [
  ...ARRIVED,
  is('preparing'),
  { kind: 'start', by: 'live-start', evse: 1, first_Wh: 1000 },
  draws,
]
const OFFLINE_AND_EMPTY: Move[] = [...CHARGING, offline, empty]
const ORPHANED: Move[] = [...OFFLINE_AND_EMPTY, { kind: 'pass', ms: 310_000 }]
const STILL_PLUGGED: Move[] = [...CHARGING, { kind: 'end', which: 'open', evse: 1, drew_Wh: 500 }, is('finishing')]
/** The charge point has finished with a plug that came first (E18). */
const PLUGGED_FIRST: Move[] = [online, is('preparing'), is('finishing'), agreedOn('veh-a'), yes, yes]
/** Charged, pulled the cable, and still there. */
const UNPLUGGED: Move[] = [...STILL_PLUGGED, tell({ type: 'vehicle.seen', cameraId: 'cam-1' }), is('available')]
/** Reads that disagree: the second reader is asked; then a person. */
const DOUBTED: Move[] = [online, tell({ type: 'vehicle.seen', cameraId: 'cam-1' }), readOf('plate.contested', 'veh-a')]
const IN_REVIEW: Move[] = [...DOUBTED, { kind: 'pass', ms: 11_000 }]
const ASKING: Move[] = [online, agreedOn('veh-a'), yes]
/** The site was away while a start was on its way. */
const RESUMED: Move[] = [...ARRIVED, { kind: 'crash', ms: 500 }, online]
/** A person said which vehicle it is, or who pays. */
const CORRECTED: Move[] = [
  ...ARRIVED,
  { kind: 'command', command: 'correct-plate', handle: 'veh-c', accountId: null, level: 'act' },
]
const AUTHORIZED: Move[] = [
  ...DOUBTED,
  { kind: 'command', command: 'authorize', handle: null, accountId: 'acc-op', level: 'act' },
]
const BLOCKED: Move[] = [
  { kind: 'command', command: 'out-of-service', handle: null, accountId: null, level: 'act' },
  ...ASKED,
]
const BY_CARD: Move[] = [online, { kind: 'start', by: 'card-a', evse: 1, first_Wh: 0 }, draws]

/** How stories begin: anywhere, or well into a visit. */
const BEGINNINGS: readonly Move[][] = [
  [],
  [],
  [],
  ASKED,
  ARRIVED,
  ARRIVED,
  CHARGING,
  OFFLINE_AND_EMPTY,
  ORPHANED,
  ORPHANED,
  STILL_PLUGGED,
  UNPLUGGED,
  PLUGGED_FIRST,
  DOUBTED,
  IN_REVIEW,
  ASKING,
  RESUMED,
  CORRECTED,
  CORRECTED,
  AUTHORIZED,
  BLOCKED,
  BY_CARD,
]

/** Long silences: nobody sees the bay and nobody hears the charge point; or a camera sees it empty all along. */
const silence = fc
  .tuple(fc.constantFrom([blind, offline], [offline, empty], [blind]), fc.constantFrom(130_000, 310_000, 3_600_000))
  .map(([gone, ms]): Move[] => [...gone, { kind: 'pass', ms }])
const chunk = fc.oneof({ weight: 40, arbitrary: move.map((one): Move[] => [one]) }, { weight: 1, arbitrary: silence })

/** The second cable of a bay between two charge points' connectors. */
const SECOND_CONNECTOR = tell({
  type: 'profile.adopted',
  connectors: [1, 2].map((number) => ({
    connector: `CP-1/${number}`,
    chargePointId: 'CP-1',
    evse: number,
    connectionTimeout_s: 60,
    startOn: 'validation',
  })),
})

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
