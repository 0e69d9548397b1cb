import { channelOf } from '../relay/channel-path.ts'
import type { RelaySettings } from '../relay/relay.ts'
import type { SiteFile } from '../site-file.ts'

/** What charge points must show, by their ids. */
export const passwordsIn = (
  chargePoints: readonly { readonly id: string; readonly password?: string | null }[],
): { readonly [id: string]: string } =>
  Object.fromEntries(chargePoints.flatMap(({ id, password }) => (typeof password === 'string' ? [[id, password]] : [])))

/** What the site file says to the relay; its own file lies beside the store. */
export function relaySettings({ store, ocpp, chargePoints }: SiteFile): RelaySettings {
  const path = `${store.path}.relay`
  return {
    path,
    channel: channelOf(path),
    host: ocpp.host,
    port: ocpp.port,
    overridesRefusals: ocpp.aliasRefused === 'override',
    ...(ocpp.aliasType === undefined ? {} : { aliasType: ocpp.aliasType }),
    cardsHearError: ocpp.cardsWhileAway !== 'wait',
    ...(ocpp.tls ? { tls: ocpp.tls } : {}),
    chargePoints: chargePoints.map(({ id, password, security, upstream = '', upstreamTls }) => ({
      id,
      upstream,
      ...(password === null ? {} : { password }),
      ...(security === undefined ? {} : { security }),
      ...(upstreamTls ? { upstreamTls } : {}),
    })),
  }
}
