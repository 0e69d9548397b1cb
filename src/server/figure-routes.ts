import type { FastifyInstance } from 'fastify'
import type { Clock, Journal } from '../../actors/ports.ts'
import { iso } from '../../machines/deeds.ts'
import { claimedTime } from '../../machines/learn-transaction.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { CameraSights } from '../cameras/camera-sights.ts'
import { type FigureHistory, SAMPLE_ms } from './figure-history.ts'
import { readRecords } from './journal-pages.ts'
import { readingFor, seesPayer } from './payer-rights.ts'
import { found, type Serving, serve, timeOf } from './serving.ts'

/** Records that one call looks at, at most, and readings that it answers. */
const LOOKED_AT = 5_000
const PAGE = 500
const MOST = 1_000

/** One reading of a meter; what it did not say is null. */
export type MeterReading = {
  readonly seq: number
  /** When the charge point took it, ISO 8601 UTC. */
  readonly at: string
  /** A start and an end of a transaction tell the register alone. */
  readonly of: 'meter' | 'start' | 'end'
  readonly connector: string
  readonly transactionId: string | null
  readonly current_A: number | null
  readonly power_W: number | null
  readonly register_Wh: number | null
}

type FigureServing = Serving & {
  readonly sights: CameraSights
  readonly clock: Clock
  readonly history: FigureHistory
}

/** Figures over time: what meters said, and how cameras and charge points were, sampled for as long as the server stands. */
export function figureRoutes(app: FastifyInstance, { history, sights, clock, ...serving }: FigureServing): void {
  const { desk } = serving
  const take = () => history.take(new Date(clock.now()).toISOString(), sights.all(), desk.connectors())
  const sampling = setInterval(take, SAMPLE_ms).unref()
  app.addHook('onReady', async () => take())
  app.addHook('onClose', async () => clearInterval(sampling))
  serve(app, serving, 'bayMeter', async ({ params, query, caller }) => {
    const { bayId, visit, session } = found(desk.bay(params['bayId'] ?? ''), 'bay', params['bayId'])
    const before = (query['before'] as number | undefined) ?? desk.seq() + 1
    const items = await readings(desk.journal, bayId, before, timeOf(query, 'from') ?? '')
    // Whose an older charge was is in the reports; here only that of the visit that is there.
    const mine = seesPayer(caller, visit?.accountId ?? null) ? (session?.transactionId ?? null) : null
    return { items: items.map((one) => readingFor(caller, one, mine)), next: null }
  })
  serve(app, serving, 'cameraHistory', ({ params: { cameraId = '' } }) => {
    found(sights.all().find((one) => one.cameraId === cameraId) ?? null, 'camera', cameraId)
    return { every_s: SAMPLE_ms / 1000, items: history.camera(cameraId), next: null }
  })
  serve(app, serving, 'chargePointHistory', ({ params: { chargePointId = '' } }) => {
    const known = desk.connectors().some((one) => one.chargePointId === chargePointId)
    found(known || null, 'charge point', chargePointId)
    return { every_s: SAMPLE_ms / 1000, items: history.chargePoint(chargePointId), next: null }
  })
}

/** A bay's newest readings before a record, not older than `from`. */
async function readings(journal: Journal, bayId: string, before: number, from: string): Promise<MeterReading[]> {
  let all: MeterReading[] = []
  for (let place = before, looked = 0; looked < LOOKED_AT && all.length < MOST; ) {
    const page = await readRecords(journal, { stream: `bay:${bayId}`, before: place, limit: PAGE })
    const first = page[0]
    if (first === undefined) break
    all = [...page.flatMap(readingIn), ...all]
    place = first.seq
    looked += page.length
    if (first.at < from) break
  }
  return all
    .filter(({ at }) => at >= from)
    .toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : one.seq - other.seq))
    .slice(-MOST)
}

/** Records that tell of a meter. */
const READ_IN: { readonly [type: string]: MeterReading['of'] } = {
  'meter.values': 'meter',
  'transaction.started': 'start',
  'transaction.ended': 'end',
}

function readingIn({ seq, at, cause }: FactRecord): MeterReading[] {
  const { type, connector, transactionId, happenedAt, verdict } = cause
  const of = READ_IN[type]
  if (of === undefined || typeof connector !== 'string' || verdict === 'unusable') return []
  const number = (name: string): number | null => {
    const value = cause[name]
    return typeof value === 'number' ? value : null
  }
  if (of !== 'meter' && number('register_Wh') === null) return []
  // A charge point that was offline tells later what it measured then.
  const claimed = happenedAt ?? at
  const arrived = Date.parse(at)
  const taken = of === 'meter' ? claimed : iso(claimedTime({ at: arrived, happenedAt: Date.parse(claimed) }, 0))
  return [
    {
      seq,
      at: taken,
      of,
      connector,
      transactionId: typeof transactionId === 'string' ? transactionId : null,
      current_A: number('current_A'),
      power_W: number('power_W'),
      register_Wh: number('register_Wh'),
    },
  ]
}
