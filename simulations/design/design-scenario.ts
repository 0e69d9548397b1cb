import type { OfflinePolicy } from '../../actors/authorizer-chain.ts'
import type { Policy } from '../../machines/events.ts'
import type { MessageOrder } from './bay-charge-points.ts'
import type { Place } from './camera-geometry.ts'
import type { PhaseWiring } from './phase-wiring.ts'
import type { ReadCurve } from './read-model.ts'
import type { VisitorWay } from './visitor-ways.ts'

/** A site that is not built yet, as its scenario file says it once it is checked and its defaults are in. Units are in the names. */
export type DesignScenario = {
  readonly site: {
    readonly name: string
    readonly timezone: string
    readonly bays: number
    readonly bayWidth_m: number
    readonly bayLength_m: number
    readonly queuePlaces: number
    readonly patience_min: number
  }
  readonly chargers: {
    readonly power_kW: number
    readonly phases: 1 | 3
    /** How charge points of one phase hang on the three of the site. */
    readonly wiring: PhaseWiring
    readonly voltage_V: number
    /** Per phase; null = no limit. */
    readonly gridLimit_A: number | null
    readonly sharing: 'equal' | 'fifo' | 'none'
    readonly startOn: 'validation' | 'plug'
    readonly connectionTimeout_s: number
    readonly answer_s: number
    readonly profile: MessageOrder
    /** Bays (from 1) whose charge point differs; what one leaves out is as above. */
    readonly others: readonly ChargePointPlan[]
  }
  readonly demand: DemandPlan
  readonly cameras: readonly CameraPlan[]
  readonly layout: {
    readonly rows: 1 | 2
    /** Between the edges of two rows that face each other. */
    readonly aisle_m: number
    readonly vanShare: number
    readonly plates: 'both' | 'rear'
    readonly backedInShare: number
    readonly lateral_m: number
    readonly zones: 'plateHeight' | 'ground' | 'none'
    readonly obstacles: readonly {
      readonly at: readonly [number, number]
      readonly width_m: number
      readonly height_m: number
    }[]
    readonly vanInAisle: number
  }
  readonly drivers: {
    readonly registered: number
    readonly register: number
    readonly approach_kmh: number
    readonly plugDelay_s: number
    readonly cardShare: number
    readonly qrShare: number
    readonly card_s: number
    readonly qr_s: number
    readonly giveUp_s: number
    readonly leave_s: number
  }
  /** Shares of drivers and vehicles with a way of their own, 0..1. */
  readonly personalities: Readonly<Record<VisitorWay, number>>
  readonly reader: {
    /** `default`, a curve file until it is read, or the curve itself. */
    readonly curve: string | ReadCurve
    readonly frameCorrelation: number
    readonly voteFrames: number
    readonly misreadShare: number | 'measured'
    /** Two recognisers must read alike: on how many vehicles they do, whose text is right and whose is wrong. Absent = one reads. */
    readonly agreement?: { readonly right: number; readonly wrong: number }
  }
  /** Who pays for those whom berth's register does not know. `accounts`: the share of accounts that only it knows; 0 = nobody is asked. */
  readonly backEnd: {
    readonly accounts: number
    readonly answer_s: number
    readonly deadline_s: number
    readonly cache_s: number
    readonly offline: OfflinePolicy
    readonly known_days: number
    readonly failures: number
    readonly rest_s: number
  }
  readonly review: { readonly handling_s: number; readonly answer_s: number }
  readonly policy: Policy
  readonly weather: {
    readonly snow: number
    readonly snowedPlates: number
    readonly night: number
    readonly dirtyPlate: number
  }
  readonly faults: {
    readonly falseEmpty_perBayDay: number
    readonly falseEmpty_s: number
    readonly chargePointOffline_perBayDay: number
    readonly chargePointOffline_min: number
    /** Mean time from a repair of one charge point to its next failure; null = it never fails. */
    readonly chargePointBetweenFailures_days: number | null
    readonly chargePointRepair_h: number
    readonly powerCut_perYear: number
    readonly powerCut_min: number
    readonly cameraAway_perDay: number
    readonly cameraAway_min: number
    readonly backEndAway_perDay: number
    readonly backEndAway_min: number
  }
  readonly costs: {
    readonly camera_EUR: number
    readonly bay_EUR: number
    readonly reviewMinute_EUR: number
    readonly gridConnection_EUR: number
    readonly energy_EUR_kWh: number
    readonly years: number
  }
  readonly run: RunPlan
  /** For sweeps: values to try, by key with dots between its parts. */
  readonly vary: { readonly [key: string]: readonly unknown[] }
}

/** Charge points that differ from those of the other bays. */
export type ChargePointPlan = {
  readonly bays: readonly number[]
  readonly power_kW?: number
  readonly phases?: 1 | 3
  readonly startOn?: 'validation' | 'plug'
  readonly connectionTimeout_s?: number
  readonly answer_s?: number
  readonly profile?: MessageOrder
}

/** How much is simulated. */
export type RunPlan = {
  /** First day, YYYY-MM-DD, by the clocks of the site. */
  readonly from: string
  readonly days: number
  readonly warmup_days: number
  readonly replications: number
  readonly seed: number
  /** Stop earlier once the main shares are this well known; absent = never. */
  readonly targetHalfWidth?: number
}

/** Who comes, as the scenario wants it. */
export type DemandPlan = {
  /** Name of shipped figures, `rates`, or a demand file. */
  readonly source: string
  readonly bays?: number
  readonly scale: number
  readonly dispersion?: number
  readonly iceShare: number
  readonly overstay: { readonly rule: 'fromData' | 'whenFull' }
  readonly visitsPerDay?: number
  readonly hourShares?: readonly number[]
  readonly stay_min?: number
  readonly stayLaw: 'exponential' | 'fixed' | 'lognormal' | 'gamma' | 'hyperexponential'
  readonly stayCv: number
  readonly energy_kWh?: number
  readonly energyCv: number
  readonly vehicle_kW?: number
}

/** One camera of the file. `covers`: its bays by number from 1, or one such camera for each so many bays. */
export type CameraPlan = {
  readonly model: string
  readonly focal_mm?: number | readonly [number, number]
  readonly aperture: number
  readonly focus_m?: number
  readonly shutter_s: number
  readonly ir: boolean
  readonly irRange_m: number
  readonly wdr: boolean
  readonly framesPerSecond: number
  readonly covers: readonly number[] | number
  readonly pose: {
    readonly x_m?: number
    readonly y_m: number
    readonly height_m: number
    readonly aim?: Place
  }
}
