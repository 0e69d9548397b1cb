import { type DisputeHolds, disputesOf, foldDisputes, noDisputes } from '../machines/dispute-holds.ts'
import { concerns } from '../machines/erasure.ts'
import type { Handle } from '../machines/events.ts'
import type { Effect, FactRecord } from '../machines/record.ts'
import type { Ids, Keys } from './ports.ts'
import type { Site } from './site.ts'

/** One request to be forgotten: it waits for visits that know the vehicle and for disputes that need it (`queued`), can be carried out (`due`), or was (`done`). */
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
  /** One sentence for who asked: why it waits; null where it does not. */
  readonly because: string | null
  readonly doneAt: string | null
}

export type ErasurePorts = {
  readonly site: () => Site
  readonly ids: Ids
  readonly keys: Pick<Keys, 'destroy'>
  /** The vehicle is in the register. */
  readonly registered: (handle: Handle) => boolean
  /** What is kept of the subject outside the journal goes, and then its key. Where it rejects the request is not done. */
  readonly forget: (handle: Handle) => void | Promise<void>
  /** One that was due could not be carried out; it is tried again when a visit ends, and at the next start. */
  readonly failed?: (cause: unknown) => void
}

export type Erasures = {
  /** Somebody asks that a vehicle be forgotten; resolves when the request is durable. The same vehicle asked twice is one request. */
  ask(handle: Handle, by: string): Promise<Erasure>
  /** Disputed sessions that need this vehicle until they are settled. */
  heldBy(handle: Handle): readonly string[]
  /** Every request, oldest first. */
  all(): readonly Erasure[]
  /** Folds a record, at rebuild and (`live`) after commits: a visit that ended may have been the last that needed a vehicle. */
  hear(record: FactRecord, live: boolean): void
  /** Carries out an `erase.subject` that is due; waits where another visit still needs the vehicle. */
  carryOut(effect: Effect): Promise<void>
  /** After a start, or the end of a visit: what was due and not carried out. Never rejects: what fails is told through `failed`. */
  resume(): Promise<void>
}

/** Requests to be forgotten (E32): queued while a visit runs, shown meanwhile, honoured at its end: the register row goes, and the key under which all was sealed. */
export function erasures(ports: ErasurePorts): Erasures {
  const known = new Map<string, Kept>()
  const disputes = noDisputes()
  const shown = (one: Kept | undefined): Erasure | undefined => one && withHolds(disputes, one)
  const holders = (handle: Handle): string[] =>
    [...ports.site().hosts.values()].flatMap(({ bay, bayId }) =>
      bay.visit && concerns(bay.visit, handle) ? [bayId] : [],
    )
  const ask = async (handle: Handle, by: string): Promise<Erasure> => {
    const before = [...known.values()].find((one) => one.handle === handle && one.status !== 'done')
    if (before) return shown(before) as Erasure
    const erasureId = ports.ids.next('erasure')
    const bays = holders(handle)
    const heldBy = disputesOf(disputes, handle).map(({ sessionId }) => sessionId)
    const cause = { type: 'erasure.asked', erasureId, handle, by, bays }
    const isDue = bays.length === 0 && heldBy.length === 0
    const held = { type: 'ErasureHeld', erasureId, handle, sessions: heldBy, reason: 'open dispute' }
    const decisions = [
      ...(isDue ? [{ type: 'ErasureDue', erasureId, handle }] : []),
      ...(heldBy.length > 0 ? [held] : []),
    ]
    const effects = isDue ? [{ type: 'erase.subject', erasureId, handle }] : []
    await ports.site().write([{ stream: 'audit', cause, decisions, effects, personal: {} }])
    const told = { type: 'erasure.asked' as const, source: 'site', erasureId, handle, by }
    for (const bayId of bays) await ports.site().tell(bayId, { ...told, id: ports.ids.next('observation') })
    const asked = shown(known.get(erasureId))
    if (!asked) throw new Error(`Broken invariant: ${erasureId} was recorded and not heard`)
    return asked
  }

  const holding = new Map<string, string>()
  /** What a dispute needs is kept until it is settled, on record once for each set of disputes. */
  const hold = async (erasureId: string, handle: Handle, sessions: readonly string[]): Promise<void> => {
    const all = sessions.join(' ')
    if (known.get(erasureId)?.heldOnRecord === all || holding.get(erasureId) === all) return
    holding.set(erasureId, all)
    await writeHeld(ports, erasureId, handle, sessions)
  }

  /** Those being carried out: the end of a visit and the effect of the same record ask for the same one. */
  const running = new Map<string, Promise<void>>()
  const carryOut = async (effect: Effect): Promise<void> => {
    const erasureId = String(effect['erasureId'])
    const handle = String(effect['handle'])
    if (known.get(erasureId)?.status === 'done' || holders(handle).length > 0) return
    const held = disputesOf(disputes, handle).map(({ sessionId }) => sessionId)
    if (held.length > 0) return hold(erasureId, handle, held)
    const work = running.get(erasureId) ?? honour(ports, erasureId, handle).finally(() => running.delete(erasureId))
    running.set(erasureId, work)
    return work
  }

  const resume = async (): Promise<void> => {
    for (const { erasureId, handle, status } of [...known.values()])
      if (status !== 'done')
        await carryOut({ id: '', type: 'erase.subject', erasureId, handle }).catch((cause: unknown) =>
          ports.failed?.(cause),
        )
  }

  return {
    ask,
    carryOut,
    hear(record, live) {
      foldErasures(known, record)
      foldDisputes(disputes, record)
      const ended = live && record.decisions.some(({ type }) => type === 'VisitEnded' || type === 'SessionSettled')
      if (ended && [...known.values()].some((one) => one.status !== 'done')) void resume()
    },
    heldBy: (handle) => disputesOf(disputes, handle).map(({ sessionId }) => sessionId),
    all: () => [...known.values()].flatMap((one) => shown(one) ?? []),
    resume,
  }
}

