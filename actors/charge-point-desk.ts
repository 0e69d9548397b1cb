import { connectorKey, type Observation, type TokenRef } from '../machines/events.ts'
import type { Register } from '../machines/register.ts'
import { cardStanding } from '../machines/register.ts'
import { STATUSES } from './charge-point-words.ts'
import type { MeterFeed, TakenSample } from './meter-feed.ts'
import type { ChargePointDesk, ChargePointNews, DeskAnswer, Ids, Keys, MeterSample } from './ports.ts'
import { awaits, type Reached, reaching, route, startLives } from './routing.ts'
import type { Site } from './site.ts'
import type { Entered } from './transaction-book.ts'

export type DeskPorts = {
  readonly site: () => Site
  readonly ids: Ids
  readonly keys: Pick<Keys, 'findStart' | 'card' | 'mark'>
  readonly register: () => Register
  readonly timezone: string
  readonly meters: MeterFeed
  readonly count: (name: string) => void
}

type Of<T extends ChargePointNews['type']> = Extract<ChargePointNews, { type: T }>

const YES: DeskAnswer = { status: 'accepted', transactionId: null }

/** Hears charge points: finds whose news it is, what the token stands for, and answers once the record is durable. */
export function chargePointDesk(ports: DeskPorts): ChargePointDesk {
  const starting = new Map<string, Promise<DeskAnswer>>()
  return {
    async hear(heard) {
      const news = wellFormed(heard)
      switch (news.type) {
        case 'online':
        case 'offline':
          return link(ports, news)
        case 'booted':
          await note(ports, { ...news, type: 'charger.booted' })
          return YES
        case 'status':
          return status(ports, news)
        case 'authorize':
          return authorize(ports, news)
        case 'started': {
          // A repeat that comes while the first is still being written shares its fate.
          const key = markOf(ports, news)
          const answer = starting.get(key) ?? started(ports, news, key).finally(() => starting.delete(key))
          starting.set(key, answer)
          return answer
        }
        case 'ended':
          return ended(ports, news)
        case 'meter':
          await samples(ports, news.chargePointId, news.evse, news.transactionId, news.samples, false)
          return YES
      }
    },
  }
}

/** Text that a charge point cut in the middle of a character would poison the record it stands in. */
const wellFormed = (news: ChargePointNews): ChargePointNews =>
  Object.fromEntries(
    Object.entries(news).map(([key, value]) => [key, typeof value === 'string' ? value.toWellFormed() : value]),
  ) as ChargePointNews

const bays = (ports: DeskPorts): Reached[] =>
  [...ports.site().hosts.values()].map((host) => ({ bayId: host.bayId, snapshot: host.snapshot }))
const origin = (ports: DeskPorts, source: string): { id: string; source: string } => ({
  id: ports.ids.next('observation'),
  source,
})

/** A fact of the site that concerns no bay, kept so that an auditor finds it. */
async function note(
  ports: DeskPorts,
  cause: { readonly type: string; readonly [key: string]: string | number | boolean | null },
): Promise<void> {
  await ports.site().write([{ stream: 'site', cause, decisions: [], personal: {} }])
}

async function link(ports: DeskPorts, news: Of<'online' | 'offline'>): Promise<DeskAnswer> {
  const type = news.type === 'online' ? 'charger.online' : 'charger.offline'
  const own = bays(ports).filter((one) =>
    Object.values(one.snapshot.context.connectors).some((connector) => connector.chargePointId === news.chargePointId),
  )
  await Promise.all(
    own.map((one) =>
      ports.site().tell(one.bayId, { type, ...origin(ports, news.chargePointId), chargePointId: news.chargePointId }),
    ),
  )
  return YES
}

async function status(ports: DeskPorts, news: Of<'status'>): Promise<DeskAnswer> {
  const word = STATUSES[news.status.toLowerCase()]
  if (!word || news.evse === 0) {
    ports.count(word ? 'status.whole_charge_point' : 'status.unknown_word')
    return YES
  }
  const connector = connectorKey(news.chargePointId, news.evse)
  const told: Observation = {
    type: 'connector.status',
    ...origin(ports, news.chargePointId),
    connector,
    status: word,
    errorCode: news.errorCode,
    happenedAt: news.happenedAt,
  }
  await deliver(ports, connector, told)
  return YES
}

