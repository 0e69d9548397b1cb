import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { wilson } from '../../../src/vision/reader-bench.ts'
import { renderedPlate } from './rendered-plate.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-reader-'))
  await writeFile(join(folder, 'one.jpg'), await renderedPlate('KX19 TYP'))
  await writeFile(join(folder, 'one.txt'), 'one.jpg\t150\t200\t340\t76\tKX19TYP\n')
  await writeFile(join(folder, 'broken.jpg'), 'no picture')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs a command's function in its own process, as the `berth` command does. */
function run(
  command: 'read' | 'bench-reader',
  name: string,
  ...argv: string[]
): Promise<{ code: number; out: string; err: string }> {
  const module = new URL(`../../../src/commands/${command}.ts`, import.meta.url).href
  const script = `const { ${name} } = await import(${JSON.stringify(module)}); process.exitCode = await ${name}(process.argv.slice(1))`
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--input-type=module', '-e', script, '--', ...argv],
      { timeout: 50_000 },
      (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err })
      },
    )
  })
}

describe('berth read', () => {
  test('prints one JSON line a picture, one sentence for a file that is none, and exits 1 for it', async () => {
    const { code, out, err } = await run(
      'read',
      'read',
      join(folder, 'one.jpg'),
      join(folder, 'broken.jpg'),
      join(folder, 'absent.jpg'),
      '--json',
    )
    expect(code).toBe(1)
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ file: join(folder, 'one.jpg'), width: 640, height: 480 })
    expect(lines[0].ms).toBeGreaterThan(0)
    expect(lines[0].reads[0]).toMatchObject({ text: 'KX19TYP' })
    expect(lines[0].reads[0].quad).toHaveLength(4)
    expect(
      err
        .trim()
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual([join(folder, 'broken.jpg'), join(folder, 'absent.jpg')])
    expect(err).toContain('absent.jpg: there is no such file or folder; check the path.')
    expect(err).not.toContain('ENOENT')
  }, 180_000)

  test('a zone that is none is a wrong call, told in one sentence', async () => {
    const { code, err } = await run('read', 'read', join(folder, 'one.jpg'), '--zone', '0,0,1')
    expect(code).toBe(2)
    expect(err).toMatch(/^berth read: --zone .*\n$/)
  }, 180_000)
})

describe('berth bench-reader', () => {
  test('prints one JSON object with shares, their intervals and times', async () => {
    const { code, out } = await run('bench-reader', 'benchReader', folder, '--region', '3', '--json')
    expect(code).toBe(0)
    const figures = JSON.parse(out)
    expect(figures).toMatchObject({
      photos: 1,
      located: 1,
      exact: 1,
      folded: 1,
      cer: 0,
      high: { located: 1, exact: 1, folded: 1 },
    })
    expect(figures.low.folded).toBeCloseTo(wilson(1, 1).low, 3)
    expect(figures.ms.p95).toBeGreaterThanOrEqual(figures.ms.p50)
    expect(figures.cpu_ms).toBeGreaterThan(0)
  }, 180_000)

  test('a folder with nothing to read exits 1 with one sentence', async () => {
    const empty = await mkdtemp(join(folder, 'empty-'))
    const { code, err } = await run('bench-reader', 'benchReader', empty)
    expect(code).toBe(1)
    expect(err.trim().split('\n')).toHaveLength(1)
  }, 180_000)
})

describe('the 95 % interval', () => {
  test('matches published Wilson figures', () => {
    expect(wilson(100, 108)).toMatchObject({ value: 100 / 108 })
    expect(wilson(100, 108).low).toBeCloseTo(0.861, 3)
    expect(wilson(100, 108).high).toBeCloseTo(0.962, 3)
    expect(wilson(0, 10).low).toBe(0)
  })
})
