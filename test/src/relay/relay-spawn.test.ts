import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { channelOf, guardChannel } from '../../../src/relay/channel-path.ts'
import { spawnRelay } from '../../../src/relay/relay-spawn.ts'
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
}, 180_000)

test('a relay that cannot start says where to look', async () => {
  const settings = relaySettings('ws://127.0.0.1:9/none', { host: '203.0.113.1' })
  await expect(spawnRelay(settings, quiet)).rejects.toThrow(
    /The relay did not start: Error: listen EADDRNOTAVAIL.*relay\.db\.log/,
  )
}, 180_000)

test('a password of a charge point lies in no file of the relay, and one that an older version left is removed', async () => {
  const settings = relaySettings('ws://127.0.0.1:9/none', {
    chargePoints: [{ id: 'CP-1', upstream: 'ws://127.0.0.1:9/none', password: 'from-the-environment' }],
  })
  writeFileSync(`${settings.path}.json`, 'from-the-environment')
  const relay = await spawnRelay(settings, quiet)
  await relay.adopt({ 'CP-1': 'another-secret' })
  const folder = dirname(settings.path)
  const files = readdirSync(folder).filter((name) => !name.endsWith('.sock'))
  const secrets = /from-the-environment|another-secret/
  expect(files.filter((name) => secrets.test(readFileSync(join(folder, name), 'latin1')))).toEqual([])
  await relay.stop()
  expect(existsSync(`${settings.path}.json`)).toBe(false)
}, 180_000)

test('a channel in the folder for temporary files is in one that nobody else can write to', () => {
  const channel = channelOf(`/data/${'x'.repeat(120)}.db`)
  guardChannel(channel)
  expect(statSync(dirname(channel)).mode & 0o777).toBe(0o700)
  chmodSync(dirname(channel), 0o777)
  onTestFinished(() => chmodSync(dirname(channel), 0o700))
  expect(() => guardChannel(channel)).toThrow(/not this user's alone/)
})

test('the channel of a long path gets a short name', () => {
  expect(channelOf('/data/site.db')).toBe('/data/site.db.sock')
  const long = channelOf(`/data/${'x'.repeat(120)}.db`)
  expect(long.length).toBeLessThan(104)
  expect(channelOf(`/data/${'x'.repeat(120)}.db`)).toBe(long)
})
