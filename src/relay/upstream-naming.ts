import type { ChargePointRelayParts } from './charge-point-relay-parts.ts'
import { UpstreamLine, type UpstreamOptions } from './upstream-line.ts'

/** A line to the back end under one charge point's address, with these credentials; nothing is dialled yet. */
export function newUpstreamLine(
  parts: ChargePointRelayParts,
  authorization: string | undefined,
  protocols: readonly string[],
  to: Pick<UpstreamOptions, 'ears' | 'nextEpoch'>,
): UpstreamLine {
  const { chargePointId, upstream, tls, clock, chance, counters, redial_ms, bell } = parts
  return new UpstreamLine({
    ...to,
    url: `${upstream.replace(/\/+$/, '')}/${encodeURIComponent(chargePointId)}`,
    authorization,
    ...(tls ? { tls } : {}),
    protocols,
    clock,
    counters,
    redial_ms,
    bell,
    chance: () => Number.parseInt(chance.hex(6), 16) / 0xffffff,
  })
}
