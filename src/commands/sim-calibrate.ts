import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { type MeasuredCurve, type ReadCurveFile, worseOf } from '../../simulations/design/read-curve-file.ts'
import { fileTrouble } from '../file-trouble.ts'
import { MODEL_FILES } from '../vision/model-files.ts'
import { openReader, type ReaderPool } from '../vision/reader.ts'
import { type LabelledPhoto, labelledPhotos } from '../vision/reader-bench.ts'
import { complain } from './sim/complaint.ts'
import { curveLines, measuredCurve } from './sim/curve-table.ts'
import { progressLine } from './sim/progress-line.ts'
import { type TriedPhotos, tryPhotos, tryRendered } from './sim/reader-trial.ts'

/** Fewer plates say no curve whose errors mean anything. */
const LEAST_PLATES = 20
const MOST_PLATES = 5000
/** A busy machine makes a read slow, not wrong, ms. */
const PATIENCE_MS = 120_000

const OPTIONS = {
  plates: { type: 'string', default: '300' },
  out: { type: 'string', default: 'reader.curve.json' },
  seed: { type: 'string', default: '1' },
  'plate-mm': { type: 'string', default: '520' },
} as const

/**
 * `berth sim calibrate-reader [PHOTOS]`: renders plates, makes pictures of them worse, reads them with the production reader and fits how
 * often it is right; the same with photographs where a folder is given. Writes a curve file that a scenario names. Answers 1 where no curve
 * comes out, 2 for a wrong call. The same seed and photographs give the same bytes.
 */
export async function simCalibrate(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: OPTIONS })
  const [folder] = positionals
  if (positionals.length > 1)
    return complain('berth sim calibrate-reader takes one folder of photographs at most; `--help` says more.', 2)
  const [plates, seed] = [Number(values.plates), Number(values.seed)]
  if (!/^\d{1,5}$/.test(values.plates) || plates < LEAST_PLATES || plates > MOST_PLATES)
    return complain(
      `--plates takes a whole number from ${LEAST_PLATES} to ${MOST_PLATES}; ${JSON.stringify(values.plates)} is none.`,
      2,
    )
  if (!/^\d{1,9}$/.test(values.seed))
    return complain(`--seed takes a whole number; ${JSON.stringify(values.seed)} is none.`, 2)
  const plate_m = Number(values['plate-mm']) / 1000
  if (!/^\d{3}$/.test(values['plate-mm']) || plate_m < 0.2 || plate_m > 0.6)
    return complain(
      `--plate-mm takes the width of the plates on the photographs, from 200 to 600 (European ones 520, of the United States 305); ${JSON.stringify(values['plate-mm'])} is none.`,
      2,
    )
  const photos = folder === undefined ? null : await photosIn(folder)
  if (typeof photos === 'string') return complain(`berth sim calibrate-reader: ${folder}: ${photos}`, 1)
  const file = await calibration(plates, seed, photos && { photos, plate_m }, folder)
  if (typeof file === 'string') return complain(`berth sim calibrate-reader: ${file}`, 1)
  try {
    await writeFile(values.out, `${JSON.stringify(file, null, 2)}\n`)
  } catch (cause) {
    return complain(`berth sim calibrate-reader: ${values.out}: ${fileTrouble(cause)}`, 1)
  }
  process.stdout.write(
    `${[...curveLines(file), '', `Written to ${values.out}; a scenario names it as \`reader: { curve: ${values.out} }\`.`].join('\n')}\n`,
  )
  return 0
}

/** The labelled photographs of a folder, or the sentence that says why there are too few. */
async function photosIn(folder: string): Promise<readonly LabelledPhoto[] | string> {
  try {
    const photos = await labelledPhotos(folder, (says) => complain(says, 1))
    if (photos.length >= LEAST_PLATES) return photos
    return `${photos.length} pictures with a .txt beside them; it takes ${LEAST_PLATES} or more, see \`berth bench-reader --help\`.`
  } catch (cause) {
    return fileTrouble(cause)
  }
}

/** Everything read and fitted, or the sentence that says why no curve came out. */
async function calibration(
  plates: number,
  seed: number,
  photos: TriedPhotos | null,
  folder: string | undefined,
): Promise<ReadCurveFile | string> {
  const reader = await openReader({ deadline_ms: PATIENCE_MS })
  try {
    const rendered = await told('rendered plates', plates, (tell) => tryRendered(reader, plates, seed, tell))
    const curve = measuredCurve(rendered)
    if (!curve) return 'the rendered plates say no curve; try more of them with --plates.'
    const photoCurve = photos ? await photoCurveOf(reader, photos, seed) : null
    if (photos && !photoCurve)
      return `the photographs say no curve: their reads are all alike, or not better with more pixels; give more of them.`
    const uses = worseOf(curve, photoCurve)
    const name = nameOf(uses, curve, photoCurve, folder)
    return { version: 1, name, seed, models: await modelHashes(), uses, rendered: curve, photos: photoCurve }
  } finally {
    await reader.close()
  }
}

async function photoCurveOf(reader: ReaderPool, photos: TriedPhotos, seed: number): Promise<MeasuredCurve | null> {
  return measuredCurve(await told('photographs', photos.photos.length, (tell) => tryPhotos(reader, photos, seed, tell)))
}

/** Work that tells how many of `of` are done. */
async function told<T>(what: string, of: number, work: (tell: (done: number) => void) => Promise<T>): Promise<T> {
  const line = progressLine(what)
  try {
    return await work((done) => line.told(done, of))
  } finally {
    line.end()
  }
}

function nameOf(
  uses: 'rendered' | 'photos',
  rendered: MeasuredCurve,
  photos: MeasuredCurve | null,
  folder: string | undefined,
): string {
  const curve = uses === 'photos' && photos ? photos : rendered
  const on = uses === 'photos' ? `photographs (${basename(folder ?? '')})` : 'rendered plates'
  const beside = photos === null ? '' : ', the worse of rendered plates and photographs'
  return `berth’s own reader on ${on} made worse (${curve.plates} plates, ${curve.reads} reads${beside})`
}

/** SHA-256 of each model that read. */
async function modelHashes(): Promise<ReadCurveFile['models']> {
  const { plates, textDetector, textRecogniser } = MODEL_FILES
  const hashes: { [model: string]: string } = {}
  for (const [name, path] of Object.entries({ plates, textDetector, textRecogniser }))
    hashes[name] = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
  return hashes
}
