import { percent, type Study } from './study.ts'

/** As `policies/article.yaml`: current alone locks, one confident frame is enough. */
const ARTICLE = {
  'policy.lock': { by: ['current'], on_A: 0.001, off_A: 0 },
  'policy.quorum': 1,
  'policy.actConfidence': 0.9,
}
const [WORK, WORK_ARTICLE] = ['workplace, default policy', 'workplace, article.yaml'] as const
const [CITY, CITY_ARTICLE] = ['Hamburg, default policy', 'Hamburg, article.yaml'] as const
const [PICTURE, CURRENT, TRANSACTION] = ['plain-picture', 'plain-current', 'plain-transaction'] as const

/** Vehicles that stand on after they are full: what keeps their bay when a camera wrongly sees nobody? */
export const LOCK_STUDY: Study = {
  name: 'lock',
  asks: 'What must lock a bay: nothing, current alone (any above 0 A), or an open transaction as well?',
  scenario: {
    version: 1,
    site: { name: 'Lock', bays: 12 },
    chargers: { power_kW: 11, phases: 3 },
    demand: { source: 'us-workplace', scale: 5 },
    cameras: [{ covers: 2, pose: { y_m: -6, height_m: 3.5 } }],
    faults: { falseEmpty_perBayDay: 4, falseEmpty_s: 300 },
    run: { days: 14, warmup_days: 1, replications: 8, seed: 21 },
  },
  designs: [
    { label: WORK, change: {} },
    { label: WORK_ARTICLE, change: ARTICLE },
    { label: CITY, change: { 'demand.source': 'hamburg-public' } },
    { label: CITY_ARTICLE, change: { 'demand.source': 'hamburg-public', ...ARTICLE } },
  ],
  figures: [PICTURE, CURRENT, TRANSACTION, 'false-release', 'misread-accepted', 'read-at-once'],
  expects: [
    { figure: PICTURE, from: WORK, to: WORK, toFigure: CURRENT, goes: 'down' },
    { figure: CURRENT, from: WORK, to: WORK, toFigure: TRANSACTION, goes: 'down' },
    { figure: PICTURE, from: CITY, to: CITY, toFigure: CURRENT, goes: 'down' },
    { figure: CURRENT, from: CITY, to: CITY, toFigure: TRANSACTION, goes: 'down' },
  ],
  note: 'The first three figures ask plain rules the same question in the same moments: a picture is wrongly empty for the grace, would the bay be let go of? They take no part in the run. berth itself lets go of no bay whose transaction is open or whose cable is known to be in, whatever `lock.by` says, so false-release (of all who drove in, before they charge too) hardly knows the policy. A charge point that ends its transaction when the vehicle is full and says Available with the cable still in would take both from it; that one is not simulated. Pictures fail four times a bay-day here, far more than a camera should.',
  says: ({ mean }) =>
    `Of the vehicles that charge at a workplace a plain rule of the picture alone would let go of ${percent(mean(WORK, PICTURE))}, locked by current alone of ${percent(mean(WORK, CURRENT))}, by transaction and current of ${percent(mean(WORK, TRANSACTION))}; in Hamburg ${percent(mean(CITY, PICTURE))}, ${percent(mean(CITY, CURRENT))} and ${percent(mean(CITY, TRANSACTION))}.`,
}
