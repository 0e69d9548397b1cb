import { makeToy, tellToy } from './toy-charge-point.ts'
import { endTransaction, sayStatus } from './toy-connector.ts'
import type { ToyHabits } from './toy-habits.ts'
import { type ToyInput, wakesOf } from './toy-life.ts'
import { makeStation, tellStation } from './toy-station.ts'
import { endStation } from './toy-station-cable.ts'
import { flows, reportStation } from './toy-station-events.ts'
import { STATION_PERSONALITIES, type StationHabits } from './toy-station-habits.ts'
import type { ToyFrame } from './toy-wire.ts'

/** One connector, whatever its charge point speaks. */
export type BodyConnector = {
  plugged: boolean
  status: string
  /** What the vehicle takes once it may, A. */
  amps: number
  readonly register_Wh: number
  authorized: object | null
  transaction: object | null
}

/** What a world needs of a charge point, in either version of OCPP. Connectors count from 1; times are ms since 1970. */
export type ToyBody = {
  readonly speaks: '1.6' | '2'
  readonly connectors: readonly BodyConnector[]
  readonly online: boolean
  /** The next connection begins with a boot. */
  boots(): void
  tell(input: ToyInput, now: number): readonly ToyFrame[]
  /** When it wants its next `tick`. */
  wakes(): number
  /** It hears and says nothing. */
  readonly silent: boolean
  /** What a cable gives now, A, whatever is said of it. */
  flowing_A(evse: number): number
  /** The running transaction by the charge point's own count, and its token. */
  running(evse: number): { readonly key: number; readonly idTag: string } | null
  /** Ends the running transaction, if there is one. */
  ends(evse: number, why: 'EVDisconnected' | 'PowerLoss', now: number): void
  says(evse: number, status: string, now: number): void
  /** It remembers no transaction. */
  forgets(): void
}

/** How a charge point of a world speaks, and its habits. */
export type BodyPlan =
  | { readonly speaks: '1.6'; readonly habits: Partial<ToyHabits> }
  | { readonly speaks: '2'; readonly habits: Partial<StationHabits> }

const HABITS_IN_2: { readonly [postId: string]: StationHabits } = {
  'CP-1': STATION_PERSONALITIES.terse,
  'CP-2': STATION_PERSONALITIES.thorough,
  'CP-3': STATION_PERSONALITIES.eager,
  'CP-4': STATION_PERSONALITIES.newest,
}

/** The habits of a charge point of the world where it speaks OCPP 2: each personality stands somewhere. */
export const habitsIn2 = (postId: string): StationHabits => HABITS_IN_2[postId] ?? STATION_PERSONALITIES.plain

/** Builds one with so many connectors. */
export const makeBody = (id: string, connectors: number, plan: BodyPlan): ToyBody =>
  plan.speaks === '1.6' ? bodyOf16(id, connectors, plan.habits) : bodyOf2(id, connectors, plan.habits)

/** Nothing runs, nobody is authorized, and each connector says what its plug says. */
function forget(connectors: readonly BodyConnector[], plugged: string): void {
  for (const one of connectors)
    Object.assign(one, { transaction: null, authorized: null, status: one.plugged ? plugged : 'Available' })
}

function bodyOf16(id: string, connectors: number, habits: Partial<ToyHabits>): ToyBody {
  const toy = makeToy(id, connectors, habits)
  return {
    speaks: '1.6',
    connectors: toy.connectors,
    get online() {
      return toy.online
    },
    boots: () => {
      toy.booted = false
    },
    get silent() {
      return toy.silent
    },
    flowing_A(evse) {
      const connector = toy.connectors[evse - 1]
      return connector?.transaction ? connector.amps : 0
    },
    tell: (input, now) => tellToy(toy, input, now),
    wakes: () => wakesOf(toy),
    running: (evse) => toy.connectors[evse - 1]?.transaction ?? null,
    ends: (evse, reason, now) => endTransaction(toy, evse, { reason, idTag: null }, now),
    says: (evse, status, now) => sayStatus(toy, evse, status, now),
    forgets: () => forget(toy.connectors, 'Preparing'),
  }
}

function bodyOf2(id: string, evses: number, habits: Partial<StationHabits>): ToyBody {
  const station = makeStation(id, evses, habits)
  return {
    speaks: '2',
    connectors: station.connectors,
    get online() {
      return station.online
    },
    boots: () => {
      station.booted = false
    },
    get silent() {
      return station.silent
    },
    flowing_A(evse) {
      const connector = station.connectors[evse - 1]
      return connector && flows(connector) ? connector.amps : 0
    },
    tell: (input, now) => tellStation(station, input, now),
    wakes: () => wakesOf(station),
    running: (evse) => {
      const transaction = station.connectors[evse - 1]?.transaction
      return transaction
        ? { key: Number(transaction.id.replace('tx-', '')), idTag: transaction.token?.idTag ?? '' }
        : null
    },
    ends: (evse, reason, now) => {
      const triggerReason = reason === 'EVDisconnected' ? 'EVCommunicationLost' : 'AbnormalCondition'
      endStation(station, evse, { reason, triggerReason }, now)
    },
    says: (evse, status, now) => reportStation(station, evse, status, now),
    forgets: () => forget(station.connectors, 'Occupied'),
  }
}
