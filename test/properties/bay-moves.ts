import fc from 'fast-check'

/** One thing that happens to a bay. */
export type Move =
  | { readonly kind: 'tell'; readonly told: { readonly type: string } }
  | { readonly kind: 'plate'; readonly news: { readonly type: string }; readonly age_ms: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'crash'; readonly ms: number }
  | {
      readonly kind: 'start'
      readonly by: 'live-start' | 'any-start' | 'card-a' | 'card-b' | 'bad-card'
      readonly first_Wh: number
    }
  | { readonly kind: 'end'; readonly which: 'open' | 'old' | 'none'; readonly drew_Wh: number }
  | {
      readonly kind: 'meter'
      readonly which: 'open' | 'old' | 'none'
      readonly current_A: number | null
      readonly drew_Wh: number
      readonly past: boolean
    }
  | { readonly kind: 'answer'; readonly yes: boolean }

const vehicle = fc.constantFrom('veh-a', 'veh-b', 'veh-c')
const connector = 'CP-1/1'

const plate = fc
  .record({
    type: fc.constantFrom('plate.seen', 'plate.agreed', 'plate.agreed', 'plate.contested'),
    leader: vehicle,
    other: vehicle,
    witnesses: fc.integer({ min: 1, max: 5 }),
    others: fc.integer({ min: 0, max: 3 }),
    plausible: fc.boolean(),
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
  .map((type): Move => ({ kind: 'tell', told: { type, cameraId: 'cam-1' } as { type: string } }))
const link = fc
  .constantFrom('charger.online', 'charger.offline')
  .map((type): Move => ({ kind: 'tell', told: { type, chargePointId: 'CP-1' } as { type: string } }))
const status = fc
  .constantFrom(
    'available',
    'available',
    'preparing',
    'preparing',
    'charging',
    'suspended-ev',
    'suspended-evse',
    'finishing',
    'unavailable',
    'faulted',
  )
  .map(
    (word): Move => ({
      kind: 'tell',
      told: { type: 'connector.status', connector, status: word, errorCode: null } as { type: string },
    }),
  )
const card = fc.constantFrom('card-a', 'card-b', 'bad').map(
  (name): Move => ({
    kind: 'tell',
    told: {
      type: 'token.presented',
      chargePointId: 'CP-1',
      token: {
        kind: 'card',
        handle: name,
        accountId: name === 'bad' ? null : name === 'card-a' ? 'acc-card' : 'acc-b',
        standing: name === 'bad' ? 'blocked' : 'accepted',
      },
    } as { type: string },
  }),
)
const start = fc.record({
  kind: fc.constant('start' as const),
  by: fc.constantFrom('live-start', 'live-start', 'any-start', 'card-a', 'card-b', 'bad-card'),
  first_Wh: fc.integer({ min: 0, max: 5000 }),
})
const end = fc.record({
  kind: fc.constant('end' as const),
  which: fc.constantFrom('open', 'open', 'old', 'none'),
  drew_Wh: fc.integer({ min: 0, max: 3000 }),
})
const meter = fc.record({
  kind: fc.constant('meter' as const),
  which: fc.constantFrom('open', 'open', 'open', 'old', 'none'),
  current_A: fc.constantFrom(0, 0, 0.05, 0.15, 0.3, 6, 16, null),
  drew_Wh: fc.integer({ min: 0, max: 500 }),
  past: fc.constantFrom(false, false, false, true),
})
const answer = fc.constantFrom(true, true, true, false).map((yes): Move => ({ kind: 'answer', yes }))
const operator = fc
  .constantFrom('authorize', 'deny', 'correct-plate', 'remote-stop', 'out-of-service', 'in-service', 'autonomy')
  .map(
    (command): Move => ({
      kind: 'tell',
      told: {
        type: 'operator.commanded',
        command,
        by: 'op',
        handle: command === 'correct-plate' ? 'veh-c' : null,
        accountId: command === 'authorize' ? 'acc-op' : command === 'correct-plate' ? 'acc-veh-c' : null,
        level: 'act',
      } as { type: string },
    }),
  )
const pass = fc
  .constantFrom(100, 1000, 5000, 30_000, 61_000, 130_000, 310_000)
  .map((ms): Move => ({ kind: 'pass', ms }))
const crash = fc.constantFrom(500, 60_000, 3_600_000).map((ms): Move => ({ kind: 'crash', ms }))

/** Everything that can happen, in any order, weighted so that visits get somewhere. */
export const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: plate },
  { weight: 4, arbitrary: camera },
  { weight: 1, arbitrary: link },
  { weight: 4, arbitrary: status },
  { weight: 1, arbitrary: card },
  { weight: 4, arbitrary: start },
  { weight: 2, arbitrary: end },
  { weight: 5, arbitrary: meter },
  { weight: 8, arbitrary: answer },
  { weight: 1, arbitrary: operator },
  { weight: 4, arbitrary: pass },
  { weight: 1, arbitrary: crash },
)

/** A story: up to 40 moves. Every other one begins with a vehicle that gets as far as its start. */
export const moves: fc.Arbitrary<Move[]> = fc
  .tuple(fc.boolean(), fc.array(move, { minLength: 1, maxLength: 40 }))
  .map(([arrived, rest]) => (arrived ? [...ARRIVAL, ...rest] : rest))

const ARRIVAL: Move[] = [
  { kind: 'tell', told: { type: 'charger.online', chargePointId: 'CP-1' } as { type: string } },
  {
    kind: 'plate',
    age_ms: 0,
    news: {
      type: 'plate.agreed',
      cameraId: 'cam-1',
      trackId: 't',
      leader: 'veh-a',
      tally: [{ handle: 'veh-a', witnesses: 3, share: 1, plausible: true, chance: null }],
      clear: true,
      fresh: true,
      thinned: 0,
    } as { type: string },
  },
  { kind: 'answer', yes: true },
  { kind: 'answer', yes: true },
  { kind: 'answer', yes: true },
]
