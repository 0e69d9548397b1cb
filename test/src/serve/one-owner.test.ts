import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { berth, type LineSite, type ServingProcess, serveSite, spawnSite, until, writeSite } from './serving-line.ts'

vi.setConfig({ testTimeout: 180_000 })

/** Starts `berth serve` that cannot: its exit code and its words. */
async function refused(site: LineSite): Promise<{ code: number | null; said: string }> {
  const { child, said }: ServingProcess = spawnSite(site)
  if (child.exitCode === null) await once(child, 'exit')
  return { code: child.exitCode, said: said() }
}

/** Something else that listens there. */
async function occupy(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
}

const aSentence = (start: string) => expect.stringMatching(new RegExp(`^berth serve: ${start}[^\\n]*\\n$`))

test('a second process on one store is refused in one sentence that names the first, which goes on', async () => {
  const site = await writeSite(1)
  const first = await serveSite(site)
  const other = { ...(await writeSite(1)) }
  writeFileSync(other.path, readFileSync(other.path, 'utf8').replace('./data/depot-north.db', site.store))
  const { code, said } = await refused(other)
  expect({ code, said }).toEqual({ code: 1, said: aSentence(`The store ${site.store}`) })
  expect(said).toContain(`process ${first.child.pid}`)
  expect((await first.ask('GET', '/api/site')).body.epoch).toBe(1)
  // Who only reads is not refused.
  expect((await berth('verify', '--site', site.path)).code).toBe(0)
  expect((await berth('replay', '--site', site.path)).code).toBe(0)
  expect(await first.stop()).toBe(0)
  const heir = await serveSite(site)
  expect((await heir.ask('GET', '/api/site')).body.epoch).toBe(2)
})

test.each([
  ['http', 'httpPort'],
  ['ocpp', 'ocppPort'],
] as const)('a taken %s port is one sentence and exit code 1, and leaves the store free', async (what, port) => {
  const site = await writeSite(1)
  await occupy(site[port])
  const { code, said } = await refused(site)
  expect({ code, said }).toEqual({
    code: 1,
    said: aSentence(`${what} cannot listen on 127.0.0.1:${site[port]}: the port is taken`),
  })
  const elsewhere = await writeSite(1)
  writeFileSync(elsewhere.path, readFileSync(elsewhere.path, 'utf8').replace('./data/depot-north.db', site.store))
  const next = await serveSite(elsewhere)
  expect(await next.stop()).toBe(0)
})

test('SIGTERM while it still starts is a clean stop too', async () => {
  const site = await writeSite(1)
  const serving = spawnSite(site)
  await until(() => existsSync(`${site.store}.lock`) || serving.child.exitCode !== null)
  expect(await serving.stop()).toBe(0)
  expect((await berth('verify', '--site', site.path)).code).toBe(0)
})

test('the folder of a new store is made; where it cannot be, one sentence says so', async () => {
  const site = await writeSite(1)
  writeFileSync(join(site.folder, 'data'), 'a file where the folder should be')
  const { code, said } = await refused(site)
  expect({ code, said }).toEqual({ code: 1, said: aSentence('The folder of the store') })
})

test('killed outright, it leaves no reader behind', async (context) => {
  if (process.platform !== 'linux') return context.skip('skipped: children are looked up in /proc')
  const site = await writeSite(1)
  const serving = await serveSite(site)
  await until(async () => (await serving.ask('GET', '/health/ready')).status === 200)
  const children = readersOf(serving)
  expect(children.length).toBeGreaterThan(0)
  await serving.kill()
  await until(() => children.every((pid) => !existsSync(`/proc/${pid}`)))
})

function readersOf({ child }: ServingProcess): number[] {
  const path = `/proc/${child.pid}/task/${child.pid}/children`
  return readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).map(Number)
}
