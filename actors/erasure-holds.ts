import {
  disputedOf,
  disputesOf,
  foldDisputes,
  learnNeeded,
  type Needed,
  noDisputes,
} from '../machines/dispute-holds.ts'
import type { Handle } from '../machines/events.ts'
import { foldHolds, holdsOn, type LegalHold, type LegalHolds } from '../machines/legal-holds.ts'
import type { FactRecord } from '../machines/record.ts'
import { type Memory, memory } from './record-memory.ts'

/** What keeps a vehicle although it could go, or somebody asked that it go: disputes of bills, and legal holds. */
export type ErasureHolds = {
  hear(record: FactRecord): void
  /** Sessions in dispute and holds that need this vehicle, by their ids. */
  on(handle: Handle): readonly string[]
  /** Sessions that were ever disputed and name this vehicle or card, or are billed to this account. */
  disputed(name: string): readonly string[]
  /** Disputed sessions of which it is not known yet whom they need: until then they keep everybody. */
  readonly unknown: ReadonlySet<string>
  learn(sessionId: string, needed: Needed): void
  /** Until when a legal hold keeps it, ISO 8601 UTC; null where none does. */
  until(handle: Handle): string | null
  /** Every legal hold that nobody lifted and whose day is not past. */
  standing(): readonly LegalHold[]
  /** Why an erasure waits, for who asked: `bays` are those whose visits need the vehicle. Null where it does not. */
  because(handle: Handle, bays: readonly string[]): string | null
  /** What is remembered by records alone. */
  readonly memory: Memory
}

/** Opens an empty one; `now` answers ms since 1970. */
export function erasureHolds(now: () => number): ErasureHolds {
  const disputes = noDisputes()
  const legal: LegalHolds = new Map()
  return {
    memory: memory({ disputes, legal }),
    hear(record) {
      foldDisputes(disputes, record)
      foldHolds(legal, record)
    },
    on: (handle) => [
      ...disputesOf(disputes, handle).map(({ sessionId }) => sessionId),
      ...holdsOn(legal, handle, now()).map(({ holdId }) => holdId),
    ],
    disputed: (name) => disputedOf(disputes, name),
    unknown: disputes.unknown,
    learn: (sessionId, needed) => learnNeeded(disputes, sessionId, needed),
    until: (handle) => holdsOn(legal, handle, now())[0]?.until ?? null,
    standing: () => [...legal.values()].filter(({ until }) => Date.parse(until) > now()),
    because: (handle, bays) => because(bays, disputesOf(disputes, handle), holdsOn(legal, handle, now())),
  }
}

/** Why it waits, for who asked. */
function because(
  bays: readonly string[],
  held: readonly { readonly sessionId: string; readonly since: string }[],
  legal: readonly LegalHold[],
): string | null {
  const visits =
    bays.length > 0
      ? `The vehicle still stands in ${bays.join(', ')}: what its visit is billed by is kept until it ends.`
      : null
  const disputes =
    held.length > 0
      ? `A bill is disputed (${held.map(({ sessionId, since }) => `${sessionId} since ${since.slice(0, 10)}`).join(', ')}): what the dispute needs is kept until it is settled.`
      : null
  const holds = legal.map(
    ({ reason, until }) => `A legal hold (${reason}) keeps it until ${until.slice(0, 10)}, or until it is lifted.`,
  )
  return [visits, disputes, ...holds].filter((one) => one !== null).join(' ') || null
}
