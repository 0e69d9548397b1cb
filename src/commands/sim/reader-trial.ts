import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import type { PictureRead, PlateReader, Polygon } from '../../../actors/ports.ts'
import { DEFAULT_POLICY } from '../../../machines/events.ts'
import { fold, plausible } from '../../../machines/plate.ts'
import { PLATE_WIDTH_M } from '../../../simulations/design/camera-geometry.ts'
import type { TriedRead } from '../../../simulations/design/read-curve-fit.ts'
import { seededDice } from '../../demo/dice.ts'
import type { Pixels } from '../../demo/scene-picture.ts'
import { ownChance } from '../../vision/own-chance.ts'
import { pictureSize } from '../../vision/picture.ts'
import { type LabelledPhoto, regionAround } from '../../vision/reader-bench.ts'
import { blurOf, type Damage, degraded, drawDamage } from './degraded-plate.ts'
import { drawSubject, PLATES_WIDE, renderSubject } from './plate-subject.ts'

/** Pictures of each plate, each made worse in another way. */
export const TRIES = 4
const WHOLE: Polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]

/** Hears how many plates are done. */
type Progress = (done: number) => void

/** Renders so many plates, makes pictures of them worse and reads them. The same seed gives the same reads. */
export async function tryRendered(
  reader: PlateReader,
  plates: number,
  seed: number,
  progress: Progress,
): Promise<TriedRead[]> {
  const tried: TriedRead[] = []
  for (let plate = 0; plate < plates; plate++) {
    const dice = seededDice(`rendered plate ${seed} ${plate}`)
    const subject = drawSubject(dice)
    for (let turn = 0; turn < TRIES; turn++) {
      const damage = drawDamage(dice)
      const picture = await renderSubject(subject, damage.plate_px)
      tried.push({ plate, ...(await triedRead(reader, picture, damage, subject.text)) })
    }
    progress(plate + 1)
  }
  return tried
}

/** Photographs with the width of the plates on them, m. */
export type TriedPhotos = { readonly photos: readonly LabelledPhoto[]; readonly plate_m: number }

/**
 * The same with photographs: each cut to what a bay's zone shows, made smaller, worse, and read. No photograph is made larger. Pixels are
 * counted as those of a plate of half a metre seen from as near, which camera planning counts with.
 */
export async function tryPhotos(
  reader: PlateReader,
  { photos, plate_m }: TriedPhotos,
  seed: number,
  progress: Progress,
): Promise<TriedRead[]> {
  const tried: TriedRead[] = []
  const narrower = plate_m / PLATE_WIDTH_M
  for (const [plate, photo] of photos.entries()) {
    const dice = seededDice(`photo ${seed} ${plate}`)
    for (let turn = 0; turn < TRIES; turn++) {
      const damage = drawDamage(dice, photo.box.width / narrower)
      const picture = await shrunk(photo, damage.plate_px * narrower)
      tried.push({ plate, ...(await triedRead(reader, picture, damage, photo.plate)) })
    }
    progress(plate + 1)
  }
  return tried
}

/** A picture made worse and read. */
async function triedRead(
  reader: PlateReader,
  picture: Pixels,
  damage: Damage,
  text: string,
): Promise<Omit<TriedRead, 'plate'>> {
  const read = await outcomeOf(reader, await degraded(picture, damage), text)
  return { plate_px: damage.plate_px, blur_px: blurOf(damage), ...read }
}

/** The part of a photograph around its plate, so small that the plate is `plate_px` wide. */
async function shrunk(photo: LabelledPhoto, plate_px: number): Promise<Pixels> {
  const bytes = await readFile(photo.file)
  const size = await pictureSize(bytes)
  const region = regionAround(photo, PLATES_WIDE, size)
  const [left, right] = span(region, 0, size.width)
  const [top, bottom] = span(region, 1, size.height)
  const scale = plate_px / photo.box.width
  const [width, height] = [Math.round((right - left) * scale), Math.round((bottom - top) * scale)]
  const data = await sharp(bytes)
    .autoOrient()
    .extract({ left, top, width: right - left, height: bottom - top })
    .resize({ width, height, fit: 'fill' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer()
  return { data, width, height }
}

function span(region: Polygon, axis: 0 | 1, size: number): readonly [number, number] {
  const values = region.map((point) => Math.round(point[axis] * size))
  return [Math.min(...values), Math.max(...values)]
}

async function outcomeOf(
  reader: PlateReader,
  picture: Buffer,
  plate: string,
): Promise<Pick<TriedRead, 'outcome' | 'sure'>> {
  const answer = await reader.read(picture, { zone: WHOLE })
  const read = answer.zones['zone']?.reads?.[0]
  if (!read) return { outcome: 'none', sure: false }
  return { outcome: fold(read.text) === fold(plate) ? 'right' : 'wrong', sure: isSure(read) }
}

/** As the production gate asks by default: a plausible plate whose weakest character leaves it likely enough. */
const isSure = ({ text, characters }: PictureRead): boolean =>
  plausible(text) &&
  (ownChance({ weakest: Math.min(...characters), near: 0, readers: ['berth'] }) ?? 0) >= DEFAULT_POLICY.actConfidence
