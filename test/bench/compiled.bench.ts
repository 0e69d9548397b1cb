import { bay as machine } from '../../machines/bay.ts'
import { compile } from '../../machines/compiled.ts'
import { compiledFrom, compiledStep } from '../../machines/compiled-step.ts'
import { type DoneAction, inertScope } from '../../machines/inert-scope.ts'
import type { Bay } from '../../machines/knowledge.ts'
import type { BayEvent } from '../../machines/learn.ts'
import { opened, step } from '../../machines/step.ts'
import type { Hears } from '../../machines/table-acts.ts'
import { best, fresh, timed, visits } from './bay-visits.ts'
import { type Said, saidOf, saying, wordsAlone } from './chart-words.ts'
import { atLeast, type Figure, rates } from './figure-table.ts'

const VISITS = 400
/** Rounds that a quiet moment is looked for in: in each XState once, and what is shorter several times. */
const ROUNDS = 30
const SHORT = 10
/** How much less the tables' own steps must cost than XState's. */
const AIM = 30

/** The compiled stepper against XState: stepping alone, guards and acts only saying what they said before; and a step with its record. */
export async function compiledBench(): Promise<Figure[]> {
  const events = [...visits(VISITS)]
  const { xstate, tables, words } = stepping(events, await saidOf(VISITS))
  const [stepped, sooner] = [best(5, () => steps(events)), best(5, () => compiledSteps(events))]
  const rate = (s: number): string => `${Math.round(events.length / s / 1000)} k`
  return [
    {
      name: 'the tables’ own steps per CPU-second',
      ...rates(events.length / (tables - words), events.length / (xstate - words)),
      ...atLeast(AIM, (xstate - words) / (tables - words)),
      note: `floor: XState’s own; with guards and acts ${rate(tables)} and ${rate(xstate)}`,
    },
    {
      name: 'steps with their records by tables, per CPU-second',
      ...rates(events.length / sooner, events.length / stepped),
      note: 'floor: by XState',
    },
  ]
}

/** CPU-seconds of the best round each. All three in every round: none has the quiet moments for itself. */
function stepping(events: readonly BayEvent[], said: Said) {
  const least = { xstate: Infinity, tables: Infinity, words: Infinity }
  for (let round = 0; round < ROUNDS; round++) {
    least.xstate = Math.min(least.xstate, byXState(events, said))
    least.tables = Math.min(
      least.tables,
      best(SHORT, () => byTables(events, said)),
    )
    least.words = Math.min(
      least.words,
      best(SHORT, () => wordsAlone(said)),
    )
  }
  return least
}

function steps(events: readonly BayEvent[]): number {
  const list = fresh(events)
  let bay = opened('bay-1')
  return timed(() => {
    for (const event of list) bay = step(bay, event).snapshot
  })
}

function compiledSteps(events: readonly BayEvent[]): number {
  const list = fresh(events)
  let bay = compiledFrom(opened('bay-1'))
  return timed(() => {
    for (const event of list) bay = compiledStep(bay, event).bay
  })
}

/** XState's pure transition with one shared inert scope: the fastest way that it offers. Timed when it has been through all events once. */
function byXState(events: readonly BayEvent[], said: Said): number {
  const { machine: parrot, rewind } = saying(said)
  const actions: DoneAction[] = []
  const scope = inertScope(machine, (action) => actions.push(action))
  const pass = (): void => {
    rewind()
    let bay = parrot.resolveState({ value: 'vacant', context: opened('bay-1').context })
    for (const event of events) {
      actions.length = 0
      bay = parrot.transition(bay, event, scope)
    }
  }
  pass()
  return timed(pass)
}

/** The same by tables: they are made once, as in a simulation. */
function byTables(events: readonly BayEvent[], said: Said): number {
  const { machine: parrot, rewind } = saying(said)
  const tables = compile<Bay, BayEvent>(parrot)
  const heard: unknown[] = []
  const ears: Hears = {
    emit: (event) => heard.push(event),
    raise: (event) => heard.push(event),
    cancel: (sendId) => heard.push(sendId),
    act: (_, params) => heard.push(params),
  }
  const pass = (): void => {
    rewind()
    let bay = compiledFrom(opened('bay-1'))
    for (const event of events) {
      heard.length = 0
      bay = tables.take(bay, event, ears)
    }
  }
  pass()
  return timed(pass)
}
