import { type Comings, DAY_KINDS, type DayKind, type Demand, type Energy, type VehicleShare } from './demand.ts'

/** What `berth sim fit` writes and a scenario names: demand as it was measured, and where it comes from. No driver, card or plate is in it. */
export type DemandFigures = {
  readonly version: 1
  readonly name: string
  /** Who measured it, in a sentence, and under which licence. */
  readonly source: string
  readonly licence: string
  /** First and last day that count, `YYYY-MM-DD`. */
  readonly from: string
  readonly to: string
  readonly sessions: number
  readonly chargePoints: number
  /** Whether `visits` are those of one charge point or of all that were measured together. */
  readonly visitsOf: 'charge-point' | 'site'
  readonly visits: Readonly<Record<DayKind, number>>
  readonly dispersion: number
  readonly comings: Readonly<Record<DayKind, Comings>>
  /** Null where nobody measured energy. */
  readonly energy: Energy | null
}

/** What a scenario says beside the name of its demand. */
export type DemandWish = {
  /** Bays that the demand is meant for: figures of one charge point are multiplied by it. Stays the same where a sweep varies the bays. */
  readonly bays: number
  /** Times as many visits (default 1). */
  readonly scale?: number
  /** Instead of the figures' own. */
  readonly dispersion?: number
  readonly energy?: Energy
  readonly vehicles?: readonly VehicleShare[]
}

/** Where nothing was measured: what cars took at public 11 and 22 kW posts, roughly. An assumption, and reports say so. */
export const ASSUMED_ENERGY: Energy = { kind: 'spread', energy_kWh: { law: 'gamma', mean: 14, cv: 0.8 } }
/** On-board chargers of today's cars, roughly. An assumption, and reports say so. */
export const ASSUMED_VEHICLES: readonly VehicleShare[] = [
  { max_W: 11_000, share: 0.65 },
  { max_W: 7400, share: 0.2 },
  { max_W: 3700, share: 0.15 },
]

/** The demand of a site that wishes so much of these figures. */
export function demandOf(figures: DemandFigures, wish: DemandWish): Demand {
  const times = (wish.scale ?? 1) * (figures.visitsOf === 'charge-point' ? wish.bays : 1)
  return {
    visits: byKind((kind) => figures.visits[kind] * times),
    dispersion: wish.dispersion ?? figures.dispersion,
    comings: figures.comings,
    energy: wish.energy ?? figures.energy ?? ASSUMED_ENERGY,
    vehicles: wish.vehicles ?? ASSUMED_VEHICLES,
  }
}

/** A record of every kind of day. */
export const byKind = <T>(of: (kind: DayKind) => T): Record<DayKind, T> => ({
  weekday: of('weekday'),
  saturday: of('saturday'),
  sunday: of('sunday'),
})

/** The figures in a parsed demand file, or one sentence that says what is wrong with it and where. Never throws. */
export function readFigures(value: unknown): DemandFigures | string {
  const file = fields(value)
  if (!file) return 'It holds no mapping; write it with `berth sim fit`.'
  if (file['version'] !== 1)
    return `version is ${shown(file['version'])} where this berth reads 1; fit the sessions again.`
  for (const key of ['name', 'source', 'licence', 'from', 'to'])
    if (typeof file[key] !== 'string') return `${key} is ${shown(file[key])} where a text is needed.`
  for (const key of ['sessions', 'chargePoints', 'dispersion'])
    if (!isAmount(file[key])) return `${key} is ${shown(file[key])} where a number from 0 on is needed.`
  if (file['visitsOf'] !== 'charge-point' && file['visitsOf'] !== 'site')
    return `visitsOf is ${shown(file['visitsOf'])}; it says \`charge-point\` or \`site\`.`
  const [visits, comings] = [fields(file['visits']), fields(file['comings'])]
  for (const kind of DAY_KINDS) {
    if (!isAmount(visits?.[kind]))
      return `visits.${kind} is ${shown(visits?.[kind])} where mean visits in a day are needed.`
    const trouble = comingsTrouble(comings?.[kind], (visits?.[kind] as number) > 0)
    if (trouble !== null) return `comings.${kind} ${trouble}`
  }
  const trouble = file['energy'] === null ? null : energyTrouble(file['energy'])
  return trouble === null ? (value as DemandFigures) : `energy ${trouble}`
}

function comingsTrouble(value: unknown, anyoneComes: boolean): string | null {
  const it = fields(value)
  if (it?.['kind'] === 'past') return pastTrouble(it['visits'], anyoneComes)
  if (it?.['kind'] !== 'figures' && it?.['kind'] !== 'rates')
    return `has the kind ${shown(it?.['kind'])}; it is \`figures\`, \`past\` or \`rates\`.`
  const hours = it['hours']
  if (!isAmounts(hours) || hours.length !== 24) return 'needs `hours`: the shares of the 24 hours of a day.'
  const sum = hours.reduce((total, share) => total + share, 0)
  if (anyoneComes && Math.abs(sum - 1) > 0.01) return `has hours that sum to ${sum.toFixed(3)}; shares sum to 1.`
  if (it['kind'] === 'rates') return spreadTrouble(it['stay_min'], 'stay_min')
  const stays = it['stays_min']
  const all = Array.isArray(stays) && stays.length === 24 && stays.every((parts) => isRising(parts))
  return all ? null : 'needs `stays_min`: for each of 24 hours the stays of its parts in minutes, shortest first.'
}

function pastTrouble(visits: unknown, anyoneComes: boolean): string | null {
  if (!Array.isArray(visits) || (anyoneComes && visits.length === 0)) return 'has no `visits` to draw from.'
  const wrong = visits.findIndex(
    (one) =>
      !Array.isArray(one) ||
      !isAmount(one[0]) ||
      one[0] >= 1440 ||
      !isAmount(one[1]) ||
      !(one[2] === null || isAmount(one[2])),
  )
  return wrong < 0 ? null : `has visit ${wrong + 1} that is not [minute of the day, stay in minutes, kWh or null].`
}

function energyTrouble(value: unknown): string | null {
  const it = fields(value)
  if (it?.['kind'] === 'spread') return spreadTrouble(it['energy_kWh'], 'energy_kWh')
  const [below, parts] = [it?.['below_min'], it?.['parts_kWh']]
  const holds =
    isRising(below, 0) &&
    Array.isArray(parts) &&
    parts.length === below.length + 1 &&
    parts.every((one) => isRising(one))
  return it?.['kind'] === 'byStay' && holds ? null : 'needs `below_min`, and one list of `parts_kWh` more than it.'
}

const LAWS = ['exponential', 'fixed', 'lognormal', 'gamma', 'hyperexponential']

function spreadTrouble(value: unknown, key: string): string | null {
  const it = fields(value)
  if (!LAWS.includes(String(it?.['law']))) return `needs ${key} with a law: ${LAWS.join(', ')}.`
  return isAmount(it?.['mean']) && (it['cv'] === undefined || isAmount(it['cv']))
    ? null
    : `needs ${key} with a mean and a cv.`
}

const fields = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
const isAmount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0
const isAmounts = (value: unknown): value is number[] => Array.isArray(value) && value.every(isAmount)
const isRising = (value: unknown, least = 1): value is number[] =>
  isAmounts(value) && value.length >= least && value.every((one, i) => i === 0 || one >= (value[i - 1] as number))
const shown = (value: unknown): string => (JSON.stringify(value) ?? 'missing').slice(0, 40)
