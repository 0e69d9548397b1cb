import type { ChargePointNews } from './ports.ts'
import type { Reached } from './routing.ts'

/**
 * Some boxes stop with an id that nobody gave (-1, 0, unknown). By profile such a stop ends the only transaction that is open at the
 * charge point, where it may be its end by time and register: a stop of days ago is not.
 */
export function strayEnd(
  bays: readonly Reached[],
  { chargePointId, register_Wh, happenedAt }: Extract<ChargePointNews, { type: 'ended' }>,
): string | null {
  const open = bays.flatMap(({ snapshot: { context } }) =>
    Object.values(context.connectors).flatMap((connector) =>
      connector.transaction && connector.chargePointId === chargePointId ? [connector.transaction] : [],
    ),
  )
  const [only] = open
  if (!only || open.length > 1) return null
  const fits =
    (happenedAt === null || happenedAt >= only.lastAt - STRAY_ms) &&
    (register_Wh === null || register_Wh + STRAY_Wh >= (only.last_Wh ?? 0))
  return fits ? only.transactionId : null
}

/** A stop is said in whole Wh and with a clock of its own: so far before the last sample it may still be meant. */
const STRAY_Wh = 50
const STRAY_ms = 60_000
