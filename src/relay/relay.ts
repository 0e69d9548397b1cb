import type { OcppLog } from '../../actors/ocpp/ocpp-counters.ts'
import type { Chance, Clock } from '../../actors/ports.ts'
import { lockStore } from '../journal/store-lock.ts'
import type { SecurityProfile } from '../ocpp/door-keeper.ts'
import type { OcppTls } from '../ocpp/ocpp-listener.ts'
import { ChargePointMemory, metaValue } from './charge-point-memory.ts'
import { ChargePointRelay } from './charge-point-relay.ts'
import { CopyRing } from './copy-ring.ts'
import { IdMap } from './id-map.ts'
import { LastingNews } from './lasting-news.ts'
import { type LogicChannel, openLogicChannel } from './logic-channel.ts'
import { LogicDesk } from './logic-desk.ts'
import { RedialBell } from './redial-bell.ts'
import { RelayCounters } from './relay-counters.ts'
import type { RelayNews, RelayState } from './relay-news.ts'
import { RelayServer } from './relay-server.ts'
import { RelayStore } from './relay-store.ts'
import { TokenTable } from './token-table.ts'
import { TransactionPayers } from './transaction-payers.ts'
import { SeqSource } from './transaction-queue.ts'
import { type UpstreamTlsFiles, unreadableFile } from './upstream-line.ts'

/** What a relay is started with; JSON, so that it can be handed to a process. */
export type RelaySettings = {
  /** Its own file; its lock and its socket lie beside it. */
  readonly path: string
  /** The Unix socket for berth's logic. */
  readonly channel: string
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly chargePoints: readonly {
    readonly id: string
    /** `wss://csms.example/ocpp`; the charge point's id is put behind it. */
    readonly upstream: string
    /** Checked here; absent = the back end checks what the charge point sends. */
    readonly password?: string
    /** 2 and 3 need `tls` of the relay's own door. */
    readonly security?: SecurityProfile
    /** PEM files towards the back end, read at each dial: who is trusted there, and the client certificate of security profile 3. */
    readonly upstreamTls?: UpstreamTlsFiles
  }[]
  /** TLS towards charge points. */
  readonly tls?: OcppTls
  /** The back end's no to an alias does not reach the charge point. */
  readonly overridesRefusals?: boolean
  /** In the back end's absence an Authorize of a card hears an error; false: nothing. Default true. */
  readonly cardsHearError?: boolean
  /** OCPP 2's type of the aliases. Default Central. */
  readonly aliasType?: string
  /** First pause before a lost back end is dialled again, ms; doubles up to a minute. Default 500. */
  readonly redial_ms?: number
  /** How long the back end may be gone before its absence is answered for, ms. Default 2,000. */
  readonly patience_ms?: number
  /** How long the handshake of a charge point waits for the back end, ms. Default 5,000. */
  readonly dialWithin_ms?: number
  /** How long the back end may think about a message that it gets late, ms. Default 30,000. */
  readonly answerWithin_ms?: number
  /** A logic that takes nothing for so long is cut off, ms. Default 30,000. */
  readonly stalledFor_ms?: number
}

export type RelayParts = {
  readonly clock: Clock
  readonly chance: Chance
  /** A hash of the settings, for whoever looks whether it is the relay that is wanted. */
  readonly settings?: string
  readonly log?: OcppLog
  /** It was started for itself, and does not end with the logic. */
  readonly kept?: boolean
  /** The logic asks for the end. */
  readonly stop?: () => void
}

export type Relay = {
  readonly port: number
  state(): RelayState
  /** Takes the passwords of now, by charge point; who is connected stays. */
  adopt(passwords: { readonly [id: string]: string }): void
  /** Closes every connection; what is owed stays in the file. */
  close(): Promise<void>
}

