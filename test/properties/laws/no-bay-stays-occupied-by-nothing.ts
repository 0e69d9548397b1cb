import type { BayRun } from '../bay-run.ts'
import type { Law } from '../law.ts'
import { connectors, isBare, mustLock } from '../plain-facts.ts'

function endsInTime(run: BayRun): string | null {
  if (!isBare(run.bay)) return null
  const later = run.copy()
  later.pass(run.policy.absence_s * 1000 + 1)
  return isBare(later.bay) && later.state !== 'vacant' ? `still ${later.state}` : null
}

/** A cable that nobody heard going out does not keep a bay whose zone a live camera sees empty. */
function emptyEnds(run: BayRun): string | null {
  const isOver = ({ bay }: BayRun): boolean => !mustLock(bay) && bay.here.presence === 'empty'
  if (!isOver(run)) return null
  const later = run.copy()
  later.pass(run.policy.absence_s * 1000 + 1)
  return isOver(later) && later.state !== 'vacant' ? `seen empty, still ${later.state}` : null
}

/** Unplugged before cameras that all are dead, and a minute later still not left: whatever took the moment in which that was learnt. */
function blindUnpluggedEnds(run: BayRun): string | null {
  const isOver = ({ bay }: BayRun): boolean =>
    isBare(bay) &&
    bay.visit?.unpluggedAt != null &&
    connectors(bay).every((one) => one.cable === 'out' && one.link === 'online') &&
    Object.values(bay.cameras).every((camera) => !camera.live)
  if (!isOver(run)) return null
  const later = run.copy()
  later.pass(60_000)
  return isOver(later) && later.state !== 'vacant' ? `unplugged, no camera, still ${later.state}` : null
}

function vacantWithoutVisit({ lived }: BayRun): string | null {
  for (const { now, state, event } of lived)
    if ((now.visit === null) !== (state === 'vacant'))
      return `${state} after ${event.type}, visit ${now.visit?.visitId}`
  return null
}

/** Nobody is sent away early either: a bare visit lives until its vehicle is seen to go, or for absence_s; so does a cable that is left. */
function endsNotBefore({ lived, policy }: BayRun): string | null {
  for (const { was, event, draft } of lived)
    if (/^(absent|cableForgotten)$/.test(draft.rule ?? '') && was.visit)
      if (event.at - was.visit.lastSign < policy.absence_s * 1000)
        return `${draft.rule} ${event.at - was.visit.lastSign} ms after the last sign`
  return null
}

/** A charge is given up for lost only where its charge point was away, and the zone seen empty, all of absence_s. */
function lostNotBefore({ lived, policy }: BayRun): string | null {
  for (const { was, now, event, draft } of lived) {
    if (draft.rule !== 'lostSight') continue
    const patience_ms = policy.absence_s * 1000
    if (now.here.presence !== 'empty' || event.at - now.here.since < patience_ms)
      return 'lost, and not seen empty so long'
    const heard = connectors(was).find(
      ({ transaction, cable, flow, link, linkAt }) =>
        (transaction || cable === 'in' || flow.drawing) && (link === 'online' || event.at - linkAt < patience_ms),
    )
    if (heard) return `lost, and ${heard.connector} was heard less than absence_s ago`
  }
  return null
}

/** Law 6. A bay that a fault keeps occupied earns nothing and strands the next driver. */
export const law: Law = {
  number: 6,
  promise: 'no bay stays occupied by nothing',
  matters: 'A bay that a fault keeps occupied earns nothing and strands the next driver.',
  own: [],
  bay: [
    {
      says: 'whatever came before, a bay without transaction, cable and flow is vacant absence_s after the last sign of presence',
      breach: endsInTime,
    },
    { says: 'nor does a cable keep a bay that a live camera sees empty for absence_s', breach: emptyEnds },
    { says: 'an unplugged bay that no camera can see is left within a minute', breach: blindUnpluggedEnds },
    { says: 'a visit is absent, or its cable forgotten, only absence_s after its last sign', breach: endsNotBefore },
    { says: 'a charge is lost only where its charge point was away for absence_s', breach: lostNotBefore },
    { says: 'a bay is vacant exactly while it has no visit', breach: vacantWithoutVisit },
  ],
}
