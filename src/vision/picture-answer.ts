import type { PictureAnswer, PictureRead, Polygon } from '../../actors/ports.ts'
import type { ReaderZone } from '../../actors/reader-zone.ts'
import type { ZoneLook } from '../../actors/zone-look.ts'
import { decodePicture, type Picture } from './picture.ts'
import { maskedPicture } from './picture-mask.ts'
import { viewOf } from './picture-view.ts'
import { cropPlate } from './plate-crop.ts'
import { seePlates } from './plate-eye.ts'
import type { RatedLine } from './plate-picker.ts'
import { looksSame } from './steady-reader.ts'
import { boxCorners } from './text-box.ts'
import type { ReadText } from './text-decoder.ts'
import type { TextModels } from './text-models.ts'
import { lookAtZone } from './zone-crop.ts'
import { cutZone, type ZoneCut } from './zone-cut.ts'
import { printOf } from './zone-print.ts'

/** Lines that look less like a plate than this are lettering and not told. */
const LEAST_RATING = 0.1
const MAX_READS = 4
const MAX_CANDIDATES = 5

/**
 * Reads one picture: for each zone its plates, the most plate-like first, and its look; with `crops` each plate's own small picture too.
 * Throws Fault PICTURE_UNREADABLE or PICTURE_TOO_LARGE.
 */
export async function answerPicture(
  models: TextModels,
  bytes: Uint8Array,
  zones: { readonly [zoneId: string]: ReaderZone },
  crops = false,
): Promise<PictureAnswer> {
  const from = performance.now()
  const picture = await decodePicture(bytes)
  const seen = await lookedAt(picture, zones)
  const mustRead = seen.some(({ isSame }) => !isSame)
  const answers: [string, PictureAnswer['zones'][string]][] = []
  for (const { zoneId, zone, look, isSame } of seen) {
    const isSpared = isSame && (mustRead || !zone.elseLast)
    answers.push([
      zoneId,
      isSpared ? { reads: [], look, spared: true } : { ...(await zoneReads(models, picture, zone, crops)), look },
    ])
  }
  return {
    width: picture.fileWidth,
    height: picture.fileHeight,
    ms: performance.now() - from,
    view: await viewOf(picture, polygonsOf(zones)),
    zones: Object.fromEntries(answers),
  }
}

type WholeZone = Exclude<ReaderZone, Polygon>
/** A zone with its look, and whether it looks as it was said to. */
type SeenZone = { readonly zoneId: string; readonly zone: WholeZone; readonly look: ZoneLook; readonly isSame: boolean }

/** Every zone at a glance, before anything is recognised. */
async function lookedAt(
  picture: Picture,
  zones: { readonly [zoneId: string]: ReaderZone },
): Promise<readonly SeenZone[]> {
  const seen: SeenZone[] = []
  for (const [zoneId, given] of Object.entries(zones)) {
    const zone: WholeZone = 'polygon' in given ? given : { polygon: given, masks: [] }
    const look = await lookAtZone(picture, zone.polygon, zone.masks)
    seen.push({ zoneId, zone, look, isSame: zone.unlessLike !== undefined && looksSame(look, zone.unlessLike) })
  }
  return seen
}

async function zoneReads(
  models: TextModels,
  picture: Picture,
  { polygon, masks }: WholeZone,
  crops: boolean,
): Promise<Pick<PictureAnswer['zones'][string], 'reads' | 'print'>> {
  const cut = cutZone(maskedPicture(picture, masks), polygon)
  const part = { x: 0, y: 0, width: cut.picture.width, height: cut.picture.height }
  const lines = (await seePlates(models, cut.picture, part)).filter((line) => line.rating >= LEAST_RATING)
  const reads: PictureRead[] = []
  for (const line of lines.slice(0, MAX_READS)) {
    const crop = crops ? await cropPlate(cut.picture, line.box, cut.polygon, part) : null
    reads.push({ ...pictureRead(inWhole(line, cut), picture), ...(crop === null ? {} : { crop }) })
  }
  return reads.length === 0 ? { reads } : { reads, print: printOf(cut) }
}

/** A line of a zone's cut where it lies in the whole picture. */
const inWhole = (line: RatedLine, { from }: ZoneCut): RatedLine => ({
  ...line,
  box: { ...line.box, cx: line.box.cx + from.x, cy: line.box.cy + from.y },
})

const polygonsOf = (zones: { readonly [zoneId: string]: ReaderZone }): readonly Polygon[] =>
  Object.values(zones).map((zone) => ('polygon' in zone ? zone.polygon : zone))

function pictureRead(line: RatedLine, picture: Picture): PictureRead {
  const best = line.texts[0] as ReadText
  const share = (value: number, size: number): number => Math.round(Math.min(1, Math.max(0, value / size)) * 1e5) / 1e5
  return {
    text: best.text,
    candidates: line.texts
      .slice(0, MAX_CANDIDATES)
      .map((read) => ({ text: read.text, confidence: rounded(mean(read.characters)) })),
    characters: best.characters.map(rounded),
    confidence: rounded(mean(best.characters)),
    quad: boxCorners(line.box).map(([x, y]) => [share(x, picture.width), share(y, picture.height)] as const),
    ...(line.agreed === undefined ? {} : { agreed: line.agreed }),
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function rounded(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1e4) / 1e4
}
