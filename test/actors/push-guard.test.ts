import { describe, expect, test } from 'vitest'
import { addressRange } from '../../actors/address-range.ts'
import type { Entry } from '../../actors/ports.ts'
import { type PushRule, pushGuard } from '../../actors/push-guard.ts'
import type { FactRecord } from '../../machines/record.ts'

const T0 = Date.parse('2026-11-22T10:00:00Z')
const MINUTE = 60_000
const RULES: readonly PushRule[] = [
  { cameraId: 'cam-1', from: [addressRange('192.0.2.0/29')].flatMap((one) => one ?? []), deviceId: 'DS-7' },
  { cameraId: 'cam-2', from: [], deviceId: null },
]

/** A guard whose clock and journal are the test's; what it writes it hears again, as a site would tell it. */
function guarded(rules = RULES) {
  const written: (Entry & { readonly at: number })[] = []
  const state = { now: T0, failing: false }
  const guard = pushGuard({
    clock: { now: () => state.now, after: () => () => {} },
    mark: (text) => `mark-${text.length}-${text.at(-1)}`,
    rules,
    scribe: {
      write: async (entries) => {
        if (state.failing) throw new Error('the disk is full')
        written.push(...entries.map((entry) => ({ ...entry, at: state.now })))
        for (const entry of entries)
          guard.hear({ ...entry, at: new Date(state.now).toISOString() } as unknown as FactRecord)
        return []
      },
    },
  })
  /** Seconds pass, one tick each. */
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      state.now += 1000
      guard.tick()
      await Promise.resolve()
      await Promise.resolve()
    }
  }
  return { guard, written, state, pass }
}
const push = (more: object = {}) => ({ cameraId: 'cam-1', address: '192.0.2.7', dialect: 'reads', ...more })
const forged = push({ address: '203.0.113.9' })
const effects = (entries: readonly Entry[]) =>
  entries.flatMap((entry) => entry.effects ?? []).map(({ type, alarmId }) => `${type} ${alarmId}`)

describe('whose push it is', () => {
  test('the camera’s own are let in, from anywhere where no address is named', () => {
    const { guard } = guarded()
    expect(guard.judge(push())).toBeNull()
    expect(guard.judge(push({ deviceId: 'DS-7' }))).toBeNull()
    expect(guard.judge(push({ cameraId: 'cam-2', address: '203.0.113.9', deviceId: null }))).toBeNull()
  })

  test('nobody’s token, another address, another device and a device that does not say are not', () => {
    const { guard } = guarded()
    expect(guard.judge(push({ cameraId: null }))).toBe('unknown-token')
    expect(guard.judge(push({ cameraId: 'cam-9' }))).toBe('unknown-token')
    expect(guard.judge(forged)).toBe('address')
    expect(guard.judge(push({ address: '' }))).toBe('address')
    expect(guard.judge(push({ deviceId: 'DS-8' }))).toBe('device')
    expect(guard.judge(push({ deviceId: null }))).toBe('device')
  })

  test('each is counted by camera and reason', () => {
    const { guard } = guarded()
    expect(guard.counts()).toEqual({
      'intake_quarantined{camera="cam-1",reason="address"}': 0,
      'intake_quarantined{camera="cam-1",reason="device"}': 0,
    })
    for (let count = 0; count < 3; count += 1) guard.judge(forged)
    guard.judge(push({ cameraId: null }))
    guard.judge(push())
    expect(guard.counts()).toEqual({
      'intake_quarantined{camera="cam-1",reason="address"}': 3,
      'intake_quarantined{camera="cam-1",reason="device"}': 0,
      'intake_quarantined{camera="",reason="unknown-token"}': 1,
    })
  })
})

