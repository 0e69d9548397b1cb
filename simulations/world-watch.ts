import type { BayHost } from '../actors/bay-actor.ts'
import type { Site } from '../actors/site.ts'
import type { Bay } from '../machines/knowledge.ts'
import type { FactRecord } from '../machines/record.ts'
import type { Place } from './toy-driver.ts'
import type { ToyPost } from './toy-post.ts'
import type { Audit } from './world-audit.ts'
import { Coverage } from './world-coverage.ts'
import { Flow } from './world-flow.ts'
import { checkMoment, checkSite, type Violation } from './world-laws.ts'
import type { SitePlan } from './world-plan.ts'
import { firstDifference } from './world-replay.ts'
import { situationOf, situationsOf } from './world-situations.ts'

/** Looks on: checks the laws after every record, compares bills with what flowed, and notes what was reached. */
export class Watch {
  /** The first law that did not hold; nothing after it counts. */
  violation: Violation | null = null
  readonly coverage = new Coverage()
  readonly audit: Audit
  readonly #before = new Map<string, { readonly bay: Bay; readonly state: string }>()
  #heardUpTo = 0

  readonly #flow: Flow

  constructor(audit: Audit, plan: SitePlan) {
    this.audit = audit
    this.#flow = new Flow(plan)
  }

  /** A durable record, live or lived again; false for one that was heard before. What became durable in the moment of a death is first heard when it is lived again. */
  hear(record: FactRecord, host: BayHost | undefined): boolean {
    if (record.seq <= this.#heardUpTo) return false
    this.#heardUpTo = record.seq
    const { bayId } = record
    if (bayId === null || !host) return true
    const now = host.committed.snapshot.context
    const before = this.#before.get(bayId)
    const was = before?.bay ?? now
    const stateBefore = before?.state ?? 'vacant'
    const state = record.state === record.detail ? String(record.state) : `${record.state}.${record.detail}`
    this.#before.set(bayId, { bay: now, state })
    this.coverage.hear(record, stateBefore)
    for (const id of situationsOf({ record, was, now })) this.coverage.situation(id)
    this.violation ??= checkMoment({ record, was, now, stateBefore })
    this.violation ??= this.audit.hear(record, was, now)
    return true
  }

  /** Something that a desk counts. */
  counted(name: string): void {
    const id = situationOf(name)
    if (id !== null) this.coverage.situation(id)
  }

  /** A law of the world itself did not hold. */
  fails(law: string, says: string, at: number, seq: number): void {
    this.violation ??= { law, says, seq, at: new Date(at).toISOString() }
  }

  /** Between two records: what must hold of the whole site. */
  look(site: Site | undefined, seq: number): void {
    if (site && !site.failing) this.violation ??= checkSite(site, site.now(), seq)
  }

  /** Once a minute: what must hold of the site, and of what truly flows. */
  minute(site: Site | undefined, posts: Iterable<ToyPost>, at: number, seq: number): void {
    this.look(site, seq)
    const unlocked = this.#flow.unlocked(posts, site, at)
    if (unlocked !== null) this.fails('while current flows a bay is locked', unlocked, at, seq)
  }

  /** Nobody is here any more and everything works: nothing may be left, and the journal alone must say the same. */
  rest(site: Site | undefined, places: readonly Place[], records: readonly FactRecord[], at: number): void {
    const seq = records.length
    if (!site) return this.fails('berth comes back', 'it is away after everything was mended', at, seq)
    this.look(site, seq)
    for (const { stay, bayId } of places)
      if (stay) this.fails('the world empties', `${stay.car.name} still stands in ${bayId}`, at, seq)
    for (const { bay, bayId, snapshot } of site.hosts.values())
      if (bay.visit)
        this.fails(
          'no bay is stuck',
          `${bayId} is ${JSON.stringify(snapshot.value)} long after everybody left`,
          at,
          seq,
        )
    for (const { handle, bayId } of [...site.claims.held.values(), ...site.claims.waiting])
      this.fails('no claim is left', `${handle} of ${bayId}`, at, seq)
    this.violation ??= this.audit.close(records)
    this.violation ??= firstDifference(records, site)
  }
}
