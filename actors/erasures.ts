import { concerns } from '../machines/erasure.ts'
import type { Handle, Json } from '../machines/events.ts'
import type { LegalHold } from '../machines/legal-holds.ts'
import type { Cause, Draft, Effect, FactRecord } from '../machines/record.ts'
import { type ErasureHolds, erasureHolds } from './erasure-holds.ts'
import { foldErasures, isErased, type Kept, withHolders, withHolds } from './erasure-requests.ts'
import type { Entry, Ids, Keys } from './ports.ts'
import { type Memory, memory, type Rememberer } from './record-memory.ts'
import type { Site } from './site.ts'

/** How the person who asks was found to be the one: by the account, or by a proof for a span of time. On record as it is. */
export type Verified = { readonly [field: string]: Json }
/** The same with what of it is sealed: the name of who verified. */
export type Proven = { readonly verified: Verified; readonly personal: Draft['personal'] }

/** One request to be forgotten, of a vehicle, a card or an account (`handle` is its name): it waits for visits that know the vehicle, for disputes that need it and for legal holds (`queued`), can be carried out (`due`), or was (`done`). */
export type Erasure = {
  readonly erasureId: string
  readonly handle: Handle
  readonly askedAt: string
  readonly by: string
  readonly status: 'queued' | 'due' | 'done'
  /** Bays whose running visits it waits for. */
  readonly waitsFor: readonly string[]
  /** Disputed sessions that need it until they are settled. */
  readonly heldBy: readonly string[]
  /** Until when a legal hold keeps it, ISO 8601 UTC; null where none does. */
  readonly heldUntil: string | null
  /** One sentence for who asked: why it waits; null where it does not. */
  readonly because: string | null
  readonly doneAt: string | null
}

export type ErasurePorts = {
  readonly site: () => Site
  readonly ids: Ids
  /** Destroys a subject's key, for good: a backup that still has it never serves it. */
  readonly erase: Keys['destroy']
  /** Vehicles that were erased, and that an older copy of the key store brought back: their keys are gone again already. */
  readonly again?: () => readonly Handle[]
  /** Everybody who was ever erased, from a list that is newer than any backup: whoever the journal does not call erased came back with one. */
  readonly listed?: () => readonly Handle[]
  /** The same the other way: of those whom the journal calls erased, whoever does not stand on the list, as it was lost or put back, and is known again. */
  readonly unlisted?: (told: readonly Handle[]) => readonly Handle[]
  /** So many were forgotten again when it was first looked. */
  readonly restored?: (again: number) => void
  /** The register's record by which the subject leaves it; null where it is not in it. */
  readonly leaves: (handle: Handle) => Cause | null
  /** What is kept of the subject outside the journal goes, and then its key. Where it rejects the request is not done. */
  readonly forget: (handle: Handle) => void | Promise<void>
  /** One that was due could not be carried out; it is tried again when a visit ends, and at the next start. */
  readonly failed?: (cause: unknown) => void
}

export type Erasures = {
  /**
   * Somebody asks that a subject be forgotten; resolves when the request is durable. The same one asked twice is one request; how the second
   * was proven is on record beside it.
   */
  ask(handle: Handle, by: string, proven?: Proven): Promise<Erasure>
  /** A dispute or a legal hold needs what is known of this vehicle. */
  isHeld(handle: Handle): boolean
  /** What bills in dispute keep: see `ErasureHolds`. */
  readonly disputes: Pick<ErasureHolds, 'disputed' | 'unknown' | 'learn'>
  /** Legal holds that nobody lifted and whose day is not past. */
  holds(): readonly LegalHold[]
  /** Every request, oldest first. */
  all(): readonly Erasure[]
  /** Folds a record, at rebuild and (`live`) after commits: a visit that ended may have been the last that needed a vehicle. */
  hear(record: FactRecord, live: boolean): void
  /** Carries out an `erase.subject` that is due; waits where another visit still needs the vehicle. */
  carryOut(effect: Effect): Promise<void>
  /** After a start, or the end of a visit: what was due and not carried out. Never rejects: what fails is told through `failed`. */
  resume(): Promise<void>
  /** What is remembered by records alone. */
  readonly memory: Memory
}

