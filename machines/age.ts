/**
 * How old a camera's message is, although its clock may be hours off: per camera, the offset of its clock is learnt from what
 * arrives, and a message's age is (arrival - captured) - offset. And how long a camera may be silent before it counts as lost.
 */

/** Five messages over ten seconds that agree within two seconds teach the offset. */
const LESSONS = 5
const LESSON_SPAN_MS = 10_000
const AGREE_MS = 2_000
/** Lessons are kept this far apart, so that a fast camera's five span ten seconds too. */
const LESSON_STEP_MS = LESSON_SPAN_MS / (LESSONS - 1)
/** A lag that may be a queue being worked off must hold this long before it is believed to be the clock. */
const DOUBT_SPAN_MS = 600_000
/** Without traffic a learnt offset creeps up at most this fast: more than a poor quartz drifts, less than a queue grows. */
const CREEP_PER_MS = 1 / 3_600

type Lesson = { readonly at: number; readonly difference: number }

/** What is known of one camera's clock. All in ms. */
export type CameraClock = {
  /** Device clock behind arrival by this much, usual delay included; null until learnt. */
  readonly offset: number | null
  readonly lessons: readonly Lesson[]
  readonly last: Lesson | null
  /** The newest lessons began with a lag that silence explains: a backlog, perhaps. */
  readonly doubtful: boolean
  readonly learntAt: number
}

export const UNKNOWN_CLOCK: CameraClock = { offset: null, lessons: [], last: null, doubtful: false, learntAt: 0 }

/**
 * A camera's clock as it was known before a restart: `offset` in ms, and when the camera was heard last (ms since 1970). What comes
 * first after the restart may be what piled up meanwhile; with this it is judged as after any other silence.
 */
export const rememberedClock = (offset: number, heardAt: number): CameraClock => ({
  ...UNKNOWN_CLOCK,
  offset,
  last: { at: heardAt, difference: offset },
  learntAt: heardAt,
})

/** Whether a lesson lies above the learnt offset: its message is late, or the device's clock was set back. */
const isLate = (clock: CameraClock, lesson: Lesson | null): boolean =>
  clock.offset !== null && lesson !== null && lesson.difference > clock.offset + AGREE_MS

/**
 * Whether a late message may be of a backlog. A jump that the silence before it does not explain is the clock being set; one that it
 * explains, or a lag that grew, may be a queue. Once late, it stays what it was until the next such jump.
 */
function doubtOf(clock: CameraClock, lesson: Lesson): boolean {
  if (!isLate(clock, lesson) || clock.last === null) return false
  const jumped = lesson.difference - clock.last.difference > lesson.at - clock.last.at + AGREE_MS
  return !jumped && (clock.doubtful || !isLate(clock, clock.last))
}

/**
 * One message: arrival `at`, device clock `capturedAt`. Retained copies and messages without a time teach nothing; those of a
 * burst after a gap disagree with each other, for their differences shrink as the burst catches up.
 */
export function hearClock(clock: CameraClock, at: number, capturedAt: number | null, retained = false): CameraClock {
  if (capturedAt === null || retained || !Number.isFinite(capturedAt)) return clock
  const lesson: Lesson = { at, difference: at - capturedAt }
  const heard = { ...clock, last: lesson, doubtful: doubtOf(clock, lesson) }
  const agrees = clock.lessons.every((other) => Math.abs(lesson.difference - other.difference) <= AGREE_MS)
  if (!agrees) return { ...heard, lessons: [lesson] }
  const previous = clock.lessons.at(-1)
  if (previous && at - previous.at < LESSON_STEP_MS) return heard
  const lessons = [...clock.lessons, lesson]
  const span = at - (lessons[0]?.at ?? at)
  // While in doubt the first lesson is kept, so that the span can grow.
  const rest = heard.doubtful ? [...lessons.slice(0, 1), ...lessons.slice(2)] : lessons.slice(1)
  const kept = lessons.length <= LESSONS ? lessons : rest
  if (kept.length < LESSONS || span < (heard.doubtful ? DOUBT_SPAN_MS : LESSON_SPAN_MS)) {
    return { ...heard, lessons: kept }
  }
  return { ...heard, ...learnt(clock, kept, at), lessons: kept, doubtful: false }
}

