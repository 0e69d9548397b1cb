import { parseArgs } from 'node:util'
import { bayBench } from './bay.bench.ts'
import { boardBench } from './board.bench.ts'
import { camerasBench } from './cameras.bench.ts'
import { compiledBench } from './compiled.bench.ts'
import { designBench } from './design.bench.ts'
import { type Figure, figureTable, keepFigures } from './figure-table.ts'
import { journalBench } from './journal.bench.ts'
import { lineBench } from './line.bench.ts'
import { loadBench } from './load.bench.ts'
import { postgresBench } from './postgres.bench.ts'
import { readerBench } from './reader.bench.ts'
import { recogniserBench } from './recogniser.bench.ts'
import { relayBench } from './relay.bench.ts'
import { replayBench } from './replay.bench.ts'
import { sliderBench } from './slider.bench.ts'
import { viewsBench } from './views.bench.ts'
import { worldBench } from './world.bench.ts'
import { zoneReadBench } from './zone-read.bench.ts'

const BENCHES: { readonly [part: string]: () => readonly Figure[] | Promise<readonly Figure[]> } = {
  bay: bayBench,
  compiled: compiledBench,
  journal: journalBench,
  postgres: postgresBench,
  recogniser: recogniserBench,
  reader: readerBench,
  zoneRead: zoneReadBench,
  views: viewsBench,
  replay: replayBench,
  slider: sliderBench,
  world: worldBench,
  design: designBench,
  line: lineBench,
  relay: relayBench,
  board: boardBench,
  load: loadBench,
  cameras: camerasBench,
}
const NAMES = Object.keys(BENCHES)

const HELP = `npm run bench [-- PART…] [--json FILE]

Every figure beside its bare floor of the same run, in one table, and as JSON (default data/bench.json). The ratios hold elsewhere too, the
figures for this machine only. Ends with 1 where a bound is broken.
Parts: ${NAMES.join(', ')}
`
const say = (line: string): void => void process.stderr.write(`${line}\n`)

/** `npm run bench`: one table of everything that is asked for. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string', default: 'data/bench.json' }, help: { type: 'boolean' } },
  })
  const unknown = positionals.filter((name) => !NAMES.includes(name))
  if (values.help || unknown.length > 0) {
    if (unknown.length > 0) say(`There is no part ${unknown.join(', ')}.`)
    process.stdout.write(HELP)
    return unknown.length > 0 ? 2 : 0
  }
  const parts: (Figure & { readonly part: string })[] = []
  for (const [part, bench] of Object.entries(BENCHES)) {
    if (positionals.length > 0 && !positionals.includes(part)) continue
    const from = performance.now()
    try {
      for (const figure of await bench()) parts.push({ part, ...figure })
    } catch (cause) {
      // The other parts are still worth their time.
      parts.push({ part, name: `${part} could not be measured`, value: String(cause), bound: 'measured', broken: true })
    }
    say(`${part} took ${Math.round((performance.now() - from) / 1_000)} s`)
  }
  process.stdout.write(`${figureTable(parts)}\n`)
  keepFigures(values.json, `npm run bench ${positionals.join(' ')}`.trim(), { figures: parts })
  say(`written to ${values.json}`)
  return parts.some(({ broken }) => broken) ? 1 : 0
}

process.exitCode = await main()
