import { Fault } from '../machines/faults.ts'
import { fileTrouble } from './file-trouble.ts'

/** What broke, in one sentence: a fault says it itself, a word not understood or a file that is not there is named, anything else is our bug. */
export function sentence(broken: unknown): string {
  if (broken instanceof Fault) return withDetails(broken)
  if (isUsageError(broken)) return `${broken.message.split('. ')[0]}; see \`berth --help\`.`
  if (isMissingFile(broken)) return `${broken.path}: ${fileTrouble(broken)}`
  const words = broken instanceof Error ? broken.message : String(broken)
  return `something unexpected broke: ${words.split('\n')[0]} (BERTH_DEBUG=1 shows where).`
}

/** The fault's sentence, and the ids and values that it carries. */
function withDetails(fault: Fault): string {
  const details = Object.entries(fault.about)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .map(([key, value]) => `${key} ${value}`)
  return details.length === 0 ? fault.message : `${fault.message} (${details.join(', ')})`
}

/** True for what `util.parseArgs` throws at an unknown flag or a missing value. */
export function isUsageError(broken: unknown): broken is Error {
  const code = broken instanceof Error && 'code' in broken ? broken.code : null
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')
}

/** True for a file that a command was told to read, and is not there. */
const isMissingFile = (broken: unknown): broken is Error & { readonly path: string } =>
  broken instanceof Error &&
  'code' in broken &&
  broken.code === 'ENOENT' &&
  'syscall' in broken &&
  broken.syscall === 'open' &&
  'path' in broken &&
  typeof broken.path === 'string'
