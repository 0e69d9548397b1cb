import { mkdirSync } from 'node:fs'
import { type Serving, serve } from '../compose.ts'
import { PostgresLine } from '../journal/postgres-line.ts'
import type { SharedLines } from '../journal/postgres-log.ts'
import type { StoreLock } from '../journal/store-lock.ts'
import type { Log } from '../room-parts.ts'
import { demandCluster } from './cluster-tables.ts'
import { freeGone } from './gone-peers.ts'
import { BEAT_MS, type Heart, startHeart } from './heart.ts'
import { type Held, letGoSays, lostSays, type WhyAll, whyLeft } from './held-site.ts'
import type { Hop } from './hop.ts'
import { HostedFile } from './hosted-file.ts'
import { enterAt, lockData, saysTwin } from './node-place.ts'
import { askPeers } from './peer-word.ts'
import { type Beat, type Claim, type Claimed, Roster, type Route } from './roster.ts'
import { SharedReaders } from './shared-readers.ts'
import { siteSeat } from './site-seat.ts'
import { demandSiteVariables, siteVariables } from './site-variables.ts'

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
  readonly hop: Hop
}

/** So long after its last beat the others take a node's sites, s. */
const LEASE_S = 5
/** A node that said nothing to its own heart for so long hangs, ms. */
const HANGS_MS = 30_000
/** Sites that are taken with one beat: nodes that start together share them out. */
const AT_ONCE = 4
/** While more sites wait for somebody than are taken at once, so long until the next beat, ms. */
const HURRY_MS = 250

/** Connections for records: so many that write, and so many that read. */
const PAIRS = 4

/** A node: serves its fair share of the sites that the database names, and lets go of what it lost. */
export class ClusterNode {
  readonly #options: NodeOptions
  readonly #lines: readonly [beats: PostgresLine, keys: PostgresLine]
  readonly #shared: readonly SharedLines[]
  readonly #roster: Roster
  readonly #readers = new SharedReaders()
  readonly #held = new Map<string, Held>()
  #routes = new Map<string, Route>()
  #heart: Heart | null = null
  #turn = 0
  #beatAt = Number.NEGATIVE_INFINITY
  /** Why it lets every site go and takes none; null = it serves its share. */
  #leaves: WhyAll | null = null
  /** Another node lives at this one's address, and stays. */
  #aside = false
  #lock: StoreLock | null = null
  #beating: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | null = null

