import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Fault } from '../../machines/faults.ts'
import { COMMANDS, runCommandLine } from '../../src/cli.ts'
import type { CommandEntry } from '../../src/command-help.ts'

const HOUSE = join(import.meta.dirname, '../..')
const LAUNCHER = join(HOUSE, 'src/berth.mjs')
const run = promisify(execFile)

/** A command that does what the test says. */
const command = (does: (argv: string[]) => Promise<number>): readonly CommandEntry[] => [
  {
    name: 'serve',
    usage: 'serve --site FILE',
    summary: 'Serves.',
    options: [['--site FILE', 'which site']],
    load: async () => does,
  },
]

/** What a command line prints and answers. */
async function typed(argv: string[], commands = COMMANDS): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text)
    return true
  })
  try {
    const code = await runCommandLine(argv, commands)
    return { code, out, err }
  } finally {
    stdout.mockRestore()
    stderr.mockRestore()
  }
}

describe('the command line', () => {
  test.each([['--help'], ['-h'], ['help']])('%s names every command with what it does', async (word) => {
    const { code, out } = await typed([word])
    expect(code).toBe(0)
    const lines = out.split('\n').map((line) => line.trim().replace(/ {2,}/, ': '))
    expect(lines).toEqual(expect.arrayContaining(COMMANDS.map(({ name, summary }) => `${name}: ${summary}`)))
  })

  test('alone it says what there is, and that this was not it', async () => {
    expect(await typed([])).toMatchObject({ code: 2, out: expect.stringContaining('Usage: berth COMMAND') })
  })

  test.each(COMMANDS.map(({ name }) => [name]))('%s --help shows how it is typed, without running it', async (name) => {
    const { code, out, err } = await typed([name, '--nonsense', '--help'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain(`Usage: berth ${name}`)
    expect((await typed(['help', name])).out).toBe(out)
  })

  test.each(COMMANDS.map((entry) => [entry.name, entry] as const))(
    '%s is there to be run',
    async (_name, entry) => {
      expect(await entry.load()).toBeTypeOf('function')
    },
    180_000,
  )

  test('a word that is no command is answered with the nearest one, in one sentence on stderr', async () => {
    expect(await typed(['chek', 'a'])).toEqual({
      code: 2,
      out: '',
      err: 'There is no command "chek"; did you mean `berth check`? See `berth --help`.\n',
    })
    expect((await typed(['zzzzzzzzzzzzzzzz'])).err).toBe(
      'There is no command "zzzzzzzzzzzzzzzz"; see `berth --help`.\n',
    )
  })

  test('hands a command the words after its name, and keeps its exit code', async () => {
    const heard: string[][] = []
    const commands = command(async (argv) => heard.push(argv) + 6)
    expect(await typed(['serve', '--site', 'a.yaml'], commands)).toMatchObject({ code: 7, err: '' })
    expect(heard).toEqual([['--site', 'a.yaml']])
  })
})

describe('what breaks becomes one sentence', () => {
  test('a fault says what, and the ids it carries; no stack', async () => {
    const commands = command(async () => {
      throw new Fault('STORE_OWNED', { pid: 4711, store: { secret: 1 } })
    })
    const { code, err } = await typed(['serve'], commands)
    expect(code).toBe(1)
    expect(err).toBe('berth serve: Another process owns this store; stop it first, or use its API. (pid 4711)\n')
  })

  test('an unknown flag is answered like an unknown command', async () => {
    expect(await typed(['check', '--wat'])).toEqual({
      code: 2,
      out: '',
      err: "berth check: Unknown option '--wat'; see `berth --help`.\n",
    })
  })

  test('anything else is our bug, and says how to see more of it', async () => {
    const commands = command(async () => {
      throw new TypeError('x is not a function\nat somewhere')
    })
    expect(await typed(['serve'], commands)).toEqual({
      code: 1,
      out: '',
      err: 'berth serve: something unexpected broke: x is not a function (BERTH_DEBUG=1 shows where).\n',
    })
    vi.stubEnv('BERTH_DEBUG', '1')
    expect((await typed(['serve'], commands)).err).toMatch(/\n {4}at .*cli\.test\.ts/)
    vi.unstubAllEnvs()
  })
})

describe('berth check', () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-cli-'))
  const good = join(folder, 'good.yaml')
  const bad = join(folder, 'bad.yaml')
  writeFileSync(good, 'site: { id: a, name: North }\nbays: [{ id: b, chargePoint: C }]\nchargePoints: [{ id: C }]\n')
  writeFileSync(bad, 'site: { id: a }\nbays: [{ id: b, chargePoint: C, zone: 1 }]\n')
  afterAll(() => rmSync(folder, { recursive: true }))

  test('answers 0 and what the site has, its warnings first', async () => {
    const { code, out } = await typed(['check', good])
    expect(code).toBe(0)
    expect(out).toMatch(/^warning {2}.*good\.yaml:2:8 bays\[0\]: no camera covers b/)
    expect(out).toMatch(/good\.yaml checks: North, 1 bay, 0 cameras, 1 charge point, 1 warning\.\n$/)
  })

  test('answers 1 and every error with its line', async () => {
    const { code, out } = await typed(['check', bad])
    expect(code).toBe(1)
    expect(out).toContain('bad.yaml:2:33 bays[0].zone: unknown key `zone`; expected `zones`, or one of:')
    expect(out).toContain('bad.yaml:2:30 bays[0].chargePoint: there is no charge point C')
    expect(out).toMatch(/bad\.yaml does not check: 2 errors\.\n$/)
  })

  test('answers 2 where it is not told which file', async () => {
    expect((await typed(['check'])).code).toBe(2)
  })

  test('ends well where its reader has gone', () => {
    const pipe = spawnSync('sh', ['-c', `"${process.execPath}" "${LAUNCHER}" --help | head -1; echo done`], {
      encoding: 'utf8',
    })
    expect(pipe).toMatchObject({ stdout: 'berth: charging bays that know their car.\ndone\n', stderr: '' })
  })
})

test('berth.mjs on Node 24 prints its version and both exit codes', async () => {
  const { stdout } = await run(process.execPath, [LAUNCHER, '--version'])
  expect(stdout).toMatch(/^berth \d+\.\d+\.\d+ \(node 2\d\./)
  await expect(run(process.execPath, [LAUNCHER, 'nonsense'])).rejects.toMatchObject({ code: 2, stdout: '' })
})

const old = olderNode()
if (old === null) console.log('skipped: berth.mjs on an older Node (no Node older than 24 on the PATH)')

describe.skipIf(old === null)('berth.mjs on an older Node', () => {
  const older = old ?? ''
  let folder = ''
  let launcher = ''
  // A house with the real launcher, whose command line waits for a signal.
  const waits = `export async function main(argv) {
    if (argv[0] === 'end') { process.exitCode = Number(argv[1]); return }
    const tick = setInterval(() => {}, 1000)
    for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => { console.log('stopped by', signal); clearInterval(tick); process.exitCode = 5 })
    console.log('pid', process.pid, process.version, ...argv)
  }`

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'berth-launcher-'))
    launcher = join(folder, 'src/berth.mjs')
    mkdirSync(join(folder, 'src'))
    cpSync(LAUNCHER, launcher)
    symlinkSync(join(HOUSE, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'src/cli.ts'), waits)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const started = async (...argv: string[]) => {
    const child = spawn(older, [launcher, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] })
    let out = ''
    child.stdout.on('data', (data) => {
      out += data
    })
    await vi.waitFor(() => expect(out).toMatch(/^pid .*\n/), 60_000)
    return { child, out: () => out, inner: Number(/^pid (\d+)/.exec(out)?.[1]) }
  }
  const ended = async (child: ChildProcess): Promise<number | null> =>
    child.exitCode ?? ((await once(child, 'exit')) as [number | null])[0]

  test('runs the command line on Node 24, words and all', async () => {
    const { child, out } = await started('a b', '--c')
    expect(out()).toMatch(/^pid \d+ v2[4-9]\.\d+\.\d+ a b --c\n$/)
    child.kill('SIGTERM')
    expect(await ended(child)).toBe(5)
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('%s reaches the command, and its exit code comes back', async (signal) => {
    const { child, out } = await started()
    child.kill(signal)
    expect(await ended(child)).toBe(5)
    expect(out()).toContain(`stopped by ${signal}`)
  })

  test.each([0, 1, 2])('exit code %i is kept', async (code) => {
    const child = spawn(older, [launcher, 'end', String(code)], { stdio: 'inherit' })
    expect(await ended(child)).toBe(code)
  })

  test('killed outright it takes the command with it', async () => {
    const { child, inner } = await started()
    child.kill('SIGKILL')
    await vi.waitFor(() => expect(() => process.kill(inner, 0)).toThrow(), 60_000)
  })

  test('says in one sentence what to do where no Node 24 can be found', async () => {
    rmSync(join(folder, 'node_modules'))
    const child = run(older, [launcher, 'end', '0'], { env: { PATH: '/nowhere' } })
    await expect(child).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^berth needs Node 24 and found only v\d+\.\d+\.\d+: run `npm ci`.*\n$/),
    })
    symlinkSync(join(HOUSE, 'node_modules'), join(folder, 'node_modules'))
  })
})

/** A Node on the PATH that is too old to run berth itself, or null. */
function olderNode(): string | null {
  const places = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'].map((place) =>
    join(place, 'node'),
  )
  const isOld = (node: string): boolean => {
    const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' })
    return Number(/^v(\d+)/.exec(stdout ?? '')?.[1] ?? 99) < 24
  }
  return places.find((node) => existsSync(node) && isOld(node)) ?? null
}
