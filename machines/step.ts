import type { ActorScope, AnyMachineSnapshot, SnapshotFrom } from 'xstate'
import { BAY_MACHINE, bay as machine } from './bay.ts'
import { iso } from './deeds.ts'
import type { Json } from './events.ts'
import { invariant } from './faults.ts'
import { HeardOutcome, type Outcome } from './heard-outcome.ts'
import { type DoneAction, inertScope } from './inert-scope.ts'
import type { BayEvent } from './learn.ts'
import type { Cause, Draft, FactRecord } from './record.ts'
import { traced } from './trace.ts'

/** A bay's state between two events. */
export type BaySnapshot = SnapshotFrom<typeof machine>

/** What one event made of a bay: the state after, and its record (without `personal`, which the caller holds). */
export type Step = { readonly snapshot: BaySnapshot; readonly draft: Draft }

type Scope = ActorScope<BaySnapshot, BayEvent>

// One for all bays: it costs more to make than a step does.
let shared: { readonly scope: Scope; sink: (action: DoneAction) => void } | null = null
function scopeInto(actions: DoneAction[]): Scope {
  if (!shared) {
    const made = { scope: inertScope(machine, (action) => made.sink(action)), sink: (_action: DoneAction): void => {} }
    shared = made
  }
  shared.sink = (action) => actions.push(action)
  return shared.scope
}

/** `charging-locked.charging`: the active path, outermost first. */
export function pathOf(value: AnyMachineSnapshot['value']): { readonly state: string; readonly detail: string } {
  if (typeof value === 'string') return { state: value, detail: value }
  const [state, inner] = Object.entries(value)[0] as [string, AnyMachineSnapshot['value']]
  return { state, detail: typeof inner === 'string' ? inner : pathOf(inner ?? {}).detail }
}

/** The bay before anything was said to it. */
export function opened(bayId: string): BaySnapshot {
  return machine.getInitialSnapshot(scopeInto([]), { bayId })
}

/** One event. Pure: no clock, no chance, nothing carried out. A broken guard or act ends in an error, never in a wrong state. */
export function step(snapshot: BaySnapshot, event: BayEvent): Step {
  const actions: DoneAction[] = []
  const next = machine.transition(snapshot, event, scopeInto(actions))
  if (next.status !== 'active')
    invariant(false, `bay ${snapshot.context.bayId} took ${event.type}: ${String(next.error)}`)
  const { bayId } = next.context
  return { snapshot: next, draft: recordOf(bayId, pathOf(next.value), event, outcomeOf(bayId, event, actions)) }
}

export function outcomeOf(bayId: string, event: BayEvent, actions: readonly DoneAction[]): Outcome {
  const heard = new HeardOutcome(bayId, event)
  for (const { type, params } of actions) {
    if (type === 'xstate.emit') heard.emit((params as { event: unknown }).event)
    else if (type === 'xstate.raise') {
      const { id, delay } = params as { id: string; delay: number }
      heard.raise(event, id, delay)
    } else if (type === 'xstate.cancel') heard.cancel((params as { sendId: string }).sendId)
    else {
      invariant(!type.startsWith('xstate.'), `${type} may not stand in a journaled machine`)
      heard.act(type, params)
    }
  }
  return heard
}

/** The record of one event (without `personal`), right after it was taken: where the bay stands, and what came of it. */
export function recordOf(
  bayId: string,
  path: { readonly state: string; readonly detail: string },
  event: BayEvent,
  { rule, decisions, effects, set, cleared }: Outcome,
): Draft {
  return {
    schema: 1,
    stream: `bay:${bayId}`,
    bayId,
    version: event.version,
    at: iso(event.at),
    machine: BAY_MACHINE,
    cause: causeOf(event),
    rule,
    decisions,
    guards: traced(event),
    effects,
    timers: { set: set.map(({ id, due }) => ({ id, due: iso(due) })), cleared },
    ...path,
    personal: {},
  }
}

/** The record's cause: the event without what the record says elsewhere. `happenedAt` becomes ISO 8601. */
export function causeOf(event: BayEvent): Cause {
  const { at: _at, version: _version, ...told } = event
  const { happenedAt, ...rest } = told as { happenedAt?: number | null; type: string }
  return happenedAt === undefined || happenedAt === null
    ? (rest as Cause)
    : ({ ...rest, happenedAt: iso(happenedAt) } as Cause)
}

/** The event that a record was made of: the inverse of `causeOf`. */
export function eventOf(record: Pick<Draft, 'cause' | 'at' | 'version'>): BayEvent {
  const { happenedAt, ...rest } = record.cause
  const clocks = { at: Date.parse(record.at), version: record.version }
  return {
    ...rest,
    ...(typeof happenedAt === 'string' ? { happenedAt: Date.parse(happenedAt) } : {}),
    ...clocks,
  } as unknown as BayEvent
}

/** Timers after a record: a fired one is gone, cleared ones are gone, set ones stand. Ids are the names under which the chart declared them; values ms since 1970. */
export function applyTimers(timers: Map<string, number>, draft: Pick<Draft, 'cause' | 'timers'>): void {
  timers.delete(draft.cause.type)
  for (const id of draft.timers.cleared) timers.delete(id)
  for (const { id, due } of draft.timers.set) timers.set(id, Date.parse(due))
}

/** A timer's id is the event that it fires: `xstate.after.…` or `bay.wake`. */
export const isTimer = (type: string): boolean => type === 'bay.wake' || type.startsWith('xstate.after.')

/** What a replay compares: everything that was decided, nothing about when it was written. Compare in canonical form. */
export const evidence = ({ state, detail, rule, decisions, effects, timers, guards }: Draft | FactRecord): Json =>
  ({ state, detail, rule: rule ?? null, decisions, effects, timers, guards }) as unknown as Json
