import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Polygon } from '../../actors/ports.ts'
import { fold } from '../../machines/plate.ts'
import { plateKeyText, REGULARS } from '../../src/demo/cast.ts'
import { bayZone, type Light, parkedPose } from '../../src/demo/scene.ts'
import { developPicture, renderPixels } from '../../src/demo/scene-picture.ts'
import { vehicleLength } from '../../src/demo/vehicle-body.ts'
import { decodePicture, pictureSize } from '../../src/vision/picture.ts'
import { answerPicture } from '../../src/vision/picture-answer.ts'
import { viewOf } from '../../src/vision/picture-view.ts'
import { labelledPhotos, regionAround } from '../../src/vision/reader-bench.ts'
import { loadTextModels, type TextModels } from '../../src/vision/text-models.ts'
import { lookAtZone, ZONE_MARGIN, zoneCrop } from '../../src/vision/zone-crop.ts'
import type { Figure } from './figure-table.ts'
import { seeTextsOnly } from './text-only-eye.ts'

/** A picture with one zone and the plate that stands in it. */
type ZonePicture = { readonly bytes: Uint8Array; readonly zone: Polygon; readonly plate: string }
/** What reading it came to: the first text, and the processor time of the whole process with all its threads. */
type Read = { readonly text: string; readonly cpu_ms: number }

const PLATES = fileURLToPath(new URL('../../../shared/plates/', import.meta.url))
/** Every so many-th photograph of a folder. */
const STEPS = { eu: 4, us: 5, br: 2 } as const
/** Plate widths that a zone shows: what a bay's zone gives at best. */
const REGION = 3

/**
 * Reads per CPU-second of one zone of a picture (decoding it and its looks counted), by the reader as it is and by PP-OCR alone as berth
 * read before, in turn and in one process, so that a busy machine is busy for both. Rendered bays, and photographs where they are there:
 * some, or `all`.
 */
export async function zoneReadBench({ rounds = 1, all = false } = {}): Promise<Figure[]> {
  const models = await loadTextModels()
  const sets: [string, ZonePicture[]][] = [['rendered bays', await renderedZones()]]
  for (const [name, every] of Object.entries(STEPS))
    if (existsSync(`${PLATES}${name}`))
      sets.push([`photographs ${name}`, await photoZones(`${PLATES}${name}`, all ? 1 : every)])
  const lines: Figure[] = []
  for (const [name, pictures] of sets) {
    await bothReads(models, pictures.slice(0, 2), 1)
    const { own, text } = await bothReads(models, pictures, rounds)
    const [ours, theirs] = [readsPerSecond(own), readsPerSecond(text)]
    lines.push({
      name: `reads per CPU-second of a zone crop, ${name}`,
      value: ours.toFixed(1),
      floor: theirs.toFixed(1),
      ratio: ours / theirs,
      note: `floor: PP-OCR alone; right ${rightOf(own, pictures)} and ${rightOf(text, pictures)} of ${own.length}`,
    })
  }
  return lines
}

const readsPerSecond = (reads: readonly Read[]): number =>
  (1000 * reads.length) / reads.reduce((sum, { cpu_ms }) => sum + cpu_ms, 0)

const rightOf = (reads: readonly Read[], pictures: readonly ZonePicture[]): number =>
  reads.filter(({ text }, i) => fold(text) === fold((pictures[i % pictures.length] as ZonePicture).plate)).length

/** Every picture by both, the one that begins changing from picture to picture. */
async function bothReads(models: TextModels, pictures: readonly ZonePicture[], rounds: number) {
  const [own, text]: [Read[], Read[]] = [[], []]
  for (let round = 0; round < rounds; round++)
    for (const [at, picture] of pictures.entries()) {
      const both = [
        async () => own.push(await costOf(() => present(models, picture))),
        async () => text.push(await costOf(() => textOnly(models, picture))),
      ]
      for (const one of (at + round) % 2 === 0 ? both : both.reverse()) await one()
    }
  return { own, text }
}

async function costOf(read: () => Promise<string>): Promise<Read> {
  const from = process.cpuUsage()
  const text = await read()
  const { user, system } = process.cpuUsage(from)
  return { text, cpu_ms: (user + system) / 1000 }
}

async function present(models: TextModels, { bytes, zone }: ZonePicture): Promise<string> {
  const { zones } = await answerPicture(models, bytes, { zone })
  return zones['zone']?.reads[0]?.text ?? ''
}

/** The same way from bytes to an answer, with the other eye. */
async function textOnly(models: TextModels, { bytes, zone }: ZonePicture): Promise<string> {
  const picture = await decodePicture(bytes)
  await lookAtZone(picture, zone)
  const [best] = await seeTextsOnly(models, picture, zoneCrop(zone, picture))
  await viewOf(picture, [zone])
  return best?.texts[0]?.text ?? ''
}

async function photoZones(folder: string, step: number): Promise<ZonePicture[]> {
  const photos = (await labelledPhotos(folder, () => undefined)).filter((_, i) => i % step === 0)
  return Promise.all(
    photos.map(async (photo) => {
      const bytes = await readFile(photo.file)
      const zone = regionAround(photo, REGION / (1 + 2 * ZONE_MARGIN), await pictureSize(bytes))
      return { bytes, zone, plate: photo.plate }
    }),
  )
}

/** Three bays by day, by night and in snow, as their camera sees them. */
async function renderedZones(): Promise<ZonePicture[]> {
  const visitors = REGULARS.slice(0, 3)
  const vehicles = visitors.map(({ look }, place) => ({ look, pose: parkedPose(place, vehicleLength(look)) }))
  const all: ZonePicture[] = []
  for (const [seed, light] of (['day', 'night', 'snow'] satisfies Light[]).entries()) {
    const pixels = await renderPixels({ light, bayNumbers: ['1', '2', '3'], vehicles })
    const bytes = await developPicture(pixels, { seed, noise: 4, blur_px: 0.6 })
    for (const [place, { look }] of visitors.entries())
      all.push({ bytes, zone: bayZone(place), plate: plateKeyText(look.plate) })
  }
  return all
}

if (import.meta.main)
  for (const { name, value, note } of await zoneReadBench({ all: process.argv.includes('--all') }))
    process.stdout.write(`${name}: ${value}${note ? ` (${note})` : ''}\n`)
