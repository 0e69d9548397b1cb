import { describe, expect, it } from 'vitest'
import {
  openClient,
  openRaw,
  openStage,
  pause,
  QUICK_PROFILE,
  type RawSocket,
  type Stage,
  settled,
  soon,
} from '../../contracts/ocpp-stage.ts'
import { fc } from '../../seeded-check.ts'
import { mutate } from '../serve/mutations.ts'

const TWO = [
  { id: 'CP-1', evses: [] },
  { id: 'CP-2', profile: QUICK_PROFILE },
]

const VALID: readonly unknown[] = [
  [2, 'a', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M', firmwareVersion: '1' }],
  [
    2,
    'b',
    'StatusNotification',
    { connectorId: 1, status: 'Charging', errorCode: 'NoError', timestamp: '2026-11-22T10:00:00Z' },
  ],
  [2, 'c', 'StartTransaction', { connectorId: 1, idTag: 'CARD', meterStart: 5, timestamp: '2026-11-22T10:00:00Z' }],
  [
    2,
    'd',
    'StopTransaction',
    { transactionId: 101, meterStop: 9, timestamp: '2026-11-22T10:00:00Z', reason: 'Local', transactionData: [] },
  ],
  [
    2,
    'e',
    'MeterValues',
    {
      connectorId: 1,
      transactionId: 101,
      meterValue: [
        {
          timestamp: '2026-11-22T10:00:00Z',
          sampledValue: [{ value: '6.1', measurand: 'Current.Import', unit: 'A', phase: 'L1' }],
        },
      ],
    },
  ],
  [2, 'f', 'Authorize', { idTag: 'CARD' }],
  [3, 'g', { status: 'Accepted' }],
  [4, 'h', 'InternalError', 'x', {}],
]

const junk = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(null, '', 'NaN', -1, 1e308, '__proto__', [], {}, { toString: 1 }),
  fc.string({ maxLength: 300 }),
)

/** A valid frame with one thing changed somewhere: a value replaced, a field dropped, or its text cut or stirred. */
const mutated = fc
  .tuple(fc.constantFrom(...VALID), fc.nat(), junk, fc.constantFrom('replace', 'drop', 'cut', 'stir'), fc.nat())
  .map((picked) => mutate(...picked))

async function alive(raw: RawSocket, id: string): Promise<void> {
  expect(await raw.call(id, 'Heartbeat', {})).toEqual([3, id, { currentTime: expect.any(String) }])
}

/** A well-behaved neighbour that charges all the while. */
async function openNeighbour(stage: Stage): Promise<() => Promise<void>> {
  const neighbour = openClient(stage, { id: 'CP-2' })
  await settled(stage, neighbour)
  neighbour.plug(1)
  neighbour.tapCard(1, 'CARD-2')
  await soon(() => neighbour.connector(1).transactionId !== null)
  const before = stage.desk.of('meter', 'CP-2').length
  return async () => {
    await soon(() => stage.desk.of('meter', 'CP-2').length > before)
    const seen = stage.desk.of('meter', 'CP-2').length
    await soon(() => stage.desk.of('meter', 'CP-2').length > seen)
    expect(stage.desk.of('offline', 'CP-2')).toEqual([])
  }
}

describe('a hostile charge point', () => {
  it('with 1,000 mutated frames: the process lives, it is still answered, and its neighbour is not disturbed', async () => {
    const stage = await openStage(TWO)
    const undisturbed = await openNeighbour(stage)
    let raw = await openRaw(stage)
    for (const [i, text] of fc.sample(mutated, { numRuns: 1_000, seed: 16 }).entries()) {
      if (raw.socket.readyState !== raw.socket.OPEN) raw = await openRaw(stage)
      raw.socket.send(text)
      if (i % 50 === 49 && raw.socket.readyState === raw.socket.OPEN) await alive(raw, `alive-${i}`)
    }
    await undisturbed()
    expect(stage.server.counters()['calls_unanswered']).toBe(0)
    expect(stage.server.counters()['bad_messages']).toBeGreaterThan(50)
  })

  it('with a frame of 5 MB is cut off with 1009, and may come back', async () => {
    const stage = await openStage(TWO)
    const undisturbed = await openNeighbour(stage)
    const raw = await openRaw(stage)
    raw.socket.send(JSON.stringify([2, 'x', 'DataTransfer', { data: 'x'.repeat(5_000_000) }]))
    expect((await raw.closed).code).toBe(1009)
    expect(stage.tooLarge).toEqual(['CP-1'])
    await alive(await openRaw(stage), 'back')
    await undisturbed()
  })

  it('with text that is no JSON, wrong arrays, binary and empty frames is counted and kept', async () => {
    const stage = await openStage(TWO)
    const raw = await openRaw(stage)
    for (const text of [
      'hello',
      '{}',
      '[]',
      '[2]',
      '[2,"a"]',
      '["2","a","Heartbeat",{}]',
      '[9,"a",{}]',
      '[2,{},"Heartbeat",{}]',
      'null',
      '[3,"nobody",{}]',
      '',
      '[2,"a",5,{}]',
    ])
      raw.socket.send(text)
    raw.socket.send(Buffer.from([0, 1, 2, 255]))
    raw.socket.send(Buffer.from(JSON.stringify([2, 'bin', 'Heartbeat', {}])))
    await alive(raw, '1')
    expect(stage.server.counters()['bad_messages']).toBe(12)
    expect(raw.received.some((f) => Array.isArray(f) && f[1] === 'bin' && f[0] === 3)).toBe(true)
  })

  it('that sends nothing but rubbish is closed politely in the end', async () => {
    const stage = await openStage(TWO)
    const raw = await openRaw(stage)
    for (let i = 0; i < 60; i++) raw.socket.send('rubbish')
    expect((await raw.closed).code).toBe(1002)
  })

  it('that sends faster than the journal writes is cut off before its backlog grows, and its neighbour goes on', async () => {
    const stage = await openStage(TWO)
    const raw = await openRaw(stage)
    await alive(raw, '1')
    stage.desk.slow_ms = 20
    for (let i = 0; i < 2_000; i++) raw.send([2, `f${i}`, 'Authorize', { idTag: 'X' }])
    await raw.closed
    stage.desk.slow_ms = 0
    expect(stage.server.counters()['flooded']).toBeGreaterThanOrEqual(1)
    const neighbour = openClient(stage, { id: 'CP-2' })
    await settled(stage, neighbour)
  })

  it('that never reads what it is answered is cut off', async () => {
    const stage = await openStage(TWO)
    const raw = await openRaw(stage)
    raw.socket.pause()
    // The answer to an unknown action names nothing of it, so the load must come by number.
    for (let i = 0; i < 400 && stage.server.counters()['stuffed'] === 0; i++) {
      for (let j = 0; j < 200; j++) raw.send([2, `${i}-${j}-${'x'.repeat(2_000)}`, 'Heartbeat', {}])
      await pause(5)
      if (raw.socket.readyState !== raw.socket.OPEN) break
    }
    await soon(() => (stage.server.counters()['stuffed'] ?? 0) > 0)
  })

  it('with numbers where nothing may be: a vast meter frame is read without harm', async () => {
    const stage = await openStage(TWO)
    const raw = await openRaw(stage)
    const sampledValue = Array.from({ length: 40_000 }, () => ({ value: '1' }))
    expect(
      await raw.call('m', 'MeterValues', { connectorId: 1, meterValue: [{ timestamp: 'x', sampledValue }] }),
    ).toEqual([3, 'm', {}])
    expect(stage.desk.of('meter')[0]?.samples).toHaveLength(1)
  })
})
