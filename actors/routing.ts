import type { ConnectorKey, Observation } from '../machines/events.ts'
import type { Bay, Connector, Transaction } from '../machines/knowledge.ts'
import { isLive } from '../machines/learn-transaction.ts'
import type { BaySnapshot } from '../machines/step.ts'
import { pathOf } from '../machines/step.ts'

/** A bay as routing sees it. */
export type Reached = { readonly bayId: string; readonly snapshot: BaySnapshot }

const bayOf = (reached: Reached): Bay => reached.snapshot.context
const stateOf = (reached: Reached): string => pathOf(reached.snapshot.value).state

/** A visit that a plug or a card may belong to: here, and not charging yet. */
export const awaits = (reached: Reached): boolean => ['detecting', 'authorizing'].includes(stateOf(reached))

/** It charges, and since then its cameras saw another vehicle, nobody, or nothing: whose cable that is, is in doubt. */
const isDoubtful = ({ visit, here, connectors }: Bay): boolean =>
  visit?.contradiction != null ||
  Object.values(connectors).some(({ transaction }) => transaction !== null && here.since > transaction.openedAt)

/** Its vehicle has another cable: it charges by one, or plugged one in during this visit. A plug from before the visit may be a neighbour's. */
const hasCable = (bay: Bay, connector: ConnectorKey): boolean =>
  !isDoubtful(bay) &&
  Object.values(bay.connectors).some(
    (other) =>
      other.connector !== connector &&
      (other.transaction !== null || (other.cable === 'in' && (bay.visit === null || bay.visit.pluggedAt !== null))),
  )

/** A visit whose charge is over, and nobody saw its vehicle leave. */
const staysOn = (reached: Reached): boolean =>
  stateOf(reached) === 'exiting' && bayOf(reached).here.presence !== 'empty'

/** No visit, and no camera that sees it empty, or one that read a plate in it since: somebody may stand there, if only with two wheels. */
const isUnknown = (reached: Reached): boolean => {
  const { visit, here, cameras } = bayOf(reached)
  const isRead = Object.values(cameras).some(({ lastReadAt }) => lastReadAt !== null && lastReadAt > here.since)
  return visit === null && (here.presence !== 'empty' || isRead)
}

/** A vehicle that stands in a bay whose charge may be its neighbour's. */
const isMixedUp = (reached: Reached): boolean =>
  isDoubtful(bayOf(reached)) && bayOf(reached).here.presence !== 'empty' && stateOf(reached) === 'charging-locked'

/** The bays whose cable can be this connector's. */
export const reaching = (bays: readonly Reached[], connector: ConnectorKey): Reached[] =>
  bays.filter((reached) => {
    const known = bayOf(reached).connectors[connector]
    return known !== undefined && (known.retired !== true || known.transaction !== null)
  })

/** To whom an observation of a connector belongs: one bay, two or more waiting rivals, or nobody yet. */
export type Route = { readonly to: readonly string[]; readonly rivals: readonly string[] }

const to = (...bayIds: string[]): Route => ({ to: bayIds, rivals: [] })

/**
 * Whose news this is, where several bays reach one connector: the bay with its transaction, then the visit whose start it is,
 * then the one bay whose vehicle it may be; where it may be of two, they are rivals and nobody is started unattended (E33). Status
 * without any of these is told to every bay that reaches the connector, so that each knows its plug.
 */
