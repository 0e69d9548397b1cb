import { describe, expect, it } from 'vitest'
import { TOY_FAMILIES, TOY_PERSONALITIES, type ToyHabits } from '../../../simulations/toy-habits.ts'
import { ToyCable } from './toy-cable.ts'

/** Three visits of the registered vehicle: what was proposed meanwhile, and which signals disagreed. */
async function visits(
  habits: ToyHabits,
): Promise<{ readonly traits: readonly unknown[]; readonly quarrels: readonly unknown[] }> {
  const cable = await ToyCable.open('default', habits)
  const { scene } = cable
  for (let visit = 0; visit < 3; visit += 1) {
    await scene.arrives()
    cable.plug()
    await scene.passes(300)
    cable.drive(0)
    await scene.passes(120)
    cable.drive(16)
    await scene.passes(120)
    cable.unplug()
    await scene.passes(20)
    await scene.leaves()
    await scene.passes(400)
  }
  return { traits: scene.facts('trait.proposed').map(({ cause }) => cause['trait']), quarrels: scene.quarrels() }
}

describe('charge points as they were measured, three visits and a pause in each', () => {
  for (const [name, habits] of Object.entries(TOY_PERSONALITIES))
    it(`${name}: nothing is proposed, and no signals disagree`, async () => {
      expect(await visits(habits)).toEqual({ traits: [], quarrels: [] })
    })
})

describe('families under the default profile show what they are', () => {
  const expected: {
    readonly [family: string]: { readonly traits: readonly string[]; readonly quarrels: readonly string[] }
  } = {
    'grizzl-e': { traits: ['currentFrom', 'suspendedEvse'], quarrels: ['register-runs'] },
    'injet-sonic': { traits: ['currentOn'], quarrels: ['register-runs'] },
    'abb-terra': { traits: ['registerSlips'], quarrels: ['register-still'] },
    kilowatts: { traits: ['powerTimes'], quarrels: ['register-runs'] },
    'short-token': { traits: ['tokenLength'], quarrels: [] },
    'wallbox-pulsar': { traits: [], quarrels: [] },
  }
  for (const [family, { traits, quarrels }] of Object.entries(expected))
    it(`${family}: ${traits.length === 0 ? 'nothing that the default profile reads wrongly' : traits.join(' and ')}`, async () => {
      const habits = TOY_FAMILIES[family]
      if (!habits) throw new Error(`there is no toy of ${family}`)
      const found = await visits(habits)
      expect([...found.traits].sort()).toEqual(traits)
      expect([...new Set(found.quarrels)]).toEqual(quarrels)
    })
})
