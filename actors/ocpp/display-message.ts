import type { DisplayOrder } from '../ports.ts'

/** Longest text that OCPP 2.0.1 takes; 2.1 takes more. */
const LONGEST_TEXT = 512

/**
 * Shows an order on a display of OCPP 2.0.1 or 2.1, for the dialect that speaks it: `call` sends one call and answers its status. A
 * free bay has nothing to say: the display goes back to its own pictures.
 */
export async function showDisplayMessage(
  order: DisplayOrder,
  call: (action: 'SetDisplayMessage' | 'ClearDisplayMessage', payload: object) => Promise<string>,
): Promise<'shown' | 'rejected' | 'unable'> {
  if (order.message !== 'free') return readDisplayAnswer(await call('SetDisplayMessage', setDisplayMessage(order)))
  const status = await call('ClearDisplayMessage', clearDisplayMessage(order.evse))
  // `Unknown`: nothing of ours is there.
  return ['accepted', 'unknown'].includes(status.toLowerCase()) ? 'shown' : 'rejected'
}

/** A charge point keeps one message a number: a newer one of the same EVSE takes the older one's place. */
const displayMessageId = (evse: number): number => 1_000 + evse

/**
 * SetDisplayMessage.req of OCPP 2.0.1 and 2.1: one plain text before everything else on the display of its EVSE, until the next
 * one replaces it. Longer texts are cut at a whole character.
 */
function setDisplayMessage({ evse, language, text }: Pick<DisplayOrder, 'evse' | 'language' | 'text'>): object {
  return {
    message: {
      id: displayMessageId(evse),
      priority: 'AlwaysFront',
      message: { format: 'UTF8', language, content: cut(text) },
      display: { name: 'Display', evse: { id: evse } },
    },
  }
}

/** ClearDisplayMessage.req: what berth put on this EVSE's display goes away. */
const clearDisplayMessage = (evse: number): object => ({ id: displayMessageId(evse) })

/** What the answer's status says of the display. */
function readDisplayAnswer(status: string): 'shown' | 'rejected' | 'unable' {
  const word = status.toLowerCase()
  if (word === 'accepted') return 'shown'
  return word.startsWith('notsupported') || word === 'languagenotsupported' ? 'unable' : 'rejected'
}

/** At most `LONGEST_TEXT` UTF-16 units, never half a character. */
function cut(text: string): string {
  if (text.length <= LONGEST_TEXT) return text
  const at = LONGEST_TEXT - 1
  const half = /[\uD800-\uDBFF]/.test(text[at - 1] ?? '')
  return `${text.slice(0, half ? at - 1 : at)}…`
}
