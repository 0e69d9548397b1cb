import type { Json } from '../../machines/events.ts'
import type { Cause, Draft, FactRecord } from '../../machines/record.ts'
import { sameJson, type TwinBays, type TwinCall } from '../../projections/twin-bays.ts'
import type { VisitOutcome } from '../../projections/visit-outcomes.ts'
import { LaneAnswers, type Question } from './lane-answers.ts'

/** Bays in two lives, before or behind the wall. */
export type TwinLives = Pick<TwinBays, TwinCall>

/** What one life made of an event, in few words. */
type Turn = { readonly state: string | null; readonly rule: string | null; readonly decisions: readonly string[] }

/** One question of the chart that was answered otherwise; null where it was not asked. */
type OtherAnswer = { readonly name: string; readonly recorded: Json; readonly tried: Json }

/** The first record where two histories of a bay part. `seq`: that record, or the one before which it happened. */
export type Parting = {
  readonly seq: number
  readonly at: string
  readonly cause: string
  /** Not the rules that are tried: the machines decide otherwise than those that wrote the record. */
  readonly drift?: true
  /** In words: why the lives go apart here. */
  readonly why: string
  readonly recorded: Turn | null
  readonly tried: Turn | null
  readonly guards: readonly OtherAnswer[]
}

/** Since when nobody can know what would have been, and why. */
export type Unknown = { readonly since: string; readonly why: string }

/**
 * One bay while it is tried. `waits`: the rules that are tried do not hold yet. `lost`: an answer would be needed that nobody gave; nothing
 * is told to the tried life until both go on from one knowledge.
 */
export type Lane = {
  readonly bayId: string
  mode: 'waits' | 'lived' | 'lost'
  /** The tried life was told something else than the recorded one since they last went on from one knowledge. */
  apart: boolean
  /** The site file names the bay no more: its timers rest. */
  asleep: boolean
  version: number
  own: number
  newest: number
  seq: number
  /** Timers that stand, ms since 1970: of the tried life, and of the recorded one. */
  readonly timers: Map<string, number>
  readonly kept: Map<string, number>
  readonly answers: LaneAnswers
  /** Connectors at which the recorded life charges by a start that the tried one never asked for. */
  readonly withheld: Map<string, { transactionId: string | null; open: boolean }>
  /** Claims and releases that the journal rules on next. */
  readonly awaits: Set<string>
  policy: Json
  /** The zones that it was recorded to have. */
  zones: Cause | null
  parting: Parting | null
  /** By visit of either life. */
  readonly partings: Map<string, Parting>
  /** What was known of the visit when a question of its own was asked. */
  readonly asked: Map<Question, VisitOutcome | null>
  /** By recorded visit: the agreement that is none any more, and what was known by then. */
  readonly folded: Map<
    string,
    { readonly at: number; readonly cameraId: string; readonly outcome: VisitOutcome | null }
  >
  /** By visit: since when it is not known. */
  readonly unknown: Map<string, Unknown>
  lost: Unknown | null
}

export const newLane = (bayId: string): Lane => ({
  bayId,
  mode: 'waits',
  apart: false,
  asleep: false,
  version: 0,
  own: 0,
  newest: 0,
  seq: 0,
  timers: new Map(),
  kept: new Map(),
  answers: new LaneAnswers(),
  withheld: new Map(),
  awaits: new Set(),
  policy: null,
  zones: null,
  parting: null,
  partings: new Map(),
  asked: new Map(),
  folded: new Map(),
  unknown: new Map(),
  lost: null,
})

/** What belongs to a start's own time, not to what it is. */
const TIMES: readonly string[] = ['deadline', 'by']

/** Whether two values are written alike; deadlines may differ. */
export const alike = (one: unknown, other: unknown): boolean => sameJson(one, other, TIMES)

const turn = (draft: Draft | FactRecord): Turn => ({
  state: draft.state === null ? null : `${draft.state}.${draft.detail ?? ''}`,
  rule: draft.rule ?? null,
  decisions: draft.decisions.map(({ type }) => type),
})

/** Where the lives part at this record; null where they take the same turn. Deadlines and what guards saw may differ. */
export function partingOf(record: FactRecord, tried: Draft | null, why: string): Parting | null {
  const same =
    tried !== null &&
    tried.state === record.state &&
    tried.detail === record.detail &&
    (tried.rule ?? null) === (record.rule ?? null) &&
    alike(tried.decisions, record.decisions) &&
    alike(tried.effects, record.effects)
  if (same) return null
  const { seq, at, cause } = record
  const guards = tried === null ? [] : otherAnswers(record, tried)
  return { seq, at, cause: cause.type, why, recorded: turn(record), tried: tried && turn(tried), guards }
}

/** Where the tried life does something that the recorded one did not, before record `seq`. */
export const ownParting = (seq: number, draft: Draft, why: string): Parting => ({
  seq,
  at: draft.at,
  cause: draft.cause.type,
  why,
  recorded: null,
  tried: turn(draft),
  guards: draft.guards
    .filter(({ ok }) => ok)
    .map(({ name, value }) => ({ name, recorded: null, tried: value ?? true })),
})

function otherAnswers(record: FactRecord, tried: Draft): readonly OtherAnswer[] {
  const said = ({ ok, value }: { ok: boolean; value?: Json }): Json => (value === undefined ? ok : { ok, value })
  const names = [...new Set([...record.guards, ...tried.guards].map(({ name }) => name))]
  return names.flatMap((name) => {
    const [one, other] = [record, tried].map(({ guards }) => guards.find((guard) => guard.name === name))
    if (one?.ok === other?.ok && alike(one?.value, other?.value)) return []
    return [{ name, recorded: one ? said(one) : null, tried: other ? said(other) : null }]
  })
}
