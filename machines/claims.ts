import type { Handle } from './events.ts'
import type { Cause, Decision } from './record.ts'
import type { DecisionType } from './record-types.ts'

/**
 * Who holds which vehicle, who waits for it, and which bays lost it since it was last free. Folded from the `site` stream's
 * decisions alone; the log's order is the tie-break.
 */
export type Claims = {
  readonly held: Map<Handle, Holder>
  readonly waiting: Holder[]
  readonly lost: Map<Handle, Set<string>>
}
export type Holder = { readonly handle: Handle; readonly bayId: string; readonly visitId: string }

/** What the site decides on one claim: facts for the record, and what the bays are told once it is durable. */
export type ClaimRuling = {
  readonly decisions: readonly Decision[]
  readonly told: readonly (Holder & {
    readonly news: 'claim.granted' | 'claim.contested' | 'claim.lost' | 'claim.doubled' | 'claim.alone'
    readonly rival: string | null
  })[]
}

export const noClaims = (): Claims => ({ held: new Map(), waiting: [], lost: new Map() })

const fact = (type: DecisionType, holder: Holder, rival: string | null = null): Decision => ({
  type,
  handle: holder.handle,
  bayId: holder.bayId,
  visitId: holder.visitId,
  rival,
})

/**
 * A plate has at most one live visit. The holder keeps it while a transaction, cable or flow holds its bay (`holderHolds`);
 * else it yields at once, but not back to a bay that it was taken from: two cars with one plate (E12) would take it from each
 * other, and start, for ever. Asking again gives the same answer.
 */
export function ruleClaim(claims: Claims, asked: Holder, holderHolds: boolean): ClaimRuling {
  const holder = claims.held.get(asked.handle)
  if (!holder || holder.visitId === asked.visitId)
    return { decisions: [fact('ClaimGranted', asked)], told: [{ ...asked, news: 'claim.granted', rival: null }] }
  if (holderHolds || claims.lost.get(asked.handle)?.has(asked.bayId)) {
    return {
      decisions: [fact('ClaimContested', asked, holder.bayId)],
      told: [
        { ...asked, news: 'claim.contested', rival: holder.bayId },
        { ...holder, news: 'claim.doubled', rival: asked.bayId },
      ],
    }
  }
  return {
    decisions: [fact('ClaimLost', holder, asked.bayId), fact('ClaimGranted', asked, holder.bayId)],
    told: [
      { ...holder, news: 'claim.lost', rival: asked.bayId },
      { ...asked, news: 'claim.granted', rival: null },
    ],
  }
}

/** A visit gives its plate back; the first that waits for it gets it. Where the last that waited gives up, the holder is told. */
export function ruleRelease(claims: Claims, released: Holder): ClaimRuling {
  const holder = claims.held.get(released.handle)
  const gone: Decision[] = [fact('ClaimReleased', released)]
  if (holder?.visitId !== released.visitId) {
    const rivals = claims.waiting.filter((one) => one.handle === released.handle)
    const wasLast = rivals.length === 1 && rivals[0]?.visitId === released.visitId
    return { decisions: gone, told: holder && wasLast ? [{ ...holder, news: 'claim.alone', rival: null }] : [] }
  }
  const next = claims.waiting.find((one) => one.handle === released.handle && one.visitId !== released.visitId)
  if (!next) return { decisions: gone, told: [] }
  return { decisions: [...gone, fact('ClaimGranted', next)], told: [{ ...next, news: 'claim.granted', rival: null }] }
}

/** Folds one record of the `site` stream. Changes and returns the same value: it is big and has one owner. */
export function foldClaims(
  claims: Claims,
  record: { readonly cause: Cause; readonly decisions: readonly Decision[] },
): Claims {
  for (const decision of record.decisions) {
    const holder = {
      handle: String(decision['handle']),
      bayId: String(decision['bayId']),
      visitId: String(decision['visitId']),
    }
    switch (decision.type) {
      case 'ClaimGranted':
        drop(claims.waiting, holder.visitId)
        claims.held.set(holder.handle, holder)
        break
      case 'ClaimContested':
        drop(claims.waiting, holder.visitId)
        claims.waiting.push(holder)
        break
      case 'ClaimLost':
        claims.lost.set(holder.handle, (claims.lost.get(holder.handle) ?? new Set()).add(holder.bayId))
        free(claims, holder)
        break
      case 'ClaimReleased':
        if (claims.held.get(holder.handle)?.visitId === holder.visitId) claims.lost.delete(holder.handle)
        free(claims, holder)
        break
      default:
        break
    }
  }
  return claims
}

function free(claims: Claims, holder: Holder): void {
  drop(claims.waiting, holder.visitId)
  if (claims.held.get(holder.handle)?.visitId === holder.visitId) claims.held.delete(holder.handle)
}

function drop(waiting: Holder[], visitId: string): void {
  const index = waiting.findIndex((one) => one.visitId === visitId)
  if (index >= 0) waiting.splice(index, 1)
}
