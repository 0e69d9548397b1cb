import { Fault } from '../../machines/faults.ts'
import type { Scenario } from '../../simulations/scenario.ts'
import type { Scenarios, ScenarioView } from '../server/scenario-routes.ts'
import { type Inspected, inspectStory } from './recorded-story.ts'
import { RecordingShelf } from './recording-shelf.ts'

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

/** Scenarios whose stories are played when somebody wants to see them, each behind an address of its own. */
export class ScenarioShelf implements Scenarios {
  readonly #scenarios: readonly Scenario[]
  readonly #seed: number
  readonly #shelf = new RecordingShelf<Inspected>()

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
    const told = scenario.stories[story - 1]
    if (told === undefined) throw new Fault('NOT_FOUND', { story }, { says: `${scenario.name} has no story ${story}.` })
    const seed = this.#seed
    return this.#shelf.take(`${scenario.name} ${story}`, () =>
      inspectStory({ scenario, story: told, seed }, port, this),
    )
  }

  close(): Promise<void> {
    return this.#shelf.close()
  }
}
