import { expect, test } from 'vitest'
import { type AnyStateMachine, assign, createMachine, enqueueActions } from 'xstate'
import { compile } from '../../machines/compiled.ts'
import { type DoneAction, inertScope } from '../../machines/inert-scope.ts'
import { fc } from '../seeded-check.ts'
import { asActions } from './table-ears.ts'

type Known = { readonly count: number; readonly seen: string }
type Told = { readonly type: string; readonly n: number }

/** A drawn state: its transitions are numbers until all states are known. */
type Drawn = {
  readonly inner: readonly Drawn[]
  readonly first: number
  readonly waits: boolean
  readonly on: readonly { type: string; least: number; target: number; reenter: boolean }[]
}

const TYPES = ['go', 'go.far', 'stay', '*', 'go.*', 'x.y.z', 'x.*'] as const
const EVENTS = [
  'xstate.after.soon.s_0',
  'xstate.after.soon.s_1',
  'go',
  'go.far',
  'stay',
  'other',
  'x.y.z',
  'x.y',
  'go.far.off',
] as const

const transition = fc.record({
  type: fc.constantFrom(...TYPES),
  least: fc.integer({ min: 0, max: 6 }),
  target: fc.integer({ min: -1, max: 12 }),
  reenter: fc.boolean(),
})

/** A state with up to `depth` levels below it. */
const drawnTo = (depth: number): fc.Arbitrary<Drawn> =>
  fc.record({
    inner: depth === 0 ? fc.constant([]) : fc.array(drawnTo(depth - 1), { maxLength: 3 }),
    first: fc.nat(2),
    waits: fc.boolean(),
    on: fc.array(transition, { maxLength: 4 }),
  })

/** The chart as XState's config: every state tells when it is entered and left, every transition counts. */
function chartOf(root: Drawn): AnyStateMachine {
  const ids: string[] = []
  const name = (state: Drawn, id: string): void => {
    ids.push(id)
    for (const [at, inner] of state.inner.entries()) name(inner, `${id}_${at}`)
  }
  for (const [at, inner] of root.inner.entries()) name(inner, `s_${at}`)
  const config = (state: Drawn, id: string): object => ({
    ...(id === ''
      ? {}
      : { id, entry: [{ type: 'tell', params: { in: id } }, 'enter'], exit: { type: 'tell', params: { out: id } } }),
    ...(state.inner.length > 0 ? { initial: `s${state.first % state.inner.length}` } : {}),
    states: Object.fromEntries(
      state.inner.map((inner, at) => [`s${at}`, config(inner, id === '' ? `s_${at}` : `${id}_${at}`)]),
    ),
    // A chart as a whole is never entered anew.
    on: Object.fromEntries(
      Object.entries(Object.groupBy(state.on, ({ type }) => type)).map(([type, list = []]) => [
        type,
        list.map(({ least, target, reenter }) => ({
          guard: { type: 'atLeast', params: { least } },
          ...(target < 0 ? {} : { target: `#${ids[target % ids.length]}` }),
          ...(reenter && id !== '' ? { reenter } : {}),
          actions: [
            'count',
            { type: 'tell', params: ({ context }: { context: Known }) => ({ by: id, count: context.count }) },
          ],
        })),
      ]),
    ),
    ...(state.waits && id !== '' ? { after: { soon: { target: `#${ids[0]}`, actions: 'count' } } } : {}),
  })
  return createMachine({ id: 'drawn', context: { count: 0, seen: '' }, ...config(root, '') } as never).provide({
    guards: { atLeast: ({ context }: { context: Known }, { least }: { least: number }) => context.count % 7 >= least },
    delays: { soon: ({ context }: { context: Known }) => 10 + context.count },
    actions: ACTIONS,
  } as never) as unknown as AnyStateMachine
}

const ACTIONS = {
  enter: assign({
    seen: ({ context, event }: { context: Known; event: Told }) => `${context.seen}${event.n}`.slice(-5),
  } as never),
  count: enqueueActions((({ context, enqueue }: { context: Known; enqueue: never }) => {
    const later = enqueue as {
      assign(what: unknown): void
      emit(what: unknown): void
      raise(event: object, how: object): void
      cancel(id: string): void
    }
    later.emit(({ context: now }: { context: Known }) => ({ type: 'was', count: now.count }))
    later.assign(() => ({ ...context, count: context.count + 1 }))
    later.emit(({ context: now }: { context: Known }) => ({ type: 'is', count: now.count }))
    if (context.count % 3 === 0) later.raise({ type: 'other' }, { id: 'late', delay: 5 })
    else later.cancel('late')
  }) as never),
}

/** One event by XState, with what it would carry out. */
function byXState(machine: AnyStateMachine): (told: Told) => { value: unknown; context: unknown; actions: unknown[] } {
  const actions: DoneAction[] = []
  const scope = inertScope(machine, ({ type, params }) => actions.push({ type, params }))
  let snapshot = machine.getInitialSnapshot(scope as never)
  return (told) => {
    actions.length = 0
    snapshot = machine.transition(snapshot, told, scope as never)
    return { value: snapshot.value, context: snapshot.context, actions: [...actions] }
  }
}

test('any chart of nested states does by its tables what XState does with it, action by action', () => {
  let moved = 0
  fc.assert(
    fc.property(drawnTo(3), fc.array(fc.constantFrom(...EVENTS), { minLength: 1, maxLength: 20 }), (root, types) => {
      fc.pre(root.inner.length > 0)
      const machine = chartOf(root)
      const ask = byXState(machine)
      const tables = compile<Known, Told>(machine)
      const initial = machine.getInitialSnapshot(inertScope(machine, () => {}) as never)
      let standing = { leaf: tables.leafOf(initial.value), context: initial.context as Known }
      for (const [n, type] of types.entries()) {
        const expected = ask({ type, n })
        const actions: DoneAction[] = []
        standing = tables.take(standing, { type, n }, asActions(actions))
        expect({ value: tables.values[standing.leaf], context: standing.context, actions }).toEqual(expected)
        if (expected.actions.length > 0) moved += 1
      }
    }),
    { numRuns: Number(process.env['BERTH_RUNS'] ?? 400) },
  )
  // Where charts that do nothing were drawn, the test would show nothing.
  expect(moved).toBeGreaterThan(200)
})

test.each([
  ['a parallel state', { type: 'parallel', states: { a: {}, b: {} } }, /type "parallel"/],
  ['a final state', { initial: 'a', states: { a: { type: 'final' } } }, /type "final" of state/],
  ['an always', { initial: 'a', states: { a: { always: 'b' }, b: {} } }, /the `always` of state/],
  ['an invoked actor', { initial: 'a', states: { a: { invoke: { src: 'x' } } } }, /the invoked actor/],
  ['history', { initial: 'a', states: { a: {}, h: { type: 'history' } } }, /type "history"/],
] as const)('a chart with %s is refused by name', (_, config, sentence) => {
  expect(() => compile(createMachine(config as never) as never)).toThrow(sentence)
})

test('a raise without a delay, which XState would take at once, is refused when it is met', () => {
  const machine = createMachine({
    initial: 'a',
    states: {
      a: {
        on: {
          go: {
            actions: enqueueActions((({ enqueue }: { enqueue: { raise(event: object): void } }) =>
              enqueue.raise({ type: 'now' })) as never),
          },
        },
      },
    },
  } as never)
  const tables = compile<unknown, Told>(machine as never)
  expect(() => tables.take({ leaf: 0, context: {} }, { type: 'go', n: 0 }, asActions([]))).toThrow(
    /a raise without a delay/,
  )
})
