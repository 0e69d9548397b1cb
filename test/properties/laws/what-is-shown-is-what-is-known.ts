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
  ],
}
