import { remoteStartNamed, transactionNamed } from './frame-reading.ts'
import { type FrameHead, splice } from './frame-scan.ts'
import type { IdMap } from './id-map.ts'
import type { TokenTable } from './token-table.ts'

/** A call of the back end with the transaction id that the charge point knows; null where it goes down as it is. */
export function translateDown(
  text: string,
  head: FrameHead,
  by: { readonly chargePointId: string; readonly ids: IdMap; readonly tokens: TokenTable },
): string | null {
  const start = remoteStartNamed(text, head)
  if (start !== null) by.tokens.forgetStart(by.chargePointId, start)
  const named = transactionNamed(text, head)
  const given = named ? by.ids.toChargePoint(by.chargePointId, named.value) : undefined
  return named && given !== undefined ? splice(text, named.spans, String(given)) : null
}

/** The remote start id and token of a RequestStartTransaction of berth's own (2.x); null for any other call. */
export function ownStartIn(action: string, payload: object): { readonly id: number; readonly token: string } | null {
  if (action !== 'RequestStartTransaction' || !('remoteStartId' in payload) || !('idToken' in payload)) return null
  const { remoteStartId, idToken } = payload
  if (typeof remoteStartId !== 'number' || typeof idToken !== 'object' || !idToken || !('idToken' in idToken))
    return null
  return { id: remoteStartId, token: String(idToken.idToken) }
}
