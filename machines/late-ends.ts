import { change, type Deeds, decide, iso } from './deeds.ts'
import type { Stamped, TransactionEnded } from './events.ts'
import { type Bay, type Closed, connectorsOf } from './knowledge.ts'
import { isMoreThanAnyGives, NOT_REPORTED } from './learn-transaction.ts'
import type { Owed } from './open-questions.ts'

/** The bill of a transaction whose end nobody reported says so by this. */
export const END_UNKNOWN = 'end unknown, billed to the last register'
const UNREPORTED: readonly (string | null)[] = [NOT_REPORTED, END_UNKNOWN]

/** Bills kept open for a late end in one bay; the oldest go first. */
const MOST = 16

/** A bill went out for transactions whose end is not known: what their charge point says of it later corrects the bill. */
export function keepOwed(deeds: Deeds, sessionId: string, lines: readonly Closed[]): void {
  const visitId = deeds.bay.visit?.visitId ?? ''
  const owed = lines
    .filter((line) => line.accountId !== null && UNREPORTED.includes(line.disputed))
    .map(({ transactionId, connector, accountId, startedAt, energy_Wh, first_Wh = null }): Owed => {
      const next_Wh = nextRegister(deeds.bay, connector, startedAt)
      const until = deeds.event.at
      return { sessionId, visitId, transactionId, connector, accountId, startedAt, energy_Wh, first_Wh, until, next_Wh }
    })
  if (owed.length > 0) deeds.bay = { ...deeds.bay, owed: [...(deeds.bay.owed ?? []), ...owed].slice(-MOST) }
}

/** Where the register stood when something else began at the connector: nothing beyond it is the earlier one's. */
const nextRegister = (bay: Bay, connector: string, startedAt: number): number | null =>
  bay.visit?.closed.find((line) => line.connector === connector && line.startedAt > startedAt)?.first_Wh ??
  bay.connectors[connector]?.transaction?.first_Wh ??
  null

/** A transaction goes on where its bill stopped, on a bill of its own: that corrects nothing any more. */
export function forgetOwed(deeds: Deeds, transactionId: string): void {
  const { owed } = deeds.bay
  if (owed) deeds.bay = { ...deeds.bay, owed: owed.filter((one) => one.transactionId !== transactionId) }
}

type LateEnd = {
  readonly energy_Wh: number
  readonly endedAt: number
  /** Why the difference is nobody's; null where it is billed. */
  readonly doubt: string | null
}

type Open = Pick<Owed, 'transactionId' | 'first_Wh' | 'energy_Wh' | 'startedAt' | 'until' | 'next_Wh'>

/** What a late end makes of a bill; null where it says nothing. */
function lateEnd(open: Open, event: Stamped<TransactionEnded>): LateEnd | null {
  const { first_Wh, energy_Wh: billed_Wh, startedAt, until, next_Wh } = open
  if (event.register_Wh === null || first_Wh === null) return null
  const energy_Wh = Math.round((event.register_Wh - first_Wh) * 1000) / 1000
  const endedAt = event.happenedAt ?? event.at
  const isBeforeNext = next_Wh !== null && event.register_Wh <= next_Wh
  const isInTime = next_Wh === null && endedAt >= startedAt && endedAt <= until
  const doubt =
    energy_Wh < billed_Wh
      ? 'register ran backwards'
      : isMoreThanAnyGives(energy_Wh, (Math.min(endedAt, event.at) - startedAt) / 3_600_000)
        ? 'more energy than any charge point gives'
        : energy_Wh === billed_Wh || isBeforeNext || isInTime
          ? null
          : 'energy after the visit ended'
  return { energy_Wh, endedAt, doubt }
}

const owedBy = ({ was, event }: Deeds): Owed | null =>
  event.type === 'transaction.ended'
    ? (was.owed?.find((one) => one.transactionId === event.transactionId) ?? null)
    : null

/** The late end of this event is billed: its difference is in nobody's doubt. */
export function isBilledLate(deeds: Deeds): boolean {
  const owed = owedBy(deeds)
  return owed !== null && deeds.event.type === 'transaction.ended' && lateEnd(owed, deeds.event)?.doubt === null
}

/**
 * A stop that comes after its transaction was closed or billed without one (E21, E26): the record says what was billed, what is reported
 * and the difference. The difference is billed where it was drawn before the visit ended or the next transaction began; else it is nobody's.
 */
export function noticeLateEnd(deeds: Deeds): void {
  noteNext(deeds)
  const { event, bay } = deeds
  if (event.type !== 'transaction.ended') return
  const line = bay.visit?.closed.findLast((one) => one.transactionId === event.transactionId)
  if (line?.disputed === NOT_REPORTED && line.reason !== event.reason) return correctLine(deeds, line, event)
  const owed = owedBy(deeds)
  const end = owed && lateEnd(owed, event)
  if (!owed || !end) return
  forgetOwed(deeds, owed.transactionId)
  decide(deeds, 'SessionCorrected', {
    visitId: owed.visitId,
    sessionId: owed.sessionId,
    transactionId: owed.transactionId,
    accountId: owed.accountId,
    billed_Wh: owed.energy_Wh,
    reported_Wh: end.energy_Wh,
    difference_Wh: Math.round((end.energy_Wh - owed.energy_Wh) * 1000) / 1000,
    endedAt: iso(end.endedAt),
    billed: end.doubt === null,
    disputed: end.doubt,
  })
}

/** Not billed yet: the line is put right before it is. */
function correctLine(deeds: Deeds, line: Closed, event: Stamped<TransactionEnded>): void {
  const next_Wh = nextRegister(deeds.bay, line.connector, line.startedAt)
  const end = lateEnd({ first_Wh: null, ...line, until: event.at, next_Wh }, event)
  if (!end || end.doubt !== null) return
  const { energy_Wh, endedAt } = end
  const corrected = { ...line, energy_Wh, endedAt, disputed: null }
  change(deeds, { closed: (deeds.bay.visit?.closed ?? []).map((one) => (one === line ? corrected : one)) })
  decide(deeds, 'TransactionCorrected', {
    transactionId: line.transactionId,
    accountId: line.accountId,
    from_Wh: line.energy_Wh,
    energy_Wh,
    endedAt: iso(endedAt),
  })
}

/** The next transaction at a connector says where the register of the one before stood at most. */
function noteNext(deeds: Deeds): void {
  const { owed } = deeds.bay
  if (!owed || deeds.event.type !== 'transaction.started') return
  const began = connectorsOf(deeds.bay).find(
    ({ connector, transaction }) =>
      transaction !== null && deeds.was.connectors[connector]?.transaction?.transactionId !== transaction.transactionId,
  )
  const register_Wh = began?.transaction?.first_Wh ?? null
  if (!began || register_Wh === null) return
  const next = owed.map((one) =>
    one.connector === began.connector && one.next_Wh === null ? { ...one, next_Wh: register_Wh } : one,
  )
  deeds.bay = { ...deeds.bay, owed: next }
}
