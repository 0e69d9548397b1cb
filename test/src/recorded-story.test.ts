import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { SCENARIOS } from '../../simulations/scenario-list.ts'
import { E01 } from '../../simulations/scenarios/e01-look-alikes.ts'
import { E10 } from '../../simulations/scenarios/e10-silent-swap.ts'
import { runCommandLine } from '../../src/cli.ts'
import { play } from '../../src/commands/play.ts'
import { inspectStory, keepStory, type Telling } from '../../src/commands/recorded-story.ts'

const folders: string[] = []
afterEach(() => {
  vi.restoreAllMocks()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'berth-play-'))
  folders.push(made)
  return made
}

/** Exit code, and everything said. */
async function run(...argv: string[]): Promise<{ code: number; said: string }> {
  let said = ''
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said += String(text)
      return true
    })
  const code = await runCommandLine(argv).finally(() => vi.restoreAllMocks())
  return { code, said }
}

const telling = (scenario = E10, index = 0): Telling => {
  const story = scenario.stories[index]
  if (!story) throw new Error(`${scenario.name} has no story ${index}`)
  return { scenario, story, seed: 0 }
}

for (const scenario of SCENARIOS)
  test(`${scenario.edgeCase}, played with production keys into a production store, holds, verifies and replays without a difference`, async () => {
    const path = join(folder(), 'kept')
    const played = await keepStory(path, telling(scenario))
    expect(played.broken).toBeNull()
    const site = ['--site', join(path, 'site.yaml')]
    expect(await run('check', join(path, 'site.yaml'))).toMatchObject({ code: 0 })
    expect((await run('verify', ...site)).said).toContain(`${played.records.length} records hold`)
    const { code, said } = await run('replay', ...site)
    expect([code, said]).toEqual([
      0,
      expect.stringContaining(`${played.records.length} records replayed, no difference`),
    ])
  }, 180_000)

test('a kept story is exported, and its export verified and replayed', async () => {
  const path = folder()
  const { code, said } = await run('play', 'e10', '--keep', join(path, 'kept'))
  expect([code, said]).toEqual([0, expect.stringContaining(`berth verify --site ${path}/kept/site.yaml`)])
  expect(said).toContain('Kept: promise 1 of 6; --story N takes another.')
  const file = join(path, 'export.jsonl')
  expect((await run('export', '--site', join(path, 'kept/site.yaml'), '--out', file)).code).toBe(0)
  expect((await run('verify', file)).code).toBe(0)
  expect((await run('replay', file)).code).toBe(0)
  expect(readFileSync(file, 'utf8')).not.toContain('AB12CDE')
})

test('a folder that holds a site is left as it is', async () => {
  const path = folder()
  writeFileSync(join(path, 'site.yaml'), 'site: mine')
  const { code, said } = await run('play', 'e10', '--keep', path)
  expect([code, said]).toEqual([1, expect.stringContaining('give --keep a folder of its own')])
  expect(readFileSync(join(path, 'site.yaml'), 'utf8')).toBe('site: mine')
})

test('an inspected story is served as it ended, adds no record, and refuses every change with one sentence', async () => {
  const { played, http, close } = await inspectStory(telling(E10, 3), 0)
  try {
    const get = async (path: string) => (await fetch(`${http.url}${path}`)).json()
    const bay = await get('/api/bays/bay-1')
    expect(bay).toMatchObject({ state: 'charging-locked', visit: { plate: 'AB12CDE', accountId: 'acc-a' } })
    expect((await get('/api/alarms')).items).toMatchObject([{ bayId: 'bay-1' }])
    expect((await get('/api/site')).site.name).toBe('Recording: E10 silent swap')
    expect(await get('/api/bays/bay-1/at?seq=11')).toMatchObject({ state: 'detecting' })
    const before = await get('/api/journal?limit=1000')
    expect(before.items).toHaveLength(played.records.length)
    for (const [method, path] of [
      ['POST', '/api/bays/bay-1/commands'],
      ['PUT', '/api/accounts/acc-x'],
      ['DELETE', '/api/vehicles/AB12CDE'],
      ['POST', '/in/cam-1-of-a-recording/reads'],
    ] as const) {
      const answer = await fetch(`${http.url}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: 'c1', type: 'out-of-service' }),
      })
      expect([path, answer.status]).toEqual([path, 403])
      expect((await answer.json()).detail).toContain('This is the recording of a scenario')
    }
    expect(await get('/api/journal?limit=1000')).toEqual(before)
    expect(await get('/api/bays/bay-1')).toEqual(bay)
  } finally {
    await close()
  }
})

test('a listed plate that a camera misread stands in the API as it is listed, and the misread as evidence in the journal', async () => {
  const { http, close } = await inspectStory(telling(E01, 0), 0)
  try {
    const get = async (path: string) => (await fetch(`${http.url}${path}`)).json()
    expect(await get('/api/bays/bay-1')).toMatchObject({ visit: { plate: 'AB12CDE', accountId: 'acc-1' } })
    expect(JSON.stringify(await get('/api/bays/bay-1/journal?limit=1000'))).toContain('A812CDE')
  } finally {
    await close()
  }
})

test('--inspect says where, waits, ends cleanly, and a taken port is one sentence', async () => {
  const said: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  const url = () => /http:\/\/127\.0\.0\.1:\d+/.exec(said.join(''))?.[0] ?? ''
  const code = await play(['e34', '--inspect', '--port', '0'], undefined, async () => {
    expect((await fetch(`${url()}/health/live`)).status).toBe(200)
    const port = Number(new URL(url()).port)
    await expect(inspectStory(telling(), port)).rejects.toThrow('name another with --port')
  })
  expect(code).toBe(0)
  await expect(fetch(`${url()}/health/live`)).rejects.toThrow()
})
