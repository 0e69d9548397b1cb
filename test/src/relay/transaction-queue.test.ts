import { expect, onTestFinished, test } from 'vitest'
import { type CallReading, readCallFrame } from '../../../src/relay/frame-reading.ts'
import { RelayCounters } from '../../../src/relay/relay-counters.ts'
import { RelayStore } from '../../../src/relay/relay-store.ts'
import { SeqSource, TransactionQueue } from '../../../src/relay/transaction-queue.ts'
import { relaySettings } from './relay-stage.ts'

function openQueue(path: string): { queue: TransactionQueue; store: RelayStore } {
  const counters = new RelayCounters()
  const store = new RelayStore(path, counters, 0)
  return { store, queue: new TransactionQueue('CP-1', store, new SeqSource(), counters) }
}

function call(action: string, n: number, id = `${n}`): { text: string; reading: CallReading } {
  const text = `[2,"${id}","${action}",{"transactionId":7,"n":${n}}]`
  return { text, reading: readCallFrame(text) as CallReading }
}

const KEPT = { kind: 'billed', startId: null, binary: null, late: true } as const
const waiter = (connection: number) => ({ connection, idText: '"1"', id: '1' })

test('what is kept is there again, in order, with its answers, after the file was closed', () => {
  const { path } = relaySettings('')
  const { queue, store } = openQueue(path)
  for (let n = 1; n <= 5; n++) queue.add({ ...KEPT, ...call('StopTransaction', n), waiter: waiter(1) }, 0)
  const [first, second] = queue.unsent
  if (!first || !second) throw new Error('nothing was kept')
  queue.left(first, 1)
  queue.left(second, 1)
  first.answer = '{}]'
  queue.finish(first)
  store.close()
  const again = openQueue(path)
  onTestFinished(() => again.store.close())
  expect(again.queue.unsent.map((m) => m.reading?.head.id)).toEqual(['2', '3', '4', '5'])
  // Said again by a charge point that did not hear the answer.
  const repeat = call('StopTransaction', 1, 'new')
  expect(again.queue.repeatOf(repeat.text, repeat.reading, 1)?.answer).toBe('{}]')
})

test('samples of no transaction are as little worth after a restart as before it: one rule says what is billed', () => {
  const { path } = relaySettings('')
  const { queue, store } = openQueue(path)
  const text = '[2,"1","MeterValues",{"connectorId":1}]'
  queue.add({ ...KEPT, kind: 'told', text, reading: readCallFrame(text), waiter: null }, 0)
  queue.add({ ...KEPT, ...call('MeterValues', 2), waiter: null }, 0)
  store.close()
  const again = openQueue(path)
  onTestFinished(() => again.store.close())
  expect(again.queue.unsent.map(({ kind }) => kind)).toEqual(['told', 'billed'])
})

test('a full queue gives up samples first, never a start or a stop', () => {
  const { path } = relaySettings('')
  const { queue, store } = openQueue(path)
  onTestFinished(() => store.close())
  queue.add({ ...KEPT, ...call('StartTransaction', 0), waiter: null }, 0)
  for (let n = 1; n <= 20; n++) queue.add({ ...KEPT, ...call('MeterValues', n), waiter: null }, 0)
  for (let n = 21; n < 10_000; n++) queue.add({ ...KEPT, ...call('StopTransaction', n), waiter: null }, 0)
  expect(queue.unsent).toHaveLength(10_000)
  const last = call('StopTransaction', 10_000)
  expect(queue.add({ ...KEPT, ...last, waiter: null }, 0)).not.toBe(null)
  expect(queue.unsent).toHaveLength(10_000)
  expect(queue.unsent[0]?.reading?.action).toBe('StartTransaction')
  expect(queue.unsent[1]?.reading?.head.id).toBe('2')
  for (let n = 0; n < 19; n++) queue.add({ ...KEPT, ...call('StopTransaction', 20_000 + n), waiter: null }, 0)
  expect(queue.add({ ...KEPT, ...call('StopTransaction', 30_000), waiter: null }, 0)).toBe(null)
})

test('a back end that hears everything and answers nothing does not make the queue grow without end', () => {
  const { path } = relaySettings('')
  const { queue, store } = openQueue(path)
  onTestFinished(() => store.close())
  queue.add({ ...KEPT, ...call('StartTransaction', 0), late: false, waiter: waiter(1) }, 0)
  for (let n = 1; n <= 10_100; n++) {
    queue.add({ ...KEPT, ...call('MeterValues', n), late: false, waiter: waiter(1) }, 0)
    for (const message of [...queue.unsent]) queue.left(message, 1)
  }
  expect(queue.sent).toHaveLength(10_000)
  expect(queue.sent[0]?.reading?.action).toBe('StartTransaction')
  expect(queue.sent[1]?.reading?.head.id).toBe('102')
})

test('said again before its answer has left the relay, it goes up again on that connection', () => {
  const { path } = relaySettings('')
  const { queue, store } = openQueue(path)
  onTestFinished(() => store.close())
  const said = call('StopTransaction', 1)
  const message = queue.add({ ...KEPT, ...said, late: false, waiter: waiter(1) }, 0)
  if (!message) throw new Error('it was not kept')
  queue.left(message, 1)
  message.answer = '{}]'
  queue.finish(message)
  expect(queue.repeatOf(said.text, said.reading, 1)).toBe(null)
  expect(queue.repeatOf(said.text, said.reading, 2)).toBe(message)
})

test('said twice on one connection while the back end is there, it goes up twice; on another connection it is a repeat', () => {
  const { path } = relaySettings('')
  const { queue, store } = openQueue(path)
  onTestFinished(() => store.close())
  const said = call('MeterValues', 1)
  queue.add({ ...KEPT, ...said, late: false, waiter: waiter(1) }, 0)
  expect(queue.repeatOf(said.text, said.reading, 1)).toBe(null)
  expect(queue.repeatOf(said.text, said.reading, 2)).not.toBe(null)
})
