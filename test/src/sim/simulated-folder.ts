import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { simRun } from '../../../src/commands/sim-run.ts'

const SMALL = `version: 1
site: { name: Small, timezone: Europe/Berlin, bays: 3 }
demand: { source: rates, visitsPerDay: 20, stay_min: 60, iceShare: 0.1 }
cameras: [{ covers: 3 }]
run: { days: 3, warmup_days: 1, replications: 3, seed: 5 }
`

/** The results of a real `berth sim run` of three small bays, in a folder of their own; whoever asks removes it. */
export async function simulatedFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-simulated-'))
  const path = join(folder, 'scenario.yaml')
  writeFileSync(path, SMALL)
  const quiet = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockReturnValue(true))
  const code = await simRun([path, '--out', folder])
  for (const one of quiet) one.mockRestore()
  if (code !== 0) throw new Error('the run of a small scenario failed')
  return folder
}

/** The name of the first bad visit that these results list. */
export function nameIn(folder: string): string {
  const { troubles } = JSON.parse(readFileSync(join(folder, 'metrics.json'), 'utf8')) as {
    readonly troubles: readonly { readonly trouble: string; readonly replication: number; readonly index: number }[]
  }
  const [first] = troubles
  if (!first) throw new Error('the run of a small scenario had no trouble')
  return `${first.trouble}-${first.replication}-${first.index}`
}
