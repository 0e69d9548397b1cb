import type { FastifyInstance } from 'fastify'
import { Fault } from '../../machines/faults.ts'
import type { SessionRow } from '../../projections/bay-view.ts'
import { isOwn } from '../own-accounts.ts'
import { csvLine } from './csv-line.ts'
import type { Asked, Serving } from './serving.ts'
import { found, pageOf, serve, timeOf } from './serving.ts'

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
  serve(app, serving, 'sessions', (asked) => {
    const { items, next } = pageOf(sessionsOf(serving, asked), (row) => row.sessionId, asked.query)
    return { items: items.map((row) => dresser.session(row, asked.sight)), next }
  })
  serve(app, serving, 'sessionsCsv', (asked) => {
    const rows = sessionsOf(serving, asked).map((row) => dresser.session(row, asked.sight))
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

function sessionsOf({ desk }: Serving, { query, caller }: Asked): readonly SessionRow[] {
  const from = timeOf(query, 'from')
  const to = timeOf(query, 'to')
  const { bay, account } = query
  const all = desk.sessions({
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(bay !== undefined && { bay: String(bay) }),
    ...(account !== undefined && { account: String(account) }),
  })
  return all.filter(({ accountId }) => isOwn(caller, accountId))
}
