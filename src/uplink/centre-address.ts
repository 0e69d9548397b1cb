import { isLoopback } from '../server/callers.ts'

/** Names that can stand as the first label of a host. */
export const HOST_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** Whether phones reach this site by way of its centre alone. */
export const isAtCentre = ({ site, http, centre }: Named): boolean =>
  http.publicUrl != null && http.publicUrl === phonesAddress({ site, http: {}, centre })

type Named = {
  readonly site: { readonly id: string }
  readonly http: { readonly publicUrl?: string | null | undefined }
  readonly centre?: { readonly url: string; readonly driverPages: boolean } | null | undefined
}

/**
 * Where phones reach this site's driver pages, without a slash at its end: as the site file says, else behind the site's name at the centre
 * where that passes them on; null where neither.
 */
export function phonesAddress({ site, http, centre }: Named): string | null {
  if (http.publicUrl != null) return http.publicUrl.replace(/\/+$/, '')
  const address = centre?.driverPages === true ? URL.parse(centre.url) : null
  if (address === null || !HOST_LABEL.test(site.id.toLowerCase())) return null
  const host = isLoopback(address.hostname) ? 'localhost' : address.hostname
  const port = address.port === '' ? '' : `:${address.port}`
  return `${address.protocol === 'wss:' ? 'https' : 'http'}://${site.id.toLowerCase()}.${host}${port}`
}
