import type { Clock, PlateReader } from '../../actors/ports.ts'
import type { Room } from '../room.ts'
import type { Log } from '../room-parts.ts'
import type { ServerLog } from '../server/answers.ts'
import type { IntakeParts } from '../server/camera-intake.ts'
import { lineCamera } from '../site-cameras.ts'
import type { SteadyReader } from '../vision/steady-reader.ts'
import { type CameraLine, cameraLine } from './camera-line.ts'
import { LastPictures } from './last-pictures.ts'
import { type DeviceCallers, snapshots } from './open-sources.ts'
import { SeenVehicles } from './seen-vehicles.ts'

/** What people look at: pictures, and where cameras say that vehicles are. */
export type Looked = { readonly pictures: LastPictures; readonly vehicles: SeenVehicles }

/** The one line of all cameras of a site, pushed or fetched, and what of it people look at. */
export function openSiteLine(
  { file, feed, presence, senses, troubles }: Room,
  reader: SteadyReader,
  callers: DeviceCallers,
  clock: Clock,
): Looked & { readonly line: CameraLine } {
  const snapshot = snapshots(file, callers)
  const pictures = new LastPictures({
    clock,
    snapshot,
    read: async (cameraId, picture) => {
      const camera = file.cameras.find(({ id }) => id === cameraId)
      const times = { receivedAt: clock.now(), capturedAt: null }
      if (camera) await line.see(lineCamera(senses.zones, camera), picture, times)
    },
  })
  const skew_s = (cameraId: string) => senses.clocks.skew_s('camera', cameraId)
  const vehicles = new SeenVehicles({ clock, skew_s })
  const line = cameraLine({
    cameraDesk: vehicles.before(feed),
    reader,
    // A plate that was read there a moment ago still stands there: the zone looks the same.
    judge: (cameraId, bayId, look) =>
      reader.showsReadPlate(look) ? 'occupied' : presence.judge(cameraId, bayId, look),
    // Whoever teaches berth an empty bay counts the pictures: none is let go before that is done.
    rests: ({ cameraId, zones }) =>
      Object.keys(zones).every((bayId) => presence.hasLearnt(cameraId, bayId)) && reader.rests(zones),
    rested: (cameraId, rest) => troubles.picturesRest(cameraId, rest),
    snapshot,
    watch: senses.health,
    pictures,
  })
  return { line, pictures, vehicles }
}

/** What takes what cameras push, wherever that is listened for. */
export function intakeParts(
  { file, feed, presence, senses }: Room,
  reader: PlateReader,
  { line, vehicles }: Pick<ReturnType<typeof openSiteLine>, 'line' | 'vehicles'>,
  clock: Clock,
  log: Log,
) {
  const parts: IntakeParts & { readonly log: ServerLog } = {
    cameraDesk: vehicles.before(feed),
    reader,
    line,
    clock,
    judge: presence.judge,
    guard: senses.guard,
    timezone: file.site.timezone,
    cameras: file.cameras.flatMap((camera) =>
      camera.token === null ? [] : [Object.assign(lineCamera(senses.zones, camera), { token: camera.token })],
    ),
    log: {
      warn: log,
      error: (says, cause) => log(`${says} ${cause instanceof Error ? (cause.stack ?? cause.message) : ''}`),
    },
  }
  return parts
}
