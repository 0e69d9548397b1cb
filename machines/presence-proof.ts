import type { FactRecord } from './record.ts'

/**
 * Whether a site's cameras can be believed that a bay is empty: hours in which a charge was under way, and so a vehicle stood there, by the
 * records of its bays; and how often a camera said meanwhile that nobody did. Before its empty bay was learnt no camera could have said so:
 * such hours show nothing.
 */
export type PresenceProof = {
  readonly occupied_ms: number
  readonly falseEmpties: number
  /** Charges that run, by bay: since when, ms since 1970. */
  readonly running: { readonly [bayId: string]: number }
  /** Bays whose empty look was learnt. */
  readonly learnt: readonly string[]
}

export const NO_PROOF: PresenceProof = { occupied_ms: 0, falseEmpties: 0, running: {}, learnt: [] }

/** Occupied hours that must have been watched, and for how many of them one false word may stand. */
export const PROOF_HOURS = 1_000
const HOUR_MS = 3_600_000

/** Folds one record of the journal. */
export function foldProof(proof: PresenceProof, { bayId, cause, at, decisions }: FactRecord): PresenceProof {
  if (cause.type === 'zone.learnt') {
    const known = String(cause['bayId'])
    return proof.learnt.includes(known) ? proof : { ...proof, learnt: [...proof.learnt, known] }
  }
  if (bayId === null || !proof.learnt.includes(bayId)) return proof
  const moment = Date.parse(at)
  const since = proof.running[bayId]
  const hasLocked = decisions.some(({ type }) => type === 'BayLocked')
  const hasEnded = decisions.some(({ type }) => type === 'BayUnlocked' || type === 'VisitEnded')
  if (since === undefined)
    return hasLocked && !hasEnded ? { ...proof, running: { ...proof.running, [bayId]: moment } } : proof
  const said = cause.type === 'zone.empty' ? { ...proof, falseEmpties: proof.falseEmpties + 1 } : proof
  if (!hasEnded) return said
  const { [bayId]: _, ...running } = said.running
  return { ...said, occupied_ms: said.occupied_ms + Math.max(0, moment - since), running }
}

/** Shown: watched long enough, with at most one false word in a thousand occupied hours. */
export const isShown = ({ occupied_ms, falseEmpties }: PresenceProof): boolean =>
  occupied_ms >= PROOF_HOURS * HOUR_MS && falseEmpties * PROOF_HOURS * HOUR_MS <= occupied_ms
