import { parseArgs } from 'node:util'
import { Fault } from '../../machines/faults.ts'
import { fileTrouble } from '../file-trouble.ts'
import { openReader, type ReadCost } from '../vision/reader.ts'
import {
  type BenchFigures,
  benchFigures,
  benchPhoto,
  type LabelledPhoto,
  labelledPhotos,
  type PhotoOutcome,
} from '../vision/reader-bench.ts'
import type { ReaderPlan } from '../vision/reader-plan.ts'
import { benchRecogniser } from './bench-recogniser.ts'
import { chosenPlan, isProfile, READER_HELP, READER_OPTIONS } from './reader-choice.ts'
import { compareStrategies, readSequences, sequenceTable } from './sequence-bench.ts'

const HELP = `berth bench-reader FOLDER [--region N | --plate-box PERCENT] [--profile default|fast] [--site SITE.yaml] [--json]
berth bench-reader --sequences N [--json]

Reads pictures with ground truth with the production reader and prints how often it is right, and how fast.
FOLDER holds .jpg or .png pictures, each with a .txt of the same name beside it: file name, x, y, width and height
of the plate in pixels, plate text, tab separated.

  --region N   read a crop N times as wide as the plate (3/4 as high as wide), centred on it, as a bay's zone gives;
               default: the whole picture
  --plate-box PERCENT
               read the plate's true box, grown by PERCENT of its size on every side, with our plate recogniser and
               with the text recogniser, each alone, and compare them (no finding of plates; 0 = the box itself)
  --sequences N  instead of a folder: renders N drive-ins (23 frames each) and compares ways to make one plate of
               their reads: how often each would act, how often it is right then, and when
${READER_HELP}  --json       one JSON object: photos; located, exact, folded (shares 0..1; first read against the plate, folded =
               look-alike characters count as equal), agreed = both recognisers read the same plate, agreedRight =
               of these right; low and high = their 95 % Wilson intervals; cer = character edits per true
               character; ms {p50, p95} of a read; cpu_ms = mean processor time of a read
`

/** A busy machine makes a read slow, not wrong: only a hang is given up, ms. */
const PATIENCE_MS = 60_000

/** The command `berth bench-reader`; exit code 1 when the folder holds nothing to read, 2 for a wrong call. */
export async function benchReader(argv: string[]): Promise<number> {
  const call = benchCall(argv)
  if (typeof call === 'string') {
    complain(call)
    return 2
  }
  if (call.help) {
    process.stdout.write(HELP)
    return 0
  }
  if (call.sequences !== null) return benchSequences(call.sequences, call.json)
  let photos: LabelledPhoto[]
  try {
    photos = await labelledPhotos(call.folder, complain)
  } catch (error) {
    complain(`${call.folder}: ${fileTrouble(error)}`)
    return 1
  }
  if (photos.length === 0) {
    complain(`${call.folder}: no picture with a .txt beside it; see \`berth bench-reader --help\`.`)
    return 1
  }
  if (call.plateBox !== null) {
    await benchRecogniser(photos, call.plateBox, call.json)
    return 0
  }
  const figures = await readAll(photos, call.region, await chosenPlan(call.site, call.profile))
  process.stdout.write(call.json ? `${JSON.stringify(figures)}\n` : table(figures))
  return 0
}

/** Rendered drive-ins, and what each strategy makes of them. */
async function benchSequences(many: number, isJson: boolean): Promise<number> {
  const reader = await openReader({ children: 1, deadline_ms: PATIENCE_MS })
  try {
    const sequences = await readSequences(reader, many, (done) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${many} drive-ins`)
    })
    if (process.stderr.isTTY) process.stderr.write('\r\u001B[K')
    const figures = compareStrategies(sequences)
    process.stdout.write(isJson ? `${JSON.stringify(figures)}\n` : sequenceTable(figures))
    return 0
  } finally {
    await reader.close()
  }
}

type Call = {
  readonly help: boolean
  readonly folder: string
  readonly region: number | null
  readonly plateBox: number | null
  readonly sequences: number | null
  readonly json: boolean
  readonly site: string | undefined
  readonly profile: ReaderPlan['profile'] | undefined
}

/** The call's parts, or one sentence about what is wrong with it. */
function benchCall(argv: string[]): Call | string {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        ...READER_OPTIONS,
        region: { type: 'string' },
        'plate-box': { type: 'string' },
        sequences: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const region = values.region === undefined ? null : Number(values.region)
    if (region !== null && !(region >= 1 && region <= 100))
      return 'berth bench-reader: --region takes a number of plate widths from 1 to 100.'
    const plateBox = values['plate-box'] === undefined ? null : Number(values['plate-box'])
    if (plateBox !== null && !(plateBox >= 0 && plateBox <= 100))
      return 'berth bench-reader: --plate-box takes a percentage from 0 to 100.'
    const sequences = values.sequences === undefined ? null : Number(values.sequences)
    if (sequences !== null && !(Number.isInteger(sequences) && sequences >= 1 && sequences <= 10_000))
      return 'berth bench-reader: --sequences takes a number of drive-ins from 1 to 10000.'
    if (values.help !== true && sequences === null && positionals.length !== 1)
      return 'berth bench-reader: name one folder; see `berth bench-reader --help`.'
    if (!isProfile(values.profile)) return 'berth bench-reader: --profile takes default or fast.'
    return {
      site: values.site,
      profile: values.profile,
      help: values.help === true,
      folder: positionals[0] ?? '',
      region,
      plateBox,
      sequences,
      json: values.json === true,
    }
  } catch (error) {
    return `berth bench-reader: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** One picture after the other, so that times are those of a read alone. A picture that cannot be read counts as not located and is named. */
async function readAll(
  photos: readonly LabelledPhoto[],
  region: number | null,
  plan: ReaderPlan,
): Promise<BenchFigures> {
  const costs: ReadCost[] = []
  const outcomes: PhotoOutcome[] = []
  const onCost = (cost: ReadCost): void => void costs.push(cost)
  const reader = await openReader({ children: 1, deadline_ms: PATIENCE_MS, plan, onCost })
  try {
    for (const photo of photos) {
      try {
        outcomes.push(await benchPhoto(reader, photo, region))
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        complain(`${photo.file}: ${error.message}`)
        outcomes.push({
          located: false,
          exact: false,
          folded: false,
          distance: photo.plate.length,
          length: photo.plate.length,
          top: '',
          agreed: false,
        })
      }
      if (process.stderr.isTTY) process.stderr.write(`\r${outcomes.length} of ${photos.length} photos`)
    }
  } finally {
    if (process.stderr.isTTY) process.stderr.write('\r\u001B[K')
    await reader.close()
  }
  return benchFigures(outcomes, costs)
}

function table(figures: BenchFigures): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
  const line = (name: 'located' | 'exact' | 'folded' | 'agreed' | 'agreedRight'): string =>
    `${(name === 'agreedRight' ? 'of these right' : name).padEnd(8)} ${percent(figures[name])} (95 % interval ${percent(figures.low[name])} to ${percent(figures.high[name])})\n`
  return `photos   ${figures.photos}\n${line('located')}${line('exact')}${line('folded')}${line('agreed')}${line('agreedRight')}cer      ${figures.cer.toFixed(4)} edits per character\ntime     ${figures.ms.p50} ms median, ${figures.ms.p95} ms 95th percentile; ${figures.cpu_ms} ms processor time a read\n`
}

function complain(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}
