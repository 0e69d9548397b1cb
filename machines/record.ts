import type { Json } from './events.ts'

/** One guard as it was asked: `value` is what it saw (left out where it is the answer itself). What it needs stands in the machine's table of questions. */
export type GuardTrace = { readonly name: string; readonly ok: boolean; readonly value?: Json }

/** Something asked of the world. Carried out after its record is durable; `id` is the idempotency key (`bay-1/17/0`). */
export type Effect = { readonly id: string; readonly type: string; readonly [param: string]: Json | undefined }

/** A decision in words an auditor reads; `type` is past tense PascalCase (`BayLocked`). */
export type Decision = { readonly type: string; readonly [field: string]: Json | undefined }

/** Why the record is: the observation or the fired timer, without its arrival (the record's `at`) and personal parts. */
export type Cause = {
  readonly type: string
  readonly happenedAt?: string | null
  readonly [field: string]: Json | undefined
}

/** `by` is ISO 8601 UTC. */
export type Timers = {
  readonly set: readonly { readonly id: string; readonly due: string }[]
  readonly cleared: readonly string[]
}

/** A record before the journal gives it its place. Times are ISO 8601 UTC with milliseconds. `version` counts within the stream, from 1. */
export type Draft = {
  readonly schema: 1
  readonly stream: string
  readonly bayId: string | null
  readonly version: number
  readonly at: string
  /** Name of the machine version that decided, or of the fold for streams without a machine. */
  readonly machine: string
  readonly cause: Cause
  /** The rule that fired (`agreed`), or null outside bays. */
  readonly rule?: string | null
  readonly decisions: readonly Decision[]
  readonly guards: readonly GuardTrace[]
  readonly effects: readonly Effect[]
  readonly timers: Timers
  /** Top-level state after, null outside bays; `detail` the substate. */
  readonly state: string | null
  readonly detail: string | null
  /** Clear personal fields by subject (vehicle handle, card handle, account): sealed by the journal before they are written. */
  readonly personal: { readonly [subject: string]: Json }
}

/** A record as it stands in the journal: `personal` is sealed (base64 by subject) or gone. */
export type FactRecord = Omit<Draft, 'personal'> & {
  readonly seq: number
  readonly siteId: string
  readonly recordedAt: string
  readonly personal: { readonly [subject: string]: string } | null
  readonly personalHash: string
  readonly contentHash: string
  readonly prev: string
  readonly hash: string
}
