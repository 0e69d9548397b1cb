import type { ChargePointProfile } from './charge-point-profile.ts'

/** A charge point that keeps to the specification, or of which nothing else is known. */
export const DEFAULT_PROFILE: ChargePointProfile = {
  name: 'default',
  // 20 are allowed, but some boxes hand 20 back as 22 and lose the session.
  tokenLength: 16,
  connectionTimeout_s: 60,
  startOn: 'validation',
  currentFrom: 'import',
  measurands: ['Current.Import', 'Power.Active.Import', 'Energy.Active.Import.Register'],
  sampleInterval_s: 10,
  heartbeat_s: 60,
  liveWithin_s: 60,
}

/** Every profile that a site file may name. */
export const PROFILES: { readonly [name: string]: ChargePointProfile } = {
  default: DEFAULT_PROFILE,
  /** Current only as Current.Export (a residential family mounts its meter the other way round). */
  'export-current': { ...DEFAULT_PROFILE, name: 'export-current', currentFrom: 'export' },
  /** Tags longer than 14 characters are cut or refused. */
  'short-token': { ...DEFAULT_PROFILE, name: 'short-token', tokenLength: 14 },
  /** Gives up waiting for a cable quickly, or falls to Finishing: started only once the plug is in. */
  'start-on-plug': { ...DEFAULT_PROFILE, name: 'start-on-plug', startOn: 'plug' },
}
