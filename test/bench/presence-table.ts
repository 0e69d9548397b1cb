import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { seededDice } from '../../src/demo/dice.ts'
import { emptyLooks } from '../../src/vision/empty-looks.ts'
import { wilson } from '../../src/vision/reader-bench.ts'
import { beforePhotos, carPark, type Place } from './presence-grounds.ts'
import { type EmptyHour, emptyHour, type Stand, standAt, stay } from './presence-hours.ts'
import { CONDITIONS, type Condition, SIZE } from './presence-weather.ts'

/** `npm run presence`: how often a zone with a vehicle in it is taken for empty, by light and weather, and how soon an empty one is known for empty. */
const HELP = `node test/bench/presence-table.ts [--hours N] [--only CONDITION] [--photos FOLDER] [--pictures FOLDER]

  --hours N          occupied hours for each condition, default 4000
  --only CONDITION   one of: ${Object.keys(CONDITIONS).join(', ')}
  --photos FOLDER    vehicles before the backgrounds of these photographs instead of the rendered car park
  --pictures FOLDER  a PNG there of every stay with a picture that was taken for empty
`
/** One empty bay is watched for so many occupied hours. */
const HOURS_AN_EMPTY = 10

function standsOf(places: readonly Place[]): Stand[] {
  const stands: Stand[] = []
  for (const [i, place] of places.entries()) stands.push(standAt(place, `${i}`))
  const known = stands.filter(({ looks }) => emptyLooks(looks).length > 0)
  const references = known.reduce((sum, { looks }) => sum + emptyLooks(looks).length, 0)
  process.stdout.write(
    `${known.length} of ${places.length} bays could be learnt, ${(references / known.length).toFixed(1)} references each\n\n`,
  )
  return known
}

async function rowOf(name: string, condition: Condition, stands: readonly Stand[], hours: number, into: string | null) {
  const dice = seededDice(`presence ${name}`)
  const sum = { hours: 0, stays: 0, falseHours: 0, looks: 0, judged: 0, occupied: 0, falseLooks: 0 }
  const empties: EmptyHour[] = []
  while (sum.hours < hours) {
    const stand = stands[sum.stays % stands.length] as Stand
    const one = await stay(stand, condition, dice)
    sum.stays += 1
    for (const key of ['hours', 'falseHours', 'looks', 'judged', 'occupied', 'falseLooks'] as const)
      sum[key] += one[key]
    if (one.picture && into !== null)
      await sharp(one.picture, { raw: { ...SIZE, channels: 1 } })
        .png()
        .toFile(join(into, `${name} ${sum.stays}${one.falseHours > 0 ? ' told' : ''}.png`))
    while (empties.length * HOURS_AN_EMPTY < sum.hours)
      empties.push(emptyHour(stands[empties.length % stands.length] as Stand, condition, dice))
    if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${sum.hours} of ${hours}  `)
  }
  return { ...sum, empties }
}

function line(name: string, row: Awaited<ReturnType<typeof rowOf>>): string {
  const { low, high } = wilson(row.falseHours, row.hours)
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
  const known = row.empties.flatMap(({ known_min }) => (known_min === null ? [] : [known_min]))
  const total = (one: (hour: EmptyHour) => number): number => row.empties.reduce((sum, hour) => sum + one(hour), 0)
  const cells = [
    name,
    `${row.hours} (${row.stays})`,
    row.falseHours,
    `${(1000 * low).toFixed(2)}–${(1000 * high).toFixed(2)}`,
    row.falseLooks,
    percent(row.occupied / row.judged),
    percent(known.filter((wait) => wait === 0).length / row.empties.length),
    percent(known.length / row.empties.length),
    percent(total(({ occupied }) => occupied) / total(({ looks }) => looks)),
  ]
  return `| ${cells.join(' | ')} |\n`
}

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '4000' },
    only: { type: 'string' },
    photos: { type: 'string' },
    pictures: { type: 'string' },
    help: { type: 'boolean' },
  },
})
if (values.help) process.stdout.write(HELP)
else {
  const into = values.pictures ?? null
  if (into !== null) await mkdir(into, { recursive: true })
  const stands = standsOf(values.photos === undefined ? await carPark() : await beforePhotos(values.photos))
  process.stdout.write(
    '| condition | occupied hours (stays) | with a false `empty` | in 1,000 hours, 95 % | pictures taken for empty | pictures seen as occupied | empty bay known at once | within an hour | empty bay taken for occupied |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n',
  )
  for (const [name, condition] of Object.entries(CONDITIONS)) {
    if (values.only !== undefined && values.only !== name) continue
    process.stdout.write(line(name, await rowOf(name, condition, stands, Number(values.hours), into)))
  }
  process.stderr.write(`${Math.round(process.cpuUsage().user / 1e6)} CPU-seconds\n`)
}
