import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { PictureAnswer, Polygon } from '../../actors/ports.ts'
import { fileTrouble } from '../file-trouble.ts'
import { openReader, type ReaderPool } from '../vision/reader.ts'
import type { ReaderPlan } from '../vision/reader-plan.ts'
import { chosenPlan, isProfile, READER_HELP, READER_OPTIONS } from './reader-choice.ts'

const HELP = `berth read IMAGE… [--zone x,y,x,y,…] [--profile default|fast] [--site SITE.yaml] [--json]

Reads the plates in JPEG or PNG pictures with the production reader. On a terminal it prints one line a picture;
with --json, or into a pipe, one JSON object a line: file, width and height (pixels), reads (text, candidates,
characters = confidence of each 0..1, confidence, quad = corners in 0..1 of the picture, clockwise from top left,
agreed = whether both recognisers read the same folded plate, left out where one read alone), ms.

  --zone x,y,x,y,…   read only this polygon, corners in 0..1 of the picture (default: the whole picture)
${READER_HELP}  --json             JSON lines also on a terminal
`
const WHOLE: Polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]
/** A busy machine makes a read slow, not wrong: only a hang is given up, ms. */
const PATIENCE_MS = 60_000

/** The command `berth read`: prints what it reads to stdout; exit code 1 if a file cannot be read, 2 for a wrong call. */
export async function read(argv: string[]): Promise<number> {
  const call = readCall(argv)
  if (typeof call === 'string') {
    process.stderr.write(`${call}\n`)
    return 2
  }
  if (call.help) {
    process.stdout.write(HELP)
    return 0
  }
  const reader = await openReader({
    children: 1,
    deadline_ms: PATIENCE_MS,
    plan: await chosenPlan(call.site, call.profile),
  })
  try {
    let code = 0
    for (const file of call.files) if (!(await readOne(reader, file, call.zone, call.json))) code = 1
    return code
  } finally {
    await reader.close()
  }
}

type Call = {
  readonly help: boolean
  readonly files: readonly string[]
  readonly zone: Polygon
  readonly json: boolean
  readonly site: string | undefined
  readonly profile: ReaderPlan['profile'] | undefined
}

/** The call's parts, or one sentence about what is wrong with it. */
function readCall(argv: string[]): Call | string {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        ...READER_OPTIONS,
        zone: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const zone = values.zone === undefined ? WHOLE : readZone(values.zone)
    if (zone === null) return 'berth read: --zone takes at least three corners, as numbers from 0 to 1: x,y,x,y,x,y.'
    if (values.help !== true && positionals.length === 0)
      return 'berth read: name at least one JPEG or PNG file; see `berth read --help`.'
    const { site, profile } = values
    if (!isProfile(profile)) return 'berth read: --profile takes default or fast.'
    const json = values.json === true || !process.stdout.isTTY
    return { help: values.help === true, files: positionals, zone, json, site, profile }
  } catch (error) {
    return `berth read: ${error instanceof Error ? error.message : String(error)}`
  }
}

function readZone(text: string): Polygon | null {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (numbers.length < 6 || numbers.length % 2 !== 0 || numbers.some((n) => !(n >= 0 && n <= 1))) return null
  return Array.from(
    { length: numbers.length / 2 },
    (_, i) => [numbers[2 * i] as number, numbers[2 * i + 1] as number] as const,
  )
}

async function readOne(reader: ReaderPool, file: string, zone: Polygon, json: boolean): Promise<boolean> {
  try {
    const answer = await reader.read(await readFile(file), { zone })
    process.stdout.write(json ? `${jsonLine(file, answer)}\n` : `${textLine(file, answer)}\n`)
    return true
  } catch (error) {
    process.stderr.write(`${file}: ${fileTrouble(error)}\n`)
    return false
  }
}

function jsonLine(file: string, answer: PictureAnswer): string {
  const { width, height, ms, zones } = answer
  return JSON.stringify({ file, width, height, reads: zones['zone']?.reads ?? [], ms: Math.round(ms * 10) / 10 })
}

function textLine(file: string, answer: PictureAnswer): string {
  const reads = (answer.zones['zone']?.reads ?? []).map(
    (one) => `${one.text} (confidence ${one.confidence.toFixed(2)})`,
  )
  return `${file}: ${reads.length === 0 ? 'no plate found' : reads.join(', ')}; ${answer.ms.toFixed(0)} ms`
}