/** Requests to be forgotten (E32): queued while a visit runs, shown meanwhile, honoured at its end: the register row goes, and the key under which all was sealed. */
export function erasures(ports: ErasurePorts): Erasures {
  const known = new Map<string, Kept>()
  const holds = erasureHolds(() => ports.site().now())
  const shown = (one: Kept | undefined): Erasure | undefined => one && withHolds(holds, withHolders(one, holders))
  const holders = (handle: Handle): string[] => holdersOf(ports.site(), handle)
  const ask = async (handle: Handle, by: string, proven?: Proven): Promise<Erasure> => {
    const before = [...known.values()].find((one) => one.handle === handle && one.status !== 'done')
    if (before) {
      if (proven) await ports.site().write([repeatedEntry(before, by, proven)])
      return shown(before) as Erasure
    }
    const erasureId = ports.ids.next('erasure')
    const bays = holders(handle)
    const heldBy = holds.on(handle)
    await ports.site().write([askedEntry({ erasureId, handle, by, bays, heldBy }, proven)])
    const told = { type: 'erasure.asked' as const, source: 'site', erasureId, handle, by }
    for (const bayId of bays) await ports.site().tell(bayId, { ...told, id: ports.ids.next('observation') })
    const asked = shown(known.get(erasureId))
    if (!asked) throw new Error(`Broken invariant: ${erasureId} was recorded and not heard`)
    return asked
  }

  const hold = holder(ports, known)
  /** Those being carried out: the end of a visit and the effect of the same record ask for the same one. */
  const running = new Map<string, Promise<void>>()
  const isFree = (handle: Handle): boolean => holders(handle).length === 0 && holds.on(handle).length === 0
  const carryOut = async (effect: Effect): Promise<void> => {
    const erasureId = String(effect['erasureId'])
    const handle = String(effect['handle'])
    if (known.get(erasureId)?.status === 'done') return
    // Its key is gone already, and the journal is an older copy: nothing is left that a visit or a hold could keep.
    const isGone = ports.listed?.().includes(handle) === true
    if (!isGone && holders(handle).length > 0) return
    const held = isGone ? [] : holds.on(handle)
    if (held.length > 0) return hold(erasureId, handle, held)
    const begun = running.get(erasureId)
    const work =
      begun ?? honour(ports, erasureId, handle, isGone ? () => true : isFree).finally(() => running.delete(erasureId))
    running.set(erasureId, work)
    return work
  }

  const repeat = repeater(ports, known)
  const resume = async (): Promise<void> => {
    await repeat.now().catch((cause: unknown) => ports.failed?.(cause))
    for (const { erasureId, handle, status } of [...known.values()])
      if (status !== 'done')
        await carryOut({ id: '', type: 'erase.subject', erasureId, handle }).catch((cause: unknown) =>
          ports.failed?.(cause),
        )
  }

  return {
    memory: memory({ known, holds: holds.memory, told: repeat.memory }),
    ask,
    carryOut,
    hear(record, live) {
      foldErasures(known, record)
      repeat.hear(record)
      holds.hear(record)
      const frees = record.decisions.some(({ type }) => type === 'VisitEnded' || type === 'SessionSettled')
      const ended = live && (frees || record.cause.type === 'hold.lifted')
      if (ended && [...known.values()].some((one) => one.status !== 'done')) void resume()
    },
    isHeld: (handle) => holds.on(handle).length > 0,
    disputes: holds,
    holds: () => holds.standing(),
    all: () => [...known.values()].flatMap((one) => shown(one) ?? []),
    resume,
  }
}

/** Bays whose running visits concern this subject. */
const holdersOf = ({ hosts }: Pick<Site, 'hosts'>, handle: Handle): string[] =>
  [...hosts.values()].flatMap(({ bay, bayId }) => (bay.visit && concerns(bay.visit, handle) ? [bayId] : []))

type Asking = {
  readonly erasureId: string
  readonly handle: Handle
  readonly by: string
  readonly bays: readonly string[]
  readonly heldBy: readonly string[]
}

/** The record of a request: due at once where nothing keeps the vehicle. */
function askedEntry({ heldBy, ...asked }: Asking, proven: Proven | undefined): Entry {
  const { erasureId, handle, bays } = asked
  const isDue = bays.length === 0 && heldBy.length === 0
  const held = { type: 'ErasureHeld', erasureId, handle, sessions: heldBy, reason: HELD }
  const decisions = [
    ...(isDue ? [{ type: 'ErasureDue', erasureId, handle }] : []),
    ...(heldBy.length > 0 ? [held] : []),
  ]
  const effects = isDue ? [{ type: 'erase.subject', erasureId, handle }] : []
  const { verified, personal = {} } = proven ?? {}
  const cause = { type: 'erasure.asked', ...asked, ...(verified ? { verified } : {}) }
  return { stream: 'audit', cause, decisions, effects, personal }
}

