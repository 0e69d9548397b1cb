import type { CommandType } from '../machines/events.ts'

/** Orders to a bay that name no plate. */
export const PLAIN_COMMANDS = [
  'authorize',
  'deny',
  'release-lock',
  'remote-stop',
  'out-of-service',
  'in-service',
  'autonomy',
  'learn-empty',
] as const satisfies readonly CommandType[]

/** Every order to a bay: a type that is missing here does not compile. */
export const BAY_COMMANDS = [...PLAIN_COMMANDS, 'correct-plate'] as const satisfies readonly CommandType[] &
  (Exclude<CommandType, (typeof PLAIN_COMMANDS)[number]> extends 'correct-plate' ? unknown : never)
