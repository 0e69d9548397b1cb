import { gridLaw } from '../closed-forms.ts'
import type { DesignScenario } from '../design-scenario.ts'
import { percent, type Study, three } from './study.ts'

const [SMALL, MIDDLE, FREE] = ['40 A', '80 A', 'no limit'] as const

/** Vehicles that leave when they are full share a limit: equal sharing has a closed form, which the run must meet. */
export const GRID_STUDY: Study = {
  name: 'grid',
  asks: 'Six bays of 7.4 kW on one phase: is 40 A enough?',
  scenario: {
    version: 1,
    site: { name: 'Six bays on one phase', bays: 6 },
    chargers: { power_kW: 7.4, phases: 1, wiring: 'L1', sharing: 'equal', answer_s: 1 },
    demand: {
      source: 'rates',
      visitsPerDay: 24,
      dispersion: 1,
      stay_min: 20_000,
      stayLaw: 'fixed',
      energy_kWh: 9,
      vehicle_kW: 7.4,
      overstay: { rule: 'whenFull' },
    },
    cameras: [{ covers: 1 }],
    layout: { vanInAisle: 0 },
    drivers: { registered: 1, cardShare: 1, plugDelay_s: 5, leave_s: 5 },
    weather: { night: 0, dirtyPlate: 0 },
    faults: { falseEmpty_perBayDay: 0 },
    run: { days: 56, warmup_days: 4, replications: 20, seed: 9 },
  },
  designs: [
    { label: SMALL, change: { 'chargers.gridLimit_A': 40 } },
    { label: MIDDLE, change: { 'chargers.gridLimit_A': 80 } },
    { label: FREE, change: { 'chargers.gridLimit_A': null } },
  ],
  figures: ['time-to-full', 'turned-away', 'bay-use', 'peak', 'at-limit'],
  expects: [
    { figure: 'time-to-full', from: SMALL, to: MIDDLE, goes: 'down' },
    { figure: 'time-to-full', from: MIDDLE, to: FREE, goes: 'down' },
    { figure: 'turned-away', from: SMALL, to: MIDDLE, goes: 'down' },
  ],
  says: ({ mean }) =>
    `On 40 A a vehicle is full after ${three(mean(SMALL, 'time-to-full'))} min and ${percent(mean(SMALL, 'turned-away'))} find no bay, on 80 A ${three(mean(MIDDLE, 'time-to-full'))} min and ${percent(mean(MIDDLE, 'turned-away'))}, without a limit ${three(mean(FREE, 'time-to-full'))} min and ${percent(mean(FREE, 'turned-away'))}.`,
  note: 'Theory (M/M/K/c) knows neither the minute in which a vehicle parks, plugs in and drives off, nor who gives up: bays are taken a little longer than it says.',
  theory: equalSharing,
}

function equalSharing({ site, chargers, demand }: DesignScenario): { readonly [figure: string]: number } {
  const hours = (demand.energy_kWh ?? 0) / chargers.power_kW
  const each_A = (chargers.power_kW * 1000) / chargers.voltage_V
  const atOnce = chargers.gridLimit_A === null ? site.bays : chargers.gridLimit_A / each_A
  const law = gridLaw(site.bays, Math.min(site.bays, atOnce), (demand.visitsPerDay ?? 0) / 24, hours)
  return {
    'time-to-full': law.timeToFull * 60,
    'turned-away': law.blocked,
    'bay-use': law.charging / site.bays,
  }
}
