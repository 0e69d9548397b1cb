import { type BenchLine, bayBench } from './bay.bench.ts'

/** `npm run bench`: figures as ratios inside one run; absolute ones hold for this machine only. */
async function main(): Promise<void> {
  const say = (lines: readonly BenchLine[]): void => {
    for (const { name, value, note } of lines)
      process.stdout.write(`${name.padEnd(62)} ${value.padStart(12)}${note ? `   ${note}` : ''}\n`)
  }
  say(bayBench())
  for (const [file, run] of [
    ['./journal.bench.ts', 'journalBench'],
    ['./reader.bench.ts', 'readerBench'],
    ['./line.bench.ts', 'lineBench'],
  ] as const) {
    const room = (await import(file)) as { [name: string]: () => Promise<BenchLine[]> }
    say(await (room[run] as () => Promise<BenchLine[]>)())
  }
}

await main()
