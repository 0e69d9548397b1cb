import { iso } from '../machines/deeds.ts'
import type { Bay } from '../machines/knowledge.ts'
import {
  absent,
  cableForgotten,
  cameraContradicts,
  deadlines,
  leftInferred,
  leftSeen,
  lostSight,
} from '../machines/presence.ts'
import type { BayView, DeadlineView } from './bay-view.ts'

/** What is expected next in each detail of the chart, for people. */
const EXPECTED: { readonly [detail: string]: string } = {
  vacant: 'a vehicle arrives',
  collecting: 'reads that agree on a plate',
  'second-reading': 'the second reader answers',
  'in-review': 'a person reads the plate, or the driver presents a card',
  claiming: 'the site says whether another bay holds this vehicle',
  asking: 'the register says who pays',
  starting: 'the charge point answers the start',
  'awaiting-plug': 'the vehicle is plugged in and the transaction starts',
  fallback: 'a card, an operator, or a plate that is agreed on after all',
  denied: 'the vehicle leaves, or a valid card is presented',
  charging: 'transaction ends or cable out',
  suspended: 'current flows again, or the transaction ends',
  frozen: 'the charge point connects again',
  contradicted: 'camera and charge point agree again, or the transaction ends',
  'still-plugged': 'the cable is taken out',
  'still-here': 'the vehicle leaves',
  unseen: 'the zone stays empty',
  unconfirmed: 'a sign of the vehicle, or of its absence',
}

/** The same of a bay that is free and cannot be used. */
const OFF: { readonly [service in Exclude<BayView['service'], 'in-service'>]: string } = {
  'out-of-service': 'a person puts the bay back in service',
  faulted: 'the charge point says that the fault is over',
}

/** What is over when a window of the chart is over. */
const WINDOWS: { readonly [delay: string]: string } = {
  voteWindow: 'the time for reads that agree is over',
  secondRead: 'the time of the second reader is over',
  reviewTimeout: 'nobody has looked: card and QR remain',
  authorizeTimeout: 'no answer on who may charge: card and QR remain',
  plugInWindow: 'the time to plug in is over: card and QR remain',
}

/** Deadlines of presence, at which a visit may end or a contradiction show. */
const RELEASES = new Set(['zone empty', 'no sign of the vehicle', 'charge point lost', 'cameras awake'])

type Parts = {
  readonly bay: Bay
  readonly state: string
  readonly detail: string
  readonly service: BayView['service']
  /** Deadlines in ms since 1970 by name. */
  readonly timers: ReadonlyMap<string, number>
  /** Arrival of the newest record, ms since 1970: what was due by then is over. */
  readonly at: number
}

/**
 * What comes next: what is expected, and the first moment at which the bay's state changes by itself if nothing is heard until then, with
 * what that is. Deadlines about something else (an alarm, a question to the charge point) are listed beside it.
 */
export function nextOf({ bay, state, detail, service, timers, at }: Parts): BayView['next'] {
  const windows = [...timers]
    .filter(([id]) => id.startsWith('xstate.after.'))
    .map(([id, by]) => ({
      what: WINDOWS[id.split('.')[2] ?? ''] ?? 'the time of this state is over',
      by,
      changes: true,
    }))
  const known = deadlines(bay).map(({ name, by }) => {
    const what = RELEASES.has(name) ? changeAt(bay, state, detail, by) : null
    return { what: what ?? name, by, changes: what !== null }
  })
  const all = [...windows, ...known].filter(({ by }) => by > at).toSorted((a, b) => a.by - b.by)
  const first = all.find(({ changes }) => changes) ?? null
  const others: DeadlineView[] = []
  for (const { what, by } of all)
    if (what !== first?.what && !others.some((one) => one.what === what)) others.push({ what, by: iso(by) })
  return {
    expect: (state === 'vacant' && service !== 'in-service' ? OFF[service] : EXPECTED[detail]) ?? 'news',
    by: first === null ? null : iso(first.by),
    what: first?.what ?? null,
    others,
  }
}

/** How the state changes at `by` if nothing is heard until then; null where it does not. */
function changeAt(bay: Bay, state: string, detail: string, by: number): string | null {
  if (bay.visit === null) return null
  if (lostSight(bay, by)) return 'charge point away and zone empty for long enough: the visit ends'
  if (state === 'charging-locked')
    return detail !== 'contradicted' && detail !== 'frozen' && cameraContradicts(bay, by)
      ? 'zone empty for long enough: camera and charge point contradict each other'
      : null
  if (leftSeen(bay, by)) return 'zone empty for long enough: the visit ends'
  if (leftInferred(bay, by)) return 'cable out and no camera: the visit ends'
  if (cableForgotten(bay, by)) return 'zone empty for long enough: the visit ends, whatever the cable says'
  return absent(bay, by) ? 'no sign of the vehicle for long enough: the visit ends' : null
}
