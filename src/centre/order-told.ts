import type { Json } from '../../machines/events.ts'
import type { CentralOutcome } from '../uplink/central-order.ts'

const MOST_SAID = 500

/** What a gateway says became of an order; null where that is none: then it is asked again. */
export function outcomeToldOf(body: Json): CentralOutcome | null {
  const { outcome, seq, says, until } = (body ?? {}) as { readonly [member: string]: unknown }
  const at = Number.isSafeInteger(seq) && (seq as number) >= 0 ? (seq as number) : null
  switch (outcome) {
    case 'done':
      return at === null ? null : { outcome, seq: at }
    case 'refused':
    case 'expired':
      return typeof says === 'string' ? { outcome, says: plain(says), seq: at } : null
    case 'asked':
      return typeof until === 'string' && !Number.isNaN(Date.parse(until)) ? { outcome, until } : null
    default:
      return null
  }
}

/** No database takes a NUL, or half a character. */
const plain = (text: string): string => text.replaceAll('\0', '').toWellFormed().slice(0, MOST_SAID).toWellFormed()
