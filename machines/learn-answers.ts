import type { AuthorizationGranted, AuthorizationRefused } from './authorization-news.ts'
import type {
  ClaimAnswered,
  OperatorCommanded,
  ReviewAnswered,
  SecondRead,
  Stamped,
  StartAnswered,
  TokenPresented,
} from './events.ts'
import { isPresented, upgraded, vehicleOf } from './identity.ts'
import { type Bay, connectorsOf, type Payer, type Visit, withConnector, withVisit } from './knowledge.ts'
import { isHeld } from './lock.ts'

type Answer =
  | TokenPresented
  | AuthorizationGranted
  | AuthorizationRefused
  | StartAnswered
  | SecondRead
  | ReviewAnswered
  | ClaimAnswered

/** Answers to what the bay asked, and cards. An answer to something no longer pending changes nothing. */
export function learnAnswer(bay: Bay, event: Stamped<Answer>): Bay {
  const visit = bay.visit
  if (!visit) return bay
  switch (event.type) {
    case 'token.presented':
      return learnCard(bay, visit, event)
    case 'authorization.granted':
      return learnGranted(bay, visit, event)
    case 'authorization.refused':
      return learnRefused(bay, visit, event)
    case 'start.accepted':
    case 'start.rejected':
    case 'start.unanswered':
    case 'start.expired':
      return learnStart(bay, visit, event)
    case 'second.read':
      return visit.secondRead?.ask === event.ask
        ? withVisit(bay, { secondRead: { ...visit.secondRead, outcome: event.outcome, handle: witnessed(event) } })
        : bay
    case 'review.answered':
      return learnReview(bay, visit, event)
    default:
      return learnClaim(bay, visit, event)
  }
}

/** The vehicle that a second witness read: the same model again is none. */
const witnessed = ({ handle, independent }: SecondRead): string | null => (independent === false ? null : handle)

function learnCard(bay: Bay, visit: Visit, event: Stamped<TokenPresented>): Bay {
  const token = event.token
  if (token.kind !== 'card' || token.standing !== 'accepted' || token.accountId === null)
    return withVisit(bay, { lastSign: event.at })
  return withVisit(bay, {
    lastSign: event.at,
    payer: upgraded(visit.payer, {
      rank: token.rank ?? 'card',
      handle: token.handle,
      accountId: token.accountId,
      person: false,
    }),
  })
}

function learnGranted(bay: Bay, visit: Visit, event: Stamped<AuthorizationGranted>): Bay {
  const second = visit.contradiction
  if (second?.ask === event.ask) return withVisit(bay, { contradiction: { ...second, accountId: event.accountId } })
  if (visit.asked?.ask !== event.ask || visit.asked.answer !== null) return bay
  const person = visit.agreed?.person ?? false
  // A person's no, or the payer whom a person named, is never undone by an answer that was on its way (law 9).
  if (visit.denied === 'operator' && !person) return bay
  const offered: Payer = {
    rank: person ? 'operator' : 'plate',
    handle: event.handle,
    accountId: event.accountId,
    person,
  }
  return withVisit(bay, {
    asked: { ...visit.asked, answer: 'granted' },
    payer: visit.payer?.person ? visit.payer : upgraded(visit.payer, offered),
    confirm: event.confirm,
    denied: null,
  })
}

/** A no may come after a yes: the register is asked again before a start that waited is sent (E16). Nobody pays by plate then. */
function learnRefused(bay: Bay, visit: Visit, event: Stamped<AuthorizationRefused>): Bay {
  if (visit.asked?.ask !== event.ask) return bay
  const withdrawn = visit.payer?.rank === 'plate' && !isHeld(bay)
  const asked = { ...visit.asked, answer: 'refused' as const, reason: event.reason }
  return withVisit(bay, { asked, ...(withdrawn ? { payer: null } : {}) })
}

/** A charge point that already holds the token refuses to be told again: a no to a start sent once more does not kill it. */
function learnStart(bay: Bay, visit: Visit, event: Stamped<StartAnswered>): Bay {
  const state =
    event.type === 'start.accepted'
      ? 'accepted'
      : event.type === 'start.rejected'
        ? 'rejected'
        : event.type === 'start.expired'
          ? 'expired'
          : 'unanswered'
  const starts = visit.starts.map((start) =>
    start.startId === event.startId && (start.state === 'asked' || start.state === 'unanswered')
      ? {
          ...start,
          state: (start.reason === 'after-restart' && state === 'rejected'
            ? 'unanswered'
            : state) as typeof start.state,
          stateAt: event.at,
        }
      : start,
  )
  return withVisit(bay, { starts })
}

