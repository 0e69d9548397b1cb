import { parseArgs } from 'node:util'
import type { Polygon } from '../../actors/ports.ts'
import { fold } from '../../machines/plate.ts'
import { isOneEdit } from '../../machines/vote.ts'
import { bestZone, type Zone } from '../../machines/zone.ts'
import { type Dice, seededDice } from '../../src/demo/dice.ts'
import type { VehicleLook } from '../../src/demo/vehicle-body.ts'
import { openReader } from '../../src/vision/reader.ts'
import { wilson } from '../../src/vision/reader-bench.ts'
import { liftZones } from '../../src/zone-lift.ts'
import {
  asDrawn,
  bell,
  clickedBay,
  drawnLong,
  parked,
  pictureOf,
  plateSomewhere,
  type Yard,
  yardOf,
} from './zone-yard.ts'

/** `npm run zones`: how often a plate lands in the wrong bay, with polygons on the ground and lifted to plate height. */
const HELP = `node test/bench/zone-table.ts [--vehicles N] [--draws N]

  --vehicles N   rendered vehicles for each number of bays, read by the production reader, default 120; 0 = none
  --draws N      plates placed by geometry alone for each line, default 20000
`
/** Corners are clicked so many pixels off (standard deviation), and the camera's height is measured so much off. */
const CLICKS_px = 3
const HEIGHT_SD_M = 0.1
/** Zones are drawn anew after so many plates. */
const SAME_ZONES = 50

type Kind = (typeof KINDS)[number]
const KINDS = ['ground', 'long', 'lifted'] as const
type Counts = { right: number; unclear: number; wrong: number; nowhere: number }
const none = (): { [kind in Kind]: Counts } => ({
  ground: { right: 0, unclear: 0, wrong: 0, nowhere: 0 },
  long: { right: 0, unclear: 0, wrong: 0, nowhere: 0 },
  lifted: { right: 0, unclear: 0, wrong: 0, nowhere: 0 },
})

/** The zones of a yard as an installer gives them: along the lines on the ground, on beyond both ends, and lifted from the same clicks. */
function zonesOf(yard: Yard, dice: Dice): { readonly [kind in Kind]: readonly Zone[] } {
  const clicked = Array.from({ length: yard.bays }, (_, bay) => clickedBay(yard, bay, dice, CLICKS_px))
  const height_m = yard.lens.above_m + HEIGHT_SD_M * bell(dice)
  const lifted = liftZones({ picture: yard.lens, height_m }, clicked)
  if (lifted === null) throw new RangeError('Clicked corners could not be lifted.')
  const named = (polygons: readonly Polygon[]): Zone[] => polygons.map((polygon, bay) => ({ bayId: `${bay}`, polygon }))
  const long = clicked.map((_, bay) => drawnLong(yard, bay))
  return { ground: named(clicked.map(asDrawn)), long: named(long), lifted: named(lifted.map(({ polygon }) => polygon)) }
}

type Box = readonly [number, number, number, number]
function count(counts: Counts, box: Box, bay: number, zones: readonly Zone[]): void {
  const best = bestZone(box, zones, 'plate')
  if (best === null) counts.nowhere += 1
  else if (!best.clear) counts.unclear += 1
  else if (best.bayId === `${bay}`) counts.right += 1
  else counts.wrong += 1
}

function byGeometry(yard: Yard, draws: number): { [kind in Kind]: Counts } {
  const dice = seededDice(`zones ${yard.bays} ${yard.lens.above_m} ${yard.aside_m}`)
  const counts = none()
  let zones = zonesOf(yard, dice)
  for (let draw = 0; draw < draws; draw++) {
    if (draw % SAME_ZONES === 0) zones = zonesOf(yard, dice)
    const bay = dice.whole(yard.bays)
    const box = plateSomewhere(yard, bay, dice)
    for (const kind of KINDS) count(counts[kind], box, bay, zones[kind])
  }
  return counts
}

const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ'
function someVehicle(dice: Dice): VehicleLook {
  const letters = (many: number): string => Array.from({ length: many }, () => dice.pick([...LETTERS])).join('')
  return {
    body: dice.pick(['hatch', 'saloon', 'suv', 'van']),
    colour: dice.pick([
      [40, 44, 52],
      [190, 192, 196],
      [150, 30, 34],
      [34, 60, 120],
    ] as const),
    facing: dice.pick(['front', 'rear']),
    plate: { style: 'gb-front', text: `${letters(2)}${dice.whole(10)}${dice.whole(10)} ${letters(3)}` },
  }
}

