import type { Json, TransactionStarted } from './events.ts'
import { isPresented, leads, trustworthy, upgraded, vehicleOf } from './identity.ts'
import { autonomyOf, type Bay, connectorsOf, type Visit } from './knowledge.ts'
import type { BayEvent, Learned } from './learn.ts'
import { isLive, waitsStill } from './learn-transaction.ts'
import { cableIn, drawingConnector, isHeld, openConnector } from './lock.ts'
import { absent, cableForgotten, cameraContradicts, emptyFor, leftInferred, leftSeen, lostSight } from './presence.ts'
import { camerasDisagree, comesBack } from './rival-plate.ts'
import { owesStart, startPlan } from './start-plan.ts'

/** What a guard is asked with. */
export type Asked = Learned

/** One named question. `value` and `need` are for people who ask why: what was measured beside what is needed (absent = the answer says all). */
export type Question = {
  readonly need: string
  readonly ask: (asked: Asked) => boolean
  readonly value?: (asked: Asked) => Json
}

const yes = (need: string, ask: (asked: Asked) => boolean): Question => ({ need, ask })
const measured = (need: string, ask: (asked: Asked) => boolean, value: (asked: Asked) => Json): Question => ({
  need,
  ask,
  value,
})
const visitOf = (asked: Asked): Visit | null => asked.now.visit
const at = (asked: Asked): number => asked.event.at

/** Reads from before the last visit's end, or from before this visit's plug-in, open and identify nothing. */
const freshPlate = ({ now, event }: Asked): boolean =>
  (event.type === 'plate.seen' || event.type === 'plate.agreed' || event.type === 'plate.contested') &&
  event.fresh &&
  event.clear &&
  event.windowFrom >= (now.visit?.readsFrom ?? now.endedAt)

const pluggedNow = ({ now, was, event }: Asked): boolean =>
  event.type === 'connector.status' &&
  now.connectors[event.connector]?.cable === 'in' &&
  was.connectors[event.connector]?.cable !== 'in'

const agreedLeader = ({ now, event }: Asked): string | null => {
  if (event.type !== 'plate.agreed' || !event.fresh || !event.clear) return null
  if (event.windowFrom < (now.visit?.readsFrom ?? now.endedAt)) return null
  return leads(event, now.policy)
}

/** A fresh, clear agreement on another vehicle than this visit's own, which no person named and no card pays for. */
const agreesElse = (asked: Asked): boolean => {
  const leader = agreedLeader(asked)
  const ours = asked.was.visit ? vehicleOf(asked.was.visit) : null
  const named = asked.was.visit?.payer?.person === true || asked.was.visit?.agreed?.person === true
  return leader !== null && ours !== null && leader !== ours && !named && !isPresented(asked.was.visit?.payer)
}

/** What the one camera agrees on another contradicts, or it was here a moment ago and comes back: nobody is taken for gone by it. */
const isRivalled = ({ now, was, event }: Asked): boolean =>
  event.type === 'plate.agreed' &&
  event.leader !== null &&
  (camerasDisagree(now, event.leader, event.cameraId) || comesBack(was, event.leader, event.at))

const anotherCar = (asked: Asked): boolean => agreesElse(asked) && !isRivalled(asked)

/** A card started a transaction, and the one who pays for this visit may not be replaced by it: it is somebody else's visit. */
const strangerStarts = ({ was, now, event }: Asked): boolean => {
  if (event.type === 'transaction.started' && now.connectors[event.connector]?.transaction?.payer) return false
  const payer = was.visit?.payer ?? null
  if (event.type !== 'transaction.started' || event.token.kind !== 'card' || !event.accepted || payer === null)
    return false
  if (now.connectors[event.connector]?.transaction?.transactionId !== (event as TransactionStarted).transactionId)
    return false
  const offered = {
    rank: event.token.rank ?? 'card',
    handle: event.token.handle,
    accountId: event.token.accountId,
    person: false,
  }
  return (
    payer.accountId !== event.token.accountId &&
    (upgraded(payer, offered) === payer || (was.visit?.closed.length ?? 0) > 0)
  )
}

const isWordOfPayer = (event: BayEvent): boolean =>
  event.type === 'operator.commanded'
    ? event.command === 'authorize' || event.command === 'correct-plate'
    : event.type === 'review.answered' && event.verdict === 'plate'
const operatorSays = ({ now, event }: Asked): boolean =>
  isWordOfPayer(event) && now.visit?.payer?.person === true && now.visit.payer.accountId !== null

const current = (bay: Bay): Json =>
  drawingConnector(bay)?.flow.current_A ?? connectorsOf(bay)[0]?.flow.current_A ?? null

