import { amountText } from '../../projections/money.ts'
import type { VisitOutcome } from '../../projections/visit-outcomes.ts'
import { counted } from '../counted.ts'
import type { Parting } from './lane.ts'
import type { Amounts, ChangedVisit, WhatIfReport } from './whatif-report.ts'

/** What is tried, and over what, as people are told it. */
export type Trial = {
  /** `quorum 2 → 3`. */
  readonly rules: readonly string[]
  readonly machines: string | null
  readonly records: number
  readonly cannotSee: readonly string[]
}

/** The report for people: what is tried, the totals, every visit that changes, and what cannot be seen. */
export function whatIfText({ totals, visits }: WhatIfReport, trial: Trial): string {
  const { energy_Wh, money } = totals
  const lines = [
    `Tried: ${trial.rules.length === 0 ? 'nothing else than what was recorded' : trial.rules.join('; ')}.`,
    ...(trial.machines === null ? [] : [`Machines: ${trial.machines}.`]),
    `${counted(trial.records, 'record')}, ${counted(totals.visits, 'visit')}: ${totals.changed} changed, ${totals.unknown} of them unknown from some moment on.`,
    `Starts gained ${totals.startsGained}, lost ${totals.startsLost}; other payers ${totals.otherPayers}; reviews gained ${totals.reviewsGained}, lost ${totals.reviewsLost}.`,
    `Billed where all is known: ${kWh(energy_Wh.before)} kWh recorded, ${kWh(energy_Wh.after)} kWh then; of unknown visits ${kWh(energy_Wh.unknown)} kWh recorded.`,
    ...moneyLines(money.before, money.after, money.unknown),
    ...visits.flatMap((visit) => ['', ...visitLines(visit)]),
    '',
    'What this cannot see:',
    ...trial.cannotSee.map((one) => `  - ${one}`),
  ]
  return `${lines.join('\n')}\n`
}

const kWh = (wh: number): string => (wh / 1000).toFixed(3)

const moneyLines = (before: Amounts, after: Amounts, unknown: Amounts): readonly string[] =>
  [...new Set([before, after, unknown].flatMap((one) => Object.keys(one)))].sort().map((currency) => {
    const [was, is, dark] = [before, after, unknown].map((one) => amountText(one[currency] ?? 0, currency))
    return `Before taxes: ${was} ${currency} recorded, ${is} ${currency} then; of unknown visits ${dark} ${currency} recorded.`
  })

function visitLines({ bayId, openedAt, changes, unknown, before, after, parting }: ChangedVisit): readonly string[] {
  const what = [...changes, ...(unknown ? [`unknown after ${unknown.since}`] : [])].join(', ')
  return [
    `${bayId}  ${openedAt}  ${what}`,
    `  recorded: ${outcomeWords(before)}`,
    `  then:     ${unknown && after === null ? 'not known' : outcomeWords(after)}${unknown ? `; after ${unknown.since} nobody knows: ${unknown.why}` : ''}`,
    ...(parting === null ? [] : partingWords(parting)),
  ]
}

function outcomeWords(outcome: VisitOutcome | null): string {
  if (outcome === null) return 'no visit of its own'
  const { accountId, identifiedBy, starts, reviewAt, sessions, exit, endedAt } = outcome
  const who = accountId === null ? 'nobody pays' : `${accountId} pays by ${identifiedBy ?? 'nothing'}`
  const started = starts.map(({ at, reason, connector }) => `start ${reason} at ${connector} ${clock(at)}`)
  const bills = sessions.map((one) => `${kWh(one.energy_Wh)} kWh to ${one.accountId ?? 'nobody'}`)
  const end = endedAt === null ? 'still there' : `${exit ?? 'ended'} ${clock(endedAt)}`
  const review = reviewAt === null ? [] : [`review ${clock(reviewAt)}`]
  return [who, ...started, ...review, ...bills, end].join(', ')
}

/** `10:00:03.120`: the day stands in the visit's first line. */
const clock = (at: string): string => at.slice(11, 23)

function partingWords({ seq, at, cause, why, recorded, tried, guards }: Parting): readonly string[] {
  const place = recorded === null ? `before record ${seq}` : `at record ${seq}`
  const words = (one: Parting['recorded']): string =>
    one === null
      ? 'nothing'
      : `${one.rule ?? 'no rule'} → ${one.state ?? ''}${one.decisions.length > 0 ? ` (${one.decisions.join(', ')})` : ''}`
  const shown = (value: unknown): string => (value === null ? 'not asked' : JSON.stringify(value))
  return [
    `  they part ${place} (${cause}, ${at}): ${why}`,
    `    recorded: ${words(recorded)}`,
    `    then:     ${words(tried)}`,
    ...guards.map((one) => `    ${one.name}: recorded ${shown(one.recorded)}, then ${shown(one.tried)}`),
  ]
}
