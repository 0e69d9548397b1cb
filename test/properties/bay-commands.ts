import { awaits, startLives } from '../../actors/routing.ts'
import { refusal } from '../../machines/commands.ts'
import { type ConnectorKey, connectorKey, type TokenRef } from '../../machines/events.ts'
import { type Connector, connectorsOf, type Start } from '../../machines/knowledge.ts'
import { holdsNothing } from '../../machines/lock.ts'
import { fc } from '../seeded-check.ts'
import type { Evse, Move, Which } from './bay-move.ts'
import { BayRun, CONNECTOR, type Running, type World } from './bay-run.ts'
import { mayStillCharge } from './plain-facts.ts'

/** A move as fast-check's model command: `check` says whether it can happen in the world around the bay, `run` makes it happen. */
class Told implements fc.Command<World, BayRun> {
  readonly move: Move

  constructor(move: Move) {
    this.move = move
  }

  check({ transactions, starts }: Readonly<World>): boolean {
    if (this.move.kind === 'end' || this.move.kind === 'update')
      return this.move.which === 'none' || transactions.length > 0
    return this.move.kind !== 'start-answer' || starts.length > 0
  }

  run(_world: World, run: BayRun): void {
    happen(run, this.move)
  }

  toString(): string {
    return JSON.stringify(this.move)
  }
}

/** Lives a story from the beginning. Throws where the machine itself breaks. */
export function livedThrough(story: readonly Move[], run = new BayRun()): BayRun {
  fc.modelRun(
    () => ({ model: run.world, real: run }),
    story.map((move) => new Told(move)),
  )
  return run
}

/** Answers fit what the bay asked last; everything else is as wild as the moves make it. */
function happen(run: BayRun, move: Move): void {
  switch (move.kind) {
    case 'tell':
      return run.tell(move.told)
    case 'pass':
      return run.pass(move.ms)
    case 'crash':
      return run.crash(move.ms)
    case 'status':
      return run.tell({
        type: 'connector.status',
        connector: keyOf(run, move.evse),
        status: move.status,
        errorCode: null,
      })
    case 'start':
      return transactionStarts(run, move)
    case 'end':
      return transactionEnds(run, move)
    case 'update':
      return transactionUpdates(run, move)
    case 'meter':
      return meter(run, move)
    case 'answer':
      return answer(run, move.yes, move.confirm ?? false)
    case 'start-answer':
      return startAnswer(run, move.says, move.late ?? false)
    case 'withdraw':
      return withdraw(run)
    case 'claim-news':
      return claimNews(run, move.says)
    case 'ambiguous':
      return ambiguous(run, move.evse)
    case 'command':
      return command(run, move)
    case 'plate':
      return run.tell({ ...move.news, windowFrom: run.now - move.age_ms })
  }
}

/** The connector of that number, or the bay's only one. */
function keyOf(run: BayRun, evse: Evse): ConnectorKey {
  const key = connectorKey('CP-1', evse)
  return run.bay.connectors[key] ? key : CONNECTOR
}

function transactionStarts(run: BayRun, { by, evse, first_Wh }: Extract<Move, { kind: 'start' }>): void {
  const own = run.world.starts.find((start) => startLives(run.bay, start.startId)) ?? run.world.starts.at(-1)
  const start = by === 'live-start' ? own : by === 'any-start' ? run.world.starts[0] : undefined
  const live = start !== undefined && startLives(run.bay, start.startId)
  const token: TokenRef = start
    ? { kind: 'start', startId: start.startId, visitId: '', live }
    : {
        kind: 'card',
        handle: by === 'card-b' ? 'card-b' : 'card-a',
        accountId: by === 'bad-card' ? null : by === 'card-b' ? 'acc-b' : 'acc-card',
        standing: by === 'bad-card' ? 'unknown' : 'accepted',
      }
  const connector = start?.connector ?? keyOf(run, evse)
  const id = String(run.world.transactions.length + 1)
  run.world.transactions.push({ id, connector, first: first_Wh, register: first_Wh })
  run.tell({
    type: 'transaction.started',
    connector,
    transactionId: id,
    token,
    register_Wh: first_Wh,
    accepted: start ? live : token.kind === 'card' && token.standing === 'accepted',
  })
}

const idAt = ({ transaction, orphan, lastEnded }: Connector, which: Which): string | undefined =>
  (which === 'open' ? transaction : which === 'ended' ? lastEnded : orphan?.transaction)?.transactionId

function transactionOf(run: BayRun, which: Which, evse: Evse): Running | null {
  if (which === 'old') return run.world.transactions[0] ?? null
  if (which === 'none' || which === 'unannounced') return null
  const wanted = keyOf(run, evse)
  const all = [...connectorsOf(run.bay)].sort((one) => (one.connector === wanted ? -1 : 0))
  const ids = all.map((one) => idAt(one, which))
  const id = ids.find((one) => one !== undefined)
  return run.world.transactions.find((one) => one.id === id) ?? null
}

