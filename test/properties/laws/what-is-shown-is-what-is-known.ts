import { causeOf, type Standing, serviceOf, stands } from '../../../machines/bay-standing.ts'
import type { FactRecord } from '../../../machines/record.ts'
import type { Lived } from '../bay-run.ts'
import type { Law } from '../law.ts'
import { connectors, draws, isPlugged, mustLock } from '../plain-facts.ts'

const every =
  (wrong: (one: Lived) => string | null) =>
  (run: { readonly lived: readonly Lived[] }): string | null => {
    for (const one of run.lived) {
      const broken = wrong(one)
      if (broken !== null) return broken
    }
    return null
  }

/** After the charge: the cable first, then what the cameras say. */
const afterTheCharge = every(({ now, state, draft }) => {
  if (state !== 'exiting') return null
  const seen = { occupied: 'still-here', empty: 'unseen', unknown: 'unconfirmed' }[now.here.presence]
  const known = isPlugged(now) ? 'still-plugged' : seen
  return draft.detail === known ? null : `shown ${draft.detail}, known ${known}`
})

/** While locked: a charge point that is gone first, then a camera that disagrees, then whether it draws. */
const whileLocked = every(({ now, state, draft }) => {
  if (state !== 'charging-locked') return null
  const isGone = connectors(now).some((one) => (one.transaction || one.flow.drawing) && one.link === 'offline')
  if (isGone !== (draft.detail === 'frozen') && draft.rule !== 'orphanRevives' && draft.rule !== 'strangerStarts') {
    if (draft.decisions.some((decision) => decision.type === 'BayLocked')) return null
    return `shown ${draft.detail}, a charge point is gone: ${isGone}`
  }
  if (draft.detail === 'charging' && !draws(now)) return 'shown charging, and nothing draws'
  return draft.detail === 'suspended' && draws(now) && draft.rule !== 'strangerStarts'
    ? 'shown suspended, and it draws'
    : null
})

/** While the newest start waits for its charge point, the bay does not say that it waits for the plug. */
const whileStarting = every(({ now, draft }) => {
  if (draft.detail === 'awaiting-plug' && !now.visit?.payer?.accountId) return 'shown awaiting-plug, and nobody pays'
  const start = now.visit?.starts.at(-1)
  const asks = start?.state === 'asked' && !start.held && now.visit?.payer?.rank === 'plate'
  return asks && draft.detail === 'awaiting-plug' ? `${start.startId} is asked, shown awaiting-plug` : null
})

/** Why names the record that brought the bay where it stands, however much was noted after it. */
const explained = (run: { readonly lived: readonly Lived[] }): string | null => {
  let standing: Standing | null = null
  for (const { was, now, draft, stateBefore, detailBefore } of run.lived) {
    const before = standing && causeOf(standing)
    standing = stands(standing, { ...draft, seq: draft.version } as unknown as FactRecord, now)
    const cause = causeOf(standing)
    const record = cause?.record
    const moved = stateBefore !== draft.state || detailBefore !== draft.detail
    const isNoted = draft.rule === 'note' && !moved && serviceOf(was) === serviceOf(now)
    if (isNoted && (record !== before?.record || cause?.rule !== before?.rule))
      return `${draft.cause.type} was only noted, and why changed to it`
    if (serviceOf(now) === 'in-service' && moved && record?.version !== draft.version)
      return `${draft.cause.type} moved the bay, why is of ${record?.cause.type}`
    if (record && serviceOf(now) === 'in-service' && (record.state !== draft.state || record.detail !== draft.detail))
      return `shown ${draft.detail}, explained by what led to ${record.detail}`
    if (serviceOf(now) !== 'in-service' && cause?.rule !== serviceOf(now))
      return `not in service, and why does not say so`
  }
  return null
}

/** Nobody is told off on a guess: a live camera sees the vehicle, or its cable is in; and nothing charges. */
const blockedByAVehicle = every(({ now, draft }) => {
  if (!draft.decisions.some((decision) => decision.type === 'BayBlocked')) return null
  if (now.here.presence !== 'occupied' && !isPlugged(now)) return 'blocked, and no vehicle is known to stand there'
  return mustLock(now) ? 'blocked, and it charges' : null
})

/** Whoever stands at the bay believes its word: a wrong one sends people to the wrong cable. */
export const law: Law = {
  number: null,
  promise: 'what is shown is what is known',
  matters: 'Whoever stands at the bay believes its word: a wrong one sends people to the wrong cable.',
  own: [],
  bay: [
    { says: 'after the charge a bay says what it knows of cable and vehicle', breach: afterTheCharge },
    { says: 'while locked a bay says whether its charge point is there and whether it draws', breach: whileLocked },
    {
      says: 'a bay asks for the plug once somebody pays, and not while a start waits for its answer',
      breach: whileStarting,
    },
    {
      says: 'a bay is blocked only by a vehicle that is known to stand there without charging',
      breach: blockedByAVehicle,
    },
    {
      says: 'why is what brought the bay where it stands: whatever is only noted afterwards, that answer stays',
      breach: explained,
    },
  ],
}
