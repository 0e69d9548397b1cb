import type { FactRecord } from '../../machines/record.ts'
import { type VisitOutcome, VisitOutcomes } from '../../projections/visit-outcomes.ts'
import type { Lane, Parting } from './lane.ts'

const FOLDED = 'this camera sends more reads than are kept one by one, and the next may have agreed'

/** What came of every visit, as it was and as it is tried; where they part, and from when on nobody knows. */
export class TriedOutcomes {
  readonly before = new VisitOutcomes()
  readonly after = new VisitOutcomes()
  /** Cameras whose reads were folded into fewer words. */
  readonly #folding = new Set<string>()

  /** The visits that run in the two lives. */
  running({ bayId }: Lane): readonly string[] {
    return [this.before, this.after].flatMap((life) => life.running(bayId)?.visitId ?? [])
  }

  /** The lives part, or go on apart: so does every visit that ran before this moment (`ran`) or runs now. */
  part(lane: Lane, part: Parting, ran: readonly string[]): void {
    if (lane.parting === null || (lane.parting.drift && !part.drift)) lane.parting = part
    this.mark(lane, [...ran, ...this.running(lane)])
  }

  mark({ parting, partings }: Lane, visitIds: readonly string[]): void {
    if (parting === null) return
    for (const visitId of visitIds) {
      const known = partings.get(visitId)
      if (known === undefined || (known.drift && !parting.drift)) partings.set(visitId, parting)
    }
  }

  /** From this moment on nobody knows what would have been at this bay. */
  lose(lane: Lane, at: number, why: string, outcome: VisitOutcome | null | undefined): void {
    const lost = { since: new Date(at).toISOString(), why }
    for (const one of [...this.after.visits.values()])
      if (one.bayId === lane.bayId && one.openedAt > lost.since) this.after.put(one.visitId, null)
    if (outcome) {
      this.after.put(outcome.visitId, outcome)
      lane.unknown.set(outcome.visitId, lost)
    }
    this.after.follow(lane.bayId, null)
    const recorded = this.before.running(lane.bayId)
    if (recorded) lane.unknown.set(recorded.visitId, lost)
    Object.assign(lane, { mode: 'lost', apart: true, lost })
    lane.answers.clear()
    lane.asked.clear()
  }

  /** While a bay is lost every visit that was recorded there is one of which nothing is known. */
  overlook(lane: Lane): void {
    const visit = this.before.running(lane.bayId)
    if (visit && lane.lost && !lane.unknown.has(visit.visitId)) lane.unknown.set(visit.visitId, lane.lost)
    this.mark(lane, this.running(lane))
  }

  /** A camera that tells of more reads than are kept may have sent the missing witness too. */
  hearCamera({ cause }: FactRecord): void {
    if (cause.type.startsWith('plate.') && Number(cause['thinned'] ?? 0) > 0)
      this.#folding.add(String(cause['cameraId']))
  }

  /** Agreements that are none any more, at cameras whose reads were folded: from there on nobody knows. */
  closeFolded(lane: Lane): void {
    for (const [visitId, { at, cameraId, outcome }] of lane.folded) {
      if (!this.#folding.has(cameraId) || lane.unknown.has(visitId)) continue
      lane.unknown.set(visitId, { since: new Date(at).toISOString(), why: FOLDED })
      if (outcome) this.after.put(outcome.visitId, outcome)
    }
  }

  /** An agreement is none any more by the tried rules. */
  less(lane: Lane, { cause, at }: FactRecord): void {
    const visitId = this.before.running(lane.bayId)?.visitId
    if (visitId === undefined || lane.folded.has(visitId)) return
    const outcome = this.after.running(lane.bayId)
    lane.folded.set(visitId, { at: Date.parse(at), cameraId: String(cause['cameraId']), outcome })
  }
}
