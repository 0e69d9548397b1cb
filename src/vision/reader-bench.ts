import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PictureRead, PlateReader, Polygon } from '../../actors/ports.ts'
import { fold, normalize } from '../../machines/plate.ts'
import { pictureSize } from './picture.ts'
import type { ReadCost } from './reader.ts'
import { ZONE_MARGIN } from './zone-crop.ts'

/** A photo with its ground truth: the plate's box in pixels and its text. */
export type LabelledPhoto = {
  readonly file: string
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  readonly plate: string
}

/** What one photo came to. `distance` = edits between the first read and the plate. */
export type PhotoOutcome = {
  readonly located: boolean
  readonly exact: boolean
  readonly folded: boolean
  readonly distance: number
  readonly length: number
  readonly top: string
  /** Both recognisers read the first read's plate. */
  readonly agreed: boolean
}

/** A share of photos with its 95 % Wilson interval, all 0..1. */
export type Share = { readonly value: number; readonly low: number; readonly high: number }

const CORNERS: Polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]

/**
 * The labelled photos of a folder: each .jpg, .jpeg or .png with a .txt of the same name beside it
 * (file name, x, y, width, height in pixels, plate; tab separated). `complain` gets one sentence for each label that does not read.
 */
export async function labelledPhotos(folder: string, complain: (sentence: string) => void): Promise<LabelledPhoto[]> {
  const names = (await readdir(folder)).sort()
  const photos: LabelledPhoto[] = []
  for (const name of names) {
    const label = name.replace(/\.(jpe?g|png)$/i, '.txt')
    if (label === name || !names.includes(label)) continue
    const [, x, y, width, height, plate] = (await readFile(join(folder, label), 'utf8')).trim().split(/\t+/)
    const box = { x: Number(x), y: Number(y), width: Number(width), height: Number(height) }
    const text = normalize(plate ?? '')
    if (text === '' || !(box.x >= 0 && box.y >= 0 && box.width > 0 && box.height > 0)) {
      complain(`${join(folder, label)}: expected file name, x, y, width, height and plate, tab separated`)
      continue
    }
    photos.push({ file: join(folder, name), box, plate: text })
  }
  return photos
}

/** The zone that shows `times` plate widths around the plate, three quarters as high as wide, as corners in 0..1 of the picture. */
export function regionAround(
  photo: LabelledPhoto,
  times: number,
  picture: { readonly width: number; readonly height: number },
): Polygon {
  const { x, y, width, height } = photo.box
  const half = (times * width) / 2
  const share = (value: number): number => Math.min(1, Math.max(0, value))
  const [left, right] = [share((x + width / 2 - half) / picture.width), share((x + width / 2 + half) / picture.width)]
  const [top, bottom] = [
    share((y + height / 2 - 0.75 * half) / picture.height),
    share((y + height / 2 + 0.75 * half) / picture.height),
  ]
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ]
}

/** Reads one photo (its whole, or the region around its plate) and compares. Rejects with the reader's Fault. */
export async function benchPhoto(
  reader: PlateReader,
  photo: LabelledPhoto,
  region: number | null,
): Promise<PhotoOutcome> {
  const bytes = await readFile(photo.file)
  const zone = region === null ? CORNERS : regionAround(photo, region / (1 + 2 * ZONE_MARGIN), await pictureSize(bytes))
  const answer = await reader.read(bytes, { zone })
  const reads = answer.zones['zone']?.reads ?? []
  const top = reads[0]?.text ?? ''
  return {
    located: reads.some((read) => covers(read, photo, answer)),
    exact: top === photo.plate,
    folded: fold(top) === fold(photo.plate),
    distance: edits(top, photo.plate),
    length: photo.plate.length,
    top,
    agreed: reads[0]?.agreed === true,
  }
}

