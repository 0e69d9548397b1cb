import { expect, test } from 'vitest'
import { AskedPayers } from '../../../simulations/design/asked-payers.ts'
import type { EngineName } from '../../../simulations/design/bay-engine.ts'
import { ChanceStreams } from '../../../simulations/design/chance-streams.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { VisitorPlates } from '../../../simulations/design/visitor-plates.ts'
import { ratesScenario } from './rates-scenario.ts'
import { recordedRun } from './recorded-run.ts'
import { relivedDrift } from './relived-drift.ts'

const run = { from: '2026-01-05', days: 20, warmup_days: 1, replications: 1, seed: 4 }
const usual = ratesScenario({ run })

function asking(backEnd: Partial<DesignScenario['backEnd']>, away: { perDay: number; min: number } | null = null) {
  const faults = { ...usual.faults, backEndAway_perDay: away?.perDay ?? 0, backEndAway_min: away?.min ?? 30 }
  return ratesScenario({ run, faults, backEnd: { ...usual.backEnd, accounts: 1, ...backEnd } })
}

function runOf(scenario: DesignScenario, engine?: EngineName) {
  const run = recordedRun(scenario, engine)
  const told = (type: string, more: object = {}): number =>
    run.drafts.filter(
      ({ cause }) => cause.type === type && Object.entries(more).every(([key, is]) => cause[key] === is),
    ).length
  return { ...run, told }
}
const hits = (value: unknown): number => (value as { hits: number }).hits

/** Away for some two thirds of the time. */
const MOSTLY_AWAY = { perDay: 12, min: 240 }

test('a back end that answers at once makes no difference, and the journal says who granted', () => {
  const [own, far] = [runOf(usual), runOf(asking({}))]
  expect(own.told('authorization.granted', { by: 'back-end' })).toBe(0)
  expect(far.told('authorization.granted', { by: 'back-end' })).toBeGreaterThan(50)
  expect(Math.abs(hits(far.metrics['read-at-once']) - hits(own.metrics['read-at-once']))).toBeLessThan(10)
  expect(far.told('authorization.refused', { reason: 'unanswered' })).toBe(0)
})

test('while it is away nobody whom only it knows charges by the plate, or by a card of its own, and both are counted', () => {
  const [sound, away] = [runOf(asking({})), runOf(asking({}, MOSTLY_AWAY))]
  expect(away.told('authorization.refused', { reason: 'unanswered', by: 'back-end' })).toBeGreaterThan(50)
  expect(hits(away.metrics['read-at-once'])).toBeLessThan(0.6 * hits(sound.metrics['read-at-once']))
  expect(hits(away.metrics['not-charged'])).toBeGreaterThan(hits(sound.metrics['not-charged']) + 20)
  expect(hits(away.metrics['drivers-hit'])).toBeGreaterThan(50)
  expect(sound.metrics['drivers-hit']).toBeNull()
  const refused = away.drafts.filter(
    ({ cause }) => cause.type === 'token.presented' && (cause['token'] as { standing: string }).standing === 'unknown',
  )
  expect(refused.length).toBeGreaterThan(20)
  // Half of the accounts in berth's own register: half of the harm, about.
  const half = runOf(asking({ accounts: 0.5 }, MOSTLY_AWAY))
  expect(hits(half.metrics['drivers-hit'])).toBeLessThan(0.75 * hits(away.metrics['drivers-hit']))
  expect(hits(half.metrics['drivers-hit'])).toBeGreaterThan(0.25 * hits(away.metrics['drivers-hit']))
})

test('of a register that is drawn once the back end alone knows as large a share as was asked for, and of less a part of those', () => {
  const far = (share: number, seed: number): Set<number> => {
    const plates = new VisitorPlates(seed, 40, { now: () => 0 }, share)
    const numbers = Array.from({ length: 40 }, (_, number) => number)
    return new Set(numbers.filter((number) => plates.farAccount(plates.registered(number).handle) !== null))
  }
  for (const seed of [1, 2, 3]) {
    expect([0, 0.25, 0.5, 1].map((share) => far(share, seed).size)).toEqual([0, 10, 20, 40])
    const half = far(0.5, seed)
    expect([...far(0.25, seed)].filter((number) => !half.has(number))).toEqual([])
  }
})

