import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { parseArgs } from 'node:util'
import { fold, normalize, plausible } from '../../machines/plate.ts'
import { tally, type Vote } from '../../machines/vote.ts'
import { seededDice } from '../../src/demo/dice.ts'
import { openFilm } from '../../src/demo/photo-frames.ts'
import { ownChance } from '../../src/vision/own-chance.ts'
import { pictureSize } from '../../src/vision/picture.ts'
import { openReader } from '../../src/vision/reader.ts'
import { type LabelledPhoto, labelledPhotos, regionAround, type Share, wilson } from '../../src/vision/reader-bench.ts'

/** `npm run gates -- FOLDER…`: on real photographs, what is acted on where confidence is the gate, and where agreement is. */
const HELP = `node test/bench/gate-table.ts FOLDER… [--frames N]

Every labelled photo is taken N times (default 5) with a camera's small differences and read in a zone as wide as a bay. A gate acts
once, on the first frame after which it is satisfied; right = the plate's matching key.
`
/** A bay is 2.5 m wide, a plate half a metre. */
const PLATES_WIDE = 5
const QUORUM = 2
/** Least chance by the reader's calibration, the policy's default. */
const ACT = 0.9

/** What a gate would act on after these frames, each its reads, the most plate-like first; null = nothing yet. */
type Gate = (frames: readonly (readonly Vote[])[]) => string | null

const leading = (frames: readonly (readonly Vote[])[]): readonly Vote[] => frames.flatMap((reads) => reads.slice(0, 1))

const confidenceGate =
  (least: number): Gate =>
  (frames) =>
    leading(frames).find(({ text, confidence }) => plausible(text) && confidence >= least)?.text ?? null

const agreementGate =
  (isCalibrated: boolean): Gate =>
  (frames) => {
    const [leader, next] = tally(frames.flat()).filter((one) => one.plausible)
    if (!leader || leader.witnesses < QUORUM || (next?.witnesses ?? 0) >= QUORUM) return null
    return isCalibrated && (ownChance(leader) ?? 1) < ACT ? null : leader.text
  }

const GATES: readonly (readonly [name: string, gate: Gate])[] = [
  ['one frame, confidence ≥ 0.80', confidenceGate(0.8)],
  ['one frame, confidence ≥ 0.90', confidenceGate(0.9)],
  ['one frame, confidence ≥ 0.95', confidenceGate(0.95)],
  ['two frames agree', agreementGate(false)],
  ['two frames agree, chance ≥ 0.9 by calibration (the default)', agreementGate(true)],
]

type Taken = { readonly plate: string; readonly frames: readonly (readonly Vote[])[] }

async function takenFrom(folder: string, many: number): Promise<Taken[]> {
  const taken: Taken[] = []
  const reader = await openReader({ deadline_ms: 120_000 })
  try {
    for (const photo of await labelledPhotos(folder, (says) => void process.stderr.write(`${says}\n`))) {
      const film = await openFilm(photo.file, seededDice(`gate ${basename(photo.file, extname(photo.file))}`))
      const zone = await zoneOf(photo)
      const frames: Vote[][] = []
      for (let frame = 0; frame < many; frame++) {
        const answer = await reader.read(await film.frame(), { zone })
        const reads = answer.zones['zone']?.reads ?? []
        frames.push(
          reads.map(({ text, confidence, characters }) => ({
            text: normalize(text),
            confidence,
            characters,
            frame: `${frame}`,
            reader: 'berth',
          })),
        )
      }
      taken.push({ plate: photo.plate, frames })
      if (process.stderr.isTTY) process.stderr.write(`\r${folder}: ${taken.length}`)
    }
  } finally {
    await reader.close()
  }
  return taken
}

const zoneOf = async (photo: LabelledPhoto) =>
  regionAround(photo, PLATES_WIDE, await pictureSize(await readFile(photo.file)))

const shown = ({ value, low, high }: Share): string =>
  `${(100 * value).toFixed(1)} % [${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)}]`

function lines(name: string, taken: readonly Taken[]): string {
  return GATES.map(([gateName, gate]) => {
    const acts = taken.flatMap(({ plate, frames }) => {
      const texts = frames.map((_, last) => gate(frames.slice(0, last + 1)))
      const first = texts.find((text) => text !== null)
      return first === undefined || first === null ? [] : [{ right: fold(first) === fold(plate) }]
    })
    const right = acts.filter((one) => one.right).length
    return `| ${name} (${taken.length}) | ${gateName} | ${shown(wilson(acts.length, taken.length))} | ${shown(wilson(right, acts.length))} | ${acts.length - right} |\n`
  }).join('')
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { frames: { type: 'string' }, help: { type: 'boolean' } },
})
if (values.help || positionals.length === 0) process.stdout.write(HELP)
else {
  process.stdout.write('| photographs | gate | acted | of those right | wrong |\n| --- | --- | --- | --- | --- |\n')
  const all: Taken[] = []
  for (const folder of positionals) {
    const taken = await takenFrom(folder, Number(values.frames ?? 5))
    all.push(...taken)
    process.stdout.write(lines(basename(folder), taken))
  }
  process.stdout.write(lines('all', all))
}
