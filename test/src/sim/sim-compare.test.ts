import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { simCompare } from '../../../src/commands/sim-sweep.ts'
import { saidBy } from '../journal/run-command.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-compare-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const SMALL = `version: 1
site: { name: Small, bays: 3 }
demand: { source: rates, visitsPerDay: 20, stay_min: 60, iceShare: 0.1 }
cameras: [{ covers: 3 }]
run: { days: 3, warmup_days: 1, replications: 3, seed: 5 }
`

/** A scenario file of this name. */
function file(name: string, text = SMALL): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}

type Compared = {
  readonly designs: readonly {
    readonly label: string
    readonly metrics: readonly { readonly name: string; readonly change?: { readonly mean: number } }[]
  }[]
}

/** Compares these files; answers its code, what it wrote, and of the second design how many more vehicles came to it. */
async function compared(...paths: string[]) {
  const out = join(folder, 'out')
  const { code, said } = await saidBy(simCompare, ...paths, '--out', out)
  const { designs } = JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8')) as Compared
  const more = designs[1]?.metrics.find(({ name }) => name === 'arrivals')?.change?.mean
  const read = (name: string): string => readFileSync(join(out, name), 'utf8').replaceAll('\u00a0', ' ')
  return { code, said, designs, more, read }
}

test('two scenarios are compared by the same vehicles, with the run of the first', async () => {
  const fewer = SMALL.replace('bays: 3', 'bays: 2').replace('covers: 3', 'covers: 2').replace('seed: 5', 'seed: 99')
  const { code, more, read } = await compared(file('first.yaml'), file('second.yaml', fewer))
  expect(code).toBe(0)
  expect(/cost<\/td>.*?(-[\d.]+) <span class="i">\([^)]*\)<\/span> better/.exec(read('report.html'))?.[1]).toBeDefined()
  // Differences of shares are in points, as in a study.
  expect(read('report.html')).toMatch(/bay-use<\/td>.*?\+[\d.]+ <span class="i">\([-\d.]+ to [\d.]+ points\)/)
  expect(more).toBe(0)
  expect((await saidBy(simCompare, file('first.yaml'))).code).toBe(2)
})

test('files of one name are told apart by their folders, in the answer, the report and what it was made of', async () => {
  const wider = SMALL.replace('bays: 3', 'bays: 4')
  const { code, said, read } = await compared(file('now/site.yaml'), file('wider/site.yaml', wider))
  expect(code).toBe(0)
  expect(said).toMatch(/The cheapest design is now\/site: .*\nwider\/site costs [\d.]+ EUR a day more than now\/site/)
  expect(read('report.html')).toContain('Plan: wider/site')
  const { designs } = JSON.parse(read('manifest.json')) as {
    readonly designs: readonly { label: string; scenario: { value: { site: { bays: number } } } }[]
  }
  expect(designs.map(({ label, scenario }) => [label, scenario.value.site.bays])).toEqual([
    ['now/site', 3],
    ['wider/site', 4],
  ])
})

test('two numbers of bays are compared under one demand, and another demand is told of', async () => {
  const design = (name: string, bays: number, scale: number): string =>
    file(
      name,
      `version: 1
site: { name: Public, bays: ${bays} }
demand: { source: hamburg-public, scale: ${scale} }
run: { days: 2, warmup_days: 0, replications: 2, seed: 5 }
`,
    )
  const few = design('few.yaml', 2, 3)
  const same = await compared(few, design('many.yaml', 6, 3))
  expect(same.more).toBe(0)
  expect(same.said).not.toContain('other vehicles')
  const busier = await compared(few, design('more.yaml', 2, 9))
  expect(busier.more).toBeGreaterThan(1)
  expect(busier.said).toMatch(/more\.yaml: its demand is not that of \S*few\.yaml, so other vehicles come to it/)
})
