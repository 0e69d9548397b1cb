import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MESSAGE_ORDERS } from '../../../simulations/design/bay-charge-points.ts'
import { WAY_NAMES } from '../../../simulations/design/visitor-ways.ts'
import { designOf } from '../../../src/commands/sim/open-design.ts'
import { checkScenario, problemLines } from '../../../src/commands/sim/scenario-file.ts'
import { EXAMPLE_SITE, scenarioText } from '../../../src/commands/sim/scenario-template.ts'

type Shape = {
  readonly properties?: { readonly [key: string]: Shape }
  readonly items?: Shape
  readonly anyOf?: readonly Shape[]
  readonly description?: string
  readonly type?: unknown
  readonly enum?: readonly unknown[]
  readonly 'x-unit'?: string
}
const read = (name: string): Shape => JSON.parse(readFileSync(new URL(`../../../src/${name}`, import.meta.url), 'utf8'))
const schema = read('scenario.schema.json')

const linesOf = (text: string): string[] => problemLines('s.yaml', checkScenario(text).problems)

test('the written example checks, with every default in', () => {
  const { scenario, problems } = checkScenario(scenarioText(EXAMPLE_SITE))
  expect(problems).toEqual([])
  expect(scenario?.site.bayWidth_m).toBe(2.5)
  expect(scenario?.policy.lock.on_A).toBe(0.2)
  expect(scenario?.cameras[0]?.irRange_m).toBe(30)
})

