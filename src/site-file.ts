import { dirname, resolve } from 'node:path'
import type { DriverLanguage } from '../actors/card-words.ts'
import type { OcppVersion } from '../actors/ocpp/charge-point-voice.ts'
import type { Polygon } from '../actors/ports.ts'
import type { Autonomy, Policy } from '../machines/events.ts'
import { Fault } from '../machines/faults.ts'
import type { Tariff } from '../projections/tariff.ts'
import { type DrawnZone, drawnZones } from './drawn-zones.ts'
import type { SitePayment } from './driver/door/payment-link.ts'
import type { CheckpointRule } from './journal/checkpointer.ts'
import type { SiteStore } from './journal/site-store.ts'
import { type SiteNewsFile, siteNews } from './news/site-news-file.ts'
import type { OcpiParty } from './ocpi/ocpi-party.ts'
import { siteParty, siteTariff } from './ocpi/site-bills.ts'
import type { SecurityProfile } from './ocpp/door-keeper.ts'
import type { OcppTls } from './ocpp/ocpp-listener.ts'
import type { SiteRegister } from './register-source/open-register-source.ts'
import type { TwoPeople } from './second-person.ts'
import type { SiteLayout } from './server/live-message.ts'
import { readTokens } from './server/token-book.ts'
import { type SiteCamera, siteCamera } from './site-cameras.ts'
import { readerPlan } from './site-models.ts'
import {
  checkSchema,
  type RawAuthorizer,
  type RawRemote,
  type RawSecondReader,
  type RawSite,
  type SitePrivacyRules,
} from './site-schema.ts'
import { checkSense } from './site-sense.ts'
import { inOrder, type Problem, parseSource } from './site-source.ts'
import { readSiteText } from './site-text.ts'
import { checkpointRule, siteCentre, siteChargePoint, siteRegister, siteTls } from './site-written-out.ts'
import { storeOf } from './store-sense.ts'
import { phonesAddress } from './uplink/centre-address.ts'
import type { SiteCentre } from './uplink/uplink.ts'
import type { ReaderPlan } from './vision/reader-plan.ts'
import type { LiftedZone } from './zone-lift.ts'

