import { describe, expect, test } from 'vitest'
import { type ClockEstimate, clockWatch, type Device } from '../../actors/clock-watch.ts'
import type { Entry } from '../../actors/ports.ts'
import type { FactRecord } from '../../machines/record.ts'

const T0 = Date.parse('2026-11-22T10:00:00Z')
const HOUR = 3_600_000
const CAM: Device = { kind: 'camera', device: 'cam-1' }

/** A watch over one camera whose clock, journal and estimate are the test's; what it writes it hears again. */
function watched(device: Device = CAM) {
  const written: Entry[] = []
  const state = { now: T0, failing: false, offset_ms: null as number | null, limit_s: 60 }
  const records: FactRecord[] = []
  const watch = clockWatch({
    clock: { now: () => state.now, after: () => () => {} },
    limit_s: () => state.limit_s,
    estimates: (): ClockEstimate[] => [{ ...device, offset_ms: state.offset_ms }],
    scribe: {
      write: async (entries) => {
        if (state.failing) throw new Error('the disk is full')
        written.push(...entries)
        for (const entry of entries) {
          const seq = records.length + 1
          const record = { ...entry, seq, at: new Date(state.now).toISOString() } as unknown as FactRecord
          records.push(record)
          watch.hear(record)
        }
        return []
      },
    },
  })
  const off = async (offset_ms: number | null, seconds = 1): Promise<void> => {
    state.offset_ms = offset_ms
    for (let second = 0; second < seconds; second += 1) {
      state.now += 1000
      watch.tick()
      await Promise.resolve()
      await Promise.resolve()
    }
  }
  const effects = () => written.flatMap((entry) => entry.effects ?? []).map(({ type, alarmId }) => `${type} ${alarmId}`)
  const says = () => String(written.at(-1)?.effects?.[0]?.['says'])
  return { watch, written, records, state, off, effects, says }
}

describe('what is on record of a clock', () => {
  test('one fact when it is learnt, none while it stays, one when it moves by more than five seconds', async () => {
    const { watch, written, off } = watched()
    await off(null, 10)
    expect(written).toEqual([])
    expect(watch.known(CAM)).toBeNull()
    await off(400, 60)
    expect(written.map(({ stream, cause }) => [stream, cause['type'], cause['offset_ms']])).toEqual([
      ['site', 'clock.learnt', 400],
    ])
    await off(5_300, 60)
    expect(written).toHaveLength(1)
    await off(5_500, 599)
    expect(written).toHaveLength(1)
    await off(5_500, 2)
    expect(written.map(({ cause }) => cause['offset_ms'])).toEqual([400, 5_500])
    expect(watch.skew_s('camera', 'cam-1')).toBe(5.5)
  })

  test('crossing the limit raises the alarm, coming well back ends it, and an offset at the limit does not ring', async () => {
    const { effects, written, off } = watched()
    await off(58_000)
    await off(60_500, 601)
    await off(59_500)
    await off(60_500)
    await off(59_500, 700)
    expect(effects()).toEqual(['raise.alarm site/clock-skew/cam-1'])
    await off(53_000, 601)
    expect(effects().at(-1)).toBe('clear.alarm site/clock-skew/cam-1')
    expect(written).toHaveLength(3)
  })

  test('an alarm keeps the moment since when it is so, and takes the newer offset into its words', async () => {
    const { written, says, off } = watched()
    await off(-90_000, 601)
    await off(-400_000, 3_600)
    const since = '2026-11-22T10:00:01.000Z'
    expect(written.map(({ cause }) => cause['overSince'])).toEqual([null, since, since])
    expect(says()).toBe(
      'The clock of camera cam-1 is 7 min ahead of this site’s, noticed 2026-11-22 10:00 UTC; the limit is 60 s.'.replace(
        '’',
        "'",
      ),
    )
  })

  test('while the journal fails it is tried again every half minute, and learnt once it works', async () => {
    const { watch, written, state, off } = watched()
    state.failing = true
    await off(HOUR, 20)
    state.failing = false
    await off(HOUR, 5)
    expect(written).toEqual([])
    await off(HOUR, 10)
    expect(written).toHaveLength(1)
    expect(watch.known(CAM)?.overSince).toBeGreaterThan(T0)
  })

  test('the journal alone tells a new process what was known, and it says nothing twice', async () => {
    const before = watched()
    await before.off(2 * HOUR, 5)
    const after = watched()
    for (const record of before.records) after.watch.hear(record)
    expect(after.watch.known(CAM)).toEqual(before.watch.known(CAM))
    await after.off(2 * HOUR, 5)
    expect(after.written).toEqual([])
    await after.off(0, 601)
    expect(after.effects()).toEqual(['clear.alarm site/clock-skew/cam-1'])
  })

  test('what was known at an earlier record or hour is still told, for the bay as it was', async () => {
    const { watch, records, off } = watched()
    await off(HOUR)
    await off(null, 60)
    await off(0, 601)
    const at = (then: Parameters<typeof watch.skew_s>[2]) => watch.skew_s('camera', 'cam-1', then)
    expect([0, 1, 2, 9].map((seq) => at({ seq }))).toEqual([null, 3_600, 0, 0])
    expect(at({ time: records[0]?.at ?? '' })).toBe(3_600)
    expect(at({ time: '2026-11-22T10:00:00.500Z' })).toBeNull()
    expect(at({ time: '2026-11-23T10:00:00.000Z' })).toBe(0)
  })

  test('messages that are late now and then, a day long, are no news and no alarm', async () => {
    const { effects, written, off } = watched()
    for (let minute = 0; minute < 1_440; minute += 1) await off(minute % 2 === 0 ? 500 : 75_000, 60)
    expect(written).toHaveLength(1)
    expect(effects()).toEqual([])
  })

  test('a clock that jumps by hours rings after a minute, one a little over the limit after ten', async () => {
    const far = watched()
    await far.off(0)
    await far.off(HOUR, 60)
    expect(far.effects()).toEqual([])
    await far.off(HOUR, 1)
    expect(far.effects()).toHaveLength(1)
    const near = watched()
    await near.off(0)
    await near.off(70_000, 600)
    expect(near.effects()).toEqual([])
    await near.off(70_000, 1)
    expect(near.effects()).toHaveLength(1)
  })

  test('of a clock that wanders for years the newest thousand changes are remembered', async () => {
    const { watch, records, state } = watched()
    const learnt = (seq: number) => ({
      stream: 'site',
      seq,
      at: new Date(state.now).toISOString(),
      cause: { type: 'clock.learnt', ...CAM, offset_ms: seq * 1_000, overSince: null },
    })
    for (let seq = 1; seq <= 1_500; seq += 1) watch.hear(learnt(seq) as unknown as FactRecord)
    const at = (seq: number) => watch.skew_s('camera', 'cam-1', { seq })
    expect([at(1_500), at(501), at(500)]).toEqual([1_500, 501, null])
    expect(records).toEqual([])
  })

  test('a device that the site has no more loses its alarm', async () => {
    const { watch, effects, off } = watched()
    await off(2 * HOUR)
    watch.begin([CAM])
    expect(effects()).toHaveLength(1)
    watch.begin([{ kind: 'charge-point', device: 'cam-1' }])
    await off(null)
    expect(effects()).toEqual(['raise.alarm site/clock-skew/cam-1', 'clear.alarm site/clock-skew/cam-1'])
    expect(watch.known(CAM)).toBeNull()
    expect(watch.skew_s('camera', 'cam-1')).toBeNull()
  })
})

