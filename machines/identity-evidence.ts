import { leads } from './identity.ts'
import { type Bay, type Evidence, withVisit } from './knowledge.ts'
import type { BayEvent } from './learn.ts'

/** Pieces kept of one visit; a camera that invents plates may not fill a bay. The oldest guesses go first. */
const MOST = 24

type Piece = Pick<Evidence, 'rank' | 'handle' | 'accountId' | 'source'>

/** What an observation says of who this is: a piece of evidence, or null where it says nothing. */
function pieceOf(bay: Bay, event: BayEvent): Piece | null {
  switch (event.type) {
    case 'plate.agreed': {
      const leader = event.fresh && event.clear ? leads(event, bay.policy) : null
      return event.leader === null
        ? null
        : { rank: leader ? 'plate' : 'guess', handle: event.leader, accountId: null, source: event.cameraId }
    }
    case 'plate.seen':
    case 'plate.contested':
      return event.leader === null
        ? null
        : { rank: 'guess', handle: event.leader, accountId: null, source: event.cameraId }
    case 'token.presented':
    case 'transaction.started': {
      const { token } = event
      if (token.kind !== 'card') return null
      const source = event.type === 'token.presented' ? event.chargePointId : event.connector
      return { rank: token.rank ?? 'card', handle: token.handle, accountId: token.accountId, source }
    }
    case 'authorization.granted':
      return { rank: 'plate', handle: event.handle, accountId: event.accountId, source: event.by ?? 'register' }
    case 'operator.commanded':
      return (event.command === 'authorize' || event.command === 'correct-plate') && (event.handle || event.accountId)
        ? { rank: 'operator', handle: event.handle ?? null, accountId: event.accountId ?? null, source: event.by }
        : null
    case 'review.answered':
      return event.handle === null
        ? null
        : { rank: 'operator', handle: event.handle, accountId: null, source: event.by }
    default:
      return null
  }
}

/** Puts what was just heard beside what was heard before: nothing is dropped because it contradicts. */
export function withEvidence(bay: Bay, event: BayEvent): Bay {
  const piece = bay.visit ? pieceOf(bay, event) : null
  if (!piece || !bay.visit) return bay
  const same = (one: Evidence): boolean =>
    one.rank === piece.rank &&
    one.handle === piece.handle &&
    one.accountId === piece.accountId &&
    one.source === piece.source
  const known = bay.visit.evidence.find(same)
  const evidence = known
    ? bay.visit.evidence.map((one) => (one === known ? { ...one, last: event.at, times: one.times + 1 } : one))
    : thinned([...bay.visit.evidence, { ...piece, at: event.at, last: event.at, times: 1 }])
  return withVisit(bay, { evidence })
}

function thinned(evidence: readonly Evidence[]): readonly Evidence[] {
  if (evidence.length <= MOST) return evidence
  const drop = evidence.findIndex((one) => one.rank === 'guess')
  return evidence.filter((_, index) => index !== Math.max(0, drop))
}
