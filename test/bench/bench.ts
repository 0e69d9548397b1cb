import { type BenchLine, bayBench } from './bay.bench.ts'
import { boardBench } from './board.bench.ts'
import { compiledBench } from './compiled.bench.ts'
import { designBench } from './design.bench.ts'
import { journalBench } from './journal.bench.ts'
import { lineBench } from './line.bench.ts'
import { postgresBench } from './postgres.bench.ts'
import { readerBench } from './reader.bench.ts'
import { recogniserBench } from './recogniser.bench.ts'
import { relayBench } from './relay.bench.ts'
import { replayBench } from './replay.bench.ts'
import { sliderBench } from './slider.bench.ts'
import { viewsBench } from './views.bench.ts'
import { worldBench } from './world.bench.ts'
import { zoneReadBench } from './zone-read.bench.ts'

const BENCHES = {
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
}

/** `npm run bench`: figures as ratios inside one run; absolute ones hold for this machine only. `npm run bench board` runs one of them. */
async function main(): Promise<void> {
  const wanted = process.argv.slice(2)
  const say = (lines: readonly BenchLine[]): void => {
    for (const { name, value, note } of lines)
      process.stdout.write(`${name.padEnd(62)} ${String(value).padStart(12)}${note ? `   ${note}` : ''}\n`)
  }
  for (const [name, bench] of Object.entries(BENCHES))
    if (wanted.length === 0 || wanted.includes(name)) say(await bench())
}

await main()
