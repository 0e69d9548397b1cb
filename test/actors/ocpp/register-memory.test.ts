import { expect, it } from 'vitest'
import { RegisterMemory } from '../../../actors/ocpp/register-memory.ts'
import { fc } from '../../seeded-check.ts'

const AT = Date.UTC(2026, 10, 22, 10)

it('whatever the slips, a register that rises as a charge does is put back where it was', () => {
  const step = fc.record({ Wh: fc.integer({ min: 0, max: 1_900 }), slip: fc.constantFrom(1, 1, 1_000, 0.001) })
  fc.assert(
    fc.property(fc.integer({ min: 20_000, max: 90_000_000 }), fc.array(step, { maxLength: 60 }), (from, steps) => {
      const memory = new RegisterMemory()
      expect(memory.settle(1, from, AT)).toEqual({ value: from, mended: false })
      let meant = from
      steps.forEach(({ Wh, slip }, index) => {
        meant += Wh
        const { value, mended } = memory.settle(1, meant * slip, AT + (index + 1) * 60_000)
        expect(Math.abs(value - meant)).toBeLessThan(0.01)
        expect(mended).toBe(slip !== 1)
      })
    }),
  )
})

it('another counter begins anew, and connectors do not disturb each other', () => {
  const memory = new RegisterMemory()
  memory.settle(1, 500_000, AT)
  expect(memory.settle(2, 30, AT)).toEqual({ value: 30, mended: false })
  expect(memory.settle(1, 12, AT + 60_000)).toEqual({ value: 12, mended: false })
  expect(memory.settle(1, 40, AT + 120_000)).toEqual({ value: 40, mended: false })
})

it('knows where a transaction ran once a sample said so', () => {
  const memory = new RegisterMemory()
  memory.ran(null, 1)
  memory.ran('17', 2)
  expect([memory.evseOf('17'), memory.evseOf('18')]).toEqual([2, null])
})
