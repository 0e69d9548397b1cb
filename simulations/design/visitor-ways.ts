import type { DesignScenario } from './design-scenario.ts'
import type { Stage } from './design-stage.ts'

/** Ways of drivers and vehicles that sites meet, each with what it means. Every visit has each of them by the scenario's share, independently. */
export const VISITOR_WAYS = {
  backsIn: 'backs in, beyond the share of the layout',
  parksCrooked: 'stands over the line to the next bay',
  dirtyPlate: 'has a plate that is hard to read for dirt',
  noPlate: 'has no plate that could be read',
  clonedPlate: 'carries the plate of a registered vehicle, one that is at the site now if there is any',
  lookAlikePlate: 'is a stranger whose plate differs by one character from a registered one',
  tailgates: 'comes so close behind another vehicle that both plates are in one track',
  drivesPast: 'turns into another free bay for some seconds, and drives on to its own',
  cardOnly: 'has an account and a card, and a plate that nobody registered; presents the card at once',
  strayCard: 'presents a card that nobody knows',
  lateCard: 'presents a card in the middle of a charge that its plate started',
  plugsFirst: 'plugs in while the first frames are still taken',
  plugsIntoNeighbour: 'takes the free cable of the bay beside',
  sharesCable: 'takes the cable out of a full neighbour and plugs it into its own vehicle',
  pauses: 'takes no current for some minutes in the middle of its charge',
  replugs: 'takes the cable out in the middle of its charge and plugs in again',
  stopsAndStays: 'ends its charge at the charge point and stays, plugged in',
  leavesCable: 'leaves with the cable still in the charge point',
  drivesOff: 'drives off with the cable in: the charge point is dark for a while',
  swapsCars: 'is followed within two seconds by another vehicle that stays as long',
} as const

export type VisitorWay = keyof typeof VISITOR_WAYS

/** The names, in the order in which they are drawn. */
export const WAY_NAMES = Object.keys(VISITOR_WAYS) as VisitorWay[]

/** Visits from this number on are second vehicles of a swap; they have no ways of their own. */
export const SWAPPED_FROM = 1_000_000_000

const NONE: ReadonlySet<VisitorWay> = new Set()

/** Whether a scenario gives any of them a share. */
export const hasWays = ({ personalities }: DesignScenario): boolean => WAY_NAMES.some((name) => personalities[name] > 0)

/** The ways of one visit: drawn once, each whether it is asked for or not, so that two designs meet the same drivers. */
export function waysOf({ scenario, streams }: Stage, index: number): ReadonlySet<VisitorWay> {
  if (index >= SWAPPED_FROM || !hasWays(scenario)) return NONE
  const draws = streams.of('ways', index)
  const found = WAY_NAMES.filter((name) => draws.chance(scenario.personalities[name]))
  return found.length === 0 ? NONE : new Set(found)
}
