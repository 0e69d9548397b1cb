import { describe, expect, test } from 'vitest'
import { DEFAULT_POLICY } from '../../machines/events.ts'
import { seededDraw, type ToyFormat, toyRegister } from '../../simulations/toy-plates.ts'
import {
  canBeWrong,
  countPayers,
  drawDoubtful,
  drawVisit,
  judgeVisit,
  type PayerRegister,
  type PayerSite,
  payerRegister,
  upperBound,
} from '../../simulations/wrong-payer.ts'
import { plateTrust } from '../../src/plate-trust.ts'

const production = (garage: PayerRegister) =>
  plateTrust({
    keys: garage.keys,
    register: () => garage.register,
    plates: () => garage.plates,
    plateOf: (handle) => garage.plates.get(handle) ?? null,
  })

function siteOf(formats: readonly ToyFormat[], count: number, more: Partial<PayerSite> = {}): PayerSite {
  const garage = payerRegister(toyRegister({ formats, count }, seededDraw(count)))
  return {
    garage,
    trust: production(garage),
    policy: DEFAULT_POLICY,
    formats,
    registered: 0.5,
    frames: 12,
    frame_ms: 500,
    ...more,
  }
}

/** One frame is enough, and only the match on the list counts. */
const CARELESS: Partial<PayerSite> = { trust: {}, policy: { ...DEFAULT_POLICY, quorum: 1 } }

describe('who pays', () => {
  test('is the right one or nobody in 100,000 visits before 10,000 vehicles, to within 1 in 20,000', () => {
    const counts = countPayers(siteOf(['british', 'us-7'], 10_000), 100_000, 500, seededDraw(21))
    expect(upperBound(counts.wrong, counts.visits)).toBeLessThan(1 / 20_000)
    expect(counts.judged.right).toBeGreaterThan(3 * counts.judged.fallback)
  })
  test('is often somebody else where one frame and a match are enough', () => {
    const dense: readonly ToyFormat[] = ['dutch']
    const careless = countPayers(siteOf(dense, 60_000, CARELESS), 30_000, 0, seededDraw(22))
    const careful = countPayers(siteOf(dense, 60_000), 30_000, 0, seededDraw(22))
    expect(careless.wrong).toBeGreaterThan(10)
    expect(careful.wrong).toBeLessThan(careless.wrong / 5)
  })
  test('is nobody for a stranger whose plate looks like a registered one', () => {
    const garage = payerRegister(toyRegister({ formats: ['us-7'], count: 5_000 }, seededDraw(1)).concat('ODO1234'))
    const site: PayerSite = { ...siteOf(['us-7'], 1), garage, trust: production(garage) }
    const seen = (text: string) => [{ text, characters: new Array(7).fill(0.99), confidence: 0.99 }]
    const visit = (plate: string, accountId: string | null) => ({
      arriving: { plate, accountId },
      frames: new Array(8).fill(seen(plate)),
    })
    expect(judgeVisit(site, visit('ODO1234', 'acc-5000'))).toBe('right')
    expect(judgeVisit(site, visit('DDO1234', null))).toBe('refused')
    expect(judgeVisit({ ...site, trust: {} }, visit('DDO1234', null))).toBe('wrong')
  })
})

test('visits that are left out could not have been wrong', () => {
  const site = siteOf(['dutch'], 80_000, { ...CARELESS, misreads: { difficulty: 4 } })
  let wrong = 0
  for (let seed = 0; seed < 6_000; seed += 1) {
    const whole = drawVisit(site, seededDraw(seed))
    const doubtful = drawDoubtful(site, seededDraw(seed))
    if (doubtful) expect(doubtful).toEqual(whole)
    const outcome = judgeVisit(site, whole)
    if (outcome === 'wrong') wrong += 1
    if (doubtful === null || !canBeWrong(site, whole)) expect(outcome).not.toBe('wrong')
  }
  expect(wrong).toBeGreaterThan(5)
})

test('the upper bound is the exact one', () => {
  expect(upperBound(0, 300_000)).toBeCloseTo(2.996 / 300_000, 8)
  expect(upperBound(3, 1_000)).toBeCloseTo(7.754 / 1_000, 5)
  expect(upperBound(10, 1_000)).toBeCloseTo(16.96 / 1_000, 4)
})
