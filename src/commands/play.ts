import { parseArgs } from 'node:util'
import { type Played, playStory } from '../../simulations/player.ts'
import { shown } from '../../simulations/promise-broken.ts'
import type { Outcome, Scenario, Story } from '../../simulations/scenario.ts'
import { SCENARIOS } from '../../simulations/scenario-list.ts'
import { nearestWord } from '../nearest-word.ts'
import { keepStory, type Telling } from './recorded-story.ts'
import { listedScenario, ScenarioShelf } from './scenario-shelf.ts'
import { stopSignal } from './stop-signal.ts'

const MOST_SEED = 999_999

/** What the command line asks for. */
type Wish = {
  readonly scenario: Scenario
  readonly seed: number
  /** The stories to play, in order. */
  readonly stories: readonly Story[]
  readonly trace: boolean
  readonly json: boolean
  readonly keep: string | null
  readonly port: number | null
}

/**
 * The command `berth play`: plays one of the `scenarios` with the production machines. Exit 1 where its promise is broken, 2 where the
 * command line is not understood. `stopped`: when an inspector ends; default at SIGTERM or Ctrl-C.
 */
export async function play(
  argv: string[],
  scenarios: readonly Scenario[] = SCENARIOS,
  stopped: () => Promise<void> = stopSignal,
): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: OPTIONS })
  if (values.list) {
    say(values.json ? JSON.stringify(scenarios.map(listedScenario), null, 2) : scenarios.map(listLine).join('\n'))
    return 0
  }
  const wish = wishOf(values, positionals, scenarios)
  if (typeof wish === 'string') {
    process.stderr.write(`${wish}\n`)
    return 2
  }
  if (wish.port !== null) return inspect(wish, wish.port, scenarios, stopped)
  const played = wish.keep === null ? await playStories(wish) : [await keepStory(wish.keep, tellingOf(wish))]
  say(wish.json ? asJson(wish, played) : asText(wish, played))
  if (wish.keep !== null && !wish.json)
    say(`\n${onlyOne(wish, 'Kept')}${KEPT.replaceAll('SITE', `${wish.keep}/site.yaml`)}`)
  return played.every((one) => one.ok) ? 0 : 1
}

const OPTIONS = {
  list: { type: 'boolean', default: false },
  trace: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  seed: { type: 'string', default: '0' },
  story: { type: 'string' },
  keep: { type: 'string' },
  inspect: { type: 'boolean', default: false },
  port: { type: 'string', default: '8080' },
} as const
const KEPT = 'Kept: berth replay --site SITE, berth verify --site SITE, berth export --site SITE --out FILE.'

/** A store holds one story: which one it is, and how to get another. */
function onlyOne({ scenario, stories }: Wish, word: string): string {
  const many = scenario.stories.length
  const number = scenario.stories.indexOf(stories[0] as Story) + 1
  return many === 1 ? '' : `${word}: promise ${number} of ${many}; --story N takes another.\n`
}

/** What is asked for, or the sentence that says what was not understood. */
function wishOf(
  values: {
    readonly trace: boolean
    readonly json: boolean
    readonly seed: string
    readonly story?: string
    readonly keep?: string
    readonly inspect: boolean
    readonly port: string
  },
  [word, ...more]: readonly string[],
  scenarios: readonly Scenario[],
): Wish | string {
  // Whoever wants to look around begins at the first one.
  const named = word ?? (values.inspect ? scenarios[0]?.name : undefined)
  if (named === undefined || more.length > 0)
    return 'Say which one scenario: berth play NAME; `berth play --list` names them.'
  const scenario = found(named, scenarios)
  if (!scenario) return unknown(named, scenarios)
  const { seed, story, keep, port } = values
  if (!/^\d{1,6}$/.test(seed))
    return `--seed takes a whole number from 0 to ${MOST_SEED}; ${JSON.stringify(seed)} is none.`
  const many = scenario.stories.length
  if (story !== undefined && !(/^\d{1,4}$/.test(story) && Number(story) >= 1 && Number(story) <= many))
    return `--story takes a number from 1 to ${many}, the promises of ${scenario.name}; ${JSON.stringify(story)} is none.`
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    return `--port takes a number from 0 to 65535; ${JSON.stringify(port)} is none.`
  if (keep !== undefined && values.inspect)
    return '--keep and --inspect are two things; ask for one, then for the other.'
  const one = keep !== undefined || values.inspect || story !== undefined
  return {
    scenario,
    seed: Number(seed),
    stories: one ? scenario.stories.slice(Number(story ?? 1) - 1, Number(story ?? 1)) : scenario.stories,
    trace: values.trace,
    json: values.json,
    keep: keep ?? null,
    port: values.inspect ? Number(port) : null,
  }
}

