import { createHash } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { WorldReport } from '../../simulations/world.ts'
import { chartRows } from '../../simulations/world-coverage.ts'
import { ALL_FAULTS, FAULT_KINDS } from '../../simulations/world-faults.ts'
import {
  playWorlds,
  replayCommand,
  shrinkWorld,
  type WorldPorts,
  type WorldSize,
  type WorldsSummary,
  WRONG_PAYER_BOUND,
} from '../../simulations/world-run.ts'

/** From this many seeds on, a run must have reached everything. */
const COVERS_FROM = 50

type Call = { readonly size: WorldSize; readonly seeds: number; readonly json: boolean; readonly cover: boolean }

/** Breaths between two that let the event loop turn: signals and streams of this process wait no longer than that. */
const TURN = 4096
let breaths = 0

/** Real digests, and a breath: a tick comes once no promise is left to settle, and costs a tenth of a turn of the event loop. */
export const WORLD_PORTS: WorldPorts = {
  digest: (text) => createHash('sha256').update(text).digest('hex'),
  breathe: () => new Promise((go) => (++breaths % TURN === 0 ? setImmediate(go) : process.nextTick(go))),
}

/** `berth world`: many seeds of a simulated site under faults; answers 1 where a law did not hold or something was never reached. */
export async function world(argv: string[]): Promise<number> {
  const call = callOf(argv)
  if (typeof call === 'string') {
    process.stderr.write(`${call}\n`)
    return 2
  }
  const { size, seeds, json, cover } = call
  const summary = await playWorlds({ ...size, from: size.seed, seeds }, WORLD_PORTS, progress(seeds))
  const lacks = cover ? summary.missing : []
  const isWrong = summary.wrongByMisread + summary.wrongByBlindness > WRONG_PAYER_BOUND * summary.sessions
  process.stdout.write(json ? `${JSON.stringify(jsonOf(summary))}\n` : textOf(summary, lacks, cover))
  for (const { seed } of summary.failures.slice(0, 1)) await explain({ ...size, seed }, summary)
  return summary.failures.length > 0 || lacks.length > 0 || isWrong ? 1 : 0
}

function callOf(argv: string[]): Call | string {
  const { values } = parseArgs({
    args: argv,
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      days: { type: 'string', default: '1' },
      bays: { type: 'string', default: '12' },
      without: { type: 'string', default: '' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      cover: { type: 'boolean', default: false },
    },
  })
  const words = (text: string): string[] => text.split(',').filter((word) => word !== '' && word !== 'none')
  const named = [...words(values.without), ...words(values.only ?? '')]
  const stranger = named.find((word) => !(word in FAULT_KINDS))
  if (stranger !== undefined)
    return `There is no fault ${JSON.stringify(stranger.slice(0, 40))}; \`berth world --help\` names them.`
  const [seeds, seed, days, bays] = [values.seeds ?? '1', values.seed ?? '1', values.days, values.bays].map(Number) as [
    number,
    number,
    number,
    number,
  ]
  if (![seeds, seed, bays].every(Number.isSafeInteger) || seeds < 1 || !(days > 0) || bays < 1 || bays > 12)
    return 'Give whole numbers: at least one seed, 1 to 12 bays, and some days (0.5 is half of one).'
  const only = values.only === undefined ? null : words(values.only)
  const without = ALL_FAULTS.filter(
    (kind) => words(values.without).includes(kind) || (only !== null && !only.includes(kind)),
  )
  return {
    size: { seed, days, bays, without },
    seeds,
    json: values.json,
    cover: values.cover || (seeds >= COVERS_FROM && without.length === 0),
  }
}

/** One line on a terminal, nothing in a pipe. */
function progress(seeds: number): (report: WorldReport) => void {
  let done = 0
  return () => {
    done += 1
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${seeds} seeds${done === seeds ? '\n' : ''}`)
  }
}

/** The first failing seed: how to play it again, and as small as it gets. */
async function explain(failing: WorldSize, summary: WorldsSummary): Promise<void> {
  const { violation } = summary.failures[0] as WorldsSummary['failures'][number]
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  say(`seed ${failing.seed}: ${violation.law}. ${violation.says} (record ${violation.seq}, ${violation.at})`)
  say(`again:   ${replayCommand(failing)}`)
  const shrunk = await shrinkWorld(failing, violation.law, WORLD_PORTS)
  if (shrunk) say(`smaller: ${replayCommand(shrunk.size)}   ${shrunk.violation.says}`)
}

const kWh = (energy_Wh: number): string => `${Math.round(energy_Wh / 1000)} kWh`

function textOf(summary: WorldsSummary, lacks: readonly string[], cover: boolean): string {
  const { seeds, bayDays, faults, failures, sessions, coverage } = summary
  const lines = [
    `seeds                     ${seeds}`,
    `simulated bay-days        ${Math.round(bayDays)}`,
    `records                   ${summary.records}`,
    `faults injected           ${faults}`,
    `sessions billed           ${sessions}`,
    `billed, undisputed        ${kWh(summary.undisputed_Wh)}`,
    `billed, marked disputed   ${kWh(summary.disputed_Wh)}`,
    `billed to nobody          ${kWh(summary.nobody_Wh)}`,
    `wrong payer by misread    ${summary.wrongByMisread} of ${sessions} (bound ${WRONG_PAYER_BOUND})`,
    `wrong payer, cameras blind ${summary.wrongByBlindness}`,
    `wrong payer by a person   ${summary.wrongByPerson}`,
    `states ${coverage.states.size}, rules ${coverage.rules.size}, rows ${coverage.rows.size} of ${new Set(chartRows()).size}, guard outcomes ${coverage.guards.size}, moves ${coverage.moves.size}, situations ${coverage.situations.size}, kinds of faults ${coverage.faults.size}`,
    ...(cover ? unmet(summary) : []),
    ...lacks.map((one) => `never reached: ${one}`),
    `violations                ${failures.length}`,
    ...failures.map(({ seed, violation }) => `  seed ${seed}: ${violation.law}: ${violation.says}`),
  ]
  return `${lines.join('\n')}\n`
}

/** Rows of the chart that no world met, by state: rare on purpose or walked only by the shortest paths of the graph, so that they fail no run. */
function unmet({ coverage }: WorldsSummary): string[] {
  const byState = new Map<string, string[]>()
  for (const row of new Set(chartRows())) {
    const [state, rule] = row.split(': ') as [string, string]
    if (!coverage.rows.has(row)) byState.set(state, [...(byState.get(state) ?? []), rule])
  }
  return [...byState].map(([state, rules]) => `rows not met in ${state}: ${rules.join(', ')}`)
}

/** Everything, as plain data. */
function jsonOf({ coverage, ...summary }: WorldsSummary): object {
  const tallies = Object.entries(coverage).map(([kind, tally]) => [
    kind,
    Object.fromEntries([...(tally as Map<string, number>)].sort()),
  ])
  return { ...summary, coverage: Object.fromEntries(tallies) }
}
