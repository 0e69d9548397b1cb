import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type AnyStateNode, createMachine } from 'xstate'
import { getShortestPaths } from 'xstate/graph'
import { bay } from '../../../machines/bay.ts'
import { chartEdges, pathOf } from '../../../src/chart/chart-edges.ts'
import { BAY_CHART, drawChart } from '../../../src/chart/draw-chart.ts'

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
