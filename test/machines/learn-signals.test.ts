import { expect, it } from 'vitest'
import { connectorTraits } from '../../actors/ocpp/connector-traits.ts'
import { DEFAULT_PROFILE } from '../../actors/ocpp/profiles/default.ts'
import type { Observation } from '../../machines/events.ts'
import type { BayEvent } from '../../machines/learn.ts'
import { enough_Wh } from '../../machines/learn-signals.ts'
import { isHeld } from '../../machines/lock.ts'
import type { Decision } from '../../machines/record.ts'
import type { ConnectorTraits } from '../../machines/site-news.ts'
import { applyTimers, opened, step } from '../../machines/step.ts'
import { fc } from '../seeded-check.ts'

const KEY = 'CP-1/1'
const PLACE = { connector: KEY, chargePointId: 'CP-1', evse: 1 }
/** As journals had it before profiles knew more. */
const PLAIN: ConnectorTraits = { ...PLACE, connectionTimeout_s: 60, startOn: 'validation' }

type Told = { readonly type: string; readonly [field: string]: unknown }
type Move = Told & { readonly after_s: number }

/** A bay told all of it, with its timers between; what was seen after each: state, lock, flow, and every decision. */
function lives(traits: ConnectorTraits, moves: readonly Move[]) {
  let snapshot = opened('bay-1')
  let at = Date.UTC(2026, 10, 22, 10)
  const timers = new Map<string, number>()
  const decisions: Decision[] = []
  const seen: unknown[] = []
  const tell = (told: Told): void => {
    const event = { id: 'o', source: 't', ...told, at, version: snapshot.context.version + 1 } as unknown as Observation
    const next = step(snapshot, event as BayEvent)
    snapshot = next.snapshot
    applyTimers(timers, next.draft)
    decisions.push(...next.draft.decisions)
  }
  tell({ type: 'profile.adopted', connectors: [traits] })
  for (const { after_s, ...told } of moves) {
    const until = at + after_s * 1_000
    for (;;) {
      const [next] = [...timers].filter(([, due]) => due <= until).sort(([, a], [, b]) => a - b)
      if (!next) break
      at = Math.max(at, next[1])
      tell({ type: next[0] })
    }
    at = until
    tell(told)
    const bay = snapshot.context
    const connector = bay.connectors[KEY]
    seen.push([snapshot.value, isHeld(bay), connector?.flow, connector?.transaction, bay.visit?.idle, bay.visit?.payer])
  }
  return { seen, decisions }
}

const after_s = fc.integer({ min: 1, max: 240 })
const status = fc.constantFrom('available', 'preparing', 'charging', 'suspended-ev', 'suspended-evse', 'finishing')
const moves = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .record({ after_s, status })
        .map((m) => ({ type: 'connector.status', connector: KEY, errorCode: null, ...m })),
    },
    {
      weight: 12,
      arbitrary: fc
        .record({
          after_s,
          current_A: fc.constantFrom(0, 0.15, 6, 16, null),
          register_Wh: fc.oneof(fc.constant(5_103), fc.integer({ min: 5_000, max: 9_000 }), fc.constant(null)),
        })
        .map((m) => ({
          type: 'meter.values',
          connector: KEY,
          transactionId: '17',
          when: 'live',
          power_W: null,
          verdict: 'valid',
          max_A: null,
          thinned: 0,
          ...m,
        })),
    },
    {
      weight: 1,
      arbitrary: after_s.map((s) => ({
        after_s: s,
        type: 'transaction.started',
        connector: KEY,
        transactionId: '17',
        token: { kind: 'card', handle: 'card-1', accountId: 'acc-1', standing: 'accepted' },
        register_Wh: 5_000,
        accepted: true,
      })),
    },
    {
      weight: 1,
      arbitrary: after_s.map((s) => ({
        after_s: s,
        type: 'transaction.ended',
        connector: KEY,
        transactionId: '17',
        register_Wh: 9_000,
        reason: 'Local',
      })),
    },
  ),
  { maxLength: 60 },
)

const isAboutSignals = (one: Decision): boolean => one['kind'] === 'signals'

it('comparing signals changes no state, no lock, no flow, no idle time and no other decision; each quarrel is noticed once and resolved once', () => {
  let quarrels = 0
  fc.assert(
    fc.property(moves, (list) => {
      const plain = lives(PLAIN, list as Move[])
      const compared = lives(connectorTraits(DEFAULT_PROFILE, PLACE), list as Move[])
      expect(compared.seen).toEqual(plain.seen)
      expect(compared.decisions.filter((one) => !isAboutSignals(one))).toEqual(plain.decisions)
      const said = compared.decisions.filter(isAboutSignals)
      said.forEach((one, index) => {
        expect(one.type).toBe(index % 2 === 0 ? 'ContradictionNoticed' : 'ContradictionResolved')
        if (index % 2 === 1) expect(one['says']).toBe(said[index - 1]?.['says'])
      })
      quarrels += said.length
    }),
    { numRuns: 300, seed: 23 },
  )
  expect(quarrels).toBeGreaterThan(50)
})

it('a register that steps coarsely must be claimed more before it is said to stand still', () => {
  expect([5_103, 5_130, 5_100, 5_000].map(enough_Wh)).toEqual([100, 100, 200, 2_000])
})
