import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { channelOf, spawnRelay } from '../../../src/relay/relay-spawn.ts'
import { relaySettings } from './relay-stage.ts'

const quiet = { clock: systemClock, hear: () => undefined }

test('a relay that runs is found, one with other settings is replaced, and a stopped one is gone', async () => {
  const settings = relaySettings('ws://127.0.0.1:9/none')
  const first = await spawnRelay(settings, quiet)
  const { pid } = await first.client.state()
  first.client.close()
  const second = await spawnRelay(settings, quiet)
  expect((await second.client.state()).pid).toBe(pid)
  second.client.close()
  const third = await spawnRelay({ ...settings, patience_ms: 999 }, quiet)
  const other = (await third.client.state()).pid
  onTestFinished(() => third.stop().catch(() => undefined))
  expect(other).not.toBe(pid)
  expect(() => process.kill(pid, 0)).toThrow()
  await third.stop()
  expect(() => process.kill(other, 0)).toThrow()
}, 60_000)

test('a relay that cannot start says where to look', async () => {
  const settings = relaySettings('ws://127.0.0.1:9/none', { host: '203.0.113.1' })
  await expect(spawnRelay(settings, quiet)).rejects.toThrow(
    /The relay did not start: Error: listen EADDRNOTAVAIL.*relay\.db\.log/,
  )
}, 60_000)

test('the channel of a long path gets a short name', () => {
  expect(channelOf('/data/site.db')).toBe('/data/site.db.sock')
  const long = channelOf(`/data/${'x'.repeat(120)}.db`)
  expect(long.length).toBeLessThan(104)
  expect(channelOf(`/data/${'x'.repeat(120)}.db`)).toBe(long)
})
