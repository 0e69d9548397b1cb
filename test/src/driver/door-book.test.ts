import { expect, test } from 'vitest'
import type { FactRecord } from '../../../machines/record.ts'
import { DoorBook } from '../../../src/driver/door/door-book.ts'

const audit = (type: string, fields: object): FactRecord =>
  ({ stream: 'audit', bayId: null, cause: { type, ...fields }, decisions: [] }) as unknown as FactRecord
const left = (visitId: string): FactRecord =>
  ({
    stream: 'bay:bay-1',
    bayId: 'bay-1',
    cause: { type: 'zone.empty' },
    decisions: [{ type: 'VisitEnded', visitId }],
  }) as unknown as FactRecord

const asked = (ref: string, visitId: string, until: string): FactRecord =>
  audit('payment.asked', { ref, bayId: 'bay-1', visitId, device: 'd', hold: '40.00', currency: 'EUR', until })

test('a hold for a visit of days that ends without a charge is told as unused, though others paid since', () => {
  const book = new DoorBook()
  book.hear(asked('a', 'visit-1', '2026-11-20T10:10:00.000Z'))
  book.hear(audit('payment.held', { ref: 'a' }))
  book.hear(asked('b', 'visit-2', '2026-11-23T10:10:00.000Z'))
  book.hear(left('visit-1'))
  expect(book.unspent().map(({ ref }) => ref)).toEqual(['a'])
  book.hear(audit('payment.unused', { ref: 'a' }))
  expect(book.unspent()).toEqual([])
})

test('what nobody waits for is forgotten after a day', () => {
  const book = new DoorBook()
  book.hear(asked('a', 'visit-1', '2026-11-20T10:10:00.000Z'))
  book.hear(asked('b', 'visit-1', '2026-11-20T10:10:00.000Z'))
  book.hear(audit('payment.refused', { ref: 'b' }))
  book.hear(asked('c', 'visit-2', '2026-11-23T10:10:00.000Z'))
  expect(['a', 'b', 'c'].map((ref) => book.payment(ref)?.state ?? null)).toEqual([null, null, 'asked'])
})
