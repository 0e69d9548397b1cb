import type { PictureAnswer, Polygon } from '../../actors/ports.ts'
import { witness } from '../../machines/vote.ts'
import { bestZone, type Rectangle, type Zone } from '../../machines/zone.ts'
import type { BayView, ReviewRead } from '../../projections/bay-view.ts'
import type { LastPicture } from '../cameras/last-pictures.ts'
import { visitReads } from '../reviews/visit-reads.ts'
import type { SiteDesk } from '../site-desk.ts'
import { mask, type Sight } from './plate-mask.ts'
import type { ZoneServing } from './zone-routes.ts'

/** One plate in a picture: `characters` by their confidence. Its text is masked for who may not see plates. */
type SeenPlate = {
  readonly bayId: string
  readonly text: string
  readonly confidence: number
  readonly characters: readonly number[]
  readonly quad: Polygon
}
/** A vehicle as the camera itself told of it: its box, the bay in whose zone it stands (null: none), and when that came (ms since 1970). */
type ToldVehicle = { readonly bayId: string | null; readonly box: Rectangle; readonly at: number }
/** What a camera shows of a bay now: the zones in its picture, what our reader saw there, and the vehicles that it told of. `cameAt` null: no picture is there. */
type SeenByCamera = {
  readonly cameraId: string
  readonly cameAt: number | null
  readonly zones: readonly { readonly bayId: string; readonly polygon: Polygon }[]
  readonly plates: readonly SeenPlate[]
  readonly vehicles: readonly ToldVehicle[]
}
/**
 * How often a plate was read in the visit that is open: `frames` that say so, `of` all in which one was read; and `reads` of `ofReads`,
 * which count each reader of a frame for itself, as the vote does.
 */
type Vote = {
  readonly plate: string
  readonly frames: number
  readonly of: number
  readonly reads: number
  readonly ofReads: number
  readonly confidence: number
}
/** All that is to be seen of a bay. */
export type BaySight = {
  readonly bayId: string
  readonly cameras: readonly SeenByCamera[]
  readonly votes: readonly Vote[]
}

/** Records looked through for the visit’s beginning. */
const LOOKED_AT = 200

/** What is to be seen of a bay: pictures’ plates from memory, votes from the journal. Texts are clear in a clear sight, and told to it. */
export async function baySight(bay: BayView, desk: SiteDesk, drawing: ZoneServing, sight: Sight): Promise<BaySight> {
  const { bayId } = bay
  const shown = (text: string): string => {
    if (!sight.clear) return mask(text)
    sight.saw(desk.handleOf(text) ?? bayId)
    return text
  }
  const own = (drawing.zones.byBay().get(bayId) ?? []).map(({ camera }) => camera)
  const cameras = own.map((cameraId): SeenByCamera => {
    const picture = drawing.pictures.now(cameraId)
    const zones = Object.entries(drawing.zones.ofCamera(cameraId)).map(([id, zone]) => ({
      bayId: id,
      polygon: 'polygon' in zone ? zone.polygon : zone,
    }))
    const vehicles = drawing.vehicles.of(cameraId).map(({ box, at }) => {
      return { bayId: bestZone(box, zones, 'vehicle')?.bayId ?? null, box, at }
    })
    return { cameraId, cameAt: picture?.cameAt ?? null, zones, plates: platesOf(picture, zones, shown), vehicles }
  })
  return { bayId, cameras, votes: votesOf(await readsOf(bay, desk), shown) }
}

/** Each plate once, in the bay in whose zone it lies best: where zones overlap it is read for both. */
function platesOf(
  picture: LastPicture | null,
  zones: readonly Zone[],
  shown: (text: string) => string,
): readonly SeenPlate[] {
  const answers: PictureAnswer['zones'] = picture?.answer.zones ?? {}
  const all = Object.entries(answers).flatMap(([bayId, { reads }]) =>
    reads.map((read) => ({ bayId, read, box: boxOf(read.quad) })),
  )
  const first = all.filter(
    ({ read, box }, at) =>
      !all.slice(0, at).some((other) => other.read.text === read.text && isSamePlace(other.box, box)),
  )
  return first.map(({ bayId, box, read: { text, confidence, characters, quad } }) => ({
    bayId: bestZone(box, zones, 'plate')?.bayId ?? bayId,
    text: shown(text),
    confidence,
    characters,
    quad,
  }))
}

const isSamePlace = ([x, y, width]: Rectangle, [otherX, otherY]: Rectangle): boolean =>
  Math.abs(x - otherX) < width / 2 && Math.abs(y - otherY) < width / 2

function boxOf(quad: Polygon): Rectangle {
  const [xs, ys] = [quad.map(([x]) => x), quad.map(([, y]) => y)]
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top]
}

/** Reads of the visit that is open, of whom is still known. */
async function readsOf({ bayId, visit, version }: BayView, { journal }: SiteDesk): Promise<readonly ReviewRead[]> {
  if (visit === null) return []
  const from = Math.max(0, version - LOOKED_AT)
  const records = await journal.readStream(`bay:${bayId}`, from, LOOKED_AT)
  const opened = records.findLast(({ decisions }) => decisions.some(({ type }) => type === 'VisitOpened'))
  const { reads } = await visitReads(journal, { bayId, version, visitVersion: opened?.version ?? from + 1 })
  return reads
}

function votesOf(reads: readonly ReviewRead[], shown: (text: string) => string): readonly Vote[] {
  const frames = (some: readonly ReviewRead[]): number => new Set(some.map(({ frame }) => frame)).size
  const witnesses = (some: readonly ReviewRead[]): number => new Set(some.map(witness)).size
  const texts = [...new Set(reads.map(({ text }) => text))]
  const votes = texts.map((text) => {
    const some = reads.filter((read) => read.text === text)
    const confidence = some.reduce((sum, read) => sum + read.confidence, 0) / some.length
    const counts = { frames: frames(some), of: frames(reads), reads: witnesses(some), ofReads: witnesses(reads) }
    return { plate: shown(text), ...counts, confidence }
  })
  return votes.toSorted((a, b) => b.reads - a.reads || b.confidence - a.confidence)
}
