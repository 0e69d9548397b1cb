import { beforeAll, expect, test } from 'vitest'
import type { FactRecord } from '../../machines/record.ts'
import { HeldRows, isTold, numberIn, type Row, type RowFold } from '../../projections/row-fold.ts'
import { REPORTS, TOLD } from '../../projections/told.ts'
import { toldOccupancy } from '../../projections/told-occupancy.ts'
import { toldSessions } from '../../projections/told-sessions.ts'
import { toldVisits } from '../../projections/told-visits.ts'
import { columnsOf } from '../../src/views/report-text.ts'
import { fc } from '../seeded-check.ts'
import { livedPast } from './lived-past.ts'

let past: readonly FactRecord[] = []
beforeAll(async () => {
  past = await livedPast(7)
})

function told({ fold }: RowFold, records: readonly FactRecord[], rows = new HeldRows()): HeldRows {
  for (const record of records) fold(rows, record)
  return rows
}
const rowsOf = (fold: RowFold): readonly Row[] =>
  told(fold, past)
    .entries()
    .flatMap(([key, row]) => (isTold(key) ? [row] : []))
const sum = (rows: readonly Row[], field: string): number => rows.reduce((all, row) => all + numberIn(row, field), 0)

/** As rows come back from the disk: in other memory, and with no more than JSON holds. */
function fromDisk(rows: HeldRows): HeldRows {
  const back = new HeldRows()
  for (const [key, row] of JSON.parse(JSON.stringify(rows.entries())) as [string, Row][]) back.put(key, row)
  return back
}

test('told in pieces, with the rows put away between two of them, is told as a whole', () => {
  for (const fold of TOLD) {
    const whole = JSON.stringify(told(fold, past).entries())
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: past.length }), { maxLength: 5 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), past.length]
        let rows = new HeldRows()
        for (let i = 1; i < places.length; i++) rows = fromDisk(told(fold, past.slice(places[i - 1], places[i]), rows))
        return JSON.stringify(rows.entries()) === whole
      }),
      { numRuns: 5 },
    )
  }
})

test('every column of a report is a field of its rows, and a past with charges fills every report but that of tariffs', () => {
  for (const fold of TOLD) {
    const rows = rowsOf(fold)
    expect(rows.length > 0, fold.name).toBe(fold.name !== 'tariffs')
    const { columns } = REPORTS[fold.name as keyof typeof REPORTS]
    for (const row of rows) for (const column of columns) expect(row, `${fold.name}.${column}`).toHaveProperty(column)
  }
})

test('the hours of a bay add up to its visits, to the millisecond', () => {
  const visits = rowsOf(toldVisits)
  const ended = visits.every((visit) => visit['endedAt'] !== null)
  expect(ended).toBe(true)
  const stood = visits.reduce(
    (all, { openedAt, endedAt }) => all + Date.parse(String(endedAt)) - Date.parse(String(openedAt)),
    0,
  )
  const hours = rowsOf(toldOccupancy)
  const states = ['detecting_ms', 'authorizing_ms', 'charging_ms', 'exiting_ms', 'unknown_ms']
  expect(states.reduce((all, state) => all + sum(hours, state), 0)).toBe(stood)
  expect(sum(hours, 'visits')).toBe(visits.length)
})

test('bills of sessions, of visits and of fleets are the same energy', () => {
  const sessions = rowsOf(toldSessions).filter((row) => row['status'] === 'billed')
  const fleets = TOLD.find(({ name }) => name === 'fleets') as RowFold
  expect(sum(sessions, 'energy_Wh')).toBeGreaterThan(1_000)
  expect(sum(sessions, 'energy_Wh')).toBeCloseTo(sum(rowsOf(toldVisits), 'energy_Wh'), 1)
  expect(sum(sessions, 'energy_Wh')).toBeCloseTo(sum(rowsOf(fleets), 'energy_Wh'), 1)
  expect(sum(sessions, 'disputed_Wh')).toBeCloseTo(sum(rowsOf(fleets), 'disputed_Wh'), 1)
  for (const row of sessions)
    expect(numberIn(row, 'disputed_Wh')).toBeLessThanOrEqual(numberIn(row, 'energy_Wh') + 0.001)
})

test('where no register ran wrong, what it says is what was billed', () => {
  const sound = rowsOf(toldSessions).filter(
    (row) => row['status'] === 'billed' && row['resets'] === 0 && row['leaps'] === 0 && String(row['disputes']) === '',
  )
  expect(sound.length).toBeGreaterThan(3)
  for (const row of sound) expect(Math.abs(numberIn(row, 'metered_Wh') - numberIn(row, 'energy_Wh'))).toBeLessThan(60)
})

test('a charge that runs is told with what it drew so far, and as ended once its transaction is, before its bill', () => {
  const rows = new HeldRows()
  const report = (sessionId: string) => columnsOf(REPORTS.sessions, rows.get(sessionId) as Row)
  let ran = 0
  let waited = 0
  for (const record of past) {
    toldSessions.fold(rows, record)
    const running = rows.entries().filter(([key, row]) => isTold(key) && row['status'] === 'running')
    for (const [key, row] of running) {
      const told = report(key)
      expect(numberIn(told, 'energy_Wh')).toBeGreaterThanOrEqual(numberIn(row, 'metered_Wh'))
      expect(told['endedAt'] !== null).toBe(told['status'] === 'ended')
      if (told['status'] === 'running' && numberIn(told, 'energy_Wh') > 0) ran += 1
      if (told['status'] === 'ended') waited += 1
    }
  }
  expect([ran > 0, waited > 0]).toEqual([true, true])
})

test('readings that a charge point kept while it was away are no gap: each counts when it was taken', () => {
  const rows = new HeldRows()
  const running = (bayId: string | null) =>
    rows.entries().find(([key, row]) => isTold(key) && row['bayId'] === bayId && numberIn(row, 'metered_Wh') > 0)
  const read = past.find((record) => {
    toldSessions.fold(rows, record)
    return record.cause.type === 'meter.values' && record.cause['when'] === 'live' && running(record.bayId)
  }) as FactRecord
  const before = running(read.bayId) as [string, Row]
  const at = (minute: number): string => new Date(Date.parse(read.at) + minute * 60_000).toISOString()
  for (let minute = 1; minute <= 30; minute++) {
    const register_Wh = Number(read.cause['register_Wh']) + 50 * minute
    const cause = { ...read.cause, when: 'past', happenedAt: at(minute), register_Wh }
    toldSessions.fold(rows, { ...read, at: at(31), cause })
  }
  const after = rows.get(before[0]) as Row
  expect(numberIn(after, 'metered_Wh') - numberIn(before[1], 'metered_Wh')).toBe(1_500)
  expect(numberIn(after, 'gaps')).toBe(numberIn(before[1], 'gaps'))
})
