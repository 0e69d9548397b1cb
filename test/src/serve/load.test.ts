import { expect, test } from 'vitest'
import { figureTable } from '../../bench/figure-table.ts'
import { runLoad } from '../../bench/load-run.ts'
import { loadTable } from '../../bench/load-table.ts'

test('twenty charge points and thirty bays come, charge, are cut all at once and go, and berth knows it all as it is', async () => {
  const load = await runLoad({
    chargePoints: 20,
    bays: 30,
    meter_s: 1,
    reads: 6,
    fillReads: 24,
    taken: 0.8,
    stay_s: 8,
    exitGrace_s: 1,
    measure_s: 4,
    storm: true,
  })
  expect(load.yard.errors).toEqual({})
  expect(load.disagreeing).toBe(0)
  expect(load.verified).toBe(true)
  expect(load.yard.left).toBeGreaterThan(0)
  for (const { count } of [load.yard.reads, load.yard.transactions, load.yard.others, load.yard.flush])
    expect(count).toBeGreaterThan(0)
  expect(load.records.measured).toBeGreaterThan(20)
  // The times depend on the machine; all else in the table is told of this run.
  expect(figureTable(loadTable(load))).toContain('| bays, charge points')
}, 240_000)
