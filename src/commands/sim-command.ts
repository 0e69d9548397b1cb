import type { CommandEntry } from '../command-help.ts'
import { SIM_PARTS } from './sim-parts.ts'

/** The command as `berth --help` lists it. */
export const SIM_COMMAND: CommandEntry = {
  name: 'sim',
  usage: SIM_PARTS.map(({ usage }) => usage).join(' | '),
  summary: 'Site design: how many bays, how much grid, who is turned away, before anybody digs.',
  options: SIM_PARTS.flatMap(({ options }) => options),
  load: async () => (await import('./sim.ts')).sim,
}
