import { expect, test } from 'vitest'
import { REPORT_NAMES } from '../../../projections/told.ts'
import { systemClock } from '../../../src/clock.ts'
import type { Views } from '../../../src/views/site-views.ts'
import { openArrayDesk } from './array-desk.ts'
import { problemOf } from './problem-answer.ts'
import { ROLE_TOKENS, startServer } from './running-server.ts'

const views: Views = {
  read: async (name, filter = {}) =>
    name === 'visits' && (filter.bay ?? 'bay-1') === 'bay-1'
      ? [
          [
            'bay-1-3',
            { visitId: 'bay-1-3', bayId: 'bay-1', handle: 'v-1', transactions: ['17', '18'], fallback: '=1+1' },
          ],
        ]
      : [],
}
const as = (role: string) => ({ headers: { authorization: `Bearer ${role}-token` } })

test('every report is listed with its columns, and answered as a page, as CSV and as JSON lines', async () => {
  const { ask } = await startServer({ views })
  const { items } = await (await ask('/api/reports')).json()
  expect(items.map(({ name }: { name: string }) => name)).toEqual(REPORT_NAMES)
  const page = await (await ask('/api/reports/visits')).json()
  expect(page).toMatchObject({
    items: [{ visitId: 'bay-1-3', openedAt: null, transactions: ['17', '18'] }],
    next: null,
  })
  const csv = await ask('/api/reports/visits/rows.csv?bay=bay-1')
  expect(csv.headers.get('content-disposition')).toContain('visits.csv')
  const [header, line] = (await csv.text()).split('\r\n')
  expect(header?.startsWith('visitId,bayId,openedAt')).toBe(true)
  expect(line).toContain('"[""17"",""18""]"')
  expect(line).toContain("'=1+1")
  expect(await (await ask('/api/reports/visits/rows.csv?bay=bay-2')).text()).toBe(`${header}\r\n`)
  const lines = await (await ask('/api/reports/visits/rows.jsonl')).text()
  expect(JSON.parse(lines)).toMatchObject({ visitId: 'bay-1-3' })
})

test('plates stand beside handles for who may see them, masked for others, and the audit trail is for who audits', async () => {
  const site = openArrayDesk({ clock: systemClock })
  site.plates.set('v-1', 'AB12CDE')
  const { ask } = await startServer({ site, views, tokens: ROLE_TOKENS })
  const seen = async (role: string) => (await (await ask('/api/reports/visits', as(role))).json()).items[0].plate
  expect([await seen('auditor'), await seen('fleet')]).toEqual(['AB12CDE', 'AB•••DE'])
  expect((await ask('/api/reports/visits', as('viewer'))).status).toBe(403)
  expect((await ask('/api/reports/audit', as('fleet'))).status).toBe(403)
  expect((await ask('/api/reports/audit', as('auditor'))).status).toBe(200)
})

test('a report that nobody knows and a time that is none are refused in a sentence', async () => {
  const { ask } = await startServer({ views })
  const unknown = await ask('/api/reports/visit')
  expect([unknown.status, (await problemOf(unknown)).code]).toEqual([404, 'NOT_FOUND'])
  expect((await ask('/api/reports/visits?from=yesterday')).status).toBe(400)
})