/** The register row goes, what is kept in memory, and then the key. */
async function honour(ports: ErasurePorts, erasureId: string, handle: Handle): Promise<void> {
  const removed = { type: 'vehicle.removed', handle, by: 'erasure' }
  if (ports.registered(handle))
    await ports.site().write([{ stream: 'register', cause: removed, decisions: [], personal: {} }])
  await ports.forget(handle)
  ports.keys.destroy(handle)
  const done = { type: 'erasure.done', erasureId, handle }
  const decisions = [{ type: 'ErasureHonoured', erasureId, handle }]
  await ports.site().write([{ stream: 'audit', cause: done, decisions, personal: {} }])
}

async function writeHeld(
  ports: ErasurePorts,
  erasureId: string,
  handle: Handle,
  sessions: readonly string[],
): Promise<void> {
  const decisions = [{ type: 'ErasureHeld', erasureId, handle, sessions, reason: 'open dispute' }]
  const cause = { type: 'erasure.held', erasureId, handle }
  await ports.site().write([{ stream: 'audit', cause, decisions, personal: {} }])
}

/** A request with what holds it now. */
function withHolds(disputes: DisputeHolds, one: Kept): Erasure {
  const held = one.status === 'done' ? [] : disputesOf(disputes, one.handle)
  const heldBy = held.map(({ sessionId }) => sessionId)
  const waits = one.waitsFor.length > 0 || heldBy.length > 0
  const status = one.status === 'due' && waits ? 'queued' : one.status
  const { heldOnRecord: _kept, ...request } = one
  return { ...request, status, heldBy, because: one.status === 'done' ? null : because(one.waitsFor, held) }
}

/** A request as the journal alone says it. `heldOnRecord`: the disputes for which that stands there. */
type Kept = Omit<Erasure, 'heldBy' | 'because'> & { readonly heldOnRecord: string }

/** Why it waits, for who asked. */
function because(
  bays: readonly string[],
  held: readonly { readonly sessionId: string; readonly since: string }[],
): string | null {
  const visits =
    bays.length > 0
      ? `The vehicle still stands in ${bays.join(', ')}: what its visit is billed by is kept until it ends.`
      : null
  const disputes =
    held.length > 0
      ? `A bill is disputed (${held.map(({ sessionId, since }) => `${sessionId} since ${since.slice(0, 10)}`).join(', ')}): what the dispute needs is kept until it is settled.`
      : null
  return [visits, disputes].filter((one) => one !== null).join(' ') || null
}

/** Folds one record into the requests. */
function foldErasures(known: Map<string, Kept>, record: FactRecord): void {
  const { cause } = record
  if (cause.type === 'erasure.asked' && record.stream === 'audit') {
    const erasureId = String(cause['erasureId'])
    const waitsFor = (cause['bays'] ?? []) as readonly string[]
    known.set(erasureId, {
      erasureId,
      handle: String(cause['handle']),
      askedAt: record.at,
      by: String(cause['by']),
      status: waitsFor.length === 0 ? 'due' : 'queued',
      waitsFor,
      heldOnRecord: '',
      doneAt: null,
    })
  }
  for (const decision of record.decisions) {
    const one = known.get(String(decision['erasureId']))
    if (!one) continue
    const waitsFor = one.waitsFor.filter((bayId) => bayId !== record.bayId)
    if (decision.type === 'ErasureDue')
      known.set(one.erasureId, { ...one, waitsFor, status: waitsFor.length === 0 ? 'due' : 'queued' })
    if (decision.type === 'ErasureHeld')
      known.set(one.erasureId, { ...one, heldOnRecord: (decision['sessions'] as readonly string[]).join(' ') })
    if (decision.type === 'ErasureHonoured')
      known.set(one.erasureId, { ...one, status: 'done', waitsFor: [], doneAt: record.at })
  }
}
