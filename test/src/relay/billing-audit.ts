import type { ChargePointClient } from '../../../src/demo/charge-point-client.ts'
import { ALIAS, TOKEN } from './relay-stage.ts'
import type { HeardCall } from './toy-upstream.ts'

/** Message ids and transaction ids are each side's own; all the rest of a message must be the same. */
function content(action: string, payload: object, token: string): string {
  const text = JSON.stringify(payload)
  return `${action} ${text.replaceAll(token, ALIAS).replace(/"transactionId":"?-?\w+"?/, '"transactionId":0')}`
}

function isBilled(action: string, payload: object): boolean {
  return (
    ['StartTransaction', 'StopTransaction', 'TransactionEvent'].includes(action) ||
    (action === 'MeterValues' && 'transactionId' in payload)
  )
}

/** Its answer is written down with the next commit, not at once. */
const isSample = ({ action, payload }: Pick<HeardCall, 'action' | 'payload'>): boolean =>
  action === 'MeterValues' || (payload as { readonly eventType?: unknown }).eventType === 'Updated'

/**
 * Compares what one charge point said of its transactions with what the back end heard: everything, in the order in which it was
 * said, and again only what may not have been answered. Answers sentences, none where all is well.
 */
export function auditBilling(client: ChargePointClient, calls: readonly HeardCall[], token = TOKEN): string[] {
  const said = client.frames.flatMap(({ way, frame }) =>
    way === 'out' && frame[0] === 2 && isBilled(frame[2], frame[3]) ? [content(frame[2], frame[3], token)] : [],
  )
  const heard = calls
    .filter((call) => call.chargePointId === client.id && isBilled(call.action, call.payload))
    .map((call) => ({ ...call, content: content(call.action, call.payload, token) }))
  const saidOnce = [...new Set(said)]
  const heardOnce = [...new Set(heard.map((call) => call.content))]
  const faults: string[] = []
  for (const text of saidOnce) if (!heardOnce.includes(text)) faults.push(`lost: ${text}`)
  for (const text of heardOnce) if (!saidOnce.includes(text)) faults.push(`never said: ${text}`)
  const inOrder = saidOnce.filter((text) => heardOnce.includes(text))
  heardOnce.forEach((text, i) => {
    if (text !== inOrder[i]) faults.push(`out of order: ${text}`)
  })
  heard.forEach((call, i) => {
    const isRepeat = (at: number): boolean => heard.slice(0, at).some((other) => other.content === heard[at]?.content)
    const wasAnswered = heard.slice(0, i).some((other) => other.content === call.content && other.answered)
    const sinceKill = heard.flatMap((other, at) => (other.connection === call.connection && at < i ? [at] : []))
    // An answer that left the back end may have been lost with a killed relay: then it is the first of the next connection. Of samples
    // several may be, all before anything new.
    const mayBe = sinceKill.length === 0 || (isSample(call) && sinceKill.every(isRepeat))
    if (wasAnswered && !mayBe) faults.push(`said again though answered: ${call.text}`)
  })
  return faults
}
