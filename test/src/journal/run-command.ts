import { vi } from 'vitest'

/** Runs a command in this process; answers its exit code and what it said. */
export async function runCommand(
  command: (argv: string[]) => Promise<number>,
  ...argv: string[]
): Promise<{ code: number; out: string; err: string }> {
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const said = (stream: typeof stdout) => stream.mock.calls.map(([text]) => String(text)).join('')
  try {
    const code = await command(argv)
    return { code, out: said(stdout), err: said(stderr) }
  } finally {
    stdout.mockRestore()
    stderr.mockRestore()
  }
}
