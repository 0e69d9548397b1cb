import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { addSite } from '../../../src/centre/centre-book.ts'
import { centre } from '../../../src/commands/centre.ts'
import { verify } from '../../../src/commands/verify.ts'
import { checkSiteFile } from '../../../src/site-file.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { until } from '../journal/appended-batches.ts'
import { runCommand } from '../journal/run-command.ts'
import { openStage, ship, siteWith } from './link-stage.ts'

vi.setConfig({ testTimeout: 180_000 })

const SITE = `site: { id: depot, name: Depot, timezone: UTC }
bays:
  - { id: bay-1, chargePoint: CP-1, evse: 1, zones: [] }
chargePoints:
  - { id: CP-1 }
`
const errorsOf = (more: string, env: NodeJS.ProcessEnv = {}) =>
  checkSiteFile(`${SITE}${more}`, 'site.yaml', env, { served: false }).errors.map(
    ({ path, says }) => `${path}: ${says}`,
  )

test('a site file names its centre with a token from the environment, and what cannot work is said', () => {
  const token = 'a-token-of-a-centre-12345'
  const { site } = checkSiteFile(
    `${SITE}centre: { url: wss://centre.example/link, token: "\${TOKEN}", ca: own.pem }`,
    '/etc/berth/site.yaml',
    { TOKEN: token },
    { served: false },
  )
  expect(site?.centre).toEqual({
    url: 'wss://centre.example/link',
    token,
    ca: '/etc/berth/own.pem',
    silent_min: 60,
    driverPages: false,
    crops: false,
    orders: [],
    policy: false,
  })
  expect(checkSiteFile(SITE, 'site.yaml', {}, { served: false }).site?.centre).toBeNull()
  const at = (url: string) => errorsOf(`centre: { url: "${url}", token: ${token} }`)
  expect(at('ws://centre.example/link')).toEqual(['centre.url: who is on the way sees the journal and the token'])
  expect(at('ws://127.0.0.1:9400/link')).toEqual([])
  expect(at('wss://me:secret@centre.example/link')).toEqual(['centre.url: the address holds a user or password'])
  expect(at('https://centre.example')).toHaveLength(1)
  expect(errorsOf('centre: { url: wss://centre.example/link, token: short }')).toHaveLength(1)
  expect(errorsOf(`centre: { url: wss://centre.example/link, token: "\${TOKEN}" }`)).toEqual([
    expect.stringMatching(/^centre\.token: /),
  ])
  const onServer = `store: { kind: postgres, url: "postgres://u:p@127.0.0.1/d" }\ncentre: { url: wss://c.example/link, token: ${token} }`
  expect(errorsOf(onServer)).toEqual([])
  const onKurrent = `store: { kind: kurrentdb, url: "kurrentdb://127.0.0.1:2113?tls=false" }\ncentre: { url: wss://c.example/link, token: ${token} }`
  expect(errorsOf(onKurrent)).toEqual(['centre: a journal on a KurrentDB is not shipped'])
})

test('plates are compared with other sites only where the file says so, by a key that is long enough and that no centre has', () => {
  const token = 'a-token-of-a-centre-that-is-as-long-as-a-key'
  const at = (more: string, env = {}) =>
    errorsOf(`centre: { url: wss://centre.example/link, token: ${token}, plausibility: ${more} }`, env)
  const key = 'a-key-of-the-tests-that-all-sites-share'
  expect(at(`{ key: "\${KEY}", travel_min: 20 }`, { KEY: key })).toEqual([])
  expect(at(`{ key: "\${KEY}", travel_min: 20 }`)).toEqual([
    expect.stringMatching(/^centre\.plausibility\.key: the environment has no KEY/),
  ])
  expect(at(`{ key: ${token}, travel_min: 20 }`)).toEqual([
    'centre.plausibility.key: the centre knows this key: it is the token',
  ])
  for (const wrong of [
    '{ key: short, travel_min: 20 }',
    ...[`{ key: ${key} }`, '{ travel_min: 20 }', 'true'],
    ...[0, 721, 1.5].map((travel) => `{ key: ${key}, travel_min: ${travel} }`),
  ])
    expect([wrong, at(wrong).length]).toEqual([wrong, 1])
})

test('a command line that is not understood is answered with 2 and what to write', async () => {
  for (const argv of [['add'], ['add', 'a', 'b'], ['sell', 'depot'], ['list', 'depot'], ['toString', 'depot']]) {
    const { code, err } = await runCommand(centre, ...argv, '--store', 'postgres://u:p@127.0.0.1/d')
    expect([argv, code, err.startsWith('berth centre: write')]).toEqual([argv, 2, true])
  }
  expect((await runCommand(centre, 'list')).err).toMatch(/^berth centre: say which database/)
  for (const wrong of [
    ['--port', '70000'],
    ['--cert', 'a.pem'],
  ])
    expect((await runCommand(centre, '--store', 'postgres://u:p@127.0.0.1/d', ...wrong)).code).toBe(2)
})

