import type { CheckpointRule } from './journal/checkpointer.ts'
import type { OcppTls } from './ocpp/ocpp-listener.ts'
import type { SiteRegister } from './register-source/open-register-source.ts'
import type { SiteChargePoint } from './site-file.ts'
import type { RawSite } from './site-schema.ts'
import type { SiteCentre } from './uplink/uplink.ts'

type RawChargePoint = RawSite['chargePoints'][number]
/** A path of the site file made absolute. */
type Beside = (file: string) => string

/** A charge point with what the whole site says for all; files `beside` the site file. */
export function siteChargePoint(one: RawChargePoint, { ocpp }: RawSite, beside: Beside): SiteChargePoint {
  const { id, password, security, profile, display, versions } = one
  const upstream = ocpp.mode === 'proxy' ? (one.upstream ?? ocpp.upstream) : undefined
  const tls = one.upstreamTls ?? ocpp.upstreamTls
  const files = Object.entries(tls ?? {}).map(([what, file]) => [what, beside(file.replaceAll('{id}', id))])
  return {
    id,
    password: password ?? null,
    ...(security === undefined ? {} : { security }),
    profile,
    display: display ?? null,
    ...(versions ? { versions } : {}),
    ...(upstream === undefined ? {} : { upstream }),
    ...(upstream === undefined || files.length === 0 ? {} : { upstreamTls: Object.fromEntries(files) }),
  }
}

/** The files of TLS towards charge points; null where there is none. */
export function siteTls(tls: RawSite['ocpp']['tls'], beside: Beside): OcppTls | null {
  if (!tls) return null
  const { cert, key, clientCa, clientCrl, port = null } = tls
  const maybe = (path: string | undefined): string | null => (path === undefined ? null : beside(path))
  return { cert: beside(cert), key: beside(key), clientCa: maybe(clientCa), clientCrl: maybe(clientCrl), port }
}

/** When the journal's state is signed, and who gets that. */
export function checkpointRule({ checkpoints }: RawSite, beside: Beside): CheckpointRule {
  const to = checkpoints.to.map(({ kind, path: file = '', url = '', secret = null }) =>
    kind === 'file' ? { kind, path: beside(file) } : { kind, url, secret },
  )
  return { ...checkpoints, to }
}

/** Where a copy of the journal is shipped; null = nowhere. */
export const siteCentre = ({ centre }: RawSite, beside: Beside): SiteCentre | null =>
  centre ? { ...centre, ca: centre.ca === undefined ? null : beside(centre.ca) } : null

/** Where the register is fetched from; null = people write it. */
export function siteRegister({ register }: RawSite, beside: Beside): SiteRegister | null {
  if (!register) return null
  const { url = null, token = null, ca, key, every_min, silent_min } = register.source
  return { url, token, ca: ca === undefined ? null : beside(ca), key: key.toLowerCase(), every_min, silent_min }
}
