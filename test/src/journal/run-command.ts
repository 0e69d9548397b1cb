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

/** The same with both streams as one text, in the order in which they were written. */
export async function saidBy(
  command: (argv: string[]) => Promise<number>,
  ...argv: string[]
): Promise<{ readonly code: number; readonly said: string }> {
  let said = ''
  const hear = (text: string | Uint8Array): boolean => {
    said += String(text)
    return true
  }
  const streams = [process.stdout, process.stderr]
  const spies = streams.map((stream) => vi.spyOn(stream, 'write').mockImplementation(hear))
  try {
    return { code: await command(argv), said }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