const HEAD = 'version: 1\nsite: { bays: 4 }\n'
test.each([
  [
    'an unknown key names its line, what it may mean, and the unit',
    `${HEAD}chargers: { power: 11 }\n`,
    /^s\.yaml:3:13 chargers\.power: unknown key `power`; write `power_kW` \(a number, kW\)/,
  ],
  [
    'an unknown key of the top names the known ones',
    `${HEAD}camera: []\n`,
    /^s\.yaml:3:1 camera: unknown key `camera`; write `cameras`/,
  ],
  [
    'a way that drivers do not have, with the nearest one',
    `${HEAD}personalities: { leavesCabel: 0.1 }\n`,
    /unknown key `leavesCabel`; write `leavesCable` \(a number, 0\.\.1\), or one of: backsIn,/,
  ],
  [
    'a key that must be there, with what it is, its range and what to write',
    'version: 1\nsite: { name: A }\n',
    /^s\.yaml:2:\d+ site\.bays: `bays` is missing; write `bays: …`, a whole number from 1 to 200 \(how many bays, each with one charge point\)\.$/,
  ],
  [
    'a missing key of a camera, which may be a number or a list',
    `${HEAD}cameras: [{ pose: { y_m: -6 } }]\n`,
    /^s\.yaml:3:\d+ cameras\[0\]\.covers: `covers` is missing; write `covers: …`, a list or a whole number from 1 to 200 \(/,
  ],
  [
    'outages of a back end that nobody asks',
    `${HEAD}faults: { backEndAway_perDay: 1 }\n`,
    /^s\.yaml:3:11 faults\.backEndAway_perDay: nobody asks the back end while `backEnd\.accounts` is 0; write `backEnd: \{ accounts: 0\.5 \}`/,
  ],
  [
    'a back end that is waited for longer than a bay waits',
    `${HEAD}backEnd: { accounts: 0.5, deadline_s: 12 }\n`,
    /^s\.yaml:3:\d+ backEnd\.deadline_s: a bay waits 10 s for an answer; write a `deadline_s` below/,
  ],
  [
    'one bay twice',
    `${HEAD}cameras: [{ covers: [1, 1] }]\n`,
    /^s\.yaml:3:\d+ cameras\[0\]\.covers: `covers` names one twice; write each once\.$/,
  ],
  [
    'what may be a text or a mapping, in one sentence',
    `${HEAD}reader: { curve: 5 }\n`,
    /^s\.yaml:3:\d+ reader\.curve: `curve` is 5; write text \(put it in quotes\) or a mapping \(key: value\)\.$/,
  ],
  [
    'two kinds of charge point for one bay',
    `${HEAD}chargers: { others: [{ bays: [1, 2] }, { bays: [2] }] }\n`,
    /chargers\.others\[1\]\.bays: bay 2 has two kinds of charge point; write each bay once\.$/,
  ],
  [
    'a charge point of a bay that is not there',
    `${HEAD}chargers: { others: [{ bays: [5] }] }\n`,
    /chargers\.others\[0\]\.bays: there is no bay 5; write bays from 1 to 4\.$/,
  ],
  [
    'charge points as a list',
    `${HEAD}chargers: [{ bays: [1], power_kW: 22 }]\n`,
    /write what all have in common, and `others: \[\{ bays: \[1, 2\], power_kW: 22 \}\]` in it/,
  ],
  [
    'a camera for more bays than there are',
    `${HEAD}cameras: [{ covers: 9 }]\n`,
    /cameras\[0\]\.covers: one camera for each 9 bays, where there are 4; write a number up to 4, or a list/,
  ],
  [
    'a camera for bays that look away from each other',
    `${HEAD}layout: { rows: 2 }\ncameras: [{ covers: [2, 3] }]\n`,
    /cameras\[0\]\.covers: its bays lie in two rows, which look away from each other; write bays of one row: 1 to 2, or 3 to 4\.$/,
  ],
  [
    'a day that no calendar has',
    `${HEAD}run: { from: 2026-02-30 }\n`,
    /run\.from: there is no day 2026-02-30; write a day of the calendar, YYYY-MM-DD\.$/,
  ],
  ['no day at all', `${HEAD}run: { from: spring }\n`, /`from` is "spring"; write a day, such as 2026-01-05\.$/],
  ['more rows than two', `${HEAD}layout: { rows: 3 }\n`, /`rows` is 3; write one of: 1, 2\.$/],
  [
    'a law of stays that nobody would read',
    `${HEAD}demand: { stayLaw: fixed }\n`,
    /demand\.stayLaw: `stayLaw` says nothing beside `source: hamburg-public`/,
  ],
  [
    'a text where a number belongs',
    `${HEAD}chargers: { gridLimit_A: forty }\n`,
    /gridLimit_A` is "forty"; write a number above 0, up to 10000 A or null\.$/,
  ],
  ['a number out of range', `${HEAD}weather: { snow: 5 }\n`, /`snow` is 5; write a number from 0 to 1\.$/],
  [
    'a number that must be above one bound',
    `${HEAD}chargers: { power_kW: 0 }\n`,
    /`power_kW` is 0; write a number above 0, up to 1000 kW\.$/,
  ],
  ['another unit', `${HEAD}demand: { stay_h: 2 }\n`, /unknown key `stay_h`; write `stay_min`/],
  ['no number at all', `${HEAD}chargers: { power_kW: .inf }\n`, /`power_kW` is Infinity; write a/],
  [
    'a word that is none of the known',
    `${HEAD}chargers: { sharing: fair }\n`,
    /`sharing` is "fair"; write one of: equal, fifo, none\.$/,
  ],
  [
    'a camera that is not sold',
    `${HEAD}cameras: [{ model: 3MP, covers: 2 }]\n`,
    /write megapixels \(2, 4, 5, 6, 8 or 12\) and sensor type/,
  ],
  [
    'a bay that is not there',
    `${HEAD}cameras: [{ covers: [3, 9] }]\n`,
    /cameras\[0\]\.covers: there is no bay 9; write bays from 1 to 4\.$/,
  ],
  [
    'rates without rates',
    `${HEAD}demand: { source: rates }\n`,
    /`visitsPerDay` is missing; write mean visits of a day/,
  ],
  [
    'rates beside a source that has its own',
    `${HEAD}demand: { source: hamburg-public, visitsPerDay: 24 }\n`,
    /^s\.yaml:3:\d+ demand\.visitsPerDay: `visitsPerDay` says nothing beside `source: hamburg-public`; write `source: rates`/,
  ],
  [
    'a day of no hour',
    `${HEAD}demand: { source: rates, visitsPerDay: 9, stay_min: 60, hourShares: [${new Array(24).fill(0).join(', ')}] }\n`,
    /demand\.hourShares: nobody comes in any hour; write a share above 0/,
  ],
  [
    'a site to which nobody comes',
    `${HEAD}demand: { source: rates, visitsPerDay: 0, stay_min: 60 }\n`,
    /`visitsPerDay` is 0/,
  ],
  [
    'a camera that aims at itself',
    `${HEAD}cameras: [{ covers: [1], pose: { x_m: 1, y_m: -6, height_m: 3.5, aim: [1, -6, 3.5] } }]\n`,
    /cameras\[0\]\.pose\.aim: the camera aims at its own place; write a place in its bays/,
  ],
  [
    'a camera that aims at itself where it hangs before the middle of its bay',
    `${HEAD}cameras: [{ covers: [1], pose: { aim: [1.25, -6, 3.5] } }]\n`,
    /cameras\[0\]\.pose\.aim: the camera aims at its own place; write a place in its bays/,
  ],
  [
    'a camera that looks at its own foot',
    `${HEAD}cameras: [{ covers: 2, pose: { aim: [7.5, -6, 0] } }]\n`,
    /cameras\[0\]\.pose\.aim: the camera looks straight up or down; write a place in its bays that is not right below it/,
  ],
  [
    'a camera on the wall behind the bays, with the vehicles between it and their plates',
    `${HEAD}cameras: [{ covers: 2, pose: { y_m: 6, height_m: 3, aim: [2.5, 0, 0.6] } }]\n`,
    /cameras\[0\]\.pose\.y_m: the camera hangs behind the plates, which look towards the aisle; write y_m below 0, m/,
  ],
  [
    'a sweep of charge points that do not differ',
    `${HEAD}vary: { chargers.others.power_kW: [11] }\n`,
    /there is nothing that has a `chargers\.others\.power_kW`; write an entry of `chargers\.others` first/,
  ],
  ['a second document', `${HEAD}---\nversion: 1\n`, /^s\.yaml:3:1 a second document begins here; write one document/],
  ['a time zone that is none', 'version: 1\nsite: { bays: 4, timezone: Mars }\n', /there is no time zone Mars/],
  ['a missing part', 'version: 1\n', /`site` is missing/],
  ['no YAML at all', 'a: [\n', /^s\.yaml:/],
  ['a lock that cannot open', `${HEAD}policy: { lock: { on_A: 1, off_A: 2 } }\n`, /off_A at most on_A, A/],
  [
    'a sweep to a value that does not check',
    `${HEAD}vary: { site.bays: [4, -1] }\n`,
    /vary\.site\.bays\[1\]: with site\.bays = -1/,
  ],
  [
    'a sweep of a key that is none',
    `${HEAD}vary: { site.bay: [4] }\n`,
    /^s\.yaml:3:9 vary\.site\.bay: unknown key `bay`/,
  ],
  [
    'a sweep of cameras that are not there',
    `${HEAD}vary: { cameras.covers: [1] }\n`,
    /there is nothing that has a `cameras\.covers`; write an entry of `cameras` first/,
  ],
])('%s', (_, text, said) => {
  const lines = linesOf(text)
  expect(lines.join('\n')).toMatch(said)
  for (const line of lines) expect(line).toMatch(/^s\.yaml:\d+:\d+ .*; write .+\.$/s)
})

test('the rules of a scenario are those of a site file, key by key', () => {
  expect(schema.properties?.['policy']).toEqual(read('site.schema.json').properties?.['policy'])
})

test('every way of a driver can be given a share, and every order of messages named, by the words of the simulation and of its page', () => {
  const page = readFileSync(new URL('../../../docs/site-design.md', import.meta.url), 'utf8')
  expect(Object.keys(schema.properties?.['personalities']?.properties ?? {})).toEqual(WAY_NAMES)
  for (const name of WAY_NAMES) expect(page).toContain(`| \`${name}\``)
  const chargers = schema.properties?.['chargers']?.properties
  for (const profile of [chargers?.['profile'], chargers?.['others']?.items?.properties?.['profile']])
    expect(profile?.enum).toEqual(Object.keys(MESSAGE_ORDERS))
})

/** Keys without a description, and numbers whose names end in a unit that the schema does not say. */
function undescribed(shape: Shape, path: string): string[] {
  const own = path !== '' && shape.description === undefined ? [`${path} has no description`] : []
  const unit = /_(?:m|mm|s|A|V|kW|kWh|min|kmh|EUR|days)$/.test(path) && path !== 'run.warmup_days'
  const missing = unit && shape['x-unit'] === undefined ? [`${path} has no unit`] : []
  const inner = Object.entries(shape.properties ?? shape.items?.properties ?? {})
  return [
    ...own,
    ...missing,
    ...inner.flatMap(([key, item]) => undescribed(item, path === '' ? key : `${path}.${key}`)),
  ]
}

test('every key of a scenario is described, and every number has its unit', () => {
  expect(undescribed(schema, '')).toEqual([])
})

test('a misspelt key that a sweep varies is told once, at the key, with the one that was meant', () => {
  expect(linesOf(`${HEAD}vary: { site.bay: [1, 2, 3] }\n`)).toEqual([
    's.yaml:3:9 vary.site.bay: unknown key `bay`; write `bays`, or one of: name, timezone, bays, bayWidth_m, bayLength_m, queuePlaces, patience_min.',
  ])
  const [part, ...more] = linesOf(`${HEAD}vary: { camera.covers: [1, 2, 3] }\n`)
  expect(part).toMatch(/^s\.yaml:3:9 vary\.camera\.covers: unknown key `camera`; write `cameras`/)
  expect(more).toEqual([])
  const [none, ...others] = linesOf(`${HEAD}vary: { cameras.focal_mm: [3, 4] }\n`)
  expect(none).toMatch(
    /^s\.yaml:3:9 vary\.cameras\.focal_mm: there is nothing that has a `cameras\.focal_mm`; write an entry of `cameras` first/,
  )
  expect(others).toEqual([])
  // What is wrong with single values is told of each.
  expect(linesOf(`${HEAD}vary: { chargers.power_kW: [1, -2, eleven] }\n`).length).toBe(2)
})

test('a demand file or curve that is not there is told with its line and key, by the name that was written', () => {
  const text = `${HEAD}demand: { source: nowhere.json }\nreader: { curve: none.json }\n`
  const { complaints } = designOf(text, 'some/folder/s.yaml', {})
  expect(complaints.length).toBe(2)
  expect(complaints[0]).toMatch(
    /^some\/folder\/s\.yaml:3:19 demand\.source: nowhere\.json: there is no such file or folder; write the name of a file beside the scenario/,
  )
  expect(complaints[1]).toMatch(/^some\/folder\/s\.yaml:4:18 reader\.curve: none\.json: there is no such file/)
  expect(complaints.join()).not.toContain(process.cwd())
})