/** Tells the bay whose news it is; rivals for one plug are told so instead, and nobody is started. */
async function deliver(ports: DeskPorts, connector: string, told: Observation): Promise<string | null> {
  const all = bays(ports)
  const { to, rivals } = route(all, connector, told)
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

/** What a token stands for. Berth's own are answered by their start's life, cards by the register. */
function tokenRef(ports: DeskPorts, idToken: string): TokenRef {
  const start = ports.keys.findStart(idToken.toUpperCase())
  if (start) {
    const live = bays(ports).some((one) => startLives(one.snapshot.context, start.startId))
    return { kind: 'start', startId: start.startId, visitId: start.visitId, live }
  }
  const handle = ports.keys.card(idToken.toUpperCase())
  const { standing, accountId } = cardStanding(ports.register(), handle, ports.site().now(), ports.timezone)
  return { kind: 'card', handle, accountId, standing }
}

const answerOf = (token: TokenRef): DeskAnswer['status'] => {
  if (token.kind === 'start') return token.live ? 'accepted' : 'invalid'
  if (token.standing === 'accepted' && token.accountId !== null) return 'accepted'
  return token.standing === 'blocked'
    ? 'blocked'
    : token.standing === 'expired' || token.standing === 'out-of-hours'
      ? 'expired'
      : 'invalid'
}

/** A card names a bay only where exactly one bay of its charge point awaits one; otherwise its StartTransaction will. */
async function authorize(ports: DeskPorts, news: Of<'authorize'>): Promise<DeskAnswer> {
  const token = tokenRef(ports, news.idToken)
  const told: Observation = {
    type: 'token.presented',
    ...origin(ports, news.chargePointId),
    chargePointId: news.chargePointId,
    token,
  }
  const reached = bays(ports).filter((one) =>
    Object.values(one.snapshot.context.connectors).some((connector) => connector.chargePointId === news.chargePointId),
  )
  // On a post of several bays, one whose payer is decided awaits no card: it may be the neighbour's.
  const waiting = reached.filter(
    (one) => awaits(one) && (reached.length === 1 || one.snapshot.context.visit?.payer === null),
  )
  const only = token.kind === 'card' && waiting.length === 1 ? waiting[0] : undefined
  if (only) await ports.site().tell(only.bayId, told)
  else
    await note(ports, {
      type: 'token.presented',
      chargePointId: news.chargePointId,
      kind: token.kind,
      standing: token.kind === 'card' ? token.standing : token.live ? 'live' : 'dead',
    })
  return { status: answerOf(token), transactionId: null }
}

/** The mark of one start, however often it is sent. */
const markOf = (ports: DeskPorts, news: Of<'started'>): string =>
  ports.keys.mark(
    [news.chargePointId, news.evse, news.idToken.toUpperCase(), news.register_Wh, news.happenedAt].join('|'),
  )

async function started(ports: DeskPorts, news: Of<'started'>, key: string): Promise<DeskAnswer> {
  const book = ports.site().book
  const connector = connectorKey(news.chargePointId, news.evse)
  const before = book.repeated(key)
  // Without a time of its own only a start that still runs can be the same: the next charge from register 0 looks alike.
  if (before && (news.happenedAt !== null || runs(ports, before))) {
    ports.count('transaction.repeated')
    return { status: before.accepted ? 'accepted' : 'invalid', transactionId: before.transactionId }
  }
  const token = tokenRef(ports, news.idToken)
  const status = belongs(ports, connector, token) ? answerOf(token) : 'invalid'
  const transactionId = book.next()
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
  const { to } = route(bays(ports), connector, told)
  book.enter({ transactionId, bayId: to[0] ?? null, connector, accepted: status === 'accepted' }, key)
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

/** The transaction is open in its bay. */
const runs = (ports: DeskPorts, { bayId, connector, transactionId }: Entered): boolean =>
  bayId !== null && ports.site().bay(bayId)?.connectors[connector]?.transaction?.transactionId === transactionId

/** A start of one bay used at a connector that this bay does not reach is nobody's (E33). */
function belongs(ports: DeskPorts, connector: string, token: TokenRef): boolean {
  if (token.kind === 'card') return true
  const own = bays(ports).find((one) => startLives(one.snapshot.context, token.startId))
  return own?.snapshot.context.connectors[connector] !== undefined
}

async function ended(ports: DeskPorts, news: Of<'ended'>): Promise<DeskAnswer> {
  const known = ports.site().book.find(news.transactionId)
  // A bay that the site file names no more hears nothing: its transaction's end is kept beside it.
  if (
    !known ||
    known.bayId === null ||
    !ports.site().hosts.has(known.bayId) ||
    !known.connector.startsWith(`${news.chargePointId}/`)
  ) {
    ports.count('transaction.end_unknown')
    await note(ports, {
      type: 'transaction.ended',
      chargePointId: news.chargePointId,
      transactionId: news.transactionId,
      register_Wh: news.register_Wh,
      reason: news.reason,
      known: false,
    })
    return YES
  }
  const evse = Number(known.connector.slice(known.connector.lastIndexOf('/') + 1))
  await samples(ports, news.chargePointId, evse, news.transactionId, news.samples, true)
  await ports.site().tell(known.bayId, {
    type: 'transaction.ended',
    ...origin(ports, news.chargePointId),
    connector: known.connector,
    transactionId: news.transactionId,
    register_Wh: news.register_Wh,
    reason: news.reason,
    happenedAt: news.happenedAt,
  })
  return YES
}

/** Meter values are answered once what was worth telling is durable; samples that could not be written are told again. */
async function samples(
  ports: DeskPorts,
  chargePointId: string,
  evse: number,
  transactionId: string | null,
  list: readonly MeterSample[],
  edge: boolean,
): Promise<void> {
  if (evse === 0) return
  const connector = connectorKey(chargePointId, evse)
  for (const sample of list) {
    const taken: TakenSample = { ...sample, transactionId, ...(edge ? { edge } : {}) }
    const told = ports.meters.take(connector, taken)
    if (!told) continue
    try {
      await deliver(ports, connector, told)
    } catch (cause) {
      ports.meters.failed(connector)
      throw cause
    }
  }
}
