import type { CameraState } from '../../actors/camera-eye.ts'
import { LEAST_CASES } from '../../machines/calibration.ts'
import { iso } from '../../machines/deeds.ts'
import type { ReadRate } from '../../machines/read-rate.ts'
import type { CameraBlindness } from '../../projections/bay-view.ts'
import type { EmptyProof } from '../presence-keeper.ts'
import type { Room } from '../room.ts'
import type { Caller } from '../site-desk.ts'
import { BLINDING, faultWords } from './camera-fault-words.ts'
import type { CameraCondition, KindFault } from './camera-health.ts'

/** A fault of a camera, for people. `blinds`: its bays count as unseen. */
export type FaultView = CameraBlindness & { readonly means: string; readonly blinds: boolean }

/** How a camera of the site is, for people. Times are ISO 8601 UTC; what is not known is null. */
export type CameraView = {
  readonly cameraId: string
  readonly kind: string
  readonly bays: readonly string[]
  /** `lost`: silent or blind, its bays count as unseen; `unknown`: not heard since berth started. */
  readonly status: 'live' | 'lost' | 'unknown'
  readonly blind: CameraBlindness | null
  readonly faults: readonly FaultView[]
  readonly lastSeenAt: string | null
  readonly lastReadAt: string | null
  /** Pictures a second, now and as it is used to. */
  readonly fps: number | null
  readonly usual_fps: number | null
  readonly readRate: ReadRate | null
  readonly skew_s: number | null
  /** Whether it may say that nobody is there, where nothing else does: by bay, with the hours behind it. */
  readonly emptyProof: EmptyProof
  /** What its own figures are worth, by plates that people judged; `steps` null until there are `needed` cases. */
  readonly calibration: {
    readonly cases: number
    readonly needed: number
    readonly steps: readonly { readonly from: number; readonly chance: number }[] | null
  }
}

/** The cameras of a site, for servers. */
export type CameraSights = {
  all(): readonly CameraView[]
  /** A person says that the zones of a moved camera fit what it shows. Seq of the record; null where it was not found moved. */
  confirmView(cameraId: string, by: Caller, reason: string | null): Promise<number | null>
}

/** A fault that stands, in words. */
export function blindnessOf(standing: KindFault | null): CameraBlindness | null {
  if (standing === null) return null
  const { says, does } = faultWords(standing.fault, standing.kind)
  return { cause: standing.fault, since: standing.since, says, do: does }
}

/** Gathers what the parts of a room know of each camera that its site file names. */
export function cameraSights(room: Pick<Room, 'file' | 'feed' | 'senses' | 'watches' | 'presence'>): CameraSights {
  const { file, feed, senses, watches, presence } = room
  const { baysOf } = senses.zones
  return {
    all() {
      const states = new Map(feed.cameras().map((state) => [state.cameraId, state]))
      const conditions = new Map(senses.health.conditions().map((one) => [one.cameraId, one]))
      return file.cameras.map(({ id: cameraId, kind }) => ({
        cameraId,
        kind,
        bays: baysOf(cameraId),
        ...standingOf(states.get(cameraId)),
        blind: blindnessOf(senses.health.blindness(cameraId)),
        ...conditionOf(conditions.get(cameraId)),
        readRate: watches.reads.of(cameraId),
        skew_s: senses.clocks.skew_s('camera', cameraId),
        emptyProof: presence.proof(cameraId, baysOf(cameraId)),
        calibration: { ...watches.calibrationOf(cameraId), needed: LEAST_CASES },
      }))
    },
    confirmView: (cameraId, by, reason) => senses.health.confirmView(cameraId, by.name, reason),
  }
}

function standingOf(state: CameraState | undefined): Pick<CameraView, 'status' | 'lastSeenAt' | 'lastReadAt'> {
  const at = (ms: number | null | undefined): string | null => (ms == null ? null : iso(ms))
  const status = state === undefined || state.status === 'unheard' ? 'unknown' : state.status
  return { status, lastSeenAt: at(state?.lastSeenAt), lastReadAt: at(state?.lastReadAt) }
}

function conditionOf(condition: CameraCondition | undefined): Pick<CameraView, 'faults' | 'fps' | 'usual_fps'> {
  const { fps = null, usual_fps = null, faults = [] } = condition ?? {}
  return { fps: rounded(fps), usual_fps: rounded(usual_fps), faults: faults.map(faultView) }
}

function faultView({ fault, since, kind }: KindFault): FaultView {
  const { says, means, does } = faultWords(fault, kind)
  return { cause: fault, since, says, means, do: does, blinds: BLINDING.has(fault) }
}

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 100) / 100)
