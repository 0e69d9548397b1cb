import { awaitsSamples } from '../machines/after-end.ts'
import { connectorKey, type Observation } from '../machines/events.ts'
import { sensed, sensorsLost } from './bay-sensor.ts'
import {
  announced,
  baysAt,
  type DeskPorts,
  deliver,
  note,
  openTransactions,
  origin,
  profileOf,
  tokenOfStart,
  tokenOfTransaction,
  tokensSent,
  updated,
} from './charge-point-delivery.ts'
import { STATUSES } from './charge-point-words.ts'
import type { TakenSample } from './meter-feed.ts'
import type { ChargePointDesk, ChargePointNews, DeskAnswer, MeterSample } from './ports.ts'
import { bayOfCard } from './routing.ts'
import { strayEnd } from './stray-stops.ts'
import { answerOf, knower } from './token-reference.ts'
import { markOf, started, tokenOf } from './transaction-start.ts'

type Of<T extends ChargePointNews['type']> = Extract<ChargePointNews, { type: T }>

const YES: DeskAnswer = { status: 'accepted', transactionId: null }

/** Hears charge points: finds whose news it is, what the token stands for, and answers once the record is durable. */
export function chargePointDesk(ports: DeskPorts): ChargePointDesk {
  const starting = new Map<string, Promise<DeskAnswer>>()
  return {
    async hear(heard) {
      const news = wellFormed(heard)
      watch(ports, news)
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
        case 'announced':
          return announced(ports, news)
        case 'updated':
          return updated(ports, news)
        case 'sensed':
          return sensed(ports, news)
      }
    },
    open: (chargePointId) => openTransactions(ports, chargePointId),
    tokenOfTransaction: (transactionId) => tokenOfTransaction(ports, transactionId),
    tokenOfStart: (chargePointId, remoteStartId) => tokenOfStart(ports, chargePointId, remoteStartId),
  }
}

/** Text that a charge point cut in the middle of a character would poison the record it stands in. */
function wellFormed(news: ChargePointNews): ChargePointNews {
  const values = Object.values(news)
  if (values.every((value) => typeof value !== 'string' || value.isWellFormed())) return news
  return Object.fromEntries(
    Object.entries(news).map(([key, value]) => [key, typeof value === 'string' ? value.toWellFormed() : value]),
  ) as ChargePointNews
}

async function link(ports: DeskPorts, news: Of<'online' | 'offline'>): Promise<DeskAnswer> {
  const type = news.type === 'online' ? 'charger.online' : 'charger.offline'
  if (news.type === 'offline') await sensorsLost(ports, news.chargePointId)
  const own = baysAt(ports, news.chargePointId).filter((one) =>
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
  // Whether energy flows after an Available decides whether it was an end; after a word that ended the flow the next sample begins it.
  const silenced = word === 'suspended-ev' && profileOf(ports, news.chargePointId).silentWhenSuspended
  if (word === 'available' || silenced) ports.meters.doubted(connector)
  await deliver(ports, connector, told)
  return YES
}

/** What it says of its family. A stop is told with the connector that its transaction ran at. */
function watch(ports: DeskPorts, news: ChargePointNews): void {
  if (!ports.traits) return
  const isToken = news.type === 'authorize' || news.type === 'started'
  const sent = isToken ? tokensSent(ports, news.chargePointId) : []
  const connector = news.type === 'ended' ? ports.site().book.find(news.transactionId)?.connector : undefined
  ports.traits.hear(news, connector === undefined ? null : evseOf(connector), sent)
}

const evseOf = (connector: string): number => Number(connector.slice(connector.lastIndexOf('/') + 1))

/** A card is told to the one bay that it can be about: as evidence of who is there, also in the middle of a charge (E31). */
async function authorize(ports: DeskPorts, news: Of<'authorize'>): Promise<DeskAnswer> {
  const token = await tokenOf(ports, news)
  const told: Observation = {
    type: 'token.presented',
    ...origin(ports, news.chargePointId),
    chargePointId: news.chargePointId,
    token,
  }
  const only = token.kind === 'card' ? bayOfCard(baysAt(ports, news.chargePointId), news) : null
  if (only !== null) await ports.site().tell(only, told)
  else
    await note(ports, {
      type: 'token.presented',
      chargePointId: news.chargePointId,
      kind: token.kind,
      standing: token.kind === 'card' ? token.standing : token.live ? 'live' : 'dead',
      ...knower(token),
    })
  return { status: news.verdict ?? answerOf(token), transactionId: null }
}

async function ended(ports: DeskPorts, said: Of<'ended'>): Promise<DeskAnswer> {
  const isStray =
    !ports.site().book.find(said.transactionId) && profileOf(ports, said.chargePointId).strayStop === 'ends-the-open'
  const stray = isStray ? strayEnd(baysAt(ports, said.chargePointId), said) : null
  const news = stray === null ? said : { ...said, transactionId: stray }
  if (stray !== null) {
    ports.count('transaction.end_stray')
    await note(ports, {
      type: 'transaction.end_attached',
      chargePointId: said.chargePointId,
      said: said.transactionId,
      transactionId: stray,
    })
  }
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
  await samples(ports, news.chargePointId, evseOf(known.connector), news.transactionId, news.samples, true)
  // What flows after it is no end: the next sample is told.
  ports.meters.doubted(known.connector)
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
    // Two in a row say that energy flows after an end: none of them is thinned.
    if (
      baysAt(ports, chargePointId).some((one) =>
        awaitsSamples(one.snapshot.context, connector, sample.current_A, ports.site().now()),
      )
    )
      ports.meters.doubted(connector)
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
