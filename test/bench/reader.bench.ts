import { REGULARS } from '../../src/demo/cast.ts'
import { bayZone, parkedPose } from '../../src/demo/scene.ts'
import { developPicture, type Pixels, renderPixels } from '../../src/demo/scene-picture.ts'
import { vehicleLength } from '../../src/demo/vehicle-body.ts'
import { decodePicture } from '../../src/vision/picture.ts'
import { openReader, type ReadCost } from '../../src/vision/reader.ts'
import {
  type BenchFigures,
  benchFigures,
  benchPhoto,
  labelledPhotos,
  type PhotoOutcome,
} from '../../src/vision/reader-bench.ts'
import { type Figure, times } from './figure-table.ts'

/** Reads every `step`-th labelled photo of a folder with the production reader; `region` = plate widths around the plate, null = the whole photo. */
export async function benchReaderOn(
  folder: string,
  region: number | null,
  { step = 1, children = 1 } = {},
): Promise<BenchFigures> {
  const costs: ReadCost[] = []
  const photos = (await labelledPhotos(folder, () => undefined)).filter((_, i) => i % step === 0)
  const reader = await openReader({
    children,
    queue: photos.length,
    deadline_ms: 60_000,
    onCost: (cost) => costs.push(cost),
  })
  try {
    const outcomes: PhotoOutcome[] = []
    const waiting = [...photos]
    const line = async (): Promise<void> => {
      for (let photo = waiting.shift(); photo !== undefined; photo = waiting.shift())
        outcomes.push(await benchPhoto(reader, photo, region))
    }
    await Promise.all(Array.from({ length: children }, line))
    return benchFigures(outcomes, costs)
  } finally {
    await reader.close()
  }
}

/** Reader ms a frame and frames a second of one child, on rendered bay pictures (1280×720, three zones, one vehicle each). */
export async function readerBench(frames = 24): Promise<Figure[]> {
  const zones = { left: bayZone(0), middle: bayZone(1), right: bayZone(2) }
  const vehicles = REGULARS.slice(0, 3).map(({ look }, place) => ({
    look,
    pose: parkedPose(place, vehicleLength(look)),
  }))
  const pixels = await renderPixels({ light: 'day', bayNumbers: ['1', '2', '3'], vehicles })
  const costs: ReadCost[] = []
  const reader = await openReader({ deadline_ms: 60_000, onCost: (cost) => costs.push(cost) })
  const from = performance.now()
  try {
    for (let seed = 0; seed < frames; seed++)
      await reader.read(await developPicture(pixels, { seed, noise: 4, blur_px: 0.6 }), zones)
  } finally {
    await reader.close()
  }
  const seconds = (performance.now() - from) / 1000
  const decoded = await decodeCost(pixels, frames)
  const sorted = costs.map((cost) => cost.ms).sort((a, b) => a - b)
  const at = (share: number): string => `${Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0)} ms`
  const cpu = costs.reduce((sum, cost) => sum + cost.cpu_ms, 0) / costs.length
  return [
    {
      name: 'plate reader, a frame of three bays, CPU ms',
      ...times(cpu, decoded),
      note: `floor: the picture decoded; p50 ${at(0.5)}, p95 ${at(0.95)}, ${(frames / seconds).toFixed(1)} frames a second of one child`,
    },
  ]
}

/** Processor time of decoding one such frame and nothing else, ms. */
async function decodeCost(pixels: Pixels, frames: number): Promise<number> {
  const pictures = await Promise.all(
    Array.from({ length: frames }, (_, seed) => developPicture(pixels, { seed, noise: 4, blur_px: 0.6 })),
  )
  const from = process.cpuUsage()
  for (const picture of pictures) await decodePicture(picture)
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1_000 / frames
}
