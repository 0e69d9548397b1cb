/** How one family of charge points speaks OCPP 2. */
export type StationHabits = {
  readonly name: string
  readonly version: 'ocpp2.0.1' | 'ocpp2.1'
  /** Asks Authorize for our own remote start, nested before its answer. */
  readonly authorizesRemote: boolean
  /** Asks Authorize for a card before it starts; false = its cache says yes. */
  readonly authorizesCards: boolean
  /** When it says Occupied: as the plug comes in, after its Started, or twice. */
  readonly occupied: 'on-plug' | 'after-started' | 'repeated'
  /** Where it says what the vehicle does: nowhere; Charging in its Started; in an Updated of its own; with the first sample only. */
  readonly chargingState: 'never' | 'in-started' | 'in-updated' | 'in-sample'
  /** The token in its Started: as it was, none at all where the start was ours, or with the type changed. */
  readonly token: 'own' | 'none' | 'retyped'
  /** Names the cause of an event; else everything is `Authorized`. */
  readonly names: 'causes' | 'nothing'
  readonly seqNo: 'counts' | 'zero'
  /** When a transaction begins: once energy may flow, with the cable, or with the token. */
  readonly startsOn: 'power' | 'cable' | 'token'
  /** Two calls may be under way at once. */
  readonly overlaps: boolean
  readonly current: 'none' | 'total' | 'total-and-phases'
  readonly power: boolean
  readonly energyUnit: 'Wh' | 'kWh'
  /** Says why a transaction ended. */
  readonly stopReason: boolean
  readonly statusAtStop: 'available' | 'occupied'
  /** One more event leaves after the Ended. */
  readonly endsLate: boolean
  /** After a lost connection: goes on; boots and goes on; boots, says Available and never ends the transaction. */
  readonly afterLoss: 'resume' | 'boot-resume' | 'boot-forget'
  /** Says TxResumed where it goes on after a boot (2.1). */
  readonly saysResumed: boolean
  readonly connectionTimeout_s: number
  /** Samples at least this often, whatever is set. */
  readonly meterInterval_s: number
  /** Seconds until an unanswered call is given up, or sent again if it belongs to a transaction. */
  readonly callTimeout_s: number
  /** Its clock minus the true one, ms. */
  readonly clockSkew_ms: number
  readonly refusesStarts: boolean
  /** Says Accepted to a variable and keeps the old one. */
  readonly ignoresVariables: boolean
}

const PLAIN: StationHabits = {
  name: 'plain',
  version: 'ocpp2.0.1',
  authorizesRemote: false,
  authorizesCards: true,
  occupied: 'on-plug',
  chargingState: 'in-updated',
  token: 'own',
  names: 'causes',
  seqNo: 'counts',
  startsOn: 'power',
  overlaps: false,
  current: 'total',
  power: true,
  energyUnit: 'Wh',
  stopReason: true,
  statusAtStop: 'occupied',
  endsLate: false,
  afterLoss: 'resume',
  saysResumed: false,
  connectionTimeout_s: 60,
  meterInterval_s: 10,
  callTimeout_s: 30,
  clockSkew_ms: 0,
  refusesStarts: false,
  ignoresVariables: false,
}

/** By the book, and four as they were measured. */
export const STATION_PERSONALITIES: {
  readonly [name in 'plain' | 'terse' | 'thorough' | 'eager' | 'newest']: StationHabits
} = {
  plain: PLAIN,
  /** No charging state, no causes, every seqNo 0, kWh, no current, no reason, Available while the car is still plugged. */
  terse: {
    ...PLAIN,
    name: 'terse',
    authorizesCards: false,
    chargingState: 'never',
    names: 'nothing',
    seqNo: 'zero',
    overlaps: true,
    current: 'none',
    power: false,
    energyUnit: 'kWh',
    stopReason: false,
    statusAtStop: 'available',
  },
  /** Authorizes our own start before it answers it, no token in its Started, Charging with the first sample, an event after its Ended. */
  thorough: {
    ...PLAIN,
    name: 'thorough',
    authorizesRemote: true,
    occupied: 'after-started',
    chargingState: 'in-sample',
    token: 'none',
    current: 'total-and-phases',
    statusAtStop: 'available',
    endsLate: true,
  },
  /** Charging in its Started, the token's type changed, kWh, no current. */
  eager: {
    ...PLAIN,
    name: 'eager',
    chargingState: 'in-started',
    token: 'retyped',
    overlaps: true,
    current: 'none',
    power: false,
    energyUnit: 'kWh',
  },
  /** OCPP 2.1: Occupied twice, boots and goes on after a lost socket. */
  newest: {
    ...PLAIN,
    name: 'newest',
    version: 'ocpp2.1',
    authorizesRemote: true,
    occupied: 'repeated',
    afterLoss: 'boot-resume',
    saysResumed: true,
    statusAtStop: 'available',
  },
}

/** The habits of the plain station with some of them replaced. */
export function stationHabits(habits: Partial<StationHabits> = {}): StationHabits {
  return { ...PLAIN, ...habits }
}
