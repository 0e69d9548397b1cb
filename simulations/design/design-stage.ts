import { type ConnectorKey, connectorKey, type Observation } from '../../machines/events.ts'
import type { AskedPayers } from './asked-payers.ts'
import type { BayChargePoint } from './bay-charge-points.ts'
import type { ChanceStreams, Draws } from './chance-streams.ts'
import type { DesignBays } from './design-bays.ts'
import type { PlacedCamera } from './design-cameras.ts'
import type { DesignScenario } from './design-scenario.ts'
import type { FrameNews } from './frame-news.ts'
import type { BayBody, ParkedVehicle } from './parked-vehicle.ts'
import type { RunCalendar } from './run-calendar.ts'
import type { SharedGrid } from './shared-grid.ts'
import type { VisitLedger } from './visit-ledger.ts'
import type { VisitorPlates } from './visitor-plates.ts'

/** All that one replication is made of. Times are ms since 1970 unless they are said to be of the run. */
export type Stage = {
  readonly scenario: DesignScenario
  readonly streams: ChanceStreams
  readonly plates: VisitorPlates
  readonly cameras: readonly PlacedCamera[]
  /** By camera: each takes its own number of frames a second. */
  readonly frames: ReadonlyMap<string, FrameNews>
  readonly bays: DesignBays
  readonly bodies: readonly BayBody[]
  readonly chargePoints: readonly BayChargePoint[]
  /** Its times are of the run. */
  readonly grid: SharedGrid
  readonly ledger: VisitLedger
  /** When the run begins, and when its last day is over. */
  readonly start: number
  readonly end: number
  readonly calendar: RunCalendar
  /** Cameras that see nothing now, by id, with for how many reasons. */
  readonly away: Map<string, number>
  /** What the whole site has in common. `dark`: it has no power. `backEndAway`: nobody answers who pays. */
  readonly site: { dark: boolean; backEndAway: boolean }
  readonly payers: AskedPayers
  /** Runs something at a later moment. */
  readonly later: (at: number, run: (at: number) => void) => void
  /** A place in a bay is free again. */
  readonly freed: (bay: number, at: number) => void
  /** A transaction of a vehicle begins. */
  readonly began: (transactionId: string, parked: ParkedVehicle, at: number) => void
  /** A vehicle begins to draw, or has what it wanted. */
  readonly powered: (parked: ParkedVehicle) => void
  readonly filled: (parked: ParkedVehicle, at: number) => void
  /** A new turn of the power supply, and whether it is still the newest. */
  readonly turn: () => number
  readonly isTurn: (turn: number) => boolean
}

export const bodyOf = ({ bodies }: Stage, bay: number): BayBody => bodies[bay] as BayBody

export const chargePointAt = ({ chargePoints }: Stage, bay: number): BayChargePoint =>
  chargePoints[bay] as BayChargePoint

export const chargePointOf = (bay: number): string => `CP-${bay + 1}`
export const connectorOf = (bay: number): ConnectorKey => connectorKey(chargePointOf(bay), 1)

/** The charge point of a bay says something; while it is away, once it is back. */
export function say(
  stage: Stage,
  bay: number,
  at: number,
  told: (origin: { id: string; source: string }) => Observation,
): void {
  const body = bodyOf(stage, bay)
  if (!body.online) body.outbox.push((later) => say(stage, bay, later, told))
  else stage.bays.tell(bay, told(stage.bays.origin(chargePointOf(bay))), at)
}

/** A charge point that works: neither out of order nor without power. */
export const works = (stage: Stage, bay: number): boolean => !stage.site.dark && !bodyOf(stage, bay).broken

/** The cameras of a bay see somebody, or nobody. */
export function look(stage: Stage, bay: number, at: number, type: 'vehicle.seen' | 'zone.empty'): void {
  for (const { cameraId, bays } of stage.cameras)
    if (bays.includes(bay) && !stage.away.has(cameraId))
      stage.bays.tell(bay, { type, ...stage.bays.origin(cameraId), cameraId }, at)
}

/** How long the back end takes to answer about a vehicle, whatever else it is asked; `number` names a question about nobody who stands there. */
export const inquiryDraws =
  ({ streams }: Stage, parked: ParkedVehicle | null) =>
  (number: number): Draws =>
    parked
      ? streams.of(`back end ${parked.inquiries++}`, parked.wanted.index)
      : streams.of('back end about nobody', number)

/** Time that people take: lognormal around its median, with the spread of such things (assumed). */
export const takes_ms = (draws: Draws, median_s: number): number =>
  Math.round(median_s * 1000 * Math.exp(0.5 * draws.normal()))
