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

/** What is known of the project as it is, before any mutant. */
export type Survey = {
  readonly guards: readonly string[]
  /** Every promise of a law, in order. */
  readonly promises: readonly string[]
  /** What is broken without any mutant, with how: it says nothing. */
  readonly broken: readonly Catch[]
  /** Checks by name, the quickest first. */
  readonly quickest: readonly string[]
}

/** Holds mutants against laws, edge cases and suites, one after the other, until something catches each. */
export class Judge {
  readonly #modules: MutantModules
  readonly #effort: Effort
  #stories: Favourites<readonly Move[]> | null = null
  readonly #favourites = new Map<string, Favourites<string>>()
  /** The unchanged project, for guards: they are forced in place and let go again. */
  #plain: Battery | null = null
  #broken: ReadonlySet<string> = new Set()
  #quickest: readonly string[] = []
  #strays: unknown[] = []

  constructor(modules: MutantModules, effort: Effort) {
    this.#modules = modules
    this.#effort = effort
  }

  /** What the process threw behind everybody's back. */
  stray(thrown: unknown): void {
    this.#strays.push(thrown)
  }

  /** Holds the project as it is against everything. */
  async survey(): Promise<Survey> {
    const battery = await this.#unchanged()
    const found = new Map<string, Catch>()
    const took = new Map<string, number>()
    for (const story of (await this.#bayStories()).order)
      for (const one of battery.storyBreaches(story)) found.set(one.by, one)
    for (const { by, run } of this.#allChecks(battery)) {
      const from = performance.now()
      const how = await run()
      if (how !== null) found.set(by, { by, how })
      took.set(by, performance.now() - from)
    }
    const { ownRuns, seed } = this.#effort
    return {
      guards: battery.guards,
      promises: [...battery.bayClauses, ...battery.ownClauses(ownRuns, seed)].map(({ by }) => by),
      broken: [...found.values()],
      quickest: [...took].sort((a, b) => a[1] - b[1]).map(([by]) => by),
    }
  }

  /** Leaves out what is broken anyway, and goes by what is quick. */
  heed({ broken, quickest }: Pick<Survey, 'broken' | 'quickest'>): void {
    this.#broken = new Set(broken.map(({ by }) => by))
    this.#quickest = quickest
  }

  async judge(mutant: Mutant): Promise<Verdict> {
    const from = performance.now()
    const caught = await this.#with(mutant, (battery, ofTheBay) => this.#hold(battery, ofTheBay))
    return { name: mutant.name, caught: caught ?? [], ms: performance.now() - from }
  }

  /** Which of these promises of laws the mutant breaks, whatever else it breaks. */
  async seeks(mutant: Mutant, promises: readonly string[]): Promise<readonly string[]> {
    const { ownRuns, seed } = this.#effort
    const found = await this.#with(mutant, async (battery, ofTheBay) => {
      const broken = new Set<string>()
      const isSought = (by: string): boolean => promises.includes(by) && !broken.has(by)
      const sought = battery.bayClauses.filter(({ by }) => isSought(by)).length
      for (const story of ofTheBay && sought > 0 ? (await this.#bayStories()).order : []) {
        for (const { by } of battery.storyBreaches(story, isSought)) broken.add(by)
        if (broken.size === sought) break
      }
      for (const { by, run } of battery.ownClauses(ownRuns, seed))
        if (isSought(by) && (await run()) !== null) broken.add(by)
      return [...broken].filter((by) => promises.includes(by))
    })
    return found ?? []
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
    const rest = (): readonly Check[] => [...battery.suites().slice(0, checks), ...battery.ownClauses(ownRuns, seed)]
    const groups: (() => readonly Catch[] | Promise<readonly Catch[]>)[] = ofTheBay
      ? [
          () => this.#live(battery, stories.slice(0, quick)),
          () => this.#checks('edge cases', battery.scenarios.slice(0, checks)),
          () => this.#live(battery, stories.slice(quick)),
          () => this.#checks('the rest', rest()),
        ]
      : [() => this.#checks('all', this.#allChecks(battery))]
    for (const group of groups) {
      const caught = await group()
      if (caught.length > 0) return caught
    }
    return []
  }

  async #bayStories(): Promise<Favourites<readonly Move[]>> {
    if (this.#stories) return this.#stories
    const { moves } = await import('../properties/bay-moves.ts')
    const { TALES } = await import('../properties/bay-tales.ts')
    const { seed, stories } = this.#effort
    const told = TALES.map(([, tale]) => tale)
    this.#stories = new Favourites([...told, ...fc.sample(moves, { seed, numRuns: stories })])
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
    const order = this.#favourites.get(group) ?? new Favourites(this.#quickFirst([...byName.keys()]))
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

  #quickFirst(names: readonly string[]): readonly string[] {
    const known = this.#quickest.filter((name) => names.includes(name))
    return [...known, ...names.filter((name) => !known.includes(name))]
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
