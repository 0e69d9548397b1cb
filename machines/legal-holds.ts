import type { Handle, Json } from './events.ts'
import type { FactRecord } from './record.ts'

/** Why what is known of a vehicle must be kept although it could go. */
export const HOLD_REASONS = ['bill', 'damage', 'insurance', 'police', 'court'] as const
export type HoldReason = (typeof HOLD_REASONS)[number]

/** Somebody must keep what is known of a vehicle until a day. Times are ISO 8601 UTC. */
export type LegalHold = {
  readonly holdId: string
  readonly handle: Handle
  readonly reason: HoldReason
  readonly placedAt: string
  readonly until: string
  readonly by: string
}

/** Holds that nobody lifted, by id; those whose day is past stand in it too, and hold nothing. */
export type LegalHolds = Map<string, LegalHold>

/** Folds one record of the audit stream. Changes and returns the same value. */
export function foldHolds(
  holds: LegalHolds,
  { stream, cause, at }: Pick<FactRecord, 'stream' | 'cause' | 'at'>,
): LegalHolds {
  if (stream !== 'audit') return holds
  const holdId = text(cause['holdId'])
  if (cause.type === 'hold.lifted') holds.delete(holdId)
  if (cause.type !== 'hold.placed') return holds
  const reason = HOLD_REASONS.find((one) => one === cause['reason']) ?? 'bill'
  const [handle, until, by] = [text(cause['handle']), text(cause['until']), text(cause['by'])]
  return holds.set(holdId, { holdId, handle, reason, placedAt: at, until, by })
}

/** What holds this vehicle at `now` (ms since 1970), the one that ends last first. */
export const holdsOn = (holds: LegalHolds, handle: Handle, now: number): readonly LegalHold[] =>
  [...holds.values()]
    .filter((one) => one.handle === handle && Date.parse(one.until) > now)
    .toSorted((a, b) => b.until.localeCompare(a.until))

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
