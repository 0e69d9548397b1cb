import type { Claims, Holder } from '../machines/claims.ts'
import type { Observation } from '../machines/events.ts'
import type { Bay } from '../machines/knowledge.ts'
import { pathOf } from '../machines/step.ts'
import type { BayHost } from './bay-actor.ts'

/** One claim's news that its bay was never told. */
export type Untold = Holder & {
  readonly news: Extract<Observation['type'], 'claim.granted' | 'claim.lost' | 'claim.doubled' | 'claim.alone'>
  readonly rival: string | null
}

/** Claims of visits that are over, or claim the vehicle no more: who waits comes before who holds, so that nobody dead inherits a vehicle. */
export function deadClaims(claims: Claims, hosts: ReadonlyMap<string, BayHost>): readonly Holder[] {
  const dead = (one: Holder): boolean => {
    const visit = visitOf(hosts, one)
    // A visit whose plate was corrected claims it no more, though giving it back came to nothing.
    return visit?.visitId !== one.visitId || visit.claim?.handle !== one.handle
  }
  return [...claims.waiting.filter(dead), ...[...claims.held.values()].filter(dead)]
}

/**
 * What the rulings say and the bays do not know: a bay whose vehicle went to another, and a bay that was granted one. `asksAgain`:
 * the site has just come back, and a bay that still waits for its answer asks by itself.
 */
export function untoldClaims(
  claims: Claims,
  hosts: ReadonlyMap<string, BayHost>,
  asksAgain: boolean,
): readonly Untold[] {
  return [...hosts.values()].flatMap((host): Untold[] => {
    const visit = host.bay.visit
    if (!visit?.claim) return []
    const { handle, state } = visit.claim
    const holder = claims.held.get(handle)
    const own: Holder = { handle, bayId: host.bayId, visitId: visit.visitId }
    if (!holder) return []
    if (holder.visitId !== visit.visitId)
      return state === 'granted' ? [{ ...own, news: 'claim.lost', rival: holder.bayId }] : []
    if (state === 'granted') return untoldRival(claims, host, own)
    if (state !== 'asked' && state !== 'contested') return []
    if (asksAgain && pathOf(host.snapshot.value).detail === 'claiming') return []
    return [{ ...own, news: 'claim.granted', rival: null }]
  })
}

/** What the holder of a plate was not told of those who wait for it. */
function untoldRival(claims: Claims, { bayId, bay }: BayHost, own: Holder): Untold[] {
  const rival = claims.waiting.find((one) => one.handle === own.handle)
  const isFlagged = bay.alarms.includes(`${bayId}/clone`)
  if (rival) return isFlagged ? [] : [{ ...own, news: 'claim.doubled', rival: rival.bayId }]
  return isFlagged ? [{ ...own, news: 'claim.alone', rival: null }] : []
}

const visitOf = (hosts: ReadonlyMap<string, BayHost>, { bayId }: Holder): Bay['visit'] =>
  hosts.get(bayId)?.bay.visit ?? null

/** Makes `to` say what `from` says. */
export function copyClaims(from: Claims, to: Claims): void {
  to.held.clear()
  for (const [handle, holder] of from.held) to.held.set(handle, holder)
  to.waiting.splice(0, to.waiting.length, ...from.waiting)
  to.lost.clear()
  for (const [handle, bayIds] of from.lost) to.lost.set(handle, new Set(bayIds))
}
