import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { demandOf, readFigures } from '../../../simulations/design/demand-figures.ts'
import { FITTED_DEMAND } from '../../../simulations/design/fitted-demand.ts'
import { readSessionCsv, type SessionReading } from '../../../src/commands/session-csv.ts'
import { designOf } from '../../../src/commands/sim/open-design.ts'
import { simFit } from '../../../src/commands/sim-fit.ts'
import { saidBy } from '../journal/run-command.ts'

const folder = await mkdtemp(join(tmpdir(), 'berth-fit-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs the command; answers its code and what it wrote. */
const fitted = (...argv: string[]) => saidBy(simFit, ...argv)

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

const READING: SessionReading = { columns: {}, stayUnit: 's', energyUnit: 'kWh', timezone: null }

test('sessions become a demand file that a scenario can draw from, with stay and energy of one visit together', async () => {
  const csv = await file(
    'own.csv',
    'plate,start_time,end_time,kWh\nAB12CDE,2026-01-05 07:30:00,2026-01-05 16:00:00,21.5\nXY34ZZZ,2026-01-05 12:00,2026-01-05 12:30,3\n',
  )
  const out = join(folder, 'own.json')
  const { code, said } = await fitted(csv, '--out', out)
  expect(code).toBe(0)
  expect(said).toContain('2 sessions from 2026-01-05 to 2026-01-05')
  const text = await readFile(out, 'utf8')
  // Nothing that names a driver goes along.
  expect(text).not.toMatch(/AB12CDE|XY34/)
  const figures = readFigures(JSON.parse(text))
  if (typeof figures === 'string') throw new Error(figures)
  expect(figures.visits.weekday).toBe(2)
  expect(figures.comings.weekday).toEqual({
    kind: 'past',
    visits: [
      [450, 510, 21.5],
      [720, 30, 3],
    ],
  })
  expect(demandOf(figures, { bays: 9 }).visits.weekday).toBe(2)
  const { design } = designOf(
    `version: 1\nsite: { bays: 2 }\ndemand: { source: own.json }\n`,
    join(folder, 'scenario.yaml'),
    {},
  )
  expect(design?.demandSource).toBe('own sessions (own.json: 2 sessions, 2026-01-05 to 2026-01-05)')
  expect(await fitted(csv, '--out', out)).toMatchObject({ code: 0 })
  expect(await readFile(out, 'utf8')).toBe(text)
})

test('rows that say no session are left out, counted and shown', async () => {
  const csv = await file(
    'odd.csv',
    'start;end\n2026-01-05 08:00;2026-01-05 09:00\nsoon;2026-01-05 09:00\n2026-01-05 08:00;2026-01-05 07:00\n2026-02-30 08:00;2026-03-01 07:00\n',
  )
  const { code, said } = await fitted(csv, '--out', join(folder, 'odd.json'))
  expect(code).toBe(0)
  expect(said).toContain('3 rows say no session')
  expect(said).toContain('line 3: start is "soon", no time')
  expect(said).toContain('line 4: the stay is -60 minutes')
  expect(said).toContain('line 5')
})

test('what vehicles take is told, energy that none can take is doubted, and of many rows that were left out it says how many more', async () => {
  const rows = Array.from({ length: 7 }, (_, index) => `soon${index},2026-01-05 09:00,1\n`).join('')
  const csv = await file(
    'energy.csv',
    `start,end,kwh\n2026-01-05 08:00,2026-01-05 09:00,12000\n2026-01-05 10:00,2026-01-05 11:00,8\n${rows}`,
  )
  const { said } = await fitted(csv, '--out', join(folder, 'energy.json'))
  expect(said).toContain('A vehicle takes 6004 kWh on average.')
  expect(said).toContain('1 of them took more than 1000 kWh: if the file')
  expect(said).toContain('--energy-unit Wh')
  expect(said).toContain('  and 2 more\n')
})

test.each([
  ['an unknown column', ['--arrive', 'came'], 'there is no column "came"; the file has start, end'],
  ['a wrong unit', ['--stay-unit', 'd'], '--stay-unit is s, min or h'],
  ['a zone that is none', ['--timezone', 'Mars/Base'], 'there is no time zone "Mars/Base"'],
  ['days without sessions', ['--from', '2027-01-01', '--to', '2027-02-01'], 'no session lies between'],
  ['figures of nobody knows how many', ['--figures'], 'say which with --charge-point'],
])('%s gets a sentence and writes nothing', async (_name, argv, says) => {
  const csv = await file('plain.csv', 'start,end\n2026-01-05 08:00,2026-01-05 09:00\n')
  const out = join(folder, 'never.json')
  const { code, said } = await fitted(csv, '--out', out, ...argv)
  expect(code).toBeGreaterThan(0)
  expect(said).toContain(says)
  expect(said.trim().split('\n')).toHaveLength(1)
  expect(existsSync(out)).toBe(false)
})

test('times are local: as written, or moved to the zone that is named', () => {
  const text = 'start,stay\n2026-01-05T23:30:00Z,3600\n2026-07-06T08:00:00+02:00,3600\n2026-01-05 08:15:30,60\n'
  const asWritten = readSessionCsv(text, READING)
  const moved = readSessionCsv(text, { ...READING, timezone: 'Europe/Berlin' })
  if (typeof asWritten === 'string' || typeof moved === 'string') throw new Error('These can be read.')
  expect(asWritten.sessions.map(({ minute }) => minute)).toEqual([1410, 480, 495.5])
  expect(moved.sessions.map(({ minute }) => minute)).toEqual([30, 480, 495.5])
  expect((moved.sessions[0]?.day ?? 0) - (asWritten.sessions[0]?.day ?? 0)).toBe(1)
  // 2026-01-05 was a Monday, 2026-07-06 too.
  expect(asWritten.sessions.map(({ day }) => day % 7)).toEqual([0, 0, 0])
  expect(asWritten.sessions.map(({ stay_min }) => stay_min)).toEqual([60, 60, 1])
})

test('a stay over the change of clocks is as long as it was, where its times say their offsets', () => {
  const text =
    'start,end\n2026-10-25T02:50:00+02:00,2026-10-25T02:10:00+01:00\n2026-03-29T01:30:00+01:00,2026-03-29T03:30:00+02:00\n'
  for (const timezone of [null, 'Europe/Berlin']) {
    const read = readSessionCsv(text, { ...READING, timezone })
    if (typeof read === 'string') throw new Error(read)
    expect(read.sessions.map(({ stay_min }) => stay_min)).toEqual([20, 60])
  }
})

const SHARED = join(import.meta.dirname, '../../../../shared/sessions')

test.each([
  ['hamburg-public', ['--site', 'location_id']],
  ['us-workplace', ['--site', 'locationId']],
])('the shipped figures of %s are what the command makes of the published sessions', async (name, argv) => {
  const csv = join(SHARED, `${name}.csv`)
  if (!existsSync(csv)) return console.log(`skipped: ${csv} is not here`)
  const shipped = FITTED_DEMAND.get(name)
  if (!shipped) throw new Error(`${name} is not shipped`)
  const { from, to, source, licence } = shipped
  const out = join(folder, `${name}.json`)
  const told = ['--from', from, '--to', to, '--source', source, '--licence', licence]
  expect(await fitted(csv, '--figures', ...argv, ...told, '--out', out)).toMatchObject({ code: 0 })
  expect(readFigures(JSON.parse(await readFile(out, 'utf8')))).toEqual(shipped)
})

test('sessions of many charge points that meet few bays are warned of, with the scale that would do', async () => {
  const rows = Array.from({ length: 40 }, (_, at) => `cp-${at % 20},2026-01-05 ${10 + (at % 8)}:00,2026-01-05 19:00\n`)
  const csv = await file('city.csv', `charge_point,start_time,end_time\n${rows.join('')}`)
  const { said } = await fitted(csv, '--charge-point', 'charge_point', '--out', join(folder, 'city.json'))
  expect(said).toContain('These are the visits of all 20 charge points together')
  const warned = (demand: string): readonly string[] =>
    designOf(`version: 1\nsite: { bays: 4 }\ndemand: { ${demand} }\n`, join(folder, 'scenario.yaml'), {}).warnings
  expect(warned('source: city.json')).toEqual([
    'city.json holds the visits of 20 charge points, and all of them come to 4 bays; write `scale: 0.2` for as many as 4 of those had, or fit with --figures.',
  ])
  expect(warned('source: city.json, scale: 0.2')).toEqual([])
  expect(warned('source: hamburg-public')).toEqual([])
})

test.each([
  ['bytes that are no text', '\uFFFD\uFFFDs\u0000t', 'it is no text in UTF-8; save the table as CSV in UTF-8'],
  ['a header alone', 'start_time,end_time\n', 'it has no rows below its header'],
  [
    'a quote that never ends',
    'start,end\n"2026-01-05 08:00,x\n',
    'line 2: the line opens a quote that is never closed',
  ],
  [
    'times with slashes',
    'start,end\n05/01/2026 10:00,05/01/2026 11:00\n',
    'line 2: start is "05/01/2026 10:00", no time like',
  ],
  ['an end that is no time', 'start,end\n2026-01-05 08:00,later\n', 'line 2: end is "later", no time like'],
])('a file with %s gets one sentence', async (_, text, says) => {
  const { code, said } = await fitted(await file('broken.csv', text), '--out', join(folder, 'never.json'))
  expect({ code, lines: said.trim().split('\n').length }).toEqual({ code: 1, lines: 1 })
  expect(said).toContain(says)
})

test('a table as German offices save it is read as it is: semicolons, commas in numbers, days first', () => {
  const csv = readSessionCsv('Beginn;Ende;Energie (kWh)\n5.1.2026 10:00;05.01.2026 12:00:30;13,5\n', READING)
  if (typeof csv === 'string') throw new Error(csv)
  expect(csv.sessions.map(({ minute, stay_min, energy_kWh }) => [minute, stay_min, energy_kWh])).toEqual([
    [600, 120.5, 13.5],
  ])
  expect(csv.columns).toEqual({ arrive: 'Beginn', leave: 'Ende', energy: 'Energie (kWh)' })
})
