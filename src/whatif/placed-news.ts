import type { Json, Tally } from '../../machines/events.ts'
import type { Cause, FactRecord } from '../../machines/record.ts'
import type { Zone } from '../../machines/site-news.ts'
import { countWitnesses, type Vote } from '../../machines/vote.ts'
import { bestZone, type Rectangle } from '../../machines/zone.ts'
import type { TriedZones } from './tried-rules.ts'

/** One read as it was kept with its news. */
type KeptRead = Vote & {
  readonly handle: string
  readonly box: Rectangle | null
  readonly at: number
  readonly clear: boolean
}

/** What is told of one recorded piece of news: to its own bay (null: nothing), and to others. */
export type Placed = {
  readonly own: Cause | null
  readonly others: readonly { readonly bayId: string; readonly cause: Cause }[]
}

/** What is known of a subject of a record, by handle; empty where it is sealed, or gone. */
export type Opening = (record: FactRecord) => { readonly [handle: string]: Json }

/** Puts kept reads into the zones that are tried. */
export class PlacedNews {
  /** News of plates: how many could be placed, how many lie in another bay's zone or in none, and of how many no box is known. */
  readonly counts = { placed: 0, moved: 0, outside: 0, unknown: 0 }
  readonly #tried: TriedZones
  readonly #open: Opening
  /** The zones in force, by bay: the tried ones, and the recorded ones of all other bays. */
  readonly #zones = new Map<string, readonly Zone[]>()

  constructor(tried: TriedZones, open: Opening) {
    this.#tried = tried
    this.#open = open
    for (const [bayId, zones] of tried) this.#zones.set(bayId, zones)
  }

  /** Hears which zones a bay was recorded to have. */
  hear({ bayId, cause }: FactRecord): void {
    if (bayId === null || cause.type !== 'zones.published' || this.#tried.has(bayId)) return
    this.#zones.set(bayId, (cause['zones'] ?? []) as unknown as readonly Zone[])
  }

  /** Who hears this news of a plate, by where its reads lie. */
  place(record: FactRecord): Placed {
    const { cause } = record
    const bayId = String(record.bayId)
    const reads = readsIn(this.#open(record))
    if (reads.every(({ box }) => box === null)) {
      this.counts.unknown += 1
      return { own: cause, others: [] }
    }
    this.counts.placed += 1
    const groups = this.#groups(bayId, String(cause['cameraId']), reads)
    const same = groups.get(bayId)
    if (groups.size === 1 && same?.length === reads.length && same.every((read, at) => read.clear === reads[at]?.clear))
      return { own: cause, others: [] }
    if (groups.size === 0) this.counts.outside += 1
    else if ([...groups.keys()].some((one) => one !== bayId)) this.counts.moved += 1
    const others = [...groups].filter(([other]) => other !== bayId)
    return {
      own: same ? newsOf(cause, reads, same) : null,
      others: others.map(([other, group]) => ({ bayId: other, cause: newsOf(cause, reads, group) })),
    }
  }

  /** Reads by the bay in whose zone they lie; those in none are left out. */
  #groups(bayId: string, cameraId: string, reads: readonly KeptRead[]): Map<string, readonly KeptRead[]> {
    const zones = [...this.#zones].flatMap(([bay, all]) =>
      all.filter((zone) => zone.cameraId === cameraId).map((zone) => ({ ...zone, bayId: bay })),
    )
    const groups = new Map<string, readonly KeptRead[]>()
    for (const read of reads) {
      const best = read.box === null ? { bayId, clear: read.clear } : bestZone(read.box, zones, 'plate')
      if (best) groups.set(best.bayId, [...(groups.get(best.bayId) ?? []), { ...read, clear: best.clear }])
    }
    return groups
  }
}

/** The reads that were kept with a record, in the order of their arrival. */
function readsIn(personal: { readonly [handle: string]: Json }): readonly KeptRead[] {
  const reads = Object.entries(personal).flatMap(([handle, fields]) => {
    const kept = (fields as { readonly reads?: readonly KeptRead[] } | null)?.reads
    return Array.isArray(kept) ? kept.map((read: KeptRead) => ({ ...read, handle })) : []
  })
  return reads.sort((a, b) => a.at - b.at)
}

/** The news as these of its reads would have told it. A vehicle all of whose reads are among them keeps its count. */
function newsOf(cause: Cause, all: readonly KeptRead[], group: readonly KeptRead[]): Cause {
  const of = (reads: readonly KeptRead[], handle: string) => reads.filter((read) => read.handle === handle)
  const known = (cause['tally'] ?? []) as unknown as readonly Tally[]
  const counted = known.flatMap((one): Tally[] => {
    const own = of(group, one.handle)
    if (own.length === 0) return []
    return [own.length === of(all, one.handle).length ? one : { ...one, witnesses: countWitnesses(own) }]
  })
  const tally = counted.sort((a, b) => b.witnesses - a.witnesses)
  const leader = tally.find(({ handle }) => handle === cause['leader']) ?? tally[0]
  const own = leader ? of(group, leader.handle) : []
  const needed = cause.type === 'plate.agreed' ? Math.min(2, leader?.witnesses ?? 1) : 1
  return {
    ...cause,
    leader: leader?.handle ?? null,
    tally: tally as unknown as Json,
    clear: countWitnesses(own.filter((read) => read.clear)) >= needed,
    windowFrom: Math.max(Number(cause['windowFrom'] ?? 0), own[0]?.at ?? 0),
  }
}
