import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test, vi } from 'vitest'
import { entryDraft } from '../../../actors/recorder.ts'
import type { Draft, FactRecord } from '../../../machines/record.ts'
import { playStory } from '../../../simulations/player.ts'
import { SCENARIOS } from '../../../simulations/scenario-list.ts'
import type { Room } from '../../../src/room.ts'
import { asDraft, asToldDraft } from '../../bench/long-site.ts'
import { livedPast } from '../../projections/lived-past.ts'
import { fc } from '../../seeded-check.ts'
import { heldOtherwise } from './held-alike.ts'
import { RARE_NEWS } from './rare-news.ts'
import { type PastSite, pastSite, remembered } from './remembered-room.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

/** A simulated past with everything between that seldom comes: one piece of rare news after so many records each. */
function withRareNews(past: readonly Draft[]): readonly Draft[] {
  const versions = new Map<string, number>()
  const every = Math.max(1, Math.floor((past.length * 0.8) / RARE_NEWS.length))
  const mixed = past.flatMap((draft, place) => {
    const rare = place % every === 0 ? RARE_NEWS[place / every] : undefined
    if (!rare) return [draft]
    return [draft, { ...entryDraft(rare, 0, Date.parse(draft.at), rare.effects ?? []), bayId: rare.bayId ?? null }]
  })
  return mixed.map((draft) => {
    const version = (versions.get(draft.stream) ?? 0) + 1
    versions.set(draft.stream, version)
    return { ...draft, version }
  })
}

/** Beside what is remembered: what lies outside, what XState names anew in each process, and places of the past that are only kept to find them faster. */
const BESIDE = [
  /^\.(#journal|journal|keys|views|file)$/,
  /\.(#journal|journal|#keys|keys|views|file|#file)$/,
  /(#written|#actor\.(?!_snapshot)[^.]+)$/,
  /napshot\.(machine|_nodes|matches|hasTag|can|getMeta|toJSON)$/,
  /#past\.#past\.(#places|#near|#begun)$/,
]
const skips = (path: string, className: string): boolean =>
  className === 'KeyVault' || BESIDE.some((pattern) => pattern.test(path))

/** What people see of a room. */
const asked = (room: Room): unknown =>
  JSON.parse(
    JSON.stringify([
      ...[room.desk.bays(), room.desk.alarms(), room.desk.reviews.all(), room.desk.orphans(), room.erasures.all()],
      ...[room.watches.automaticStarts.state, room.tariffs.newest, room.senses.zones.versions.all(), room.downSince],
      [...room.site.hosts.values()].map(({ timers, kept, newestAt }) => [[...timers], [...kept], newestAt]),
    ]),
  )

let site: PastSite
let length: number

beforeAll(async () => {
  // Cut off while vehicles charge: a site at rest remembers little.
  const past = withRareNews((await livedPast(7, 0.25)).slice(0, 900).map(asToldDraft))
  length = past.length
  site = await pastSite(past, {
    ocpp: { host: '127.0.0.1', port: 0, mode: 'proxy', upstream: 'wss://far.example/ocpp' },
  })
})

test('what was kept at any record, and lived on from there to any other, is the past lived from its beginning', async () => {
  const place = fc.integer({ min: 1, max: length })
  await fc.assert(
    fc.asyncProperty(place, place, async (one, other) => {
      const [cut, until] = [Math.min(one, other), Math.max(one, other)]
      const [whole, resumed] = [await site.lived(until), await site.resumed(cut, until)]
      expect(remembered(resumed)).toEqual(remembered(whole))
      expect(asked(resumed)).toEqual(asked(whole))
      expect(resumed.downSince).toBe(Date.parse((await site.journal.readSite(until - 1, 1))[0]?.at ?? ''))
    }),
    {
      numRuns: 20,
      examples: [
        [1, 1],
        [1, length],
        [length, length],
      ],
    },
  )
})

test('kept and taken back again and again, at every few records, nothing is lost on the way', async () => {
  expect(remembered(await site.resumedAtEach(97))).toEqual(remembered(await site.lived()))
})

test('nothing that a room holds is otherwise, whoever holds it: the engine itself is asked', async () => {
  const [cut, until] = [Math.floor(length * 0.4), Math.floor(length * 0.9)]
  const { differences, compared } = heldOtherwise(await site.lived(until), await site.resumed(cut, until), skips)
  expect(differences).toEqual([])
  expect(compared).toBeGreaterThan(20_000)
})

test('the past in which that is held true puts something into every memory', async () => {
  let empty: readonly string[] | null = null
  for (let until = 30; until <= length; until += 30) {
    const now = emptyIn(remembered(await site.lived(until)))
    empty = empty === null ? now : empty.filter((name) => now.includes(name))
  }
  // Cables that look exchanged take days: a story of the edge cases has them.
  expect(empty).toEqual(['.watches.pairs.exchange.pairs'])
})

test('the same holds of every story of the edge cases', async () => {
  let place = 0
  for (const story of SCENARIOS.flatMap(({ stories }) => stories)) {
    const { records } = await playStory(story)
    const played = await pastSite(records.map(asToldDraft))
    const cut = Math.max(1, Math.floor(records.length * ((place++ % 9) / 10 + 0.1)))
    expect(remembered(await played.resumed(cut))).toEqual(remembered(await played.lived()))
  }
})

test('the same holds of a journal of the first berth', async () => {
  const path = join(import.meta.dirname, '../../golden/journal-0.1.0.jsonl')
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1)
  // What is sealed in it is sealed with keys that are not here.
  const golden = await pastSite(lines.map((line) => asDraft(JSON.parse(line) as FactRecord)))
  const whole = remembered(await golden.lived())
  for (const share of [0.2, 0.5, 0.8])
    expect(remembered(await golden.resumed(Math.floor(lines.length * share)))).toEqual(whole)
})

/** Names of collections that hold nothing. */
function emptyIn(said: unknown, path = ''): readonly string[] {
  if (said instanceof Map || said instanceof Set) return said.size === 0 ? [path] : []
  if (Array.isArray(said)) return said.length === 0 ? [path] : []
  if (said === null || typeof said !== 'object') return said === null || said === undefined ? [path] : []
  return Object.entries(said).flatMap(([name, part]) => emptyIn(part, `${path}.${name}`))
}
