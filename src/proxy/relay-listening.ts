import { record } from '../../actors/ocpp/field-reading.ts'
import type { FrameBox } from '../../actors/ocpp/frame-box.ts'
import { OcppCounters, type OcppLog } from '../../actors/ocpp/ocpp-counters.ts'
import type { ChargePointProfile } from '../../actors/ocpp/profiles/charge-point-profile.ts'
import type { ChargePointDesk, Clock, DeskAnswer } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { Listening } from '../charge-point-door.ts'
import type { RelaySettings } from '../relay/relay.ts'
import type { Gap, Numbered, RelayNews, RelayState } from '../relay/relay-news.ts'
import { type SpawnedRelay, spawnRelay } from '../relay/relay-spawn.ts'
import type { Aliases } from './aliases.ts'
import { NewsProgress } from './news-progress.ts'
import { OverheardChargePoint } from './overheard-charge-point.ts'
import { OverheardFrames, verdictOf } from './overheard-frames.ts'
import { passwordsIn } from './relay-settings.ts'

export type RelayListeningOptions = {
  readonly settings: RelaySettings
  readonly clock: Clock
  readonly desk: ChargePointDesk
  /** Keeps frames as evidence. */
  readonly frames: FrameBox
  readonly log: OcppLog
  readonly profile: (chargePointId: string) => ChargePointProfile
  readonly evses: (chargePointId: string) => readonly number[]
  /** What the back end knows a start's payer by; null = nothing: it is not sent then. */
  readonly aliasOf: Aliases['ofStart']
  /** What the relay says beside frames and connections. */
  readonly told: (news: RelayNews) => void
  /** How the relay stands, when it has come up and every few seconds; null when it is gone: it comes back by itself. */
  readonly stands: (state: RelayState | null) => void
}

export type RelayListening = Listening & {
  /** What the back end says of an alias at this charge point, before anything starts; null where it does not say. */
  authorizeAlias(chargePointId: string, alias: string): Promise<DeskAnswer['status'] | null>
  readonly port: number
  readonly tlsPort: number | null
  /** The relay takes these passwords; it reads certificates by itself. No connection is touched. */
  reload(chargePoints: readonly { readonly id: string; readonly password?: string }[]): void
  /** A token is dead: from now on the relay starts nothing with it. */
  bury(token: string): void
  /** Nothing of this subject stays in the relay's file but what is still owed to the back end: resolves when that is so, rejects where it is not within 10 s. */
  forget(subject: string): Promise<void>
  /** Ends berth's part and the relay with all its connections. */
  close(): Promise<void>
}

const LOOK_MS = 5_000
/** The relay's file is written anew for it. */
const FORGET_MS = 10_000
/** A driver waits for it. */
const ASK_MS = 2_000

type Point = { readonly point: OverheardChargePoint; readonly frames: OverheardFrames; line: Promise<void> }

/** Finds or starts the relay of these settings and listens to it: its charge points are the site's. Throws a Fault where no relay comes up. */
export async function listenAtRelay(options: RelayListeningOptions): Promise<RelayListening> {
  const listener = new RelayListener(options)
  await listener.open()
  return listener
}

class RelayListener implements RelayListening {
  readonly #options: RelayListeningOptions
  readonly #points: ReadonlyMap<string, Point>
  readonly #counters = new OcppCounters()
  readonly #progress: NewsProgress
  #relay: SpawnedRelay | null = null
  #run = ''
  /** Number of the newest news that came. */
  #newest = 0
  /** How the relay stood when it greeted us, while news of before that are still coming. */
  #awaited: RelayState | null = null
  #state: RelayState | null = null
  #port = 0
  #closed = false
  #disarm: () => void = () => undefined

