import { type ConnectorKey, connectorKey, DEFAULT_POLICY, type Policy } from '../../machines/events.ts'
import type { Bay } from '../../machines/knowledge.ts'
import type { BayEvent } from '../../machines/learn.ts'
import type { Draft } from '../../machines/record.ts'
import { applyTimers, type BaySnapshot, eventOf, opened, pathOf, step } from '../../machines/step.ts'

/** One step of a run as laws look at it. */
export type Lived = {
  readonly was: Bay
  readonly now: Bay
  readonly event: BayEvent
  readonly draft: Draft
  readonly state: string
  readonly stateBefore: string
  readonly detailBefore: string
}

/** A transaction as the charge point knows it; `register` is what its meter shows, Wh. */
export type Running = {
  readonly id: string
  readonly connector: ConnectorKey
  readonly first: number
  register: number
}

/** fast-check's model: what the charge point itself knows of its transactions, and the starts that reached it. */
export type World = {
  readonly transactions: Running[]
  readonly starts: { readonly startId: string; readonly connector: ConnectorKey }[]
}

/** The bay's first connector, and its only one unless a story says otherwise. */
export const CONNECTOR = connectorKey('CP-1', 1)

/** Law runs: 1,000 in the tests, 100,000 in `npm run laws`. */
export const RUNS = Number(process.env['BERTH_RUNS'] ?? 1000)

/** More timers than this in one silence, and the bay wakes itself for ever. */
const MOST_TIMERS = 10_000

/**
 * One bay on the production machine, told anything in any order, with its records and timers; beside it what the charge point itself
 * knows: the truth that bills are held against.
 */
export class BayRun {
  readonly policy: Policy
  readonly lived: Lived[] = []
  drafts: Draft[] = []
  snapshot: BaySnapshot = opened('bay-1')
  now = Date.parse('2026-11-22T10:00:00.000Z')
  readonly world: World = { transactions: [], starts: [] }
  #timers = new Map<string, number>()

  constructor(policy: Partial<Policy> = {}, from?: BayRun) {
    this.policy = { ...DEFAULT_POLICY, ...policy }
    if (from) this.#follow(from)
    else this.#begin()
  }

  #begin(): void {
    this.tell({ type: 'policy.adopted', policy: this.policy })
    this.tell({
      type: 'profile.adopted',
      connectors: [
        { connector: CONNECTOR, chargePointId: 'CP-1', evse: 1, connectionTimeout_s: 60, startOn: 'validation' },
      ],
    })
    this.tell({ type: 'zones.published', cameras: ['cam-1'] })
  }

  #follow(from: BayRun): void {
    this.lived.push(...from.lived)
    this.drafts.push(...from.drafts)
    this.snapshot = from.snapshot
    this.now = from.now
    this.world.transactions.push(...from.world.transactions.map((one) => ({ ...one })))
    this.world.starts.push(...from.world.starts)
    this.#timers = new Map(from.#timers)
  }

  get bay(): Bay {
    return this.snapshot.context
  }

  /** The outermost state: `authorizing`. */
  get state(): string {
    return pathOf(this.snapshot.value).state
  }

  /** Timers that stand: what they fire, and when, ms since 1970. */
  get timers(): ReadonlyMap<string, number> {
    return this.#timers
  }

  /** The same moment once more, to go another way from here. */
  copy(): BayRun {
    return new BayRun(this.policy, this)
  }

  tell(told: { readonly type: string; readonly [field: string]: unknown }): void {
    const event = {
      id: `o-${this.bay.version + 1}`,
      source: 'run',
      ...told,
      at: this.now,
      version: this.bay.version + 1,
    } as unknown as BayEvent
    const was = this.bay
    const before = pathOf(this.snapshot.value)
    const made = step(this.snapshot, event)
    this.snapshot = made.snapshot
    applyTimers(this.#timers, made.draft)
    this.drafts.push(made.draft)
    for (const effect of made.draft.effects)
      if (effect.type === 'start.charging' && effect['leaves'] === true)
        this.world.starts.push({
          startId: String(effect['startId']),
          connector: connectorKey(String(effect['chargePointId']), Number(effect['evse'])),
        })
    this.lived.push({
      was,
      now: this.bay,
      event,
      draft: made.draft,
      state: this.state,
      stateBefore: before.state,
      detailBefore: before.detail,
    })
  }

  /** The next timer due, or null. */
  nextTimer(): { readonly id: string; readonly due: number } | null {
    const [first] = [...this.#timers].sort((a, b) => a[1] - b[1])
    return first ? { id: first[0], due: first[1] } : null
  }

  /** Time goes by; timers fire at their due times, in order. */
  pass(ms: number): void {
    const end = this.now + ms
    for (let fired = 0; ; fired += 1) {
      const next = this.nextTimer()
      if (!next || next.due > end) break
      if (fired > MOST_TIMERS) throw new RangeError(`${next.id} fires for ever`)
      this.now = Math.max(this.now, next.due)
      this.tell({ type: next.id })
    }
    this.now = end
  }

  /** The process dies: what is left are the records, as JSON; the first news afterwards is that the site is back. */
  crash(downFor_ms: number): void {
    const records = JSON.parse(JSON.stringify(this.drafts)) as Draft[]
    this.snapshot = opened('bay-1')
    this.#timers = new Map()
    for (const record of records) {
      this.snapshot = step(this.snapshot, eventOf(record)).snapshot
      applyTimers(this.#timers, record)
    }
    const downSince = this.now
    this.now += downFor_ms
    this.tell({ type: 'site.resumed', downSince })
  }
}
