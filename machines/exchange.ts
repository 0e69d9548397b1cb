import type { EffectDraft } from './deeds.ts'
import { connectorKey } from './events.ts'
import type { Cause, Decision, FactRecord } from './record.ts'
import type { ConnectorTraits } from './site-news.ts'

/**
 * Bays whose arrivals and plugs look exchanged (E34): a vehicle waits at one, the plug comes in at the other, and the other way
 * round, for days. Folded from the log alone, decided by the `site` stream and replayed like a bay.
 */
export type Exchange = { readonly bays: Map<string, BaySign>; readonly pairs: Map<string, Pair> }

/** What of a bay the fold must know. `waits`: a vehicle was seen, a visit is open and no cable of its own is in. */
type BaySign = {
  readonly bayId: string
  connectors: readonly Pick<ConnectorTraits, 'connector' | 'connectionTimeout_s'>[]
  /** Until when `Preparing` may only say that the charge point waits for the cable of a start, by connector. ms since 1970. */
  readonly prepares: Map<string, number>
  readonly saw: Map<string, 'occupied' | 'empty' | 'unknown'>
  readonly plugged: Set<string>
  state: string
  /** Arrivals of plugs that came where a vehicle waited, nobody else waiting: what speaks against an exchange. ms since 1970. */
  proper: number[]
  /** The newest visit whose payer by plate was replaced by somebody else's card. */
  crossed: { readonly from: string; readonly to: string; readonly seq: number; readonly at: number } | null
  /** The site file named it no more: it says nothing until it is heard of again. */
  gone: boolean
}

/** Seq of its evidence, its arrival (ms since 1970), and where the vehicle stood: null where both did (crossed cards). */
type Episode = { readonly seqs: readonly number[]; readonly at: number; readonly vehicleAt: string | null }

/**
 * Two bays. `due` is what the site has to write and stays as it was decided until it is written, whatever happens meanwhile: what was
 * decided is the same in every replay. `changed`: the site file changed one of the two meanwhile.
 */
type Pair = {
  readonly bays: readonly [string, string]
  episodes: Episode[]
  stage: 'watched' | 'noticed'
  due: PairRuling | null
  changed: boolean
  /** Plugs that came right since the notice, without an episode between. */
  right: number
}

/** One record for the `site` stream. */
export type PairRuling = {
  readonly cause: Cause
  readonly decisions: readonly Decision[]
  readonly effects: readonly EffectDraft[]
}

/** One exchange of cables happens to anybody, and so do two; of a pair that is exchanged every visit is one. */
const EPISODES = 3
/** A marquee, a broken cable or a works team explain one day. */
const SPAN_ms = 86_400_000
/** What is older says nothing of how the site is wired now. */
const WINDOW_ms = 14 * 86_400_000
/** Two cards that crossed within this time were two drivers at one post. */
const CROSSED_ms = 3_600_000
/** So many plugs in a row at the right bay say that it was mended. */
const MENDED = 3

export const noExchange = (): Exchange => ({ bays: new Map(), pairs: new Map() })

/** Folds one record of any stream. Changes and returns the same value: it has one owner. */
export function foldExchange(exchange: Exchange, record: FactRecord): Exchange {
  if (record.stream === 'site') foldRuling(exchange, record)
  if (record.bayId === null) return exchange
  const bay = signOf(exchange, record.bayId)
  bay.gone = false
  const at = Date.parse(record.at)
  const { cause } = record
  if (cause.type === 'profile.adopted' || cause.type === 'zones.published') changed(exchange, bay, cause)
  const plug = plugOf(bay, cause, at)
  if (plug !== null && !bay.plugged.has(plug)) pluggedIn(exchange, bay, plug, record.seq, at)
  if (plug !== null) bay.plugged.add(plug)
  if (cause.type === 'connector.status' && cause['status'] === 'available')
    bay.plugged.delete(String(cause['connector']))
  look(bay, cause)
  for (const effect of record.effects)
    if (effect.type === 'start.charging' && effect['leaves'] === true)
      expects(bay, connectorKey(String(effect['chargePointId']), Number(effect['evse'])), at)
  for (const decision of record.decisions)
    if (decision.type === 'IdentityUpgraded') crossed(exchange, bay, decision, record.seq, at)
  bay.state = record.state ?? bay.state
  return exchange
}

/** What the site has to write now, oldest pair first. */
export const dueRulings = ({ pairs }: Exchange): readonly PairRuling[] =>
  [...pairs.values()].flatMap(({ due }) => due ?? [])

/** Pairs that were noticed and of which the site file names a bay no more: nobody can mend them. */
export const goneRulings = ({ pairs }: Exchange, bayIds: ReadonlySet<string>): readonly PairRuling[] =>
  [...pairs.values()]
    .filter((pair) => pair.stage === 'noticed' && pair.due === null && pair.bays.some((bayId) => !bayIds.has(bayId)))
    .map((pair) => cleared(pair, 'bay-gone'))

/**
 * That the site file names bays no more, each said once; null where there is none. A vehicle that waited there would wait for ever,
 * and hide every exchange of the others.
 */
