import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { simRun } from '../../../src/commands/sim-run.ts'
import { type HeardProcess, heardProcess } from '../serve/heard-process.ts'

const BERTH = new URL('../../../src/berth.mjs', import.meta.url).pathname
/** So long that none of its runs ends by itself before it is stopped. */
const LONG = `version: 1
site: { name: Long, bays: 12 }
demand: { source: hamburg-public, scale: 6 }
cameras: [{ covers: 3 }]
run: { days: 365, warmup_days: 1, replications: 20, seed: 5 }
vary: { cameras.covers: [1, 2, 3, 4] }
`

let folder = ''
let running: HeardProcess | null = null
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-stop-'))
  writeFileSync(join(folder, 'long.yaml'), LONG)
})
afterEach(async () => {
  vi.restoreAllMocks()
  await running?.kill()
  rmSync(folder, { recursive: true, force: true })
})

/** Resolves when its results' folder is there: from then on it runs. */
async function begun(process: HeardProcess, out: string): Promise<void> {
  while (!existsSync(out)) {
    expect(process.child.exitCode, process.said()).toBeNull()
    await new Promise((next) => setTimeout(next, 50))
  }
}

test.each([
  ['run', 'SIGINT', 130, ['long.yaml']],
  ['sweep', 'SIGINT', 130, ['long.yaml']],
  ['study', 'SIGTERM', 143, ['cameras', '--days', '365', '--replications', '40']],
] as const)(
  '%s that is stopped by %s says so in a sentence, ends its workers and leaves nothing',
  async (part, signal, code, words) => {
    const out = join(folder, 'deep', 'out')
    const given = words.map((word) => (word.endsWith('.yaml') ? join(folder, word) : word))
    running = heardProcess([process.execPath, BERTH, 'sim', part, ...given, '--out', out], {})
    await begun(running, out)
    running.child.kill(signal)
    // It ends by itself: a worker that went on would keep the process.
    await running.gone()
    expect(running.said()).toBe(`Stopped before the end: nothing was written, and ${out} is as it was.\n`)
    expect(running.child.exitCode).toBe(code)
    expect(readdirSync(folder)).toEqual(['long.yaml'])
  },
)

test('results of before are still there when the next run is stopped', async () => {
  const [out, small] = [join(folder, 'out'), join(folder, 'small.yaml')]
  writeFileSync(small, LONG.replace(/run:.*\n/, 'run: { days: 1, warmup_days: 0, replications: 2, seed: 5 }\n'))
  const hear = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  expect(await simRun([small, '--out', out])).toBe(0)
  const files = readdirSync(out)
  const before = readFileSync(join(out, 'manifest.json'), 'utf8')
  const listeners = process.listenerCount('SIGINT')
  const stopped = simRun([join(folder, 'long.yaml'), '--out', out])
  process.emit('SIGINT', 'SIGINT')
  expect(await stopped).toBe(130)
  expect(hear).toHaveBeenLastCalledWith(`Stopped before the end: nothing was written, and ${out} is as it was.\n`)
  expect(readdirSync(out)).toEqual(files)
  expect(readFileSync(join(out, 'manifest.json'), 'utf8')).toBe(before)
  expect(process.listenerCount('SIGINT')).toBe(listeners)
})
