import type { Json } from './events.ts'
import type { Bay, Visit } from './knowledge.ts'
import type { BayEvent } from './learn.ts'
import type { Decision } from './record.ts'
import type { DecisionType } from './record-types.ts'

/** An effect before its record gives it an id. */
export type EffectDraft = { readonly type: string; readonly [param: string]: Json | undefined }

/** What one step does, gathered by acts one after the other: the bay as it becomes, decisions, effects. */
export type Deeds = {
  bay: Bay
  readonly was: Bay
  readonly event: BayEvent
  readonly decisions: Decision[]
  readonly effects: EffectDraft[]
}

/** Notes a decision, with the visit it is about. */
export function decide(
  deeds: Deeds,
  type: DecisionType,
  fields: { readonly [key: string]: Json | undefined } = {},
): void {
  const visitId = (deeds.bay.visit ?? deeds.was.visit)?.visitId
  deeds.decisions.push({ type, ...(visitId === undefined ? {} : { visitId }), ...fields })
}

/** Asks the world for something. */
export function order(deeds: Deeds, type: string, params: { readonly [key: string]: Json | undefined } = {}): void {
  deeds.effects.push({ type, ...params })
}

/** The running visit, for acts that only a bay with a visit reaches. */
export function change(deeds: Deeds, fields: Partial<Visit>): void {
  if (deeds.bay.visit) deeds.bay = { ...deeds.bay, visit: { ...deeds.bay.visit, ...fields } }
}

/** What a bay can raise. Shown by this name, so that people and sign-posts can tell them apart. */
export type BayAlarm =
  | 'suggested'
  | 'clone'
  | 'disputed'
  | 'camera-empty'
  | 'other-plate'
  | 'orphan'
  | 'offline'
  | 'dead-token'
  | 'blocked'
  | 'nobody-pays'
  | 'signals'
  | 'drawn-after-end'

/** Raises an alarm once; it stays until it is cleared. `says` what happened, `does` what to do. */
export function alarm(deeds: Deeds, kind: BayAlarm, says: string, does: string): void {
  const alarmId = `${deeds.bay.bayId}/${kind}`
  if (deeds.bay.alarms.includes(alarmId)) return
  deeds.bay = { ...deeds.bay, alarms: [...deeds.bay.alarms, alarmId] }
  order(deeds, 'raise.alarm', { alarmId, alarm: kind, says, do: does })
}

/** Clears one alarm, or all of the bay's. */
export function calm(deeds: Deeds, kind?: BayAlarm): void {
  // Asked at every event, of a bay that hardly ever has one.
  if (deeds.bay.alarms.length === 0) return
  const gone = deeds.bay.alarms.filter((alarmId) => kind === undefined || alarmId === `${deeds.bay.bayId}/${kind}`)
  if (gone.length === 0) return
  deeds.bay = { ...deeds.bay, alarms: deeds.bay.alarms.filter((alarmId) => !gone.includes(alarmId)) }
  for (const alarmId of gone) order(deeds, 'clear.alarm', { alarmId })
}

const DAY_MS = 86_400_000
// Times of one day share their first letters: writing them anew is a tenth of a step.
let day = { number: Number.NaN, letters: '' }

const padded = (many: number, digits: number): readonly string[] =>
  Array.from({ length: many }, (_, number) => String(number).padStart(digits, '0'))
const [PAIRS, TRIPLES] = [padded(60, 2), padded(1000, 3)]

/** ISO 8601 UTC with milliseconds, from ms since 1970, without asking the time. */
export function iso(ms: number): string {
  const number = Math.floor(ms / DAY_MS)
  if (number !== day.number || !Number.isInteger(ms)) {
    const text = new Date(ms).toISOString()
    day = { number, letters: text.slice(0, -13) }
    return text
  }
  const rest = ms - number * DAY_MS
  const [h, m, s] = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60, Math.floor(rest / 1000) % 60]
  return `${day.letters}${PAIRS[h]}:${PAIRS[m]}:${PAIRS[s]}.${TRIPLES[rest % 1000]}Z`
}
