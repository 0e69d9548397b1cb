import { startLives } from '../../actors/routing.ts'
import type { TokenRef } from '../../machines/events.ts'
import type { Effect } from '../../machines/record.ts'
import { drawFrom, end, status } from './bay-power.ts'
import { bodyOf, chargePointAt, connectorOf, type Stage, say, works } from './design-stage.ts'

/** A charge point takes an order within this time, ms. */
const ORDER_MS = 300

/** Berth orders a start: the charge point takes it and waits for the plug, or begins; one that is away never hears of it. */
export function ordered(stage: Stage, bay: number, effect: Effect, at: number): void {
  if (effect['leaves'] !== true) return
  const body = bodyOf(stage, bay)
  const startId = String(effect['startId'])
  const answer = (type: 'start.accepted' | 'start.rejected' | 'start.expired') => (now: number) =>
    stage.bays.tell(bay, { type, ...stage.bays.origin('CP'), startId }, now)
  if (!body.online) {
    const deadline = Date.parse(String(effect['deadline']))
    body.outbox.push((now) => (now < deadline ? ordered(stage, bay, effect, now) : undefined))
    stage.later(deadline, (now) => (body.online ? undefined : answer('start.expired')(now)))
    return
  }
  if (body.transaction || body.broken) return stage.later(at + ORDER_MS, answer('start.rejected'))
  const { connectionTimeout_s, habits } = chargePointAt(stage, bay)
  const until = at + connectionTimeout_s * 1000
  const prepares = body.cable === 'out' && (habits.preparing === 'before-answer' || habits.preparing === 'after-answer')
  const prepare = (now: number): void => (body.cable === 'out' ? status(stage, bay, now, 'preparing') : undefined)
  if (prepares && habits.preparing === 'before-answer') stage.later(at + ORDER_MS, prepare)
  stage.later(at + ORDER_MS, answer('start.accepted'))
  if (prepares && habits.preparing === 'after-answer') stage.later(at + ORDER_MS, prepare)
  // Nobody plugged in: it takes its word back.
  if (prepares)
    stage.later(until, (now) =>
      body.cable === 'out' && works(stage, bay) ? status(stage, bay, now, 'available') : undefined,
    )
  body.pending = { startId, visitId: String(effect['visitId']), until }
  if (body.cable === 'in') beginByStart(stage, bay, at)
}

/** A plug is in and a start waits for it, by its time. */
export function beginByStart(stage: Stage, bay: number, at: number): void {
  const body = bodyOf(stage, bay)
  const { pending } = body
  if (!pending || at > pending.until) return
  begin(stage, bay, at, () => {
    const live = startLives(stage.bays.bay(bay), pending.startId)
    body.pending = null
    return { kind: 'start', startId: pending.startId, visitId: pending.visitId, live }
  })
}

/** The charge point begins: in a few seconds a transaction, then current. */
export function begin(stage: Stage, bay: number, at: number, tokenNow: () => TokenRef): void {
  const body = bodyOf(stage, bay)
  const parked = body.plugged
  if (!parked || body.transaction || !works(stage, bay)) return
  const { answer_s, habits } = chargePointAt(stage, bay)
  const ready = stage.streams.of('answer', parked.wanted.index).lognormal(answer_s * 1000, 0.4)
  stage.later(at + Math.round(ready), (now) => {
    if (body.plugged !== parked || body.cable !== 'in' || body.transaction || parked.leaving) return
    if (!works(stage, bay)) return
    const token = tokenNow()
    const accepted = token.kind === 'start' ? token.live : token.standing === 'accepted'
    const id = `tx-${bay + 1}-${now - stage.start}`
    const early = habits.chargingStatus === 'before-start'
    if (early && accepted) status(stage, bay, now, 'charging')
    say(stage, bay, now, (origin) => ({
      type: 'transaction.started',
      ...origin,
      happenedAt: now,
      connector: connectorOf(bay),
      transactionId: id,
      token,
      register_Wh: Math.round(body.register_Wh),
      accepted,
    }))
    if (!accepted) return end(stage, bay, id, now + 1000, 'DeAuthorized')
    body.transaction = { id, since: now, draws: false }
    stage.began(id, parked, now)
    if (!early) drawFrom(stage, bay, now, () => status(stage, bay, now, 'charging'))
    else drawFrom(stage, bay, now)
  })
}
