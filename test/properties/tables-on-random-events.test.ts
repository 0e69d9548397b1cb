import { fail } from 'node:assert/strict'
import { expect, test } from 'vitest'
import { compiledFrom, compiledPath, compiledStep } from '../../machines/compiled-step.ts'
import type { BayEvent } from '../../machines/learn.ts'
import { applyTimers, opened, step } from '../../machines/step.ts'
import { Dice } from '../../simulations/world-chance.ts'
import { fc } from '../seeded-check.ts'
import { livedThrough } from './bay-commands.ts'
import { moves } from './bay-moves.ts'
import { isSame } from './plain-facts.ts'

/** Events that both ways take: 200,000 in the tests, `BERTH_EVENTS=5000000` for the long run. */
const EVENTS = Number(process.env['BERTH_EVENTS'] ?? 200_000)
/** Stories whose events are mixed anew. */
const STORIES = 300

/** What a bay was told, without when: a story of the laws as events. */
type Told = Omit<BayEvent, 'at' | 'version'>

function stories(): (readonly Told[])[] {
  const drawn = fc.sample(moves, { numRuns: STORIES, seed: fc.readConfigureGlobal().seed ?? 20261122 })
  return drawn.map((story) =>
    livedThrough(story).lived.map(({ event: { at: _at, version: _version, ...told } }) => told),
  )
}

/** A bay by both ways, told the same. Differences are failures; knowledge is compared now and then, for it is not lost again. */
class Twins {
  #snapshot = opened('bay-1')
  #compiled = compiledFrom(this.#snapshot)
  readonly #timers = new Map<string, number>()
  #version = 0
  now = Date.parse('2026-11-22T10:00:00.000Z')

  /** Answers where the bay went and by which rule. */
  tell(told: Told): string {
    this.#version += 1
    const event = { ...told, at: this.now, version: this.#version } as BayEvent
    const { snapshot, draft } = step(this.#snapshot, event)
    const made = compiledStep(this.#compiled, { ...event })
    if (!isSame(made.draft, draft))
      fail(`${event.type} makes ${JSON.stringify(made.draft)}, not ${JSON.stringify(draft)}`)
    this.#snapshot = snapshot
    this.#compiled = made.bay
    applyTimers(this.#timers, draft)
    return `${draft.state}.${draft.detail} by ${draft.rule}`
  }

  /** Time goes on; the first timer that is due meanwhile fires. */
  wait(ms: number): string | null {
    const [id, due] = [...this.#timers].toSorted(([, one], [, other]) => one - other)[0] ?? []
    const fires = due !== undefined && due <= this.now + ms
    this.now = fires ? Math.max(this.now, due) : this.now + ms
    return fires ? this.tell({ type: id, id: `timer-${due}`, source: 'timer' } as unknown as Told) : null
  }

  knowTheSame(): void {
    if (!isSame(this.#compiled.context, this.#snapshot.context)) fail('by the tables something else is known')
    const { state } = compiledPath(this.#compiled)
    const value = this.#snapshot.value
    if (state !== (typeof value === 'string' ? value : Object.keys(value)[0])) fail('by the tables it stands elsewhere')
  }
}

/** Lives a story with events of others thrown in, left out and told twice. Answers how many events were told. */
function mixed(story: readonly Told[], all: readonly Told[], dice: Dice, seen: Set<string>): number {
  const twins = new Twins()
  let count = 0
  const tell = (told: Told): void => {
    const waits = Math.floor(-Math.log(1 - dice.next()) * (dice.next() < 0.03 ? 300_000 : 1_500))
    const fired = twins.wait(waits)
    seen.add(twins.tell(told))
    if (fired !== null) seen.add(fired)
    count += fired === null ? 1 : 2
  }
  for (const told of story) {
    const chance = dice.next()
    if (chance < 0.1) continue
    tell(told)
    if (chance < 0.2) tell(told)
    if (chance > 0.8) tell(all[Math.floor(dice.next() * all.length)] as Told)
  }
  twins.knowTheSame()
  return count
}

test(`${EVENTS} events in any order: the tables make the records that XState makes, and know the same`, () => {
  const known = stories()
  const all = known.flat()
  const dice = new Dice(20261122)
  const seen = new Set<string>()
  let count = 0
  for (let turn = 0; count < EVENTS; turn++)
    count += mixed(known[turn % known.length] as readonly Told[], all, dice.fork(String(turn)), seen)
  // Each is a place and the rule that led there: a run that sees few of them shows little.
  expect(seen.size).toBeGreaterThan(50)
}, 3_600_000)
