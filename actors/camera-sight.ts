import { ageOf, type CameraClock } from '../machines/age.ts'
import { normalize, plausible } from '../machines/plate.ts'
import type { TrackRead } from '../machines/track.ts'
import {
  besideVehicles,
  bestZone,
  masked,
  type Placement,
  type Presence,
  presenceOf,
  type Rectangle,
  type Zone,
} from '../machines/zone.ts'
import type { CameraMessage, CameraRead } from './camera-desk.ts'
import type { PlateNewsPorts } from './plate-news.ts'

/** A read without a place, of a camera that sees several bays: where it may be. */
export type UnplacedSight = { readonly cameraId: string; readonly read: TrackRead; readonly bays: readonly string[] }
/** Told of reads of which nobody knows where they are; absent = nobody asks. */
type UnplacedPort = { readonly unplaced?: (one: UnplacedSight) => void }
/** What a plate feed needs to name plates, and whom it tells of those without a place. */
export type FeedPorts = PlateNewsPorts & UnplacedPort

/** What a message is judged by. */
export type SightOptions = UnplacedPort & {
  /** ms since 1970: when the feed took it, when it came in at the door (a picture waits for the reader), and now (news wait for the journal). */
  readonly times: { readonly at: number; readonly received: number; readonly now: number }
  readonly clock: CameraClock
  /** The zones of this camera. */
  readonly zones: readonly Zone[]
  /** Polygons of this camera's picture in which no plate can be. */
  readonly masks: readonly Zone['polygon'][]
  readonly freshness_ms: (bayId: string) => number
  /** Whether this camera's last word on the bay was `empty`. */
  readonly isEmpty: (bayId: string) => boolean
  readonly count: (name: string) => void
}

/** What one message says of each bay: reads for its track, and presence. */
export type Sight = {
  readonly reads: ReadonlyMap<string, readonly TrackRead[]>
  readonly looks: readonly (readonly [bayId: string, presence: Presence])[]
}

/** Names that devices give, in characters: longer ones are cut, for they are kept. */
const LONGEST_NAME = 128

/** A device's figure as a share: what is no number is 0. */
const share = (figure: number): number => (Number.isFinite(figure) ? Math.min(1, Math.max(0, figure)) : 0)

const baysOf = (zones: readonly Zone[]): readonly string[] => [...new Set(zones.map((zone) => zone.bayId))]

/** Sorts one camera message by bay: place, format and age of each read, and presence. What is left out is counted. */
export function sight(message: CameraMessage, options: SightOptions): Sight {
  const reads = new Map<string, readonly TrackRead[]>()
  for (const read of message.reads) {
    options.count('read')
    const text = normalize(read.plate)
    if (text === '') options.count('read.blank')
    if (text === '') continue
    if (!plausible(text)) options.count('read.implausible')
    const placements = place(message, read, options)
    if (placements.length === 0) options.count('read.outside')
    const judged = placements.map((one) => [one.bayId, judge(message, read, text, one, options)] as const)
    for (const [bayId, one] of judged) reads.set(bayId, [...(reads.get(bayId) ?? []), one])
    const [first] = judged
    if (first && read.box === null && !first[1].clear)
      options.unplaced?.({ cameraId: message.cameraId, read: first[1], bays: judged.map(([bayId]) => bayId) })
  }
  // A plate that is read in the zone now is a vehicle there, whatever the picture looks like.
  const here = looks(message, options).map(([bayId, presence]) =>
    reads.get(bayId)?.some(isHere) ? ([bayId, 'occupied'] as const) : ([bayId, presence] as const),
  )
  return { reads, looks: here }
}

const isHere = (read: TrackRead): boolean => read.fresh && read.clear && plausible(read.text)