test('the first are waited for up to the deadline, and after some failures nobody waits any more', () => {
  const waits = (failures: number): number[] => {
    const { drafts } = runOf(asking({ failures, rest_s: 3600, deadline_s: 8 }, MOSTLY_AWAY))
    const askedAt = new Map<string, number>()
    const found: number[] = []
    for (const { at, cause, effects } of drafts) {
      for (const effect of effects)
        if (effect.type === 'ask.authorizer') askedAt.set(String(effect['ask']), Date.parse(at))
      const since = askedAt.get(String(cause['ask']))
      if (cause.type === 'authorization.refused' && cause['reason'] === 'unanswered' && since !== undefined)
        found.push((Date.parse(at) - since) / 1000)
    }
    return found
  }
  const patient = waits(100)
  expect(patient.every((seconds) => seconds >= 8)).toBe(true)
  const resting = waits(2)
  expect(resting.filter((seconds) => seconds === 0).length).toBeGreaterThan(0.4 * resting.length)
  expect(resting.filter((seconds) => seconds >= 8).length).toBeGreaterThan(2)
})

test('with allow-known those charge whom it accepted before, and the journal says that nobody was asked', () => {
  const register = 15
  const small = (offline: 'fallback' | 'allow-known'): DesignScenario => ({
    ...asking({ offline }, MOSTLY_AWAY),
    drivers: { ...usual.drivers, register },
  })
  const [fallback, known] = [runOf(small('fallback')), runOf(small('allow-known'))]
  expect(hits(known.metrics['read-at-once'])).toBeGreaterThan(1.3 * hits(fallback.metrics['read-at-once']))
  expect(known.told('authorization.granted', { kept: true })).toBeGreaterThan(20)
  expect(fallback.told('authorization.granted', { kept: true })).toBe(0)
})

test('the tables and XState itself give the same bytes, and the journal is lived again without a difference', () => {
  const scenario = asking({ accounts: 0.6, offline: 'allow-known' }, { perDay: 6, min: 60 })
  const [tables, xstate] = [runOf(scenario), runOf(scenario, 'xstate')]
  expect(JSON.stringify(xstate.drafts)).toBe(JSON.stringify(tables.drafts))
  expect(xstate.lines).toBe(tables.lines)
  expect(relivedDrift(tables.drafts)).toEqual([])
})

test('as on a site an answer is used again, also while the back end is away: a yes for `cache_s`, a no for ten seconds', () => {
  let [now, isAway, asked] = [0, false, 0]
  const due: { readonly at: number; readonly act: (at: number) => void }[] = []
  const payers = new AskedPayers({
    backEnd: { ...usual.backEnd, accounts: 1, cache_s: 60, deadline_s: 3 },
    register: () => ({ granted: false, reason: 'unknown' }),
    accountOf: (handle) => {
      asked += 1
      return handle === 'veh-1' ? 'acc-1' : null
    },
    now: () => now,
    later: (at, act) => due.push({ at, act }),
    isAway: () => isAway,
  })
  const ask = (handle: string, at: number): boolean | null => {
    now = at
    let granted: boolean | null = null
    const about = { presented: 'plate', idToken: null, bayId: 'bay-1', chargePointId: null, evse: null } as const
    const draws = (number: number) => new ChanceStreams(1, 0).of('back end', number)
    payers.ask({ id: 'ask', handle, ...about }, draws, at, (answer) => {
      granted = answer.granted
    })
    for (let next = due.shift(); next; next = due.shift()) {
      now = next.at
      next.act(next.at)
    }
    return granted
  }
  expect([ask('veh-1', 0), ask('veh-2', 0), asked]).toEqual([true, false, 2])
  isAway = true
  expect([ask('veh-1', 50_000), asked]).toEqual([true, 2])
  expect([ask('veh-1', 70_000), asked]).toEqual([false, 2])
  isAway = false
  expect([ask('veh-2', 80_000), ask('veh-2', 89_000), asked]).toEqual([false, false, 3])
  expect([ask('veh-2', 91_000), asked]).toEqual([false, 4])
})
