import type { Polygon } from '../actors/ports.ts'
import type { LineCamera } from './cameras/camera-line.ts'
import type { Credentials } from './cameras/device-login.ts'
import { PUSH_DIALECTS } from './cameras/dialects.ts'
import type { FieldMap } from './cameras/mapped-dialect.ts'
import type { RawSite, SourceKind } from './site-schema.ts'
import type { PictureSize } from './zone-lift.ts'

/** `from` empty = any address may push for it; `deviceId` null = whatever its messages call it. */
export type SiteCamera = {
  readonly id: string
  /** null where berth fetches from it. */
  readonly token: string | null
  readonly kind: 'push' | SourceKind
  /** Whether it sends frame by frame, or tells of vehicles now and then: then its silence says little. */
  readonly tells: 'frames' | 'vehicles'
  /** Where and how berth fetches from it; null where it pushes. */
  readonly source: SiteSource | null
  /** Where its picture can be fetched as a second witness; null = nowhere. */
  readonly snapshotUrl: string | null
  readonly login: Credentials | null
  readonly from: readonly string[]
  readonly deviceId: string | null
  /** Where in its picture no plate can be. */
  readonly ignore: readonly Polygon[]
  /** Its size in pixels; null where the file does not say. */
  readonly picture: PictureSize | null
}
/** What is fetched, and from where. `topics`, `dialect` and `map` are those of mqtt. */
export type SiteSource = {
  readonly kind: SourceKind
  readonly url: string
  readonly interval_ms: number
  readonly topics: readonly string[]
  readonly dialect: string
  readonly map: FieldMap | null
}

const FRIGATE_TOPICS = 'frigate/events, frigate/tracked_object_update, frigate/available'

/** One camera with its short forms written out. */
export function siteCamera(raw: RawSite['cameras'][number]): SiteCamera {
  const { id, kind, url = '', picture } = raw
  const topics = (raw.topic ?? FRIGATE_TOPICS).split(',').map((topic) => topic.trim())
  const source = { url, interval_ms: raw.interval_ms, topics, dialect: raw.dialect ?? 'frigate', map: raw.map ?? null }
  return {
    id,
    token: raw.token ?? null,
    kind,
    tells: tellsOf(raw),
    source: kind === 'push' ? null : { kind, ...source },
    snapshotUrl: raw.snapshotUrl ?? null,
    login: raw.login ?? null,
    from: raw.from ?? [],
    deviceId: raw.deviceId ?? null,
    ignore: raw.ignore ?? [],
    picture: picture ? { width: picture[0], height: picture[1] } : null,
  }
}

/** A camera that pushes is taken to send frame by frame where the file does not name its dialect. */
function tellsOf({ kind, dialect = '' }: RawSite['cameras'][number]): SiteCamera['tells'] {
  if (kind === 'push') return PUSH_DIALECTS[dialect]?.reads === 'per-vehicle' ? 'vehicles' : 'frames'
  return EVENT_KINDS.has(kind) ? 'vehicles' : 'frames'
}
const EVENT_KINDS: ReadonlySet<SourceKind> = new Set(['alertstream', 'eventmanager', 'mqtt'])

/** A camera as its line knows it: its zones of the moment with what is masked in them, and the pixels that its boxes count in. */
export const lineCamera = (
  { ofCamera }: { readonly ofCamera: (cameraId: string) => LineCamera['zones'] },
  { id, picture }: SiteCamera,
): LineCamera => ({
  cameraId: id,
  get zones() {
    return ofCamera(id)
  },
  pictureSize: picture === null ? null : [picture.width, picture.height],
})
