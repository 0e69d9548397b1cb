import { type BenchLine, bayBench } from './bay.bench.ts'
import { journalBench } from './journal.bench.ts'
import { lineBench } from './line.bench.ts'
import { readerBench } from './reader.bench.ts'
import { recogniserBench } from './recogniser.bench.ts'
import { relayBench } from './relay.bench.ts'
import { viewsBench } from './views.bench.ts'
import { worldBench } from './world.bench.ts'
import { zoneReadBench } from './zone-read.bench.ts'

/** `npm run bench`: figures as ratios inside one run; absolute ones hold for this machine only. */
async function main(): Promise<void> {
  const say = (lines: readonly BenchLine[]): void => {
    for (const { name, value, note } of lines)
      process.stdout.write(`${name.padEnd(62)} ${String(value).padStart(12)}${note ? `   ${note}` : ''}\n`)
  }
  say(bayBench())
  say(await journalBench())
  say(await recogniserBench())
  say(await zoneReadBench())
  say(await readerBench())
  say(await viewsBench())
  say(await worldBench())
  say(await lineBench())
  say(await relayBench())
}

await main()
