import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Serving, serve } from '../compose.ts'
import { PostgresLine } from '../journal/postgres-line.ts'
import type { SharedLines } from '../journal/postgres-log.ts'
import type { Log } from '../room-parts.ts'
import { demandCluster } from './cluster-tables.ts'
import { BEAT_MS, type Heart, startHeart } from './heart.ts'
import { askPeers } from './peer-word.ts'
import { type Beat, type Claim, type Claimed, Roster, type Route } from './roster.ts'
import { SharedReaders } from './shared-readers.ts'
import { siteSeat } from './site-seat.ts'

export type NodeOptions = {
  /** The database: postgres://… */
  readonly cluster: string
  /** Name of this run of this node; no other may have it. */
  readonly node: string
  /** Where the other nodes reach it: http(s)://host:port. */
  readonly url: string
  /** Folder of its own; what stands there is made anew from the database. */
  readonly data: string
  readonly log: Log
  readonly env: NodeJS.ProcessEnv
  /** By which nodes ask each other. */
  readonly adminToken: string
  readonly lease_s?: number
  readonly beat_ms?: number
}

/** So long after its last beat the others take a node's sites, s. */
const LEASE_S = 5
/** A node that said nothing to its own heart for so long hangs, ms. */
const HANGS_MS = 30_000
/** Sites that are taken with one beat: nodes that start together share them out. */
const AT_ONCE = 4

/** Connections for records: so many that write, and so many that read. */
const PAIRS = 4

/** A site here: being opened, served, or on its way out. */
type Held = { claim: Claim; serving: Serving | null; opening: Promise<void>; leaving: boolean; stamp: string }

/** A node: serves its fair share of the sites that the database names, and lets go of what it lost. */
export class ClusterNode {
  readonly #options: NodeOptions
  readonly #lines: readonly [beats: PostgresLine, keys: PostgresLine]
  readonly #shared: readonly SharedLines[]
  readonly #roster: Roster
  readonly #readers = new SharedReaders()
  readonly #held = new Map<string, Held>()
  #routes = new Map<string, Route>()
  readonly #lease_s: number
  #heart: Heart | null = null
  #turn = 0
  #beatAt = Number.NEGATIVE_INFINITY
  #draining = false
  #beating: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | null = null