  constructor(options: NodeOptions) {
    this.#options = options
    const { cluster, node, url } = options
    this.#lines = [new PostgresLine(cluster), new PostgresLine(cluster)]
    this.#shared = Array.from({ length: PAIRS }, () => ({
      appends: new PostgresLine(cluster),
      reads: new PostgresLine(cluster),
    }))
    this.#roster = new Roster(this.#lines[0], { node, url, lease_s: LEASE_S })
  }

  /**
   * Rejects with Fault STORE_UNREACHABLE or STORE_CORRUPT where the database cannot be used, STORE_OWNED or SITE_FILE_INVALID where the
   * folder or the address is another node's; everything later heals by itself.
   */
  async start(): Promise<void> {
    const { cluster, node, url, data } = this.#options
    mkdirSync(data, { recursive: true, mode: 0o700 })
    this.#lock = lockData(data)
    await demandCluster(this.#lines[0])
    await enterAt(this.#roster, { url, lease_s: LEASE_S })
    this.#heart = startHeart({ cluster, node, lease_s: LEASE_S, hangs_ms: HANGS_MS })
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

  get url(): string {
    return this.#options.url
  }

  /** Lets every site go in order and takes none; `false` takes its share again. */
  drain(draining = true): void {
    this.#leaves = draining ? 'this node is drained' : null
  }

  /** Every site in order, then the node itself. */
  async stop(): Promise<void> {
    this.#leaves = 'this node stops'
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    await this.#beating
    await Promise.all([...this.#held.values()].map((held) => this.#letGo(held, whyLeft(this.#leaves, false))))
    await this.#heart?.stop()
    await this.#roster.leave().catch(() => {})
    for (const line of [...this.#lines, ...this.#shared.flatMap(({ appends, reads }) => [appends, reads])])
      await line.close()
    this.#lock?.release()
  }

  #again(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#beating = this.#beat()
        .catch(async (fault: unknown) => {
          this.#options.log(said(fault))
          await this.#loseWhatPeersHave()
          return false
        })
        .then((more) => {
          if (this.#timer !== null) this.#again(more ? HURRY_MS : BEAT_MS)
        })
    }, ms)
  }

  /** True where more sites wait for somebody than this node took at once. */
  async #beat(): Promise<boolean> {
    this.#heart?.alive()
    const beat = await this.#roster.beat(this.#leaves !== null || this.#aside)
    this.#beatAt = performance.now()
    this.#stepAside(beat.twin)
    await freeGone(beat.silent, this.#roster)
    this.#routes = new Map(beat.routes.map((route) => [route.siteId, route]))
    this.#loseWhatIsGone(beat)
    for (const claim of beat.mine) await this.#follow(claim)
    const isLeaving = this.#leaves !== null || this.#aside
    const spare = this.#held.size - (isLeaving ? 0 : beat.share)
    for (const held of [...this.#held.values()]
      .filter((one) => !one.leaving && one.serving !== null)
      .slice(0, Math.max(0, spare)))
      void this.#letGo(held, whyLeft(this.#leaves, this.#aside))
    if (isLeaving || spare >= 0) return false
    const taken = await this.#roster.claim(Math.min(AT_ONCE, -spare))
    for (const claimed of taken) this.#take(claimed)
    return taken.length === AT_ONCE
  }

  /** Of two nodes at one address the one lets go of everything: what is meant for it may reach the other. */
  #stepAside(twin: string | null): void {
    const { node, url, log } = this.#options
    const before = this.#aside
    this.#aside = twin !== null && twin < node
    if (this.#aside && !before) log(`${saysTwin(String(twin), url)} This one takes no sites until then.`)
  }

  /** Sites that another has by now, or that were taken out: nothing of theirs is written here any more, and their sockets go. */
  #loseWhatIsGone({ mine }: Beat): void {
    const claims = new Map(mine.map(({ siteId, claim }) => [siteId, claim]))
    for (const [siteId, held] of this.#held) {
      if (held.leaving || claims.get(siteId) === held.claim.claim) continue
      this.#options.log(lostSays(siteId, this.#routes.has(siteId)))
      void this.#close(held)
    }
  }

  /**
   * Without the database a node keeps its sites, for it may be that nobody has one. What another node took meanwhile it lets go all the
   * same: charge points that hang on here are wanted there.
   */
  async #loseWhatPeersHave(): Promise<void> {
    if (performance.now() - this.#beatAt < LEASE_S * 1000) return
    const { url, hop } = this.#options
    const peers = new Set([...this.#routes.values()].flatMap((route) => route.url ?? []))
    peers.delete(url)
    for (const { siteId, claim } of await askPeers(peers, hop)) {
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
    if (await held.file.follow(claim)) {
      this.#options.log(`${claim.siteId} has a new site file; it is served anew.`)
      await this.#close(held)
      return this.#takeNewest(claim)
    }
    if (this.#routes.get(claim.siteId)?.ready === false) await this.#roster.ready(claim)
  }

  async #takeNewest(claim: Claim): Promise<void> {
    const claimed = await this.#roster.newest(claim)
    if (claimed !== null) this.#take(claimed)
  }

  #take(claimed: Claimed): void {
    const before = this.#held.get(claimed.siteId)
    const held: Held = {
      claim: claimed,
      file: new HostedFile(claimed, this.#roster, this.#options),
      serving: null,
      opening: Promise.resolve(),
      leaving: false,
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
    const { cluster, log, env } = this.#options
    const { folder, replace: keepFile } = held.file
    demandSiteVariables(claimed.file)
    folder.write(claimed)
    const seat = siteSeat(claimed, {
      roster: this.#roster,
      line: this.#lines[1],
      lines: this.#shared[this.#turn++ % PAIRS] as SharedLines,
      url: cluster,
      ...{ path: folder.path, readers: this.#readers, keepFile },
    })
    await seat.fetch()
    const serving = await serve(folder.file, {
      ...{ seat, env, fileEnv: siteVariables(env) },
      log: (line) => log(`${claimed.siteId}: ${line}`),
    })
    if (held.leaving) return serving.stop()
    held.serving = serving
    log(`${claimed.siteId} is served here.`)
    // Where the database is away just now, the next beat says it.
    await this.#roster.ready(claimed).catch(() => {})
  }

  /** In order: closed first, then free for another. */
  async #letGo(held: Held, why: string): Promise<void> {
    const { siteId } = held.claim
    const wasServed = held.serving !== null && !held.leaving
    await this.#close(held)
    const freed = this.#roster.release(held.claim)
    await freed.then(
      () => wasServed && this.#options.log(letGoSays(siteId, why)),
      (fault: unknown) => this.#options.log(said(fault)),
    )
  }

  async #close(held: Held): Promise<void> {
    if (held.leaving) return held.opening
    held.leaving = true
    // What was changed here last is passed on while the site is still this node's.
    const closed = held.opening.then(() => held.serving?.stop().then(() => held.file.passOn()))
    held.opening = closed.catch((fault: unknown) => this.#options.log(said(fault)))
    await held.opening
    this.#forget(held)
  }

  #forget(held: Held): void {
    if (this.#held.get(held.claim.siteId) === held) this.#held.delete(held.claim.siteId)
  }
}

const said = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault))
