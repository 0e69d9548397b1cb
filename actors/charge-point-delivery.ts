import type { ConnectorKey, Observation } from '../machines/events.ts'
import type { Register } from '../machines/register.ts'
import type { ChainAnswer, PayerQuestion } from './authorizer-chain.ts'
import type { MeterFeed } from './meter-feed.ts'
import { remoteStartIdOf } from './ocpp/ocpp2-words.ts'
import type { ChargePointProfile } from './ocpp/profiles/charge-point-profile.ts'
import { DEFAULT_PROFILE } from './ocpp/profiles/default.ts'
import type { ChargePointNews, DeskAnswer, Entry, Ids, Keys, OpenTransaction } from './ports.ts'
import { crossedPlugs, type Reached, reaching, route } from './routing.ts'
import type { Site } from './site.ts'
import type { TraitWatch } from './trait-watch.ts'

/** What the desk for charge points needs of the world. */
export type DeskPorts = {
  readonly site: () => Site
  readonly ids: Ids
  readonly keys: Pick<Keys, 'findStart' | 'card' | 'mark'> & Partial<Pick<Keys, 'tokenOf'>>
  readonly register: () => Register
  readonly timezone: string
  readonly meters: MeterFeed
  readonly count: (name: string) => void
  /** What is known of a charge point's family; absent = nothing. */
  readonly profile?: (chargePointId: string) => ChargePointProfile
  /** The account of a vehicle whose alias this token is (proxy). */
  readonly accountOf?: (idToken: string) => string | null
  /** Learns traits from what comes in; it never changes an answer. */
  readonly traits?: Pick<TraitWatch, 'hear'>
  /** Asks others for a card that the register does not know; absent = nobody. Never rejects. */
  readonly askPayer?: (question: PayerQuestion) => Promise<ChainAnswer>
}

/** The bays that a charge point may reach, as routing sees them. */
export const baysAt = (ports: DeskPorts, chargePointId: string): Reached[] =>
  ports
    .site()
    .reached.of(chargePointId)
    .map((host) => ({ bayId: host.bayId, snapshot: host.snapshot }))
/** The same for one of its connectors. */
export const baysAround = (ports: DeskPorts, connector: ConnectorKey): Reached[] =>
  baysAt(ports, connector.slice(0, connector.lastIndexOf('/')))
/** Names an observation of this source. */
export const origin = (ports: DeskPorts, source: string): { id: string; source: string } => ({
  id: ports.ids.next('observation'),
  source,
})

/** A fact of the site that concerns no bay, kept so that an auditor finds it; `effects`: what people are told by it. */
export async function note(
  ports: DeskPorts,
  cause: { readonly type: string; readonly [key: string]: string | number | boolean | null },
  effects: NonNullable<Entry['effects']> = [],
): Promise<void> {
  await ports.site().write([{ stream: 'site', cause, decisions: [], effects, personal: {} }])
}

/** Tells the bay whose news it is; rivals for one plug are told so instead, and nobody is started. */
export async function deliver(ports: DeskPorts, connector: string, told: Observation): Promise<string | null> {
  const all = baysAround(ports, connector)
  const { to, rivals: reached } = route(all, connector, told)
  const rivals = reached.length > 0 ? reached : crossedPlugs(all, connector, told, ports.site().now())
  if (reaching(all, connector).length === 0) ports.count('connector.unknown')
  await Promise.all(
    rivals.map((bayId) =>
      ports.site().tell(bayId, {
        type: 'plug.ambiguous',
        ...origin(ports, told.source),
        connector,
        rivals: rivals.filter((one) => one !== bayId),
      }),
    ),
  )
  await Promise.all(to.map((bayId) => ports.site().tell(bayId, told)))
  return to[0] ?? null
}

/** What is known of a charge point's family. */
export const profileOf = (ports: DeskPorts, chargePointId: string): ChargePointProfile =>
  ports.profile?.(chargePointId) ?? DEFAULT_PROFILE

/** Tokens that berth sent to this charge point and that are not long gone. */
export function tokensSent(ports: DeskPorts, chargePointId: string): string[] {
  return baysAt(ports, chargePointId).flatMap(({ snapshot: { context } }) =>
    (context.visit?.starts ?? [])
      .filter((start) => start.connector.startsWith(`${chargePointId}/`))
      .flatMap((start) => ports.keys.tokenOf?.(start.startId) ?? []),
  )
}

/** Transactions of this charge point that bays take for open. */
export const openTransactions = (ports: DeskPorts, chargePointId: string): OpenTransaction[] =>
  baysAt(ports, chargePointId).flatMap(({ snapshot: { context } }) =>
    Object.values(context.connectors)
      .filter((connector) => connector.chargePointId === chargePointId)
      .flatMap(({ evse, transaction, orphan }) =>
        [transaction, orphan?.transaction ?? null].flatMap((one) =>
          one ? [{ transactionId: one.transactionId, evse, accepted: !one.unpaid }] : [],
        ),
      ),
  )

/** The token of the one start that a station names by its number. */
export function tokenOfStart(ports: DeskPorts, chargePointId: string, remoteStartId: number): string | null {
  const start = baysAt(ports, chargePointId)
    .flatMap(({ snapshot: { context } }) => context.visit?.starts ?? [])
    .find((one) => one.connector.startsWith(`${chargePointId}/`) && remoteStartIdOf(one.startId) === remoteStartId)
  return start ? (ports.keys.tokenOf?.(start.startId) ?? null) : null
}

/** A start whose transaction runs before its plug is in: kept, since a station names the start only once. */
export async function announced(
  ports: DeskPorts,
  { chargePointId, transactionId, idToken }: Extract<ChargePointNews, { type: 'announced' }>,
): Promise<DeskAnswer> {
  const start = ports.keys.findStart(idToken.toUpperCase())
  if (start) {
    const cause = { type: 'transaction.announced', chargePointId, transactionId, startId: start.startId } as const
    await note(ports, cause)
    ports.site().book.fold(null, cause, ports.site().now())
  }
  return { status: 'accepted', transactionId: null }
}

/** The token of the start that a transaction was announced for. */
export function tokenOfTransaction(ports: DeskPorts, transactionId: string): string | null {
  const startId = ports.site().book.announced(transactionId)
  return startId === null ? null : (ports.keys.tokenOf?.(startId) ?? null)
}

/** A bay is told what is known of its own transaction; of others there is nothing to say. */
export async function updated(
  ports: DeskPorts,
  news: Extract<ChargePointNews, { type: 'updated' }>,
): Promise<DeskAnswer> {
  const known = ports.site().book.find(news.transactionId)
  const yes: DeskAnswer = { status: 'accepted', transactionId: null }
  if (!known || known.bayId === null || !ports.site().hosts.has(known.bayId)) return yes
  await ports.site().tell(known.bayId, {
    type: 'transaction.updated',
    ...origin(ports, news.chargePointId),
    connector: known.connector,
    transactionId: news.transactionId,
    ongoing: news.ongoing,
  })
  return yes
}