describe('what is on record', () => {
  test('the first at once, with its alarm; the source’s address only under its own seal', async () => {
    const { guard, written, pass } = guarded()
    guard.judge(forged)
    await pass(1)
    expect(written).toHaveLength(1)
    expect(written[0]).toMatchObject({
      stream: 'site',
      cause: {
        type: 'push.quarantined',
        cameraId: 'cam-1',
        reason: 'address',
        count: 1,
        dialects: ['reads'],
        others: 0,
      },
      personal: { 'mark-11-9': { address: '203.0.113.9' } },
      effects: [{ type: 'raise.alarm', alarm: 'forged-push', alarmId: 'site/forged-push/cam-1/address' }],
    })
    expect(JSON.stringify([written[0]?.cause, written[0]?.effects])).not.toContain('203.0.113')
  })

  test('a push a second for a day is 30 records at most, and every push is in one of them', async () => {
    const { guard, written, pass } = guarded()
    for (let second = 0; second < 86_400; second += 1) {
      guard.judge(forged)
      await pass(1)
    }
    const counted = written.reduce((sum, { cause }) => sum + Number(cause['count']), 0)
    expect(written.length).toBeLessThan(31)
    expect(written.slice(1).every((one, at) => one.at - (written[at]?.at ?? 0) >= MINUTE)).toBe(true)
    expect(counted).toBeGreaterThan(86_400 - 3_600)
    await pass(3_600)
    expect(written.reduce((sum, { cause }) => sum + Number(cause['count'] ?? 0), 0)).toBe(86_400)
  })

  test('many sources are four by name and a count, so that nobody fills the journal from many addresses', async () => {
    const { guard, written, pass } = guarded()
    guard.judge(forged)
    for (let host = 0; host < 250; host += 1) guard.judge(push({ address: `203.0.113.${host}`, dialect: 'frame' }))
    await pass(61)
    expect(written[1]?.cause).toMatchObject({ count: 250, others: 246, dialects: ['frame'] })
    expect(written[1]?.cause['sources']).toHaveLength(4)
  })

  test('the alarm ends ten minutes after the last push, and comes again with the next', async () => {
    const { guard, written, pass } = guarded()
    guard.judge(forged)
    await pass(500)
    guard.judge(forged)
    await pass(599)
    expect(effects(written)).not.toContain('clear.alarm site/forged-push/cam-1/address')
    await pass(2)
    expect(effects(written).at(-1)).toBe('clear.alarm site/forged-push/cam-1/address')
    const before = written.length
    guard.judge(forged)
    await pass(1)
    expect(effects(written.slice(before))).toEqual(['raise.alarm site/forged-push/cam-1/address'])
  })

  test('an alarm that an earlier process raised ends too', async () => {
    const earlier = guarded()
    earlier.guard.judge(push({ cameraId: null }))
    await earlier.pass(1)
    const { guard, written, pass } = guarded()
    for (const entry of earlier.written)
      guard.hear({ ...entry, at: new Date(entry.at).toISOString() } as unknown as FactRecord)
    await pass(590)
    expect(written).toEqual([])
    await pass(20)
    expect(effects(written)).toEqual(['clear.alarm site/forged-push/unknown-token'])
  })

  test('while the journal fails nothing is lost of the counts, and nothing is tried more than once a minute', async () => {
    const { guard, written, state, pass } = guarded()
    state.failing = true
    for (let count = 0; count < 7; count += 1) {
      guard.judge(forged)
      await pass(1)
    }
    expect(written).toEqual([])
    state.failing = false
    await pass(300)
    expect(written.map(({ cause }) => cause['count'])).toEqual([7])
  })
})

test('what could not be written counts once with what came meanwhile, each source where it belongs', async () => {
  const { guard, written, state, pass } = guarded()
  state.failing = true
  const push = (host: number) => guard.judge({ cameraId: null, address: `203.0.113.${host}`, dialect: 'reads' })
  for (const host of [1, 1, 2, 3, 4, 5, 6, 7]) push(host)
  await Promise.resolve()
  await Promise.resolve()
  state.failing = false
  await pass(61)
  const { cause } = written[0] as Entry
  const named = (cause['sources'] as unknown as readonly { count: number }[]).map(({ count }) => count)
  expect({ count: cause['count'], named, others: cause['others'] }).toEqual({
    count: 8,
    named: [2, 1, 1, 1],
    others: 3,
  })
})
