import type { Move } from '../properties/bay-move.ts'
import { fc } from '../seeded-check.ts'
import type { Check } from './battery.ts'
import type { Catch, Mutant, Verdict } from './mutant.ts'
import type { MutantModules } from './mutant-modules.ts'

type Battery = typeof import('./battery.ts')

/** How much a mutant is held against. `quick` stories of a bay come first, then the edge cases, then the rest. */
export type Effort = {
  readonly stories: number
  readonly quick: number
  readonly ownRuns: number
  /** Most edge cases' stories, and most tests of suites. */
  readonly checks: number
  readonly seed: number
}

export const EFFORT: Effort = { stories: 400, quick: 80, ownRuns: 200, checks: 10_000, seed: 20_261_122 }

/** Files of tests whose folds lie outside the bay's machine. */
const SUITES = [
  'test/machines/age.test.ts',
  'test/machines/plate.test.ts',
  'test/machines/track.test.ts',
  'test/machines/vote.test.ts',
  'test/machines/zone.test.ts',
  'test/actors/meter-feed.test.ts',
  'test/actors/plate-feed.test.ts',
  'test/actors/recorder.test.ts',
]

/** What caught the last mutants is tried first on the next one. */
class Favourites<T> {
  readonly #order: T[]

  constructor(all: readonly T[]) {
    this.#order = [...all]
  }

  get order(): readonly T[] {
    return [...this.#order]
  }

  hit(one: T): void {
    this.#order.splice(this.#order.indexOf(one), 1)
    this.#order.unshift(one)
  }
}

/** Holds mutants against laws, edge cases and suites, one after the other, until something catches each. */
export class Judge {
  readonly #modules: MutantModules
  readonly #effort: Effort
  #stories: Favourites<readonly Move[]> | null = null
  readonly #favourites = new Map<string, Favourites<string>>()
  /** The unchanged project, for guards: they are forced in place and let go again. */
  #plain: Battery | null = null
  /** Promises that are broken without any mutant: they say nothing. */
  #broken: ReadonlySet<string> = new Set()
  #strays: unknown[] = []

  constructor(modules: MutantModules, effort: Effort) {
    this.#modules = modules
    this.#effort = effort
  }

  /** What the process threw behind everybody's back. */
  stray(thrown: unknown): void {
    this.#strays.push(thrown)
  }

  /** What is broken in the project as it is, with how. */
  async broken(): Promise<readonly Catch[]> {
    const battery = await this.#unchanged()
    const found = new Map<string, Catch>()
    for (const story of (await this.#bayStories()).order)
      for (const one of battery.storyBreaches(story)) found.set(one.by, one)
    for (const check of this.#allChecks(battery)) {
      const how = await check.run()
      if (how !== null) found.set(check.by, { by: check.by, how })
    }
    return [...found.values()]
  }

  /** Leaves these promises out. */
  ignore(broken: readonly string[]): void {
    this.#broken = new Set(broken)
  }

  async guards(): Promise<readonly string[]> {
    return (await this.#unchanged()).guards
  }

  /** Every promise of a law, in order. */
  async promises(): Promise<readonly string[]> {
    const battery = await this.#unchanged()
    const { ownRuns, seed } = this.#effort
    return [...battery.bayClauses, ...battery.ownClauses(ownRuns, seed)].map(({ by }) => by)
  }

  async judge(mutant: Mutant): Promise<Verdict> {
    const from = performance.now()
    const caught = await this.#with(mutant, (battery, ofTheBay) => this.#hold(battery, ofTheBay))
    return { name: mutant.name, caught: caught ?? [], ms: performance.now() - from }
  }

  /** Whether the mutant breaks this promise of a law, whatever else it breaks. */
  async seeks(mutant: Mutant, promise: string): Promise<boolean> {
    const { ownRuns, seed } = this.#effort
    const found = await this.#with(mutant, async (battery, ofTheBay) => {
      const own = battery.ownClauses(ownRuns, seed).find(({ by }) => by === promise)
      if (own) return (await own.run()) !== null
      const stories = ofTheBay ? (await this.#bayStories()).order : []
      return stories.some((story) => battery.storyBreaks(story, promise))
    })
    return found ?? false
  }

  /** The project with the mutant in it; null where the changed text is never loaded. */
  async #with<T>(mutant: Mutant, run: (battery: Battery, ofTheBay: boolean) => Promise<T>): Promise<T | null> {
    this.#strays = []
    if (mutant.kind === 'fold') {
      const world = this.#modules.world(mutant)
      await world.load('test/properties/bay-commands.ts')
      const ofTheBay = world.isChanged()
      const battery = await load(world)
      return world.isChanged() ? run(battery, ofTheBay) : null
    }
    const battery = await this.#unchanged()
    const letGo = battery.force(mutant.guard, mutant.answer)
    try {
      return await run(battery, true)
    } finally {
      letGo()
    }
  }

  async #unchanged(): Promise<Battery> {
    this.#plain ??= await load(this.#modules.world(null))
    return this.#plain
  }