/** A checked site file with its defaults filled in; `store.path` and the `tls` files are absolute. */
export type SiteFile = {
  readonly path: string
  readonly site: {
    readonly id: string
    readonly name: string
    readonly timezone: string
    /** Whose vehicles come here; empty = anybody's. */
    readonly countries: readonly string[]
  }
  readonly store: SiteStore
  readonly http: {
    readonly host: string
    readonly port: number
    readonly tls: CertificateFiles | null
    readonly publicUrl: string | null
    readonly intake: Listener | null
    readonly driver: Listener | null
  }
  readonly ocpp: SiteOcpp
  /** Asked who pays, where the register does not know; null = nobody is. */
  readonly authorizer: SiteAuthorizer | null
  readonly cameras: readonly SiteCamera[]
  readonly bays: readonly SiteBay[]
  /** How they lie; null where the file does not say. */
  readonly layout: SiteLayout | null
  readonly chargePoints: readonly SiteChargePoint[]
  /** Who shows words to drivers beside the driver page; `language` for displays that show one. */
  readonly tell: { readonly language: DriverLanguage; readonly webhooks: readonly SiteWebhook[] }
  /** Whether a camera's picture alone may end a visit before this site has shown that it is right. */
  readonly presence: { readonly alone: 'proven' | 'always' }
  /** Which models berth's own reader reads with. */
  readonly reader: ReaderPlan
  /** Another reader, asked about crops; null = there is none. */
  readonly secondReader: RawSecondReader | null
  /** How long what shows people is kept. */
  readonly privacy: SitePrivacyRules
  /** Share of clear cases that people check blindly, 0..1. */
  readonly review: { readonly blindShare: number }
  /** When the journal's state is signed, and who gets that. */
  readonly checkpoints: CheckpointRule
  /** Where a copy of the journal is shipped; null = nowhere. */
  readonly centre: SiteCentre | null
  /** Where the register is fetched from; null = people write it. */
  readonly register: SiteRegister | null
  /** What a charge costs; null = nothing is known of it. */
  readonly tariff: Tariff | null
  /** Who the site is to roaming partners; null = to none. */
  readonly ocpi: OcpiParty | null
  /** Charges that may begin by a plate alone on one day, an account; null = any number. */
  readonly limits: { readonly plateStartsPerDay: number | null }
  /** Orders that two people must want. */
  readonly twoPeople: TwoPeople
  /** Who is told what happens here. */
  readonly news: SiteNewsFile
  /** Where drivers without an account pay; null = nowhere. */
  readonly payment: SitePayment | null
  readonly policy: Policy
}
/** `proxy`: berth stands before another back end. `aliasRefused`: what a charge point hears where that one says no to an alias. */
export type SiteOcpp = Listener & {
  readonly mode: 'csms' | 'proxy' | 'remote'
  readonly tls: OcppTls | null
  /** Mode remote: the back end that drives the charge points; null in any other. */
  readonly remote: SiteRemote | null
  readonly aliasRefused?: 'pass' | 'override'
  /** What a charge point hears that asks for a card while that one is away: an error, or nothing. */
  readonly cardsWhileAway?: 'error' | 'wait'
  /** OCPP 2's type of the aliases. */
  readonly aliasType?: string
}
/** PEM files, absolute. */
export type UpstreamTls = { readonly ca?: string; readonly cert?: string; readonly key?: string }
/** The operator's own back end; times in the units of their names. */
export type SiteAuthorizer = RawAuthorizer
/** The back end that drives the charge points; times in the units of their names. */
export type SiteRemote = RawRemote
/** A sign that takes words by HTTP POST; `secret` null = unsigned, `bays` null = all. */
export type SiteWebhook = {
  readonly url: string
  readonly secret: string | null
  readonly bays: readonly string[] | null
}
/** An address to listen on; port 0 takes a free one. */
export type Listener = { readonly host: string; readonly port: number; readonly tls: CertificateFiles | null }
/** PEM files: where they stand. */
type CertificateFiles = { readonly cert: string; readonly key: string }
/** `autonomy` null = the policy's. `connectors` are all whose cable reaches the bay. */
export type SiteBay = {
  readonly id: string
  readonly connectors: readonly { readonly chargePoint: string; readonly evse: number }[]
  readonly zones: readonly SiteZone[]
  readonly autonomy: Autonomy | null
}
/** A bay in a camera's picture: where plates are. `lift`: what its ground corners told; null where the file holds the picture's polygon. */
export type SiteZone = { readonly camera: string; readonly polygon: Polygon; readonly lift: LiftedZone | null }
/** `password` null = none asked, on loopback only. `display`: the DataTransfer that puts a text on it; null = as its profile says. */
export type SiteChargePoint = {
  readonly id: string
  readonly password: string | null
  /** OCPP security profile; absent = by its password. */
  readonly security?: SecurityProfile
  readonly profile: string
  readonly display: { readonly vendorId: string; readonly messageId: string } | null
  /** Versions of OCPP that it may speak; absent = all. */
  readonly versions?: readonly OcppVersion[]
  /** proxy only: the back end before which berth stands; the charge point's id is put behind it. */
  readonly upstream?: string
  readonly upstreamTls?: UpstreamTls
}

/** What a check found; `site` is null where there are errors. */
export type SiteCheck = {
  readonly errors: readonly Problem[]
  readonly warnings: readonly Problem[]
  readonly site: SiteFile | null
}

/**
 * Reads and checks a site file. Throws Fault SITE_FILE_INVALID with every error in `about.errors`. Who may call an open server is asked
 * where it is `served` only: who looks at the store opens nothing.
 */
