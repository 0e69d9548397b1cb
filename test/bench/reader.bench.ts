import { openReader, type ReadCost } from '../../src/vision/reader.ts'
import {
  type BenchFigures,
  benchFigures,
  benchPhoto,
  labelledPhotos,
  type PhotoOutcome,
} from '../../src/vision/reader-bench.ts'

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
