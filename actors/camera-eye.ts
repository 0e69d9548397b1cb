import { type CameraClock, type CameraHabit, hearHabit, UNKNOWN_CLOCK } from '../machines/age.ts'
import type { CameraMessage } from './camera-desk.ts'

/** A camera as the feed knows it. `offset_ms`: its clock behind arrival, null until learnt. */
export type CameraState = {
  readonly cameraId: string
  readonly status: 'live' | 'lost' | 'unheard'
  readonly lastSeenAt: number | null
  readonly lastReadAt: number | null
  readonly offset_ms: number | null
}

/** What the plate feed keeps of one camera. */
export type Eye = {
  readonly cameraId: string
  clock: CameraClock
  habit: CameraHabit
  heard: boolean
  /** It sends, and sees nothing: somebody who watches its pictures says so. */
  blind: boolean
  lastReadAt: number | null
  /** What its bays were told of it, and what they should be told. */
  told: 'live' | 'lost' | null
  wanted: 'live' | 'lost' | null
  tail: Promise<void>
  waiting: number
}

/** A camera that was not heard yet. `at`: now, ms since 1970. `told`: how it sends, as the site file says. */
export const openEye = (cameraId: string, at: number, told: 'frames' | 'vehicles' = 'frames'): Eye => ({
  cameraId,
  clock: UNKNOWN_CLOCK,
  habit: { lastAt: at, gaps: [], told },
  heard: false,
  blind: false,
  lastReadAt: null,
  told: null,
  wanted: null,
  tail: Promise.resolve(),
  waiting: 0,
})

/** A message came, `at` in ms since 1970. A copy that a broker kept is no sign of life. */
export function hearEye(eye: Eye, { retained, sort }: CameraMessage, at: number): void {
  if (retained) return
  eye.habit = hearHabit(eye.heard ? eye.habit : null, at, sort)
  eye.heard = true
  eye.wanted = eye.blind ? 'lost' : 'live'
}

/** What others see of it. */
export const stateOf = (eye: Eye): CameraState => ({
  cameraId: eye.cameraId,
  status: eye.wanted === 'lost' ? 'lost' : eye.heard ? 'live' : 'unheard',
  lastSeenAt: eye.heard ? eye.habit.lastAt : null,
  lastReadAt: eye.lastReadAt,
  offset_ms: eye.clock.offset,
})
