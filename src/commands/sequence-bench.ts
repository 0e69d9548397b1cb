import type { PlateReader } from '../../actors/ports.ts'
import { fold, normalize } from '../../machines/plate.ts'
import { type PlacedVote, phaseOf } from '../../machines/plate-path.ts'
import { VOTE_STRATEGIES } from '../../machines/vote-strategies.ts'
import { type Dice, seededDice } from '../demo/dice.ts'
import { bayZone, type Light, parkedPose, type Scene } from '../demo/scene.ts'
import { developPicture, renderPixels } from '../demo/scene-picture.ts'
import { type VehicleLook, vehicleLength } from '../demo/vehicle-body.ts'
import { type Share, wilson } from '../vision/reader-bench.ts'

/** What a strategy came to over all drive-ins: shares of vehicles acted on and, of those, right; seconds from standstill to its first act. */
export type SequenceFigures = {
  readonly strategy: string
  readonly sequences: number
  readonly acted: Share
  readonly right: Share
  /** Median; below 0 = while the vehicle still came. Null where it never acted. */
  readonly afterStandstill_s: number | null
  /** Acts on the plate that stands there at first, taken back later. */
  readonly changed: number
}

/** One rendered drive-in as the reader saw it. */
export type Sequence = {
  readonly plate: string
  readonly reads: readonly PlacedVote[]
  readonly standsAt: number
  readonly parkedSeen: boolean
}

const FRAME_MS = 250
/** Vehicles come in over so many metres in so many ms, slower and slower, and are watched for a while once they stand. */
const DRIVE_M = 4
const DRIVE_MS = 2_500
const STAND_MS = 3_000
/** How far a vehicle at 1 m/s smears while the shutter is open, pixels. */
const SMEAR_PX_S = 1.1
const LETTERS = [...'ABCDEFGHJKLMNPRSTUVWXYZ']
const QUORUM = 2

/** Renders and reads `many` drive-ins; `progress` hears how many are done. Each has its own light, dirt on the lens and noise, which last. */
export async function readSequences(
  reader: PlateReader,
  many: number,
  progress: (done: number) => void,
): Promise<Sequence[]> {
  const sequences: Sequence[] = []
  for (let number = 0; number < many; number++) {
    sequences.push(await readSequence(reader, seededDice(`drive-in ${number}`)))
    progress(number + 1)
  }
  return sequences
}

async function readSequence(reader: PlateReader, dice: Dice): Promise<Sequence> {
  const letters = (count: number): string => Array.from({ length: count }, () => dice.pick(LETTERS)).join('')
  const text = `${letters(2)}${dice.whole(10)}${dice.whole(10)} ${letters(3)}`
  const look: VehicleLook = {
    body: dice.pick(['hatch', 'saloon', 'suv', 'van']),
    colour: [dice.whole(220), dice.whole(220), dice.whole(220)],
    facing: dice.pick(['front', 'rear']),
    plate: { style: dice.pick(['gb-front', 'gb-rear']), text },
  }
  const place = dice.whole(3)
  const light = dice.pick<Light>(['day', 'night', 'snow'])
  const [blur_px, noise] = [dice.between(0.4, 2.4), dice.between(3, 22)]
  const stand = parkedPose(place, vehicleLength(look), dice.between(-0.25, 0.25), dice.between(-0.06, 0.06))
  const zone = bayZone(place)
  const reads: PlacedVote[] = []
  for (let at = 0; at <= DRIVE_MS + STAND_MS; at += FRAME_MS) {
    const left = Math.max(0, 1 - at / DRIVE_MS)
    const speed = (2 * DRIVE_M * left) / (DRIVE_MS / 1000)
    const smear_px = SMEAR_PX_S * speed
    const pose = { ...stand, z: stand.z + DRIVE_M * left ** 2 }
    const scene: Scene = {
      light,
      bayNumbers: ['1', '2', '3'],
      vehicles: [{ look, pose, ...(smear_px > 0.3 ? { smear_px } : {}) }],
    }
    const grain = { seed: dice.whole(1 << 30), noise, blur_px: blur_px + dice.between(-0.1, 0.1) }
    const answer = await reader.read(await developPicture(await renderPixels(scene), grain), { zone })
    for (const read of answer.zones['zone']?.reads ?? []) {
      const [xs, ys] = [read.quad.map(([x]) => x), read.quad.map(([, y]) => y)]
      const [x, y] = [Math.min(...xs), Math.min(...ys)]
      const box = [x, y, Math.max(...xs) - x, Math.max(...ys) - y] as const
      const { confidence, characters } = read
      reads.push({ text: normalize(read.text), confidence, characters, frame: String(at), reader: 'berth', box, at })
    }
  }
  return {
    plate: normalize(text),
    reads,
    standsAt: DRIVE_MS,
    parkedSeen: reads.length > 0 && phaseOf(reads) === 'parked',
  }
}

/** What each strategy makes of the same reads. It acts as soon as it may; right = equal but for look-alikes. */
export function compareStrategies(sequences: readonly Sequence[]): SequenceFigures[] {
  return Object.entries(VOTE_STRATEGIES).map(([strategy, judge]) => {
    const outcomes = sequences.map(({ plate, reads, standsAt }) => {
      const moments = [...new Set(reads.map(({ at }) => at))].sort((a, b) => a - b)
      const acts = moments.flatMap((at) => {
        const verdict = judge(
          reads.filter((read) => read.at <= at),
          QUORUM,
        )
        return verdict.acts ? [{ at, text: fold(verdict.text) }] : []
      })
      const first = acts[0]
      return {
        acted: first !== undefined,
        right: first?.text === fold(plate),
        after_s: first ? (first.at - standsAt) / 1000 : null,
        changed: acts.some(({ text }) => text !== first?.text),
      }
    })
    const acted = outcomes.filter((one) => one.acted)
    const times = acted.flatMap(({ after_s }) => (after_s === null ? [] : [after_s])).sort((a, b) => a - b)
    return {
      strategy,
      sequences: sequences.length,
      acted: wilson(acted.length, sequences.length),
      right: wilson(acted.filter((one) => one.right).length, acted.length),
      afterStandstill_s: times[Math.floor(times.length / 2)] ?? null,
      changed: acted.filter((one) => one.changed).length,
    }
  })
}

/** The figures as a table of Markdown. */
export function sequenceTable(figures: readonly SequenceFigures[]): string {
  const share = ({ value, low, high }: Share): string =>
    `${(100 * value).toFixed(1)} % [${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)}]`
  const rows = figures.map(
    ({ strategy, acted, right, afterStandstill_s, changed }) =>
      `| ${strategy} | ${share(acted)} | ${share(right)} | ${afterStandstill_s === null ? '–' : afterStandstill_s.toFixed(2)} | ${changed} |`,
  )
  return `| strategy | acted | of those right | first act after standstill, s (median) | changed its mind |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`
}
