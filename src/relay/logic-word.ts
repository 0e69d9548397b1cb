import type { LogicWord } from './relay-news.ts'

export type WordReading =
  | { readonly ok: true; readonly word: LogicWord }
  | { readonly ok: false; readonly ref: string; readonly says: string }

type Kind = 'string' | 'boolean' | 'number' | 'object' | 'string or null'

/** What each word must hold. */
const SHAPES: { readonly [word in LogicWord['do']]: { readonly [field: string]: Kind } } = {
  hello: { ref: 'string', run: 'string or null', after: 'number' },
  'token.put': { ref: 'string', chargePointId: 'string', token: 'string', alias: 'string', startId: 'string' },
  'token.dead': { ref: 'string', token: 'string' },
  'subject.forget': { ref: 'string', subject: 'string' },
  passwords: { ref: 'string', passwords: 'object' },
  call: {
    ref: 'string',
    chargePointId: 'string',
    action: 'string',
    payload: 'object',
    deadline: 'number',
    answerWithin_ms: 'number',
  },
  upward: { ref: 'string', chargePointId: 'string', action: 'string', payload: 'object', answerWithin_ms: 'number' },
  go: { ref: 'string', call: 'string', go: 'boolean' },
  heard: { ref: 'string', n: 'number' },
  withdraw: { ref: 'string', call: 'string' },
  state: { ref: 'string' },
  stop: { ref: 'string' },
}

/** Reads one line of the logic; says what is wrong with any other line. */
export function readLogicWord(line: string): WordReading {
  const value = parse(line)
  const ref = typeof value?.['ref'] === 'string' ? value['ref'] : ''
  if (!value) return { ok: false, ref, says: 'This line is no JSON object.' }
  const name = String(value['do'])
  const shape = Object.hasOwn(SHAPES, name) ? SHAPES[name as LogicWord['do']] : undefined
  if (!shape) return { ok: false, ref, says: `There is no word ${JSON.stringify(name.slice(0, 50))}.` }
  const wrong = Object.entries(shape).find(([field, kind]) => !isOf(kind, value[field]))
  if (wrong) return { ok: false, ref, says: `${name} needs ${wrong[0]} as ${wrong[1]}.` }
  return { ok: true, word: value as unknown as LogicWord }
}

function parse(line: string): { readonly [field: string]: unknown } | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as { readonly [field: string]: unknown })
      : null
  } catch {
    return null
  }
}

function isOf(kind: Kind, value: unknown): boolean {
  if (kind === 'string or null') return value === null || typeof value === 'string'
  if (kind === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  if (kind === 'boolean') return typeof value === 'boolean'
  if (kind === 'number') return typeof value === 'number' && Number.isFinite(value)
  return typeof value === 'string' && value !== ''
}
