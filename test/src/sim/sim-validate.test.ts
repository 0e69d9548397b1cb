import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { backtest } from '../../../simulations/design/backtest.ts'
import { bothBusy } from '../../../simulations/design/both-busy.ts'
import { plainQueue } from '../../../simulations/design/queue-run.ts'
import { readSessionCsv } from '../../../src/commands/session-csv.ts'
import { simValidate } from '../../../src/commands/sim-validate.ts'
import { saidBy } from '../journal/run-command.ts'

const SHARED = join(import.meta.dirname, '../../../../shared/sessions')
const folder = await mkdtemp(join(tmpdir(), 'berth-validate-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Little of each: enough to show that both meet the same visits, not enough to judge by. */
const LITTLE = { plain: { replications: 3, visits: 100 }, whole: { replications: 1, visits: 20 } }

/** Runs the command; answers its code and what it wrote. */
const validated = (...argv: string[]) => saidBy((all) => simValidate(all, LITTLE), ...argv)

test('the whole simulation turns away exactly the drivers whom bays and a queue alone turn away', async () => {
  const day = (at: number): string => new Date(Date.UTC(2026, 0, 5 + at)).toISOString().slice(0, 10)
  const rows = Array.from({ length: 40 }, (_, at) => `${day(at)} 08:${10 + (at % 7)},${day(at)} 1${at % 7}:00`)
  const csv = join(folder, 'own.csv')
  await writeFile(csv, ['start,end', ...rows, ''].join('\n'))
  const { code, said } = await validated('--json', csv)
  const { agrees, theory, data } = JSON.parse(said) as {
    readonly agrees: boolean
    readonly theory: {
      readonly whole: readonly { readonly what: string; readonly theory: number; readonly calculators: number | null }[]
      readonly compared: number
      readonly otherwise: number
    }
    readonly data: readonly { readonly bothBusy: unknown; readonly backtest: { readonly hours: number } }[]
  }
  expect(theory.whole.length).toBeGreaterThanOrEqual(28)
  // Calculators know Erlang, and neither a shared limit nor a rush.
  const apart = theory.whole.filter((one) => one.calculators !== null && Math.abs(one.calculators - one.theory) > 0.1)
  expect(new Set(apart.map(({ what }) => what.split(',')[0]))).toEqual(
    new Set(['Shared grid', 'Arrivals that swing over the day']),
  )
  expect(theory.compared).toBeGreaterThan(5000)
  expect(theory.otherwise).toBe(0)
  expect(data[0]?.bothBusy).toBeNull()
  expect(code).toBe(agrees ? 0 : 1)
})

test('sites of Hamburg come out as full as they were, and half of its days forecast the other half', async () => {
  const csv = join(SHARED, 'hamburg-public.csv')
  if (!existsSync(csv)) return console.log(`skipped: ${csv} is not here`)
  const reading = { columns: {}, stayUnit: 's', energyUnit: 'kWh', timezone: null } as const
  const file = readSessionCsv(await readFile(csv, 'utf8'), reading)
  if (typeof file === 'string') throw new Error(file)
  const busy = bothBusy(file.sessions, plainQueue, { seed: 1, replications: 1 })
  expect(busy?.sites).toBe(389)
  expect(Math.abs((busy?.seen ?? 0) - (busy?.simulated ?? 1))).toBeLessThan(0.005)
  const days = file.sessions.map(({ day }) => day)
  const half = Math.floor((Math.min(...days) + Math.max(...days) + 1) / 2)
  const forecast = backtest(file.sessions, half, 1)
  expect(forecast?.joint.covered).toBeGreaterThanOrEqual(0.85)
  expect(forecast?.calculators.covered).toBeLessThan(0.4)
})

test.each([
  [['--seed', 'x'], '--seed takes a whole number'],
  [['nowhere.csv'], 'nowhere.csv: there is no such file'],
])('berth sim validate %s says what is wrong', async (argv, says) => {
  const { code, said } = await validated(...argv)
  expect(code).toBeGreaterThan(0)
  expect(said).toContain(says)
})
