import { Fault } from '../../machines/faults.ts'
import type { Scenario } from '../../simulations/scenario.ts'
import type { Scenarios, ScenarioView } from '../server/scenario-routes.ts'
import { type Inspected, inspectStory } from './recorded-story.ts'

/** Recordings that are open at once: the one that was not asked for longest is closed. */
const MOST_OPEN = 6

/** A scenario as it is listed. */
export const listedScenario = ({ name, edgeCase, title, given, when, wanted, stories }: Scenario): ScenarioView => ({
  name,
  edgeCase,
  title,
  given,
  when,
  wanted,
  promises: stories.map(({ promise }) => promise),
})

/** Scenarios whose stories are played when somebody wants to see them, each behind an address of its own; the first one stays for as long as the shelf. */
export class ScenarioShelf implements Scenarios {
  readonly #scenarios: readonly Scenario[]
  readonly #seed: number
  readonly #open = new Map<string, Promise<Inspected>>()
  #first: string | null = null

  constructor(scenarios: readonly Scenario[], seed: number) {
    this.#scenarios = scenarios
    this.#seed = seed
  }

  list(): readonly ScenarioView[] {
    return this.#scenarios.map(listedScenario)
  }

  async open(name: string, story: number): Promise<string | null> {
    const scenario = this.#scenarios.find((one) => one.name === name)
    if (scenario?.stories[story - 1] === undefined) return null
    return (await this.inspect(scenario, story, 0)).http.url
  }

  /** The inspector over a story (from 1); `port` 0 = any. Rejects as `inspectStory`. */
  async inspect(scenario: Scenario, story: number, port: number): Promise<Inspected> {
    const key = `${scenario.name} ${story}`
    const known = this.#open.get(key)
    const told = scenario.stories[story - 1]
    if (told === undefined) throw new Fault('NOT_FOUND', { story }, { says: `${scenario.name} has no story ${story}.` })
    const opening = known ?? inspectStory({ scenario, story: told, seed: this.#seed }, port, this)
    // The newest one stands last.
    this.#open.delete(key)
    this.#open.set(key, opening)
    this.#first ??= key
    opening.catch(() => this.#open.delete(key))
    await this.#closeOldest()
    return opening
  }

  async #closeOldest(): Promise<void> {
    const old = [...this.#open.keys()].filter((key) => key !== this.#first)
    for (const key of old.slice(0, Math.max(0, old.length - MOST_OPEN))) {
      const opening = this.#open.get(key)
      this.#open.delete(key)
      await opening?.then((one) => one.close()).catch(() => {})
    }
  }

  async close(): Promise<void> {
    const all = [...this.#open.values()]
    this.#open.clear()
    await Promise.all(all.map((opening) => opening.then((one) => one.close()).catch(() => {})))
  }
}
