import { KurrentDBClient } from '@kurrent/kurrentdb-client'
import { expect, test } from 'vitest'
import { eventId } from '../../src/journal/kurrent-event.ts'
import { KurrentLine } from '../../src/journal/kurrent-line.ts'
import { kurrentFacts } from './kurrent-facts.ts'
import { SHORT, testDouble } from './kurrent-store.ts'

for (const withBatch of [true, false])
  kurrentFacts(
    `the double with ${withBatch ? 'BatchAppend' : 'Append'}`,
    async () => (await testDouble({ withBatch })).url,
    { ...SHORT, call: 2_000 },
  )

test('the double tells what is there and what comes to who subscribes to a stream, and to all', async () => {
  const double = await testDouble()
  const line = new KurrentLine(double.url)
  const write = (nth: number, stream: string, after: number) =>
    line.append(stream, [{ id: eventId(stream, nth), type: 'fact', data: { nth } }], after)
  await write(1, 'one', -1)
  await write(1, 'two', -1)
  const client = KurrentDBClient.connectionString(double.url)
  const heard: string[] = []
  const one = client.subscribeToStream('one')
  const all = client.subscribeToAll()
  const caughtUp = new Promise((go) => one.once('caughtUp', go))
  one.on('data', ({ event }) => heard.push(`one ${event?.revision}`))
  all.on('data', ({ event }) => heard.push(`all ${event?.streamId} ${event?.revision}`))
  await caughtUp
  await write(2, 'one', 0)
  const told = ['all one 0', 'all one 1', 'all two 0', 'one 0', 'one 1']
  for (let i = 0; i < 6_000 && heard.length < told.length; i++) await new Promise((go) => setTimeout(go, 10))
  expect(heard.toSorted()).toEqual(told)
  const backwards: number[] = []
  for await (const { event } of client.readAll({ direction: 'backwards', fromPosition: 'end', maxCount: 2 }))
    backwards.push(Number(event?.position?.commit))
  expect(backwards).toEqual([2, 1])
  await Promise.all([one.unsubscribe(), all.unsubscribe()])
  await client.dispose()
  await line.close()
})