/** Each vehicle is rendered and read in every zone's own crop, as berth does: a read counts for the zone whose crop it is from. */
async function byPixels(yard: Yard, vehicles: number): Promise<{ [kind in Kind]: Counts }> {
  const dice = seededDice(`rendered zones ${yard.bays}`)
  const counts = none()
  const reader = await openReader({ deadline_ms: 120_000 })
  try {
    for (let vehicle = 0; vehicle < vehicles; vehicle++) {
      const zones = zonesOf(yard, dice)
      const bay = vehicle % yard.bays
      const look = someVehicle(dice)
      const picture = await pictureOf(yard, look, parked(yard, bay, look, dice), vehicle)
      const truth = fold(look.plate.text.replace(' ', ''))
      for (const kind of KINDS) {
        const answer = await reader.read(
          picture,
          Object.fromEntries(zones[kind].map((zone) => [zone.bayId, zone.polygon])),
        )
        const boxes = Object.entries(answer.zones).flatMap(([bayId, { reads }]) =>
          reads
            .filter(({ text }) => fold(text) === truth || isOneEdit(fold(text), truth))
            .map(({ quad }) => ({ bayId, box: boxAround(quad) })),
        )
        // A plate that no zone's crop takes for its own reaches no bay.
        const kept = boxes.find(({ bayId, box }) => bestZone(box, zones[kind], 'plate')?.bayId === bayId)
        count(counts[kind], kept?.box ?? [2, 2, 0, 0], bay, zones[kind])
      }
      if (process.stderr.isTTY) process.stderr.write(`\r${yard.bays} bays: ${vehicle + 1} of ${vehicles}`)
    }
  } finally {
    await reader.close()
  }
  return counts
}

function boxAround(quad: Polygon): Box {
  const [xs, ys] = [quad.map(([x]) => x), quad.map(([, y]) => y)]
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top]
}

function line(name: string, counts: { [kind in Kind]: Counts }): string {
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`
  const cells = KINDS.flatMap((kind) => {
    const { right, unclear, wrong, nowhere } = counts[kind]
    const all = right + unclear + wrong + nowhere
    const { value, low, high } = wilson(wrong, all)
    return [
      `${percent(value)} [${percent(low)}–${percent(high)}]`,
      `${percent(unclear / all)} / ${percent(nowhere / all)}`,
    ]
  })
  return `| ${[name, ...cells].join(' | ')} |`
}

const yardName = ({ bays, lens, aside_m }: Yard, vehicles: number): string =>
  `${bays}, camera ${lens.above_m} m high${aside_m > 0 ? `, ${aside_m} m beside` : ''}, rendered and read (${vehicles})`

const { values } = parseArgs({
  options: { vehicles: { type: 'string' }, draws: { type: 'string' }, help: { type: 'boolean' } },
})
if (values.help) process.stdout.write(HELP)
else {
  const [vehicles, draws] = [Number(values.vehicles ?? 120), Number(values.draws ?? 20_000)]
  process.stdout.write(
    `| bays a camera | ${KINDS.map((kind) => `${kind}: wrong bay | ${kind}: unclear / in no bay`).join(' | ')} |\n|${' --- |'.repeat(1 + 2 * KINDS.length)}\n`,
  )
  for (const bays of [2, 3, 4, 6])
    process.stdout.write(`${line(`${bays}, by geometry`, byGeometry(yardOf(bays, 3.5), draws))}\n`)
  for (const above of [2.5, 5])
    process.stdout.write(`${line(`4, camera ${above} m high`, byGeometry(yardOf(4, above), draws))}\n`)
  process.stdout.write(`${line('4, camera 5 m beside', byGeometry(yardOf(4, 3.5, 5), draws))}\n`)
  if (vehicles > 0)
    for (const yard of [yardOf(2, 3.5), yardOf(3, 3.5), yardOf(4, 3.5), yardOf(4, 2.5), yardOf(4, 3.5, 5)])
      process.stdout.write(`${line(yardName(yard, vehicles), await byPixels(yard, vehicles))}\n`)
}