test('an admin token that can be guessed opens no centre', async () => {
  vi.stubEnv('BERTH_ADMIN_TOKEN', 'x'.repeat(19))
  onTestFinished(() => void vi.unstubAllEnvs())
  const running = runCommand(centre, '--store', 'postgres://u:p@127.0.0.1:1/d')
  await expect(running).rejects.toThrow('BERTH_ADMIN_TOKEN has fewer than 20 characters and can be guessed')
})

withPostgres('berth centre', (cluster) => {
  test('sites are added, listed, renewed, taken over and removed; tokens are shown once and kept as hashes; a copy verifies like its site', async () => {
    const name = await cluster().newDatabase()
    const stage = await openStage(cluster().url(name))
    const store = ['--store', stage.store]
    const added = await runCommand(centre, 'add', 'depot', ...store)
    expect([added.code, added.err]).toEqual([0, expect.stringContaining('The token of depot (epoch 1)')])
    const token = added.out.trim()
    const kept = JSON.stringify(await cluster().ask(name, 'SELECT * FROM berth_centre.token'))
    expect(kept).not.toContain(token)
    await expect(runCommand(centre, 'add', 'depot', ...store)).rejects.toThrow('depot ships here already')
    await expect(runCommand(centre, 'add', '../x', ...store)).rejects.toThrow('is no site')
    await expect(runCommand(centre, 'takeover', 'other', ...store)).rejects.toThrow('No site "other" ships here')
    expect((await runCommand(centre, 'list', ...store)).out).toBe('depot\tepoch 1\t0 records\tnever heard\n')

    const site = await siteWith(40)
    const { uplink } = ship(site, stage.centre.url, token)
    await until(() => uplink.place.sent === 40)
    await uplink.close()
    await stage.centre.close()
    expect((await runCommand(centre, 'list', ...store)).out).toMatch(/^depot\tepoch 1\t40 records\theard 20\d\d-.*Z\n$/)
    expect(await runCommand(verify, stage.store)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`depot: 40 records hold; newest hash ${site.journal.head().hash}`),
    })
    expect((await runCommand(verify, stage.store, 'depot')).code).toBe(0)
    await cluster().ask(name, `UPDATE berth.record SET content = replace(content, '6.1', '9.9') WHERE seq = 17`)
    const altered = await runCommand(verify, stage.store)
    expect([altered.code, altered.err]).toEqual([1, expect.stringContaining('record 17: its content was altered')])

    const renewed = await runCommand(centre, 'renew', 'depot', ...store)
    expect(renewed.out.trim()).not.toBe(token)
    expect((await runCommand(centre, 'takeover', 'depot', ...store)).err).toContain('(epoch 2)')
    expect((await runCommand(centre, 'remove', 'depot', ...store)).code).toBe(0)
    expect((await runCommand(centre, 'list', ...store)).out).toBe('')
    // What was shipped stays, and the site may be added again.
    expect((await runCommand(centre, 'add', 'depot', ...store)).err).toContain('(epoch 4)')
  })

  test('a site needs a host of its own: no other site’s, however that is written, and not the centre’s', async () => {
    const stage = await openStage(cluster().url(await cluster().newDatabase()))
    const store = ['--store', stage.store]
    await runCommand(centre, 'add', 'Depot', ...store)
    await expect(runCommand(centre, 'add', 'depot', ...store)).rejects.toThrow('Depot ships here already')
    const both = await Promise.allSettled(['yard', 'YARD'].map((site) => addSite(stage.line, site, 'now')))
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const config = join(scratchFolder(), 'centre.yaml')
    writeFileSync(config, 'url: https://centre.example:9400\n')
    const adding = runCommand(centre, 'add', 'Centre', ...store, '--config', config)
    await expect(adding).rejects.toThrow('The centre itself is at centre.example')
    expect((await runCommand(centre, 'add', 'harbour', ...store, '--config', config)).code).toBe(0)
  })

  test('a site that is served from the database is not taken for one that ships', async () => {
    const name = await cluster().newDatabase()
    const stage = await openStage(cluster().url(name))
    await cluster().ask(
      name,
      `INSERT INTO berth.site VALUES ('depot', 3, 0, '${'0'.repeat(64)}', 'keys', 'owned', 'host', 1, '2026-11-23T12:00:00.000Z')`,
    )
    const adding = runCommand(centre, 'add', 'depot', '--store', stage.store)
    await expect(adding).rejects.toThrow('Process 1 on host serves the log of depot from this database')
  })

  test('a site’s log is nobody’s to own while its gateway ships it', async () => {
    const stage = await openStage(cluster().url(await cluster().newDatabase()))
    const { token } = await stage.add('depot')
    const site = await siteWith(3)
    const { uplink } = ship(site, stage.centre.url, token)
    await until(() => uplink.place.sent === 3)
    const folder = scratchFolder()
    const path = join(folder, 'site.yaml')
    writeFileSync(path, `${SITE}store: { kind: postgres, url: "${stage.store}", path: ./site.db }\n`)
    const { openPostgresStore } = await import('../../contracts/postgres-store.ts')
    await expect(openPostgresStore(stage.store, folder)).rejects.toThrow('depot')
  })
})
