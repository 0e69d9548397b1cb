import type { ConnectorStatus } from '../../machines/events.ts'
import { type Move, tell } from './bay-move.ts'

// Well into a visit: what random moves alone would seldom reach.

export const yes: Move = { kind: 'answer', yes: true }
export const online = tell({ type: 'charger.online', chargePointId: 'CP-1' })
export const offline = tell({ type: 'charger.offline', chargePointId: 'CP-1' })
export const empty = tell({ type: 'zone.empty', cameraId: 'cam-1' })
export const blind = tell({ type: 'camera.lost', cameraId: 'cam-1' })
export const is = (word: ConnectorStatus): Move => ({ kind: 'status', evse: 1, status: word })
const readOf = (type: 'plate.seen' | 'plate.agreed' | 'plate.contested', handle: string): Move => ({
  kind: 'plate',
  age_ms: 0,
  news: {
    type,
    cameraId: 'cam-1',
    trackId: 't',
    leader: handle,
    tally: [{ handle, witnesses: 3, share: 1, plausible: true, chance: null }],
    clear: true,
    fresh: true,
    thinned: 0,
  } as { type: string },
})
export const agreedOn = (handle: string): Move => readOf('plate.agreed', handle)
export const draws: Extract<Move, { kind: 'meter' }> = {
  kind: 'meter',
  which: 'open',
  evse: 1,
  current_A: 16,
  drew_Wh: 100,
  past: false,
}

/** A vehicle that is known, pays, and whose start is on its way. */
const ASKED: Move[] = [online, agreedOn('veh-a'), yes, yes]
/** The charge point was not reached in time. */
const EXPIRED: Move[] = [...ASKED, { kind: 'start-answer', says: 'expired' }]
const ARRIVED: Move[] = [...ASKED, yes]
export const CHARGING: Move[] = [
  ...ARRIVED,
  is('preparing'),
  { kind: 'start', by: 'live-start', evse: 1, first_Wh: 1000 },
  draws,
]
/** The charge point said Available and goes on metering a little; then it says Available once more. */
const SAID_AVAILABLE: Move[] = [
  ...CHARGING,
  is('available'),
  { kind: 'pass', ms: 1_000 },
  { ...draws, current_A: 0.15 },
  { kind: 'pass', ms: 61_000 },
  is('available'),
]
/** The charge point said Available twice, which ends what it never ended, and reports the end after all. */
const ENDED_LATE: Move[] = [
  ...CHARGING,
  is('available'),
  { kind: 'pass', ms: 61_000 },
  is('available'),
  { kind: 'end', which: 'old', evse: 1, drew_Wh: 200 },
]
export const OFFLINE_AND_EMPTY: Move[] = [...CHARGING, offline, empty]
/** A transaction that its visit left behind. */
export const ORPHANED: Move[] = [...OFFLINE_AND_EMPTY, { kind: 'pass', ms: 310_000 }]
export const STILL_PLUGGED: Move[] = [
  ...CHARGING,
  { kind: 'end', which: 'open', evse: 1, drew_Wh: 500 },
  is('finishing'),
]
/** The charge point has finished with a plug that came first (E18). */
const PLUGGED_FIRST: Move[] = [online, is('preparing'), is('finishing'), agreedOn('veh-a'), yes, yes]
/** Charged, pulled the cable, and still there. */
const UNPLUGGED: Move[] = [...STILL_PLUGGED, tell({ type: 'vehicle.seen', cameraId: 'cam-1' }), is('available')]
/** Its start was accepted, no plug came, and no camera sees whether it is still there. */
const UNSEEN: Move[] = [...ARRIVED, blind, { kind: 'pass', ms: 130_000 }]
/** Reads that disagree: the second reader is asked; then a person. */
const DOUBTED: Move[] = [online, tell({ type: 'vehicle.seen', cameraId: 'cam-1' }), readOf('plate.contested', 'veh-a')]
/** One read and no more: the second reader is asked for a witness. */
const MARGINAL: Move[] = [online, readOf('plate.seen', 'veh-a'), { kind: 'pass', ms: 9_000 }]
export const IN_REVIEW: Move[] = [...DOUBTED, { kind: 'pass', ms: 11_000 }]
export const ASKING: Move[] = [online, agreedOn('veh-a'), yes]
/** The site was away while a start was on its way. */
const RESUMED: Move[] = [...ARRIVED, { kind: 'crash', ms: 500 }, online]
/** And its charge point, asked, shows no transaction: the same start goes out once more. */
export const SENT_AGAIN: Move[] = [...RESUMED, is('available')]
/** A person says no while the register is asked. */
const DENIED: Move[] = [...ASKING, { kind: 'command', command: 'deny', handle: null, accountId: null, level: 'act' }]
/** A person said which vehicle it is, or who pays. */
export const CORRECTED: Move[] = [
  ...ARRIVED,
  { kind: 'command', command: 'correct-plate', handle: 'veh-c', accountId: null, level: 'act' },
]
/** The charge point began with the token that the correction killed, and is done with that: the right vehicle has its charge to come. */
const OWED: Move[] = [
  ...CORRECTED,
  yes,
  yes,
  { kind: 'start', by: 'any-start', evse: 1, first_Wh: 0 },
  is('finishing'),
  { kind: 'end', which: 'open', evse: 1, drew_Wh: 0 },
  is('finishing'),
]
/** And the vehicle is held elsewhere: a card is offered. */
const CORRECTED_IN_FALLBACK: Move[] = [...CORRECTED, { kind: 'answer', yes: false }, { kind: 'pass', ms: 31_000 }]
const AUTHORIZED: Move[] = [
  ...DOUBTED,
  { kind: 'command', command: 'authorize', handle: null, accountId: 'acc-op', level: 'act' },
]
const BLOCKED: Move[] = [
  { kind: 'command', command: 'out-of-service', handle: null, accountId: null, level: 'act' },
  ...ASKED,
]
const switched = (automatic: boolean): Move => tell({ type: 'switch.turned', automatic, by: 'op', reason: null })
/** Automatic starts were switched off before a vehicle came, or while its start is on its way. */
const SWITCHED_OFF: Move[] = [switched(false), ...ASKED]
export const SWITCHED_OFF_AMID: Move[] = [...ASKED, switched(false)]
const BY_CARD: Move[] = [online, { kind: 'start', by: 'card-a', evse: 1, first_Wh: 0 }, draws]

/** How stories begin: anywhere, or well into a visit. */
export const BEGINNINGS: readonly Move[][] = [
  [],
  [],
  [],
  ASKED,
  EXPIRED,
  ARRIVED,
  ARRIVED,
  CHARGING,
  SAID_AVAILABLE,
  ENDED_LATE,
  OFFLINE_AND_EMPTY,
  ORPHANED,
  ORPHANED,
  STILL_PLUGGED,
  UNPLUGGED,
  PLUGGED_FIRST,
  UNSEEN,
  DOUBTED,
  MARGINAL,
  IN_REVIEW,
  ASKING,
  RESUMED,
  SENT_AGAIN,
  DENIED,
  CORRECTED,
  CORRECTED,
  CORRECTED_IN_FALLBACK,
  OWED,
  AUTHORIZED,
  BLOCKED,
  BY_CARD,
  SWITCHED_OFF,
  SWITCHED_OFF_AMID,
]

/** The second cable of a bay between two charge points' connectors. */
export const SECOND_CONNECTOR = tell({
  type: 'profile.adopted',
  connectors: [1, 2].map((number) => ({
    connector: `CP-1/${number}`,
    chargePointId: 'CP-1',
    evse: number,
    connectionTimeout_s: 60,
    startOn: 'validation',
  })),
})
