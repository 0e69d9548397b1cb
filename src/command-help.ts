/** Runs a command with the words after its name; answers the exit code. */
export type Run = (argv: string[]) => Promise<number>

/** One command as `--help` shows it. `options` pairs a flag with what it does. */
export type CommandEntry = {
  readonly name: string
  readonly usage: string
  readonly summary: string
  readonly options: readonly (readonly [flag: string, does: string])[]
  readonly load: () => Promise<Run>
}

/** Every command in a line. */
export function overview(commands: readonly CommandEntry[]): string {
  const width = Math.max(...commands.map((entry) => entry.name.length)) + 2
  const lines = commands.map((entry) => `  ${entry.name.padEnd(width)}${entry.summary}`)
  return [
    'berth: charging bays that know their car.',
    '',
    'Usage: berth COMMAND …',
    '',
    ...lines,
    '',
    '`berth COMMAND --help` describes one; `berth --version` names this version. README.md has the rest.',
  ].join('\n')
}

/** One command with its flags. */
export function helpOf(entry: CommandEntry): string {
  const width = Math.max(0, ...entry.options.map(([flag]) => flag.length)) + 2
  const options = entry.options.map(([flag, does]) => `  ${flag.padEnd(width)}${does}`)
  return [`Usage: berth ${entry.usage}`, '', entry.summary, ...(options.length > 0 ? ['', ...options] : [])].join('\n')
}
