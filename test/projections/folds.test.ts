import { expect, test } from 'vitest'
import type { FactRecord } from '../../machines/record.ts'
import { alarms } from '../../projections/alarms.ts'
import type { Projection } from '../../projections/projection.ts'
import { reviewQueue } from '../../projections/review-queue.ts'
import { HeldRows, isTold } from '../../projections/row-fold.ts'
import { sessionRow } from '../../projections/session-row.ts'
import { TOLD } from '../../projections/told.ts'
import { toldSessions } from '../../projections/told-sessions.ts'
import { fc } from '../seeded-check.ts'

let seq = 0
function record(fields: Partial<FactRecord>): FactRecord {
  seq += 1
  return {
    seq,
    siteId: 'depot-north',
    recordedAt: '',
    schema: 1,
    stream: 'bay:bay-1',
    bayId: 'bay-1',
    version: seq,
    at: `2026-11-22T10:00:${String(seq % 60).padStart(2, '0')}.000Z`,
    machine: 'bay-1',
    cause: { type: 'meter.values' },
    decisions: [],
    guards: [],
    effects: [],
    timers: { set: [], cleared: [] },
    state: 'vacant',
    detail: 'vacant',
    personal: null,
    personalHash: '',
    contentHash: '',
    prev: '',
    hash: '',
    ...fields,
  }
}
const told = <T>(projection: Projection<T>, ...records: FactRecord[]): T =>
  records.reduce(projection.fold, projection.start())
/** Every charge as it is shown after these records. */
function charges(...records: FactRecord[]) {
  const rows = new HeldRows()
  for (const one of records) toldSessions.fold(rows, one)
  return rows.entries().flatMap(([key, row]) => (isTold(key) ? [sessionRow(row)] : []))
}
const raise = (alarmId: string, says = 'The camera is silent.') =>
  record({ effects: [{ id: 'e', type: 'raise.alarm', alarmId, alarm: 'camera-lost', says, do: 'Check its cable.' }] })
const clear = (alarmId: string) => record({ effects: [{ id: 'e', type: 'clear.alarm', alarmId }] })

test('an alarm is open from its raising to its clearing, and one raised again keeps its first time', () => {
  const first = raise('bay-1/camera-empty')
  expect([
    ...told(
      alarms,
      first,
      raise('bay-1/clone'),
      clear('bay-1/clone'),
      raise('bay-1/camera-empty', 'Still silent.'),
    ).values(),
  ]).toEqual([
    {
      alarmId: 'bay-1/camera-empty',
      bayId: 'bay-1',
      type: 'camera-lost',
      says: 'Still silent.',
      do: 'Check its cable.',
      since: first.at,
    },
  ])
})

const review = (reviewId: string) =>
  record({
    decisions: [{ type: 'FallbackOffered', visitId: 'bay-1-3', reason: 'review' }],
    effects: [
      {
        id: 'bay-1/9/0',
        type: 'open.review',
        review: reviewId,
        reason: 'reads disagree',
        by: '2026-11-22T10:02:00.000Z',
        candidates: [
          { handle: 'v-1', witnesses: 2 },
          { handle: 'v-2', witnesses: 1 },
        ],
      },
    ],
  })

test('a review waits with its candidates until it is answered, closed, or its visit ends', () => {
  const opened = review('review-1')
  expect([...told(reviewQueue, opened).values()]).toEqual([
    {
      reviewId: 'review-1',
      bayId: 'bay-1',
      visitId: 'bay-1-3',
      since: opened.at,
      by: '2026-11-22T10:02:00.000Z',
      reason: 'reads disagree',
      candidates: [
        { plate: 'v-1', witnesses: 2 },
        { plate: 'v-2', witnesses: 1 },
      ],
    },
  ])
  expect(told(reviewQueue, opened, record({ cause: { type: 'review.answered', review: 'review-1' } })).size).toBe(0)
  expect(told(reviewQueue, opened, record({ cause: { type: 'review.answered', review: 'review-2' } })).size).toBe(1)
  expect(
    told(reviewQueue, opened, record({ effects: [{ id: 'x', type: 'close.review', review: 'review-1' }] })).size,
  ).toBe(0)
  expect(
    told(reviewQueue, opened, record({ decisions: [{ type: 'VisitEnded', visitId: 'bay-1-3', exit: 'exit-seen' }] }))
      .size,
  ).toBe(0)
  expect(
    told(reviewQueue, opened, record({ decisions: [{ type: 'VisitEnded', visitId: 'bay-1-2', exit: 'exit-seen' }] }))
      .size,
  ).toBe(1)
})

