import { startLives } from '../../actors/routing.ts'
import { connectorKey, DEFAULT_POLICY, type Observation, type Policy, type TokenRef } from '../../machines/events.ts'
import type { Bay } from '../../machines/knowledge.ts'
import type { BayEvent } from '../../machines/learn.ts'
import type { Draft } from '../../machines/record.ts'
import { applyTimers, type BaySnapshot, eventOf, opened, pathOf, step } from '../../machines/step.ts'
import type { Move } from './bay-moves.ts'

/** One step of a run as laws look at it. */
export type Lived = {
  readonly was: Bay
  readonly now: Bay
  readonly event: BayEvent
  readonly draft: Draft
  readonly state: string
  readonly stateBefore: string
}

export const CONNECTOR = connectorKey('CP-1', 1)

/** Law runs: 1,000 in the tests, 100,000 in `npm run laws`. */
export const RUNS = Number(process.env['BERTH_RUNS'] ?? 1000)

/**
 * One bay on the production machine, told anything in any order. Answers fit what the bay asked last; everything else is as wild as the
 * moves make it: transactions with live, dead and foreign tokens, late and doubled messages, crashes at any record.
 */
export class BayRun {
  readonly policy: Policy
  readonly lived: Lived[] = []
  drafts: Draft[] = []
  snapshot: BaySnapshot = opened('bay-1')
  now = Date.parse('2026-11-22T10:00:00.000Z')
  #timers = new Map<string, number>()
  #transactions: { id: string; register: number }[] = []
  #starts: string[] = []

  constructor(policy: Partial<Policy> = {}) {
    this.policy = { ...DEFAULT_POLICY, ...policy }
    this.tell({ type: 'policy.adopted', policy: this.policy })
    this.tell({
      type: 'profile.adopted',
      connectors: [
        { connector: CONNECTOR, chargePointId: 'CP-1', evse: 1, connectionTimeout_s: 60, startOn: 'validation' },
      ],
    })
    this.tell({ type: 'zones.published', cameras: ['cam-1'] })
  }

  get bay(): Bay {
    return this.snapshot.context
  }

  get state(): string {
    return pathOf(this.snapshot.value).state
  }

