import type { CallReading } from './frame-reading.ts'
import { spansAt } from './frame-scan.ts'

/** What the relay knows of a charge point when the back end is away. */
export type AwayFacts = {
  /** ms since 1970. */
  readonly now: number
  /** The call bears a live token of berth's (its alias by now). */
  readonly own: boolean
  /** The back end has accepted a boot of this charge point, with this interval in s; null = never. */
  readonly interval_s: number | null
  /** An Authorize of a card hears an error; else nothing. */
  readonly cardsHearError: boolean
  /** A new transaction id. */
  readonly give: () => number
}

/** An answer of the relay's own, a result (3) or an error (4): everything after the message id, and the transaction id in it. */
export type LocalAnswer = { readonly type: 3 | 4; readonly rest: string; readonly given: number | null }

const plain = (payload: object): LocalAnswer => ({ type: 3, rest: `${JSON.stringify(payload)}]`, given: null })
const NOBODY_CAN_SAY =
  '"InternalError","The back end cannot be reached; nobody else can say whether this card may charge.",{}]'

/**
 * What the relay answers in the absence of the back end; null = nothing, as the back end's absence would sound.
 *
 * - What is only told (status, samples, stops, notices) is kept and confirmed, else the charge point would give it up after a few tries.
 * - A heartbeat asks for the time, which is known; without an answer many boxes restart in the middle of a session.
 * - A boot is confirmed where the back end has accepted one before: it lets the box in again, not for the first time.
 * - Starts and events with a token of berth's are accepted. With a card they are kept, but nobody here may say yes or no to a card: the
 *   charge point hears nothing and says it again, until the back end's own answer comes. An error would have it give up a start that runs.
 * - Authorize of a card hears an error, unless the site wants silence: the driver who stands there learns at once that it does not work now,
 *   and the charge point goes by its own list or cache.
 */
export function answerAway(reading: CallReading, facts: AwayFacts): LocalAnswer | null {
  switch (reading.role) {
    case 'authorize':
      return facts.cardsHearError ? { type: 4, rest: NOBODY_CAN_SAY, given: null } : null
    case 'heartbeat':
      return plain({ currentTime: iso(facts.now) })
    case 'boot':
      if (facts.interval_s === null) return null
      return plain({ status: 'Accepted', currentTime: iso(facts.now), interval: facts.interval_s })
    case 'status':
    case 'notice':
    case 'meter':
    case 'stop':
      return plain({})
    case 'start': {
      if (!facts.own) return null
      const transactionId = facts.give()
      return { ...plain({ transactionId, idTagInfo: { status: 'Accepted' } }), given: transactionId }
    }
    case 'event':
      if (reading.token === null) return plain({})
      return facts.own ? plain({ idTokenInfo: { status: 'Accepted' } }) : null
    default:
      return null
  }
}

/** The answer to an Authorize of a token of berth's, in the words of the version that asks. */
export function answerAuthorize(text: string, reading: CallReading, live: boolean): string {
  const info = { status: live ? 'Accepted' : 'Invalid' }
  const isOld = spansAt(text, reading.head.rest, ['idTag']).length > 0
  return `${JSON.stringify(isOld ? { idTagInfo: info } : { idTokenInfo: info })}]`
}

/** The answer to a start with a dead token. `given` is the id of a transaction that the back end never hears of (1.6). */
export function refuseStart(reading: CallReading, given: number): string {
  const info = { status: 'Invalid' }
  return `${JSON.stringify(reading.role === 'start' ? { transactionId: given, idTagInfo: info } : { idTokenInfo: info })}]`
}

const iso = (now: number): string => new Date(now).toISOString()
