import type { DoesName } from './does.ts'
import type { QuestionName } from './guards.ts'

/** One row of a state's list: the question (none = always), where to, what to do. */
export type Rule = {
  readonly guard?: QuestionName
  readonly target?: string
  readonly does?: DoesName
  readonly reenter?: true
}

/** One transition: when the question says yes, go there and do that. Every step first learns, then notices, then does. */
const rule = ({ guard, target, does = 'note', reenter }: Rule) => ({
  ...(guard ? { guard } : {}),
  ...(target ? { target } : {}),
  ...(reenter ? { reenter: true } : {}),
  actions: [{ type: 'act' as const, params: { does, rule: guard ?? does } }],
})
export const rules = (...list: Rule[]) => list.map(rule)

// A transaction or flow locks from any state; who may not be replaced by a starting card has left.
const REVIVES: Rule = { guard: 'orphanRevives', target: '#bay.charging-locked.charging', does: 'revive' }
export const LOCKS: Rule[] = [
  REVIVES,
  { guard: 'strangerStarts', target: '#bay.charging-locked.suspended', does: 'swapForCard' },
  { guard: 'drawing', target: '#bay.charging-locked.charging', does: 'lock' },
  { guard: 'held', target: '#bay.charging-locked.suspended', does: 'lock' },
]
const LOST: Rule = { guard: 'lostSight', target: '#bay.vacant', does: 'leaveUnconfirmed' }
// A visit that holds nothing ends when its vehicle is seen or inferred to have left, or gave no sign for too long.
export const LEAVES: Rule[] = [
  { guard: 'released', target: '#bay.vacant', does: 'release' },
  { guard: 'claimLost', target: '#bay.vacant', does: 'yieldPlate' },
  { guard: 'leftSeen', target: '#bay.vacant', does: 'leaveSeen' },
  { guard: 'leftInferred', target: '#bay.vacant', does: 'leaveInferred' },
  LOST,
  { guard: 'cableForgotten', target: '#bay.vacant', does: 'leaveUnconfirmed' },
  { guard: 'absent', target: '#bay.vacant', does: 'leaveUnconfirmed' },
]
// Stronger identities jump the queue; a person's no stops it.
export const IDENTIFIES: Rule[] = [
  { guard: 'denied', target: '#bay.authorizing.denied', does: 'refuse' },
  { guard: 'cardPays', target: '#bay.authorizing.awaiting-plug', does: 'byCard' },
  { guard: 'personRead', target: '#bay.authorizing.claiming', does: 'claimCorrected' },
]
export const OPERATOR: Rule[] = [
  { guard: 'operatorReady', target: '#bay.authorizing.starting', does: 'start' },
  { guard: 'operatorPays', target: '#bay.authorizing.awaiting-plug', does: 'waitForPlug' },
]
export const READS: Rule[] = [{ guard: 'agreed', target: '#bay.authorizing.claiming', does: 'claim' }]
export const BEFORE: Rule[] = [...LOCKS, ...LEAVES, ...IDENTIFIES, ...OPERATOR]
const NOTE: Rule = {}
// E06: what the frames no longer agree on before a start became a transaction waits for a card or a person.
export const DISPUTED: Rule = { guard: 'disputed', target: '#bay.authorizing.fallback', does: 'offerDisputed' }
export const SWAP: Rule = { guard: 'anotherCar', target: '#bay.authorizing.claiming', does: 'swapForPlate' }

/** After a start of the site the windows of the state begin anew. */
export const again = (target: string, does: DoesName = 'note') => ({
  'site.resumed': rules({ target, does, reenter: true }),
})
export const news = (...list: Rule[]) => ({ '*': rules(...list, NOTE) })

const LOCKED_DETAILS: readonly Rule[] = [
  { guard: 'linkDown', target: 'frozen' },
  { guard: 'contradicted', target: 'contradicted', does: 'contradict' },
  { guard: 'drawing', target: 'charging' },
  { guard: 'held', target: 'suspended' },
]

/** Rules while locked: a release first, then the detail that says why the lock is as it is. */
export function locked(now: 'charging' | 'suspended' | 'frozen' | 'contradicted'): Rule[] {
  return [
    { guard: 'released', target: '#bay.vacant', does: 'release' },
    { guard: 'strangerStarts', target: '#bay.charging-locked.suspended', does: 'swapForCard' },
    REVIVES,
    // A charge point that is away froze the lock in the moment it went.
    ...(now === 'frozen' ? [LOST] : []),
    ...LOCKED_DETAILS.map((one) => (one.target === now ? { guard: one.guard as QuestionName } : one)),
    { guard: 'strayStartOver', target: '#bay.authorizing.fallback', does: 'offerAgain' },
    { guard: 'stillPlugged', target: '#bay.exiting.still-plugged', does: 'unlock' },
    { guard: 'zoneEmpty', target: '#bay.exiting.unseen', does: 'unlock' },
    { guard: 'stillHere', target: '#bay.exiting.still-here', does: 'unlock' },
    { target: '#bay.exiting.unconfirmed', does: 'unlock' },
  ]
}

// The charge point began with the token of a vehicle that left (E17): the one that stands here gets its own start.
const OWED: Rule = { guard: 'startOwed', target: '#bay.authorizing.starting', does: 'start' }

const LEAVING_DETAILS: readonly Rule[] = [
  { guard: 'stillPlugged', target: 'still-plugged' },
  { guard: 'zoneEmpty', target: 'unseen' },
  { guard: 'stillHere', target: 'still-here' },
  { target: 'unconfirmed' },
]

/** Rules after the charge: the next start, the next vehicle, the way out, and what is known of the vehicle meanwhile. */
export function leaving(now: 'still-plugged' | 'still-here' | 'unseen' | 'unconfirmed'): Rule[] {
  return [
    ...LOCKS,
    { guard: 'replugged', target: '#bay.detecting.collecting', does: 'swapAtPlug' },
    ...LEAVES,
    SWAP,
    { guard: 'cardPays', target: '#bay.authorizing.awaiting-plug', does: 'byCard' },
    ...OPERATOR,
    ...(now === 'still-plugged' ? [OWED] : []),
    ...LEAVING_DETAILS.map((one) => (one.target === now ? (one.guard ? { guard: one.guard } : {}) : one)),
  ]
}

/** Rules that say, of a bay that stays in its state, no more than that it stays: what is only noted, and what holds as it held before. */
export const LEAVES_AS_IT_IS: ReadonlySet<string> = new Set([
  'note',
  ...[...LOCKED_DETAILS, ...LEAVING_DETAILS].flatMap(({ guard }) => guard ?? []),
])