  constructor(options: NodeOptions) {
    this.#options = options
    const { cluster, node, url, lease_s = LEASE_S } = options
    this.#lease_s = lease_s
    this.#lines = [new PostgresLine(cluster), new PostgresLine(cluster)]
    this.#shared = Array.from({ length: PAIRS }, () => ({
      appends: new PostgresLine(cluster),
      reads: new PostgresLine(cluster),
    }))
    this.#roster = new Roster(this.#lines[0], { node, url, lease_s })
  }

  /** Rejects with Fault STORE_UNREACHABLE or STORE_CORRUPT where the database cannot be used; everything later heals by itself. */
  async start(): Promise<void> {
    mkdirSync(this.#options.data, { recursive: true, mode: 0o700 })
    await demandCluster(this.#lines[0])
    const { cluster, node } = this.#options
    this.#heart = startHeart({ cluster, node, lease_s: this.#lease_s, hangs_ms: HANGS_MS })
    this.#again(0)
  }

  /** The site's server here; null where this node does not serve it now. */
  serving(siteId: string): Serving | null {
    const held = this.#held.get(siteId)
    return held === undefined || held.leaving ? null : held.serving
  }

  /** Where a site is, as of the last beat; undefined = there is no such site. */
  route(siteId: string): Route | undefined {
    return this.#routes.get(siteId)
  }

  routes(): readonly Route[] {
    return [...this.#routes.values()]
  }

  get node(): string {
    return this.#options.node
  }

  /** Lets every site go in order and takes none; `false` takes its share again. */
  drain(draining = true): void {
    this.#draining = draining
  }

  /** Every site in order, then the node itself. */
  async stop(): Promise<void> {
    this.#draining = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    await this.#beating
    await Promise.all([...this.#held.values()].map((held) => this.#letGo(held)))
    await this.#heart?.stop()
    await this.#roster.leave().catch(() => {})
    for (const line of [...this.#lines, ...this.#shared.flatMap(({ appends, reads }) => [appends, reads])])
      await line.close()
  }

  #again(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#beating = this.#beat()
        .catch(async (fault: unknown) => {
          this.#options.log(said(fault))
          await this.#loseWhatPeersHave()
        })
        .finally(() => {
          if (this.#timer !== null) this.#again(this.#options.beat_ms ?? BEAT_MS)
        })
    }, ms)
  }

  async #beat(): Promise<void> {
    this.#heart?.alive()
    const beat = await this.#roster.beat(this.#draining)
    this.#beatAt = performance.now()
    this.#routes = new Map(beat.routes.map((route) => [route.siteId, route]))
    this.#loseWhatIsGone(beat)
    for (const claim of beat.mine) await this.#follow(claim)
    const spare = this.#held.size - (this.#draining ? 0 : beat.share)
    for (const held of [...this.#held.values()]
      .filter((one) => !one.leaving && one.serving !== null)
      .slice(0, Math.max(0, spare)))
      void this.#letGo(held)
    if (this.#draining || spare >= 0) return
    for (const claimed of await this.#roster.claim(Math.min(AT_ONCE, -spare))) this.#take(claimed)
  }

  /** Sites that another has by now, or that were taken out: nothing of theirs is written here any more, and their sockets go. */
  #loseWhatIsGone({ mine }: Beat): void {
    const claims = new Map(mine.map(({ siteId, claim }) => [siteId, claim]))
    for (const [siteId, held] of this.#held) {
      if (held.leaving || claims.get(siteId) === held.claim.claim) continue
      this.#options.log(`${siteId} is served by another node now.`)
      void this.#close(held)
    }
  }

  /**
   * Without the database a node keeps its sites, for it may be that nobody has one. What another node took meanwhile it lets go all the
   * same: charge points that hang on here are wanted there.
   */
  async #loseWhatPeersHave(): Promise<void> {
    if (performance.now() - this.#beatAt < this.#lease_s * 1000) return
    const { url, adminToken } = this.#options
    const peers = new Set([...this.#routes.values()].flatMap((route) => route.url ?? []))
    peers.delete(url)
    for (const { siteId, claim } of await askPeers(peers, adminToken)) {
      const held = this.#held.get(siteId)
      if (held === undefined || held.leaving || claim <= held.claim.claim) continue
      this.#options.log(`${siteId} is served by another node now, which has the database.`)
      void this.#close(held)
    }
  }

  /** A claim whose answer was lost is taken up; a newer site file is served anew; one that was changed here is passed on. */
  async #follow(claim: Claim): Promise<void> {
    const held = this.#held.get(claim.siteId)
    if (held === undefined) return this.#takeNewest(claim)
    if (held.leaving || held.serving === null) return
    if (claim.version > held.claim.version) {
      this.#options.log(`${claim.siteId} has a new site file; it is served anew.`)
      await this.#close(held)
      return this.#takeNewest(claim)
    }
    if (this.#routes.get(claim.siteId)?.ready === false) await this.#roster.ready(claim)
    const text = readFileSync(this.#fileOf(claim.siteId), 'utf8')
    if (stampOf(text) === held.stamp) return
    const version = await this.#roster.wrote(held.claim, text)
    if (version !== null) Object.assign(held, { claim: { ...held.claim, version }, stamp: stampOf(text) })
  }

  async #takeNewest(claim: Claim): Promise<void> {
    const claimed = await this.#roster.newest(claim)
    if (claimed !== null) this.#take(claimed)
  }

  #take(claimed: Claimed): void {
    const before = this.#held.get(claimed.siteId)
    const held: Held = {
      claim: claimed,
      serving: null,
      opening: Promise.resolve(),
      leaving: false,
      stamp: stampOf(claimed.file),
    }
    this.#held.set(claimed.siteId, held)
    held.opening = this.#open(held, claimed, before).catch(async (fault: unknown) => {
      this.#options.log(`${claimed.siteId} cannot be served here: ${said(fault)}`)
      this.#forget(held)
      await this.#roster.release(claimed, said(fault)).catch(() => {})
    })
  }

  async #open(held: Held, claimed: Claimed, before: Held | undefined): Promise<void> {
    // What this node had of the site before must have let go of its files.
    await before?.opening
    const { data, cluster, log, env } = this.#options
    const folder = join(data, claimed.siteId)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, 'store')
    this.#write(claimed, path)
    const seat = siteSeat(claimed, {
      roster: this.#roster,
      line: this.#lines[1],
      lines: this.#shared[this.#turn++ % PAIRS] as SharedLines,
      url: cluster,
      path,
      readers: this.#readers,
    })
    await seat.fetch()
    const serving = await serve(this.#fileOf(claimed.siteId), {
      seat,
      env,
      log: (line) => log(`${claimed.siteId}: ${line}`),
    })
    if (held.leaving) return serving.stop()
    held.serving = serving
    log(`${claimed.siteId} is served here.`)
    // Where the database is away just now, the next beat says it.
    await this.#roster.ready(claimed).catch(() => {})
  }

  #write({ siteId, file, tokens }: Claimed, path: string): void {
    writeFileSync(this.#fileOf(siteId), file, { mode: 0o600 })
    if (tokens !== null) writeFileSync(`${path}.tokens`, tokens, { mode: 0o600 })
    else if (existsSync(`${path}.tokens`)) rmSync(`${path}.tokens`)
  }

  #fileOf(siteId: string): string {
    return join(this.#options.data, siteId, 'site.yaml')
  }

  /** In order: closed first, then free for another. */
  async #letGo(held: Held): Promise<void> {
    await this.#close(held)
    await this.#roster.release(held.claim).catch((fault: unknown) => this.#options.log(said(fault)))
  }

  async #close(held: Held): Promise<void> {
    if (held.leaving) return held.opening
    held.leaving = true
    const closed = held.opening.then(() => held.serving?.stop())
    held.opening = closed.then(
      () => {},
      () => {},
    )
    await held.opening
    this.#forget(held)
  }

  #forget(held: Held): void {
    if (this.#held.get(held.claim.siteId) === held) this.#held.delete(held.claim.siteId)
  }
}

const stampOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const said = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault))
