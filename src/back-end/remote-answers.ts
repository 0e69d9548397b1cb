import { STATUSES } from '../../actors/charge-point-words.ts'
import { Fault } from '../../machines/faults.ts'

/** One charging session as the back end tells it. Times are ms since 1970. */
export type RemoteSession = {
  readonly transactionId: string
  /** The start of ours that it came from; null where somebody else began it. */
  readonly startId: string | null
  readonly idToken: string | null
  readonly accountId: string | null
  readonly startedAt: number
  readonly register_Wh: number | null
  /** Null while it runs. */
  readonly endedAt: number | null
  readonly endRegister_Wh: number | null
  readonly reason: string | null
}

/** What a connector says of itself: OCPP 1.6's words for a status. */
export type RemoteStatus = {
  readonly online: boolean
  readonly status: string | null
  readonly errorCode: string | null
  readonly at: number | null
}

export type RemoteMeter = {
  readonly at: number
  readonly transactionId: string | null
  readonly current_A: number | null
  readonly power_W: number | null
  readonly register_Wh: number | null
}

type Fields = { readonly [key: string]: unknown }

const MOST_SESSIONS = 100
const MOST_TEXT = 64

const wrong = (what: string): Fault =>
  new Fault('BACK_END_REFUSED', {}, { says: `The back end's answer ${what}; docs/back-end.md says what it must be.` })

/** An answer to the call `id`. Throws Fault BACK_END_REFUSED. */
function fieldsOf(said: unknown, id: string): Fields {
  if (typeof said !== 'object' || said === null || Array.isArray(said)) throw wrong('is no JSON object')
  const fields = said as Fields
  if (fields['id'] !== id) throw wrong('repeats another id than the call had')
  return fields
}

/** `start` and `stop`. */
export function readWord(said: unknown, id: string): 'accepted' | 'rejected' {
  const { status } = fieldsOf(said, id)
  if (status === 'accepted' || status === 'rejected') return status
  throw wrong('has a `status` that is neither accepted nor rejected')
}

export function readStatus(said: unknown, id: string): RemoteStatus {
  const fields = fieldsOf(said, id)
  const { online } = fields
  if (typeof online !== 'boolean') throw wrong('has no `online` of true or false')
  const status = text(fields, 'status')
  if (status !== null && !STATUSES[status.toLowerCase()]) throw wrong('has a `status` that is no word of OCPP 1.6')
  return { online, status, errorCode: text(fields, 'errorCode'), at: time(fields, 'at') }
}

/** Null where nothing is measured. */
export function readMeter(said: unknown, id: string): RemoteMeter | null {
  const fields = fieldsOf(said, id)
  const at = time(fields, 'at')
  if (at === null) return null
  return {
    at,
    transactionId: text(fields, 'transactionId'),
    current_A: number(fields, 'current_A'),
    power_W: number(fields, 'power_W'),
    register_Wh: number(fields, 'register_Wh'),
  }
}

/** Oldest first. */
export function readSessions(said: unknown, id: string): readonly RemoteSession[] {
  const { sessions } = fieldsOf(said, id)
  if (!Array.isArray(sessions) || sessions.length > MOST_SESSIONS)
    throw wrong(`has no \`sessions\` of at most ${MOST_SESSIONS} entries`)
  return sessions.map(sessionOf).sort((a, b) => a.startedAt - b.startedAt)
}

function sessionOf(said: unknown): RemoteSession {
  if (typeof said !== 'object' || said === null || Array.isArray(said)) throw wrong('has a session that is no object')
  const fields = said as Fields
  const transactionId = text(fields, 'transactionId')
  const startedAt = time(fields, 'startedAt')
  if (transactionId === null || startedAt === null) throw wrong('has a session without `transactionId` or `startedAt`')
  return {
    transactionId,
    startId: text(fields, 'startId'),
    idToken: text(fields, 'idToken'),
    accountId: text(fields, 'accountId'),
    startedAt,
    register_Wh: number(fields, 'register_Wh'),
    endedAt: time(fields, 'endedAt'),
    endRegister_Wh: number(fields, 'endRegister_Wh'),
    reason: text(fields, 'reason'),
  }
}

function text(fields: Fields, key: string): string | null {
  const value = fields[key] ?? null
  if (value === null) return null
  if (typeof value === 'string' && value !== '' && value.length <= MOST_TEXT && value.isWellFormed()) return value
  throw wrong(`has a \`${key}\` that is no text of 1 to ${MOST_TEXT} characters`)
}

function number(fields: Fields, key: string): number | null {
  const value = fields[key] ?? null
  if (value === null || (typeof value === 'number' && Number.isFinite(value) && value >= 0)) return value
  throw wrong(`has a \`${key}\` that is no number of 0 and more`)
}

function time(fields: Fields, key: string): number | null {
  const value = fields[key] ?? null
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (value !== null && Number.isNaN(at)) throw wrong(`has a \`${key}\` that is no time`)
  return value === null ? null : at
}
