import { type CallReading, readCallFrame } from './frame-reading.ts'
import { insertField, spansAt, splice } from './frame-scan.ts'
import type { TokenEntry, TokenTable } from './token-table.ts'

/**
 * What a call means once berth's tokens are looked at: `plain` bears none; `asked` is an Authorize for one, answered here; `alias` is
 * the same call with the alias in the token's place; `dead` begins a transaction with a token whose start is over.
 */
export type TokenJudgement =
  | { readonly kind: 'plain' }
  | { readonly kind: 'asked'; readonly entry: TokenEntry }
  | {
      readonly kind: 'alias' | 'dead'
      readonly entry: TokenEntry
      readonly text: string
      readonly reading: CallReading
    }

const PLAIN: TokenJudgement = { kind: 'plain' }

/**
 * Looks for berth's tokens in a charge point's call.
 *
 * A start with a dead token is never billed: its vehicle may have left, and whoever stands there now would charge on somebody else's
 * contract. The charge point hears Invalid, the back end nothing, the logic sees the copy. Everything after a start (stop, updates)
 * bears the alias whether the token is still alive or not: it closes what was opened under that alias.
 */
export function judgeTokens(
  text: string,
  reading: CallReading,
  chargePointId: string,
  tokens: TokenTable,
): TokenJudgement {
  const { role, token, begins } = reading
  if (role !== 'authorize' && role !== 'start' && role !== 'stop' && role !== 'event') return PLAIN
  if (token === null) return begins ? nameless(text, reading, chargePointId, tokens) : PLAIN
  const entry = tokens.find(chargePointId, token.value)
  if (!entry) return PLAIN
  if (role === 'authorize') return { kind: 'asked', entry }
  const put = JSON.stringify(entry.alias)
  return rewritten(splice(text, token.spans, put), begins && !entry.live, entry)
}

/** A 2.x transaction that begins without a token, in answer to a remote start of berth's own: the back end must know who pays. */
function nameless(text: string, reading: CallReading, chargePointId: string, tokens: TokenTable): TokenJudgement {
  if (reading.remoteStartId === null) return PLAIN
  // An idToken of another shape is the charge point's word: it stays.
  if (spansAt(text, reading.head.rest, ['idToken']).length > 0) return PLAIN
  const entry = tokens.startedBy(chargePointId, reading.remoteStartId)
  if (!entry) return PLAIN
  const field = `"idToken":${JSON.stringify({ idToken: entry.alias, type: 'Central' })}`
  return rewritten(insertField(text, reading.head.rest, field), !entry.live, entry)
}

function rewritten(text: string, dead: boolean, entry: TokenEntry): TokenJudgement {
  const reading = readCallFrame(text)
  return reading ? { kind: dead ? 'dead' : 'alias', entry, text, reading } : PLAIN
}
