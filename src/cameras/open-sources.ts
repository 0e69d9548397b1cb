import type { Clock } from '../../actors/ports.ts'
import type { SiteCamera } from '../site-cameras.ts'
import type { SiteFile } from '../site-file.ts'
import { brokenMessages } from './broken-messages.ts'
import type { SourceNews } from './camera-health.ts'
import type { CameraLine, LineCamera } from './camera-line.ts'
import type { CameraSource } from './camera-source.ts'
import { dahua } from './dahua.ts'
import { type DeviceCaller, deviceCaller } from './device-caller.ts'
import { PUSH_DIALECTS } from './dialects.ts'
import { eventStream } from './event-stream.ts'
import { frigate } from './frigate.ts'
import { hikvision } from './hikvision.ts'
import { mappedDialect } from './mapped-dialect.ts'
import { mqttSource } from './mqtt-source.ts'
import { mjpegSource, snapshotFetch, snapshotSource } from './picture-source.ts'
import { rtspSource } from './rtsp-source.ts'

export type SourcesParts = {
  readonly file: SiteFile
  readonly clock: Clock
  readonly log: (line: string) => void
  /** A camera as its line knows it. */
  readonly camera: (camera: SiteCamera) => LineCamera
  readonly callers: DeviceCallers
  /** Told what becomes of each; absent = nobody wants to know. */
  readonly tell?: (cameraId: string, news: SourceNews) => void
}

/** The caller of each camera: its login's failures are counted in one place, whatever is asked of it. */
export type DeviceCallers = (cameraId: string) => DeviceCaller

/** One caller a camera of the site file. */
export function deviceCallers({ cameras }: SiteFile, clock: Pick<Clock, 'now'>): DeviceCallers {
  const callers = new Map(cameras.map(({ id, login }) => [id, deviceCaller({ clock, login })]))
  return (cameraId) => callers.get(cameraId) ?? deviceCaller({ clock, login: null })
}

const SNAPSHOT_MS = 10_000

/** Fetches what a camera sees now, for those whose site file says where; null for others. */
export function snapshots(file: SiteFile, callers: DeviceCallers): (cameraId: string) => Promise<Uint8Array | null> {
  const urls = new Map(file.cameras.flatMap(({ id, snapshotUrl }) => (snapshotUrl === null ? [] : [[id, snapshotUrl]])))
  return async (cameraId) => {
    const url = urls.get(cameraId)
    if (url === undefined) return null
    return snapshotFetch(callers(cameraId), url)(AbortSignal.timeout(SNAPSHOT_MS))
  }
}

/** Opened sources, and what they count. */
export type Sources = { counts(): { readonly [name: string]: number }; close(): Promise<void> }

/** Begins to fetch from every camera of the site file that does not push. */
export function openSources(parts: SourcesParts, line: CameraLine): Sources {
  const broken = brokenMessages(parts.clock, parts.log)
  const sources = parts.file.cameras.flatMap((camera): CameraSource[] => {
    const source = openSource(camera, parts, line, broken)
    return source === null ? [] : [source]
  })
  return {
    counts: broken.counts,
    async close() {
      await Promise.all(sources.map((source) => source.close()))
    },
  }
}

function openSource(
  site: SiteCamera,
  { file, clock, log, camera, callers, tell }: SourcesParts,
  line: CameraLine,
  broken: ReturnType<typeof brokenMessages>,
): CameraSource | null {
  const { id, source, login, deviceId } = site
  if (source === null) return null
  const { kind, url, interval_ms, topics, dialect, map } = source
  const shared = { camera: camera(site), line, clock, log, tell: (news: SourceNews) => tell?.(id, news) }
  const caller = callers(id)
  const { timezone, id: siteId } = file.site
  if (kind === 'snapshot') return snapshotSource({ ...shared, url, caller, interval_ms })
  if (kind === 'mjpeg') return mjpegSource({ ...shared, url, caller, interval_ms })
  if (kind === 'rtsp') return rtspSource({ ...shared, url, interval_ms })
  if (kind === 'alertstream')
    return eventStream({ ...shared, url: withPath(url, ALERT_STREAM), caller, broken, timezone, dialect: hikvision })
  if (kind === 'eventmanager')
    return eventStream({ ...shared, url: withPath(url, EVENT_MANAGER), caller, broken, timezone, dialect: dahua })
  const words = dialect === 'mapped' && map ? mappedDialect(map) : (PUSH_DIALECTS[dialect] ?? frigate)
  return mqttSource({ ...shared, siteId, url, login, topics, deviceId, broken, timezone, dialect: words })
}

const ALERT_STREAM = '/ISAPI/Event/notification/alertStream'
const EVENT_MANAGER = '/cgi-bin/eventManager.cgi?action=attach&codes=[TrafficJunction]&heartbeat=5'

/** An address that names only the camera gets the path that such cameras have. */
const withPath = (url: string, path: string): string =>
  /^https?:\/\/[^/]+\/?$/.test(url) ? `${url.replace(/\/$/, '')}${path}` : url
