import { iso } from '../machines/deeds.ts'
import { type Bay, connectorsOf } from '../machines/knowledge.ts'
import type { ContradictionView } from './bay-view.ts'

const SAYS: { readonly [kind: string]: string } = {
  'camera-empty': 'The camera sees an empty bay while the charge point reports a charge; the lock stays.',
  'other-plate': 'The camera reads another plate than the one that this visit goes by.',
  'plug-without-vehicle': 'A plug went in while the camera saw nobody: it may be of the bay beside.',
  'available-with-transaction': 'The charge point says Available although its transaction is open; it is asked.',
  'other-token': 'Another valid card was shown in the middle of the charge; who pays has not changed.',
  'register-still': 'The charge point says that current flows, but its register stands still.',
  'register-runs': 'The register of the charge point runs, but no current is said to flow.',
  'suspended-but-drawing': 'The charge point says Suspended while energy flows.',
  'charging-but-idle': 'The charge point says Charging, but nothing has flowed for minutes.',
}

/** Every pair of witnesses that disagrees now, oldest first: the visit's own, those beside the state, and signals of each meter. */
export function contradictionsOf(bay: Bay): ContradictionView[] {
  const own = bay.visit?.contradiction
  const all = [
    ...(own ? [{ kind: own.kind, since: own.since, connector: null }] : []),
    ...(bay.doubts ?? []),
    ...connectorsOf(bay).flatMap(({ connector, signals }) =>
      signals?.quarrel ? [{ kind: signals.quarrel.kind, since: signals.quarrel.since, connector }] : [],
    ),
  ]
  return all
    .toSorted((a, b) => a.since - b.since)
    .map(({ kind, since, connector }) => ({ kind, since: iso(since), connector, says: SAYS[kind] ?? kind }))
}
