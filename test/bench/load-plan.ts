/** What a load is of. Times in seconds. */
export type LoadPlan = {
  readonly chargePoints: number
  /** At most two for each charge point. */
  readonly bays: number
  /** Between two meter values of a charging bay. */
  readonly meter_s: number
  /** Messages of cameras a second, over all of them. */
  readonly reads: number
  /** The same while the first vehicles come. */
  readonly fillReads: number
  /** Share of the bays that is taken. */
  readonly taken: number
  /** How long a vehicle stays, on average. */
  readonly stay_s: number
  /** `policy.exitGrace_s` of the site. */
  readonly exitGrace_s: number
  /** Measured. */
  readonly measure_s: number
  /** All charge points lose their connection at once, in the middle. */
  readonly storm: boolean
}

/** One process, as many as the site of a large operator has. */
export const WHOLE_LOAD: LoadPlan = {
  chargePoints: 2_000,
  bays: 3_000,
  meter_s: 30,
  reads: 50,
  fillReads: 150,
  taken: 0.8,
  stay_s: 1_800,
  exitGrace_s: 30,
  measure_s: 600,
  storm: true,
}

/** Bays that one camera sees, side by side. */
export const SEEN_TOGETHER = 12

/** The camera that sees a bay, and the bay's place in its picture; all count from 1. */
export const cameraOf = (bay: number): number => Math.ceil(bay / SEEN_TOGETHER)
export const placeOf = (bay: number): number => ((bay - 1) % SEEN_TOGETHER) + 1

/** The charge point and EVSE that reach a bay: each charge point has one, and as many as are left over a second one. */
export function connectorOf(bay: number, { chargePoints }: Pick<LoadPlan, 'chargePoints'>) {
  const isSecond = bay > chargePoints
  return { chargePoint: `CP-${isSecond ? bay - chargePoints : bay}`, evse: isSecond ? 2 : 1 }
}
