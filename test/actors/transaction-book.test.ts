import { expect, test } from 'vitest'
import { TransactionBook } from '../../actors/transaction-book.ts'

const DAY = 86_400_000
const started = (transactionId: string, key = `key-${transactionId}`) => ({
  type: 'transaction.started',
  transactionId,
  connector: 'CP-1/1',
  accepted: true,
  key,
})

test('a transaction that nobody has spoken of for 90 days is forgotten, and its number is not given again', () => {
  const book = new TransactionBook()
  book.fold('bay-1', started('41'), 0)
  book.fold('bay-1', started('42'), 0)
  book.fold('bay-1', { type: 'transaction.ended', transactionId: '42' }, 10 * DAY)
  book.fold('bay-1', started('43'), 90 * DAY)
  expect(book.find('41')).not.toBe(null)
  book.fold('bay-1', started('44'), 90 * DAY + 1)
  expect([book.find('41'), book.repeated('key-41')]).toEqual([null, null])
  // Its end was told later: a repeat of it may come as long after.
  expect([book.find('42')?.transactionId, book.isOver('42')]).toEqual(['42', true])
  book.fold('bay-1', started('45'), 100 * DAY + 1)
  expect([book.find('42'), book.isOver('42'), book.size]).toEqual([null, false, 3])
  expect(book.next()).toBe('46')
})

test('one that its bay has open is never forgotten, however long it takes', () => {
  const open = new Set(['41'])
  const book = new TransactionBook(({ transactionId }) => open.has(transactionId))
  book.fold('bay-1', started('41'), 0)
  book.fold('bay-1', started('42'), 100 * DAY)
  expect(book.find('41')).not.toBe(null)
  open.clear()
  book.fold('bay-1', started('43'), 191 * DAY)
  expect(book.find('41')).toBe(null)
})

test('a station that counts from one again after its transactions are forgotten does not meet its old bills', () => {
  const book = new TransactionBook()
  book.fold('bay-1', started('CP-1/tx-1'), 0)
  book.fold('bay-1', started('CP-1/tx-2'), 200 * DAY)
  expect(book.find('CP-1/tx-1')).toBe(null)
  expect(book.nameFor('CP-1/tx-1')).toBe('CP-1/tx-1#2')
})

test('ends of transactions that nobody knows fill no memory, and a hundred thousand transactions of ten years stay few', () => {
  const book = new TransactionBook()
  for (let n = 0; n < 1_000; n++) book.fold(null, { type: 'transaction.ended', transactionId: `unknown-${n}` }, 0)
  expect(book.isOver('unknown-7')).toBe(false)
  for (let n = 1; n <= 100_000; n++) book.fold('bay-1', started(String(n)), n * 0.0365 * DAY)
  expect(book.size).toBeLessThan(2_500)
  expect(book.next()).toBe('100001')
})
