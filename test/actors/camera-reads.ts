import type { CameraMessage, CameraRead } from '../../actors/camera-desk.ts'

/** A plate in the middle of the picture as a camera read it; `more` says what is otherwise. */
export const cameraRead = (plate: string, more: Partial<CameraRead> = {}): CameraRead => ({
  id: null,
  plate,
  confidence: 0.97,
  characters: [],
  box: [0.4, 0.6, 0.1, 0.05],
  frame: null,
  capturedAt: null,
  ...more,
})

/** One message of cam-1 with these reads, as a device says it; `more` says what is otherwise. */
export const cameraMessage = (reads: readonly CameraRead[], more: Partial<CameraMessage> = {}): CameraMessage => ({
  cameraId: 'cam-1',
  reads,
  frame: null,
  capturedAt: null,
  reader: 'device',
  ...more,
})
