/** What a tile of the board says of its bay, before it is drawn or read out. */
import type { BayView } from '../../../projections/bay-view.ts'
import { amperes, ampereText, bayWord, detailWord, masked, overlays, shortWhys, shortWord } from './bay-words.ts'
import { BOARD_WORDS as WORDS } from './board-words.ts'

/** Texts of a tile; `over`: what is not as it should be. */
export type Tile = {
  readonly bayId: string
  readonly state: BayView['state']
  readonly isOff: boolean
  readonly needsYou: boolean
  readonly word: string
  /** The word where there is little room. */
  readonly short: string
  readonly detail: string
  /** ISO 8601; null where it is out of service or faulted: the state is older or younger than that. */
  readonly since: string | null
  readonly plate: string
  readonly amps: string
  readonly over: readonly string[]
  /** Why, as long as there is room for: what happened and the rule, else the rule alone. */
  readonly whys: readonly string[]
}

/** The texts of one bay. */
export function tileOf(bay: BayView, needsYou: boolean): Tile {
  const { bayId, state, since, visit, lock, service } = bay
  const current = amperes(bay)
  return {
    bayId,
    state,
    since: service === 'in-service' ? since : null,
    needsYou,
    isOff: service !== 'in-service',
    word: bayWord(bay),
    short: shortWord(bay),
    detail: detailWord(bay),
    plate: visit === null ? '' : (masked(visit.plate) ?? (visit.plateForgotten ? WORDS.plateForgotten : WORDS.noPlate)),
    amps: lock.locked || (current ?? 0) > 0 ? ampereText(current) : '',
    over: overlays(bay),
    whys: shortWhys(bay),
  }
}

/** The same for somebody who listens: the name first. */
export const spokenTile = ({ bayId, word, detail, needsYou, over, amps }: Tile): string =>
  [bayId, word, detail, needsYou ? WORDS.needsYou : '', ...over, amps].filter((part) => part !== '').join(', ')

/** How many bays are in each state; of those that stand empty, how many a vehicle may come to (`free`), and how many it may not (`off`). */
export type Counts = { readonly [name in (typeof COUNTED)[number]]: number }
export const COUNTED = ['charging', 'seeing', 'asking', 'leaving', 'free', 'off'] as const

/** Every bay counts once. */
export function countsOf(bays: readonly BayView[]): Counts {
  const of = (state: BayView['state']) => bays.filter((bay) => bay.state === state).length
  const free = bays.filter(isFree).length
  return {
    charging: of('charging-locked'),
    seeing: of('detecting'),
    asking: of('authorizing'),
    leaving: of('exiting'),
    free,
    off: of('vacant') - free,
  }
}

const isFree = ({ state, service }: BayView): boolean => state === 'vacant' && service === 'in-service'

/** What a person may look for: all bays, or some. */
export const FILTERS = ['all', 'needs', 'charging', 'free', 'doubtful'] as const
export type Filter = (typeof FILTERS)[number]

/** Whether a bay is what is looked for: by filter, and by a piece of its name, plate or account. */
export function isWanted(bay: BayView, needsYou: boolean, filter: Filter, piece: string): boolean {
  const isKind =
    filter === 'all' ||
    (filter === 'needs' && needsYou) ||
    (filter === 'charging' && bay.state === 'charging-locked') ||
    (filter === 'free' && isFree(bay)) ||
    (filter === 'doubtful' && (overlays(bay).length > 0 || bay.service !== 'in-service'))
  const folded = (text: string | null | undefined) => (text ?? '').toLowerCase().replaceAll(/[\s-]/g, '')
  const wanted = folded(piece)
  if (!isKind || wanted === '') return isKind
  return [bay.bayId, bay.visit?.plate, bay.visit?.accountId].some((text) => folded(text).includes(wanted))
}
