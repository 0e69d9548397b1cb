import { readFile } from 'node:fs/promises'
import { fold } from '../../machines/plate.ts'
import { decodePicture, type Picture } from './picture.ts'
import { type PlateRecogniser, recognisePlates } from './plate-recogniser.ts'
import { type LabelledPhoto, percentile, type Share, wilson } from './reader-bench.ts'
import type { TextBox } from './text-box.ts'
import type { ReadText } from './text-decoder.ts'
import type { TextModels } from './text-models.ts'
import { readTexts } from './text-reader.ts'

/** What each recogniser alone made of the plate's true box; '' for nothing. Times in milliseconds. */
export type BoxOutcome = {
  readonly file: string
  readonly plate: string
  readonly own: string
  readonly text: string
  readonly own_ms: number
  readonly text_ms: number
}

/** Reads the labelled box of a photo, grown by `pad` of its size on every side, with our plate recogniser and with the text recogniser. */
export async function readPlateBox(
  recogniser: PlateRecogniser,
  models: TextModels,
  photo: LabelledPhoto,
  pad: number,
): Promise<BoxOutcome> {
  const picture = await decodePicture(await readFile(photo.file))
  const scale = picture.width / picture.fileWidth
  const { x, y, width, height } = photo.box
  const box: TextBox = {
    cx: (x + width / 2) * scale,
    cy: (y + height / 2) * scale,
    width: width * (1 + 2 * pad) * scale,
    height: height * (1 + 2 * pad) * scale,
    angle: 0,
  }
  const own = await timed(() => recognisePlates(recogniser, picture, [box]))
  const text = await timed(() => textsIn(models, picture, box))
  return { file: photo.file, plate: photo.plate, own: own.top, text: text.top, own_ms: own.ms, text_ms: text.ms }
}

/** Shares over many photos: each recogniser alone, how often both say the same folded plate, and how often that is right. */
export type BoxFigures = {
  readonly photos: number
  readonly own: { readonly exact: Share; readonly folded: Share }
  readonly text: { readonly exact: Share; readonly folded: Share }
  readonly agreed: Share
  readonly agreedRight: Share
  readonly either: Share
  readonly own_ms: number
  readonly text_ms: number
}

/** The figures of many photos. */
export function boxFigures(outcomes: readonly BoxOutcome[]): BoxFigures {
  const share = (hit: (o: BoxOutcome) => boolean, among = outcomes): Share =>
    wilson(among.filter(hit).length, among.length)
  const right = (read: string, o: BoxOutcome): boolean => fold(read) === fold(o.plate)
  const agrees = (o: BoxOutcome): boolean => o.own !== '' && fold(o.own) === fold(o.text)
  return {
    photos: outcomes.length,
    own: { exact: share((o) => o.own === o.plate), folded: share((o) => right(o.own, o)) },
    text: { exact: share((o) => o.text === o.plate), folded: share((o) => right(o.text, o)) },
    agreed: share(agrees),
    agreedRight: share((o) => right(o.own, o), outcomes.filter(agrees)),
    either: share((o) => right(o.own, o) || right(o.text, o)),
    own_ms: percentile(
      outcomes.map((o) => o.own_ms),
      0.5,
    ),
    text_ms: percentile(
      outcomes.map((o) => o.text_ms),
      0.5,
    ),
  }
}

function textsIn(models: TextModels, picture: Picture, box: TextBox): Promise<ReadText[][]> {
  return readTexts(models.recogniser, models.characters, picture, [box])
}

async function timed(read: () => Promise<ReadText[][]>): Promise<{ top: string; ms: number }> {
  const from = performance.now()
  const [texts] = await read()
  return { top: texts?.[0]?.text ?? '', ms: performance.now() - from }
}
