import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { parse, stringify } from 'yaml'
import { systemClock } from '../../../src/clock.ts'
import { dpia } from '../../../src/commands/dpia.ts'
import { openRoom } from '../../../src/open-room.ts'
import { recipients } from '../../../src/privacy/recipients.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { writeSite } from '../serve/serving-line.ts'
import { arrives, BY } from './private-room.ts'

afterEach(() => void vi.restoreAllMocks())

test('the pack says purposes, data with its retention as configured, cameras with drawn zones, counts and roles; no plate stands in it, and the sign has the contact', async () => {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const site = await writeSite(2)
  expect(await dpia(['--site', site.path, '--out', join(site.folder, 'pack')])).toBe(2)
  expect(String(err.mock.calls.at(-1)?.[0])).toContain('say whom people ask')
  const room = await openRoom(await readSiteFile(site.path), systemClock, () => {}, {})
  await room.start()
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  await arrives(room, 'ZZ99ABC', 1, 2)
  await room.close()
  const folder = join(site.folder, 'pack')
  expect(await dpia(['--site', site.path, '--out', folder, '--contact', 'privacy@depot.example'])).toBe(0)
  expect(readdirSync(folder).toSorted()).toEqual(['cam-1.png', 'dpia.md', 'sign.txt'])
  expect(out.mock.calls.map(([line]) => String(line)).join('')).toContain('dpia.md')
  const text = readFileSync(join(folder, 'dpia.md'), 'utf8')
  for (const words of [
    '| plate of a vehicle that is not registered | journal | sealed (AES-256-GCM) under a key of that subject’s own | visit + 60 seconds |',
    '![zones of cam-1](cam-1.png)',
    'Reads plates of: bay-1, bay-2.',
    '| vehicles | 1 |',
    '| visits | 1 |',
    '| see bays, masked plates, counts | viewer, operator, supervisor, installer, fleet, auditor, admin |',
    '| staff: name of who verified a request | journal | sealed (AES-256-GCM) under a key of that subject’s own | 1096 days after the request |',
    '| staff: name of a token (`berth token add NAME`)',
    'nobody: everything stays on this machine',
    'privacy@depot.example',
  ])
    expect(text).toContain(words)
  expect(text).not.toMatch(/AB12|ZZ99/)
  const sign = readFileSync(join(folder, 'sign.txt'), 'utf8')
  expect(sign).toContain('Ask: privacy@depot.example')
  expect(sign, 'crops are kept for reviews').not.toContain('No pictures are stored')
  expect(sign).toContain('Whole pictures are never stored; a small, encrypted picture')
})

test('whoever the site file lets anything out to is a recipient, by host and without passwords: receivers of news, brokers, keepers of checkpoints, a KurrentDB', async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const site = await writeSite(1)
  const own = parse(readFileSync(site.path, 'utf8'))
  const out = {
    news: {
      webhooks: [{ id: 'billing', url: 'https://billing.example/berth', secret: '0123456789abcdef0123456789abcdef' }],
      mqtt: [{ id: 'house', url: 'mqtt://broker.example', topic: 'depot/north', types: ['session.started'] }],
    },
    checkpoints: { to: [{ kind: 'http', url: 'https://witness.example/checkpoints' }] },
    centre: {
      url: 'wss://centre.example/link',
      token: 'token-of-the-tests',
      plausibility: { key: 'a-key-of-the-tests-that-all-sites-share', travel_min: 20 },
    },
  }
  writeFileSync(site.path, stringify({ ...own, ...out }))
  const folder = join(site.folder, 'pack')
  expect(await dpia(['--site', site.path, '--out', folder, '--contact', 'privacy@depot.example'])).toBe(0)
  const text = readFileSync(join(folder, 'dpia.md'), 'utf8')
  for (const words of [
    '- the receiver `billing` at billing.example: every kind of news',
    '- the broker `house` at broker.example, and whoever it lets read `depot/north`: session.started',
    '- https://witness.example/checkpoints: signed checkpoints of the journal, nothing of people',
    '- the same centre, in its memory alone: which agreed plate stands here or left, as a keyed hash',
  ])
    expect(text).toContain(words)
  expect(text).not.toContain('nobody: everything stays')
  const url = 'kurrentdb://berth:hunter2@db.example:2113?tls=false'
  writeFileSync(site.path, stringify({ ...own, store: { kind: 'kurrentdb', url, path: './data/depot-north' } }))
  expect(recipients(await readSiteFile(site.path))).toEqual([
    expect.stringContaining('the KurrentDB at db.example:2113: the whole journal;'),
  ])
  const centre = { url: 'wss://centre.example:9400/link', token: '0123456789abcdef0123456789abcdef' }
  const sealed = 'the centre at centre.example:9400: the whole journal; plates, tokens and names in it sealed'
  const typed = 'and in clear the plates and PINs that are typed on driver pages, with addresses of phones'
  for (const driverPages of [false, true]) {
    writeFileSync(site.path, stringify({ ...own, centre: { ...centre, driverPages } }))
    const [line, ...others] = recipients(await readSiteFile(site.path))
    expect([line?.startsWith(sealed), line?.endsWith(typed), others]).toEqual([true, driverPages, []])
  }
})
