import type { Keys } from '../actors/ports.ts'
import { startLives } from '../actors/routing.ts'
import { autonomyOf } from '../machines/knowledge.ts'
import type { WorldProcess } from './world-process.ts'

/** One call that leaves berth for a charge point. */
export type Order = {
  readonly postId: string
  readonly action: string
  readonly payload: { readonly [key: string]: unknown }
}

/** The token of a start, in either version's words; null for any other call. */
function tokenOf({ action, payload }: Order): string | null {
  if (action === 'RemoteStartTransaction') return String(payload['idTag'])
  if (action !== 'RequestStartTransaction') return null
  return String((payload['idToken'] as { readonly idToken?: unknown } | undefined)?.idToken)
}

/** A command leaves berth: only for a visit that lives, only what is on record, and nothing that a bay does by itself which only observes. */
export function orderBreach(
  order: Order,
  process: WorldProcess | null,
  keys: Keys,
): { readonly law: string; readonly says: string } | null {
  const token = tokenOf(order)
  if (token === null) return null
  const start = keys.findStart(token)
  const host = process?.site.hosts.get(start?.visitId.replace(/-\d+$/, '') ?? '')
  const says = `${order.postId} is started for ${start?.startId ?? 'nobody'}`
  if (!host || !start || !startLives(host.bay, start.startId))
    return { law: 'no command without a live visit', says: `${says}, which is dead` }
  const known = host.committed.snapshot.context.visit?.starts.find((one) => one.startId === start.startId)
  if (!known) return { law: 'nothing is sent before it is on record', says }
  const { bay } = host
  const isAsked = known.reason === 'operator' || bay.visit?.payer?.person === true
  return autonomyOf(bay) === 'observe' && !isAsked
    ? { law: 'a bay that observes starts nothing by itself', says }
    : null
}
