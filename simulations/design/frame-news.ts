import { plateNews } from '../../actors/plate-news.ts'
import type { PlateNews, Policy } from '../../machines/events.ts'
import { trustworthy } from '../../machines/identity.ts'
import { fold } from '../../machines/plate.ts'
import { startTrack, type TrackRead, trackReads } from '../../machines/track.ts'
import type { Rectangle } from '../../machines/zone.ts'

/** How one frame of an arriving vehicle came out: read right, read wrong (each time the same wrong text), or not read. */
export type FrameOutcome = 'R' | 'W' | '-'

/** News of a track, before it is one vehicle's: who was read is still `right` or `wrong`. */
type NewsForm = {
  /** Number of the frame that made it. */
  readonly frame: number
  readonly observation: PlateNews
  readonly windowFrom_ms: number
}

/** The two texts of a form: both plausible, one character apart. */
const TRUE_TEXT = 'AB12CDE'
const WRONG_TEXT = 'AB12CDF'

/**
 * What the production track and vote make of the frames of one vehicle. They know nothing of the vehicle but which frames agree, so each
 * pattern of outcomes is voted on once and then told again with other names: the same news, many times as fast.
 */
export class FrameNews {
  readonly #policy: Policy
  readonly #gap_ms: number
  readonly #moving: number
  readonly #forms = new Map<string, readonly NewsForm[]>()

  /** `gap_ms` between frames; the first `moving` of them are of a vehicle that still moves. */
  constructor(policy: Policy, gap_ms: number, moving: number) {
    this.#policy = policy
    this.#gap_ms = gap_ms
    this.#moving = moving
  }

  /** The news of frames whose first is taken at `at`, with when it is told. */
  of(
    outcomes: readonly FrameOutcome[],
    seen: { readonly cameraId: string; readonly trackId: string; readonly clear: boolean },
    names: { readonly right: string; readonly wrong: string },
    at: number,
  ): readonly { readonly at: number; readonly news: PlateNews }[] {
    const forms = this.#formsOf(outcomes, seen.clear)
    const nameOf = (handle: string): string => (handle === 'right' ? names.right : names.wrong)
    return forms.map(({ frame, observation, windowFrom_ms }) => ({
      at: at + frame * this.#gap_ms,
      news: {
        ...observation,
        id: `${seen.trackId}-${frame}`,
        source: seen.cameraId,
        cameraId: seen.cameraId,
        trackId: seen.trackId,
        leader: observation.leader === null ? null : nameOf(observation.leader),
        tally: observation.tally.map((one) => ({ ...one, handle: nameOf(one.handle) })),
        windowFrom: at + windowFrom_ms,
        happenedAt: at + frame * this.#gap_ms,
      },
    }))
  }

  #formsOf(outcomes: readonly FrameOutcome[], clear: boolean): readonly NewsForm[] {
    const key = `${outcomes.join('')}${clear ? '' : '?'}`
    const known = this.#forms.get(key)
    if (known) return known
    const made = this.#vote(outcomes, clear)
    this.#forms.set(key, made)
    return made
  }

  #vote(outcomes: readonly FrameOutcome[], clear: boolean): readonly NewsForm[] {
    const forms: NewsForm[] = []
    const handle = (folded: string): string => (folded === fold(TRUE_TEXT) ? 'right' : 'wrong')
    const ports = { keys: { vehicle: handle, findVehicle: handle }, ids: { next: () => '' } }
    let track = startTrack('track')
    for (const [frame, outcome] of outcomes.entries()) {
      if (outcome === '-') continue
      const tracked = trackReads(track, [this.#read(frame, outcome, clear)], this.#policy, (candidate) =>
        trustworthy({ witnesses: candidate.witnesses, plausible: candidate.plausible, chance: null }, this.#policy),
      )
      track = tracked.track
      if (!tracked.news) continue
      const { observation } = plateNews(ports, 'camera', 'bay', 'track', tracked.news)
      forms.push({ frame, observation, windowFrom_ms: observation.windowFrom - BASE })
    }
    return forms
  }

  #read(frame: number, outcome: 'R' | 'W', clear: boolean): TrackRead {
    const text = outcome === 'R' ? TRUE_TEXT : WRONG_TEXT
    const at = BASE + frame * this.#gap_ms
    return {
      id: null,
      text,
      confidence: 0.9,
      characters: [...text].map(() => 0.9),
      frame: String(frame),
      reader: 'berth',
      box: this.#box(frame),
      at,
      capturedAt: at,
      clear,
      fresh: true,
    }
  }

  /** Where the plate is: elsewhere in each frame while the vehicle moves. */
  #box(frame: number): Rectangle {
    const left = Math.max(0, this.#moving - frame)
    return [0.5, 0.5 - 0.1 * left, 0.05, 0.02]
  }
}

/** The moment from which forms count, ms since 1970. */
const BASE = Date.UTC(2026, 0, 5)
