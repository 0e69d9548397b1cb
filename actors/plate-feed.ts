import { type CameraClock, hearClock, isSilent } from '../machines/age.ts'
import type { Observation, Policy, ZoneNews } from '../machines/events.ts'
import { Fault } from '../machines/faults.ts'
import { forgetText, textless } from '../machines/forgotten-text.ts'
import { trustworthy } from '../machines/identity.ts'
import {
  confirm_ms,
  startTrack,
  type Track,
  type TrackNews,
  type TrackRead,
  trackReads,
  trackSilence,
} from '../machines/track.ts'
import {
  heardOccupied,
  PRESENCE_NEWS,
  type Presence,
  UNWATCHED,
  watchZone,
  type Zone,
  type ZoneWatch,
} from '../machines/zone.ts'
import type { CameraDesk, CameraMessage } from './camera-desk.ts'
import { type CameraState, type Eye, hearEye, openEye, stateOf } from './camera-eye.ts'
import { type FeedPorts, sight } from './camera-sight.ts'
import type { BayReads } from './mask-watch.ts'
import { type PersonalByHandle, plateNews, weigh } from './plate-news.ts'
import type { Clock, Polygon } from './ports.ts'

/** Messages of one camera that may wait for the journal; more are refused, so that the camera sends them again. */
const WAITING = 64
export type PlateFeedOptions = FeedPorts & {
  readonly clock: Clock
  /** The zones now in force. */
  readonly zones: () => readonly (Zone & { readonly cameraId: string })[]
  readonly policy: (bayId: string) => Policy
  /** Hands one observation to its bay; resolves when durable, rejects when it is not. */
  readonly deliver: (bayId: string, observation: Observation, personal: PersonalByHandle) => Promise<void>
  /** Counts for metrics: `read`, `read.implausible`, `read.outside`, … */
  readonly count: (name: string) => void
  /** A camera's clock as it was known before a restart; null or absent = learnt anew. */
  readonly knownClock?: (cameraId: string) => CameraClock | null
  /** Polygons of a camera's picture in which no plate can be: a sign, a shop window. Absent = none. */
  readonly masks?: (cameraId: string) => readonly Polygon[]
  /** Whether a camera that was not heard yet sends frame by frame or tells of vehicles now and then. Absent = frames. */
  readonly tellsOf?: (cameraId: string) => 'frames' | 'vehicles'
  /** Told what was read in each bay's zone, before it is voted: see MaskWatch. */
  readonly watched?: (reads: BayReads) => void
}

export type PlateFeed = CameraDesk & {
  /** About once a second: finds cameras that fell silent and plates that are gone. */
  tick(): void
  /** Forgets the bay's votes (a plug came in, a visit ended): the next agreement is from reads after now, and told at once. */
  restart(bayId: string): void
  /** Drops what is remembered of a plate's text, by default as `forgetText` does: `isIts` says of a text that it is. */
  forget(isIts: (text: string) => boolean, how?: typeof forgetText): void
  /** Resolves when everything heard so far is durable or has failed. */
  settled(): Promise<void>
  counters(): { readonly [name: string]: number }
  cameras(): readonly CameraState[]
}

/** Turns what cameras send into each bay's news: place, age, votes and presence. After a restart nothing is remembered. */
export const plateFeed = (options: PlateFeedOptions): PlateFeed => new Feed(options)

class Feed implements PlateFeed {
  readonly #options: PlateFeedOptions
  readonly #eyes = new Map<string, Eye>()
  readonly #tracks = new Map<string, Track>()
  readonly #watches = new Map<string, ZoneWatch>()
  /** Restarts of a bay's votes, counted: one may come while a vote waits for the journal. */
  readonly #restarts = new Map<string, number>()
  readonly #counts: { [name: string]: number } = {}
  readonly #views = new Map<string, { readonly zones: readonly Zone[]; readonly bays: readonly string[] }>()
  #viewed: unknown = null
  #newest = 0
  /** Texts that were forgotten, counted: a vote that waits for the journal meanwhile may hold one. */
  #forgotten = 0

  constructor(options: PlateFeedOptions) {
    this.#options = options
    for (const { cameraId } of options.zones()) this.#eye(cameraId)
  }

