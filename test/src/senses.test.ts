import { readFileSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import type { Clock } from '../../actors/ports.ts'
import { systemClock } from '../../src/clock.ts'
import { serve } from '../../src/compose.ts'
import { openRoom } from '../../src/open-room.ts'
import type { Room } from '../../src/room.ts'
import { prometheusText } from '../../src/server/metrics-text.ts'
import { readSiteFile } from '../../src/site-file.ts'
import { until, writeSite } from './serve/serving-line.ts'

const HOUR = 3_600_000

/** The real clock, and a way to let it run ahead. */
function hastyClock(): Clock & { skip(ms: number): void } {
  let ahead = 0
  return {
    now: () => systemClock.now() + ahead,
    after: systemClock.after,
    skip: (ms) => {
      ahead += ms
    },
  }
}

async function opened(path: string, clock: Clock): Promise<Room> {
  const room = await openRoom(await readSiteFile(path, {}), clock, () => {}, {})
  onTestFinished(() => room.close())
  await room.start()
  return room
}

/** A picture without a car a second, taken by a clock that is `behind_ms` behind. */
async function watches(room: Room, clock: ReturnType<typeof hastyClock>, seconds: number, behind_ms: number) {
  for (let second = 0; second < seconds; second += 1) {
    await room.feed.see({
      cameraId: 'cam-1',
      reads: [],
      vehicles: [],
      frame: `frame-${clock.now()}`,
      capturedAt: clock.now() - behind_ms,
      reader: 'device',
    })
    clock.skip(1_000)
    room.tick()
  }
}

test('a camera’s clock is learnt, shown in the bay, in the metrics and as an alarm of the site, and known after a restart', async () => {
  const site = await writeSite(2)
  const clock = hastyClock()
  const room = await opened(site.path, clock)
  expect(room.desk.bay('bay-1')).toMatchObject({ cameras: [{ skew_s: null }], chargers: [{ skew_s: null }] })
  await watches(room, clock, 15, 3 * HOUR)
  await until(() => room.desk.alarms().some(({ type }) => type === 'clock-skew'))
  const [skew] = room.desk.alarms().filter(({ type }) => type === 'clock-skew')
  expect(skew).toMatchObject({ alarmId: 'site/clock-skew/cam-1', bayId: null })
  expect(skew?.says).toContain('3 h behind')
  const shown = room.desk.bay('bay-2')?.cameras[0]?.skew_s ?? 0
  expect(Math.abs(shown - 10_800)).toBeLessThan(1)
  const metrics = prometheusText(room.desk, room.senses.guard.counts())
  expect(metrics.match(/^berth_device_clock_behind_seconds\{kind="camera",device="cam-1"\} 10[78]\d\d/gm)).toHaveLength(
    1,
  )
  await room.close()

  const again = await opened(site.path, clock)
  expect(again.desk.bay('bay-1')?.cameras[0]?.skew_s).toBe(shown)
  expect(again.desk.alarms().map(({ alarmId }) => alarmId)).toContain('site/clock-skew/cam-1')
  await watches(again, clock, 2, 3 * HOUR)
  await until(() => again.site.bay('bay-1')?.here.presence === 'empty')
  await watches(again, clock, 620, 0)
  await until(() => again.desk.alarms().every(({ type }) => type !== 'clock-skew'))
})

test('a charge point’s clock is watched as soon as its server listens', async () => {
  const room = await opened((await writeSite(1)).path, systemClock)
  room.tick()
  room.connect({
    chargePoints: {
      online: () => true,
      start: async () => 'accepted',
      stop: async () => 'accepted',
      ask: async () => 'accepted',
    },
    counters: () => ({}),
    clocks: () => [{ kind: 'charge-point', device: 'CP-1', offset_ms: -HOUR }],
  })
  room.tick()
  await until(() => room.desk.bay('bay-1')?.chargers[0]?.skew_s === -3_600)
  expect(room.desk.alarms()).toMatchObject([{ alarmId: 'site/clock-skew/CP-1' }])
})

test('a forged push is an alarm of the site, and its source stands sealed in the journal', async () => {
  const room = await opened((await writeSite(1)).path, systemClock)
  expect(room.senses.guard.judge({ cameraId: null, address: '203.0.113.9', dialect: 'reads' })).toBe('unknown-token')
  await until(() => room.desk.alarms().length === 1)
  expect(room.desk.alarms()).toMatchObject([{ alarmId: 'site/forged-push/unknown-token', bayId: null }])
  const [record] = (await room.journal.readSite()).filter(({ cause }) => cause.type === 'push.quarantined')
  if (!record) throw new Error('nothing is on record')
  expect(JSON.stringify(record)).not.toContain('203.0.113')
  expect(Object.values(room.journal.open(record))).toEqual([{ address: '203.0.113.9' }])
})

test('what the site file says of a camera’s address and device holds at the door of a served site', async () => {
  const site = await writeSite(1)
  const door = async (rule: string, wanted: number[], open: string[]): Promise<void> => {
    writeFileSync(
      site.path,
      readFileSync(site.path, 'utf8').replace(/kind: push(\n {4}(from|deviceId):.*)*/, `kind: push${rule}`),
    )
    const serving = await serve(site.path, { readerFollows: true, env: {} })
    onTestFinished(() => serving.stop())
    const push = async (deviceId: string) => {
      const body = JSON.stringify({ reads: [], vehicles: [], deviceId })
      return (await fetch(`${serving.url}/in/cam-1-secret/reads`, { method: 'POST', body })).status
    }
    const answers = [await push('DS-7'), await push('DS-8')]
    const alarms = async (): Promise<string[]> => {
      const { items } = (await (await fetch(`${serving.url}/api/alarms`)).json()) as { items: { alarmId: string }[] }
      return items.map(({ alarmId }) => alarmId)
    }
    await until(async () => (await alarms()).length === open.length)
    expect([answers, await alarms()]).toEqual([wanted, open])
    await serving.stop()
  }
  await door('\n    from: ["192.0.2.7"]', [403, 403], ['site/forged-push/cam-1/address'])
  await door(
    '\n    from: ["127.0.0.1"]\n    deviceId: DS-7',
    [200, 403],
    ['site/forged-push/cam-1/address', 'site/forged-push/cam-1/device'],
  )
}, 180_000)