  constructor(options: RelayListeningOptions) {
    this.#options = options
    this.#points = new Map(options.settings.chargePoints.map(({ id }) => [id, this.#point(id)]))
    this.#progress = new NewsProgress(
      options.clock,
      () => this.#oldestWaiting(),
      (n) => this.#relay?.client.heard(n),
    )
  }

  async open(): Promise<void> {
    const { settings, clock, stands } = this.#options
    this.#relay = await spawnRelay(settings, {
      clock,
      hear: (news) => this.#hear(news),
      greeted: (state) => this.#greeted(state),
      lost: () => {
        stands(null)
        for (const { point } of this.#points.values()) point.gone()
      },
    })
    this.#look()
  }

  /** The relay's counters as they are now. */
  #look(): void {
    this.#disarm = this.#options.clock.after(LOOK_MS, async () => {
      const state = (await this.#relay?.client.state().catch(() => null)) ?? null
      if (state) this.#options.stands(state)
      this.#state = state ?? this.#state
      if (!this.#closed) this.#look()
    })
  }

  get port(): number {
    return this.#port
  }

  get tlsPort(): number | null {
    return this.#state?.tlsPort ?? null
  }

  reload(chargePoints: Parameters<RelayListening['reload']>[0]): void {
    this.#relay?.adopt(passwordsIn(chargePoints)).catch(() => undefined)
  }

  readonly chargePoints: Listening['chargePoints'] = {
    online: (chargePointId) => this.#points.get(chargePointId)?.point.online ?? false,
    start: async (order) => {
      const { chargePointId, startId, idToken } = order
      const point = this.#of(chargePointId)
      const payer = this.#options.aliasOf(startId)
      if (!payer) throw new Fault('CHARGE_POINT_REFUSED', { chargePointId, because: 'no alias' })
      // A start whose token the relay does not know would be a stranger's at the back end.
      await this.#client().put({ chargePointId, token: idToken, startId, ...payer })
      return point.start(order)
    },
    stop: async ({ chargePointId, transactionId }) => this.#of(chargePointId).stop(transactionId),
    ask: async ({ chargePointId, evse, about }) => this.#of(chargePointId).ask(evse, about),
  }

  readonly displays: NonNullable<Listening['displays']> = {
    show: async (order) => this.#of(order.chargePointId).show(order),
  }

  counters(): { readonly [name: string]: number } {
    const relayed = Object.entries(this.#state?.counters ?? {}).map(([name, count]) => [`relay_${name}`, count])
    const owed = (this.#state?.chargePoints ?? []).map((one) => [`relay_owed{charge_point="${one.id}"}`, one.owed])
    return { ...this.#counters.read(), ...Object.fromEntries(relayed), ...Object.fromEntries(owed) }
  }

  clocks(): ReturnType<NonNullable<Listening['clocks']>> {
    return [...this.#points].map(([device, { point }]) => ({
      kind: 'charge-point',
      device,
      offset_ms: point.behind_ms,
    }))
  }

  async forget(subject: string): Promise<void> {
    const asked = this.#client().forget(subject)
    const late = Promise.withResolvers<never>()
    const says = 'The relay does not say that it has forgotten them; it is asked again.'
    const disarm = this.#options.clock.after(FORGET_MS, () =>
      late.reject(new Fault('CHARGE_POINT_OFFLINE', { because: 'no answer' }, { says })),
    )
    await Promise.race([asked, late.promise]).finally(disarm)
  }

  /** NotifyEvent is 2.x's; a back end of 1.6 would refuse it. */
  readonly notify: NonNullable<Listening['notify']> = (chargePointId, action, payload) => {
    const point = this.#points.get(chargePointId)?.point
    if (!point?.online || point.version === 'ocpp1.6') return
    void this.#relay?.client.callUpward({ chargePointId, action, payload, answerWithin_ms: ASK_MS })
  }

  async authorizeAlias(chargePointId: string, alias: string): Promise<DeskAnswer['status'] | null> {
    const point = this.#points.get(chargePointId)?.point
    if (!point?.online || !this.#relay) return null
    const payload = point.version === 'ocpp1.6' ? { idTag: alias } : { idToken: { idToken: alias, type: 'Central' } }
    const end = await this.#relay.client.callUpward({
      chargePointId,
      action: 'Authorize',
      payload,
      answerWithin_ms: ASK_MS,
    })
    return end.kind === 'result' ? verdictOf(record(end.payload)) : null
  }

  bury(token: string): void {
    this.#relay?.client.bury(token).catch(() => undefined)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#disarm()
    this.#progress.close()
    await Promise.all([...this.#points.values()].map(({ point }) => point.close()))
    await this.#relay?.stop()
  }

  #point(chargePointId: string): Point {
    const { clock, desk, frames, log, profile, evses } = this.#options
    const point = new OverheardChargePoint({
      chargePointId,
      profile: profile(chargePointId),
      evses: evses(chargePointId),
      clock,
      desk,
      frames,
      log,
      counters: this.#counters,
      call: async (call) => this.#client().call(call).end,
    })
    return { point, frames: new OverheardFrames(), line: Promise.resolve() }
  }

  #of(chargePointId: string): OverheardChargePoint {
    const known = this.#points.get(chargePointId)
    if (!known) throw new Fault('NOT_FOUND', { chargePointId })
    return known.point
  }

  #client(): SpawnedRelay['client'] {
    if (this.#relay) return this.#relay.client
    throw new Fault('CHARGE_POINT_OFFLINE', { because: 'the relay is not there yet' })
  }

  #greeted(state: RelayState): void {
    if (state.run !== this.#run) {
      this.#progress.reset()
      for (const { point } of this.#points.values()) point.gone()
    }
    const after = state.run === this.#run ? this.#newest : state.heard
    this.#run = state.run
    this.#newest = after
    this.#state = state
    this.#port = state.port
    this.#options.stands(state)
    // What nobody has heard comes first: a charge point that is asked before would deny what it has not yet been heard to say.
    this.#awaited = state.last > after ? state : null
    if (!this.#awaited) this.#stand(state)
  }

  #hear(news: Numbered<RelayNews> | Gap): void {
    if (news.event === 'gap') {
      for (const { point } of this.#points.values()) point.missed()
      return
    }
    const known = this.#points.get(news.chargePointId)
    const { n } = news
    const past = this.#awaited
    this.#newest = n
    this.#progress.begin(news.n)
    if (!known) this.#progress.done(n)
    else
      known.line = known.line
        .then(() => this.#take(known, news, past !== null))
        .catch((error: unknown) =>
          this.#options.log({ level: 'warn', says: `A copy could not be taken in: ${String(error)}`, about: {} }),
        )
        .finally(() => {
          this.#progress.done(n)
        })
    if (past && n >= past.last) this.#stand(past)
  }

  /** Everything of before is heard: from now on the charge points are as the relay says. */
  #stand(state: RelayState): void {
    this.#awaited = null
    for (const one of state.chargePoints) {
      const known = this.#points.get(one.id)
      if (known) known.line = known.line.then(() => known.point.stands(one))
    }
  }

  /** `past`: it was said before this berth listened. */
  async #take({ point, frames }: Point, news: Numbered<RelayNews>, past: boolean): Promise<void> {
    if (news.event === 'frame') {
      const protocol = this.#protocolOf(news.chargePointId)
      if (past) point.speaks(protocol)
      else if (news.direction === 'up') point.connected(news.epoch, protocol)
      const call = frames.hear(news, news.n)
      if (call) await point.hear(call)
    } else if (news.event === 'online') {
      if (past) point.speaks(news.protocol)
      else point.connected(news.epoch, news.protocol)
    } else if (news.event === 'offline') {
      if (news.epoch === point.epoch) point.gone()
    } else this.#options.told(news)
  }

  #protocolOf(chargePointId: string): string {
    return this.#state?.chargePoints.find(({ id }) => id === chargePointId)?.protocol ?? ''
  }

  #oldestWaiting(): number | null {
    const numbers = [...this.#points.values()].flatMap(({ frames }) => frames.oldest ?? [])
    return numbers.length === 0 ? null : Math.min(...numbers)
  }
}