  tell(told: { readonly type: string; readonly [field: string]: unknown }): void {
    const event = {
      id: `o-${this.drafts.length}`,
      source: 'run',
      ...told,
      at: this.now,
      version: this.bay.version + 1,
    } as unknown as BayEvent
    const was = this.bay
    const stateBefore = this.state
    const made = step(this.snapshot, event)
    this.snapshot = made.snapshot
    applyTimers(this.#timers, made.draft)
    this.drafts.push(made.draft)
    for (const effect of made.draft.effects)
      if (effect.type === 'start.charging') this.#starts.push(String(effect['startId']))
    this.lived.push({ was, now: this.bay, event, draft: made.draft, state: this.state, stateBefore })
  }

  /** Time goes by; timers fire at their due times, in order. */
  pass(ms: number): void {
    const end = this.now + ms
    for (;;) {
      const next = [...this.#timers].sort((a, b) => a[1] - b[1])[0]
      if (!next || next[1] > end) break
      this.now = Math.max(this.now, next[1])
      this.tell({ type: next[0] })
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

  move(move: Move): void {
    switch (move.kind) {
      case 'tell':
        return this.tell(move.told as unknown as Observation & { readonly [field: string]: unknown })
      case 'pass':
        return this.pass(move.ms)
      case 'crash':
        return this.crash(move.ms)
      case 'start':
        return this.#transactionStarts(move.by, move.first_Wh)
      case 'end':
        return this.#transactionEnds(move.which, move.drew_Wh)
      case 'meter':
        return this.#meter(move)
      case 'answer':
        return this.#answer(move.yes)
      case 'plate':
        return this.tell({ ...move.news, windowFrom: this.now - move.age_ms })
    }
  }

  #transactionStarts(by: 'live-start' | 'any-start' | 'card-a' | 'card-b' | 'bad-card', first_Wh: number): void {
    const own =
      this.bay.visit?.starts.find((start) => startLives(this.bay, start.startId))?.startId ?? this.#starts.at(-1)
    const startId = by === 'live-start' ? own : this.#starts[0]
    const isStart = (by === 'live-start' || by === 'any-start') && startId !== undefined
    const live = isStart && startLives(this.bay, startId)
    const token: TokenRef = isStart
      ? { kind: 'start', startId, visitId: '', live }
      : {
          kind: 'card',
          handle: by === 'card-b' ? 'card-b' : 'card-a',
          accountId: by === 'bad-card' ? null : by === 'card-b' ? 'acc-b' : 'acc-card',
          standing: by === 'bad-card' ? 'unknown' : 'accepted',
        }
    const id = String(this.#transactions.length + 1)
    this.#transactions.push({ id, register: first_Wh })
    this.tell({
      type: 'transaction.started',
      connector: CONNECTOR,
      transactionId: id,
      token,
      register_Wh: first_Wh,
      accepted: isStart ? live : token.kind === 'card' && token.standing === 'accepted',
    })
  }

  #transaction(which: 'open' | 'old' | 'none'): { id: string; register: number } | null {
    const open = Object.values(this.bay.connectors)[0]?.transaction?.transactionId
    if (which === 'open') return this.#transactions.find((one) => one.id === open) ?? null
    return which === 'old' ? (this.#transactions[0] ?? null) : null
  }

  #transactionEnds(which: 'open' | 'old' | 'none', drew_Wh: number): void {
    const transaction = this.#transaction(which)
    if (transaction) transaction.register += drew_Wh
    this.tell({
      type: 'transaction.ended',
      connector: CONNECTOR,
      transactionId: transaction?.id ?? '-1',
      register_Wh: transaction?.register ?? null,
      reason: 'Local',
    })
  }

  #meter(move: Extract<Move, { kind: 'meter' }>): void {
    const transaction = this.#transaction(move.which)
    if (transaction) transaction.register += move.drew_Wh
    this.tell({
      type: 'meter.values',
      connector: CONNECTOR,
      transactionId: transaction?.id ?? null,
      when: move.past ? 'past' : 'live',
      current_A: move.current_A,
      power_W: null,
      register_Wh: transaction?.register ?? null,
      verdict: 'valid',
      max_A: null,
      thinned: 0,
    })
  }

  /** Answers whatever is open: claim, register, start, second reader, review. */
  #answer(yes: boolean): void {
    const visit = this.bay.visit
    if (!visit) return
    if (visit.claim?.state === 'asked')
      return this.tell({
        type: yes ? 'claim.granted' : 'claim.contested',
        handle: visit.claim.handle,
        visitId: visit.visitId,
        rival: yes ? null : 'bay-2',
      })
    if (visit.asked && visit.asked.answer === null) {
      return this.tell(
        yes
          ? {
              type: 'authorization.granted',
              ask: visit.asked.ask,
              handle: visit.asked.handle,
              accountId: `acc-${visit.asked.handle}`,
              confirm: false,
            }
          : { type: 'authorization.refused', ask: visit.asked.ask, reason: 'unknown' },
      )
    }
    const start = visit.starts.findLast((one) => one.state === 'asked')
    if (start) return this.tell({ type: yes ? 'start.accepted' : 'start.rejected', startId: start.startId })
    if (visit.secondRead && visit.secondRead.outcome === null)
      return this.tell({
        type: 'second.read',
        ask: visit.secondRead.ask,
        handle: yes ? (visit.tally[0]?.handle ?? null) : null,
        outcome: yes ? 'read' : 'unreadable',
      })
    if (visit.review && visit.review.verdict === null)
      return this.tell({
        type: 'review.answered',
        review: visit.review.review,
        verdict: yes ? 'plate' : 'unreadable',
        handle: yes ? 'veh-a' : null,
        by: 'op',
      })
  }
}
