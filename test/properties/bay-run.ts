import { awaits, startLives } from '../../actors/routing.ts'
import { refusal } from '../../machines/commands.ts'
import { type ConnectorKey, connectorKey, DEFAULT_POLICY, type Policy, type TokenRef } from '../../machines/events.ts'
import { type Bay, connectorsOf, type Start } from '../../machines/knowledge.ts'
import type { BayEvent } from '../../machines/learn.ts'
import { holdsNothing } from '../../machines/lock.ts'
import type { Draft } from '../../machines/record.ts'
import { applyTimers, type BaySnapshot, eventOf, opened, pathOf, step } from '../../machines/step.ts'
import type { Evse, Move, Which } from './bay-moves.ts'

/** One step of a run as laws look at it. */
export type Lived = {
  readonly was: Bay
  readonly now: Bay
  readonly event: BayEvent
  readonly draft: Draft
  readonly state: string
  readonly stateBefore: string
}

const CONNECTOR = connectorKey('CP-1', 1)

/** A transaction as the charge point knows it; `register` is what its meter shows, Wh. */
type Running = { readonly id: string; readonly connector: ConnectorKey; readonly first: number; register: number }

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
  readonly transactions: Running[] = []
  #starts: { startId: string; connector: ConnectorKey }[] = []

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
      if (effect.type === 'start.charging' && effect['leaves'] === true)
        this.#starts.push({
          startId: String(effect['startId']),
          connector: connectorKey(String(effect['chargePointId']), Number(effect['evse'])),
        })
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
        return this.tell(move.told)
      case 'pass':
        return this.pass(move.ms)
      case 'crash':
        return this.crash(move.ms)
      case 'status':
        return this.tell({
          type: 'connector.status',
          connector: this.#key(move.evse),
          status: move.status,
          errorCode: null,
        })
      case 'start':
        return this.#transactionStarts(move)
      case 'end':
        return this.#transactionEnds(move)
      case 'update':
        return this.#transactionUpdates(move)
      case 'meter':
        return this.#meter(move)
      case 'answer':
        return this.#answer(move.yes, move.confirm ?? false)
      case 'start-answer':
        return this.#startAnswer(move.says)
      case 'withdraw':
        return this.#withdraw()
      case 'claim-news':
        return this.#claimNews(move.says)
      case 'ambiguous':
        return this.#ambiguous(move.evse)
      case 'command':
        return this.#command(move)
      case 'plate':
        return this.tell({ ...move.news, windowFrom: this.now - move.age_ms })
    }
  }

  /** The connector of that number, or the bay's only one. */
  #key(evse: Evse): ConnectorKey {
    const key = connectorKey('CP-1', evse)
    return this.bay.connectors[key] ? key : CONNECTOR
  }

  #transactionStarts({ by, evse, first_Wh }: Extract<Move, { kind: 'start' }>): void {
    const own = this.#starts.find((start) => startLives(this.bay, start.startId)) ?? this.#starts.at(-1)
    const start = by === 'live-start' ? own : by === 'any-start' ? this.#starts[0] : undefined
    const live = start !== undefined && startLives(this.bay, start.startId)
    const token: TokenRef = start
      ? { kind: 'start', startId: start.startId, visitId: '', live }
      : {
          kind: 'card',
          handle: by === 'card-b' ? 'card-b' : 'card-a',
          accountId: by === 'bad-card' ? null : by === 'card-b' ? 'acc-b' : 'acc-card',
          standing: by === 'bad-card' ? 'unknown' : 'accepted',
        }
    const connector = start?.connector ?? this.#key(evse)
    const id = String(this.transactions.length + 1)
    this.transactions.push({ id, connector, first: first_Wh, register: first_Wh })
    this.tell({
      type: 'transaction.started',
      connector,
      transactionId: id,
      token,
      register_Wh: first_Wh,
      accepted: start ? live : token.kind === 'card' && token.standing === 'accepted',
    })
  }

  #transaction(which: Which, evse: Evse): Running | null {
    if (which === 'old') return this.transactions[0] ?? null
    if (which === 'none' || which === 'unannounced') return null
    const wanted = this.#key(evse)
    const all = [...connectorsOf(this.bay)].sort((one) => (one.connector === wanted ? -1 : 0))
    const ids = all.map((one) => (which === 'open' ? one.transaction : one.orphan?.transaction)?.transactionId)
    const id = ids.find((one) => one !== undefined)
    return this.transactions.find((one) => one.id === id) ?? null
  }

  #transactionEnds({ which, evse, drew_Wh }: Extract<Move, { kind: 'end' }>): void {
    const transaction = this.#transaction(which, evse)
    if (transaction) transaction.register += drew_Wh
    this.tell({
      type: 'transaction.ended',
      connector: transaction?.connector ?? this.#key(evse),
      transactionId: transaction?.id ?? '-1',
      register_Wh: transaction?.register ?? null,
      reason: 'Local',
    })
  }

  #transactionUpdates({ which, evse, ongoing }: Extract<Move, { kind: 'update' }>): void {
    const transaction = this.#transaction(which, evse)
    if (!transaction) return
    this.tell({
      type: 'transaction.updated',
      connector: transaction.connector,
      transactionId: transaction.id,
      ongoing,
    })
  }

  #meter(move: Extract<Move, { kind: 'meter' }>): void {
    const transaction = this.#transaction(move.which, move.evse)
    if (transaction) transaction.register += move.drew_Wh
    this.tell({
      type: 'meter.values',
      connector: transaction?.connector ?? this.#key(move.evse),
      transactionId: transaction?.id ?? (move.which === 'unannounced' ? '-7' : null),
      when: move.past ? 'past' : 'live',
      current_A: move.current_A,
      power_W: null,
      register_Wh: transaction?.register ?? null,
      verdict: 'valid',
      max_A: null,
      thinned: 0,
    })
  }

  /** A start that was sent, or tried to be, and is not known to be dead. */
  #waiting(): Start | undefined {
    return this.bay.visit?.starts.findLast(
      (one) =>
        (one.state === 'asked' || one.state === 'unanswered') &&
        this.#starts.some((sent) => sent.startId === one.startId),
    )
  }

  #startAnswer(says: 'accepted' | 'rejected' | 'unanswered' | 'expired'): void {
    const start = this.#waiting()
    if (start) this.tell({ type: `start.${says}`, startId: start.startId })
  }

  /** The register is asked again before a start that waited is sent: now it says no. */
  #withdraw(): void {
    const asked = this.bay.visit?.asked
    if (asked?.answer === 'granted' && this.#waiting()?.state === 'asked')
      this.tell({ type: 'authorization.refused', ask: asked.ask, reason: 'blocked' })
  }

  /** The site's later word on a claim: taken from a visit that holds nothing, or free again for one that waits. */
  #claimNews(says: 'lost' | 'granted'): void {
    const visit = this.bay.visit
    const claim = visit?.claim
    if (!visit || !claim) return
    if (says === 'granted' ? claim.state !== 'contested' : claim.state !== 'granted' || !holdsNothing(this.bay)) return
    const rival = says === 'lost' ? 'bay-2' : null
    this.tell({ type: `claim.${says}`, handle: claim.handle, visitId: visit.visitId, rival })
  }

  /** Only bays that wait for a plug are told that it is not clear whose it is. */
  #ambiguous(evse: Evse): void {
    if (awaits({ bayId: 'bay-1', snapshot: this.snapshot }))
      this.tell({ type: 'plug.ambiguous', connector: this.#key(evse), rivals: ['bay-2'] })
  }

  /** A person's command, where the desk takes it. */
  #command({ kind: _kind, ...told }: Extract<Move, { kind: 'command' }>): void {
    if (refusal(this.bay, told.command, this.now) !== null) return
    this.tell({ type: 'operator.commanded', by: 'op', ...told })
  }

  /** Answers whatever is open: claim, register, start, second reader, review. */
  #answer(yes: boolean, confirm: boolean): void {
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
              confirm,
            }
          : { type: 'authorization.refused', ask: visit.asked.ask, reason: 'unknown' },
      )
    }
    if (this.#waiting()?.state === 'asked') return this.#startAnswer(yes ? 'accepted' : 'rejected')
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
