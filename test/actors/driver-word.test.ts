import { expect, test } from 'vitest'
import { type DispatchPorts, dispatcher } from '../../actors/dispatch.ts'
import type { DriverWord } from '../../actors/ports.ts'
import { emptyBay } from '../../machines/new-bay.ts'
import type { Effect, FactRecord } from '../../machines/record.ts'

const telling = (message: string, reason: string, leaves = true): Effect => ({
  id: 'bay-1/17/0',
  type: 'tell.driver',
  message,
  reason,
  leaves,
})

const record = (fields: Partial<FactRecord> = {}): FactRecord =>
  ({
    seq: 41,
    bayId: 'bay-1',
    at: '2026-11-22T10:00:00.000Z',
    state: 'authorizing',
    decisions: [{ type: 'FallbackOffered', visitId: 'bay-1-9', reason: 'review' }],
    ...fields,
  }) as FactRecord

/** What signs hear of an effect, from a bay in service or not. */
async function heard(effect: Effect, of: FactRecord, service: 'in-service' | 'out-of-service' = 'in-service') {
  const words: DriverWord[] = []
  const failed: unknown[] = []
  const ports = {
    site: () => ({ bay: () => ({ ...emptyBay('bay-1'), service }) }),
    signs: {
      tell: async (word: DriverWord) => {
        words.push(word)
      },
    },
    failed: (_effect: Effect, cause: unknown) => failed.push(cause),
  } as unknown as DispatchPorts
  dispatcher(ports)(effect, of)
  await Promise.resolve()
  expect(failed).toEqual([])
  return words
}

test('a word of a durable record reaches the signs with its bay, its visit and its record', async () => {
  expect(await heard(telling('present-card', 'review'), record())).toEqual([
    {
      bayId: 'bay-1',
      visitId: 'bay-1-9',
      message: 'present-card',
      reason: 'review',
      at: '2026-11-22T10:00:00.000Z',
      seq: 41,
    },
  ])
})

test('where berth only observes, nothing leaves it', async () => {
  expect(await heard(telling('present-card', 'review', false), record())).toEqual([])
})

test('a bay is called free only where the record leaves it vacant and in service', async () => {
  const free = telling('free', 'exit-inferred')
  expect(await heard(free, record({ state: 'authorizing' }))).toEqual([])
  expect(await heard(free, record({ state: 'vacant' }))).toMatchObject([{ message: 'free', visitId: null }])
  expect(await heard(free, record({ state: 'vacant' }), 'out-of-service')).toMatchObject([
    { message: 'closed', reason: 'out-of-service' },
  ])
})

test('a site without signs carries out everything else', async () => {
  const failed: unknown[] = []
  const ports = { site: () => ({ bay: () => undefined }), failed: (_: Effect, cause: unknown) => failed.push(cause) }
  dispatcher(ports as unknown as DispatchPorts)(telling('plug-in', 'card'), record())
  await Promise.resolve()
  expect(failed).toEqual([])
})
