import { createHash } from 'node:crypto'

/** Who the site is to roaming partners (`ocpi` of the site file), and where it stands. */
export type OcpiParty = {
  /** ISO 3166 alpha-2. */
  readonly country_code: string
  readonly party_id: string
  readonly address: {
    readonly street: string
    readonly city: string
    readonly postal_code: string | null
    /** ISO 3166 alpha-3. */
    readonly country: string
  }
  /** Degrees, WGS 84. */
  readonly coordinates: { readonly latitude: number; readonly longitude: number }
  readonly connector: { readonly standard: string; readonly format: 'SOCKET' | 'CABLE'; readonly power_type: string }
}

/** What the OCPI objects say of the site itself. */
export type OcpiSite = { readonly siteId: string; readonly name: string; readonly party: OcpiParty }

/** Longest id of most OCPI objects. */
const LONGEST = 36

/** The id where it is short enough, else 36 characters that stand for it. */
export const ocpiId = (text: string): string =>
  text.length <= LONGEST ? text : createHash('sha256').update(text).digest('hex').slice(0, LONGEST)

/** Several sites may be one party: their sessions never share an id. */
export const sessionIdOf = ({ siteId }: OcpiSite, sessionId: string): string => ocpiId(`${siteId}.${sessionId}`)

/** `CP-1/2` as OCPI names an EVSE. */
export const evseUidOf = (connector: string): string => ocpiId(connector)

/** The same as the eMI3 id that drivers see: `GB*BRT*ECP*1*2`. */
export function evseIdOf({ party }: OcpiSite, connector: string): string {
  const name = connector
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '*')
    .slice(0, 31)
  return `${party.country_code}*${party.party_id}*E${name}`
}

/** OCPI's form of a time: UTC, milliseconds allowed. */
export const ocpiTime = (time: string): string => new Date(time).toISOString()
