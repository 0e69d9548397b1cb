import { describe, expect, test } from 'vitest'
import { fold } from '../../machines/plate.ts'
import { countriesOf } from '../../machines/plate-formats.ts'
import { tally } from '../../machines/vote.ts'
import { seededDraw, type ToyFormat, toyPlate, toyRegister } from '../../simulations/toy-plates.ts'
import { type PayerRegister, payerRegister } from '../../simulations/wrong-payer.ts'
import { otherSpellings, plateDensity } from '../../src/plate-density.ts'
import { plateTrust } from '../../src/plate-trust.ts'

const trustSite = (garage: PayerRegister) => ({
  keys: garage.keys,
  register: () => garage.register,
  plates: () => garage.plates,
  plateOf: (handle: string) => garage.plates.get(handle) ?? null,
})
const trustIn = (garage: PayerRegister) => plateTrust(trustSite(garage))

/** Three frames that read this, sure of each character by so much. */
function candidate(text: string, sure = 0.99, reader = 'berth') {
  const votes = [1, 2, 3].map((frame) => ({
    text,
    confidence: sure,
    characters: reader === 'berth' ? new Array<number>(text.length).fill(sure) : [],
    frame: `f${frame}`,
    reader,
  }))
  return tally(votes)[0] as ReturnType<typeof tally>[number]
}

const garageOf = (formats: readonly ToyFormat[], count: number, ...more: string[]) =>
  payerRegister([
    ...toyRegister({ formats, count }, seededDraw(9)).filter((one) => !more.some((two) => fold(one) === fold(two))),
    ...more,
  ])

describe('a plate whose matching key has other spellings', () => {
  const trust = trustIn(garageOf(['us-7'], 5_000, 'ODO1234', 'XYK4711'))

  test('is believed as it is registered', () => {
    expect(trust.chance('cam', candidate('ODO1234'))).toBeGreaterThan(0.9)
  })
  test('is not believed where it is written as another vehicle’s, whoever read it', () => {
    expect(trust.chance('cam', candidate('DDO1234'))).toBe(0)
    expect(trust.chance('cam', candidate('DDO1234', 0.99, 'device'))).toBe(0)
  })
  test('is believed where it is written as no vehicle’s: a letter read as its digit', () => {
    expect(trust.chance('cam', candidate('XYK471I'))).toBeGreaterThan(0.9)
    expect(trust.chance('cam', candidate('XYK471I', 0.99, 'device'))).toBeNull()
  })
  test('is believed with the O that people type for a 0 where few plates are alike', () => {
    const slovak = trustIn(payerRegister(['RKO26AJ', 'RK114AB', 'BA552CD']))
    expect(slovak.chance('cam', candidate('RK026AJ'))).toBeGreaterThan(0.9)
  })
})

/** What our reader made of a device's picture, sure of each character by so much, beside the device's own word, which is sure of all. */
function beside(text: string, sure: number) {
  const device = { text, confidence: 0.99, characters: new Array<number>(text.length).fill(1), reader: 'device' }
  const votes = [
    { ...device, frame: 'e1', perVehicle: true },
    { text, confidence: sure, characters: new Array<number>(text.length).fill(sure), frame: 'e1', reader: 'berth' },
  ]
  return tally(votes)[0] as ReturnType<typeof tally>[number]
}

describe('our own doubt beside a device that reads the same', () => {
  const trust = trustIn(payerRegister(['AB12CDE', 'AB12CDEFG', 'XYK4743']))
  const calibrated = plateTrust({
    ...trustSite(payerRegister(['XYK4743'])),
    calibrated: () => 0.7,
  })

  test('a place that our reader is unsure of is as doubtful as where it reads alone, however sure the device is', () => {
    expect(trust.chance('cam', beside('XYK4743', 0.99))).toBeGreaterThan(0.9)
    expect(trust.chance('cam', beside('XYK4743', 0.4))).toBe(trust.chance('cam', candidate('XYK4743', 0.4)))
    expect(trust.chance('cam', beside('WX999YZ', 0.4))).toBeLessThan(0.9)
  })

  test('a plate that is part of another registered one may be that one, half read', () => {
    expect(trust.chance('cam', beside('AB12CDE', 0.99))).toBe(0.5)
  })

  test('where registered plates lie densely our reader must be sure in every place', () => {
    const dense = garageOf(['dutch'], 40_000)
    const [plate = ''] = [...dense.plates.values()].filter((one) => !/[OQDILZSBG012568]/.test(one))
    expect(trustIn(dense).chance('cam', beside(plate, 0.9))).toBeLessThan(0.9)
    expect(trustIn(dense).chance('cam', beside(plate, 0.99))).toBeGreaterThan(0.95)
  })

  test('of the device’s figure, where people checked it, and our doubt the smaller counts', () => {
    expect(calibrated.chance('cam', beside('XYK4743', 0.99))).toBe(0.7)
    expect(calibrated.chance('cam', beside('XYK4743', 0.4))).toBe(0.5)
  })
})

