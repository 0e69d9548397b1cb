import { expect, test } from 'vitest'
import type { FactRecord } from '../../../machines/record.ts'
import { commissionSeen } from '../../../src/commissioning/commission-check.ts'

/** A cable that goes in: at a bay where nobody was before, or where a vehicle stood. */
const plug = (seq: number, bayId: string, state: 'vacant' | 'authorizing', opens = false): FactRecord => ({
  schema: 1,
  siteId: 'depot-north',
  seq,
  stream: `bay:${bayId}`,
  bayId,
  version: seq,
  at: '2026-11-23T09:00:00.000Z',
  machine: 'bay-test',
  cause: { type: 'connector.status', connector: `CP-${bayId}#1`, status: 'preparing' },
  decisions: opens ? [{ type: 'VisitOpened' }] : [],
  guards: [],
  effects: [],
  timers: { set: [], cleared: [] },
  state,
  detail: null,
  personal: {},
  personalHash: '',
  contentHash: '',
  recordedAt: '2026-11-23T09:00:00.000Z',
  prev: '',
  hash: '',
})
const plugStep = (records: readonly FactRecord[]) =>
  commissionSeen('bay-1', records).find(({ step }) => step === 'plug')

test('a neighbour’s vehicle that plugs in says nothing of the cabling, and neither does anybody after the own plug', () => {
  const traffic = [plug(1, 'bay-2', 'authorizing'), plug(2, 'bay-3', 'authorizing')]
  expect(plugStep(traffic)).toMatchObject({ seq: null, others: [] })
  const after = [...traffic, plug(3, 'bay-1', 'authorizing'), plug(4, 'bay-2', 'vacant')]
  expect(plugStep(after)).toMatchObject({ seq: 3, others: [] })
})

test('a cable that goes in at a bay where nobody stood, and not at this one, is named', () => {
  expect(plugStep([plug(1, 'bay-2', 'vacant')])).toMatchObject({ seq: null, others: ['bay-2'] })
  expect(plugStep([plug(1, 'bay-2', 'authorizing', true)])).toMatchObject({ seq: null, others: ['bay-2'] })
})
