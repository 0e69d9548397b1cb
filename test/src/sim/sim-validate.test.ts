import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { simValidate } from '../../../src/commands/sim-validate.ts'

const SHARED = join(import.meta.dirname, '../../../../shared/sessions')

/** Runs the command; answers its code and what it wrote. */
async function validated(...argv: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  let said = ''
  const hear = (text: string | Uint8Array): boolean => {
    said += String(text)
    return true
  }
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(hear),
    vi.spyOn(process.stderr, 'write').mockImplementation(hear),
  ]
  try {
    return { code: await simValidate([...argv]), said }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

test('the simulation agrees with theory and with the sites of Hamburg, fitted on one half and held against the other', async () => {
  const csv = join(SHARED, 'hamburg-public.csv')
  const argv = existsSync(csv) ? [csv] : []
  if (argv.length === 0) console.log(`skipped: ${csv} is not here, theory alone is checked`)
  const { code, said } = await validated('--json', ...argv)
  expect(code).toBe(0)
  const found = JSON.parse(said) as Found
  expect(found.agrees).toBe(true)
  expect(found.checks.length).toBeGreaterThanOrEqual(28)
  for (const { bothBusy, backtest } of found.data) {
    expect(Math.abs(bothBusy.seen - bothBusy.simulated)).toBeLessThan(0.005)
    expect(backtest.joint.covered).toBeGreaterThanOrEqual(0.85)
    expect(backtest.calculators.covered).toBeLessThan(0.5)
  }
})

type Found = {
  readonly agrees: boolean
  readonly checks: readonly unknown[]
  readonly data: readonly {
    readonly bothBusy: { readonly seen: number; readonly simulated: number }
    readonly backtest: Record<'joint' | 'calculators', { readonly covered: number }>
  }[]
}

test.each([
  [['--seed', 'x'], '--seed takes a whole number'],
  [['nowhere.csv'], 'nowhere.csv: there is no such file'],
])('berth sim validate %s says what is wrong', async (argv, says) => {
  const { code, said } = await validated(...argv)
  expect(code).toBeGreaterThan(0)
  expect(said).toContain(says)
})
