import { isLoopback } from './server/callers.ts'
import type { Check } from './site-sense.ts'

/** What a proxy needs and a central system does not have. */
export const proxySense: Check = (raw, error, warn) => {
  const { mode, upstream } = raw.ocpp
  const forProxy = '`mode: proxy`, or none of it'
  if (mode !== 'proxy') {
    for (const key of ['upstream', 'upstreamTls'] as const)
      if (raw.ocpp[key] !== undefined) error(['ocpp', key], 'a central system has no back end of its own', forProxy)
    for (const [i, one] of raw.chargePoints.entries())
      for (const key of ['upstream', 'upstreamTls'] as const)
        if (one[key] !== undefined) error(['chargePoints', i, key], 'a central system has no back end', forProxy)
    return
  }
  for (const [i, one] of raw.chargePoints.entries())
    if (upstream === undefined && one.upstream === undefined)
      error(
        ['chargePoints', i],
        `nobody knows the back end of ${one.id}`,
        '`upstream` here, or `ocpp.upstream` for all',
      )
  for (const [tls, path] of [
    [raw.ocpp.upstreamTls, ['ocpp', 'upstreamTls']] as const,
    ...raw.chargePoints.map((one, i) => [one.upstreamTls, ['chargePoints', i, 'upstreamTls']] as const),
  ])
    if ((tls?.cert === undefined) !== (tls?.key === undefined))
      error([...path], 'a client certificate needs both of its files', '`cert` and `key`')
  for (const [address, path] of [
    [upstream, ['ocpp', 'upstream']] as const,
    ...raw.chargePoints.map((one, i) => [one.upstream, ['chargePoints', i, 'upstream']] as const),
  ])
    if (address?.startsWith('ws://') && !isLoopback(hostOf(address)))
      warn([...path], 'everything goes to the back end unsealed, passwords too', 'wss://…')
}

const hostOf = (address: string): string =>
  /^wss?:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/]*)/.exec(address)?.[1]?.replace(/^\[|\]$/g, '') ?? ''
