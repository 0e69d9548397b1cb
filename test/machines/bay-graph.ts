import { bay as machine } from '../../machines/bay.ts'
import type { Policy } from '../../machines/events.ts'
import { pathOf } from '../../machines/step.ts'
import { livedThrough } from '../properties/bay-commands.ts'
import type { Move } from '../properties/bay-move.ts'
import { BayRun } from '../properties/bay-run.ts'

/**
 * The graph of a bay: its states, and between them the transitions that some way of events takes. XState's own walk takes a state to be
 * new where its context is; here context holds times and versions, so this one asks of a state only what may decide what comes next.
 */

/** `authorizing.fallback: cardPays`: in that state that rule fires. */
export type Transition = string

type Node = { readonly on?: Listed; readonly after?: Listed; readonly states?: { readonly [name: string]: Node } }
type Listed = { readonly [event: string]: One | readonly One[] }
type One = { readonly actions?: readonly { readonly params?: { readonly rule?: string } }[] }

/** Every transition that the chart draws, state by state; what follows a rule that is always taken is drawn and never read. */
export function drawn(node: Node = machine.config as unknown as Node, outer: readonly string[] = []): Transition[] {
  return Object.entries(node.states ?? {}).flatMap(([name, state]) => {
    if (state.states) return drawn(state, [...outer, name])
    const path = outer[0] === undefined ? name : `${outer[0]}.${name}`
    const lists = [...Object.values(state.on ?? {}), ...Object.values(state.after ?? {})]
    const rules = lists.flatMap((list) => [list].flat().map((one) => (one as One).actions?.[0]?.params?.rule ?? '?'))
    return [...new Set(rules)].map((rule) => `${path}: ${rule}`)
  })
}

/** Every state that holds no other. */
export const statesOf = (transitions: readonly Transition[]): readonly string[] => [
  ...new Set(transitions.map((one) => one.slice(0, one.indexOf(':')))),
]

/** A way to a transition: how the bay is made, and what happens to it. */
export type Way = { readonly policy: Partial<Policy>; readonly moves: readonly Move[] }

/** The transitions that a run took, in order. */
export const taken = (run: BayRun): readonly Transition[] =>
  run.lived.map(({ stateBefore, detailBefore, draft }) => {
    const path = stateBefore === detailBefore ? stateBefore : `${stateBefore}.${detailBefore}`
    return `${path}: ${draft.rule}`
  })

/** What of a bay may decide what comes next; no times, no names. */
function sight({ bay, snapshot, now }: BayRun): string {
  const { visit, policy } = bay
  const { state, detail } = pathOf(snapshot.value)
  const isOver = (since: number, seconds: number): boolean => now - since >= seconds * 1000
  const { presence, since } = bay.here
  return JSON.stringify([
    state,
    detail,
    presence,
    presence === 'empty' && [isOver(since, policy.exitGrace_s), isOver(since, policy.absence_s)],
    Object.values(bay.connectors).map(({ link, linkAt, cable, status, transaction, orphan, flow }) => [
      link,
      link === 'offline' && isOver(linkAt, policy.absence_s),
      cable,
      status === 'finishing',
      transaction !== null,
      orphan !== null,
      flow.drawing,
    ]),
    visit && [
      visit.payer?.rank,
      visit.agreed?.person,
      visit.claim?.state,
      visit.asked?.answer,
      visit.secondRead?.outcome,
      visit.starts.at(-1)?.state,
      visit.closed.length > 0,
      visit.unpluggedAt !== null,
      visit.resumedAt !== null,
    ],
  ])
}

type Reached = { readonly run: BayRun; readonly way: Way }

/** The run without its past, which a walk has no room for. */
function light(run: BayRun): BayRun {
  run.lived.length = 0
  run.drafts.length = 0
  return run
}

/**
 * Breadth first from each beginning, `depth` moves far: for every transition met, the first way to it. Stops early once all of `wanted`
 * are met.
 */
export function waysFrom(
  beginnings: readonly Way[],
  alphabet: readonly Move[],
  depth: number,
  wanted: readonly Transition[],
): Map<Transition, Way> {
  const found = new Map<Transition, Way>()
  const seen = new Set<string>()
  const note = (run: BayRun, way: Way): void => {
    for (const one of taken(run)) if (!found.has(one)) found.set(one, way)
  }
  const fresh = (reached: Reached): readonly Reached[] => {
    const key = JSON.stringify(reached.way.policy) + sight(reached.run)
    if (seen.has(key)) return []
    seen.add(key)
    return [{ run: light(reached.run), way: reached.way }]
  }
  let level = beginnings.flatMap((way) => {
    const run = livedThrough(way.moves, new BayRun(way.policy))
    note(run, way)
    return fresh({ run, way })
  })
  for (let far = 0; far < depth && wanted.some((one) => !found.has(one)); far += 1)
    level = level.flatMap(({ run, way }) =>
      alphabet.flatMap((move) => {
        const next: Reached = {
          run: livedThrough([move], run.copy()),
          way: { policy: way.policy, moves: [...way.moves, move] },
        }
        note(next.run, next.way)
        return fresh(next)
      }),
    )
  return found
}

/** The same way without any move that it does not need. */
export function shortest(transition: Transition, way: Way): Way {
  const takes = (moves: readonly Move[]): boolean =>
    taken(livedThrough(moves, new BayRun(way.policy))).includes(transition)
  let { moves } = way
  for (let at = moves.length - 1; at >= 0; at -= 1) {
    const without = moves.filter((_, index) => index !== at)
    if (takes(without)) moves = without
  }
  return { policy: way.policy, moves }
}