function transactionEnds(run: BayRun, { which, evse, drew_Wh, back_Wh = 0 }: Extract<Move, { kind: 'end' }>): void {
  const transaction = transactionOf(run, which, evse)
  if (transaction) transaction.register += drew_Wh
  run.tell({
    type: 'transaction.ended',
    connector: transaction?.connector ?? keyOf(run, evse),
    transactionId: transaction?.id ?? '-1',
    register_Wh: transaction ? transaction.register - back_Wh : null,
    reason: 'Local',
  })
}

function transactionUpdates(run: BayRun, { which, evse, ongoing }: Extract<Move, { kind: 'update' }>): void {
  const transaction = transactionOf(run, which, evse)
  if (!transaction) return
  run.tell({
    type: 'transaction.updated',
    connector: transaction.connector,
    transactionId: transaction.id,
    ongoing,
  })
}

function meter(run: BayRun, move: Extract<Move, { kind: 'meter' }>): void {
  const transaction = transactionOf(run, move.which, move.evse)
  if (transaction) transaction.register += move.drew_Wh
  run.tell({
    type: 'meter.values',
    connector: transaction?.connector ?? keyOf(run, move.evse),
    transactionId: transaction?.id ?? (move.which === 'unannounced' ? '-7' : null),
    when: move.past ? 'past' : 'live',
    current_A: move.current_A,
    power_W: null,
    register_Wh: transaction ? transaction.register - (move.back_Wh ?? 0) : null,
    verdict: 'valid',
    max_A: null,
    thinned: 0,
  })
}

/** A start that was sent, or tried to be, and is not known to be dead. */
function waiting(run: BayRun): Start | undefined {
  return run.bay.visit?.starts.findLast(
    (one) =>
      (one.state === 'asked' || one.state === 'unanswered') &&
      run.world.starts.some((sent) => sent.startId === one.startId),
  )
}

/** A start that reached its charge point, and that berth gave up since. */
const dead = (run: BayRun): Start | undefined =>
  run.bay.visit?.starts.find(
    (one) =>
      !mayStillCharge(one.state) &&
      one.state !== 'used' &&
      run.world.starts.some((sent) => sent.startId === one.startId),
  )

function startAnswer(run: BayRun, says: 'accepted' | 'rejected' | 'unanswered' | 'expired', isLate = false): void {
  const start = isLate ? dead(run) : waiting(run)
  if (start) run.tell({ type: `start.${says}`, startId: start.startId })
}

/** The register is asked again before a start that waited is sent: now it says no. */
function withdraw(run: BayRun): void {
  const asked = run.bay.visit?.asked
  if (asked?.answer === 'granted' && waiting(run)?.state === 'asked')
    run.tell({ type: 'authorization.refused', ask: asked.ask, reason: 'blocked' })
}

/** The site's later word on a claim: taken from a visit that holds nothing, or free again for one that waits. */
function claimNews(run: BayRun, says: 'lost' | 'granted'): void {
  const visit = run.bay.visit
  const claim = visit?.claim
  if (!visit || !claim) return
  if (says === 'granted' ? claim.state !== 'contested' : claim.state !== 'granted' || !holdsNothing(run.bay)) return
  const rival = says === 'lost' ? 'bay-2' : null
  run.tell({ type: `claim.${says}`, handle: claim.handle, visitId: visit.visitId, rival })
}

/** Only bays that wait for a plug are told that it is not clear whose it is. */
function ambiguous(run: BayRun, evse: Evse): void {
  if (awaits({ bayId: 'bay-1', snapshot: run.snapshot }))
    run.tell({ type: 'plug.ambiguous', connector: keyOf(run, evse), rivals: ['bay-2'] })
}

/** A person's command, where the desk takes it. */
function command(run: BayRun, { kind: _kind, ...told }: Extract<Move, { kind: 'command' }>): void {
  if (refusal(run.bay, told.command, run.now) !== null) return
  run.tell({ type: 'operator.commanded', by: 'op', ...told })
}

/** Answers whatever is open: claim, register, start, second reader, review. */
function answer(run: BayRun, yes: boolean, confirm: boolean): void {
  const visit = run.bay.visit
  if (!visit) return
  if (visit.claim?.state === 'asked')
    return run.tell({
      type: yes ? 'claim.granted' : 'claim.contested',
      handle: visit.claim.handle,
      visitId: visit.visitId,
      rival: yes ? null : 'bay-2',
    })
  if (visit.asked && visit.asked.answer === null) {
    return run.tell(
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
  if (waiting(run)?.state === 'asked') return startAnswer(run, yes ? 'accepted' : 'rejected')
  if (visit.secondRead && visit.secondRead.outcome === null)
    return run.tell({
      type: 'second.read',
      ask: visit.secondRead.ask,
      handle: yes ? (visit.tally[0]?.handle ?? null) : null,
      outcome: yes ? 'read' : 'unreadable',
    })
  if (visit.review && visit.review.verdict === null)
    return run.tell({
      type: 'review.answered',
      review: visit.review.review,
      verdict: yes ? 'plate' : 'unreadable',
      handle: yes ? 'veh-a' : null,
      by: 'op',
    })
}
