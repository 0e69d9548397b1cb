import { connectorKey, type Observation, type TokenRef } from '../machines/events.ts'
import { baysAround, baysAt, type DeskPorts, deliver, note, origin, profileOf } from './charge-point-delivery.ts'
import type { ChargePointNews, DeskAnswer } from './ports.ts'
import { noticeFresh, noticeRepeat } from './repeated-start.ts'
import { route, startLives } from './routing.ts'
import { answerOf, judgedElsewhere, knownElsewhere, tokenRef } from './token-reference.ts'
import { type Entered, isNamed, isOpenIn, type TransactionBook } from './transaction-book.ts'

type Of<T extends ChargePointNews['type']> = Extract<ChargePointNews, { type: T }>

/** What a token stands for at this charge point; others are asked about a card that the register does not know. */
export async function tokenOf(ports: DeskPorts, news: Of<'authorize' | 'started'>): Promise<TokenRef> {
  const { chargePointId, idToken, rank, verdict } = news
  const token = tokenRef(
    {
      ...ports,
      lives: (startId) => livesAnywhere(ports, chargePointId, startId),
      now: () => ports.site().now(),
    },
    idToken,
    profileOf(ports, chargePointId).autochargePrefix,
  )
  if (token.kind === 'start')
    return news.type === 'started' ? token : { ...token, live: token.live && isHere(ports, news, token.startId) }
  const ranked = token.kind === 'card' && rank !== undefined ? { ...token, rank } : token
  if (verdict !== undefined) return judgedElsewhere(ranked, ports.accountOf?.(idToken) ?? null, verdict)
  const evse = news.type === 'started' ? news.evse : null
  return ports.askPayer ? knownElsewhere(ports.askPayer, ranked, { chargePointId, evse, idToken }) : ranked
}

/** Some bay still goes by this start: nearly always one of the charge point's own, so that others are asked about dead and copied tokens alone. */
const livesAnywhere = (ports: DeskPorts, chargePointId: string, startId: string): boolean =>
  baysAt(ports, chargePointId).some(({ snapshot }) => startLives(snapshot.context, startId)) ||
  [...ports.site().hosts.values()].some(({ bay }) => startLives(bay, startId))

/** A start’s token opens the connectors of its own bay: at another charge point somebody only copied it. */
function isHere(ports: DeskPorts, { chargePointId }: Of<'authorize'>, startId: string): boolean {
  const own = baysAt(ports, chargePointId).find((one) => startLives(one.snapshot.context, startId))
  return Object.values(own?.snapshot.context.connectors ?? {}).some((one) => one.chargePointId === chargePointId)
}

/**
 * It looks like a start whose transaction is over, and the other back end gave it a number of its own: its clock stands still, and this is
 * the next one. Where berth gives the numbers a start that equals an ended one is a late repeat (E21).
 */
const isNext = (book: TransactionBook, news: Of<'started'>, before: string): boolean =>
  nameOf(news) === null && news.transactionId != null && news.transactionId !== before && book.isOver(before)

/** The name by which the charge point itself calls it; null where it has none, or another back end gives it one. */
const nameOf = ({ transactionId, namedAnew }: Of<'started'>): string | null =>
  namedAnew ? null : (transactionId ?? null)

/**
 * The mark of one start, however often it is sent: what is claimed of it, and with whose token. A station that names its transactions
 * may use a name again: the name alone marks nothing.
 */
export const markOf = (ports: DeskPorts, news: Of<'started'>): string =>
  ports.keys.mark(
    [
      nameOf(news) ?? `${news.chargePointId}|${news.evse}|${news.register_Wh}`,
      news.idToken.toUpperCase(),
      news.happenedAt,
    ].join('|'),
  )

/** A transaction begins, or is told of once more: a repeat is answered as the first was. Any other is a new one, under a name of its own. */
export async function started(ports: DeskPorts, news: Of<'started'>, key: string): Promise<DeskAnswer> {
  const book = ports.site().book
  const connector = connectorKey(news.chargePointId, news.evse)
  const marked = book.repeated(key)
  // Without a time of its own only a start that still runs can be the same: the next charge from register 0 looks alike.
  const isSame = marked && !isNext(book, news, marked.transactionId)
  const before = isSame && (news.happenedAt !== null || runs(ports, marked)) ? marked : null
  if (before) {
    await noticeRepeat(ports, news, before)
    return repeated(ports, before)
  }
  const token = await tokenOf(ports, news)
  const same = sameOpen(ports, connector, news, token)
  if (same) return repeated(ports, same)
  await noticeFresh(ports, news)
  const status = news.verdict ?? (belongs(ports, connector, token) ? answerOf(token) : 'invalid')
  const name = nameOf(news)
  const transactionId = name === null ? (news.transactionId ?? book.next()) : book.nameFor(name)
  const told: Observation = {
    type: 'transaction.started',
    ...origin(ports, news.chargePointId),
    connector,
    transactionId,
    token,
    key,
    register_Wh: news.register_Wh,
    accepted: status === 'accepted',
    happenedAt: news.happenedAt,
  }
  const { to } = route(baysAround(ports, connector), connector, told)
  book.enter(
    { transactionId, bayId: to[0] ?? null, connector, accepted: status === 'accepted' },
    key,
    ports.site().now(),
  )
  try {
    const bayId = await deliver(ports, connector, told)
    if (bayId === null)
      await note(ports, {
        type: 'transaction.started',
        chargePointId: news.chargePointId,
        connector,
        transactionId,
        key,
        accepted: status === 'accepted',
      })
  } catch (cause) {
    book.forget(transactionId, key)
    throw cause
  }
  return { status, transactionId }
}

function repeated(ports: DeskPorts, { accepted, transactionId }: Entered): DeskAnswer {
  ports.count('transaction.repeated')
  return { status: accepted ? 'accepted' : 'invalid', transactionId }
}

/**
 * The open transaction that this start is told of once more, with another time: at the same connector with the same token, under the
 * same name where the station gave it one, else from the same register.
 */
function sameOpen(ports: DeskPorts, connector: string, news: Of<'started'>, token: TokenRef): Entered | null {
  for (const { snapshot } of baysAround(ports, connector)) {
    const open = snapshot.context.connectors[connector]?.transaction
    if (!open) continue
    const isToken = token.kind === 'start' ? open.startId === token.startId : open.card === token.handle
    const isSame =
      news.transactionId === undefined
        ? news.register_Wh !== null && open.first_Wh === news.register_Wh
        : isNamed(open.transactionId, news.transactionId)
    if (isToken && isSame) return ports.site().book.find(open.transactionId)
  }
  return null
}

/** The transaction is open in its bay. */
const runs = (ports: DeskPorts, known: Entered): boolean => isOpenIn(ports.site().bay(known.bayId ?? ''), known)

/** A start of one bay used at a connector that this bay does not reach is nobody's (E33). */
function belongs(ports: DeskPorts, connector: string, token: TokenRef): boolean {
  if (token.kind === 'card') return true
  const own = baysAround(ports, connector).find((one) => startLives(one.snapshot.context, token.startId))
  return own?.snapshot.context.connectors[connector] !== undefined
}
