import type { FastifyInstance } from 'fastify'
import { type Row, seqKey } from '../../projections/row-fold.ts'
import { REPORT_NAMES, REPORTS, type ReportName, type RowFilter } from '../../projections/told.ts'
import { ownAccounts } from '../own-accounts.ts'
import { examined } from '../views/examined-rows.ts'
import { columnsOf, csvOf, linesOf } from '../views/report-text.ts'
import type { Views } from '../views/site-views.ts'
import { demand, may } from './roles.ts'
import type { Asked, Serving } from './serving.ts'
import { found, limitOf, pageOf, serve, timeOf } from './serving.ts'

/** What the journal tells, as rows: plates stand beside handles for who may see them. */
export function reportRoutes(app: FastifyInstance, serving: Serving, views: Views): void {
  const rows = async (asked: Asked) => {
    const name = reportOf(asked)
    const all = await views.read(name, filterOf(asked))
    return { name, all, dressed: (row: Row) => dress(serving, name, row, asked) }
  }
  serve(app, serving, 'reports', () => ({
    items: REPORT_NAMES.map((name) => ({ name, says: REPORTS[name].says, columns: shownColumns(name) })),
    next: null,
  }))
  serve(app, serving, 'report', async (asked) => {
    const { all, dressed } = await rows(asked)
    const { items, next } = pageOf(all, ([key]) => key, asked.query)
    return { items: await Promise.all(items.map(([, row]) => dressed(row))), next }
  })
  serve(app, serving, 'news', async ({ query, caller }) => {
    const after = String(query['after'] ?? '')
    const limit = limitOf(query)
    // A bare seq: behind every piece of news of that record.
    const page = await views.read(
      'news',
      heldTo(caller),
      /^\d{1,12}$/.test(after) ? `${seqKey(Number(after))} ~` : after,
      limit,
    )
    return { items: page.map(([, row]) => row), next: page.length === limit ? (page.at(-1)?.[0] ?? null) : null }
  })
  serve(app, serving, 'reportCsv', async (asked) => {
    const { name, all, dressed } = await rows(asked)
    asked.reply.header('content-disposition', `attachment; filename="${name}.csv"`).type('text/csv; charset=utf-8')
    return csvOf(shownColumns(name), await Promise.all(all.map(([, row]) => dressed(row))))
  })
  serve(app, serving, 'reportLines', async (asked) => {
    const { name, all, dressed } = await rows(asked)
    asked.reply.header('content-disposition', `attachment; filename="${name}.jsonl"`).type('application/x-ndjson')
    return linesOf(await Promise.all(all.map(([, row]) => dressed(row))))
  })
}

function reportOf({ params, caller }: Asked): ReportName {
  const name = REPORT_NAMES.find((one) => one === params['report'])
  if (name === 'audit') demand(caller, 'audit')
  return found(name ?? null, 'report', params['report'])
}

/** What a query asks for; of its own accounts alone for who is held to them. */
export function filterOf({ query, caller }: Asked): RowFilter {
  const [from, to] = [timeOf(query, 'from'), timeOf(query, 'to')]
  const { bay, account } = query
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(bay !== undefined && { bay: String(bay) }),
    ...(account !== undefined && { account: String(account) }),
    ...heldTo(caller),
  }
}

const heldTo = (caller: Asked['caller']): Pick<RowFilter, 'accounts'> => {
  const own = ownAccounts(caller)
  return own === null ? {} : { accounts: [...own] }
}

const hasHandle = (name: ReportName): boolean => REPORTS[name].columns.includes('handle')
const shownColumns = (name: ReportName): readonly string[] =>
  hasHandle(name) ? [...REPORTS[name].columns, 'plate'] : REPORTS[name].columns

async function dress(serving: Serving, name: ReportName, row: Row, { caller, sight }: Asked): Promise<Row> {
  const told = columnsOf(REPORTS[name], row)
  if (name === 'audit') return examined(told, serving.desk.journal, may(caller, 'examine') ? sight : null)
  const { handle } = told
  if (!hasHandle(name)) return told
  return { ...told, plate: typeof handle === 'string' ? serving.dresser.plate(handle, sight) : null }
}
