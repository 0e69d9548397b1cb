import type { PlateDoubt, Sighting } from '../plausibility/sighting.ts'

/** Where one plate was last told of at one site. */
type Sight = {
  /** UTC day (days since 1970) of its hash: no site tells of it under this hash on another day. */
  readonly day: number
  readonly travel_min: number
  /** When it left, whole minutes since 1970; null = it stands there. */
  leftAt: number | null
  /** Sites with which it was told already. */
  readonly told: Set<string>
}

/** What one of the two sites is to be told. */
export type DoubtOfSite = { readonly of: string; readonly doubt: PlateDoubt }

/** Sites and centre may be so far apart by their clocks, min. */
export const CLOCKS_MIN = 2
/** A hash outlives its UTC day by so much: by then its plate was told under the next day's, min. */
const LINGER_MIN = 5
const DAY_MIN = 1_440

/**
 * Which plate stands at which site, by hashes that the centre cannot open: in memory alone, and only for as long as it can matter. A plate
 * that left is forgotten when its travel time is over, and every hash soon after its day. What the book knows of a site ends with its link.
 * Bounded: what a site tells beyond `perSite` plates, or all of them beyond `inAll`, is not taken in.
 */
export class SightBook {
  readonly #perSite: number
  readonly #inAll: number
  readonly #sights = new Map<string, Map<string, Sight>>()
  readonly #ofSite = new Map<string, Set<string>>()
  #count = 0

  constructor(perSite = 20_000, inAll = 500_000) {
    this.#perSite = perSite
    this.#inAll = inAll
  }

  /** Plates that are known now, each site's for itself. */
  get size(): number {
    return this.#count
  }

  /**
   * Takes in what a site tells at `now` (whole minutes since 1970, by the centre's clock), and answers whom to tell that two sites have one
   * plate: at once, or sooner than the shorter of their two travel times. `full` where there is no room for it.
   */
  take(site: string, { hash, minute, what, travel_min }: Sighting, now: number): readonly DoubtOfSite[] | 'full' {
    if (what === 'mistaken') {
      this.#drop(hash, site)
      return []
    }
    const known = this.#sights.get(hash)?.get(site)
    if (what === 'left') {
      if (known !== undefined) known.leftAt ??= Math.min(minute, now)
      return []
    }
    if (known === undefined && ((this.#ofSite.get(site)?.size ?? 0) >= this.#perSite || this.#count >= this.#inAll))
      return 'full'
    // Standing on, it was told already; who comes again comes anew.
    const told = known?.leftAt === null ? known.told : new Set<string>()
    const own: Sight = { day: Math.floor(minute / DAY_MIN), travel_min, leftAt: null, told }
    this.#keep(hash, site, own)
    return this.#doubts(hash, site, own, now)
  }

  /** A site's link ended, or it says anew where its vehicles are: whoever stood there until now may have left from now on. */
  away(site: string, now: number): void {
    for (const hash of this.#ofSite.get(site) ?? []) {
      const sight = this.#sights.get(hash)?.get(site)
      if (sight !== undefined) sight.leftAt ??= now
    }
  }

  /** Forgets what cannot matter any more. */
  tick(now: number): void {
    for (const [hash, sites] of this.#sights)
      for (const [site, sight] of sites) if (isOver(sight, now)) this.#drop(hash, site)
  }

  #doubts(hash: string, site: string, own: Sight, now: number): readonly DoubtOfSite[] {
    const doubts: DoubtOfSite[] = []
    for (const [other, sight] of this.#sights.get(hash) ?? []) {
      if (other === site || own.told.has(other) || isOver(sight, now)) continue
      const apart_min = sight.leftAt === null ? null : Math.max(0, now - sight.leftAt)
      if (apart_min !== null && apart_min >= Math.min(own.travel_min, sight.travel_min)) continue
      own.told.add(other)
      sight.told.add(site)
      doubts.push({ of: site, doubt: { hash, site: other, apart_min } })
      doubts.push({ of: other, doubt: { hash, site, apart_min } })
    }
    return doubts
  }

  #keep(hash: string, site: string, sight: Sight): void {
    const sites = this.#sights.get(hash) ?? new Map<string, Sight>()
    const own = this.#ofSite.get(site) ?? new Set<string>()
    if (!sites.has(site)) this.#count++
    this.#sights.set(hash, sites.set(site, sight))
    this.#ofSite.set(site, own.add(hash))
  }

  #drop(hash: string, site: string): void {
    const sites = this.#sights.get(hash)
    const own = this.#ofSite.get(site)
    if (sites?.delete(site) !== true) return
    this.#count--
    own?.delete(hash)
    if (sites.size === 0) this.#sights.delete(hash)
    if (own?.size === 0) this.#ofSite.delete(site)
  }
}

function isOver({ day, travel_min, leftAt }: Sight, now: number): boolean {
  if (leftAt !== null && now - leftAt >= travel_min) return true
  return now >= (day + 1) * DAY_MIN + LINGER_MIN
}