export function goneBays({ bays }: Exchange, bayIds: ReadonlySet<string>): PairRuling | null {
  const gone = [...bays.values()].filter((bay) => !bay.gone && !bayIds.has(bay.bayId)).map(({ bayId }) => bayId)
  return gone.length === 0 ? null : { cause: { type: 'bays.gone', bays: gone }, decisions: [], effects: [] }
}

/** What the site decides by this cause after the records folded so far; null where the cause is none of a pair's. */
export function rulePair({ pairs }: Exchange, cause: Cause): PairRuling | null {
  if (cause.type !== 'pair.noticed' && cause.type !== 'pair.cleared') return null
  const pair = pairs.get(keyOf(cause['bays']))
  const nothing: PairRuling = { cause, decisions: [], effects: [] }
  if (!pair) return nothing
  if (cause['why'] === 'bay-gone') return pair.stage === 'noticed' ? cleared(pair, 'bay-gone') : nothing
  return pair.due?.cause.type === cause.type ? pair.due : nothing
}

function foldRuling(exchange: Exchange, { cause }: FactRecord): void {
  if (cause.type === 'bays.gone') foldGone(exchange, cause)
  const { pairs } = exchange
  const pair = pairs.get(keyOf(cause['bays']))
  if (!pair) return
  if (cause.type === 'pair.noticed') {
    Object.assign(pair, { stage: 'noticed', due: null, right: 0 })
    if (pair.changed) pair.due = cleared(pair, 'site-file-changed')
  }
  if (cause.type === 'pair.cleared') pairs.delete(keyOf(cause['bays']))
}

/** Nothing that was seen of them counts any more; what they were plugged into may come back with them. */
function foldGone({ bays }: Exchange, cause: Cause): void {
  for (const bayId of Array.isArray(cause['bays']) ? cause['bays'] : []) {
    const bay = bays.get(String(bayId))
    if (!bay) continue
    for (const seen of [bay.saw, bay.plugged, bay.prepares]) seen.clear()
    Object.assign(bay, { state: 'vacant', proper: [], crossed: null, gone: true } satisfies Partial<BaySign>)
  }
}

function signOf({ bays }: Exchange, bayId: string): BaySign {
  const known = bays.get(bayId)
  if (known) return known
  const sign: BaySign = {
    bayId,
    connectors: [],
    prepares: new Map(),
    saw: new Map(),
    plugged: new Set(),
    state: 'vacant',
    proper: [],
    crossed: null,
    gone: false,
  }
  bays.set(bayId, sign)
  return sign
}

/** 1.6 says Preparing for a start as for a cable. */
function expects(bay: BaySign, connector: string, at: number): void {
  const traits = bay.connectors.find((one) => one.connector === connector)
  if (traits) bay.prepares.set(connector, at + traits.connectionTimeout_s * 1000)
}

const PLUGGED = ['charging', 'suspended-ev', 'suspended-evse', 'finishing']

/** The connector whose cable the cause says is in, or null. */
function plugOf(bay: BaySign, cause: Cause, at: number): string | null {
  const connector = String(cause['connector'])
  if (!reaches(bay, connector)) return null
  if (cause.type === 'transaction.started') return connector
  if (cause.type !== 'connector.status') return null
  const status = String(cause['status'])
  const isPlug = status === 'preparing' ? at >= (bay.prepares.get(connector) ?? 0) : PLUGGED.includes(status)
  return isPlug ? connector : null
}

const reaches = (bay: BaySign, connector: string): boolean => bay.connectors.some((one) => one.connector === connector)

/** What the bay's cameras see. */
function look({ saw }: BaySign, cause: Cause): void {
  const cameraId = String(cause['cameraId'])
  if (cause.type === 'site.resumed') saw.clear()
  else if (cause.type === 'zone.empty') saw.set(cameraId, 'empty')
  else if (cause.type === 'zone.unknown' || cause.type === 'camera.lost') saw.set(cameraId, 'unknown')
  else if (cause.type === 'vehicle.seen' || (cause.type.startsWith('plate.') && cause['fresh'] === true))
    saw.set(cameraId, 'occupied')
}

const sees = ({ saw }: BaySign, what: 'occupied' | 'empty'): boolean => {
  const words = [...saw.values()]
  return words.includes('occupied') ? what === 'occupied' : what === 'empty' && words.includes('empty')
}

const waits = (bay: BaySign): boolean =>
  (bay.state === 'detecting' || bay.state === 'authorizing') && bay.plugged.size === 0 && sees(bay, 'occupied')

/** A cable came in: where the one waiting vehicle stands, or at a bay that is seen empty while it stands elsewhere. */
function pluggedIn(exchange: Exchange, bay: BaySign, connector: string, seq: number, at: number): void {
  const waiting = [...exchange.bays.values()].filter(waits)
  const only = waiting.length === 1 ? waiting[0] : undefined
  if (!only) return
  if (only === bay) return proper(exchange, bay, at)
  if (!sees(bay, 'empty') || reaches(only, connector)) return
  episode(exchange, [only.bayId, bay.bayId], { seqs: [seq], at, vehicleAt: only.bayId })
}