export function route(bays: readonly Reached[], connector: ConnectorKey, told: Observation): Route {
  // What a bay left behind on a connector that the site file names no more is still its own.
  const heir = bays.find((one) => bayOf(one).connectors[connector]?.retired && holds(bayOf(one), connector, told))
  if (heir) return to(heir.bayId)
  const all = reaching(bays, connector)
  if (all.length <= 1) return to(...all.map((one) => one.bayId))
  const present = all.filter((one) => bayOf(one).visit !== null || bayOf(one).here.presence !== 'empty')
  const holder = all.find((one) => holds(bayOf(one), connector, told))
  if (holder && isNewPlug(bayOf(holder), connector, told) && present.length > 1)
    return { to: [], rivals: present.map((one) => one.bayId) }
  if (holder) return to(holder.bayId)
  if (told.type === 'transaction.started' && told.token.kind === 'start') {
    const startId = told.token.startId
    const own = all.find((one) => bayOf(one).visit?.starts.some((start) => start.startId === startId))
    if (own) return to(own.bayId)
  }
  const plug = isPlug(told)
  if (!plug && told.type !== 'transaction.started' && told.type !== 'meter.values')
    return to(...all.map((one) => one.bayId))
  const known = all.find((one) => knowsPlug(bayOf(one), connector)) ?? lastOf(all, connector)
  if (known) return to(known.bayId)
  const unplugged = all.filter((one) => !hasCable(bayOf(one), connector))
  const waiting = unplugged.filter(awaits)
  // A vehicle that has charged, stands here still and has its cable out may plug in once more (E28), also with the neighbour's cable.
  const mayPlug = unplugged.filter((one) => awaits(one) || staysOn(one) || isUnknown(one) || isMixedUp(one))
  if (plug && present.length > 1 && !wasHeard(all, connector))
    return { to: [], rivals: present.map((one) => one.bayId) }
  if (plug && mayPlug.length === 1) return to((mayPlug[0] as Reached).bayId)
  // Where every camera sees nobody, one of them is wrong, and nobody knows which.
  const rivals = mayPlug.length > 1 ? mayPlug : unplugged
  if (plug && rivals.length > 1) return { to: [], rivals: rivals.map((one) => one.bayId) }
  if (waiting.length === 1) return to((waiting[0] as Reached).bayId)
  if (waiting.length > 1)
    return to((waiting.find((one) => paysHere(bayOf(one), told)) ?? (waiting[0] as Reached)).bayId)
  const seen = all.filter((one) => bayOf(one).here.presence === 'occupied' || bayOf(one).visit !== null)
  if (seen.length === 1) return to((seen[0] as Reached).bayId)
  return to((all[0] as Reached).bayId)
}

/** A plug comes in at a charge point that had already said Available: it may be anybody's, though the bay's transaction was never closed. */
const isNewPlug = (bay: Bay, connector: ConnectorKey, told: Observation): boolean =>
  told.type === 'connector.status' &&
  told.status === 'preparing' &&
  (bay.connectors[connector]?.availableAt ?? null) !== null

/** A cable goes in, in the words of a status. */
const isPlug = (told: Observation): boolean =>
  told.type === 'connector.status' && !['available', 'reserved', 'unavailable', 'faulted'].includes(told.status)

/**
 * Two neighbours on one post plug in within `plugAmbiguity_s`, each at a connector that the site file gives to one of them: their cables
 * may be crossed, so nobody is started unattended (E34). Answers the bays, or none. `at`: ms since 1970.
 */
export function crossedPlugs(
  bays: readonly Reached[],
  connector: ConnectorKey,
  told: Observation,
  at: number,
): readonly string[] {
  const [own, ...more] = reaching(bays, connector)
  const known = own && bayOf(own).connectors[connector]
  if (!own || more.length > 0 || !known || known.cable === 'in' || !isPlug(told) || !awaits(own)) return []
  const since = at - bayOf(own).policy.plugAmbiguity_s * 1000
  const others = bays.filter(
    (one) => one !== own && awaits(one) && (bayOf(one).visit?.pluggedAt ?? 0) >= since && pluggedAtPost(one, known),
  )
  return others.length === 0 ? [] : [own, ...others].map((one) => one.bayId)
}

/** Its cable is in at the same post, at another connector, and does not charge yet. */
const pluggedAtPost = (one: Reached, { chargePointId, connector }: Connector): boolean =>
  Object.values(bayOf(one).connectors).some(
    (other) =>
      other.chargePointId === chargePointId &&
      other.connector !== connector &&
      other.cable === 'in' &&
      other.transaction === null,
  )

/** The bay with the connector's open transaction, or with the orphan that the news is about. */
function holds(bay: Bay, connector: ConnectorKey, told: Observation): boolean {
  const known = bay.connectors[connector]
  if (!known) return false
  return (
    known.transaction !== null ||
    (known.orphan !== null && 'transactionId' in told && told.transactionId === known.orphan.transaction.transactionId)
  )
}