/** Somebody else, or by another proof, asks for what was asked before. */
function repeatedEntry({ erasureId, handle }: Kept, by: string, { verified, personal }: Proven): Entry {
  const cause = { type: 'claim.repeated', what: 'erasure', erasureId, handle, by, verified }
  return { stream: 'audit', cause, decisions: [], personal }
}

const HELD = 'open dispute or legal hold'

/** What a dispute or a hold needs is kept until that is over, on record once for each set of them. */
function holder(
  ports: ErasurePorts,
  known: ReadonlyMap<string, Kept>,
): (erasureId: string, handle: Handle, sessions: readonly string[]) => Promise<void> {
  const holding = new Map<string, string>()
  return async (erasureId, handle, sessions) => {
    const all = sessions.join(' ')
    if (known.get(erasureId)?.heldOnRecord === all || holding.get(erasureId) === all) return
    holding.set(erasureId, all)
    await writeHeld(ports, erasureId, handle, sessions)
  }
}

/**
 * The register row goes, what is kept in memory, and then the key: not where a visit began, or somebody placed a hold, in the meantime. The
 * request then stays open until that is over.
 */
async function honour(
  ports: ErasurePorts,
  erasureId: string,
  handle: Handle,
  isFree: (handle: Handle) => boolean,
): Promise<void> {
  await unregister(ports, handle)
  if (!isFree(handle)) return
  await ports.forget(handle)
  if (!isFree(handle)) return
  ports.erase(handle)
  const done = { type: 'erasure.done', erasureId, handle }
  const decisions = [{ type: 'SubjectErased', erasureId, handle }]
  await ports.site().write([{ stream: 'audit', cause: done, decisions, personal: {} }])
}

/** Whoever a restore from a backup brought back is forgotten once more, each once; a request that is open is carried out by itself. */
function repeater(
  ports: ErasurePorts,
  known: ReadonlyMap<string, Kept>,
): Rememberer<[FactRecord]> & { now(): Promise<void> } {
  const repeated = new Set<Handle>()
  const told = new Set<Handle>()
  const isOpen = (handle: Handle): boolean =>
    [...known.values()].some((one) => one.handle === handle && one.status !== 'done')
  let isTold = false
  return {
    memory: memory({ told }),
    hear({ decisions }) {
      for (const decision of decisions) if (isErased(decision)) told.add(String(decision['handle']))
    },
    async now() {
      const back = (ports.listed?.() ?? []).filter((handle) => !told.has(handle))
      const relisted = ports.unlisted?.([...told]) ?? []
      const again = [...new Set([...(ports.again?.() ?? []), ...back, ...relisted])].filter((one) => !repeated.has(one))
      for (const handle of again) {
        if (!isOpen(handle)) await honourAgain(ports, handle)
        repeated.add(handle)
      }
      if (!isTold) ports.restored?.(again.length)
      isTold = true
    },
  }
}

/** The same once more for a vehicle that a restore from a backup brought back. */
async function honourAgain(ports: ErasurePorts, handle: Handle): Promise<void> {
  await unregister(ports, handle)
  await ports.forget(handle)
  ports.erase(handle)
  const decisions = [{ type: 'SubjectErased', handle }]
  await ports.site().write([{ stream: 'audit', cause: { type: 'erasure.repeated', handle }, decisions, personal: {} }])
}

async function unregister(ports: ErasurePorts, handle: Handle): Promise<void> {
  const left = ports.leaves(handle)
  if (left === null) return
  await ports.site().write([{ stream: 'register', cause: { ...left, by: 'erasure' }, decisions: [], personal: {} }])
}

async function writeHeld(
  ports: ErasurePorts,
  erasureId: string,
  handle: Handle,
  sessions: readonly string[],
): Promise<void> {
  const decisions = [{ type: 'ErasureHeld', erasureId, handle, sessions, reason: HELD }]
  const cause = { type: 'erasure.held', erasureId, handle }
  await ports.site().write([{ stream: 'audit', cause, decisions, personal: {} }])
}