/** The share `hits` of `all` with its 95 % Wilson interval. */
export function wilson(hits: number, all: number): Share {
  if (all === 0) return { value: 0, low: 0, high: 1 }
  const z = 1.96
  const p = hits / all
  const middle = (p + (z * z) / (2 * all)) / (1 + (z * z) / all)
  const reach = (z * Math.sqrt((p * (1 - p)) / all + (z * z) / (4 * all * all))) / (1 + (z * z) / all)
  return { value: p, low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) }
}

/** The value below which `share` of the values lie; 0 for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

/** The figures of a whole folder, as `berth bench-reader --json` prints them. */
export function benchFigures(outcomes: readonly PhotoOutcome[], costs: readonly ReadCost[]): BenchFigures {
  const share = (hit: (outcome: PhotoOutcome) => boolean): Share => wilson(outcomes.filter(hit).length, outcomes.length)
  const [located, exact, folded] = [share((o) => o.located), share((o) => o.exact), share((o) => o.folded)]
  const both = outcomes.filter((o) => o.agreed)
  const [agreed, agreedRight] = [share((o) => o.agreed), wilson(both.filter((o) => o.folded).length, both.length)]
  const characters = outcomes.reduce((sum, o) => sum + o.length, 0)
  return {
    photos: outcomes.length,
    located: rounded(located.value),
    exact: rounded(exact.value),
    folded: rounded(folded.value),
    agreed: rounded(agreed.value),
    agreedRight: rounded(agreedRight.value),
    low: ends('low', { located, exact, folded, agreed, agreedRight }),
    high: ends('high', { located, exact, folded, agreed, agreedRight }),
    cer: rounded(characters === 0 ? 0 : outcomes.reduce((sum, o) => sum + o.distance, 0) / characters),
    ms: {
      p50: Math.round(
        percentile(
          costs.map((c) => c.ms),
          0.5,
        ),
      ),
      p95: Math.round(
        percentile(
          costs.map((c) => c.ms),
          0.95,
        ),
      ),
    },
    cpu_ms: Math.round(costs.reduce((sum, c) => sum + c.cpu_ms, 0) / Math.max(1, costs.length)),
  }
}

type Shared = 'located' | 'exact' | 'folded' | 'agreed' | 'agreedRight'
type Ends = { readonly [name in Shared]: number }

const ends = (end: 'low' | 'high', shares: { readonly [name in Shared]: Share }): Ends => ({
  located: rounded(shares.located[end]),
  exact: rounded(shares.exact[end]),
  folded: rounded(shares.folded[end]),
  agreed: rounded(shares.agreed[end]),
  agreedRight: rounded(shares.agreedRight[end]),
})

/** Shares are 0..1; `agreed` = both recognisers read the first plate, `agreedRight` = of these right (folded); `cer` = character edits per true character; `ms` = wall time and `cpu_ms` = mean processor time of one read. */
export type BenchFigures = {
  readonly photos: number
  readonly located: number
  readonly exact: number
  readonly folded: number
  readonly agreed: number
  readonly agreedRight: number
  readonly low: Ends
  readonly high: Ends
  readonly cer: number
  readonly ms: { readonly p50: number; readonly p95: number }
  readonly cpu_ms: number
}

/** A read locates the plate when its box's centre lies in the plate's box, grown by a fifth for labels that are cut too tight. */
function covers(
  read: PictureRead,
  photo: LabelledPhoto,
  size: { readonly width: number; readonly height: number },
): boolean {
  const { x, y, width, height } = photo.box
  const cx = (read.quad.reduce((sum, corner) => sum + corner[0], 0) / 4) * size.width
  const cy = (read.quad.reduce((sum, corner) => sum + corner[1], 0) / 4) * size.height
  return cx > x - 0.2 * width && cx < x + 1.2 * width && cy > y - 0.2 * height && cy < y + 1.2 * height
}

/** Levenshtein distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] as number) + 1,
          (next[j - 1] as number) + 1,
          (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      )
    row = next
  }
  return row[b.length] as number
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4
}
