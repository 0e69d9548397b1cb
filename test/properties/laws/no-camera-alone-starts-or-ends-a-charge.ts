import type { PlateNews } from '../../../machines/events.ts'
import type { BayRun } from '../bay-run.ts'
import type { Law } from '../law.ts'
import { connectors, decided, mustLock, ordered } from '../plain-facts.ts'

function onlyWitnessesAgree({ lived, policy }: BayRun): string | null {
  let [ended, before] = [0, 0]
  for (const { event, draft } of lived) {
    before = ended
    if (decided(draft, 'VisitEnded').length > 0) ended = event.at
    const agreed = decided(draft, 'PlateAgreed')[0]
    if (agreed?.['by'] !== 'plate.agreed') continue
    const news = event as unknown as PlateNews
    const own = news.tally.find((one) => one.handle === agreed['handle'])
    const quorate = news.tally.filter((one) => one.witnesses >= policy.quorum)
    if (!news.fresh || !news.clear) return 'a stale or unclear read was agreed on'
    if (!own?.plausible) return 'what fits no plate format was agreed on'
    if (quorate.length !== 1 || quorate[0] !== own) return `${own.witnesses} witnesses, ${quorate.length} with quorum`
    if ((own.crowd ?? 0) > 0 && own.witnesses <= policy.quorum) return 'a crowded plate was agreed on by a bare quorum'
    if (own.chance !== null && own.chance < policy.actConfidence) return `a chance of ${own.chance} was enough`
    if (news.windowFrom < before) return 'reads from before this visit were agreed on'
  }
  return null
}

/** A second reader that reads the same plate is the witness that was missing; a person is asked only where it did not help. */
function secondReaderCounts({ lived }: BayRun): string | null {
  for (const { was, now, event, draft, detailBefore } of lived) {
    const visit = was.visit
    if (detailBefore !== 'second-reading' || !visit || now.visit?.visitId !== visit.visitId) continue
    const first = visit.tally[0]?.handle
    const agrees = event.type === 'second.read' && event.outcome === 'read' && event.handle === first
    if (
      agrees &&
      event.ask === visit.secondRead?.ask &&
      !visit.contested &&
      !visit.unclear &&
      draft.detail !== 'claiming'
    )
      return `the second reader agreed, and the bay is ${draft.detail}`
    const waits = now.visit.secondRead?.outcome === null && !event.type.startsWith('xstate.after.')
    if (waits && draft.detail === 'in-review') return `${event.type} asked a person before the second reader answered`
  }
  return null
}

function everyStartHasAPayer({ lived }: BayRun): string | null {
  for (const { now, draft } of lived) {
    if (ordered(draft, 'start.charging').length === 0) continue
    const visit = now.visit
    if (!visit?.payer?.accountId) return 'a start that nobody pays for'
    if (visit.payer.rank !== 'plate') continue
    if (visit.asked?.answer !== 'granted') return `the register said ${visit.asked?.answer}`
    if (visit.claim?.state !== 'granted') return `the claim is ${visit.claim?.state}`
    if (visit.claim.handle !== visit.payer.handle) return 'the claim is for another vehicle than the payer'
    if (visit.confirm) return 'the account waits for a person'
  }
  return null
}

function camerasEndNothing({ lived }: BayRun): string | null {
  for (const { was, now, event } of lived) {
    // Nor does a timer that ran out over what cameras saw.
    if (!/^(plate|vehicle|zone|camera|bay)\./.test(event.type) || !mustLock(was)) continue
    if (!connectors(was).some((connector) => connector.link === 'online')) continue
    if (now.visit?.visitId !== was.visit?.visitId) return `${event.type} ended a visit that charges`
  }
  return null
}

/** A visit ends as seen to leave only where a live camera saw the zone empty for the grace since the last sign, and nothing was plugged. */
function leavingIsSeen({ lived, policy }: BayRun): string | null {
  for (const { now, was, event, draft } of lived) {
    const ended = decided(draft, 'VisitEnded')[0]
    if (!ended) continue
    if (ended['exit'] === 'exit-seen') {
      if (now.here.presence !== 'empty') return `seen to leave, and the cameras say ${now.here.presence}`
      // A zone that was empty before says nothing of a charge that ended later.
      const emptySince = Math.max(now.here.since, Date.parse(String(ended['lastSign'])))
      if (event.at - emptySince < policy.exitGrace_s * 1000) return 'seen to leave before the grace was over'
      if (connectors(now).some((one) => one.cable === 'in')) return 'seen to leave with the cable in'
    }
    if (draft.rule === 'leftInferred') {
      if (Object.values(now.cameras).some((camera) => camera.live)) return 'inferred although a camera watches'
      if (connectors(now).some((one) => one.cable !== 'out')) return 'inferred although a cable may be in'
    }
    if (draft.rule === 'absent' && was.visit && event.at - now.endedAt < 0) return 'ended before it was over'
  }
  return null
}

/** Law 2. A confident misread must never start a charge on a stranger's account. */
export const law: Law = {
  number: 2,
  promise: 'no camera alone starts or ends a charge',
  matters: "A confident misread must never start a charge on a stranger's account.",
  own: [],
  bay: [
    {
      says: 'a plate is agreed only by a quorum of witnesses, fresh, plausible, in this zone, from reads of this visit',
      breach: onlyWitnessesAgree,
    },
    { says: 'a second reader is asked before a person, and counts', breach: secondReaderCounts },
    { says: 'every start has a payer whom the register, a card or a person named', breach: everyStartHasAPayer },
    {
      says: 'no camera ends a visit whose transaction is open while its charge point is heard',
      breach: camerasEndNothing,
    },
    {
      says: 'nobody is seen to leave but before a live camera, unplugged, for the grace since the last sign',
      breach: leavingIsSeen,
    },
  ],
}
