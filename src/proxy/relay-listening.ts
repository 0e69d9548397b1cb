import { record } from '../../actors/ocpp/field-reading.ts'
import { OcppCounters } from '../../actors/ocpp/ocpp-counters.ts'
import type { DeskAnswer } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { Listening } from '../charge-point-door.ts'
import type { Gap, Numbered, RelayNews, RelayState } from '../relay/relay-news.ts'
import { type SpawnedRelay, spawnRelay } from '../relay/relay-spawn.ts'
import { NewsProgress } from './news-progress.ts'
import { OverheardChargePoint } from './overheard-charge-point.ts'
import { OverheardFrames, verdictOf } from './overheard-frames.ts'
import { untilWritten } from './patient-telling.ts'
import type { RelayListening, RelayListeningOptions } from './relay-listening-parts.ts'
import { passwordsIn } from './relay-settings.ts'

const LOOK_MS = 5_000
/** More news than this wait in the relay's ring, not here. */
const MOST_WAITING = 2_000
/** The relay's file is written anew for it. */
const FORGET_MS = 10_000
const HELD = 'What was overheard could not be recorded; it is kept, and recorded as soon as the store can be written.'
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
  /** News that the journal has not taken in yet. */
  #waiting = 0
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
        // Who stops hangs up, and the relay is well.
        if (!this.#closed) stands(null)
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
      const payer = this.#options.aliasOf(startId, chargePointId)
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
  readonly notify: NonNullable<Listening['notify']> = async (chargePointId, action, payload) => {
    const point = this.#points.get(chargePointId)?.point
    if (!point?.online || point.version === 'ocpp1.6' || !this.#relay) return false
    const end = await this.#relay.client.callUpward({ chargePointId, action, payload, answerWithin_ms: ASK_MS })
    // One that is refused, or not answered, was heard.
    return end.kind !== 'never'
  }

  async authorizeAlias(chargePointId: string, alias: string): Promise<DeskAnswer['status'] | null> {
    const point = this.#points.get(chargePointId)?.point
    if (!point?.online || !this.#relay) return null
    const { aliasType: type = 'Central' } = this.#options.settings
    const payload = point.version === 'ocpp1.6' ? { idTag: alias } : { idToken: { idToken: alias, type } }
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
      tell: (tell) => this.#tell(chargePointId, tell),
    })
    return { point, frames: new OverheardFrames(), line: Promise.resolve() }
  }

  /** The relay says it once, and nobody else will: it is told until it is written down. */
  #tell<T>(chargePointId: string, tell: () => Promise<T>): Promise<T> {
    const { clock, log } = this.#options
    const waits = (): boolean => !this.#closed
    const held = (): void => log({ level: 'warn', says: HELD, about: { chargePointId } })
    return untilWritten({ clock, waits, held }, tell)
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
      const says = `${news.dropped} news of the relay were lost before berth could take them in: bills and alarms of that time are the relay's alone.`
      this.#options.log({ level: 'warn', says, about: {} })
      for (const { point } of this.#points.values()) point.missed()
      return
    }
    const known = this.#points.get(news.chargePointId)
    const { n } = news
    const past = this.#awaited
    this.#newest = n
    this.#waiting += 1
    if (this.#waiting === MOST_WAITING) this.#relay?.client.hold(true)
    this.#progress.begin(news.n)
    if (!known) {
      this.#progress.done(n)
      this.#waiting -= 1
    } else
      known.line = known.line
        .then(() => this.#take(known, news, past !== null))
        .catch((error: unknown) =>
          this.#options.log({ level: 'warn', says: `A copy could not be taken in: ${String(error)}`, about: {} }),
        )
        .finally(() => {
          // What a berth that stops could not write down is the next one's to hear.
          if (!this.#closed) this.#progress.done(n)
          this.#waiting -= 1
          if (this.#waiting === MOST_WAITING / 2) this.#relay?.client.hold(false)
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
    } else await this.#tell(news.chargePointId, () => this.#options.told(news))
  }

  #protocolOf(chargePointId: string): string {
    return this.#state?.chargePoints.find(({ id }) => id === chargePointId)?.protocol ?? ''
  }

  #oldestWaiting(): number | null {
    const numbers = [...this.#points.values()].flatMap(({ frames }) => frames.oldest ?? [])
    return numbers.length === 0 ? null : Math.min(...numbers)
  }
}
