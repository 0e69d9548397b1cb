import { expect, test } from 'vitest'
import type { Decision, FactRecord } from '../../machines/record.ts'
import { HeldRows, isTold, numberIn, type Row } from '../../projections/row-fold.ts'
import { sessionRow } from '../../projections/session-row.ts'
import { costOf } from '../../projections/tariff.ts'
import { toldFleets } from '../../projections/told-fleets.ts'
import { toldSessions } from '../../projections/told-sessions.ts'
import { billRow } from '../../src/ocpi/bill-rows.ts'

const TARIFF = { currency: 'EUR', perKwh: '0.45', perSession: '5', idlePerMinute: '0.1', idleGrace_min: 0, tax: null }

/** A bill of so many Wh of the session ses-v, transaction 17. */
const billed = (energy_Wh: number, idle_s = 0): Decision => ({
  ...{ type: 'SessionBilled', visitId: 'v', sessionId: 'ses-v', accountId: 'acc-1', transactions: ['17'] },
  ...{ startedAt: '2026-11-22T10:00:00.000Z', endedAt: '2026-11-22T11:00:00.000Z', energy_Wh, idle_s, lines: [] },
})
const corrected = (difference_Wh: number): Decision => ({
  ...{ type: 'SessionCorrected', sessionId: 'ses-v', transactionId: '17', difference_Wh, billed: true },
})
/** One that is disputed as it runs has a row already; another payer's bill of the same visit has none before it is made. */
const opened: Decision = { type: 'TransactionOpened', visitId: 'v', connector: 'CP-1/1', transactionId: '17' }
const orphaned: Decision = { type: 'TransactionOrphaned', transactionId: '17', connector: 'CP-1/1' }
const reported: Decision = { type: 'OrphanReconciled', transactionId: '17', disputed: 'energy after the visit ended' }
const disputed: Decision = { type: 'SessionDisputed', sessionId: 'ses-v', reason: 'not me' }
const settled: Decision = { type: 'SessionSettled', sessionId: 'ses-v', reason: 'it was' }

/** What each of the tellers says of the session after these decisions, one a record. */
function toldOf(...decisions: readonly Decision[]) {
  const [sessions, fleets] = [new HeldRows(), new HeldRows()]
  for (const [index, decision] of decisions.entries()) {
    const record = {
      ...{ seq: index + 1, at: '2026-11-22T11:00:00.000Z', stream: 'bay:bay-1', bayId: 'bay-1', hash: 'f'.repeat(64) },
      ...{ cause: { type: 'transaction.ended', connector: 'CP-1/1', by: 'op' }, decisions: [decision] },
    } as unknown as FactRecord
    toldSessions.fold(sessions, record)
    toldFleets.fold(fleets, record)
  }
  const row = sessions.get('ses-v') as Row
  const fleet = fleets.entries().find(([key]) => isTold(key))?.[1]
  const cost = costOf(TARIFF, { energy_Wh: numberIn(row, 'energy_Wh'), idle_s: numberIn(row, 'idle_s') })
  return {
    row,
    fleet,
    bill: billRow({ row, tariff: TARIFF, cost, idToken: null }),
    kept: sessionRow(row),
  }
}

test('a disputed bill is in doubt as a whole, with what is added to it later, by session, by fleet and in money', () => {
  for (const past of [
    [billed(1_000), disputed, corrected(9_000)],
    [billed(1_000), corrected(9_000), disputed],
    [disputed, billed(1_000), corrected(9_000)],
    [opened, disputed, billed(1_000), corrected(9_000)],
  ]) {
    const { row, fleet, bill, kept } = toldOf(...past)
    expect(kept).toMatchObject({ energy_Wh: 10_000, disputed: 'a person disputes it', settled: null })
    expect(row).toMatchObject({ energy_Wh: 10_000, disputed_Wh: 10_000 })
    expect(fleet).toMatchObject({ energy_Wh: 10_000, disputed_Wh: 10_000 })
    expect(bill).toMatchObject({ total: '9.50', disputed_total: '9.50' })
    const after = toldOf(...past, settled)
    expect(after.kept).toMatchObject({ energy_Wh: 10_000, disputed: 'a person disputes it', settled: 'settled' })
    expect(after.row).toMatchObject({ energy_Wh: 10_000, disputed_Wh: 0 })
    expect(after.fleet).toMatchObject({ energy_Wh: 10_000, disputed_Wh: 0 })
    expect(after.bill).toMatchObject({ total: '9.50', disputed_total: '0.00' })
  }
})

test('a disputed bill without energy is in doubt with its fees', () => {
  expect(toldOf(billed(0, 3_600), disputed).bill).toMatchObject({ total: '11.00', disputed_total: '11.00' })
  expect(toldOf(billed(0, 3_600)).bill).toMatchObject({ total: '11.00', disputed_total: '0.00' })
})

test('more energy that an orphan reports late is a reason on its bill, wherever the bill is told, and takes nothing of it away', () => {
  const { row, kept, bill } = toldOf(orphaned, billed(1_000), reported)
  expect(kept.disputed).toBe('energy after the visit ended')
  expect(bill).toMatchObject({ disputed: 'energy after the visit ended', disputed_total: '0.00' })
  expect(row).toMatchObject({ disputed_Wh: 0, settled: null })
})
