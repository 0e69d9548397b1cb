import { createHash } from 'node:crypto'
import type { Box, CameraMessage, CameraRead } from '../../actors/camera-desk.ts'
import type { PictureAnswer, PictureRead, Polygon } from '../../actors/ports.ts'
import type { PresenceJudge } from './camera-line.ts'

/** The key of a picture's frame, by what was read and seen in it. */
export const frameOf = (answer: PictureAnswer): string =>
  createHash('sha256').update(JSON.stringify(answer.zones)).digest('hex').slice(0, 32)

/**
 * What the reader saw in a picture, as the camera's message. The frame's key is made from what the pixels gave: the same
 * picture sent twice, under whatever wrapping, or a frozen camera, is one witness and not two.
 */
export function pictureMessage(
  camera: { readonly cameraId: string },
  answer: PictureAnswer,
  judge: PresenceJudge,
): CameraMessage {
  const frame = frameOf(answer)
  const zones = Object.entries(answer.zones)
  return {
    cameraId: camera.cameraId,
    reads: zones.flatMap(([bayId, zone]) => zone.reads.map((read) => ({ ...ownRead(read, frame), bayId }))),
    presence: Object.fromEntries(zones.map(([bayId, zone]) => [bayId, judge(camera.cameraId, bayId, zone.look)])),
    frame,
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
