import { expect, test } from 'vitest'
import { bay } from '../../machines/bay.ts'
import { LEAVES_AS_IT_IS } from '../../machines/bay-rules.ts'
import { causeOf } from '../../machines/bay-standing.ts'
import { ONE_BAY, Scene } from '../../simulations/toy-scene.ts'

type Transition = {
  readonly target?: string
  readonly actions?: readonly { readonly params: { readonly rule: string } }[]
}
type State = {
  readonly states?: { readonly [name: string]: State }
  readonly on?: { readonly '*'?: readonly Transition[] }
}

/** What the chart does on news, state by state. */
const rulesOf = (name: string, { states = {}, on }: State): (readonly [string, Transition])[] => [
  ...(on?.['*'] ?? []).map((one) => [name, one] as const),
  ...Object.entries(states).flatMap(([inner, state]) => rulesOf(inner, state)),
]

test('rules that leave a bay as it is are those that lead nowhere, and only those', () => {
  const rules = rulesOf('bay', bay.config as unknown as State)
  expect(rules.length).toBeGreaterThan(100)
  for (const [state, { target, actions }] of rules) {
    const rule = actions?.[0]?.params.rule ?? ''
    if (target === undefined) expect([state, rule, LEAVES_AS_IT_IS.has(rule)]).toEqual([state, rule, true])
    else if (target.split('.').at(-1) === state)
      expect([state, rule, LEAVES_AS_IT_IS.has(rule)]).toEqual([state, rule, false])
  }
})

const whyOf = (scene: Scene) => {
  const standing = scene.site.site.hosts.get('bay-1')?.committed.standing ?? null
  const cause = standing && causeOf(standing)
  return cause && [cause.record.cause.type, cause.rule]
}

test('a bay to which nothing has happened has no answer why, although records of it exist', async () => {
  const scene = await Scene.open(ONE_BAY)
  await scene.watch(2)
  expect(scene.site.site.hosts.get('bay-1')?.committed.standing?.record.seq).toBeGreaterThan(0)
  expect(whyOf(scene)).toBeNull()
})

test('what led to asking for a card stays the answer why while status after status is noted', async () => {
  const scene = await Scene.open(ONE_BAY)
  scene.stands('XX99XXX')
  await scene.watch(4)
  const why = whyOf(scene)
  expect(scene.state('bay-1')).toBe('authorizing.denied')
  expect(why).toEqual(['authorization.refused', 'refused'])
  const before = scene.site.site.hosts.get('bay-1')?.version ?? 0
  for (const status of ['Finishing', 'Available', 'Preparing', 'Available'] as const) await scene.says(status)
  expect(scene.site.site.hosts.get('bay-1')?.version).toBeGreaterThan(before)
  expect(scene.state('bay-1')).toBe('authorizing.denied')
  expect(whyOf(scene)).toEqual(why)
})

test('out of service is explained by the order, and back in service by what led to the state', async () => {
  const scene = await Scene.open(ONE_BAY)
  scene.stands('XX99XXX')
  await scene.watch(4)
  const why = whyOf(scene)
  await scene.operator('bay-1', 'out-of-service')
  expect(whyOf(scene)).toEqual(['operator.commanded', 'out-of-service'])
  await scene.watch(2)
  expect(whyOf(scene)).toEqual(['operator.commanded', 'out-of-service'])
  await scene.operator('bay-1', 'in-service')
  expect(whyOf(scene)).toEqual(why)
})