function learnReview(bay: Bay, visit: Visit, event: Stamped<ReviewAnswered>): Bay {
  if (visit.review?.review !== event.review || visit.review.verdict !== null) return bay
  const next = withVisit(bay, { review: { ...visit.review, verdict: event.verdict } })
  const second = visit.contradiction?.kind === 'other-plate'
  if (event.verdict === 'not-a-plate' && second)
    return withVisit(next, { contradiction: null, overruled: overruled(visit, vehicleOf(visit)) })
  if (event.verdict !== 'plate' || event.handle === null) return next
  // The person confirms who pays already: what else was read is settled, and a charge that waited for a person begins.
  if (visit.payer !== null && event.handle === vehicleOf(visit))
    return withVisit(next, {
      agreed: { handle: event.handle, person: true },
      contradiction: null,
      overruled: overruled(visit, event.handle),
      confirm: false,
      // What waited for a person has a person's word now, and no answer of the register takes it back.
      payer:
        visit.confirm && visit.payer.rank === 'plate'
          ? { ...visit.payer, rank: 'operator', person: true }
          : visit.payer,
    })
  // Whose plate it is does not change who pays where something stronger was shown.
  if (isPresented(visit.payer))
    return withVisit(next, {
      agreed: { handle: event.handle, person: true },
      contradiction: null,
      overruled: overruled(visit, event.handle),
    })
  if (visit.payer !== null) return corrected(next, { handle: event.handle, accountId: event.accountId ?? null })
  return withVisit(next, { agreed: { handle: event.handle, person: true }, claim: null, asked: null })
}

function learnClaim(bay: Bay, visit: Visit, event: Stamped<ClaimAnswered>): Bay {
  if (visit.visitId !== event.visitId || visit.claim?.handle !== event.handle) return bay
  if (event.type === 'claim.doubled' || event.type === 'claim.alone') return bay
  if (event.type === 'claim.lost') return withVisit(bay, { claim: null })
  const state = event.type === 'claim.granted' ? ('granted' as const) : ('contested' as const)
  return withVisit(bay, { claim: { ...visit.claim, state, rival: event.rival } })
}

/** A charge point that is away when a person stops it is told once it is back. */
const stopAsked = (bay: Bay): Bay =>
  connectorsOf(bay).reduce(
    (next, { connector, transaction }) =>
      transaction ? withConnector(next, connector, { transaction: { ...transaction, stopAsked: true } }) : next,
    bay,
  )

const hasOrphan = (bay: Bay): boolean => connectorsOf(bay).some(({ orphan }) => orphan !== null)

/** A person says that a transaction which outlived its visit is over. */
const forgetOrphans = (bay: Bay, at: number): Bay =>
  connectorsOf(bay).reduce(
    (next, { connector, orphan }) =>
      orphan
        ? withConnector(next, connector, {
            orphan: null,
            presumed: orphan,
            lastEnded: { transactionId: orphan.transaction.transactionId, at, register_Wh: orphan.billed_Wh },
          })
        : next,
    bay,
  )

/** A person's word. What it needs of the register was looked up before it was recorded. */
export function learnCommand(bay: Bay, event: Stamped<OperatorCommanded>): Bay {
  switch (event.command) {
    case 'out-of-service':
      return { ...bay, service: 'out-of-service' }
    case 'in-service':
      return { ...bay, service: 'in-service' }
    case 'autonomy':
      return { ...bay, autonomy: event.level ?? null }
    case 'authorize':
      return event.accountId ? withReviewSettled(authorized(bay, event)) : bay
    case 'correct-plate':
      return event.handle ? withReviewSettled(corrected(bay, event)) : bay
    case 'remote-stop':
      return stopAsked(bay)
    case 'deny':
      return withReviewSettled(withVisit(bay, { denied: 'operator', payer: null }))
    case 'release-lock':
      // Beside a vehicle that holds nothing, what can be declared dead is what another left behind.
      return bay.visit && (isHeld(bay) || !hasOrphan(bay))
        ? withVisit(bay, { released: true })
        : forgetOrphans(bay, event.at)
    default:
      return bay
  }
}

/** A person's word answers what was asked of a person: a reviewer who is slower never overwrites it. */
const withReviewSettled = (bay: Bay): Bay =>
  bay.visit?.review?.verdict === null ? withVisit(bay, { review: { ...bay.visit.review, verdict: 'settled' } }) : bay

function authorized(bay: Bay, event: OperatorCommanded): Bay {
  const visit = bay.visit
  if (!visit || !event.accountId) return bay
  const handle = event.handle ?? visit.agreed?.handle ?? null
  const payer: Payer = { rank: 'operator', handle, accountId: event.accountId, person: true }
  return withVisit(bay, { payer: upgraded(visit.payer, payer), denied: null, confirm: false })
}

/** Every other plate of this visit than the one that a person named: that person looked. */
const overruled = (visit: Visit, named: string | null): Visit['overruled'] =>
  [...new Set([...visit.overruled, vehicleOf(visit), visit.contradiction?.handle ?? null])].filter(
    (one) => one !== null && one !== named,
  ) as string[]

/** The corrected vehicle replaces what cameras said; who pays follows the register, on record. */
function corrected(bay: Bay, event: Pick<OperatorCommanded, 'handle' | 'accountId'>): Bay {
  const visit = bay.visit
  if (!visit || !event.handle) return bay
  const payer: Payer | null = event.accountId
    ? { rank: 'operator', handle: event.handle, accountId: event.accountId, person: true }
    : visit.payer?.rank === 'plate'
      ? null
      : visit.payer
  return withVisit(bay, {
    agreed: { handle: event.handle, person: true },
    claim: null,
    asked: null,
    contradiction: null,
    overruled: overruled(visit, event.handle),
    contested: false,
    unclear: false,
    denied: null,
    confirm: false,
    payer,
  })
}