/** The plug came where it belongs. After a notice a few of them in a row say that it was mended. */
function proper({ pairs }: Exchange, bay: BaySign, at: number): void {
  bay.proper = [...bay.proper.filter((one) => one > at - WINDOW_ms), at]
  for (const pair of pairs.values()) {
    if (pair.stage !== 'noticed' || pair.due !== null || !pair.bays.includes(bay.bayId)) continue
    pair.right += 1
    if (pair.right >= MENDED) pair.due = cleared(pair, 'plugs-come-right')
  }
}

/** Two visits, each with the other's card. */
function crossed(exchange: Exchange, bay: BaySign, decision: Decision, seq: number, at: number): void {
  const [from, to] = [decision['fromAccount'], decision['accountId']]
  if (decision['from'] !== 'plate' || decision['person'] === true) return
  if (typeof from !== 'string' || typeof to !== 'string' || from === to) return
  bay.crossed = { from, to, seq, at }
  for (const other of exchange.bays.values()) {
    const before = other.crossed
    if (other === bay || before === null || at - before.at > CROSSED_ms) continue
    if (before.from !== to || before.to !== from) continue
    episode(exchange, [other.bayId, bay.bayId], { seqs: [before.seq, seq], at, vehicleAt: null })
    other.crossed = null
    bay.crossed = null
    return
  }
}

function episode(exchange: Exchange, bayIds: readonly [string, string], one: Episode): void {
  const bays = [...bayIds].sort() as unknown as [string, string]
  const key = keyOf(bays)
  const fresh: Pair = { bays, episodes: [], stage: 'watched', due: null, changed: false, right: 0 }
  const pair = exchange.pairs.get(key) ?? fresh
  exchange.pairs.set(key, pair)
  pair.right = 0
  pair.episodes = [...pair.episodes.filter((old) => old.at > one.at - WINDOW_ms), one]
  if (pair.stage === 'watched' && pair.due === null && looksExchanged(exchange, pair, one.at)) pair.due = noticed(pair)
}

/** Often enough, over long enough, in both directions, and more often than plugs came right. */
function looksExchanged({ bays }: Exchange, { bays: both, episodes }: Pair, at: number): boolean {
  const first = episodes[0]
  if (!first || episodes.length < EPISODES || at - first.at < SPAN_ms) return false
  const proper = both.flatMap((bayId) => bays.get(bayId)?.proper ?? []).filter((one) => one > at - WINDOW_ms)
  return (
    both.every((bayId) => episodes.some(({ vehicleAt }) => vehicleAt === null || vehicleAt === bayId)) &&
    episodes.length > proper.length
  )
}

/** The site file says something new of the bay: what was seen under the old one says nothing any more. */
function changed({ pairs }: Exchange, bay: BaySign, cause: Cause): void {
  if (cause.type === 'profile.adopted') {
    bay.connectors = Array.isArray(cause['connectors']) ? (cause['connectors'] as unknown as BaySign['connectors']) : []
    bay.plugged.clear()
  }
  bay.proper = []
  bay.crossed = null
  for (const [key, pair] of pairs) {
    if (!pair.bays.includes(bay.bayId)) continue
    pair.changed = true
    if (pair.stage === 'watched' && pair.due === null) pairs.delete(key)
    else if (pair.stage === 'noticed' && pair.due === null) pair.due = cleared(pair, 'site-file-changed')
  }
}

const keyOf = (bays: unknown): string => (Array.isArray(bays) ? JSON.stringify(bays) : '')
const alarmOf = ([a, b]: Pair['bays']): string => `site/exchanged-${a}-${b}`

function noticed({ bays, episodes }: Pair): PairRuling {
  const seqs = episodes.flatMap((one) => one.seqs)
  const days = Math.ceil(((episodes.at(-1)?.at ?? 0) - (episodes[0]?.at ?? 0)) / SPAN_ms)
  const [a, b] = bays
  const says = `${a} and ${b} look exchanged: ${episodes.length} times in ${days} ${days === 1 ? 'day' : 'days'} a plug or a card came at one of them while its vehicle stood at the other (records ${seqs.join(', ')}).`
  return {
    cause: { type: 'pair.noticed', bays },
    decisions: [{ type: 'PairLooksExchanged', bays, episodes: seqs }],
    effects: [
      {
        type: 'raise.alarm',
        alarmId: alarmOf(bays),
        alarm: 'exchanged',
        says,
        do: `Compare the connectors and the zones of ${a} and ${b} in the site file with the place itself; correct the file and start berth again.`,
      },
    ],
  }
}

const cleared = ({ bays }: Pair, why: 'site-file-changed' | 'plugs-come-right' | 'bay-gone'): PairRuling => ({
  cause: { type: 'pair.cleared', bays, why },
  decisions: [{ type: 'PairCleared', bays, why }],
  effects: [{ type: 'clear.alarm', alarmId: alarmOf(bays) }],
})
