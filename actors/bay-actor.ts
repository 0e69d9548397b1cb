import { type Actor, type ActorLogic, createActor, type EventObject } from 'xstate'
import { bay as machine } from '../machines/bay.ts'
import { type Standing, stands } from '../machines/bay-standing.ts'
import { invariant } from '../machines/faults.ts'
import type { Bay } from '../machines/knowledge.ts'
import type { BayEvent } from '../machines/learn.ts'
import type { Draft, FactRecord } from '../machines/record.ts'
import { applyTimers, type BaySnapshot, eventOf, opened, step } from '../machines/step.ts'
import { cell, type Memory } from './record-memory.ts'

type Start = { readonly bayId: string; readonly snapshot: BaySnapshot | null; readonly write: (draft: Draft) => void }
type BayLogic = ActorLogic<BaySnapshot, BayEvent & EventObject, Start>

/** A snapshot as data alone: what of it is not the machine's own. */
type BareSnapshot = Pick<BaySnapshot, 'value' | 'context'>

/** The data of a snapshot. */
function bareSnapshot({ value, context, historyValue, children, status }: BaySnapshot): BareSnapshot {
  invariant(
    status === 'active' && Object.keys(historyValue).length === 0 && Object.keys(children).length === 0,
    'A bay is its state and what it knows, and nothing besides.',
  )
  return { value, context }
}

/** The snapshot of which only the data was kept, by the same machine. */
const wholeSnapshot = ({ value, context }: BareSnapshot): BaySnapshot => machine.resolveState({ value, context })

/**
 * The bay's machine as event-sourced actor logic: every event becomes a record before the new state is visible, actions are
 * never run by the machine (they are in the record), and timers are kept by the host. It is a plain XState actor still:
 * subscribe, inspect and the inspector's definition work.
 */
const logicFor = (write: (draft: Draft) => void): BayLogic =>
  ({
    config: machine.config,
    getInitialSnapshot: (_scope: unknown, input: Start) => input.snapshot ?? opened(input.bayId),
    transition: (snapshot: BaySnapshot, event: BayEvent) => {
      const next = step(snapshot, event)
      write(next.draft)
      return next.snapshot
    },
    getPersistedSnapshot: (snapshot: BaySnapshot) => machine.getPersistedSnapshot(snapshot),
    restoreSnapshot: (persisted: BaySnapshot) => persisted,
  }) as unknown as BayLogic

/** A live bay: its actor, its timers, and beside them what the journal knows of both. */
export class BayHost {
  readonly bayId: string
  readonly timers = new Map<string, number>()
  /** The state after the newest durable record: what people and feeds see. */
  committed: { readonly snapshot: BaySnapshot; readonly standing: Standing | null }
  /** Observations folded away since the last record. */
  thinned = 0
  /** The timers that stand by durable records alone. */
  readonly kept = new Map<string, number>()
  #pending: BaySnapshot[] = []
  #actor: Actor<BayLogic>
  #written: Draft | null = null
  #newestAt = 0

  constructor(bayId: string) {
    this.bayId = bayId
    this.#actor = this.#start(null)
    this.committed = { snapshot: this.snapshot, standing: null }
  }

  get snapshot(): BaySnapshot {
    return this.#actor.getSnapshot()
  }

  get bay(): Bay {
    return this.snapshot.context
  }

  get version(): number {
    return this.bay.version
  }

  /** Arrival of the newest record, ms since 1970. */
  get newestAt(): number {
    return this.#newestAt
  }

  /** Tells the actor; answers the record it made, which is not durable yet. */
  tell(event: BayEvent): Draft {
    this.#written = null
    this.#actor.send(event)
    const draft = this.#written as Draft | null
    if (!draft) return this.#broken(event)
    applyTimers(this.timers, draft)
    this.#pending.push(this.snapshot)
    this.#newestAt = event.at
    return draft
  }

  /** An invariant broke inside the machine: the bay goes on from what it knew before this event. */
  #broken(event: BayEvent): never {
    const error = (this.#actor.getSnapshot() as { error?: unknown }).error
    const before = this.#pending.at(-1) ?? this.committed.snapshot
    this.#actor.stop()
    this.#actor = this.#start(before)
    throw error ?? new Error(`Broken invariant: bay ${this.bayId} wrote nothing about ${event.type}.`)
  }

  /** Lives one record of the journal again. */
  relive(record: FactRecord): void {
    this.tell(eventOf(record))
    this.committedNext(record)
  }

  /** The oldest record that was not durable is now. */
  committedNext(record: FactRecord): void {
    const snapshot = this.#pending.shift()
    if (!snapshot) return
    applyTimers(this.kept, record)
    this.committed = { snapshot, standing: stands(this.committed.standing, record, snapshot.context) }
  }

  /** What the bay is by its records. Nothing is on its way while that is asked. */
  get memory(): Memory {
    return cell(
      () => {
        const { snapshot, standing } = this.committed
        return { bare: bareSnapshot(snapshot), standing, timers: this.kept, newestAt: this.#newestAt }
      },
      ({ bare, standing, timers, newestAt }) => {
        const snapshot = wholeSnapshot(bare)
        this.#actor.stop()
        this.#actor = this.#start(snapshot)
        this.committed = { snapshot, standing }
        this.#newestAt = newestAt
        for (const [id, due] of timers) {
          this.timers.set(id, due)
          this.kept.set(id, due)
        }
      },
    )
  }

  /** Forgets everything that did not become durable. */
  revert(): void {
    if (this.#pending.length === 0) return
    this.#pending = []
    this.#actor.stop()
    this.#actor = this.#start(this.committed.snapshot)
    this.timers.clear()
    for (const [id, due] of this.kept) this.timers.set(id, due)
    this.#newestAt = Date.parse(this.committed.standing?.record.at ?? '1970-01-01T00:00:00.000Z')
  }

  /** Names every timer that stands. */
  reschedule(each: (id: string, due: number) => void): void {
    for (const [id, due] of this.timers) each(id, due)
  }

  #start(snapshot: BaySnapshot | null): Actor<BayLogic> {
    const write = (draft: Draft): void => {
      this.#written = draft
    }
    const actor = createActor(logicFor(write), { id: this.bayId, input: { bayId: this.bayId, snapshot, write } })
    actor.subscribe({ error: () => {} })
    return actor.start()
  }
}

/** The bays of a site: those that its file names, and those that only its journal knows. */
type AllBays = { readonly hosts: ReadonlyMap<string, BayHost>; readonly gone: Map<string, BayHost> }

/** A bay of the journal, whether the site file names it or not. */
export function hostOfRecords({ hosts, gone }: AllBays, bayId: string): BayHost {
  const known = hosts.get(bayId) ?? gone.get(bayId)
  if (known) return known
  const host = new BayHost(bayId)
  gone.set(bayId, host)
  return host
}

/** The memory of all bays of a site. */
export const bayMemories = (site: AllBays): Memory =>
  cell(
    () => [...site.hosts, ...site.gone].map(([bayId, host]) => [bayId, host.memory.say()] as const),
    (said) => {
      for (const [bayId, bay] of said) hostOfRecords(site, bayId).memory.take(bay)
    },
  )