/** Every question a bay's chart asks, by name. The table is what the inspector explains and what mutation checks force. */
export const QUESTIONS = {
  held: measured(
    'open transaction, or current that rose to lock.on_A',
    ({ now }) => isHeld(now),
    ({ now }) => openConnector(now)?.transaction?.transactionId ?? current(now),
  ),
  drawing: measured(
    '>= lock.on_A',
    ({ now }) => isHeld(now) && drawingConnector(now) !== null,
    ({ now }) => current(now),
  ),
  strangerStarts: yes('a card of another account started', strangerStarts),
  orphanRevives: yes(
    'fresh current on a transaction that was left open',
    ({ now, event }) =>
      event.type === 'meter.values' &&
      now.connectors[event.connector]?.orphan?.transaction.transactionId === event.transactionId &&
      now.connectors[event.connector]?.flow.drawing === true,
  ),
  arrives: yes(
    'a vehicle, a fresh clear read, or a cable',
    (asked) => asked.event.type === 'vehicle.seen' || freshPlate(asked) || pluggedNow(asked),
  ),
  agreed: measured(
    'quorum of witnesses on one plausible plate, fresh, in this zone',
    (asked) =>
      agreedLeader(asked) !== null &&
      asked.now.visit?.agreed?.person !== true &&
      asked.now.visit?.payer == null &&
      agreedLeader(asked) !== asked.now.visit?.agreed?.handle,
    ({ event }) => (event.type === 'plate.agreed' ? (event.tally[0]?.witnesses ?? 0) : null),
  ),
  anotherCar: yes('quorum on another vehicle', anotherCar),
  disputed: yes('frames read a second plate as often, before anything was started', (asked) => {
    const payer = asked.now.visit?.payer
    const isRead = asked.event.type === 'plate.contested' && freshPlate(asked)
    return (isRead || (agreesElse(asked) && isRivalled(asked))) && payer?.rank === 'plate' && !payer.person
  }),
  personRead: yes(
    'a person named the plate',
    // A person's no since then stands until a person's next word.
    ({ now: { visit } }) =>
      visit?.agreed?.person === true && visit.claim === null && visit.payer === null && visit.denied !== 'operator',
  ),
  doubtful: yes(
    'reads that disagree, or lie between two zones',
    ({ now, event }) =>
      (event.type === 'plate.contested' || (event.type === 'plate.agreed' && !event.clear)) &&
      event.fresh &&
      now.visit?.payer == null,
  ),
  someReads: measured(
    'any candidate',
    ({ now }) => (now.visit?.tally.length ?? 0) > 0,
    ({ now }) => now.visit?.tally.length ?? 0,
  ),
  secondAgrees: yes('the second reader read the same vehicle', ({ now }) => {
    const second = now.visit?.secondRead
    const first = now.visit?.tally[0]
    if (!first || second?.handle !== first.handle || now.visit?.contested || now.visit?.unclear) return false
    // It is one witness more; all else is asked as of any agreement.
    return second.outcome === 'read' && trustworthy({ ...first, witnesses: first.witnesses + 1 }, now.policy)
  }),
  secondAnswered: yes('the second reader answered', ({ now }) => (now.visit?.secondRead?.outcome ?? null) !== null),
  reviewOver: yes('the reviewer answered', ({ now }) => (now.visit?.review?.verdict ?? null) !== null),
  claimGranted: yes(
    'no other bay holds this vehicle',
    ({ now, event }) =>
      event.type === 'claim.granted' && now.visit?.claim?.state === 'granted' && now.visit.payer === null,
  ),
  claimLost: yes(
    'this vehicle was agreed on at another bay',
    ({ now, event }) => event.type === 'claim.lost' && now.visit?.visitId === event.visitId,
  ),
  mustWait: yes(
    'a person confirms this account',
    ({ now }) =>
      now.visit?.asked?.answer === 'granted' && (now.visit.confirm || now.visit.contradiction?.kind === 'other-plate'),
  ),
  refused: yes('the register says no', ({ now }) => now.visit?.asked?.answer === 'refused'),
  withdrawn: yes(
    'the register says no any more',
    ({ now, event }) =>
      event.type === 'authorization.refused' && now.visit?.asked?.answer === 'refused' && now.visit.payer === null,
  ),
  denied: yes(
    'an operator said no',
    ({ now, event }) => event.type === 'operator.commanded' && event.command === 'deny' && now.visit !== null,
  ),
  granted: yes(
    'the register says yes',
    ({ now }) => now.visit?.asked?.answer === 'granted' && now.visit.payer !== null && !now.visit.confirm,
  ),
  grantedReady: yes(
    'the register says yes, and a start can go out',
    ({ now, event }) =>
      now.visit?.asked?.answer === 'granted' &&
      now.visit.payer !== null &&
      !now.visit.confirm &&
      startPlan(now, event).connector !== null,
  ),
  cardPays: yes(
    'a valid card was presented here',
    ({ now, event }) =>
      event.type === 'token.presented' &&
      event.token.kind === 'card' &&
      event.token.standing === 'accepted' &&
      isPresented(now.visit?.payer) &&
      now.visit?.payer?.handle === event.token.handle,
  ),
  operatorReady: yes(
    'an operator authorized, and a start can go out',
    (asked) => operatorSays(asked) && startPlan(asked.now, asked.event).connector !== null,
  ),
  operatorPays: yes('an operator authorized', operatorSays),
  startReady: measured(
    'a plug, or a charge point that takes a start without one',
    ({ now, event }) => startPlan(now, event).connector !== null,
    ({ now, event }) => startPlan(now, event).why,
  ),
  startOwed: measured(
    'the payer was promised a charge, and a dead start took its place',
    ({ now, event }) => owesStart(now, event) && startPlan(now, event).connector !== null,
    ({ now, event }) => (owesStart(now, event) ? startPlan(now, event).why : 'nothing is owed'),
  ),
  startAccepted: yes('the charge point will try', ({ now }) => now.visit?.starts.at(-1)?.state === 'accepted'),
  startNeedsReplug: yes(
    'the charge point said no, and has finished with this plug',
    ({ now }) =>
      now.visit?.starts.at(-1)?.state === 'rejected' &&
      now.connectors[now.visit.starts.at(-1)?.connector ?? '']?.status === 'finishing',
  ),
  startRejected: yes(
    'the charge point said no, with the plug in',
    ({ now }) => now.visit?.starts.at(-1)?.state === 'rejected' && cableIn(now),
  ),
  startUnplugged: yes(
    'the charge point said no, no plug yet',
    ({ now }) => now.visit?.starts.at(-1)?.state === 'rejected' && !cableIn(now),
  ),
  startExpired: yes(
    'the charge point was not reached in time',
    ({ now }) => now.visit?.starts.at(-1)?.state === 'expired',
  ),
  switchedOff: yes(
    'the bay acts by itself no more, and the charge point has not answered yet',
    ({ was, now, event }) =>
      ((event.type === 'switch.turned' && !event.automatic) || (actsAlone(was) && !actsAlone(now))) &&
      now.visit?.payer?.person !== true &&
      now.visit?.starts.at(-1)?.state === 'asked',
  ),
  strayStartOver: yes('berth refused what began here, and this vehicle still waits', ({ now }) => waitsStill(now)),
  plugAmbiguous: yes('two waiting bays reach this plug', ({ event }) => event.type === 'plug.ambiguous'),
  leftSeen: measured(
    'zone empty for exitGrace_s, nothing charging',
    (asked) => leftSeen(asked.now, at(asked)),
    (asked) => `${Math.round(emptyFor(asked.now, at(asked)) / 1000)} s`,
  ),
  leftInferred: yes('cable out, no camera that could see', (asked) => leftInferred(asked.now, at(asked))),
  absent: measured(
    'no sign for absence_s',
    (asked) => absent(asked.now, at(asked)),
    (asked) => `${Math.round((at(asked) - (visitOf(asked)?.lastSign ?? at(asked))) / 1000)} s`,
  ),
  lostSight: yes('link down and zone empty for absence_s', (asked) => lostSight(asked.now, at(asked))),
  cableForgotten: yes('cable said to be in, zone empty for absence_s', (asked) => cableForgotten(asked.now, at(asked))),
  released: yes('a person declared the transaction dead', ({ now }) => now.visit?.released === true),
  replugged: yes(
    'a plug came in after the cable was out',
    (asked) => pluggedNow(asked) && (asked.was.visit?.unpluggedAt ?? null) !== null,
  ),
  linkDown: yes('the charge point is not connected', ({ now }) =>
    connectorsOf(now).some((c) => (c.transaction !== null || c.flow.drawing) && c.link === 'offline'),
  ),
  contradicted: yes(
    'camera and charge point disagree',
    (asked) => isHeld(asked.now) && (visitOf(asked)?.contradiction != null || cameraContradicts(asked.now, at(asked))),
  ),
  stillPlugged: yes('cable in', ({ now }) => cableIn(now)),
  stillHere: yes('a camera sees the vehicle', ({ now }) => now.here.presence === 'occupied'),
  zoneEmpty: yes('a live camera sees nobody', ({ now }) => now.here.presence === 'empty'),
  resumedStart: yes(
    'after a restart the charge point, asked, shows no transaction',
    ({ now, was, event }) =>
      event.type === 'connector.status' &&
      was.visit?.resumedAt != null &&
      openConnector(now) === null &&
      (event.status === 'available' || event.status === 'preparing') &&
      // Only what was asked before the restart: of what was asked since, the answer is known.
      (now.visit?.starts ?? []).some(
        (s) => !s.held && isLive(s.state) && s.connector === event.connector && s.at <= (was.visit?.resumedAt ?? 0),
      ) &&
      !(now.visit?.starts ?? []).some((s) => s.reason === 'after-restart'),
  ),
} as const satisfies Record<string, Question>

export type QuestionName = keyof typeof QUESTIONS

/** Effects that act on the world leave only at `act`. */
export const actsAlone = (bay: Bay): boolean =>
  autonomyOf(bay) === 'act' && bay.service === 'in-service' && bay.automatic
