import type { ChainAnswer, PayerQuestion } from '../../actors/authorizer-chain.ts'
import type { DeskAnswer, Entry } from '../../actors/ports.ts'
import { memory } from '../../actors/record-memory.ts'
import { startLives } from '../../actors/routing.ts'
import type { Site } from '../../actors/site.ts'
import type { Handle } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { Effect, FactRecord } from '../../machines/record.ts'
import type { Register } from '../../machines/register.ts'
import type { KeyStore } from '../privacy/key-store.ts'
import type { RegisterTexts } from '../register-texts.ts'
import type { RelayNews, RelayState } from '../relay/relay-news.ts'
import type { SiteFile } from '../site-file.ts'
import { Aliases } from './aliases.ts'
import { RefusedStarts } from './refused-starts.ts'

type Refused = Extract<ChainAnswer, { readonly granted: false }>

const NOES: { readonly [status in Exclude<DeskAnswer['status'], 'accepted'>]: Refused['reason'] } = {
  blocked: 'blocked',
  expired: 'expired',
  invalid: 'unknown',
  concurrent: 'alias-busy',
}

/** The protocol's words for what a back end answers. */
const SAID: { readonly [status in DeskAnswer['status']]: string } = {
  accepted: 'Accepted',
  blocked: 'Blocked',
  expired: 'Expired',
  invalid: 'Invalid',
  concurrent: 'ConcurrentTx',
}

export type SiteProxyPorts = {
  readonly overridesRefusals: boolean
  readonly site: () => Site
  readonly keys: Pick<KeyStore, 'findCard' | 'tokenOf'>
  readonly register: () => Register
  readonly texts: RegisterTexts
  /** Something could not be written down. */
  readonly failed: (what: string, cause: unknown) => void
}

/** What the site tells the relay's end. */
type RelayEnd = {
  bury(token: string): void
  forget(subject: string): Promise<void>
  authorizeAlias(chargePointId: string, alias: string): Promise<DeskAnswer['status'] | null>
}

/** Null where berth is the charge points' back end itself. */
export const siteProxy = (
  parts: Omit<SiteProxyPorts, 'overridesRefusals'> & { readonly file: Pick<SiteFile, 'ocpp'> },
): SiteProxy | null => {
  const { mode, aliasRefused } = parts.file.ocpp
  return mode === 'proxy' ? new SiteProxy({ ...parts, overridesRefusals: aliasRefused === 'override' }) : null
}

