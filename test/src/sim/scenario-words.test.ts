import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { checkScenario, problemLines } from '../../../src/commands/sim/scenario-file.ts'
import { EXAMPLE_SITE, scenarioText } from '../../../src/commands/sim/scenario-template.ts'

type Shape = {
  readonly properties?: { readonly [key: string]: Shape }
  readonly items?: Shape
  readonly anyOf?: readonly Shape[]
}
const read = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8')
const schema = JSON.parse(read('src/scenario.schema.json')) as Shape
const page = read('docs/site-design.md')
const template = scenarioText(EXAMPLE_SITE)

/** Whether the schema knows a key with dots between its parts, through lists too. */
function isKnown(key: string): boolean {
  let shape: Shape | undefined = schema
  for (const part of key.split('.')) shape = (shape?.properties ?? shape?.items?.properties)?.[part]
  return shape !== undefined
}
const parts = Object.keys(schema.properties ?? {})
const linesOf = (text: string): string[] => problemLines('s.yaml', checkScenario(text).problems)

test('every key that the page or the template names with its part is one of the schema', () => {
  const named = [...`${page}\n${template}`.matchAll(/[`\s{]([a-z][A-Za-z]+)\.([a-zA-Z_]+(?:\.[a-zA-Z_]+)?)/g)]
  const keys = named.filter(([, part = '']) => parts.includes(part)).map(([, part, rest]) => `${part}.${rest}`)
  const files = new Set(['site.yaml', 'demand.json', 'reader.curve.json', 'site.schema.json'])
  const meant = keys.filter((key) => !files.has(key))
  expect(meant.length).toBeGreaterThan(5)
  expect(meant.filter((key) => !isKnown(key))).toEqual([])
})

test('every part of a scenario stands in the template, in the open or as a comment', () => {
  const written = new Set([...template.matchAll(/^(?:#\s+)?([a-z][A-Za-z]+):/gm)].map(([, key]) => key))
  const left = parts.filter((part) => !written.has(part))
  // How long people at the desk take is rarely known before there is a desk.
  expect(left).toEqual(['review'])
})

test('what the template shows as comments checks when it is taken in', () => {
  const examples = template.split('\n').flatMap((line) => /^# {2,}([a-z][A-Za-z_]+: .*)$/.exec(line)?.[1] ?? [])
  expect(examples.length).toBe(4)
  const [places = '', others = '', failing = '', ways = ''] = examples.map((one) => one.replace(/\s+#.*$/, ''))
  const text = template
    .replace(/^site: \{ (.*) \}$/m, `site: { $1, ${places} }`)
    .replace(/^chargers:$/m, `chargers:\n  ${others}`)
    .replace('faults: { ', `faults: { ${failing}, `)
    .concat(`${ways}\n`)
  expect(linesOf(text)).toEqual([])
  const { scenario } = checkScenario(text)
  expect(scenario?.chargers.others[0]?.power_kW).toBe(22)
  expect(scenario?.faults.powerCut_perYear).toBe(1)
  expect(scenario?.personalities.leavesCable).toBe(0.01)
  expect(scenario?.site.queuePlaces).toBe(3)
})

test('every piece of a scenario that the page shows checks', () => {
  const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text)
  const inline = [...page.matchAll(/`((?:[a-z][A-Za-z]+): \{[^`]*\})`/g)].map(([, text = '']) => text)
  const pieces = [...blocks, ...inline].filter((text) => parts.includes(Object.keys(parse(text) as object)[0] ?? ''))
  expect(pieces.length).toBeGreaterThan(3)
  for (const piece of pieces) expect(linesOf(`version: 1\nsite: { bays: 12 }\n${piece}\n`), piece).toEqual([])
})

test('the scenario of the first pages of the design checks as it stands there', () => {
  const issue = `version: 1
site: { name: Depot North, timezone: Europe/Berlin, bays: 12, bayWidth_m: 2.5, queuePlaces: 3 }
chargers: { power_kW: 7.4, phases: 1, gridLimit_A: 40, sharing: equal }        # equal | fifo | none
demand: { source: hamburg-public, scale: 1.2, dispersion: 2.2, iceShare: 0.03, overstay: { rule: fromData } }
cameras: [{ model: 4MP-1/2.7, focal_mm: 4.7, shutter_s: 0.001, ir: true, wdr: true, covers: [1, 2, 3], pose: { x_m: 3.75, y_m: -6, height_m: 3.5, aim: [3.75, 0, 0.6] } }]
layout: { rows: 1, obstacles: [], plates: both, backedInShare: 0.3 }            # plates: both | rear
costs: { camera_EUR: 900, bay_EUR: 6000, reviewMinute_EUR: 0.8 }
reader: { curve: default, frameCorrelation: 0.5, voteFrames: 5 }
policy: {}
weather: { snow: 0.05, night: 0.35, dirtyPlate: 0.04 }
run: { days: 365, warmup_days: 7, replications: 30, seed: 1, targetHalfWidth: 0.05 }
vary: { cameras.covers: [1, 2, 3, 4] }
`
  expect(linesOf(issue)).toEqual([])
})

test.each([
  ['its unit beside it', 'chargers: { power_kW: 11kW }', /"11kW"; write a number above 0, up to 1000 kW, here 11\.$/],
  ['another unit beside it', 'chargers: { power_kW: 11000W }', /"11000W"; write a number above 0, up to 1000 kW\.$/],
  ['a comma', 'weather: { snow: "0,05" }', /"0,05"; write a number from 0 to 1, here 0\.05\.$/],
  ['a per cent sign', 'weather: { snow: 5 % }', /"5 %"; write a number from 0 to 1, here 0\.05\.$/],
  ['a fraction', 'cameras: [{ model: 4MP-1/2.7, covers: 2, shutter_s: 1/250 }]', /"1\/250"; .* here 0\.004\.$/],
  ['quotes', 'run: { days: "28" }', /"28"; write a whole number from 1 to 3650 days, here 28 without quotes\.$/],
  ['null allowed too', 'chargers: { gridLimit_A: 0 }', /is 0; write a number above 0, up to 10000 A or null\.$/],
])('a number with %s is told how it is written', (_, line, sentence) => {
  const { problems } = checkScenario(`version: 1\nsite: { bays: 4 }\n${line}\n`)
  expect(problemLines('s.yaml', problems).join('\n')).toMatch(sentence)
})

test.each([
  ['', /^s\.yaml:1:1 the file is empty; write a scenario: `berth sim init NEW\.yaml` writes one/],
  ['- bays: 4\n', /the file is no mapping \(key: value\); write a scenario/],
  ['version: 1\n\tsite: { bays: 4 }\n', /^s\.yaml:2:1 a tab stands before the key; write spaces\.$/],
  ['version: 1\n site: { bays: 4 }\n', /^s\.yaml:1:10 a second `: ` follows a value, .* further in on the next/],
  [
    'version: 1\nsite: { bays: 4\nrun: { days: 7 }\n',
    /^s\.yaml:3:1 a \[ or \{ before this is not closed; write `\]` or `\}` where it ends\.$/,
  ],
  ['version: 1\nsite:\n  name: A\n bays: 4\n', /^s\.yaml:4:\d+ this is not as far in as what stands beside it/],
])('what is no scenario at all is told once, with what to write: %j', (text, sentence) => {
  const { problems } = checkScenario(text)
  expect(problemLines('s.yaml', problems)).toHaveLength(1)
  expect(problemLines('s.yaml', problems)[0]).toMatch(sentence)
})
