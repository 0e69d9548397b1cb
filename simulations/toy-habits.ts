/** How one family of charge points speaks OCPP 1.6. Every combination is lawful enough to be met in the field. */
export type ToyHabits = {
  readonly name: string
  /** Asks Authorize for our own remote start, nested before its answer. */
  readonly authorizesRemote: boolean
  /** Asks Authorize for a card before it starts; false = its cache says yes. */
  readonly authorizesCards: boolean
  /** When it says Preparing: never, before or after it answers a remote start, or when a plug comes in. */
  readonly preparing: 'never' | 'before-answer' | 'after-answer' | 'on-plug'
  /** When it says Charging: before StartTransaction, between it and its answer, or after the answer. */
  readonly chargingStatus: 'before-start' | 'before-answer' | 'after-answer'
  /** Two calls may be under way at once. */
  readonly overlaps: boolean
  /** `exported`: as Current.Export, beside an import of 0; `neutral`: on N, beside lines of 0. */
  readonly current: 'none' | 'total' | 'phases' | 'total-and-phases' | 'exported' | 'neutral'
  readonly power: boolean
  /** `none`: watts without a unit; `kW-as-W`: kilowatts that are called W. */
  readonly powerUnit: 'W' | 'none' | 'kW-as-W'
  readonly energyUnit: 'Wh' | 'kWh'
  /** Every second register is a thousandth of what its unit says. */
  readonly registerSlips: boolean
  /** Says why a transaction ended. */
  readonly stopReason: boolean
  readonly statusAtStop: 'available' | 'finishing' | 'suspended-first'
  /** Says SuspendedEV when the car takes nothing. */
  readonly suspends: boolean
  /** Its word while energy flows. */
  readonly drawingWord: 'Charging' | 'SuspendedEVSE'
  /** Sends no samples while it says SuspendedEV. */
  readonly silentWhenSuspended: boolean
  /** Seconds after a plug that nobody started until it says Finishing; null = never. */
  readonly givesUp_s: number | null
  /** In Finishing it accepts a start and forgets it, until the plug was out and in again. */
  readonly needsReplug: boolean
  /** How it names the transaction that it stops: as it was given, as -1, or it never tells. */
  readonly stopId: 'given' | 'minus-one' | 'none'
  /** Says Available when the cable comes out. */
  readonly tellsUnplug: boolean
  /** It hands on this many characters of a token. */
  readonly tokenLength: number
  /** After a lost connection: goes on; boots and goes on; boots, says Available and never stops the transaction. */
  readonly afterLoss: 'resume' | 'boot-resume' | 'boot-forget'
  readonly connectionTimeout_s: number
  /** Samples at least this often, whatever is configured. */
  readonly meterInterval_s: number
  /** Seconds until an unanswered call is given up, or sent again if it belongs to a transaction. */
  readonly callTimeout_s: number
  /** Its clock minus the true one, ms. */
  readonly clockSkew_ms: number
  readonly refusesStarts: boolean
  /** Says Accepted to a setting and keeps the old one. */
  readonly ignoresConfiguration: boolean
  /** A transaction message answered with an error is dropped, and what belongs to it goes on with transaction id -1. */
  readonly dropsRefused: boolean
}

const PLAIN: ToyHabits = {
  name: 'plain',
  authorizesRemote: false,
  authorizesCards: true,
  preparing: 'on-plug',
  chargingStatus: 'after-answer',
  overlaps: false,
  current: 'total',
  power: true,
  powerUnit: 'W',
  energyUnit: 'Wh',
  registerSlips: false,
  stopReason: true,
  statusAtStop: 'finishing',
  suspends: true,
  drawingWord: 'Charging',
  silentWhenSuspended: false,
  givesUp_s: null,
  needsReplug: false,
  stopId: 'given',
  tellsUnplug: true,
  tokenLength: 20,
  afterLoss: 'resume',
  connectionTimeout_s: 60,
  meterInterval_s: 10,
  callTimeout_s: 30,
  clockSkew_ms: 0,
  refusesStarts: false,
  ignoresConfiguration: false,
  dropsRefused: false,
}

/** By the book, and four as they were measured: message orders, units and gaps of real implementations. */
export const TOY_PERSONALITIES: { readonly [name in 'plain' | 'terse' | 'thorough' | 'eager' | 'hasty']: ToyHabits } = {
  plain: PLAIN,
  /** Never Preparing, Charging before its StartTransaction is answered, kWh, no current, no stop reason. */
  terse: {
    ...PLAIN,
    name: 'terse',
    authorizesCards: false,
    preparing: 'never',
    chargingStatus: 'before-answer',
    overlaps: true,
    current: 'none',
    power: false,
    energyUnit: 'kWh',
    stopReason: false,
    statusAtStop: 'available',
    suspends: false,
  },
  /** Authorizes our own start before it answers it; total and phases that do not agree. */
  thorough: {
    ...PLAIN,
    name: 'thorough',
    authorizesRemote: true,
    preparing: 'after-answer',
    overlaps: true,
    current: 'total-and-phases',
  },
  /** Preparing before its answer, SuspendedEVSE before it answers a stop, boots and forgets the transaction after a lost socket. */
  eager: {
    ...PLAIN,
    name: 'eager',
    preparing: 'before-answer',
    current: 'none',
    power: false,
    statusAtStop: 'suspended-first',
    afterLoss: 'boot-forget',
  },
  /** Charging before StartTransaction, no current but power, boots and goes on after a lost socket. */
  hasty: { ...PLAIN, name: 'hasty', chargingStatus: 'before-start', current: 'none', afterLoss: 'boot-resume' },
}

/** Families of the field, by the name of the profile that knows them (docs/charge-points.md). */
export const TOY_FAMILIES: { readonly [profile: string]: ToyHabits } = {
  'grizzl-e': {
    ...PLAIN,
    name: 'grizzl-e',
    current: 'exported',
    power: false,
    drawingWord: 'SuspendedEVSE',
    silentWhenSuspended: true,
  },
  'injet-sonic': { ...PLAIN, name: 'injet-sonic', current: 'neutral', power: false },
  'wallbox-pulsar': { ...PLAIN, name: 'wallbox-pulsar', current: 'phases', power: false },
  'autel-maxicharger': { ...PLAIN, name: 'autel-maxicharger', powerUnit: 'none' },
  'abb-terra': { ...PLAIN, name: 'abb-terra', registerSlips: true },
  'en-plus': { ...PLAIN, name: 'en-plus', givesUp_s: 12, needsReplug: true },
  'go-e': { ...PLAIN, name: 'go-e', stopId: 'minus-one' },
  'zaptec-go': { ...PLAIN, name: 'zaptec-go', stopId: 'none', statusAtStop: 'available' },
  'smart-evse': { ...PLAIN, name: 'smart-evse', tellsUnplug: false },
  'short-token': { ...PLAIN, name: 'short-token', tokenLength: 14 },
  kilowatts: { ...PLAIN, name: 'kilowatts', current: 'none', powerUnit: 'kW-as-W' },
}

/** The habits of the plain charge point with some of them replaced. */
export function toyHabits(habits: Partial<ToyHabits> = {}): ToyHabits {
  return { ...PLAIN, ...habits }
}
