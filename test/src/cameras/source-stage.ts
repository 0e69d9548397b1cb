import type { CameraDesk, CameraMessage } from '../../../actors/camera-desk.ts'
import type { PlateReader } from '../../../actors/ports.ts'
import { brokenMessages } from '../../../src/cameras/broken-messages.ts'
import { cameraLine } from '../../../src/cameras/camera-line.ts'
import { deviceCaller } from '../../../src/cameras/device-caller.ts'
import { systemClock } from '../../../src/clock.ts'
import { closeAfterwards } from '../server/running-server.ts'
import { LOGIN } from './toy-device.ts'

/** A line that ends in an array, and all that a source of pictures or events needs beside its address. */
export function sourceStage(reader?: PlateReader['read']) {
  const seen: CameraMessage[] = []
  const read: PicturesRead = []
  const logged: string[] = []
  const stage = { fail: null as Error | null }
  const cameraDesk: CameraDesk = {
    async see(message) {
      if (stage.fail) throw stage.fail
      seen.push(message)
    },
    camera: () => undefined,
  }
  const line = cameraLine({
    cameraDesk,
    judge: () => 'unknown',
    reader: {
      async read(picture, zones) {
        read.push(Buffer.from(picture))
        return reader ? reader(picture, zones) : { width: 1, height: 1, ms: 1, zones: {} }
      },
      close: async () => undefined,
    },
  })
  const clock = systemClock
  return {
    seen,
    read,
    logged,
    stage,
    parts: {
      camera: { cameraId: 'cam-1', zones: {}, pictureSize: [1280, 720] as const },
      line,
      clock,
      log: (text: string) => void logged.push(text),
      broken: brokenMessages(clock, (text) => void logged.push(text)),
      caller: deviceCaller({ clock, login: LOGIN }),
      timezone: 'Europe/London',
      siteId: 'site-1',
      interval_ms: 20,
    },
    /** Keeps a source open for this test. */
    opened<Source extends { close(): Promise<void> }>(source: Source): Source {
      closeAfterwards(() => source.close())
      return source
    },
  }
}
type PicturesRead = Buffer[]
