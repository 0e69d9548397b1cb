import { type ClaimRuling, foldClaims, type Holder, noClaims, ruleClaim, ruleRelease } from '../machines/claims.ts'
import type { EffectDraft } from '../machines/deeds.ts'
import type { Json, Observation } from '../machines/events.ts'
import { Fault, invariant } from '../machines/faults.ts'
import type { Bay } from '../machines/knowledge.ts'
import type { BayEvent } from '../machines/learn.ts'
import { mayHold } from '../machines/lock.ts'
import { isNoise } from '../machines/noise.ts'
import type { Cause, Draft, Effect, FactRecord } from '../machines/record.ts'
import { isTimer } from '../machines/step.ts'
import { adoptions } from './adoptions.ts'
import { Agenda } from './agenda.ts'
import { BayHost, bayMemories, hostOfRecords } from './bay-actor.ts'
import { copyClaims, deadClaims, untoldClaims } from './claim-check.ts'
import { HeldClock } from './held-clock.ts'
import { landedLate } from './late-records.ts'
import { type Link, pagesAhead } from './pages-ahead.ts'
import type { Entry, Scribe } from './ports.ts'
import { ReachedBays } from './reached-bays.ts'
import { type Memory, memory } from './record-memory.ts'
import { entryDraft, Recorder } from './recorder.ts'
import type { SiteOptions } from './site-options.ts'
import { isOpenIn, TransactionBook } from './transaction-book.ts'
import { Wake } from './wake.ts'

type Personal = { readonly [subject: string]: Json }

/** How often timers are tried while the store fails. */
const RETRY_ms = 1_000

/**
 * The site's single writer: every bay is told its observations here, in one order, with one clock that never goes back. Records
 * are committed in that order, effects leave after their record is durable, and what did not become durable is forgotten.
 */
export class Site implements Scribe {
  /** The bays of the site file. */
  readonly hosts = new Map<string, BayHost>()
  /** Bays of the journal that the site file names no more: their past stays readable, nothing reaches them. */
  readonly gone = new Map<string, BayHost>()
  readonly book = new TransactionBook((one) => isOpenIn(this.bay(one.bayId ?? ''), one))
  readonly claims = noClaims()
  readonly reached: ReachedBays
  readonly #options: SiteOptions
  readonly #recorder: Recorder
  /** Claims by durable records alone; `claims` runs ahead of them. */
  readonly #settled = noClaims()
  #agenda = new Agenda<{ readonly bayId: string; readonly id: string }>()
  readonly #versions = new Map<string, number>()
  readonly #clock: HeldClock
  #failing = false
  readonly #wake: Wake
  thinned = 0
  /** What is remembered by records alone. */
  readonly memory: Memory

