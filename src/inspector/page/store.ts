/** What a screen shows. What lives and what is replayed are two things by type: only a live store can be ordered of. */
import type { AlarmView, BayView, ReviewView } from '../../../projections/bay-view.ts'
import type { HelloMessage } from '../../server/live-message.ts'
import type { WrittenBy } from '../../server/written-by.ts'
import { serverNow } from './server-time.ts'

/** `stale`: the server was not heard for too long, and everything shown is old. */
export type Phase = 'connecting' | 'live' | 'stale' | 'signed-out'

/** What a site looks like, now or then. */
type Sight = {
  readonly bays: Map<string, BayView>
  alarms: readonly AlarmView[]
  reviews: readonly ReviewView[]
  /** What the server said of itself; null before it did. */
  hello: HelloMessage | null
  /** The site was told whole at least once. */
  known: boolean
}

/** The site as it is, as far as the feed has told. */
export type LiveStore = Sight & {
  readonly kind: 'live'
  phase: Phase
  epoch: number | null
  /** Newest record that is folded in. */
  seq: number
  /** Place of the last message that was taken on this socket; -1 before its first. */
  n: number
  /** When the server said last what made the page whole, by its own clock (ISO 8601); null before. */
  heard: string | null
  /** Nothing is missing since the last snapshot. */
  whole: boolean
  buildId: string | null
  /** The server runs a newer page than this one. */
  newBuild: boolean
  /** How often something was missing. */
  gaps: number
}

/** The site as it was after one record. */
export type ReplayStore = Sight & {
  readonly kind: 'replay'
  /** Seq of that record, and its time (ISO 8601). */
  place: number
  at: string
  /** Which machines wrote that record; null before the server said. */
  machines: WrittenBy | null
}

/** Either: all that looking needs. */
export type Shown = LiveStore | ReplayStore

const nothing = (): Sight => ({ bays: new Map(), alarms: [], reviews: [], hello: null, known: false })

/** A live store that knows nothing yet. */
export const emptyStore = (): LiveStore => ({
  ...nothing(),
  kind: 'live',
  phase: 'connecting',
  epoch: null,
  seq: 0,
  n: -1,
  heard: null,
  whole: false,
  buildId: null,
  newBuild: false,
  gaps: 0,
})

/** A replay of the site that said hello, before its first record. */
export const emptyReplay = (hello: HelloMessage): ReplayStore => ({
  ...nothing(),
  hello,
  kind: 'replay',
  place: 0,
  at: hello.ts,
  machines: null,
})

/** Whether what is shown is how the site is now, or was at the place of the replay. Nothing that is missing from it may be called absent otherwise. */
export const isTrueNow = (shown: Shown): boolean => shown.known && (shown.kind === 'replay' || shown.phase === 'live')

/** The moment that is shown, ms since 1970 by the server's clock; null where nobody knows it: durations stand still then. */
export function nowOf(shown: Shown): number | null {
  if (shown.kind === 'replay') return Date.parse(shown.at)
  return shown.phase === 'live' ? serverNow() : null
}

/** The site's zone (IANA). */
export const zoneOf = (shown: Shown): string => shown.hello?.timezone ?? 'UTC'
