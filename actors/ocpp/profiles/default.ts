import { ABB_TERRA } from './abb-terra.ts'
import { ALFEN } from './alfen.ts'
import { AUTEL_MAXICHARGER } from './autel-maxicharger.ts'
import type { ChargePointProfile, ProfileFamily } from './charge-point-profile.ts'
import { EASEE } from './easee.ts'
import { EN_PLUS } from './en-plus.ts'
import { ENERCAB } from './enercab.ts'
import { EVBOX } from './evbox.ts'
import { GO_E } from './go-e.ts'
import { GRIZZL_E } from './grizzl-e.ts'
import { HAGER } from './hager.ts'
import { INJET_SONIC } from './injet-sonic.ts'
import { JVH } from './jvh.ts'
import { NECHARGE } from './necharge.ts'
import { SINGLE_TRAITS } from './single-traits.ts'
import { SMART_EVSE } from './smart-evse.ts'
import { WALLBOX_PULSAR } from './wallbox-pulsar.ts'
import { ZAPTEC_GO } from './zaptec-go.ts'

/** A charge point that keeps to the specification, or of which nothing else is known. */
export const DEFAULT_PROFILE: ChargePointProfile = {
  name: 'default',
  // 20 are allowed, but some boxes hand 20 back as 22 and lose the session.
  tokenLength: 16,
  autochargePrefix: null,
  connectionTimeout_s: 60,
  startOn: 'validation',
  replug: false,
  authorizesRemote: true,
  offline: 'known',
  drawingBy: 'current',
  suspendedEvse: 'withheld',
  silentWhenSuspended: false,
  finishing: 'done',
  availableMay: 'orphan',
  strayStop: 'noted',
  statusEvery_s: null,
  currentFrom: 'import',
  currentOn: 'lines',
  currentTimes: 1,
  powerTimes: 1,
  registerSlips: false,
  measurands: ['Current.Import', 'Power.Active.Import', 'Energy.Active.Import.Register'],
  sampleInterval_s: 10,
  heartbeat_s: 60,
  liveWithin_s: 60,
}

/** Every family and single trait, in the order in which people are shown them. */
export const FAMILIES: readonly ProfileFamily[] = [
  ABB_TERRA,
  ALFEN,
  AUTEL_MAXICHARGER,
  EASEE,
  EN_PLUS,
  ENERCAB,
  EVBOX,
  GO_E,
  GRIZZL_E,
  HAGER,
  INJET_SONIC,
  JVH,
  NECHARGE,
  SMART_EVSE,
  WALLBOX_PULSAR,
  ZAPTEC_GO,
  ...SINGLE_TRAITS,
]

/** Every profile that a site file may name. */
export const PROFILES: { readonly [name: string]: ChargePointProfile } = Object.fromEntries([
  ['default', DEFAULT_PROFILE],
  ...FAMILIES.map(({ name, traits }) => [name, { ...DEFAULT_PROFILE, ...traits, name }] as const),
])

const parts = (names: string): string[] => names.split('+').map((name) => name.trim())

/** The names of a `profile` that do not exist; empty where all do. */
export const unknownProfiles = (names: string): string[] =>
  parts(names).filter((name) => !Object.hasOwn(PROFILES, name))

/** The profile of a name, or of several put together with `+` (the later one wins where two say the same trait); null where one is unknown. */
export function profileNamed(names: string): ChargePointProfile | null {
  if (unknownProfiles(names).length > 0) return null
  const traits = parts(names).flatMap((name) =>
    FAMILIES.filter((family) => family.name === name).map((one) => one.traits),
  )
  return Object.assign({ ...DEFAULT_PROFILE }, ...traits, { name: parts(names).join('+') }) as ChargePointProfile
}

/** Families whose charge points say this vendor and model when they boot. They are proposed, never taken. */
export const familiesLike = (vendor: string, model: string): readonly ProfileFamily[] =>
  FAMILIES.filter(({ matches }) =>
    matches.some((like) => new RegExp(like.vendor, 'i').test(vendor) && new RegExp(like.model, 'i').test(model)),
  )
