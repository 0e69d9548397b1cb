import type { FastifyInstance } from 'fastify'
import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { BILL_COLUMNS, billRow } from '../ocpi/bill-rows.ts'
import { evsesOf } from '../ocpi/evse-status.ts'
import { NO_PARTY, NO_TARIFF, Telling, type TellingParts, type Told } from '../ocpi/telling.ts'
import { csvOf } from '../views/report-text.ts'
import type { Views } from '../views/site-views.ts'
import { filterOf } from './report-routes.ts'
import type { Asked, Serving } from './serving.ts'
import { pageOf, serve } from './serving.ts'

/** What bills are made of, beside the rows of reports. */
export type BillGround = Omit<TellingParts, 'views'>

type OcpiServing = Serving & { readonly views: Views; readonly clock: Clock; readonly tells?: BillGround }

/** Bills, and what roaming partners are told. Tokens stand there for who may see them; elsewhere the account stands for them. */
export function ocpiRoutes(app: FastifyInstance, serving: OcpiServing): void {
  const { desk, clock, tells } = serving
  const told = async <T>(ask: (telling: Telling) => Promise<Told<T>>, asked: Asked): Promise<readonly T[]> => {
    const answer = tells ? await ask(tellingFor(serving, tells, asked)) : { why: NO_TARIFF }
    if ('why' in answer) throw new Fault('NOT_SET_UP', {}, { says: answer.why })
    return answer.items
  }
  const bills = (asked: Asked) => told(async (telling) => rowsOf(await telling.bills(filterOf(asked))), asked)
  serve(app, serving, 'bills', async (asked) =>
    pageOf(await bills(asked), (row) => String(row['sessionId']), asked.query),
  )
  serve(app, serving, 'billsCsv', async (asked) => {
    const rows = await bills(asked)
    asked.reply.header('content-disposition', 'attachment; filename="bills.csv"').type('text/csv; charset=utf-8')
    return csvOf(BILL_COLUMNS, rows)
  })
  serve(app, serving, 'ocpiCdrs', async (asked) => {
    const all = await told((telling) => telling.cdrs(filterOf(asked)), asked)
    return pageOf(all, (cdr) => String(cdr['id']), asked.query)
  })
  serve(app, serving, 'ocpiSessions', async (asked) => {
    const all = await told((telling) => telling.sessions(filterOf(asked)), asked)
    return pageOf(all, ({ id }) => id, asked.query)
  })
  serve(app, serving, 'ocpiEvses', (asked) => {
    const site = tells ? tellingFor(serving, tells, asked).site : null
    if (site === null) throw new Fault('NOT_SET_UP', {}, { says: NO_PARTY })
    return { items: evsesOf(site, desk.bays(), clock.now()), next: null }
  })
}

const rowsOf = (bills: Awaited<ReturnType<Telling['bills']>>) =>
  'why' in bills ? bills : { items: bills.items.map(billRow) }

/** What this caller is told: whose token was shown in clear goes on record. */
function tellingFor({ views }: OcpiServing, ground: BillGround, { sight }: Asked): Telling {
  const tokenText = (name: string): string | null => {
    const text = sight.clear ? ground.tokenText(name) : null
    if (text !== null) sight.saw(name)
    return text
  }
  return new Telling({ ...ground, views, tokenText })
}
