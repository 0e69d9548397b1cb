import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import elk, { type ELK, type ElkExtendedEdge, type ElkNode } from 'elkjs/lib/elk.bundled.js'
import type { AnyStateMachine, AnyStateNode } from 'xstate'
import { bay } from '../../machines/bay.ts'
import { sha256 } from '../journal/chain.ts'
import { type ChartEdge, chartEdges, pathOf } from './chart-edges.ts'
import { BAY_CHART, RELEASED } from './kept-charts.ts'

const LAYOUT = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.json.edgeCoords': 'ROOT',
  'elk.layered.mergeHierarchyEdges': 'true',
  'elk.layered.spacing.nodeNodeBetweenLayers': '34',
  'elk.spacing.nodeNode': '22',
  'elk.spacing.edgeNode': '12',
  'elk.spacing.edgeEdge': '9',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
}
const INNER = { 'elk.padding': '[top=34,left=28,bottom=16,right=16]' }
const LETTER = 8
// The package is CommonJS that names a default: its types say one thing, Node gives the other.
const Elk = elk as unknown as new () => ELK

/** A statechart as SVG: one group with `data-state` for each state, one with `data-from`, `data-to` and `data-rules` for each way. Pure layout, no clock: the same machine gives the same text. */
export async function drawChart(machine: AnyStateMachine): Promise<string> {
  const all = chartEdges(machine)
  // From anywhere in a state into one of its children: a stub at the child says it better than lines from everywhere.
  const edges = all.filter(({ from, to }) => !to.startsWith(`${from}.`))
  const stubs = new Map(all.filter((edge) => !edges.includes(edge)).map((edge) => [edge.to, edge]))
  const laid: ElkNode = await new Elk().layout({
    id: 'root',
    layoutOptions: LAYOUT,
    children: Object.values(machine.root.states).map(boxOf),
    edges: edges.map(({ from, to }, at) => ({ id: String(at), sources: [from], targets: [to] })),
  })
  const width = Math.ceil(laid.width ?? 0)
  const height = Math.ceil(laid.height ?? 0)
  // What holds others lies below the lines, what holds none above them.
  const boxes = (laid.children ?? []).flatMap((box) => drawBox(box, stubs, 0, 0))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="14">`,
    `<title>Statechart of ${escaped(machine.id)}</title>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto"><path d="M0 0 8 4 0 8z" fill="context-stroke"/></marker></defs>',
    ...boxes.filter(({ isLeaf }) => !isLeaf).map(({ text }) => text),
    ...(laid.edges ?? []).map((line) => drawEdge(line, edges[Number(line.id)])),
    ...boxes.filter(({ isLeaf }) => isLeaf).map(({ text }) => text),
    '</svg>\n',
  ].join('\n')
}

function boxOf(node: AnyStateNode): ElkNode {
  const children = Object.values(node.states).map(boxOf)
  return {
    id: pathOf(node),
    width: node.key.length * LETTER + 28,
    height: 34,
    ...(children.length > 0 && { children, layoutOptions: INNER }),
  }
}

type Drawn = { readonly isLeaf: boolean; readonly text: string }

function drawBox(box: ElkNode, stubs: ReadonlyMap<string, ChartEdge>, left: number, top: number): readonly Drawn[] {
  const x = left + (box.x ?? 0)
  const y = top + (box.y ?? 0)
  const children = box.children ?? []
  const name = box.id.split('.').at(-1) ?? ''
  const shape = `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="8" fill="#fff" stroke="#667"/>`
  const label = `<text x="${x + 12}" y="${y + 22}">${escaped(name)}</text>`
  const stub = stubs.get(box.id)
  const entry = stub === undefined ? '' : `\n${drawWay(stub, `M${x - 14} ${y + 17}L${x} ${y + 17}`)}`
  const own = { isLeaf: children.length === 0, text: `<g data-state="${escaped(box.id)}">${shape}${label}</g>${entry}` }
  return [own, ...children.flatMap((child) => drawBox(child, stubs, x, y))]
}

function drawEdge(line: ElkExtendedEdge, edge: ChartEdge | undefined): string {
  const points = (line.sections ?? []).map(
    ({ startPoint, bendPoints = [], endPoint }) =>
      `M${[startPoint, ...bendPoints, endPoint].map(({ x, y }) => `${round(x)} ${round(y)}`).join('L')}`,
  )
  return edge === undefined ? '' : drawWay(edge, points.join(''))
}

function drawWay({ from, to, rules }: ChartEdge, path: string): string {
  const whence = to.startsWith(`${from}.`) ? `anywhere in ${from}` : from
  const title = `<title>${escaped(`${whence} to ${to}: ${rules.join(', ')}`)}</title>`
  const line = `<path d="${path}" fill="none" stroke="#99a" marker-end="url(#arrow)"/>`
  return `<g data-from="${escaped(from)}" data-to="${escaped(to)}" data-rules="${escaped(rules.join(', '))}">${title}${line}</g>`
}

const round = (length: number) => Math.round(length * 10) / 10
const ESCAPES: { readonly [letter: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string) => text.replace(/[&<>"]/g, (letter) => ESCAPES[letter] ?? letter)

/** The bay in a bundle of machines of another time, to be drawn. The text runs: only what berth itself published is ever given here. */
export function bayIn(source: string): AnyStateMachine {
  const asBay = source.replace(
    /return require\('\.\/relived\.ts'\)\.\w+;(?=\n\}\)\(\)\s*$)/,
    "return require('./bay.ts').bay;",
  )
  return new Function(`return ${asBay.replace("'use strict';", '').trim()}`)() as AnyStateMachine
}

/** Draws the bay of today; where bundles are named (`npm run chart -- machines.js.gz`) theirs, each under its name, as a release keeps them. */
if (import.meta.main) {
  writeFileSync(BAY_CHART, await drawChart(bay))
  for (const path of process.argv.slice(2)) {
    const file = readFileSync(path)
    const source = String(path.endsWith('.gz') ? gunzipSync(file) : file)
    mkdirSync(RELEASED, { recursive: true })
    writeFileSync(new URL(`${sha256(source)}.svg`, RELEASED), await drawChart(bayIn(source)))
  }
}
