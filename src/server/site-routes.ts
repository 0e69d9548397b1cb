import type { FastifyInstance } from 'fastify'
import { Fault } from '../../machines/faults.ts'
import type { CameraSights } from '../cameras/camera-sights.ts'
import type { Caller } from '../site-desk.ts'
import type { SiteCommand } from '../switch-desk.ts'
import { sendAnswer } from './bay-routes.ts'
import type { RecordsAsked } from './journal-pages.ts'
import { dressRecord, readRecords } from './journal-pages.ts'
import { prometheusText } from './metrics-text.ts'
import { openApiDocument } from './openapi.ts'
import { stuckFor } from './payer-rights.ts'
import { may } from './roles.ts'
import type { Asked, Serving } from './serving.ts'
import { found, limitOf, serve, timeOf } from './serving.ts'

/** What a site's routes need besides: version and build of this server, and the servers' own counters. */
export type SiteServing = Serving & {
  readonly version: string
  readonly buildId: string
  /** What is missing for readiness: of the site, and of this server. */
  readonly missing: () => readonly string[]
  readonly counts: () => { readonly [name: string]: number }
  /** How each camera sees now. */
  readonly sights: CameraSights
}

/** Health, metrics, the site, its alarms and its journal. */
export function siteRoutes(app: FastifyInstance, serving: SiteServing): void {
  const { desk, version, buildId, counts, sights } = serving
  const document = openApiDocument(version)
  serve(app, serving, 'live', () => ({ status: 'ok', missing: [] }))
  serve(app, serving, 'ready', ({ reply }) => {
    const missing = serving.missing()
    return reply
      .code(missing.length === 0 ? 200 : 503)
      .send({ status: missing.length === 0 ? 'ok' : 'not-ready', missing })
  })
  serve(app, serving, 'metrics', ({ reply }) =>
    reply
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(prometheusText(desk, counts(), sights.all(), serving.missing().length === 0)),
  )
  serve(app, serving, 'openapi', () => document)
  serve(app, serving, 'site', ({ caller }) => ({
    siteId: desk.siteId,
    site: { id: desk.siteId, name: desk.name, timezone: desk.timezone },
    epoch: desk.epoch,
    seq: desk.seq(),
    ...switchView(desk),
    machine: desk.machine,
    buildId,
    version,
    caller,
  }))
  serve(app, serving, 'siteCommand', async ({ body, caller, reply, sight }) => {
    demandSwitch(caller)
    const answer = await desk.automaticStarts.order(body as SiteCommand, caller)
    return sendAnswer(reply, answer, serving.dresser, sight)
  })
  serve(app, serving, 'orphans', ({ caller }) => ({
    items: desk.orphans().map((one) => stuckFor(caller, one)),
    next: null,
  }))
  serve(app, serving, 'alarms', () => ({
    items: desk.alarms().toSorted((a, b) => a.since.localeCompare(b.since)),
    next: null,
  }))
  serve(app, serving, 'journal', (asked) => recordPage(serving, asked, asked.query['stream'] as string | undefined))
}

function switchView({ automaticStarts }: Serving['desk']) {
  const { on, since, by } = automaticStarts.state()
  return { automaticStarts: on, since, by }
}

/** Turning the whole site's starts takes who may operate a bay and tune it. */
function demandSwitch(caller: Caller): void {
  if (may(caller, 'operate') && may(caller, 'tune')) return
  const says = `The role ${caller.role} may not turn automatic starts; ask one of: admin, supervisor.`
  throw new Fault('FORBIDDEN', { role: caller.role }, { says })
}

/** The bay's own records, and the bay as it was. */
export function historyRoutes(app: FastifyInstance, serving: Serving): void {
  const { desk, dresser } = serving
  serve(app, serving, 'bayJournal', (asked) => {
    const bay = found(desk.bay(asked.params['bayId'] ?? ''), 'bay', asked.params['bayId'])
    return recordPage(serving, asked, `bay:${bay.bayId}`)
  })
  serve(app, serving, 'bayAt', async ({ params, query, sight }) => {
    const { bayId } = found(desk.bay(params['bayId'] ?? ''), 'bay', params['bayId'])
    const time = timeOf(query, 'time')
    const seq = query['seq'] as number | undefined
    if ((time === undefined) === (seq === undefined))
      throw new Fault('BODY_INVALID', {}, { says: 'Say either seq or time: when shall the bay be shown?' })
    const bay = await desk.at(bayId, seq !== undefined ? { seq } : { time: time ?? '' })
    return dresser.bay(found(bay, 'record of this bay yet at', String(seq ?? time)), sight)
  })
}

async function recordPage({ desk }: Serving, { query, caller, sight }: Asked, stream: string | undefined) {
  const after = query['after'] as number | undefined
  const before = query['before'] as number | undefined
  if (after !== undefined && before !== undefined)
    throw new Fault('BODY_INVALID', {}, { says: 'Say either after or before, not both.' })
  const limit = limitOf(query)
  const asked: RecordsAsked = {
    limit,
    ...(stream !== undefined && { stream }),
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
  }
  const records = await readRecords(desk.journal, asked)
  const last = records.at(-1)
  return {
    items: records.map((record) => dressRecord(desk.journal, record, { caller, sight })),
    next:
      before === undefined && last !== undefined && records.length === limit && last.seq < desk.seq()
        ? String(last.seq)
        : null,
  }
}
