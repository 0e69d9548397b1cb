import { splice } from './frame-scan.ts'
import type { IdMap } from './id-map.ts'
import type { QueuedMessage } from './queued-message.ts'

/** The message with the back end's own transaction id; null where it has none and never will. */
export function upstreamText(message: QueuedMessage, chargePointId: string, ids: IdMap): string | null {
  const transaction = message.reading?.transaction
  const upstream = transaction ? ids.toUpstream(chargePointId, transaction.value) : undefined
  if (upstream === undefined || !transaction) return message.text
  if (upstream === null) return null
  const isText = message.text.startsWith('"', transaction.spans.at(-1)?.start)
  return splice(message.text, transaction.spans, isText ? `"${upstream}"` : String(upstream))
}

/** A text that any reader can read. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
