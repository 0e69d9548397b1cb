import { type CallReading, readCallFrame } from './frame-reading.ts'
import { cutField, insertField, spansAt, splice } from './frame-scan.ts'
import type { TokenEntry, TokenTable } from './token-table.ts'
import type { TransactionPayers } from './transaction-payers.ts'

/**
 * What a call means once berth's tokens are looked at: `plain` bears none; `asked` is an Authorize for one, answered here; `alias` is
 * the same call with the alias in the token's place; `dead` begins a transaction, or goes on with one, with a token whose start is over.
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

/** What tokens are judged by. */
export type TokenFacts = {
  readonly chargePointId: string
  readonly tokens: TokenTable
  readonly payers: TransactionPayers
  /** When the charge point's connection was made, ms since 1970. */
  readonly since: () => number
  /** OCPP 2's type of the aliases. */
  readonly aliasType: string
  /** It was said before, and went up. */
  readonly isRepeat: (text: string, reading: CallReading) => boolean
}

const PLAIN: TokenJudgement = { kind: 'plain' }

/**
 * Looks for berth's tokens in a charge point's call.
 *
 * A start with a dead token is not billed: its vehicle may have left, and whoever stands there now would charge on somebody else's
 * contract. The same holds for a 2.x transaction that began without a token and gets a dead one later. What was begun under a live
 * token bears its alias to the end. A start that happened while its token lived and the charge point was cut off is told late, and is
 * billed as it happened. A token pays for one start, at the connector that it was made for: every other is a start with a dead one.
 */
export function judgeTokens(text: string, reading: CallReading, facts: TokenFacts): TokenJudgement {
  const { role, token } = reading
  if (role !== 'authorize' && role !== 'start' && role !== 'stop' && role !== 'event') return PLAIN
  if (token === null) return role === 'event' ? nameless(text, reading, facts) : PLAIN
  const entry = facts.tokens.find(facts.chargePointId, token.value)
  if (!entry) return PLAIN
  if (role === 'authorize') return { kind: 'asked', entry }
  const named = splice(text, token.spans, JSON.stringify(entry.alias))
  return rewritten(retyped(named, reading, facts.aliasType), mayPay(reading, entry, facts), entry)
}

/** A 2.x transaction without a token, in answer to a remote start of berth's own: the back end must know who pays. */
function nameless(text: string, reading: CallReading, facts: TokenFacts): TokenJudgement {
  // The token of an end is that of whoever stops.
  if (reading.ends) return PLAIN
  // An idToken of another shape is the charge point's word: it stays.
  if (spansAt(text, reading.head.rest, ['idToken']).length > 0) return PLAIN
  const { remoteStartId } = reading
  const entry =
    remoteStartId === null ? promised(text, reading, facts) : facts.tokens.startedBy(facts.chargePointId, remoteStartId)
  if (!entry) return PLAIN
  const field = `"idToken":${JSON.stringify({ idToken: entry.alias, type: facts.aliasType })}`
  const judged = rewritten(insertField(text, reading.head.rest, field), mayPay(reading, entry, facts), entry)
  // By the answer alone it is said once, and again only where that event is said again.
  const isSaid = remoteStartId === null && judged.kind === 'alias' && pays(reading, entry, facts)
  return isSaid && !facts.isRepeat(judged.text, judged.reading) ? PLAIN : judged
}

/** Reasons of events that a start leads to; what the station says late of before it (a cable, a sample) stays as it is. */
const FOLLOWS_START: ReadonlySet<string> = new Set(['RemoteStart', 'Authorized', 'ChargingStateChanged'])

/** The start that the station answered with this transaction, where it names it nowhere else. */
function promised(text: string, reading: CallReading, facts: TokenFacts): TokenEntry | null {
  const { transaction, trigger } = reading
  const token = transaction === null ? null : facts.payers.promisedTo(facts.chargePointId, transaction.value)
  // What went up before the answer was known is said again as it was.
  if (token === null || !FOLLOWS_START.has(trigger ?? '') || facts.isRepeat(text, reading)) return null
  return facts.tokens.find(facts.chargePointId, token)
}

/** The alias of this token has gone up with this transaction. */
const pays = ({ transaction }: CallReading, entry: TokenEntry, { payers, chargePointId }: TokenFacts): boolean =>
  transaction !== null && payers.tokenOf(chargePointId, transaction.value) === entry.token

/** The kind of token that the alias is; where it is Central, as berth's own are, what the charge point says of it stays. */
function retyped(text: string, { role, head }: CallReading, aliasType: string): string {
  if (role !== 'event' || aliasType === 'Central') return text
  return splice(text, spansAt(text, head.rest, ['idToken', 'type']), JSON.stringify(aliasType))
}

function mayPay(reading: CallReading, entry: TokenEntry, facts: TokenFacts): boolean {
  const { role, begins, happened, evse, occasion } = reading
  if (role === 'stop') return true
  if (!begins && pays(reading, entry, facts)) return true
  // Another connector's vehicle, or another start than the one that it was made for.
  if (evse !== null && entry.evses.length > 0 && !entry.evses.includes(evse)) return false
  if (entry.spent !== null && entry.spent !== occasion) return false
  if (entry.live) return true
  if (happened === null || entry.died_at === null) return false
  // Online it would have come at once: then its clock is wrong, or it still can be told no.
  return happened >= entry.made_at && happened <= entry.died_at && happened < facts.since()
}

function rewritten(text: string, pays: boolean, entry: TokenEntry): TokenJudgement {
  const reading = readCallFrame(text)
  return reading ? { kind: pays ? 'alias' : 'dead', entry, text, reading } : PLAIN
}

/** An event without its token, as the back end may hear it where nobody pays. */
export function withoutToken(text: string, reading: CallReading): string {
  return cutField(text, reading.head.rest, 'idToken')
}
