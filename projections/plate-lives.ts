import type { Handle } from '../machines/events.ts'
import type { FactRecord } from '../machines/record.ts'
import { type Projection, textOf } from './projection.ts'

/** What keeps a subject's sealed words alive: the bays whose running visits know it, and when it was last needed (ms since 1970). */
export type PlateLife = {
  readonly bays: ReadonlySet<string>
  /** End of its last visit, the last read that belongs to none, or when the register let go of it. */
  readonly neededAt: number
  /** An account was named for it: it waits for settlement, not only for the end of the visit. */
  readonly isMatched: boolean
}

/** Everybody of whom something was sealed, and whom each bay's running visit knows. */
export type PlateLives = {
  readonly lives: Map<Handle, PlateLife>
  /** By bay; a bay without a visit is not in it. */
  readonly visits: Map<string, Set<Handle>>
}

/** Who is still needed, and since when nobody needs the others: all that retention goes by. */
export const plateLives: Projection<PlateLives> = {
  name: 'plate-lives',
  start: () => ({ lives: new Map(), visits: new Map() }),
  fold(told, record) {
    const at = Date.parse(record.at)
    const { bayId } = record
    if (bayId !== null) foldVisit(told, bayId, record, at)
    for (const handle of namedIn(record)) {
      const visit = bayId === null ? undefined : told.visits.get(bayId)
      if (visit && bayId !== null) {
        visit.add(handle)
        join(told, handle, bayId, at)
      } else touch(told, handle, at)
    }
    for (const { type, handle, accountId } of record.decisions) {
      const isPayer = type === 'VisitAuthorized' || type === 'IdentityUpgraded'
      if (isPayer && typeof handle === 'string' && textOf(accountId) !== null) match(told, handle)
    }
    return told
  },
}

/** Whose words the record seals, or whom the register lets go of. */
function namedIn({ personal, cause }: FactRecord): string[] {
  const named = Object.keys(personal ?? {}).filter((subject) => !subject.startsWith('$'))
  const gone = cause.type === 'vehicle.removed' ? textOf(cause['handle']) : null
  return gone === null || named.includes(gone) ? named : [...named, gone]
}

/** Decisions stand in their order: where one visit ends and the next begins, who is named belongs to the next. */
function foldVisit(told: PlateLives, bayId: string, { decisions }: FactRecord, at: number): void {
  for (const { type } of decisions) {
    if (type === 'VisitEnded' || type === 'VisitOpened') {
      for (const handle of told.visits.get(bayId) ?? []) leave(told, handle, bayId, at)
      told.visits.delete(bayId)
    }
    if (type === 'VisitOpened') told.visits.set(bayId, new Set())
  }
}

const NOBODY: PlateLife = { bays: new Set(), neededAt: 0, isMatched: false }

function join({ lives }: PlateLives, handle: Handle, bayId: string, at: number): void {
  const life = lives.get(handle) ?? NOBODY
  if (!life.bays.has(bayId)) lives.set(handle, { ...life, bays: new Set([...life.bays, bayId]), neededAt: at })
}

function leave({ lives }: PlateLives, handle: Handle, bayId: string, at: number): void {
  const life = lives.get(handle)
  if (life) lives.set(handle, { ...life, bays: new Set([...life.bays].filter((one) => one !== bayId)), neededAt: at })
}

function touch({ lives }: PlateLives, handle: Handle, at: number): void {
  const life = lives.get(handle) ?? NOBODY
  lives.set(handle, { ...life, neededAt: Math.max(life.neededAt, at) })
}

function match({ lives }: PlateLives, handle: Handle): void {
  const life = lives.get(handle)
  if (life && !life.isMatched) lives.set(handle, { ...life, isMatched: true })
}
