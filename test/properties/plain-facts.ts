import type { Rank } from '../../machines/events.ts'
import type { Bay, Connector } from '../../machines/knowledge.ts'
import type { Decision, Draft } from '../../machines/record.ts'

/** What laws ask of a bay's bare fields: said once more here, so that a law never believes the function that it judges. */

export const connectors = (bay: Bay): readonly Connector[] => Object.values(bay.connectors)
export const isOpen = (bay: Bay): boolean => connectors(bay).some((one) => one.transaction !== null)
export const draws = (bay: Bay): boolean => connectors(bay).some((one) => one.flow.drawing)
export const isPlugged = (bay: Bay): boolean => connectors(bay).some((one) => one.cable === 'in')
/** A transaction is open or energy flows. */
export const mustLock = (bay: Bay): boolean => isOpen(bay) || draws(bay)
/** Neither transaction nor cable nor flow. */
export const isBare = (bay: Bay): boolean => !mustLock(bay) && !isPlugged(bay)

/** A live sample not older than `lock.stale_s` says that energy flows; `at` ms since 1970. */
export const drawsFresh = (bay: Bay, at: number): boolean =>
  connectors(bay).some(({ flow }) => flow.drawing && flow.at !== null && at - flow.at <= bay.policy.lock.stale_s * 1000)

const WEAKEST_FIRST: readonly Rank[] = ['guess', 'plate', 'autocharge', 'operator', 'card', 'plug-and-charge']
export const outranks = (rank: Rank, other: Rank): boolean => WEAKEST_FIRST.indexOf(rank) > WEAKEST_FIRST.indexOf(other)

/** A start whose token may still charge somebody. */
export const mayStillCharge = (state: string): boolean => ['asked', 'accepted', 'unanswered'].includes(state)

export const decided = (draft: Draft, type: string): readonly Decision[] =>
  draft.decisions.filter((decision) => decision.type === type)
export const ordered = (draft: Draft, type: string) => draft.effects.filter((effect) => effect.type === type)

/** Equal as records see it. */
export const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
