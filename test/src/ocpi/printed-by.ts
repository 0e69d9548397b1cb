import { vi } from 'vitest'
import { runCommandLine } from '../../../src/cli.ts'

/** Runs a command line; answers its exit code and what it printed. */
export async function printedBy(...argv: string[]) {
  const out: string[] = []
  const err: string[] = []
  const say = vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0)
  const complain = vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0)
  try {
    return { code: await runCommandLine(argv), out: out.join(''), err: err.join('') }
  } finally {
    say.mockRestore()
    complain.mockRestore()
  }
}
