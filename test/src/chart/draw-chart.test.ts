import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type AnyStateNode, createMachine } from 'xstate'
import { getShortestPaths } from 'xstate/graph'
import { bay } from '../../../machines/bay.ts'
import { chartEdges, pathOf } from '../../../src/chart/chart-edges.ts'
import { bayIn, drawChart } from '../../../src/chart/draw-chart.ts'
import { BAY_CHART, keepChart, keptChart, RELEASED } from '../../../src/chart/kept-charts.ts'
import { sha256 } from '../../../src/journal/chain.ts'

const everyState = (node: AnyStateNode): string[] =>
  Object.values(node.states).flatMap((child) => [pathOf(child), ...everyState(child)])
const idsOf = (svg: string) => [...svg.matchAll(/data-state="([^"]+)"/g)].map(([, id]) => id ?? '').toSorted()
const waysOf = (svg: string) =>
  [...svg.matchAll(/data-from="([^"]+)" data-to="([^"]+)" data-rules="([^"]+)"/g)].map(([way]) => way).toSorted()

test('the drawing beside the page shows every state of the bay machine and every way, as it is drawn anew', async () => {
  const kept = readFileSync(BAY_CHART, 'utf8')
  const states = everyState(bay.root).toSorted()
  expect(states.length).toBeGreaterThan(15)
  expect(idsOf(kept)).toEqual(states)
  const drawn = await drawChart(bay)
  expect(idsOf(drawn), 'run: node src/chart/draw-chart.ts').toEqual(idsOf(kept))
  expect(waysOf(drawn), 'run: node src/chart/draw-chart.ts').toEqual(waysOf(kept))
})

test('ways drawn together lead to the same states as the machine', () => {
  const machine = createMachine({
    id: 'toy',
    initial: 'a',
    states: {
      a: { on: { GO: 'p' } },
      p: {
        initial: 'x',
        states: {
          x: { on: { NEXT: 'y', OUT: '#toy.a' } },
          y: { on: { OUT: '#toy.a' } },
          z: { on: { NEXT: 'y', OUT: '#toy.a' } },
        },
      },
    },
  })
  const edges = chartEdges(machine)
  expect(edges).toContainEqual({ from: 'p', to: 'a', rules: ['OUT'] })
  expect(edges).toContainEqual({ from: 'p', to: 'p.y', rules: ['NEXT'] })
  expect(edges).toContainEqual({ from: 'a', to: 'p', rules: ['GO'] })
  expect(edges).toHaveLength(3)
  expect(getShortestPaths(machine).length).toBe(3)
})

const GOLDEN = new URL('../../golden/machines-0.1.0.js.gz', import.meta.url)

test('the drawing of released machines shows every state and every way of the bay in their own bundle, which is not the bay of today', async () => {
  const source = String(gunzipSync(readFileSync(GOLDEN)))
  const released = keptChart(tmpdir(), sha256(source)) ?? ''
  const drawn = await drawChart(bayIn(source))
  expect(readdirSync(RELEASED)).toContain(`${sha256(source)}.svg`)
  expect(idsOf(released)).toEqual(idsOf(drawn))
  expect(waysOf(released)).toEqual(waysOf(drawn))
  expect(waysOf(released)).not.toEqual(waysOf(readFileSync(BAY_CHART, 'utf8')))
})

test('a drawing is kept once under the name of its machines, and what is no drawing or no name is not taken for one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-charts-'))
  try {
    const name = 'a'.repeat(64)
    expect(keptChart(folder, name)).toBe(null)
    keepChart(join(folder, 'store.machines'), name)
    expect(keptChart(join(folder, 'store.machines'), name)).toBe(readFileSync(BAY_CHART, 'utf8'))
    // What was laid out then stays, whatever is drawn later.
    writeFileSync(join(folder, 'store.machines', `${name}.svg`), '<svg ></svg>')
    keepChart(join(folder, 'store.machines'), name)
    expect(keptChart(join(folder, 'store.machines'), name)).toBe('<svg ></svg>')
    writeFileSync(join(folder, `${name}.svg`), 'no drawing')
    expect(keptChart(folder, name)).toBe(null)
    expect(keptChart(folder, '../store.machines/x')).toBe(null)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