const billed = () =>
  record({
    decisions: [
      {
        type: 'SessionBilled',
        visitId: 'bay-1-3',
        sessionId: 'ses-bay-1-3',
        bayId: 'bay-1',
        accountId: 'acc-1',
        identifiedBy: 'plate',
        startId: 'bay-1-7',
        card: null,
        transactions: ['17', '18'],
        startedAt: '2026-11-22T10:00:00.000Z',
        endedAt: '2026-11-22T11:00:00.000Z',
        energy_Wh: 600,
        idle_s: 12,
        exit: 'exit-seen',
        disputed: null,
      },
      { type: 'VisitEnded', visitId: 'bay-1-3', exit: 'exit-seen' },
    ],
  })

test('a session is told as it was billed, with the records that the bill rests on', () => {
  const agreed = record({ decisions: [{ type: 'PlateAgreed', visitId: 'bay-1-3', handle: 'v-1' }] })
  const other = record({ decisions: [{ type: 'PlateAgreed', visitId: 'bay-2-4', handle: 'v-2' }] })
  const bill = billed()
  expect(charges(agreed, other, bill)).toEqual([
    {
      sessionId: 'ses-bay-1-3',
      visitId: 'bay-1-3',
      bayId: 'bay-1',
      accountId: 'acc-1',
      identifiedBy: 'plate',
      idToken: 'bay-1-7',
      transactionId: '18',
      transactions: ['17', '18'],
      startedAt: '2026-11-22T10:00:00.000Z',
      endedAt: '2026-11-22T11:00:00.000Z',
      energy_Wh: 600,
      idle_s: 12,
      exit: 'exit-seen',
      disputed: null,
      corrections: [],
      settled: null,
      evidence: [`seq:${agreed.seq} PlateAgreed`, `seq:${bill.seq} SessionBilled`],
    },
  ])
})

test('disputes are added and none is ever lost; energy that an orphan reports late is one', () => {
  const all = charges(
    record({ decisions: [{ type: 'TransactionOrphaned', visitId: 'bay-1-3', transactionId: '17' }] }),
    billed(),
    record({
      stream: 'audit',
      bayId: null,
      decisions: [{ type: 'SessionDisputed', sessionId: 'ses-bay-1-3', reason: 'not my car' }],
    }),
    record({
      decisions: [{ type: 'OrphanReconciled', transactionId: '17', disputed: 'energy after the visit ended' }],
    }),
    record({ decisions: [{ type: 'SessionDisputed', sessionId: 'ses-nobody', reason: 'x' }] }),
  )
  expect(all.map(({ disputed }) => disputed)).toEqual(['a person disputes it; energy after the visit ended'])
})

test('no record, however odd its fields, stops a fold', () => {
  const odd = fc.dictionary(
    fc.constantFrom(
      'alarmId',
      'review',
      'candidates',
      'visitId',
      'sessionId',
      'transactions',
      'lines',
      'connector',
      'energy_Wh',
      'says',
      'reason',
      'transactionId',
    ),
    fc.jsonValue(),
  )
  const types = fc.constantFrom(
    'raise.alarm',
    'clear.alarm',
    'open.review',
    'close.review',
    'SessionBilled',
    'SessionDisputed',
    'OrphanReconciled',
    'TransactionOpened',
    'SessionCorrected',
    'IdentityUpgraded',
    'VisitOpened',
    'VisitEnded',
    'Unheard',
  )
  const fields = fc
    .record({ type: types, more: odd })
    .map(({ type, more }) => ({ ...more, id: 'e', type }) as FactRecord['effects'][number])
  fc.assert(
    fc.property(fc.array(fields, { maxLength: 8 }), fc.array(fields, { maxLength: 8 }), (effects, decisions) => {
      const one = record({ effects, decisions, cause: { type: 'review.answered', review: 7 } })
      for (const { fold } of TOLD) fold(new HeldRows(), one)
      expect(() => {
        told(alarms, one, one)
        told(reviewQueue, one, one)
        charges(one, one)
      }).not.toThrow()
      for (const row of charges(one))
        expect([typeof row.energy_Wh, Array.isArray(row.transactions)]).toEqual(['number', true])
    }),
    { numRuns: 500 },
  )
})