  #allChecks(battery: Battery): readonly Check[] {
    const { ownRuns, checks, seed } = this.#effort
    const [told, tested] = [battery.scenarios.slice(0, checks), battery.suites().slice(0, checks)]
    return [...told, ...tested, ...battery.ownClauses(ownRuns, seed)]
  }

  /** First what catches most and costs least. */
  async #hold(battery: Battery, ofTheBay: boolean): Promise<readonly Catch[]> {
    const { quick, ownRuns, checks, seed } = this.#effort
    const stories = ofTheBay ? (await this.#bayStories()).order : []
    const groups: (() => readonly Catch[] | Promise<readonly Catch[]>)[] = [
      () => this.#live(battery, stories.slice(0, quick)),
      () => this.#checks('edge cases', battery.scenarios.slice(0, checks)),
      () => this.#live(battery, stories.slice(quick)),
      () => this.#checks('suites', battery.suites().slice(0, checks)),
      () => this.#checks('own clauses', battery.ownClauses(ownRuns, seed)),
    ]
    for (const group of groups) {
      const caught = await group()
      if (caught.length > 0) return caught
    }
    return []
  }

  async #bayStories(): Promise<Favourites<readonly Move[]>> {
    if (this.#stories) return this.#stories
    const { moves } = await import('../properties/bay-moves.ts')
    const { seed, stories } = this.#effort
    this.#stories = new Favourites(fc.sample(moves, { seed, numRuns: stories }))
    return this.#stories
  }

  #live(battery: Battery, stories: readonly (readonly Move[])[]): readonly Catch[] {
    for (const story of stories) {
      const caught = battery.storyBreaches(story).filter(({ by }) => !this.#broken.has(by))
      if (caught.length === 0) continue
      this.#stories?.hit(story)
      return caught
    }
    return []
  }

  async #checks(group: string, checks: readonly Check[]): Promise<readonly Catch[]> {
    const byName = new Map(checks.map((check) => [check.by, check]))
    const order = this.#favourites.get(group) ?? new Favourites([...byName.keys()])
    this.#favourites.set(group, order)
    for (const by of order.order) {
      if (this.#broken.has(by)) continue
      const how = (await byName.get(by)?.run()) ?? this.#thrownBehind()
      if (how === null) continue
      order.hit(by)
      return [{ by, how }]
    }
    return []
  }

  #thrownBehind(): string | null {
    const [first] = this.#strays
    this.#strays = []
    return first === undefined ? null : `nobody heard: ${String(first)}`
  }
}

async function load(world: ReturnType<MutantModules['world']>): Promise<Battery> {
  for (const suite of SUITES) await world.load(suite)
  return (await world.load('test/mutants/battery.ts')) as Battery
}
