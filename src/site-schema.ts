import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { OfflinePolicy } from '../actors/authorizer-chain.ts'
import type { DriverLanguage } from '../actors/card-words.ts'
import type { OcppVersion } from '../actors/ocpp/charge-point-voice.ts'
import type { Autonomy, Policy } from '../machines/events.ts'
import type { Credentials } from './cameras/device-login.ts'
import type { FieldMap } from './cameras/mapped-dialect.ts'
import type { SitePayment } from './driver/door/payment-link.ts'
import type { RawNews } from './news/site-news-file.ts'
import type { OcpiParty } from './ocpi/ocpi-party.ts'
import type { SecurityProfile } from './ocpp/door-keeper.ts'
import { schemaProblem } from './schema-words.ts'
import type { TwoPeople } from './second-person.ts'
import type { ReaderKind } from './second-reader/crop-readers.ts'
import type { RawReader } from './site-models.ts'
import type { Problem, Source } from './site-source.ts'
import type { CentralOrderType } from './uplink/central-order.ts'

/** The operator's own back end, asked who pays; times in the units of their names. */
export type RawAuthorizer = {
  readonly url: string
  readonly secret: string
  readonly plate: 'masked' | 'clear' | 'none'
  readonly deadline_s: number
  readonly cache_s: number
  readonly offline: OfflinePolicy
  readonly known_days: number
  readonly failures: number
  readonly rest_s: number
}
/** The back end that drives the charge points; times in the units of their names. */
export type RawRemote = {
  readonly url: string
  readonly secret: string
  readonly poll_s: number
  readonly deadline_s: number
}
/** Kinds of cameras that berth fetches from. */
export type SourceKind = 'snapshot' | 'mjpeg' | 'rtsp' | 'alertstream' | 'eventmanager' | 'mqtt'
/** A reader elsewhere, asked about crops; `perHour` questions at most. */
export type RawSecondReader = {
  readonly url: string
  readonly kind: ReaderKind
  readonly token: string
  readonly perHour: number
  readonly timeout_ms: number
}
/** Decimals as text or number; see Tariff. */
export type RawTariff = {
  readonly currency: string
  readonly perKwh: string | number
  readonly perSession: string | number
  readonly idlePerMinute: string | number
  readonly idleGrace_min: number
  readonly since?: string
  readonly tax?: { readonly name: string; readonly percent: string | number }
}
/** See OcpiParty. */
export type RawOcpi = Omit<OcpiParty, 'address'> & {
  readonly address: Omit<OcpiParty['address'], 'postal_code'> & { readonly postal_code?: string }
}
type RawListener = { host: string; port: number; tls?: { cert: string; key: string } }
type RawUpstreamTls = { ca?: string; cert?: string; key?: string }
/** How long plates, crops and keys live; times in the units of their names. */
export type SitePrivacyRules = {
  readonly unmatched_s: number
  readonly settled_days: number
  readonly crops_days: number
  readonly keyPeriod_days: number
  readonly keyKept_days: number
  readonly hold_days: number
  readonly staff_days: number
  /** Whom people ask about themselves. */
  readonly contact?: string
}
/** The file as it comes out of the schema, before the short forms are expanded. */
export type RawSite = {
  site: { id: string; name?: string; timezone: string; countries: string[] }
  store: { kind: string; path: string; url?: string }
  http: {
    host: string
    port: number
    tls?: { cert: string; key: string }
    publicUrl?: string
    codes: boolean
    intake?: RawListener
    driver?: RawListener
  }
  ocpp: {
    host: string
    port: number
    mode: 'csms' | 'proxy' | 'remote'
    upstream?: string
    upstreamTls?: RawUpstreamTls
    aliasRefused: 'pass' | 'override'
    cardsWhileAway: 'error' | 'wait'
    aliasType: string
    remote?: RawRemote
    tls?: { cert: string; key: string; clientCa?: string; clientCrl?: string; port?: number }
  }
  authorizer?: RawAuthorizer
  layout?: (string | null)[][]
  cameras: {
    id: string
    token?: string
    kind: 'push' | SourceKind
    url?: string
    login?: Credentials
    snapshotUrl?: string
    interval_ms: number
    topic?: string
    dialect?: string
    map?: FieldMap
    from?: string[]
    deviceId?: string
    ignore?: [number, number][][]
    picture?: [number, number]
    height_m?: number
  }[]
  bays: {
    id: string
    chargePoint?: string
    evse?: number
    connectors?: { chargePoint: string; evse: number }[]
    zones: { camera: string; polygon?: [number, number][]; ground?: [number, number][]; side_m?: number }[]
    autonomy?: Autonomy
  }[]
  chargePoints: {
    id: string
    password?: string
    security?: SecurityProfile
    profile: string
    upstream?: string
    upstreamTls?: RawUpstreamTls
    display?: { vendorId: string; messageId: string }
    versions?: OcppVersion[]
  }[]
  presence: { alone: 'proven' | 'always' }
  tariff?: RawTariff
  limits: { plateStartsPerDay?: number }
  news: RawNews
  payment?: Omit<SitePayment, 'hold'> & { hold: string | number }
  ocpi?: RawOcpi
  tell: { language: DriverLanguage; webhooks: { url: string; secret?: string; bays?: string[] }[] }
  reader: RawReader
  secondReader?: RawSecondReader
  privacy: SitePrivacyRules
  review: { blindShare: number }
  twoPeople: TwoPeople
  register?: {
    source: { url?: string; token?: string; ca?: string; key: string; every_min: number; silent_min: number }
  }
  centre?: {
    url: string
    token: string
    ca?: string
    silent_min: number
    driverPages: boolean
    crops?: boolean
    orders: CentralOrderType[]
    policy: boolean
    plausibility?: { key: string; travel_min: number }
  }
  checkpoints: {
    every: number
    minutes: number
    to: { kind: 'file' | 'http'; path?: string; url?: string; secret?: string }[]
  }
  policy: Policy
}

const schema = JSON.parse(readFileSync(new URL('./site.schema.json', import.meta.url), 'utf8')) as object
const ajv = new Ajv2020({
  allErrors: true,
  useDefaults: true,
  verbose: true,
  strictRequired: false,
  allowUnionTypes: true,
  // A file is checked once a start: making the check quicker takes longer than the check.
  code: { optimize: false },
})
ajv.addVocabulary(['x-unit'])
const accepts = ajv.compile(schema)

/** Checks `source.value` against site.schema.json, and fills the defaults into it. */
export function checkSchema(source: Source): Problem[] {
  if (accepts(source.value)) return []
  return (accepts.errors ?? []).map((error) => schemaProblem(error, source))
}