  async see(message: CameraMessage): Promise<void> {
    const eye = this.#eye(message.cameraId)
    this.#count('message')
    if (eye.waiting >= WAITING) {
      this.#count('message.refused')
      throw new Fault('STORE_UNWRITABLE', { cameraId: message.cameraId, waiting: eye.waiting })
    }
    if (this.#bays(message.cameraId).length === 0) this.#count('message.unzoned')
    const at = this.#arrival()
    if (!eye.heard) eye.clock = this.#options.knownClock?.(eye.cameraId) ?? eye.clock
    hearEye(eye, message, at)
    const capturedAt = message.capturedAt ?? message.reads[0]?.capturedAt ?? null
    if (capturedAt === null) this.#count('message.untimed')
    const received = Math.min(at, message.receivedAt ?? at)
    eye.clock = hearClock(eye.clock, received, capturedAt, message.retained)
    await this.#enqueue(eye, () => this.#take(eye, message, at, received))
  }

  camera(cameraId: string, news: 'lost' | 'back'): void {
    const eye = this.#eye(cameraId)
    eye.blind = news === 'lost'
    eye.wanted = news === 'lost' ? 'lost' : 'live'
    if (news === 'back') eye.habit = { ...eye.habit, lastAt: this.#arrival() }
    this.#enqueue(eye, () => this.#tellStanding(eye)).catch(() => {})
  }

  tick(): void {
    const at = this.#arrival()
    for (const { cameraId } of this.#options.zones()) this.#eye(cameraId)
    for (const eye of this.#eyes.values()) {
      if (isSilent(eye.habit, at)) eye.wanted = 'lost'
      if (eye.waiting === 0) this.#enqueue(eye, () => this.#sweep(eye)).catch(() => {})
    }
  }

  restart(bayId: string): void {
    this.#restarts.set(bayId, (this.#restarts.get(bayId) ?? 0) + 1)
    for (const cameraId of this.#eyes.keys()) {
      const key = keyOf(cameraId, bayId)
      const track = this.#tracks.get(key)
      if (track) this.#tracks.set(key, startTrack(this.#options.ids.next('track'), track))
    }
  }

  forget(isIts: (text: string) => boolean, how: typeof forgetText = forgetText): void {
    this.#forgotten += 1
    for (const [key, track] of this.#tracks) this.#tracks.set(key, how(track, isIts, this.#options.ids.next('track')))
  }

  async settled(): Promise<void> {
    await Promise.all([...this.#eyes.values()].map((eye) => eye.tail))
  }

  counters(): { readonly [name: string]: number } {
    return { ...this.#counts }
  }

  cameras(): readonly CameraState[] {
    return [...this.#eyes.values()].map(stateOf)
  }

  #count(name: string): void {
    this.#counts[name] = (this.#counts[name] ?? 0) + 1
    this.#options.count(name)
  }

  /** Arrival: never decreasing, although the wall clock may step back. */
  #arrival(): number {
    this.#newest = Math.max(this.#newest, this.#options.clock.now())
    return this.#newest
  }

  #bays(cameraId: string): readonly string[] {
    return this.#view(cameraId).bays
  }

  /** What a camera sees, worked out once for as long as the same zones are in force. */
  #view(cameraId: string): { readonly zones: readonly Zone[]; readonly bays: readonly string[] } {
    const all = this.#options.zones()
    if (all !== this.#viewed) {
      this.#views.clear()
      for (const [camera, zones] of Map.groupBy(all, (zone) => zone.cameraId))
        this.#views.set(camera, { zones, bays: [...new Set(zones.map((zone) => zone.bayId))] })
    }
    this.#viewed = all
    return this.#views.get(cameraId) ?? BLIND
  }

  #eye(cameraId: string): Eye {
    const known = this.#eyes.get(cameraId)
    if (known) return known
    const eye = openEye(cameraId, this.#arrival(), this.#options.tellsOf?.(cameraId))
    this.#eyes.set(cameraId, eye)
    return eye
  }

  /** One camera's messages go one after the other, so that a failed commit can be undone before the next is judged. */
  #enqueue(eye: Eye, work: () => Promise<void>): Promise<void> {
    eye.waiting += 1
    const done = eye.tail.then(work).finally(() => {
      eye.waiting -= 1
    })
    eye.tail = done.catch(() => this.#count('commit.failed'))
    return done
  }

  async #take(eye: Eye, message: CameraMessage, at: number, received: number): Promise<void> {
    await this.#tellStanding(eye)
    const { cameraId, clock } = eye
    const { reads, looks } = sight(message, {
      times: { at, received, now: this.#arrival() },
      clock,
      zones: this.#view(cameraId).zones,
      masks: this.#options.masks?.(cameraId) ?? [],
      freshness_ms: (bayId) => this.#options.policy(bayId).freshness_s * 1_000,
      isEmpty: (bayId) => this.#watches.get(keyOf(cameraId, bayId))?.told === 'empty',
      count: (name) => this.#count(name),
      ...(this.#options.unplaced && { unplaced: this.#options.unplaced }),
    })
    if (reads.size > 0) eye.lastReadAt = at
    for (const [bayId, read] of reads) {
      const agreed = this.#tracks.get(keyOf(cameraId, bayId))?.agreed ?? null
      const looksEmpty = message.presence?.[bayId] === 'empty'
      this.#options.watched?.({ cameraId, at, reads: read, agreed, looksEmpty })
    }
    await each([...reads], ([bayId, read]) => this.#vote(eye, bayId, read))
    // What a blind camera shows is neither empty nor occupied; what it reads all the same was read.
    await each(eye.blind ? [] : looks, ([bayId, presence]) => this.#look(eye, bayId, presence, at, message.capturedAt))
  }

  /** Tells the camera's bays that it is lost or back, if they were not told yet. */
  async #tellStanding(eye: Eye): Promise<void> {
    const wanted = eye.wanted
    if (wanted === null || wanted === eye.told) return
    const type = wanted === 'lost' ? 'camera.lost' : 'camera.back'
    await each(this.#bays(eye.cameraId), (bayId) => this.#tellZone(bayId, eye.cameraId, type, null))
    eye.told = wanted
    // What was seen before the silence is no longer known: the next look is news.
    if (wanted === 'lost')
      for (const bayId of this.#bays(eye.cameraId)) this.#watches.delete(keyOf(eye.cameraId, bayId))
  }

  /** Tells what silence means: a lost camera, a lost plate, and a standing whose telling failed before. */
  async #sweep(eye: Eye): Promise<void> {
    await this.#tellStanding(eye)
    await each(this.#bays(eye.cameraId), async (bayId) => {
      const key = keyOf(eye.cameraId, bayId)
      const before = this.#tracks.get(key)
      if (!before) return
      const { track, news } = trackSilence(before, this.#arrival())
      if (news) await this.#tellTrack(eye.cameraId, bayId, before, news)
      if (this.#tracks.get(key) === before) this.#tracks.set(key, track)
    })
  }

  async #vote(eye: Eye, bayId: string, reads: readonly TrackRead[]): Promise<void> {
    const key = keyOf(eye.cameraId, bayId)
    const restarts = this.#restarts.get(bayId)
    const forgotten = this.#forgotten
    const before = this.#tracks.get(key)
    const open = before && before.told !== 'lost' ? before : startTrack(this.#options.ids.next('track'), before)
    const policy = this.#options.policy(bayId)
    const { track, news, duplicates } = trackReads(open, reads, policy, (candidate) =>
      trustworthy(weigh(this.#options, eye.cameraId, candidate), policy),
    )
    for (let number = 0; number < duplicates; number += 1) this.#count('read.duplicate')
    if (news) await this.#tellTrack(eye.cameraId, bayId, track, news)
    // A restart of the bay's votes while the journal wrote wins; what was read before it stays known.
    const restarted = this.#restarts.get(bayId) !== restarts
    // So does a plate that was forgotten meanwhile.
    const kept = this.#forgotten === forgotten ? track : textless(track)
    const anew = restarted || kept !== track
    this.#tracks.set(key, anew ? startTrack(this.#options.ids.next('track'), kept) : track)
  }

  async #look(eye: Eye, bayId: string, presence: Presence, at: number, happenedAt: number | null): Promise<void> {
    const key = keyOf(eye.cameraId, bayId)
    const { watch, news } = watchZone(
      this.#watches.get(key) ?? UNWATCHED,
      presence,
      at,
      confirm_ms(this.#options.policy(bayId)),
    )
    if (news) await this.#tellZone(bayId, eye.cameraId, PRESENCE_NEWS[news], happenedAt)
    this.#watches.set(key, watch)
  }

  async #tellTrack(cameraId: string, bayId: string, track: Track, news: TrackNews): Promise<void> {
    const { observation, personal } = plateNews(this.#options, cameraId, bayId, track.trackId, news)
    await this.#options.deliver(bayId, observation, personal)
    this.#count(`news.${news.type}`)
    if (news.type === 'lost' || !news.fresh || !news.clear) return
    const key = keyOf(cameraId, bayId)
    this.#watches.set(key, heardOccupied(this.#watches.get(key) ?? UNWATCHED, track.toldAt))
  }

  async #tellZone(bayId: string, cameraId: string, type: ZoneNews['type'], happenedAt: number | null): Promise<void> {
    const id = this.#options.ids.next('observation')
    await this.#options.deliver(bayId, { type, cameraId, id, source: cameraId, happenedAt }, {})
    this.#count(`news.${type}`)
  }
}

const BLIND = { zones: [], bays: [] }

/** One camera's view of one bay. */
const keyOf = (cameraId: string, bayId: string): string => `${cameraId.length} ${cameraId} ${bayId}`

/** Runs every step although one fails; then throws the first failure, so that the camera sends again. */
async function each<T>(things: readonly T[], step: (thing: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = []
  for (const thing of things) await step(thing).catch((failure: unknown) => failures.push(failure))
  if (failures.length > 0) throw failures[0]
}
