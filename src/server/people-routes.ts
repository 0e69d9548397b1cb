import type { FastifyInstance } from 'fastify'
import { Fault } from '../../machines/faults.ts'
import type { SessionRow } from '../../projections/bay-view.ts'
import { csvLine } from './csv-line.ts'
import { filterOf } from './report-routes.ts'
import type { Asked, Serving } from './serving.ts'
import { found, knownCursor, limitOf, serve } from './serving.ts'

const COLUMNS = [
  'sessionId',
  'visitId',
  'bayId',
  'accountId',
  'identifiedBy',
  'idToken',
  'transactionId',
  'startedAt',
  'endedAt',
  'energy_Wh',
  'idle_s',
  'exit',
  'disputed',
  'settled',
] as const satisfies readonly (keyof SessionRow)[]

/** What people settle: sessions with their disputes. */
export function peopleRoutes(app: FastifyInstance, serving: Serving): void {
  const { desk, dresser } = serving
  const dressed = async (rows: readonly SessionRow[], asked: Asked): Promise<readonly SessionRow[]> => {
    const shown: SessionRow[] = []
    for (const row of rows) shown.push(await dresser.session(row, asked.sight))
    return shown
  }
  serve(app, serving, 'sessions', async (asked) => {
    const limit = limitOf(asked.query)
    const after = asked.query['after']
    if (after !== undefined) knownCursor(await desk.sessions.one(String(after)))
    const rows = await desk.sessions.billed(filterOf(asked), after === undefined ? after : String(after), limit + 1)
    const items = await dressed(rows.slice(0, limit), asked)
    return { items, next: rows.length > limit ? (items.at(-1)?.sessionId ?? null) : null }
  })
  serve(app, serving, 'sessionsCsv', async (asked) => {
    const rows = await dressed(await desk.sessions.billed(filterOf(asked)), asked)
    asked.reply.header('content-disposition', 'attachment; filename="sessions.csv"').type('text/csv; charset=utf-8')
    return csvLine(COLUMNS) + rows.map((row) => csvLine(COLUMNS.map((column) => row[column]))).join('')
  })
  serve(app, serving, 'dispute', async ({ params, body, caller }) => {
    const sessionId = params['sessionId'] ?? ''
    found((await desk.dispute(sessionId, (body as { reason: string }).reason, caller)) || null, 'session', sessionId)
  })
  serve(app, serving, 'settle', async ({ params, body, caller }) => {
    const sessionId = params['sessionId'] ?? ''
    const answer = await desk.settle(sessionId, (body as { reason: string }).reason, caller)
    found(answer === 'unknown' ? null : answer, 'session', sessionId)
    if (answer === 'not-disputed')
      throw new Fault(
        'COMMAND_REFUSED',
        {},
        { says: `Session ${sessionId} has no open dispute; there is nothing to settle.` },
      )
  })
}
