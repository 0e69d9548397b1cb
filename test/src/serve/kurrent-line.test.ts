import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { linkStream, siteStream } from '../../../src/journal/kurrent-event.ts'
import { KurrentDouble } from '../../contracts/kurrent-double.ts'
import { testDouble } from '../../contracts/kurrent-store.ts'
import {
  berth,
  journalOf,
  type LineSite,
  readsBody,
  register,
  serveSite,
  until,
  untilState,
  writeSite,
} from './serving-line.ts'

vi.setConfig({ testTimeout: 180_000 })

const PLATE = 'AB12CDE'

/** A site whose journal is on the double; the address comes from the environment, as a password would. */
async function siteOn(double: KurrentDouble, bays: number): Promise<{ site: LineSite; env: NodeJS.ProcessEnv }> {
  const site = await writeSite(bays, { policy: { voteWindow_s: 2 } })
  const address = ['$', '{KURRENTDB_ADDRESS}'].join('')
  const store = `store:\n  kind: kurrentdb\n  url: ${address}\n  path: ./data/depot-north\n`
  writeFileSync(site.path, readFileSync(site.path, 'utf8').replace(/^store:\n(?: {2}.*\n)+/m, store))
  return { site, env: { KURRENTDB_ADDRESS: double.url } }
}

test('a bay charges on a KurrentDB, the process is killed, and the next one has every record and the same state', async () => {
  const double = await testDouble()
  const { site, env } = await siteOn(double, 1)
  const serving = await serveSite(site, { env })
  const client = serving.charge(1)
  await register(serving, PLATE, 'acc-1')
  await until(() => client.online)
  for (const frame of ['f1', 'f2']) await serving.post(readsBody(site, [{ bay: 1, plate: PLATE }], { frame }))
  await until(() => client.frames.some(({ frame }) => frame[0] === 2 && frame[2] === 'RemoteStartTransaction'))
  client.plug(1)
  const locked = await untilState(serving, 1, 'charging-locked')
  expect(locked).toMatchObject({ visit: { plate: PLATE, accountId: 'acc-1' } })
  const before = await journalOf(serving)
  await serving.kill()

  const again = await serveSite(site, { env })
  const bay = await untilState(again, 1, 'charging-locked')
  expect(bay).toMatchObject({ visit: locked.visit, session: { sessionId: locked.session.sessionId } })
  const after = await journalOf(again)
  const hashes = (records: readonly { hash: string }[]) => records.map(({ hash }) => hash)
  expect(hashes(after).slice(0, before.length)).toEqual(hashes(before))
  expect(
    after.map(({ cause }) => cause.type),
    'the one before went without a word',
  ).toContain('store.taken-over')

  // The server goes, a camera hears so, and once it is back everything goes on.
  await double.goAway()
  expect(await again.post(readsBody(site, [{ bay: 1, plate: 'QX77ZZT' }], { frame: 'f3' }))).toBe(503)
  await double.comeBack()
  await until(async () => (await again.post(readsBody(site, [{ bay: 1, plate: 'QX77ZZT' }], { frame: 'f4' }))) < 300)
  client.unplug(1)
  await until(async () => (await again.ask('GET', '/api/sessions')).body.items[0]?.endedAt !== null)
  await until(async () => {
    const { version } = (await again.ask('GET', '/api/bays/bay-1')).body
    return double.shelf.read(linkStream('depot-north', 'bay:bay-1'))?.length === version
  })
  expect(await again.stop()).toBe(0)

  vi.stubEnv('KURRENTDB_ADDRESS', env['KURRENTDB_ADDRESS'] ?? '')
  const out = join(site.folder, 'all.jsonl')
  const count = double.shelf.read(siteStream('depot-north'))?.length
  const all = [
    await berth('check', site.path),
    await berth('verify', '--site', site.path),
    await berth('replay', '--site', site.path),
    await berth('report', 'sessions', '--site', site.path),
    await berth('checkpoints', '--site', site.path),
    await berth('export', '--site', site.path, '--out', out),
    await berth('verify', out),
  ]
  vi.unstubAllEnvs()
  expect(all.map(({ code, err }) => ({ code, err }))).toEqual(all.map(() => ({ code: 0, err: '' })))
  expect(all[1]?.out).toContain(`depot-north on kurrentdb://127.0.0.1`)
  expect(all[1]?.out).toContain(`${count} records hold`)
  expect(all[1]?.out).toMatch(/checkpoints? holds?/)
  // What stays on this machine is beside the name that the site file gives; the journal is not among it.
  expect(existsSync(join(site.folder, 'data/depot-north.keys'))).toBe(true)
  expect(existsSync(join(site.folder, 'data/depot-north'))).toBe(false)
  expect(readFileSync(out, 'utf8')).not.toContain(PLATE)
})

test('a site whose server is away says so at the check and at the start, without the password', async () => {
  const double = await KurrentDouble.open()
  const { site } = await siteOn(double, 1)
  const url = double.url.replace('://', '://ann:hunter2@')
  await double.close()
  vi.stubEnv('KURRENTDB_ADDRESS', url)
  // Each waits a while for its server: both at once.
  const [checked, served] = await Promise.all([berth('check', site.path), berth('serve', '--site', site.path)])
  expect(checked).toMatchObject({ code: 1 })
  expect(checked.out).toMatch(/error .*store.url.*KurrentDB at kurrentdb:\/\/127.0.0.1:\d+ does not answer/)
  expect(served).toMatchObject({ code: 1 })
  expect(served.err).toMatch(/KurrentDB at kurrentdb:\/\/127.0.0.1:\d+ does not answer; start it/)
  expect(checked.out + checked.err + served.out + served.err).not.toContain('hunter2')
  vi.unstubAllEnvs()
})

test('a site with a file never loads the client of a server', () => {
  const script = (more: string) => `
    import { createRequire } from 'node:module'
    await import(${JSON.stringify(new URL('../../../src/open-room.ts', import.meta.url).href)})
    await import(${JSON.stringify(new URL('../../../src/commands/verify.ts', import.meta.url).href)})
    ${more}
    console.log(Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('@kurrent') || path.includes('/node_modules/pg/')))`
  const says = (more: string) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script(more)], {
      encoding: 'utf8',
      cwd: import.meta.dirname,
    })
  expect(says('').trim()).toBe('false')
  expect(says(`await import('@kurrent/kurrentdb-client')`).trim()).toBe('true')
})
