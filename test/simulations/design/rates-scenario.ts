import { DEFAULT_POLICY } from '../../../machines/events.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'

/** A scenario of rates: two bays, thirty visits a day of an hour, everybody with a card. */
export function ratesScenario(change: Partial<DesignScenario> = {}): DesignScenario {
  return {
    site: {
      name: 'Test',
      timezone: 'UTC',
      bays: 2,
      bayWidth_m: 2.5,
      bayLength_m: 5,
      queuePlaces: 0,
      patience_min: 30,
    },
    chargers: {
      power_kW: 11,
      phases: 3,
      voltage_V: 230,
      gridLimit_A: null,
      sharing: 'equal',
      startOn: 'validation',
      connectionTimeout_s: 60,
      answer_s: 4,
    },
    demand: {
      source: 'rates',
      scale: 1,
      iceShare: 0,
      overstay: { rule: 'fromData' },
      visitsPerDay: 30,
      stay_min: 60,
      stayLaw: 'exponential',
      stayCv: 1,
      dispersion: 1,
      energyCv: 0.8,
    },
    cameras: [
      {
        model: '4MP-1/2.7',
        aperture: 1.6,
        shutter_s: 0.002,
        ir: true,
        irRange_m: 30,
        wdr: true,
        framesPerSecond: 1,
        covers: 2,
        pose: { y_m: -6, height_m: 3.5 },
      },
    ],
    layout: { plates: 'both', backedInShare: 0.3, lateral_m: 0.22, zones: 'plateHeight', obstacles: [], vanInAisle: 0 },
    drivers: {
      registered: 0.85,
      register: 200,
      approach_kmh: 5,
      plugDelay_s: 40,
      cardShare: 1,
      qrShare: 0.5,
      card_s: 20,
      qr_s: 75,
      giveUp_s: 300,
      leave_s: 45,
    },
    reader: { curve: 'default', frameCorrelation: 0.5, voteFrames: 5, misreadShare: 0.3 },
    review: { handling_s: 25, answer_s: 30 },
    policy: DEFAULT_POLICY,
    weather: { snow: 0, snowedPlates: 0.5, night: 0.35, dirtyPlate: 0.04 },
    faults: {
      falseEmpty_perBayDay: 0,
      falseEmpty_s: 120,
      chargePointOffline_perBayDay: 0,
      chargePointOffline_min: 20,
    },
    costs: { camera_EUR: 900, bay_EUR: 6000, reviewMinute_EUR: 0.8, years: 8 },
    run: { days: 10, warmup_days: 1, replications: 4, seed: 7 },
    vary: {},
    ...change,
  }
}