/** The bay that was told of the plug, or whose flow it is. */
const knowsPlug = (bay: Bay, connector: ConnectorKey): boolean =>
  bay.connectors[connector]?.cable === 'in' || bay.connectors[connector]?.flow.drawing === true

/** The connector spoke before over this link: a plug that it tells of now has just come in, and not while nobody heard. */
const wasHeard = (all: readonly Reached[], connector: ConnectorKey): boolean =>
  all.some((one) => {
    const known = bayOf(one).connectors[connector]
    return known?.link === 'online' && (known.statusAt ?? 0) >= known.linkAt
  })

/** The bay whose transaction was the connector's last, while nobody has said that its cable is out. */
function lastOf(all: readonly Reached[], connector: ConnectorKey): Reached | undefined {
  const endedAt = (reached: Reached): number => {
    const known = bayOf(reached).connectors[connector]
    return known?.cable === 'unknown' && known.status !== 'available' ? (known.lastEnded?.at ?? 0) : 0
  }
  const last = all.reduce((one, other) => (endedAt(other) > endedAt(one) ? other : one))
  return endedAt(last) > 0 ? last : undefined
}

/** A card has said who pays, and this visit is the same account's. Among strangers the first waiting bay is told: the card's account pays there too. */
const paysHere = (bay: Bay, told: Observation): boolean =>
  told.type === 'transaction.started' &&
  told.token.kind === 'card' &&
  told.token.accountId !== null &&
  bay.visit?.payer?.accountId === told.token.accountId

const connectorsAt = (reached: Reached, chargePointId: string): readonly Connector[] =>
  Object.values(bayOf(reached).connectors).filter((one) => one.chargePointId === chargePointId)

/** This charge point's open transactions in the bay. */
const openAt = (reached: Reached, chargePointId: string): readonly Transaction[] =>
  connectorsAt(reached, chargePointId).flatMap(({ transaction }) => (transaction ? [transaction] : []))

/** The charge point's own word for the connector knows nothing of the transaction that the bay takes for open. */
const saysOver = (reached: Reached, chargePointId: string): boolean =>
  connectorsAt(reached, chargePointId).some(
    ({ transaction, status }) =>
      transaction !== null && (status === 'available' || status === 'preparing' || status === 'finishing'),
  )

/**
 * The one bay that a card held before this charge point can be about; null where it may be of two, or of none. Where the charge point
 * names the transaction (2.x), the bay with it. Else the one bay that awaits a card; else, on a post of one bay, that bay in the middle of
 * its charge: on a post of several a neighbour who shows a card early would take over a bill, whatever cameras see. So would the next
 * driver, where the charge may be over, or is of a vehicle that another took the place of.
 */
export function bayOfCard(
  bays: readonly Reached[],
  { chargePointId, transactionId }: { readonly chargePointId: string; readonly transactionId?: string },
): string | null {
  const holds = (one: Reached): boolean =>
    openAt(one, chargePointId).some((transaction) => transaction.transactionId === transactionId)
  if (transactionId !== undefined) return bays.find(holds)?.bayId ?? null
  const reached = bays.filter((one) => connectorsAt(one, chargePointId).length > 0)
  // On a post of several bays, one whose payer is decided awaits no card: it may be the neighbour's.
  const waiting = reached.filter((one) => awaits(one) && (reached.length === 1 || bayOf(one).visit?.payer === null))
  if (waiting.length > 0) return waiting.length === 1 ? (waiting[0]?.bayId ?? null) : null
  const [only, ...more] = reached
  if (!only || more.length > 0 || isDoubtful(bayOf(only)) || saysOver(only, chargePointId)) return null
  return openAt(only, chargePointId).length === 1 ? only.bayId : null
}

/** A token that berth made still charges its visit. */
export function startLives(bay: Bay | undefined, startId: string): boolean {
  return bay?.visit?.starts.some((start) => start.startId === startId && isLive(start.state)) ?? false
}
