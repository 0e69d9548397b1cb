import type { TokenRef } from '../../machines/events.ts'
import type { WantedVisit } from './demand.ts'
import type { Stance } from './design-cameras.ts'
import type { VisitRow } from './visit-ledger.ts'
import type { Vehicle } from './visitor-plates.ts'
import type { VisitorWay } from './visitor-ways.ts'

/** From the first frame of an arriving vehicle until it stands, ms. */
export const PARKS_MS = 2000

/** How its driver can pay without a plate. */
export type Wallet = 'card' | 'code' | null

/** A vehicle in a bay, with its driver. Times are ms since 1970. */
export type ParkedVehicle = {
  readonly wanted: WantedVisit
  readonly vehicle: Vehicle
  readonly row: VisitRow
  readonly bay: number
  readonly stance: Stance
  readonly tall_m: number
  enteredAt: number
  leavesAt: number
  readonly wallet: Wallet
  /** It only parks. */
  readonly ice: boolean
  /** From standing to plugging in. */
  readonly plugs_ms: number
  readonly ways: ReadonlySet<VisitorWay>
  /** The bay whose charge point it uses: its own, or a neighbour's. */
  plugBay: number
  pluggedAt: number | null
  /** Transactions so far. */
  sessions: number
  /** How often it was looked at anew, asked about at the back end, and shown to a person, so far: what chance does next is named by it. */
  looks: number
  inquiries: number
  reviews: number
  /** The driver was sent to another way to pay. */
  asked: boolean
  paid: boolean
  /** What it paid with, as everybody who was asked knows it; null = nobody was asked. */
  token: TokenRef | null
  full: boolean
  /** The driver is back and about to drive off. */
  leaving: boolean
  gone: boolean
}

/** What stands at a bay: a vehicle, a cable, a transaction, a start that waits for its plug. */
export type BayBody = {
  vehicle: ParkedVehicle | null
  /** `in` without a vehicle: it was left there. */
  cable: 'in' | 'out'
  /** Into whose vehicle it reaches. */
  plugged: ParkedVehicle | null
  transaction: { readonly id: string; readonly since: number; draws: boolean } | null
  pending: { readonly startId: string; readonly visitId: string; readonly until: number } | null
  online: boolean
  /** For so many reasons its charge point is not heard. */
  away: number
  /** Its charge point is out of order. */
  broken: boolean
  /** Out of order or without power since then; null = it works. */
  downSince: number | null
  /** What its charge point will say once it is heard again. */
  readonly outbox: ((at: number) => void)[]
  /** Its cameras take it for empty until then. */
  blindUntil: number
  /** Whose signs need no camera while its charge holds the bay. */
  unasked: ParkedVehicle | null
  /** Somebody from the queue is on the way to it. */
  reserved: boolean
  /** Who is on the way to it, and turned into another one first. */
  coming: ParkedVehicle | null
  /** Its last vehicle and when it drove off, for what is decided about it later. */
  last: { readonly vehicle: ParkedVehicle; readonly at: number } | null
  register_Wh: number
}

export const emptyBody = (): BayBody => ({
  vehicle: null,
  cable: 'out',
  plugged: null,
  transaction: null,
  pending: null,
  online: true,
  away: 0,
  broken: false,
  downSince: null,
  outbox: [],
  blindUntil: 0,
  unasked: null,
  reserved: false,
  coming: null,
  last: null,
  register_Wh: 0,
})
