import type { FastifyInstance } from 'fastify'
import type { Journal } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'
import { fieldDifferences, type LaneDrift } from '../journal/replay-lanes.ts'
import { TodayRun } from '../journal/today-run.ts'
import { LANES, laneOf, type RecordLane } from '../record-lane.ts'
import type { Caller } from '../site-desk.ts'
import { readRecords, seqAt } from './journal-pages.ts'
import { seesPayers, withoutPayers } from './payer-rights.ts'
import { openSight } from './plate-mask.ts'
import { shownTo } from './record-rights.ts'
import { type Asked, found, type Serving, serve, timeOf } from './serving.ts'
import { type KeptCharts, WrittenLog } from './written-by.ts'

/** Records that one call looks at, at most. */
const LOOKED_AT = 5_000
const PAGE = 500
/** Places and fields of a difference that are shown; the others are counted. */
const MOST_PLACES = 200
/** One question to the machines of today, ms. */
const TODAY_MS = 250

/** A record in short. */
export type ShortRecord = {
  readonly seq: number
  readonly at: string
  readonly bayId: string | null
  readonly version: number
  readonly lane: RecordLane
  readonly event: string
  readonly rule: string | null
  readonly state: string | null
  readonly detail: string | null
  readonly decisions: readonly string[]
}

/** The site as it was, its records in short, what changed between two of them, and what the machines of today say of them. */
export function replayRoutes(app: FastifyInstance, serving: Serving, charts: KeptCharts | null): void {
  const { desk } = serving
  const today = new TodayRun(desk.journal)
  const written = new WrittenLog(desk.journal, charts)
  serve(app, serving, 'replay', async (asked) => {
    const then = await siteThen(serving, asked)
    const [record] = await desk.journal.readSite(then.seq - 1, 1)
    return { ...then, record: record ? short(record) : null, machines: await written.of(then.seq) }
  })
  serve(app, serving, 'machineChart', ({ params: { name = '' }, reply }) => {
    const chart = found(charts?.(name) ?? null, 'drawing of machines', name)
    // A name is the hash of the machines: what it stands for never changes.
    return reply.header('cache-control', 'private, max-age=31536000, immutable').type('image/svg+xml').send(chart)
  })
  serve(app, serving, 'replayRecords', ({ query }) => shortRecords(desk.journal, query))
  serve(app, serving, 'replayToday', async ({ caller }) => {
    const { lived, of, difference } = await today.goOn(TODAY_MS)
    return { lived, of, difference: difference && (await differenceTo(caller, desk.journal, difference)) }
  })
  serve(app, serving, 'bayDifference', async ({ params, query, caller }) => {
    const bayId = params['bayId'] ?? ''
    const [from, to] = [query['from'] as number | undefined, query['to'] as number | undefined]
    if (from === undefined || to === undefined)
      throw new Fault('BODY_INVALID', {}, { says: 'Say from and to: between which two records?' })
    const [one, other] = [await desk.knew(bayId, from), await desk.knew(bayId, to)]
    found(one ?? other, 'record of the bay', bayId)
    const [before, after] = [one?.knows ?? null, other?.knows ?? null].map((knows) => withoutPayers(caller, knows))
    const all = fieldDifferences({ recorded: before ?? null, now: after ?? null })
    const places = all.slice(0, MOST_PLACES).map(({ path, recorded, now }) => ({ path, before: recorded, after: now }))
    return { bayId, before: one?.told ?? null, after: other?.told ?? null, places, more: all.length - places.length }
  })
}

/** A difference with the places that are shown; of a field that this caller may not see only where they are. */
async function differenceTo(caller: Caller, journal: Journal, difference: LaneDrift): Promise<LaneDrift> {
  const [record] = await journal.readSite(difference.seq - 1, 1)
  const fields: readonly string[] = record === undefined ? [] : shownTo(caller, record).withheld
  const isShut = fields.includes(difference.field) || !seesPayers(caller)
  const places = difference.places.slice(0, MOST_PLACES)
  if (!isShut) return { ...difference, places }
  const none = { recorded: null, now: null }
  return { ...difference, ...none, places: places.map(({ path }) => ({ path, ...none })) }
}

async function siteThen({ desk, dresser }: Serving, { caller, query, sight }: Asked) {
  const newest = desk.seq()
  const time = timeOf(query, 'time')
  if (time !== undefined && query['seq'] !== undefined)
    throw new Fault('BODY_INVALID', {}, { says: 'Say either seq or time: when shall the site be shown?' })
  const asked = time === undefined ? Number(query['seq'] ?? newest) : await seqAt(desk.journal, time)
  const seq = Math.max(1, Math.min(asked, newest))
  const from = query['from'] as number | undefined
  const then = await desk.siteAt(seq, from)
  const masked = openSight(caller, false)
  return {
    seq,
    at: then.at,
    newest,
    whole: from === undefined,
    bays: then.bays.map((bay) => dresser.bay(bay, bay.bayId === query['bay'] ? sight : masked)),
    gone: then.gone,
    alarms: then.alarms,
    reviews: then.reviews.map((row) => dresser.review(row, row.bayId === query['bay'] ? sight : masked)),
  }
}

/** Lanes that can be asked for: who was heard, or that something was decided. */
const WANTED: readonly string[] = [...LANES, 'decisions']

/** A page of records in short; `next` is where a call that looked at enough goes on, null at the end of the journal. */
async function shortRecords(journal: Journal, query: Asked['query']) {
  const { after, before, bay, lane } = query
  if (after !== undefined && before !== undefined)
    throw new Fault('BODY_INVALID', {}, { says: 'Say either after or before, not both.' })
  if (lane !== undefined && !WANTED.includes(String(lane)))
    throw new Fault('BODY_INVALID', {}, { says: `lane is none of: ${WANTED.join(', ')}.` })
  const limit = Math.min(Number(query['limit'] ?? 200), PAGE)
  const stream = bay === undefined ? {} : { stream: `bay:${String(bay)}` }
  const isWanted = (record: FactRecord) =>
    lane === undefined || (lane === 'decisions' ? record.decisions.length > 0 : laneOf(record) === lane)
  const items: FactRecord[] = []
  let place = Number(before ?? after ?? 0)
  for (let looked = 0; looked < LOOKED_AT; ) {
    const page = await readRecords(journal, {
      ...stream,
      ...(before === undefined ? { after: place } : { before: place }),
      limit: lane === undefined ? limit : PAGE,
    })
    const wanted = page.filter(isWanted)
    if (before === undefined) items.push(...wanted.slice(0, limit - items.length))
    else items.unshift(...wanted.slice(Math.max(0, wanted.length - limit + items.length)))
    const edge = before === undefined ? page.at(-1) : page[0]
    if (edge === undefined) return { items: items.map(short), next: null }
    place = edge.seq
    looked += page.length
    if (items.length >= limit) break
  }
  const last = before === undefined ? items.at(-1) : items[0]
  return { items: items.map(short), next: String(items.length >= limit ? (last?.seq ?? place) : place) }
}

const short = (record: FactRecord): ShortRecord => ({
  seq: record.seq,
  at: record.at,
  bayId: record.bayId,
  version: record.version,
  lane: laneOf(record),
  event: record.cause.type,
  rule: record.rule ?? null,
  state: record.state,
  detail: record.detail,
  decisions: record.decisions.map(({ type }) => type),
})
