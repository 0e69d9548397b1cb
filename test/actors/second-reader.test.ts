import { expect, test } from 'vitest'
import type { PlateCrop } from '../../actors/evidence.ts'
import { type ReaderSays, SecondOpinion } from '../../actors/second-reader.ts'
import { fold } from '../../machines/plate.ts'
import { toyKeys } from '../../simulations/toy-keys.ts'

const crop = (text: string, at: number): PlateCrop => ({
  bayId: 'bay-1',
  folded: fold(text),
  confidence: 0.9,
  at,
  picture: new TextEncoder().encode(text),
})

function opened(
  answers: (ReaderSays | Error)[],
  { perHour = 60, independent = true, crops = [crop('AB12CDE', 2), crop('XY34ZZZ', 1)] } = {},
) {
  let now = 1_000_000
  const shown: string[] = []
  const troubles: boolean[] = []
  const keys = toyKeys()
  const skip = (ms: number): void => {
    now += ms
  }
  const opinion = new SecondOpinion({
    reader: {
      name: 'reader.example',
      independent,
      read: async (picture) => {
        shown.push(new TextDecoder().decode(picture))
        const answer = answers.shift() ?? new Error('no more answers')
        if (answer instanceof Error) throw answer
        return answer
      },
    },
    clock: { now: () => now, after: () => () => undefined },
    keys,
    seen: () => crops,
    perHour,
    count: () => {},
    troubled: (isOpen) => troubles.push(isOpen),
  })
  return { opinion, keys, shown, troubles, skip }
}

const says = (text: string | null, model = 'theirs'): ReaderSays => ({ text, confidence: 0.9, model })

test('the crop of the vehicle that leads is shown, else the newest, and the answer names its origin', async () => {
  const { opinion, keys, shown } = opened([says('xy34 zzz'), says(null), says('AB12CDE')])
  const leader = keys.vehicle(fold('XY34ZZZ'))
  const first = await opinion.ask('bay-1', leader)
  expect(first.told).toMatchObject({ outcome: 'read', handle: leader, by: 'reader.example', model: 'theirs' })
  expect(first.told.independent).toBe(true)
  expect(first.personal).toEqual({ [leader]: { plate: 'XY34ZZZ', bayId: 'bay-1' } })
  expect((await opinion.ask('bay-1', null)).told).toMatchObject({ outcome: 'unreadable', handle: null })
  expect((await opinion.ask('bay-1', 'veh-of-nobody')).told.handle).toBe(keys.vehicle(fold('AB12CDE')))
  expect(shown).toEqual(['XY34ZZZ', 'AB12CDE', 'AB12CDE'])
})

test('a reader of our own kind is never independent, whatever it calls its models', async () => {
  for (const model of ['berth-two-recognisers-1', 'berth-two-recognisers-99', 'other']) {
    const { opinion } = opened([says('AB12CDE', model)], { independent: false })
    expect((await opinion.ask('bay-1', null)).told).toMatchObject({ outcome: 'read', model, independent: false })
  }
})

test('without a crop nobody is asked, and the hour’s budget is kept', async () => {
  const none = opened([], { crops: [] })
  expect((await none.opinion.ask('bay-1', null)).told).toMatchObject({ outcome: 'unavailable', why: 'no crop' })
  const { opinion, shown, skip } = opened([says('A1B'), says('A1B'), says('A1B')], { perHour: 2 })
  for (let i = 0; i < 5; i += 1) await opinion.ask('bay-1', null)
  expect(shown).toHaveLength(2)
  expect((await opinion.ask('bay-1', null)).told).toMatchObject({ outcome: 'unavailable', why: 'budget' })
  skip(3_600_001)
  expect((await opinion.ask('bay-1', null)).told.outcome).toBe('read')
})

test('one that fails is left alone after five failures, tried once after half a minute, and asked again once it answers', async () => {
  const failures = Array.from({ length: 6 }, () => new Error('down'))
  const { opinion, shown, troubles, skip } = opened([...failures, says('A1B'), says('A1B')])
  for (let i = 0; i < 5; i += 1)
    expect((await opinion.ask('bay-1', null)).told).toMatchObject({ outcome: 'unavailable', why: 'no answer' })
  expect((await opinion.ask('bay-1', null)).told.why).toBe('resting')
  expect([shown.length, troubles]).toEqual([5, [true]])
  skip(30_000)
  expect((await opinion.ask('bay-1', null)).told.why).toBe('no answer')
  expect((await opinion.ask('bay-1', null)).told.why).toBe('resting')
  skip(30_000)
  expect((await opinion.ask('bay-1', null)).told.outcome).toBe('read')
  expect((await opinion.ask('bay-1', null)).told.outcome).toBe('read')
  expect(troubles).toEqual([true, false])
})
