import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { csvRecords } from '../../../src/csv-cells.ts'
import { printedBy } from './printed-by.ts'
import { toldSite } from './told-site.ts'

let site: Awaited<ReturnType<typeof toldSite>>
let bare: Awaited<ReturnType<typeof toldSite>>
beforeAll(async () => {
  site = await toldSite()
  bare = await toldSite(false)
})
afterAll(async () => {
  await site.close()
  await bare.close()
})

test('every report is printed from the store, as CSV and as JSON lines', async () => {
  const { code, out } = await printedBy('report', 'sessions', '--site', site.path)
  expect(code).toBe(0)
  expect(out.split('\r\n')[0]).toContain('sessionId,visitId,bayId,status')
  const lines = await printedBy('report', 'visits', '--site', site.path, '--format', 'jsonl')
  expect(
    lines.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).bayId),
  ).toContain('bay-1')
  const none = await printedBy('report', 'visits', '--site', site.path, '--format', 'jsonl', '--from', '2099-01-01')
  expect(none).toEqual({ code: 0, out: '', err: '' })
  for (const [argv, says] of [
    [['report', 'visit', '--site', site.path], 'did you mean visits?'],
    [['report', 'visits'], 'say which site'],
    [['report', 'visits', '--site', site.path, '--format', 'xml'], 'neither csv nor jsonl'],
    [['report', 'visits', '--site', site.path, '--from', 'soon'], 'is not a time'],
  ] as const) {
    const wrong = await printedBy(...argv)
    expect([wrong.code, wrong.out]).toEqual([2, ''])
    expect(wrong.err).toContain(says)
  }
})

test('bills add up, and go into a file of their own', async () => {
  const path = join(site.folder, 'bills.csv')
  expect(await printedBy('cdrs', '--site', site.path, '--out', path)).toMatchObject({ code: 0, out: '' })
  const [header, ...rows] = csvRecords(await readFile(path, 'utf8'), ',')
  const lines = await printedBy('cdrs', '--site', site.path, '--format', 'jsonl')
  const bills = lines.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect([header?.cells[0], rows.length]).toEqual(['evidence', bills.length])
  expect(bills.map(({ accountId, disputed }) => [accountId, disputed])).toEqual([
    ['acc-plate', 'end not reported'],
    ['acc-card', ''],
  ])
  for (const { energy_cost, session_cost, idle_cost, tax, total, currency, evidence } of bills) {
    const cents = [energy_cost, session_cost, idle_cost, tax].reduce(
      (sum, part) => sum + Math.round(Number(part) * 100),
      0,
    )
    expect([currency, (cents / 100).toFixed(2)]).toEqual(['GBP', total])
    expect(evidence).toMatch(/^berth:\d+:[0-9a-f]{16}$/)
  }
})

test('a CDR of OCPI 2.3 has every field that the specification demands, at its length, and adds up', async () => {
  const { code, out } = await printedBy('cdrs', '--site', site.path, '--format', 'ocpi')
  expect(code).toBe(0)
  for (const line of out.trim().split('\n')) {
    const cdr = JSON.parse(line)
    expect(cdr).toMatchObject({
      country_code: 'GB',
      party_id: 'BRT',
      currency: 'GBP',
      auth_method: expect.stringMatching(/^(COMMAND|WHITELIST)$/),
    })
    expect(cdr.id.length).toBeLessThanOrEqual(36)
    expect(cdr.authorization_reference).toMatch(/^berth:\d+:[0-9a-f]{16}$/)
    expect(cdr.authorization_reference.length).toBeLessThanOrEqual(36)
    expect(Object.keys(cdr.cdr_token).sort()).toEqual(['contract_id', 'country_code', 'party_id', 'type', 'uid'])
    expect(cdr.cdr_location).toMatchObject({
      city: 'London',
      country: 'GBR',
      coordinates: { latitude: '51.500000', longitude: '0.050000' },
      connector_standard: 'IEC_62196_T2',
    })
    expect(cdr.cdr_location.evse_id).toMatch(/^GB\*BRT\*E[A-Z0-9*]{1,31}$/)
    const [{ dimensions }] = cdr.charging_periods
    expect(dimensions[0]).toEqual({ type: 'ENERGY', volume: cdr.total_energy })
    const parts = [cdr.total_energy_cost, cdr.total_fixed_cost, cdr.total_parking_cost]
    const sum = (of: (price: { before_taxes: number; taxes: { amount: number }[] }) => number) =>
      parts.reduce((all, part) => all + Math.round(of(part) * 100), 0)
    expect(sum(({ before_taxes }) => before_taxes)).toBe(Math.round(cdr.total_cost.before_taxes * 100))
    expect(sum(({ taxes }) => taxes[0]?.amount ?? 0)).toBe(Math.round(cdr.total_cost.taxes[0].amount * 100))
    expect(Date.parse(cdr.end_date_time)).toBeGreaterThanOrEqual(Date.parse(cdr.start_date_time))
    expect(cdr.total_parking_time).toBeLessThanOrEqual(cdr.total_time)
  }
  const sessions = (await printedBy('cdrs', '--site', site.path, '--format', 'ocpi-sessions')).out.trim().split('\n')
  expect(sessions.map((line) => JSON.parse(line).status)).toContain('COMPLETED')
})

test('without tariff and party the site file is asked for them in a sentence', async () => {
  const csv = await printedBy('cdrs', '--site', bare.path)
  expect([csv.code, csv.out]).toEqual([1, ''])
  expect(csv.err).toContain('The site file has no `tariff`')
  await appendFile(bare.path, '\ntariff: { currency: GBP, perKwh: 0.45 }\n')
  const unserved = await printedBy('cdrs', '--site', bare.path)
  expect([unserved.code, unserved.err]).toEqual([
    1,
    expect.stringContaining('The `tariff` of the site file is not on record yet'),
  ])
  const ocpi = await printedBy('cdrs', '--site', bare.path, '--format', 'ocpi')
  expect([ocpi.code, ocpi.err]).toEqual([1, expect.stringContaining('The site file has no `ocpi`')])
})