describe('in words', () => {
  const spoken = async (offset_ms: number, device: Device = CAM): Promise<string> => {
    const { off, says } = watched(device)
    await off(offset_ms, 601)
    return says()
  }

  test('whole and half hours look like a time zone or summer time; other offsets do not', async () => {
    for (const hours of [1, -1, 3, 5.5, -9.5, 13])
      expect(await spoken(hours * HOUR + 1_500)).toContain('time zone or summer time (DST)')
    for (const off of [70_000, 20 * 60_000, 1.25 * HOUR, 40 * HOUR, 400 * 24 * HOUR])
      expect(await spoken(off)).not.toContain('time zone')
    expect(await spoken(3 * HOUR)).toContain('camera cam-1 is 3 h behind this site')
    expect(await spoken(-90_000, { kind: 'charge-point', device: 'CP-1' })).toContain(
      'charge point CP-1 is 90 s ahead of this site',
    )
  })

  test('a clock that is years off was never set', async () => {
    expect(await spoken(20 * 365 * 24 * HOUR)).toMatch(/7300 days behind.*never set/)
  })
})

test('what is said of a camera’s clock before a restart is handed to the feed that begins after it', async () => {
  const { watch, off, state } = watched()
  await off(HOUR)
  expect(watch.cameraClock('cam-2')).toBeNull()
  const at = new Date(state.now + 5_000).toISOString()
  watch.hear({ stream: 'bay:bay-1', at, cause: { type: 'plate.seen', cameraId: 'cam-1' } } as unknown as FactRecord)
  watch.hear({
    stream: 'bay:bay-1',
    at: new Date(state.now + 90_000).toISOString(),
    cause: { type: 'camera.lost', cameraId: 'cam-1' },
  } as unknown as FactRecord)
  expect(watch.cameraClock('cam-1')).toMatchObject({
    offset: HOUR,
    last: { at: state.now + 5_000, difference: HOUR },
  })
})
