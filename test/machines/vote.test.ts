import { describe, expect, test } from 'vitest'
import { composeByCharacter, countWitnesses, tally, type Vote } from '../../machines/vote.ts'

const vote = (text: string, frame: string, more: Partial<Vote> = {}): Vote => ({
  text,
  frame,
  confidence: 0.9,
  characters: [],
  reader: 'device',
  ...more,
})

describe('the whole-string vote', () => {
  test('E01: reads that differ in look-alikes only count together', () => {
    const [leader, ...others] = tally([vote('A812CDE', 'f1'), vote('AB12CDE', 'f2'), vote('AB12CDE', 'f3')])
    expect(others).toEqual([])
    expect(leader).toMatchObject({ witnesses: 3, text: 'AB12CDE', share: 1, plausible: true })
  })

  test('E04: one edit never merges two plates', () => {
    expect(tally([vote('AB12CDE', 'f1'), vote('AB12CDF', 'f2'), vote('B12CDE', 'f3')])).toHaveLength(3)
  })

  test('one frame is one witness however often it is said, and two readers of it are two', () => {
    expect(tally([vote('AB12CDE', 'f1'), vote('AB12CDE', 'f1'), vote('A812CDE', 'f1')])[0]?.witnesses).toBe(1)
    expect(tally([vote('AB12CDE', 'f1'), vote('AB12CDE', 'f1', { reader: 'berth' })])[0]?.witnesses).toBe(2)
  })

  test('a device that sends one result a vehicle is one witness of a plate, whatever its events are called; our own reading is the second', () => {
    const event = (text: string, frame: string) => vote(text, frame, { perVehicle: true })
    const events = [event('AB12CDE', 'uuid-1'), event('AB12CDE', 'uuid-2'), event('A812CDE', 'uuid-3')]
    expect(tally(events)[0]).toMatchObject({ witnesses: 1, weight: 0.9 })
    expect(countWitnesses(events)).toBe(1)
    expect(tally([...events, vote('AB12CDE', 'uuid-1', { reader: 'berth' })])[0]?.witnesses).toBe(2)
    // What it refined is its own word, what it reads otherwise than another is a doubt.
    expect(tally([...events, event('AB12CDF', 'uuid-4')])[0]).toMatchObject({ witnesses: 1, near: 0 })
    const ours = vote('AB12CDE', 'uuid-1', { reader: 'berth', agreed: true })
    expect(tally([ours, event('AB12CDF', 'uuid-1')])[0]).toMatchObject({ text: 'AB12CDE', near: 1 })
  })

  test('a frame that two recognisers read alike is two witnesses, sent again still two, and a third frame one more', () => {
    const both = vote('AB12CDE', 'f1', { reader: 'berth', agreed: true })
    const witnesses = (...votes: Vote[]) => tally(votes)[0]?.witnesses
    expect(witnesses(both)).toBe(2)
    expect(witnesses(both, { ...both, text: 'A812CDE' }, { ...both, agreed: false })).toBe(2)
    expect(witnesses(both, vote('AB12CDE', 'f2', { reader: 'berth' }))).toBe(3)
    expect(witnesses(both, vote('AB12CDE', 'f1'))).toBe(3)
  })

  test('what two recognisers misread alike in one frame is one witness where more frames say another plate', () => {
    const ours = (text: string, frame: string, agreed: boolean) => vote(text, frame, { reader: 'berth', agreed })
    const misread = ours('AB12CDF', 'f1', true)
    const counts = (...votes: Vote[]) => tally(votes).map(({ text, witnesses }) => `${text} ${witnesses}`)
    expect(counts(misread, ours('AB12CDE', 'f2', true), ours('AB12CDE', 'f3', false))).toEqual([
      'AB12CDE 3',
      'AB12CDF 1',
    ])
    expect(counts(misread, ours('AB12CDE', 'f2', true))).toEqual(['AB12CDE 2', 'AB12CDF 2'])
  })

  test('confidence is a weight and never outvotes witnesses', () => {
    const [leader] = tally([
      vote('WXY999', 'f1', { confidence: 1 }),
      vote('AB12CDE', 'f2', { confidence: 0.1 }),
      vote('AB12CDE', 'f3', { confidence: 0.1 }),
    ])
    expect(leader?.text).toBe('AB12CDE')
    expect(leader?.share).toBeCloseTo(0.2 / 1.2, 9)
  })

  test('the text shown is the one with most weight among those that fit a format', () => {
    expect(tally([vote('BOSS', 'f1'), vote('80SS', 'f2', { confidence: 0.3 })])[0]).toMatchObject({
      text: '80SS',
      plausible: true,
    })
  })

  test('a confidence that is no number neither wins nor breaks the vote', () => {
    const [leader] = tally([
      vote('AB12CDE', 'f1', { confidence: Number.NaN }),
      vote('AB12CDE', 'f2', { confidence: 900 }),
    ])
    expect(leader?.weight).toBeCloseTo(1.05, 9)
  })

  test('no reads, no candidates', () => {
    expect(tally([])).toEqual([])
    expect(composeByCharacter([])).toBeNull()
  })
})

describe('the character vote', () => {
  test('finds the plate that no single frame read whole', () => {
    const sure = [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9]
    const weakAt = (place: number) => sure.map((value, at) => (at === place ? 0.4 : value))
    const composed = composeByCharacter([
      vote('XB12CDE', 'f1', { characters: weakAt(0) }),
      vote('AB12XDE', 'f2', { characters: weakAt(4) }),
      vote('AB12CDX', 'f3', { characters: weakAt(6) }),
      vote('MAB12CDE', 'f4'),
    ])
    expect(composed?.text).toBe('AB12CDE')
    expect(composed?.characters[1]).toBe(1)
    expect(composed?.characters[0]).toBeCloseTo(1.8 / 2.2, 9)
  })

  test('look-alikes of one place add up', () => {
    expect(composeByCharacter([vote('A8', 'f1'), vote('AB', 'f2'), vote('AX', 'f3', { confidence: 1 })])?.folded).toBe(
      'A8',
    )
  })
})