describe('where registered plates lie densely', () => {
  const dense = garageOf(['dutch'], 40_000)
  const [plate] = [...dense.plates.values()].filter((one) => !/[OQDILZSBG012568]/.test(one))
  const sparse = garageOf(['us-7'], 2_000, 'XYK4743')

  test('an agreement that is not sure in every place is not enough', () => {
    expect(trustIn(dense).chance('cam', candidate(plate as string, 0.9))).toBeLessThan(0.9)
    expect(trustIn(dense).chance('cam', candidate(plate as string, 0.99))).toBeGreaterThan(0.95)
    expect(trustIn(sparse).chance('cam', candidate('XYK4743', 0.9))).toBeGreaterThan(0.9)
  })
  test('every plate counts as if a neighbour were registered', () => {
    expect(trustIn(dense).crowd(fold(plate as string))).toBeGreaterThan(0)
    expect(trustIn(sparse).crowd(fold('XYK4743'))).toBe(0)
  })
})

describe('density', () => {
  const density = plateDensity(toyRegister({ formats: ['dutch'], count: 20_000 }, seededDraw(3)))

  test('expects of a register about as many plates one character away as there are', () => {
    const draw = seededDraw(4)
    const plates = new Set(toyRegister({ formats: ['us-6'], count: 60_000 }, draw))
    const us = plateDensity(plates)
    let expected = 0
    let found = 0
    for (let n = 0; n < 2_000; n += 1) {
      const stranger = toyPlate('us-6', draw)
      expected += us.expectedNear(stranger)
      for (let at = 0; at < stranger.length; at += 1)
        for (const one of /\d/.test(stranger[at] ?? '') ? '0123456789' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')
          if (one !== stranger[at] && plates.has(stranger.slice(0, at) + one + stranger.slice(at + 1))) found += 1
    }
    expect(expected / found).toBeGreaterThan(0.8)
    expect(expected / found).toBeLessThan(1.2)
  })
  test('knows which letters a series uses', () => {
    expect(density.expected('12BDF3')).toBeGreaterThan(5 * density.expected('12AEI3'))
  })
  test('finds other spellings for what was read, and none where the series has none', () => {
    expect(otherSpellings(density, '12BDF3', '12BDF3')).toBeLessThan(1)
    expect(otherSpellings(density, 'ABC1234', 'ABC1234')).toBe(0)
  })
})

describe('a camera whose own figures people have checked', () => {
  const garage = payerRegister(['RK026AJ', 'BA552CD'])
  const asked: [string, number][] = []
  const trust = plateTrust({
    keys: garage.keys,
    register: () => garage.register,
    plates: () => garage.plates,
    plateOf: (handle) => garage.plates.get(handle) ?? null,
    calibrated: (cameraId, said) => {
      asked.push([cameraId, said])
      return cameraId === 'checked' ? 0.7 : null
    },
  })

  test('is believed as far as it was right, for plates of the register and for others; one that nobody checked is judged by agreement alone', () => {
    for (const plate of ['RK026AJ', 'WX999YZ']) {
      expect(trust.chance('checked', candidate(plate, 0.95, 'device'))).toBe(0.7)
      expect(trust.chance('unchecked', candidate(plate, 0.95, 'device'))).toBeNull()
    }
    expect(asked[0]).toEqual(['checked', 0.95])
  })

  test('is held to what it said itself: what our reader says of the same frames is not averaged into it', () => {
    const votes = [1, 2, 3].map((frame) => ({
      text: 'RK026AJ',
      confidence: 0.9,
      characters: [],
      frame: `f${frame}`,
      reader: 'device',
    }))
    const own = votes.map((vote) => ({ ...vote, confidence: 0.3, reader: 'berth' }))
    asked.length = 0
    trust.chance('checked', tally([...votes, ...own])[0] as ReturnType<typeof tally>[number])
    expect(asked).toEqual([['checked', 0.9]])
  })

  test('does not speak for our own reader', () => {
    expect(trust.chance('checked', candidate('RK026AJ'))).toBeGreaterThan(0.9)
  })
})

describe('a site that names its countries', () => {
  const garage = payerRegister(['AB12CDE', 'WX999YZ77'])
  const trust = plateTrust({
    keys: garage.keys,
    register: () => garage.register,
    plates: () => garage.plates,
    plateOf: (handle) => garage.plates.get(handle) ?? null,
    countries: countriesOf(['GB']),
  })

  test('doubts an agreement on what nobody there issues: a person looks, and no visitor is refused for a misread', () => {
    expect(trust.chance('cam', candidate('XK12CDE'))).toBeGreaterThan(0.9)
    expect(trust.chance('cam', candidate('12XK9CDE'))).toBeLessThan(0.9)
    expect(trust.chance('cam', candidate('12XK9CDE', 0.99, 'device'))).toBeLessThan(0.9)
    expect(trust.chance('cam', candidate('XK12CDE', 0.99, 'device'))).toBeNull()
  })

  test('never doubts a registered plate for its format alone', () => {
    expect(trust.chance('cam', candidate('WX999YZ77', 0.99))).toBeGreaterThan(0.9)
    expect(trust.chance('cam', candidate('WX999YZ77', 0.99, 'device'))).toBeNull()
    expect(trust.chance('cam', candidate('WX999YZ77', 0.9))).toBeLessThan(0.9)
    expect(trust.chance('cam', candidate('AB12CDE', 0.9))).toBeGreaterThan(0.9)
  })
})