  constructor(options: SiteOptions) {
    this.#options = options
    this.#clock = new HeldClock(options.clock, (behind_ms) =>
      this.#guard('clock', () => options.clockBehind?.(behind_ms)),
    )
    this.#recorder = new Recorder(
      options.journal,
      (run) => void options.clock.after(0, run),
      (records) => this.#commit(records),
      (fault) => this.#revert(fault),
      (cause) => options.stumbled?.('feed', cause),
    )
    for (const plan of options.bays) this.hosts.set(plan.bayId, new BayHost(plan.bayId))
    this.reached = new ReachedBays(this.hosts)
    this.#wake = new Wake(options.clock, () => {
      this.advance(this.now())
      this.#schedule()
    })
    this.memory = memory({
      ...{ clock: this.#clock.memory, book: this.book.memory, bays: bayMemories(this), reached: this.reached.memory },
      ...{ versions: this.#versions, claims: this.claims, settled: this.#settled },
    })
  }

  /** Arrival time: the clock, held where it steps back. ms since 1970. */
  now(): number {
    return this.#clock.now()
  }

  /** A look at the clock: where it was set forward, what has come due happens now. */
  tick(): void {
    const at = this.now()
    if (!this.#failing) this.advance(at)
  }

  /** One listener that throws keeps nothing from the others. */
  #guard(what: Parameters<NonNullable<SiteOptions['stumbled']>>[0], run: () => void): void {
    try {
      run()
    } catch (cause) {
      this.#options.stumbled?.(what, cause)
    }
  }

  bay(bayId: string): Bay | undefined {
    return this.hosts.get(bayId)?.bay
  }

  /** Reads the whole journal, or what is behind the record `after` where all before it is remembered: every bay, claim and transaction as it was. `rest` is awaited after every few records. Answers the time of the newest record, or null. */
  async rebuild(after?: Link, rest?: () => Promise<void>): Promise<number | null> {
    for await (const page of pagesAhead(this.#options.journal, after, rest))
      for (const record of page) this.#relive(record)
    return this.#clock.newest === 0 ? null : this.#clock.newest
  }

  #relive(record: FactRecord): void {
    this.#clock.hold(Date.parse(record.at))
    this.#versions.set(record.stream, record.version)
    this.#fold(record)
    if (record.bayId !== null && record.stream === `bay:${record.bayId}`) {
      hostOfRecords(this, record.bayId).relive(record)
      this.reached.hear(record.bayId, record.cause)
    }
    this.#guard('fold', () => this.#options.heard(record, false))
  }

  #fold(record: FactRecord): void {
    this.book.fold(record.bayId, record.cause, Date.parse(record.at))
    if (record.stream !== 'site') return
    foldClaims(this.claims, record)
    foldClaims(this.#settled, record)
  }

  /** Adopts what the site file says (`plans`: what stands in its place), tells every bay that the site is back, and starts the clock. */
  async start(downSince: number | null, plans = this.#options.bays): Promise<void> {
    for (const host of this.hosts.values())
      host.reschedule((id, due) => this.#agenda.push(due, { bayId: host.bayId, id }))
    const done: Promise<unknown>[] = []
    if (downSince !== null) {
      for (const bayId of this.hosts.keys()) done.push(this.#resume(bayId, downSince))
      done.push(...this.#settleClaims(true))
    }
    for (const plan of plans)
      for (const told of adoptions(this.#host(plan.bayId).bay, plan, this.#options.ids))
        done.push(this.tell(plan.bayId, told))
    await Promise.all(done)
    this.#schedule()
  }

  /** `site.resumed` comes before any timer that ran out while nobody watched. */
  #resume(bayId: string, downSince: number): Promise<unknown> {
    const host = this.#host(bayId)
    if (host.version === 0) return Promise.resolve()
    const told = { type: 'site.resumed', id: this.#options.ids.next('observation'), source: 'site', downSince }
    return this.#recorder.record([this.#step(host, told, this.now())])
  }

  /** What was ruled on claims and never reached a bay, or never could: told and released now, before anything else happens. */
  #settleClaims(asksAgain: boolean): Promise<unknown>[] {
    const done: Promise<unknown>[] = []
    const at = this.now()
    for (const { news, ...about } of untoldClaims(this.claims, this.hosts, asksAgain)) {
      const { bayId, ...rest } = about
      const told = { type: news, id: this.#options.ids.next('observation'), source: 'site', ...rest }
      done.push(this.#recorder.record([this.#step(this.#host(bayId), told, at)]))
    }
    for (const dead of deadClaims(this.claims, this.hosts)) done.push(this.release(dead))
    return done
  }

  /** Tells a bay what happened. Resolves with its record once durable, with null where it only repeats what is known. */
  async tell(bayId: string, told: Observation, personal: Personal = {}): Promise<FactRecord | null> {
    const at = this.now()
    this.advance(at)
    const host = this.#host(bayId)
    if (isNoise(host.bay, told, at)) {
      host.thinned += 1
      this.thinned += 1
      return null
    }
    const draft = this.#step(host, told, at)
    return (await this.#recorder.record([{ ...draft, personal }]))[0] ?? null
  }

  #step(host: BayHost, told: Observation | { type: string; id: string; source: string }, at: number): Draft {
    const thinned = host.thinned
    host.thinned = 0
    this.reached.hear(host.bayId, told)
    const draft = host.tell({
      ...told,
      at,
      version: host.version + 1,
      ...(thinned > 0 ? { dropped: thinned } : {}),
    } as BayEvent)
    for (const { id, due } of draft.timers.set) this.#agenda.push(Date.parse(due), { bayId: host.bayId, id })
    if (draft.timers.set.length > 0) this.#schedule()
    return draft
  }

  /** Fires every timer due up to `at`, in order; each is told at the time it was due. */
  advance(at: number): void {
    while (this.#agenda.next <= at) {
      const { due, item } = this.#agenda.pop()
      const host = this.hosts.get(item.bayId)
      if (host?.timers.get(item.id) !== due) continue
      invariant(isTimer(item.id), `${item.id} is no timer`)
      this.#clock.hold(due)
      const draft = this.#step(
        host,
        { type: item.id, id: `timer-${due}`, source: 'timer' },
        Math.max(due, host.newestAt),
      )
      this.#recorder.record([draft]).catch(() => {})
    }
  }

  /** While nothing can be written a timer that is due would only fail again, and again. */
  #schedule(): void {
    this.#wake.at(this.#agenda.next, this.#failing ? RETRY_ms : 0)
  }

  /** Records of streams without a machine: register, audit, site. One call is one atomic piece. */
  write(entries: readonly Entry[]): Promise<readonly FactRecord[]> {
    const at = this.now()
    this.advance(at)
    return this.#recorder.record(entries.map((entry) => this.#entry(entry, at, entry.effects ?? [])))
  }

  /** Entries and what bays are told with them, as one atomic batch; the entries come first. */
  tellAll(
    entries: readonly Entry[],
    told: readonly (readonly [string, Observation])[],
  ): Promise<readonly FactRecord[]> {
    const at = this.now()
    this.advance(at)
    const drafts = entries.map((entry) => this.#entry(entry, at, entry.effects ?? []))
    return this.#recorder.record([...drafts, ...told.map(([bayId, news]) => this.#step(this.#host(bayId), news, at))])
  }

  #entry(entry: Entry, at: number, effects: readonly EffectDraft[]): Draft {
    invariant(!entry.stream.startsWith('bay:'), 'a bay writes its own stream')
    const version = (this.#versions.get(entry.stream) ?? 0) + 1
    this.#versions.set(entry.stream, version)
    return entryDraft(entry, version, at, effects)
  }

  /** A visit claims its vehicle: ruled in log order, told once the ruling is durable. */
  async claim(asked: Holder): Promise<void> {
    const holder = this.claims.held.get(asked.handle)
    const bay = holder ? this.hosts.get(holder.bayId)?.bay : undefined
    const holds = bay !== undefined && bay.visit?.visitId === holder?.visitId && mayHold(bay)
    await this.#rule({ type: 'claim.asked', ...asked, holderHolds: holds }, ruleClaim(this.claims, asked, holds))
  }

  /** A visit gives its vehicle back. */
  async release(released: Holder): Promise<void> {
    await this.#rule({ type: 'claim.released', ...released }, ruleRelease(this.claims, released))
  }

  async #rule(cause: Cause, ruling: ClaimRuling): Promise<void> {
    const effects: Effect[] = ruling.told.map(({ news, ...about }) => ({ id: '', type: 'tell.bay', news, ...about }))
    const draft = this.#entry({ stream: 'site', cause, decisions: ruling.decisions, personal: {} }, this.now(), effects)
    foldClaims(this.claims, draft)
    await this.#recorder.record([draft])
  }

  #commit(records: readonly FactRecord[]): void {
    const healed = this.#failing
    this.#happened(records, (host, record) => host.committedNext(record))
    this.#failing = false
    if (healed) this.#guard('store', () => this.#options.store(false, null))
    this.#act(records)
    // What bays and claims should have been told while nothing could be written.
    if (healed) for (const done of this.#settleClaims(false)) done.catch(() => {})
  }

  #happened(records: readonly FactRecord[], take: (host: BayHost, record: FactRecord) => void): void {
    for (const record of records) {
      const host = this.hosts.get(record.bayId ?? '')
      if (host) take(host, record)
      if (record.stream === 'site') foldClaims(this.#settled, record)
      else this.book.fold(record.bayId, record.cause, Date.parse(record.at))
      this.#guard('fold', () => this.#options.heard(record, true))
    }
  }

  #act(records: readonly FactRecord[]): void {
    this.#guard('feed', () => this.#options.committed(records))
    for (const record of records)
      for (const effect of record.effects) this.#guard('effect', () => this.#options.carryOut(effect, record))
  }

  /** Nothing of a failed commit, or behind it, ever happened. */
  #revert(fault: Fault): void {
    const news = !this.#failing
    this.#failing = true
    this.#agenda = new Agenda()
    for (const host of this.hosts.values()) host.revert()
    // What was taken for lost and became durable all the same has happened, effects included.
    const late = landedLate(this.#options.journal)
    this.#happened(late, (host, record) => host.relive(record))
    for (const host of this.hosts.values())
      host.reschedule((id, due) => this.#agenda.push(due, { bayId: host.bayId, id }))
    this.#versions.clear()
    for (const stream of ['register', 'site', 'audit'])
      this.#versions.set(stream, this.#options.journal.version(stream))
    copyClaims(this.#settled, this.claims)
    this.#schedule()
    if (news) this.#guard('store', () => this.#options.store(true, fault))
    if (late.length > 0) this.#act(late)
  }

  get failing(): boolean {
    return this.#failing
  }

  #host(bayId: string): BayHost {
    const host = this.hosts.get(bayId)
    if (!host) throw new Fault('NOT_FOUND', { bayId })
    return host
  }

  /** Resolves when everything told before is durable or lost, though more is told meanwhile. */
  passed(): Promise<void> {
    return this.#recorder.passed()
  }

  /** Resolves when everything told so far is durable or lost. */
  idle(): Promise<void> {
    return this.#recorder.idle()
  }

  /** Stops the clock and waits for the journal. */
  async close(): Promise<void> {
    this.#wake.close()
    await this.#recorder.idle()
  }
}
