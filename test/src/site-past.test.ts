import { expect, test } from 'vitest'
import { BayHost } from '../../actors/bay-actor.ts'
import type { Standing } from '../../machines/bay-standing.ts'
import type { FactRecord } from '../../machines/record.ts'
import { alarms } from '../../projections/alarms.ts'
import { reviewQueue } from '../../projections/review-queue.ts'
import { SitePast } from '../../src/site-past.ts'
import { livedPast } from '../projections/lived-past.ts'

const journalOf = (past: readonly FactRecord[]) => {
  const asked: number[] = []
  const readSite = async (after = 0, limit = 1_000) => {
    const page = past.filter(({ seq }) => seq > after).slice(0, limit)
    asked.push(page.length)
    return page
  }
  return { readSite, asked }
}

/** Since when a bay is as it is, and by which records. */
const toldOf = (standing: Standing | null) =>
  standing && [standing.since, standing.record.seq, standing.moved?.seq, standing.off?.record.seq]

/** What is told of every bay at one place. */
type Told = { readonly [bayId: string]: unknown }

test('the site at any record is what it was then, its timers, alarms and open reviews included, and few records are read for it', async () => {
  const past = await livedPast(7)
  expect(past.length).toBeGreaterThan(600)
  const journal = journalOf(past)
  const site = new SitePast(journal)
  const hosts = new Map<string, BayHost>()
  const open = alarms.start()
  const reviews = reviewQueue.start()
  type Truth = { readonly bays: Told; readonly alarms: readonly string[]; readonly reviews: readonly string[] }
  const truth = new Map<number, Truth>()
  for (const record of past) {
    const { bayId } = record
    if (bayId !== null) {
      const host = hosts.get(bayId) ?? new BayHost(bayId)
      hosts.set(bayId, host)
      host.relive(record)
    }
    alarms.fold(open, record)
    reviewQueue.fold(reviews, record)
    site.hear(record, { hosts, gone: new Map() }, open)
    truth.set(record.seq, {
      bays: Object.fromEntries(
        [...hosts].map(([id, { committed, kept }]) => [
          id,
          [
            committed.snapshot.value,
            committed.snapshot.context.version,
            toldOf(committed.standing),
            [...kept].toSorted(),
          ],
        ]),
      ),
      alarms: [...open.keys()],
      reviews: [...reviews.keys()],
    })
  }
  const last = past.at(-1)?.seq ?? 0
  // There and back, as a hand on a slider goes.
  const waiting = [...truth].flatMap(([seq, then]) => (then.reviews.length > 0 ? [seq] : []))
  expect(waiting.length).toBeGreaterThan(1)
  const asked = [1, 2, 300, 290, 289, 512, 511, 600, 40, last, last - 1, 257, 256, ...waiting.slice(0, 3)]
  for (const seq of asked) {
    journal.asked.length = 0
    const then = await site.at(seq)
    const told = Object.fromEntries(
      [...then.bays].map(([id, { snapshot, standing, timers }]) => [
        id,
        [snapshot.value, snapshot.context.version, toldOf(standing), [...timers].toSorted()],
      ]),
    )
    expect([seq, told, [...then.alarms.keys()]]).toEqual([seq, truth.get(seq)?.bays, truth.get(seq)?.alarms])
    expect([seq, [...then.reviews.keys()]]).toEqual([seq, truth.get(seq)?.reviews])
    expect(journal.asked.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(128)
  }
  expect((await site.at(last + 1_000)).seq).toBe(last)
}, 180_000)
