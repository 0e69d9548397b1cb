import { expect, test } from 'vitest'
import type { Row } from '../../../projections/row-fold.ts'
import type { OcpiParty } from '../../../src/ocpi/ocpi-party.ts'
import type { BillGround } from '../../../src/server/ocpi-routes.ts'
import type { Views } from '../../../src/views/site-views.ts'
import { problemOf } from './problem-answer.ts'
import { ROLE_TOKENS, startServer } from './running-server.ts'

const session: Row = {
  sessionId: 'ses-bay-1-3',
  bayId: 'bay-1',
  status: 'billed',
  accountId: 'acc-1',
  identifiedBy: 'card',
  idToken: 'c-1',
  connector: 'CP-1/1',
  transactions: ['17'],
  evidence: 'berth:41:0123456789abcdef',
  startedAt: '2026-11-22T10:00:00.000Z',
  endedAt: '2026-11-22T11:00:00.000Z',
  billedAt: '2026-11-22T11:05:00.000Z',
  energy_Wh: 10_000,
  idle_s: 0,
  disputes: [],
  settled: null,
}
const running = {
  ...session,
  sessionId: 'ses-bay-1-9',
  status: 'running',
  metered_Wh: 1_200,
  energy_Wh: 0,
  endedAt: null,
}
/** It began before the site had a tariff. */
const unpriced = { ...session, sessionId: 'ses-bay-1-1', startedAt: '2025-11-22T10:00:00.000Z' }
const tariff = {
  ...{ currency: 'GBP', perKwh: '0.45', perSession: '0', idlePerMinute: '0', idleGrace_min: 0, tax: null, since: null },
}
const views: Views = {
  read: async (name) =>
    name === 'tariffs'
      ? [['1', { from: '2026-01-01T00:00:00.000Z', ...tariff }]]
      : name === 'sessions'
        ? [
            ['a', session],
            ['b', running],
            ['c', unpriced],
          ]
        : [],
}
const party: OcpiParty = {
  country_code: 'GB',
  party_id: 'BRT',
  address: { street: '1 Dock Road', city: 'London', postal_code: null, country: 'GBR' },
  coordinates: { latitude: 51.5, longitude: 0 },
  connector: { standard: 'IEC_62196_T2', format: 'CABLE', power_type: 'AC_3_PHASE' },
}
const tells: BillGround = {
  file: { site: { id: 'depot', name: 'Depot', timezone: 'UTC', countries: [] }, tariff, ocpi: party },
  tokenText: (name) => (name === 'c-1' ? '04A2B3C4' : null),
  frames: () => [],
}
type Told = { status: string; kwh: number; currency: string; total_cost?: { before_taxes: number } }
const as = (role: string) => ({ headers: { authorization: `Bearer ${role}-token` } })

test('bills, CDRs, sessions and EVSEs are told, with the token for who may see it and the account for who may not', async () => {
  const { ask } = await startServer({ views, tells, tokens: ROLE_TOKENS })
  const items = async (path: string, role: string) => (await (await ask(path, as(role))).json()).items
  expect(await items('/api/bills', 'auditor')).toMatchObject([{ total: '4.50', currency: 'GBP', idToken: '04A2B3C4' }])
  expect(await items('/api/bills', 'fleet')).toMatchObject([{ total: '4.50', idToken: null }])
  const csv = await (await ask('/api/bills.csv', as('fleet'))).text()
  expect(csv.split('\r\n')[1]).toContain('berth:41:0123456789abcdef,ses-bay-1-3,bay-1,CP-1/1,acc-1')
  const [cdr] = await items('/api/ocpi/cdrs', 'fleet')
  expect(cdr).toMatchObject({
    id: 'depot.ses-bay-1-3',
    authorization_reference: 'berth:41:0123456789abcdef',
    cdr_token: { uid: 'acc-1' },
  })
  const [clear] = await items('/api/ocpi/cdrs', 'admin')
  expect(clear.cdr_token).toMatchObject({ uid: '04A2B3C4', type: 'RFID', contract_id: 'acc-1' })
  expect(
    (await items('/api/ocpi/sessions', 'admin')).map(({ status, kwh, currency, total_cost }: Told) => [
      ...[status, kwh, currency],
      total_cost?.before_taxes ?? null,
    ]),
  ).toEqual([
    ['COMPLETED', 10, 'GBP', 4.5],
    ['ACTIVE', 1.2, 'GBP', 0.54],
    ['COMPLETED', 10, 'GBP', null],
  ])
  expect((await items('/api/ocpi/evses', 'viewer'))[0]).toMatchObject({
    evse_id: 'GB*BRT*ECP*BAY*1*1',
    status: 'AVAILABLE',
  })
  expect((await ask('/api/ocpi/cdrs', as('viewer'))).status).toBe(403)
})

test('without tariff and party each call says what the site file needs', async () => {
  const { ask } = await startServer({ views, tells: { ...tells, file: { ...tells.file, tariff: null, ocpi: null } } })
  for (const [path, says] of [
    ['/api/bills', 'no `tariff`'],
    ['/api/bills.csv', 'no `tariff`'],
    ['/api/ocpi/cdrs', 'no `ocpi`'],
    ['/api/ocpi/sessions', 'no `ocpi`'],
    ['/api/ocpi/evses', 'no `ocpi`'],
  ] as const) {
    const answer = await ask(path)
    expect(answer.status).toBe(422)
    expect(await problemOf(answer)).toMatchObject({ code: 'NOT_SET_UP', detail: expect.stringContaining(says) })
  }
})
