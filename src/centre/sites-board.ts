import type { ReviewRow } from '../../projections/bay-view.ts'
import type { PostgresLine } from '../journal/postgres-line.ts'
import { type KnownSite, knownSites } from './centre-book.ts'
import { type PolicyStanding, policyStandings } from './policy-book.ts'
import { type BayAt, type FoldTold, SiteFold } from './site-fold.ts'

/** A site on the board. `at` = time of the record `toldTo`, up to which the counts are told; `linked` = its gateway is here now. */
export type SiteOnBoard = KnownSite &
  FoldTold & {
    readonly linked: boolean
    readonly at: string | null
    readonly toldTo: number
    /** Null where none was ever put here. */
    readonly policy: PolicyStanding | null
  }

/** A review that waits at a site, as its copy tells. */
export type ReviewAtSite = ReviewRow & { readonly site: string }

/** Sites of one question, and records of each in it. */
const SITES = 20
const RECORDS = 250
/** So many records later what they came to is kept again. */
const KEEP_EVERY = 1_000

const NEXT = `
  SELECT next.site, next.seq, next.content FROM unnest($1::text[], $2::bigint[]) AS known (site, seq),
    LATERAL (SELECT site, seq, content FROM berth.record WHERE site = known.site COLLATE "C" AND seq > known.seq ORDER BY seq LIMIT ${RECORDS}) AS next
  ORDER BY next.site, next.seq`

const KEEP = `
  INSERT INTO berth_centre.fold (site, form, seq, state) VALUES ($1, ${SiteFold.form}, $2, $3)
  ON CONFLICT (site) DO UPDATE SET form = excluded.form, seq = excluded.seq, state = excluded.state`

/** Every site with what its log comes to, followed while somebody looks and no longer. */
export class SitesBoard {
  readonly #line: PostgresLine
  readonly #isLinked: (site: string) => boolean
  readonly #folds = new Map<string, SiteFold>()
  readonly #keptTo = new Map<string, number>()
  #isLoaded = false
  #sites: readonly string[] = []
  #looking: Promise<readonly SiteOnBoard[]> | null = null

  constructor(line: PostgresLine, isLinked: (site: string) => boolean) {
    this.#line = line
    this.#isLinked = isLinked
  }

  /** The board, told as far as `ms` suffice; whoever looks at once shares it. Rejects with a Fault of the store. */
  look(ms: number): Promise<readonly SiteOnBoard[]> {
    this.#looking ??= this.#look(ms).finally(() => {
      this.#looking = null
    })
    return this.#looking
  }

  /** Bays of a site, as far as the last look told. */
  bays(site: string): readonly BayAt[] {
    return this.#folds.get(site)?.bays ?? []
  }

  /** Open reviews of the sites that ship here, as far as the last look told: the oldest first. */
  reviews(): readonly ReviewAtSite[] {
    return this.#sites
      .flatMap((site) => this.#fold(site).reviews.map((row) => ({ site, ...row })))
      .toSorted((a, b) => a.since.localeCompare(b.since) || a.site.localeCompare(b.site))
  }

  async #look(ms: number): Promise<readonly SiteOnBoard[]> {
    const until = performance.now() + ms
    if (!this.#isLoaded) await this.#load()
    const sites = await knownSites(this.#line)
    this.#sites = sites.map(({ site }) => site)
    const policies = await policyStandings(this.#line)
    while (performance.now() < until) {
      const late = sites.filter(({ site, seq }) => this.#fold(site).seq < seq).slice(0, SITES)
      if (late.length === 0 || !(await this.#follow(late))) break
    }
    return sites.map((one) => {
      const fold = this.#fold(one.site)
      const policy = policies.get(one.site) ?? null
      return { ...one, ...fold.told, linked: this.#isLinked(one.site), at: fold.at, toldTo: fold.seq, policy }
    })
  }

  #fold(site: string): SiteFold {
    const known = this.#folds.get(site)
    if (known !== undefined) return known
    const made = new SiteFold()
    this.#folds.set(site, made)
    return made
  }

  async #load(): Promise<void> {
    for (const { site, form, seq, state } of await this.#line.read(
      'SELECT site, form, seq, state FROM berth_centre.fold',
    )) {
      const fold = SiteFold.of(Number(seq), Number(form), String(state))
      if (fold === null) continue
      this.#folds.set(String(site), fold)
      this.#keptTo.set(String(site), fold.seq)
    }
    this.#isLoaded = true
  }

  /** The next records of these sites; false where there are none after all. */
  async #follow(late: readonly KnownSite[]): Promise<boolean> {
    const names = late.map(({ site }) => site)
    const rows = await this.#line.read(NEXT, [names, names.map((site) => this.#fold(site).seq)])
    for (const { site, seq, content } of rows) this.#fold(String(site)).take(Number(seq), String(content))
    for (const site of names) await this.#keep(site)
    return rows.length > 0
  }

  async #keep(site: string): Promise<void> {
    const fold = this.#fold(site)
    if (fold.seq - (this.#keptTo.get(site) ?? 0) < KEEP_EVERY) return
    await this.#line.read(KEEP, [site, fold.seq, fold.kept])
    this.#keptTo.set(site, fold.seq)
  }
}
