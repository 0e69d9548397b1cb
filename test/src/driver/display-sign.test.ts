import { expect, test } from 'vitest'
import type { ChargePointDisplays, DisplayOrder } from '../../../actors/ports.ts'
import { Fault } from '../../../machines/faults.ts'
import { systemClock } from '../../../src/clock.ts'
import { DisplaySign } from '../../../src/driver/display-sign.ts'
import { wordFor } from '../../contracts/driver-signs-contract.ts'

const CONNECTORS = [
  { bayId: 'bay-1', evse: 1, shared: false },
  { bayId: 'bay-1', evse: 2, shared: true },
  { bayId: 'bay-2', evse: 2, shared: true },
]

/** The display of CP-1, whose charge point answers what the test says. */
function openSign(answer: (order: DisplayOrder) => Promise<'shown' | 'rejected' | 'unable' | 'none'>) {
  const orders: DisplayOrder[] = []
  const displays: ChargePointDisplays = {
    show: async (order) => {
      orders.push(order)
      return answer(order)
    },
  }
  const sign = new DisplaySign({
    chargePointId: 'CP-1',
    connectors: CONNECTORS,
    language: 'de',
    displays,
    clock: systemClock,
  })
  return { sign, orders }
}

const WORD = wordFor('bay-1', 'plug-in', 'authorized', 1)

test('every connector of the bay shows the word; where two bays share one, the text says whose it is', async () => {
  const { sign, orders } = openSign(async () => 'shown')
  expect(await sign.show(WORD, () => false)).toEqual({ outcome: 'shown' })
  expect(orders.map(({ evse, text, language }) => [evse, language, text])).toEqual([
    [1, 'de', 'Jetzt einstecken'],
    [2, 'de', 'bay-1: Jetzt einstecken'],
  ])
  expect(['bay-1', 'bay-2', 'bay-3'].map((bayId) => sign.serves(bayId))).toEqual([true, true, false])
})

test('a charge point that knows no such call is asked no more, one without a display is not spoken of, and one that rejects a text gets the next one', async () => {
  const unable = openSign(async () => 'unable')
  expect(await unable.sign.show(WORD, () => false)).toMatchObject({
    outcome: 'never',
    says: expect.stringContaining('`display`'),
  })
  expect([unable.orders.length, unable.sign.serves('bay-1')]).toEqual([1, false])
  const bare = openSign(async () => 'none')
  expect(await bare.sign.show(WORD, () => false)).toEqual({ outcome: 'superseded' })
  expect(bare.sign.serves('bay-1')).toBe(true)
  const picky = openSign(async () => 'rejected')
  expect(await picky.sign.show(WORD, () => false)).toMatchObject({ outcome: 'never' })
  expect(picky.sign.serves('bay-1')).toBe(true)
})

test.each([
  [new Fault('CHARGE_POINT_OFFLINE'), 'not-now'],
  [new Fault('CHARGE_POINT_SILENT'), 'not-now'],
  [new Fault('CHARGE_POINT_REFUSED'), 'never'],
  [new Fault('CALL_CANCELLED'), 'superseded'],
  [new Fault('CHARGE_POINT_OFFLINE', { because: 'berth stops' }), 'superseded'],
])('%s means %s', async (fault, outcome) => {
  const { sign } = openSign(async () => Promise.reject(fault))
  expect((await sign.show(WORD, () => false)).outcome).toBe(outcome)
})
