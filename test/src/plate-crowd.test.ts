import { describe, expect, test } from 'vitest'
import { DEFAULT_POLICY } from '../../machines/events.ts'
import { trustworthy } from '../../machines/identity.ts'
import { fold } from '../../machines/plate.ts'
import { emptyRegister, foldRegister } from '../../machines/register.ts'
import { isOneEdit, tally, type Vote } from '../../machines/vote.ts'
import { toyKeys } from '../../simulations/toy-keys.ts'
import { neighboursOf, plateCrowd, plateParts } from '../../src/plate-crowd.ts'
import { ownChance } from '../../src/vision/own-chance.ts'

function registered(list: readonly (readonly [plate: string, accountId: string])[]) {
  const keys = toyKeys()
  const register = emptyRegister()
  for (const [index, [plate, accountId]] of list.entries()) {
    const cause = {
      type: 'vehicle.registered',
      handle: keys.vehicle(fold(plate)),
      accountId,
      fleet: null,
      hasAlias: false,
      validFrom: null,
      validTo: null,
      hours: null,
      blocked: false,
    }
    foldRegister(register, { version: index + 1, cause })
  }
  return { keys, register }
}

describe('registered neighbours of a plate', () => {
  test('count where one character changed, missing or added makes another account’s plate', () => {
    const { keys, register } = registered([
      ['VGX7', 'acc-1'],
      ['VG9X7', 'acc-2'],
      ['VGX', 'acc-3'],
      ['WGX7', 'acc-4'],
      ['WGX9', 'acc-5'],
    ])
    expect(plateCrowd(keys, () => register)(fold('VGX7'))).toBe(3)
  })
  test('of the same account count nothing: a misread there bills the right one', () => {
    const { keys, register } = registered([
      ['VGX7', 'acc-1'],
      ['WGX7', 'acc-1'],
    ])
    expect(plateCrowd(keys, () => register)(fold('VGX7'))).toBe(0)
  })
  test('are counted anew after the register changed', () => {
    const { keys, register } = registered([['VGX7', 'acc-1']])
    const crowd = plateCrowd(keys, () => register)
    expect(crowd(fold('VGX7'))).toBe(0)
    foldRegister(register, {
      version: 2,
      cause: {
        type: 'vehicle.registered',
        handle: keys.vehicle(fold('WGX7')),
        accountId: 'acc-2',
        fleet: null,
        hasAlias: false,
        validFrom: null,
        validTo: null,
        hours: null,
        blocked: false,
      },
    })
    expect(crowd(fold('VGX7'))).toBe(1)
  })
  test('are all one edit away, and never the plate itself', () => {
    const texts = neighboursOf(fold('AB12'))
    for (const text of texts) expect(isOneEdit(fold('AB12'), text)).toBe(true)
    expect(texts.size).toBeGreaterThan(150)
  })
})

describe('an agreement of our own reader', () => {
  const read = (text: string, frame: number, weakest: number) => ({
    text,
    confidence: 0.9,
    characters: [weakest, ...[...text].slice(1).map(() => 0.99)],
    frame: `f${frame}`,
    reader: 'berth',
  })
  const acts = (votes: readonly Vote[], crowd = 0): boolean => {
    const leader = tally(votes)[0]
    return (
      leader !== undefined &&
      trustworthy(
        { witnesses: leader.witnesses, plausible: leader.plausible, chance: ownChance(leader), crowd },
        DEFAULT_POLICY,
      )
    )
  }

  test('starts a charge where two frames read every character well', () => {
    expect(acts([read('VG9X2G', 1, 0.95), read('VG9X2G', 2, 0.9)])).toBe(true)
  })
  test('waits where a character is weak in both frames', () => {
    expect(acts([read('VG9X2G', 1, 0.6), read('VG9X2G', 2, 0.62)])).toBe(false)
  })
  test('waits where another frame read one character otherwise, however sure its own frames are', () => {
    expect(acts([read('VG9X2G', 1, 0.7), read('VG9X2G', 2, 0.7), read('YG9X2G', 3, 0.95)])).toBe(false)
    expect(acts([read('VG9X2G', 1, 0.95), read('VG9X2G', 2, 0.95), read('YG9X2G', 3, 0.6)])).toBe(false)
  })
  test('needs a third frame and strong characters where neighbours are registered to others', () => {
    const two = [read('VG9X2G', 1, 0.95), read('VG9X2G', 2, 0.95)]
    expect(acts(two, 1)).toBe(false)
    expect(acts([...two, read('VG9X2G', 3, 0.95)], 1)).toBe(true)
    expect(acts([...two, read('VG9X2G', 3, 0.95), read('YG9X2G', 4, 0.6)], 1)).toBe(false)
  })
  test('starts on one frame that both recognisers read alike, and beside registered neighbours needs another', () => {
    const both = { ...read('VG9X2G', 1, 0.95), agreed: true }
    expect(acts([both])).toBe(true)
    expect(acts([{ ...both, agreed: false }])).toBe(false)
    expect(acts([both], 1)).toBe(false)
    expect(acts([both, read('VG9X2G', 2, 0.95)], 1)).toBe(true)
  })
  test('is not what a device’s reads are judged by', () => {
    const leader = tally([
      { ...read('VG9X2G', 1, 0.2), reader: 'device' },
      { ...read('VG9X2G', 2, 0.2), reader: 'device' },
    ])[0]
    expect(leader && ownChance(leader)).toBeNull()
  })
})

test('a plate that begins or ends a longer one of another account may be that one, half read', () => {
  const list = [
    ['AB12', 'acc-wrong'],
    ['AB12CDE', 'acc-right'],
    ['XY98ZWV', 'acc-1'],
    ['XY98', 'acc-1'],
  ] as const
  const { keys, register } = registered(list)
  const plates = () => list.map(([plate]) => [keys.vehicle(fold(plate)), plate] as const)
  const isPart = plateParts(plates, () => register, keys.findVehicle)
  expect(isPart(fold('AB12'))).toBe(true)
  expect(isPart(fold('AB12CDE'))).toBe(false)
  expect(isPart(fold('XY98'))).toBe(false)
})

test('what is remembered of plates is dropped when one of them is forgotten, although the register did not change', () => {
  const asked: string[] = []
  const register = foldRegister(emptyRegister(), { cause: { type: 'none' } } as never)
  const findVehicle = (folded: string): null => {
    asked.push(folded)
    return null
  }
  const crowd = plateCrowd({ findVehicle }, () => register)
  crowd('AB12CDE')
  crowd('AB12CDE')
  expect(asked).toHaveLength(1)
  crowd.forget()
  crowd('AB12CDE')
  expect(asked).toHaveLength(2)
})