export async function readSiteFile(
  path: string,
  env: NodeJS.ProcessEnv = process.env,
  { served = false }: { readonly served?: boolean } = {},
): Promise<SiteFile> {
  const { errors, site } = await checkSiteFileAt(path, env, { served })
  if (site) return site
  const lines = errors.map((problem) => problemLine(problem, path))
  const says = `The site file ${path} does not check: ${lines[0]}${lines.length > 1 ? ` (and ${lines.length - 1} more; \`berth check ${path}\` lists all)` : ''}`
  throw new Fault('SITE_FILE_INVALID', { errors: lines }, { says })
}

/** Checks the file at `path`; one that cannot be read at all is an error at line 1. */
export async function checkSiteFileAt(
  path: string,
  env: NodeJS.ProcessEnv = process.env,
  { served = true }: { readonly served?: boolean } = {},
): Promise<SiteCheck> {
  const text = await readSiteText(path)
  if (typeof text === 'string') return checkSiteFile(text, path, env, { served })
  return { errors: text.problems, warnings: [], site: null }
}

/** Checks the text of a site file; `path` is where it stands, for what is relative to it. Never throws. */
export function checkSiteFile(
  text: string,
  path: string,
  env: NodeJS.ProcessEnv = process.env,
  { served = true }: { readonly served?: boolean } = {},
): SiteCheck {
  const source = parseSource(text, env)
  if (source.problems.length > 0) return { errors: inOrder(source.problems), warnings: [], site: null }
  const broken = checkSchema(source)
  const raw = source.value as RawSite
  const sense = checkSense(raw, source, () => !served || hasToken(raw, path, env), broken)
  const { unset } = source
  // What the environment lacks is said once; whatever else is wrong at that place only follows from it.
  const found = [...broken, ...sense.errors].filter((one) => !unset.some(({ path: at }) => one.path === at))
  const errors = inOrder([...unset, ...found])
  return { errors, warnings: inOrder(sense.warnings), site: errors.length === 0 ? expand(raw, resolve(path)) : null }
}

/** Somebody can prove who they are to the API: by BERTH_ADMIN_TOKEN, or by a token that `berth token` made for this store. */
function hasToken(raw: RawSite, path: string, env: NodeJS.ProcessEnv): boolean {
  if (env['BERTH_ADMIN_TOKEN']) return true
  try {
    return readTokens(`${resolve(dirname(path), raw.store.path)}.tokens`).length > 0
  } catch {
    return false
  }
}

/** `site.yaml:12:5 bays[0].id: what is wrong; expected what.` */
export function problemLine(problem: Problem, file: string): string {
  const where = problem.path === '' ? '' : ` ${problem.path}:`
  return `${file}:${problem.line}:${problem.column}${where} ${problem.says}; expected ${problem.expected}.`
}

const siteZone = ({ camera, polygon, lift }: DrawnZone): SiteZone => ({ camera, polygon: polygon ?? [], lift })

const certificateFiles = (
  tls: CertificateFiles | undefined,
  beside: (file: string) => string,
): CertificateFiles | null => (tls ? { cert: beside(tls.cert), key: beside(tls.key) } : null)

/** The raw file with its short forms written out. Only called where there are no errors. */
function expand(raw: RawSite, path: string): SiteFile {
  const { http } = raw
  const beside = (file: string): string => resolve(dirname(path), file)
  const drawn = Map.groupBy(drawnZones(raw), ({ bay }) => bay)
  return {
    path,
    site: { ...raw.site, name: raw.site.name ?? raw.site.id },
    store: storeOf(raw.store, beside),
    http: {
      host: http.host,
      port: http.port,
      tls: certificateFiles(http.tls, beside),
      publicUrl: phonesAddress(raw),
      intake: http.intake ? { ...http.intake, tls: certificateFiles(http.intake.tls, beside) } : null,
      driver: http.driver ? { ...http.driver, tls: certificateFiles(http.driver.tls, beside) } : null,
    },
    ocpp: {
      host: raw.ocpp.host,
      port: raw.ocpp.port,
      mode: raw.ocpp.mode,
      tls: siteTls(raw.ocpp.tls, beside),
      remote: raw.ocpp.mode === 'remote' ? (raw.ocpp.remote ?? null) : null,
      aliasRefused: raw.ocpp.aliasRefused,
      cardsWhileAway: raw.ocpp.cardsWhileAway,
      aliasType: raw.ocpp.aliasType,
    },
    authorizer: raw.authorizer ?? null,
    cameras: raw.cameras.map(siteCamera),
    bays: raw.bays.map((bay) => ({
      id: bay.id,
      connectors: bay.connectors ?? [{ chargePoint: bay.chargePoint ?? '', evse: bay.evse ?? 1 }],
      zones: (drawn.get(bay.id) ?? []).map(siteZone),
      autonomy: bay.autonomy ?? null,
    })),
    layout: raw.layout ?? null,
    chargePoints: raw.chargePoints.map((one) => siteChargePoint(one, raw, beside)),
    presence: raw.presence,
    tell: {
      language: raw.tell.language,
      webhooks: raw.tell.webhooks.map(({ url, secret, bays }) => ({ url, secret: secret ?? null, bays: bays ?? null })),
    },
    reader: readerPlan(raw.reader, beside),
    secondReader: raw.secondReader ?? null,
    privacy: raw.privacy,
    review: raw.review,
    checkpoints: checkpointRule(raw, beside),
    centre: siteCentre(raw, beside),
    register: siteRegister(raw, beside),
    tariff: raw.tariff ? siteTariff(raw.tariff) : null,
    ocpi: raw.ocpi ? siteParty(raw.ocpi) : null,
    limits: { plateStartsPerDay: raw.limits.plateStartsPerDay ?? null },
    twoPeople: raw.twoPeople,
    news: siteNews(raw.news),
    payment: raw.payment ? { ...raw.payment, hold: Number(raw.payment.hold).toFixed(2) } : null,
    policy: raw.policy,
  }
}