async function playStories({ stories, seed }: Wish): Promise<readonly Played[]> {
  const played: Played[] = []
  for (const story of stories) played.push(await playStory(story, { seed }))
  return played
}

const tellingOf = ({ scenario, stories, seed }: Wish): Telling => ({ scenario, story: stories[0] as Story, seed })

/** Serves the inspector over a story's journal until `stopped`; from there every other story can be opened. */
async function inspect(
  wish: Wish,
  port: number,
  scenarios: readonly Scenario[],
  stopped: () => Promise<void>,
): Promise<number> {
  const { scenario, story } = tellingOf(wish)
  const shelf = new ScenarioShelf(scenarios, wish.seed)
  const { played, http } = await shelf.inspect(scenario, scenario.stories.indexOf(story) + 1, port)
  say(asText(wish, [played]))
  say(
    `\n${onlyOne(wish, 'Shown')}Inspector and API of this recording, read-only, from its beginning: ${http.url}, until Ctrl-C. All scenarios: ${http.url}/#/scenarios`,
  )
  await stopped()
  await shelf.close()
  return played.ok ? 0 : 1
}

/** By its name, or by its number alone. */
const found = (word: string, scenarios: readonly Scenario[]): Scenario | undefined =>
  scenarios.find(({ name, edgeCase }) => [name, edgeCase.toLowerCase()].includes(word.toLowerCase()))

function unknown(word: string, scenarios: readonly Scenario[]): string {
  const names = scenarios.map(({ name }) => name)
  const near = nearestWord(word, names) ?? names.find((name) => name.includes(word.toLowerCase()))
  const hint = near ? `did you mean \`berth play ${near}\`? ` : ''
  return `There is no scenario ${JSON.stringify(word.slice(0, 40))}; ${hint}\`berth play --list\` names them all.`
}

const listLine = ({ name, wanted, stories }: Scenario): string =>
  `${name.padEnd(28)}${`${stories.length}`.padStart(2)} ${stories.length === 1 ? 'promise ' : 'promises'}  ${short(wanted)}`

const short = (text: string): string => (text.length <= 90 ? text : `${text.slice(0, 89).replace(/\s+\S*$/, '')} …`)

function asJson({ scenario, seed }: Wish, played: readonly Played[]): string {
  const { promises: _promises, ...head } = listedScenario(scenario)
  const stories = played.map(({ promise, ok, broken, outcome, steps }) => ({ promise, ok, broken, outcome, steps }))
  return JSON.stringify({ ...head, seed, ok: played.every((one) => one.ok), stories }, null, 2)
}

function asText({ scenario, trace }: Wish, played: readonly Played[]): string {
  const { edgeCase, title, given, when, wanted } = scenario
  const told = [given && `  given  ${given}`, when && `  when   ${when}`, `  then   ${wanted}`].filter((line) => line)
  const stories = played.flatMap((one) => [
    '',
    `${one.ok ? '✓' : '✗'} ${one.promise}`,
    ...(trace ? one.steps.map((step) => `  ${step}`) : one.broken === null ? [] : [`  ${one.broken}`]),
    ...outcomeLines(one.outcome).map((line) => `    ${line}`),
  ])
  return [`${edgeCase} ${title}`, ...told, ...stories].join('\n')
}

function outcomeLines({ bays, commands, alarms, alarmsEver }: Outcome): string[] {
  const list = (items: readonly string[]): string => (items.length === 0 ? 'none' : items.join(', '))
  const perBay = Object.entries(bays).flatMap(([bayId, { state, payer, told, bills }]) => [
    `${bayId}   ${state}, payer ${payer ?? 'none'}`,
    `  told    ${list(told)}`,
    `  bills   ${list(bills.map(({ accountId, ...bill }) => `${accountId ?? 'nobody'} ${shown(bill)}`))}`,
  ])
  return [...perBay, `commands  ${list(commands)}`, `alarms    ${list(alarms)} open, ${list(alarmsEver)} ever`]
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)