/** The quickest of the lessons is the offset. A rise within agreement is followed slowly: it is drift, or a queue that grows. */
function learnt(
  clock: CameraClock,
  lessons: readonly Lesson[],
  at: number,
): { readonly offset: number; readonly learntAt: number } {
  const least = Math.min(...lessons.map((lesson) => lesson.difference))
  const old = clock.offset
  if (old === null || least <= old || least > old + AGREE_MS) return { offset: least, learntAt: at }
  return { offset: Math.min(least, old + (at - clock.learntAt) * CREEP_PER_MS), learntAt: at }
}

/** Age of one read in ms, and whether it may trigger something. */
export type Age = { readonly age_ms: number; readonly fresh: boolean }

/**
 * The age of a read that arrived at `at`. Without a device time it is as young as its arrival (a retained copy never is).
 * Until the offset is learnt it is 0 where arrival and capture differ by less than `freshness_ms`, else the read is evidence only;
 * so is one that seems to come from the future, for then the offset is wrong.
 */
export function ageOf(
  clock: CameraClock,
  at: number,
  capturedAt: number | null,
  freshness_ms: number,
  retained = false,
): Age {
  if (capturedAt === null || !Number.isFinite(capturedAt)) return { age_ms: 0, fresh: !retained }
  const age = at - capturedAt - (clock.offset ?? 0)
  const fresh = Math.abs(age) < freshness_ms && !retained
  return { age_ms: clock.offset === null && fresh ? 0 : Math.max(0, age), fresh }
}

/** What a message says of how a camera sends: pictures again and again, a vehicle now and then, or only that it lives. */
export type MessageSort = 'frame' | 'vehicle' | 'beat'

/** How often a camera sends: arrivals and its newest gaps, and the newest of its heartbeats. `told`: how it sends, absent = frames. */
export type CameraHabit = {
  readonly lastAt: number
  readonly gaps: readonly number[]
  readonly told?: 'frames' | 'vehicles'
  readonly beatAt?: number | null
  readonly beats?: readonly number[]
}

const GAPS = 16
/** Silence below this is never a loss. */
const QUIET_MS = 30_000
const HABITS = 5
/** So many pauses between heartbeats are a habit. */
const BEATS = 3
/** Who tells of vehicles and never that it lives: nights and holidays are no loss. */
const EVENTLESS_MS = 7 * 86_400_000

/** One message at `at`; `habit` null for the first. Frames make a camera one that sends frames, whatever else it sends. */
export function hearHabit(habit: CameraHabit | null, at: number, sort: MessageSort = 'frame'): CameraHabit {
  const told = sort === 'frame' || habit?.told === 'frames' ? 'frames' : 'vehicles'
  const { beatAt = null, beats = [] } = habit ?? {}
  const beat =
    sort === 'beat'
      ? { beatAt: at, beats: beatAt === null ? [] : [...beats, at - beatAt].slice(-GAPS) }
      : { beatAt, beats }
  const gaps = habit === null ? [] : [...habit.gaps, at - habit.lastAt].slice(-GAPS)
  return { lastAt: at, gaps, told, ...beat }
}

/**
 * Whether the silence means something: longer than 30 s and five times the longest of its newest gaps, of which one does not count, for
 * it may have been an outage. Where a camera tells of vehicles only, pauses are those between its heartbeats; without them only a week of
 * silence is one.
 */
export function isSilent({ lastAt, gaps, told, beats = [] }: CameraHabit, at: number): boolean {
  if (told !== 'vehicles') return at - lastAt > Math.max(QUIET_MS, HABITS * usual(gaps))
  if (beats.length >= BEATS) return at - lastAt > Math.max(QUIET_MS, HABITS * usual(beats))
  return gaps.length >= BEATS && at - lastAt > Math.max(EVENTLESS_MS, HABITS * usual(gaps))
}

/** The longest gap but one. */
const usual = (gaps: readonly number[]): number => gaps.toSorted((a, b) => b - a)[1] ?? 0
