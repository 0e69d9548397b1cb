import type { Box, CameraMessage, CameraRead } from '../../actors/camera-desk.ts'
import type { PictureAnswer, PictureRead, Polygon } from '../../actors/ports.ts'
import type { PresenceJudge } from './camera-line.ts'
import { frameOf } from './seen-frames.ts'

/** What the reader saw in a picture, as the camera's message. `nameOf`: the name of the frame that each zone shows, see `SeenFrames`. */
export function pictureMessage(
  camera: { readonly cameraId: string },
  answer: PictureAnswer,
  judge: PresenceJudge,
  nameOf: (bayId: string) => string,
): CameraMessage {
  const zones = Object.entries(answer.zones)
  return {
    cameraId: camera.cameraId,
    reads: zones.flatMap(([bayId, zone]) => {
      if (zone.reads.length === 0) return []
      const frame = nameOf(bayId)
      return zone.reads.map((read) => ({ ...ownRead(read, frame), bayId }))
    }),
    presence: Object.fromEntries(zones.map(([bayId, zone]) => [bayId, judge(camera.cameraId, bayId, zone.look)])),
    frame: frameOf(answer),
    capturedAt: null,
    reader: 'berth',
  }
}

/** A read of ours; `place` where the picture was cut out of another. */
export function ownRead(read: PictureRead, frame: string, place?: Box | null): CameraRead {
  return {
    id: null,
    plate: read.text,
    confidence: read.confidence,
    characters: read.characters,
    box: place === undefined ? boxAround(read.quad) : place,
    frame,
    capturedAt: null,
    ...(read.agreed === true ? { agreed: true } : {}),
  }
}

function boxAround(quad: Polygon): Box {
  const [xs, ys] = [quad.map(([x]) => x), quad.map(([, y]) => y)]
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top]
}
