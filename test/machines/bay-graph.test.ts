import { beforeAll, expect, test, vi } from 'vitest'
import { BayHost } from '../../actors/bay-actor.ts'
import type { FactRecord } from '../../machines/record.ts'
import { livedThrough } from '../properties/bay-commands.ts'
import { moves } from '../properties/bay-moves.ts'
import { BayRun } from '../properties/bay-run.ts'
import { fc } from '../seeded-check.ts'
import { ALPHABET, DEEPER_WAYS_IN, WAYS_IN } from './bay-alphabet.ts'
import { drawn, shortest, statesOf, type Transition, taken, type Way, waysFrom } from './bay-graph.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

/** Transitions that the chart draws because a list of rules is shared by several states, and that no way takes; each group with why. */
const NEVER: readonly { readonly why: string; readonly transitions: readonly Transition[] }[] = [
  {
    why: 'nobody pays for the visit yet, so nobody can be a stranger to it',
    transitions: [
      'vacant: strangerStarts',
      'detecting.collecting: strangerStarts',
      'detecting.second-reading: strangerStarts',
      'detecting.in-review: strangerStarts',
      'authorizing.claiming: strangerStarts',
      'authorizing.asking: strangerStarts',
      'authorizing.denied: strangerStarts',
    ],
  },
  {
    why: 'the vehicle was not granted to this visit yet, so it cannot lose it',
    transitions: [
      'detecting.collecting: claimLost',
      'detecting.second-reading: claimLost',
      'detecting.in-review: claimLost',
      'authorizing.claiming: claimLost',
    ],
  },
  {
    why: 'the site takes no vehicle from a bay that holds a cable',
    transitions: ['exiting.still-plugged: claimLost'],
  },
  {
    why: 'a cable that goes in or out is a sign of presence, so the silence and the grace begin anew',
    transitions: ['exiting.still-plugged: absent', 'exiting.still-plugged: leftSeen', 'exiting.unseen: cableForgotten'],
  },
  {
    why: 'a start that is still unanswered stands in starting, and only such a one is withdrawn',
    transitions: ['authorizing.awaiting-plug: withdrawn'],
  },
  {
    why: 'unlock before it is always taken',
    transitions: [
      'charging-locked.charging: note',
      'charging-locked.suspended: note',
      'charging-locked.frozen: note',
      'charging-locked.contradicted: note',
    ],
  },
  {
    why: 'once a zone is seen empty the bay is unseen, and no silence is over in the same moment',
    transitions: [
      'exiting.still-here: leftSeen',
      'exiting.still-here: lostSight',
      'exiting.still-here: cableForgotten',
      'exiting.unconfirmed: leftSeen',
      'exiting.unconfirmed: lostSight',
      'exiting.unconfirmed: cableForgotten',
    ],
  },
]
const UNTAKEN = new Set(NEVER.flatMap(({ transitions }) => transitions))

const all = drawn()
let ways: ReadonlyMap<Transition, Way>

beforeAll(() => {
  const found = waysFrom(WAYS_IN, ALPHABET, 2, all)
  const missing = all.filter((one) => !found.has(one))
  for (const [one, way] of waysFrom(DEEPER_WAYS_IN, ALPHABET, 2, missing)) if (!found.has(one)) found.set(one, way)
  // What takes a long tale to come about.
  for (const story of fc.sample(moves, { seed: 20_261_122, numRuns: 1000 }))
    for (const one of taken(livedThrough(story))) if (!found.has(one)) found.set(one, { policy: {}, moves: story })
  ways = new Map([...found].map(([one, way]) => [one, shortest(one, way)]))
})

test('the chart is drawn', () => {
  expect(all.length).toBeGreaterThan(250)
  expect(statesOf(all).length).toBeGreaterThan(15)
})

test('every transition that the chart draws is taken by some way, or it is said why none does', () => {
  expect(all.filter((one) => !ways.has(one) && !UNTAKEN.has(one))).toEqual([])
  expect([...UNTAKEN].filter((one) => ways.has(one))).toEqual([])
  expect([...UNTAKEN].filter((one) => !all.includes(one))).toEqual([])
})

test('no way takes a transition that the chart does not draw', () => {
  expect([...ways.keys()].filter((one) => !all.includes(one))).toEqual([])
})

test('on every shortest way the live host stands where the machine stands, and its records alone lead there again', () => {
  for (const [transition, { policy, moves: told }] of ways) {
    const run = livedThrough(told, new BayRun(policy))
    const live = new BayHost('bay-1')
    const records = run.lived.map(({ event }) => JSON.parse(JSON.stringify(live.tell(event))) as FactRecord)
    expect(live.snapshot.value, transition).toEqual(run.snapshot.value)
    expect(records.map((record) => record.rule)).toEqual(run.lived.map(({ draft }) => draft.rule))
    const again = new BayHost('bay-1')
    for (const record of records) again.relive(record)
    expect(again.snapshot.value, transition).toEqual(live.snapshot.value)
    expect(JSON.stringify(again.bay), transition).toBe(JSON.stringify(live.bay))
    expect([...again.timers], transition).toEqual([...live.timers])
  }
})