/** The bays a read may belong to: one by its place, or every bay it cannot be told from, as unclear. */
function place(message: CameraMessage, read: CameraRead, options: SightOptions): readonly Placement[] {
  const { zones, isEmpty, count } = options
  const bays = baysOf(zones)
  if (read.box) {
    const best = bestZone(read.box, zones, 'plate')
    if (best && isNoPlate(message, read.box, best.bayId, options)) return []
    // A crop shows a strip of its neighbours too: what lies in another zone is read in that zone's own crop.
    return best && (read.bayId === undefined || read.bayId === best.bayId) ? [best] : []
  }
  if (read.bayId !== undefined) return bays.includes(read.bayId) ? [{ bayId: read.bayId, clear: true }] : []
  if (bays.length <= 1) return bays.map((bayId) => ({ bayId, clear: true }))
  count('read.unplaced')
  return bays.filter((bayId) => !isEmpty(bayId)).map((bayId) => ({ bayId, clear: false }))
}

/** E03: in a mask that a person drew, or beside the very vehicle that the camera sees in this bay. */
function isNoPlate(
  message: CameraMessage,
  box: Rectangle,
  bayId: string,
  { zones, masks, count }: SightOptions,
): boolean {
  if (masked(box, masks)) {
    count('read.masked')
    return true
  }
  const here = (message.vehicles ?? []).filter((one) => bestZone(one.box, zones, 'vehicle')?.bayId === bayId)
  if (
    here.length === 0 ||
    !besideVehicles(
      box,
      here.map((one) => one.box),
    )
  )
    return false
  count('read.beside_vehicle')
  return true
}

/** Whether it may trigger something: what was young at the door is old once it has waited too long behind it. */
function isFresh(message: CameraMessage, bayId: string, capturedAt: number | null, options: SightOptions): boolean {
  const { received, now } = options.times
  const limit_ms = options.freshness_ms(bayId)
  const { fresh, age_ms } = ageOf(options.clock, received, capturedAt, limit_ms, message.retained)
  return fresh && now - received + age_ms < limit_ms
}

function judge(
  message: CameraMessage,
  read: CameraRead,
  text: string,
  { bayId, clear }: Placement,
  options: SightOptions,
): TrackRead {
  const capturedAt = read.capturedAt ?? message.capturedAt
  const fresh = isFresh(message, bayId, capturedAt, options) && !read.past
  if (!fresh) options.count('read.stale')
  if (!clear) options.count('read.unclear')
  return {
    id: read.id === null ? null : read.id.slice(0, LONGEST_NAME),
    text,
    confidence: share(read.confidence),
    characters: read.characters.slice(0, text.length).map(share),
    frame: String(read.frame ?? message.frame ?? capturedAt ?? options.times.at).slice(0, LONGEST_NAME),
    reader: message.reader,
    box: read.box,
    at: options.times.at,
    capturedAt,
    clear,
    fresh,
    ...(message.perVehicle === true && message.reader === 'device' ? { perVehicle: true } : {}),
    ...(read.agreed === true && message.reader === 'berth' ? { agreed: true } : {}),
    ...(read.told === undefined || read.told === null ? {} : { told: read.told }),
  }
}

/** Presence by bay: what pictures say and what a vehicle list says; occupied beats empty, and empty beats unknown. */
function looks(message: CameraMessage, options: SightOptions): Sight['looks'] {
  const listed = message.vehicles === undefined ? {} : presenceOf(message.vehicles, options.zones)
  const pictured = message.presence ?? {}
  const sighted = sightedIn(message, options)
  return baysOf(options.zones).flatMap((bayId) => {
    const both = [listed[bayId], pictured[bayId], sighted.has(bayId) ? ('occupied' as const) : undefined]
    const presence = (['occupied', 'empty', 'unknown'] as const).find((one) => both.includes(one))
    if (presence === undefined) return []
    const fresh = isFresh(message, bayId, message.capturedAt, options)
    if (!fresh) options.count('presence.stale')
    return fresh ? [[bayId, presence] as const] : []
  })
}

/** Bays where an event tells of a vehicle: by its place, or the one bay that the camera has. */
function sightedIn(message: CameraMessage, { zones, count }: SightOptions): ReadonlySet<string> {
  const bays = baysOf(zones)
  const places = (message.sighted ?? []).map(({ box }) =>
    box === null ? (bays.length === 1 ? bays[0] : undefined) : bestZone(box, zones, 'vehicle')?.bayId,
  )
  for (const place of places) if (place === undefined) count('vehicle.unplaced')
  return new Set(places.filter((place) => place !== undefined))
}
