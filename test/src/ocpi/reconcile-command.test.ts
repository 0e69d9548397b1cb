import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcile } from '../../../projections/reconciliation.ts'
import { readBackEndBills } from '../../../src/ocpi/back-end-bills.ts'
import { printedBy } from './printed-by.ts'
import { toldSite } from './told-site.ts'

let site: Awaited<ReturnType<typeof toldSite>>
beforeAll(async () => {
  site = await toldSite()
})
afterAll(() => site.close())

test('berth’s own bills are the same bills; one that is left out is missing, one that is changed is different', async () => {
  const path = join(site.folder, 'bills.csv')
  await printedBy('cdrs', '--site', site.path, '--out', path)
  const same = await printedBy('reconcile', path, '--site', site.path)
  expect([same.code, same.out]).toEqual([
    0,
    expect.stringContaining('2 are the same ones.\n0 missing, 0 extra, 0 different.'),
  ])
  const [header = '', first = '', second = ''] = (await readFile(path, 'utf8')).split('\r\n')
  const changed = second.replace('0.4,', '0.9,')
  expect(changed).not.toBe(second)
  await writeFile(path, [header, changed].join('\n'))
  const { code, out } = await printedBy('reconcile', path, '--site', site.path)
  expect([code, first.length > 0]).toEqual([1, true])
  expect(out).toMatch(/^missing +ses-.*: the back end has no bill of it$/m)
  expect(out).toMatch(/^different +ses-.*\(by evidence\): energy 400 Wh here, 900 Wh there$/m)
  expect(out).toContain('1 missing, 0 extra, 1 different.')
  const json = await printedBy('reconcile', path, '--site', site.path, '--json')
  expect(JSON.parse(json.out)).toMatchObject({
    ours: 2,
    theirs: 1,
    matched: 1,
    differences: [{ kind: 'missing' }, { kind: 'different' }],
  })
})

test('columns are found by their names, and what cannot be compared is refused in a sentence', () => {
  expect(
    readBackEndBills(
      'Transaction ID;Charge Point;Connector-Id;Start;kWh;Currency;Total Cost\n17;CP-1;2;2026-11-22 10:00:00+00:00;12.34;gbp;5.678\n',
      null,
    ),
  ).toEqual([
    {
      name: 'line 2',
      evidence: null,
      transactions: ['17'],
      evse: 'CP-1/2',
      start: Date.parse('2026-11-22T10:00:00Z'),
      end: null,
      energy_Wh: 12_340,
      currency: 'GBP',
      total: 568,
    },
  ])
  expect(readBackEndBills('', null)).toContain('The file is empty')
  expect(readBackEndBills('a,b\n1,2\n', null)).toContain('names no evidence reference')
  expect(readBackEndBills('transaction_id,start\n17,yesterday\n', null)).toContain(
    'Line 2: start `yesterday` cannot be read',
  )
  expect(readBackEndBills('transaction_id,kwh\n17,"1,2"\n', null)).toContain('Line 2: energy `1,2` cannot be read')
})

test('an amount without a currency is one of the site’s, with its digits', () => {
  const read = (currency: string) => readBackEndBills('evidence,total\nberth:1:ab,1200\n', currency)
  expect(read('JPY')).toMatchObject([{ total: 1_200, currency: 'JPY' }])
  expect(read('GBP')).toMatchObject([{ total: 120_000, currency: 'GBP' }])
})

test('a session that began just before midnight is found where the back end’s clock says just after', async () => {
  const path = join(site.folder, 'bills.csv')
  await printedBy('cdrs', '--site', site.path, '--out', path)
  const [header = '', first = ''] = (await readFile(path, 'utf8')).split('\r\n')
  const columns = header.split(',')
  const start = first.split(',')[columns.indexOf('startedAt')] ?? ''
  // The period begins a minute after berth's own start.
  const from = new Date(Date.parse(start) + 60_000).toISOString()
  await writeFile(path, [header, first.replace(start, from)].join('\n'))
  const to = new Date(Date.parse(start) + 61_000).toISOString()
  const { out } = await printedBy('reconcile', path, '--site', site.path, '--from', from, '--to', to)
  expect(out).toContain('; 1 is the same one.')
  expect(out).toContain(' 0 extra,')
})

test('a file that is not there and a wrong command line are said', async () => {
  const gone = await printedBy('reconcile', join(site.folder, 'no.csv'), '--site', site.path)
  expect([gone.code, gone.err]).toEqual([1, expect.stringContaining('there is no such file')])
  expect(await printedBy('reconcile')).toMatchObject({ code: 2 })
  expect(await printedBy('reconcile', 'x.csv', '--site', site.path, '--tolerance-wh', 'much')).toMatchObject({
    code: 2,
  })
})

test('a bill that leaves its energy or its total empty is different, and a column named twice is refused', () => {
  const line = { name: 'ses-1', evidence: 'berth:1:ab', transactions: [], evse: null, start: null, end: null }
  const ours = { ...line, energy_Wh: 9_000, currency: 'GBP', total: 450, paid: true }
  const compared = (text: string) => {
    const theirs = readBackEndBills(text, 'GBP')
    return typeof theirs === 'string' ? theirs : reconcile([ours], theirs).differences.map(({ says }) => says)
  }
  expect(compared('evidence,kWh,total\nberth:1:ab,,\n')).toEqual([
    ['energy 9000 Wh here, none said there', 'total 4.50 GBP here, none said there'],
  ])
  expect(compared('evidence,kWh,Wh\nberth:1:ab,,9000\n')).toEqual([])
  expect(compared('evidence\nberth:1:ab\n'), 'a file without such a column says nothing of it').toEqual([])
  expect(compared('evidence,kWh,KWH\nberth:1:ab,9,12\n')).toBe(
    'The column `KWH` stands twice in the header line; leave one of the two out.',
  )
})
