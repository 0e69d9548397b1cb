import { loadPlateRecogniser } from '../vision/plate-recogniser.ts'
import type { LabelledPhoto, Share } from '../vision/reader-bench.ts'
import { type BoxFigures, type BoxOutcome, boxFigures, readPlateBox } from '../vision/recogniser-bench.ts'
import { loadTextModels } from '../vision/text-models.ts'

/**
 * `berth bench-reader FOLDER --plate-box PAD`: both recognisers on the plate's true box, grown by PAD percent on every side.
 * Wrong readings on which both agree are named, for a person to look at.
 */
export async function benchRecogniser(photos: readonly LabelledPhoto[], pad: number, json: boolean): Promise<void> {
  const recogniser = await loadPlateRecogniser()
  const models = await loadTextModels()
  const outcomes: BoxOutcome[] = []
  for (const photo of photos) outcomes.push(await readPlateBox(recogniser, models, photo, pad / 100))
  const figures = boxFigures(outcomes)
  process.stdout.write(json ? `${JSON.stringify({ figures, outcomes })}\n` : table(figures))
}

function table(figures: BoxFigures): string {
  const percent = (share: number): string => (100 * share).toFixed(1)
  const line = (name: string, share: Share): string =>
    `${name.padEnd(30)} ${percent(share.value)} % (95 % interval ${percent(share.low)} to ${percent(share.high)})\n`
  return [
    `photos ${figures.photos}\n`,
    line('plate recogniser, exact', figures.own.exact),
    line('plate recogniser, folded', figures.own.folded),
    line('text recogniser, exact', figures.text.exact),
    line('text recogniser, folded', figures.text.folded),
    line('both agree (folded)', figures.agreed),
    line('  and then are right', figures.agreedRight),
    line('either is right', figures.either),
    `time ${figures.own_ms.toFixed(1)} ms against ${figures.text_ms.toFixed(1)} ms (medians of one crop)\n`,
  ].join('')
}
