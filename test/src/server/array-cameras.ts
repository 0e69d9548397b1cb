import type { CameraFault } from '../../../src/cameras/camera-fault-words.ts'
import { BLINDING, faultWords } from '../../../src/cameras/camera-fault-words.ts'
import type { CameraView, FaultView } from '../../../src/cameras/camera-sights.ts'

/** A fault as a camera's view shows it. */
export function aFault(cause: CameraFault, since = '2026-11-22T09:58:00.000Z'): FaultView {
  const { says, means, does } = faultWords(cause, 'push')
  return { cause, since, says, means, do: does, blinds: BLINDING.has(cause) }
}

/** A camera that sees well, but for what is said. */
export function aCamera(cameraId: string, more: Partial<CameraView>): CameraView {
  return {
    cameraId,
    kind: 'push',
    bays: ['bay-1'],
    status: 'live',
    blind: null,
    faults: [],
    lastSeenAt: '2026-11-22T10:00:00.000Z',
    lastReadAt: null,
    fps: null,
    usual_fps: null,
    readRate: null,
    skew_s: null,
    emptyProof: {
      site: { hours: 0, falseEmpties: 0, low: 0, high: 1_000 },
      needed: { site: 1_000, own: 20 },
      bays: [{ bayId: 'bay-1', hours: 0, falseEmpties: 0, low: 0, high: 1_000, shown: false }],
    },
    calibration: { cases: 0, needed: 50, steps: null },
    ...more,
  }
}
