import type { Handle } from '../machines/events.ts'
import type { FactRecord } from '../machines/record.ts'
import type { ErasureHolds } from './erasure-holds.ts'
import type { Erasure } from './erasures.ts'

/** A request with the bays whose visits need its vehicle by now: one may have come after it was asked. */
export function withHolders(one: Kept, holders: (handle: Handle) => readonly string[]): Kept {
  if (one.status === 'done') return one
  return { ...one, waitsFor: [...new Set([...one.waitsFor, ...holders(one.handle)])] }
}

/** A request with what holds it now. */
export function withHolds(holds: ErasureHolds, one: Kept): Erasure {
  const isDone = one.status === 'done'
  const heldBy = isDone ? [] : holds.on(one.handle)
  const waits = one.waitsFor.length > 0 || heldBy.length > 0
  const status = one.status === 'due' && waits ? 'queued' : one.status
  const { heldOnRecord: _kept, ...request } = one
  const heldUntil = isDone ? null : holds.until(one.handle)
  return { ...request, status, heldBy, heldUntil, because: isDone ? null : holds.because(one.handle, one.waitsFor) }
}

/** A request as the journal alone says it. `heldOnRecord`: the disputes for which that stands there. */
export type Kept = Omit<Erasure, 'heldBy' | 'heldUntil' | 'because'> & { readonly heldOnRecord: string }

/** Folds one record into the requests. */
export function foldErasures(known: Map<string, Kept>, record: FactRecord): void {
  const { cause } = record
  if (cause.type === 'erasure.asked' && record.stream === 'audit') {
    const erasureId = String(cause['erasureId'])
    const waitsFor = (cause['bays'] ?? []) as readonly string[]
    known.set(erasureId, {
      erasureId,
      handle: String(cause['handle']),
      askedAt: record.at,
      by: String(cause['by']),
      status: waitsFor.length === 0 ? 'due' : 'queued',
      waitsFor,
      heldOnRecord: '',
      doneAt: null,
    })
  }
  for (const decision of record.decisions) {
    const one = known.get(String(decision['erasureId']))
    if (!one) continue
    const waitsFor = one.waitsFor.filter((bayId) => bayId !== record.bayId)
    if (decision.type === 'ErasureDue')
      known.set(one.erasureId, { ...one, waitsFor, status: waitsFor.length === 0 ? 'due' : 'queued' })
    if (decision.type === 'ErasureHeld')
      known.set(one.erasureId, { ...one, heldOnRecord: (decision['sessions'] as readonly string[]).join(' ') })
    if (isErased(decision)) known.set(one.erasureId, { ...one, status: 'done', waitsFor: [], doneAt: record.at })
  }
}

/** With its name in journals of before. */
export const isErased = ({ type }: { readonly type: string }): boolean =>
  type === 'SubjectErased' || type === 'ErasureHonoured'