/** Opens the relay. Throws Fault STORE_OWNED where another one has its file, and the system's error where the port is taken. */
export async function openRelay(settings: RelaySettings, parts: RelayParts): Promise<Relay> {
  const { clock, chance } = parts
  const lock = lockStore(settings.path)
  const counters = new RelayCounters()
  const run = chance.hex(12)
  const ring = new CopyRing()
  const told: { channel: LogicChannel | null } = { channel: null }
  try {
    const store = new RelayStore(settings.path, counters, clock.now())
    const lasting = new LastingNews(store, ring)
    const news = (item: RelayNews): void => {
      lasting.tell(item, clock.now())
      told.channel?.nudge()
    }
    lock.sign(0, new Date(clock.now()).toISOString())
    const tokens = new TokenTable(store, clock)
    const memory = new ChargePointMemory(store)
    const log = parts.log ?? (() => undefined)
    const ids = new IdMap(store, clock)
    const payers = new TransactionPayers(store, clock)
    const relays = openRelays(settings, { clock, chance, store, tokens, ids, payers, memory, counters, news, log })
    const { host, port, tls = null, dialWithin_ms = 5_000, stalledFor_ms = 30_000 } = settings
    const doors = settings.chargePoints
    const server = new RelayServer({ host, port, tls, relays, doors, memory, clock, counters, dialWithin_ms, log })
    await server.listen()
    const state = (): RelayState => ({
      run,
      last: ring.last,
      heard: ring.heard,
      pid: process.pid,
      settings: parts.settings ?? '',
      kept: parts.kept ?? false,
      port: server.port,
      tlsPort: server.tlsPort,
      cpu_ms: cpuTime(),
      rss: process.memoryUsage.rss(),
      counters: counters.read(),
      tokens: tokens.live(),
      chargePoints: settings.chargePoints.flatMap(({ id, upstreamTls }) => {
        const one = relays.get(id)?.state
        const lacks = one?.upstream === false ? unreadableFile(upstreamTls) : null
        return one ? [lacks === null ? one : { ...one, lacks }] : []
      }),
    })
    const adopt: Relay['adopt'] = (passwords) => server.adopt(passwords)
    const heard = (): void => lasting.heard()
    const stop = (): void => parts.stop?.()
    const desk = new LogicDesk({ relays, tokens, payers, store, state, adopt, heard, stop })
    told.channel = await openLogicChannel({ path: settings.channel, clock, ring, desk, counters, stalledFor_ms })
    for (const relay of relays.values()) relay.payDebts()
    const sweeping = sweep(clock, [store, tokens, ids, payers], relays)
    return {
      port: server.port,
      state,
      adopt,
      close: async () => {
        sweeping.stop()
        for (const relay of relays.values()) relay.close()
        await server.close()
        await told.channel?.close()
        store.close()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

const SWEEP_MS = 3_600_000
const REMEMBERED_MS = 24 * 3_600_000

/** Once an hour what nobody needs any more leaves the file, and memory. */
function sweep(
  clock: Clock,
  kept: readonly { forgetOld(now: number): void }[],
  relays: ReadonlyMap<string, ChargePointRelay>,
): { stop(): void } {
  let disarm: () => void = () => undefined
  const next = (): void => {
    disarm = clock.after(SWEEP_MS, () => {
      for (const one of kept) one.forgetOld(clock.now())
      for (const relay of relays.values()) relay.forgetBefore(clock.now() - REMEMBERED_MS)
      next()
    })
  }
  for (const relay of relays.values()) relay.forgetBefore(clock.now() - REMEMBERED_MS)
  next()
  return { stop: () => disarm() }
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  return Math.round((user + system) / 1_000)
}

type Shared = {
  readonly clock: Clock
  readonly chance: Chance
  readonly store: RelayStore
  readonly tokens: TokenTable
  readonly ids: IdMap
  readonly payers: TransactionPayers
  readonly log: OcppLog
  readonly memory: ChargePointMemory
  readonly counters: RelayCounters
  readonly news: (news: RelayNews) => void
}

function openRelays(settings: RelaySettings, shared: Shared): ReadonlyMap<string, ChargePointRelay> {
  const { redial_ms = 500, patience_ms = 2_000, answerWithin_ms = 30_000, overridesRefusals = false } = settings
  const { cardsHearError = true, aliasType = 'Central' } = settings
  const seqs = new SeqSource()
  const bells = new Map(settings.chargePoints.map(({ upstream }) => [hostOf(upstream), new RedialBell()]))
  const prefix = `berth-${metaValue(shared.store, 'prefix', () => shared.chance.hex(6))}-`
  const all = {
    ...shared,
    seqs,
    prefix,
    redial_ms,
    patience_ms,
    answerWithin_ms,
    overridesRefusals,
    cardsHearError,
    aliasType,
  }
  return new Map(
    settings.chargePoints.map(({ id, upstream, password, upstreamTls: tls }) => [
      id,
      new ChargePointRelay({
        ...all,
        bell: bells.get(hostOf(upstream)) ?? new RedialBell(),
        chargePointId: id,
        upstream,
        ...(tls ? { tls } : {}),
        ...(password === undefined ? {} : { password }),
      }),
    ]),
  )
}

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : address)