/** What a site does differently where another back end bills: only vehicles that it knows, and its word on cards. */
export class SiteProxy {
  readonly aliases: Aliases
  readonly #ports: SiteProxyPorts
  /** Starts that live, by bay. */
  readonly #living = new Map<string, ReadonlySet<string>>()
  readonly #refused = new RefusedStarts()
  #relay: RelayEnd | null = null
  /** What is remembered by records alone. */
  readonly memory = memory({ living: this.#living, refused: this.#refused.memory })

  constructor(ports: SiteProxyPorts) {
    this.#ports = ports
    const bays = (): ReturnType<SiteProxy['bays']> => this.bays()
    this.aliases = new Aliases({ ...ports, bays })
  }

  /** Every bay as it is now. */
  bays() {
    return [...this.#ports.site().hosts.values()].map((host) => host.bay)
  }

  /** The relay is there. */
  attach(relay: RelayEnd): void {
    this.#relay = relay
  }

  /**
   * The last link of who pays: the back end's own Authorize with the alias. A no is a reason to start nothing; where it does not say,
   * the start will tell. Where its refusals are overridden nobody is asked.
   */
  async refusal({ chargePointId, handle }: Pick<PayerQuestion, 'chargePointId' | 'handle'>): Promise<Refused | null> {
    const alias = this.aliases.of(handle)
    if (alias === null || chargePointId === null || !this.#relay || this.#ports.overridesRefusals) return null
    const status = await this.#relay.authorizeAlias(chargePointId, alias)
    if (status === null || status === 'accepted') return null
    const news = { event: 'alias.refused', chargePointId, startId: '', status: SAID[status], heard: true } as const
    this.told(news).catch((cause: unknown) => this.#ports.failed('relay', cause))
    return { granted: false, reason: NOES[status], by: 'upstream' }
  }

  /** False for a stop of what another back end's card began: whether it goes on is that back end's to say. */
  carries(effect: Effect, record: FactRecord): boolean {
    if (effect.type !== 'stop.charging' || effect['reason'] !== 'nobody-pays') return true
    const bay = record.bayId === null ? undefined : this.#ports.site().bay(record.bayId)
    const stopped = Object.values(bay?.connectors ?? {}).find(
      ({ transaction }) => transaction?.transactionId === effect['transactionId'],
    )
    return stopped?.transaction?.card == null
  }

  /** A record of a bay: starts that have died meanwhile start nothing any more at the relay either. */
  hear(record: FactRecord, live: boolean): void {
    this.#refused.fold(record)
    if (live) this.#afterRefusal(record)
    if (record.bayId === null) return
    const bay = this.#ports.site().bay(record.bayId)
    const before = this.#living.get(record.bayId) ?? new Set()
    const now = new Set((bay?.visit?.starts ?? []).map(({ startId }) => startId).filter((id) => startLives(bay, id)))
    this.#living.set(record.bayId, now)
    for (const startId of before) if (!now.has(startId)) this.#bury(startId)
  }

  /** What a late no leads to: a charge point that was away is told to stop again, and a bill made since is disputed. */
  #afterRefusal({ cause, decisions }: FactRecord): void {
    const isBilled = decisions.some(({ type }) => type === 'SessionBilled')
    if (isBilled || cause.type === 'alias.refused') this.#disputeDue()
    if (cause.type !== 'charger.online') return
    const { chargePointId } = cause
    const effects = this.#refused.stops(this.bays()).filter((stop) => stop['chargePointId'] === chargePointId)
    if (effects.length > 0) this.#notes({ ...PLAIN, cause: { type: 'alias.refusal.held', chargePointId }, effects })
  }

  #disputeDue(): void {
    const decisions = this.#refused.takeDisputes()
    if (decisions.length > 0) this.#notes({ ...PLAIN, cause: { type: 'session.disputed', by: 'back end' }, decisions })
  }

  /** The relay has come up with these tokens alive: some may have died while nobody could say so. */
  greeted({ tokens }: RelayState): void {
    this.#disputeDue()
    const bays = this.bays()
    for (const { token, startId } of tokens) if (!bays.some((bay) => startLives(bay, startId))) this.#relay?.bury(token)
  }

  /** What the relay has to say beside frames, for people and auditors; rejects where it could not be written down. */
  async told(news: RelayNews): Promise<void> {
    const { overridesRefusals } = this.#ports
    if (news.event !== 'alias.refused') return this.#write(entryOf(news))
    const isLate = !news.heard && !overridesRefusals
    const stops = isLate ? this.#refused.stops(this.bays(), news.startId) : []
    return this.#write(refusalOf(news, stops, overridesRefusals))
  }

  #notes(entry: Entry): void {
    this.#write(entry).catch((cause: unknown) => this.#ports.failed('relay', cause))
  }

  async #write(entry: Entry | null): Promise<void> {
    if (entry) await this.#ports.site().write([entry])
  }

  /** Somebody is erased: resolves when the relay's file too knows nothing of them, and rejects where it cannot say so. */
  async forget(handle: Handle): Promise<void> {
    if (!this.#relay)
      throw new Fault('CHARGE_POINT_OFFLINE', {}, { says: 'The relay is not there yet to forget them.' })
    await this.#relay.forget(handle)
  }

  #bury(startId: string): void {
    const token = this.#ports.keys.tokenOf(startId)
    if (token !== null) this.#relay?.bury(token)
  }
}

/** The fact of the site, and its alarm. Neither token nor alias is in it. */
function entryOf(news: RelayNews): Entry | null {
  switch (news.event) {
    case 'transaction.billed': {
      const { chargePointId, startId, transactionId, upstreamTransactionId } = news
      const cause = { type: 'transaction.billed', chargePointId, startId, transactionId, upstreamTransactionId }
      const over = ['alias', 'unbilled'].map((what) => ({ type: 'clear.alarm', alarmId: `${what}/${chargePointId}` }))
      return { ...PLAIN, cause, effects: over }
    }
    case 'start.unbilled': {
      const { chargePointId, startId, transactionId } = news
      const cause = { type: 'start.unbilled', chargePointId, startId, transactionId }
      const says = `${chargePointId} began with a token that pays for no start there (any more); it was told no, and what it gives all the same nobody pays.`
      return { ...PLAIN, cause, effects: [raise(`unbilled/${chargePointId}`, 'start-unbilled', says, LOOK_THERE)] }
    }
    case 'message.given-up': {
      const { chargePointId, why } = news
      const cause = { type: 'message.given-up', chargePointId, why }
      const says = `A message of a transaction at ${chargePointId} was given up: ${why}.`
      return { ...PLAIN, cause, effects: [raise(`given-up/${chargePointId}`, 'message-given-up', says, ASK_BACK_END)] }
    }
    default:
      return null
  }
}

/** The back end's no to an alias. `stops`: what runs of it although the charge point was told yes. */
function refusalOf(
  { chargePointId, startId, status, heard }: Extract<RelayNews, { readonly event: 'alias.refused' }>,
  stops: NonNullable<Entry['effects']>,
  overridden: boolean,
): Entry {
  const cause = { type: 'alias.refused', chargePointId, startId, status, heard, ...(overridden ? { overridden } : {}) }
  const then =
    startId === ''
      ? '; nothing was started'
      : overridden
        ? '; it charges on, as `ocpp.aliasRefused: override` says'
        : heard
          ? ', and the charge point heard it'
          : stops.length > 0
            ? ', after the charge had begun in its absence: berth stops the charge, and its session is disputed'
            : ', to a charge of its absence that is over: the session is disputed'
  const says = `The back end answered ${status.slice(0, 30)} to the alias of a vehicle at ${chargePointId}${then}.`
  return { ...PLAIN, cause, effects: [...stops, raise(`alias/${chargePointId}`, 'alias-refused', says, MEND_ALIAS)] }
}

const PLAIN = { stream: 'site', decisions: [], personal: {} } as const

const raise = (alarmId: string, alarm: string, says: string, does: string): NonNullable<Entry['effects']>[number] => ({
  type: 'raise.alarm',
  alarmId,
  alarm,
  says,
  do: does,
})

const MEND_ALIAS =
  'Ask the back end why, and mend the vehicle’s `alias` in the register; a session that it bills clears this.'
const LOOK_THERE =
  'Look whether a vehicle charges there, and stop it if so; a charge point whose clock is wrong looks the same. The next billed start there clears this.'
const ASK_BACK_END = 'Compare the bills of this charge point with the back end’s.'
