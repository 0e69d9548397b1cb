import { describe, expect, test } from 'vitest'
import { fold } from '../../machines/plate.ts'
import { shadow, type WatchedVisit } from '../../projections/shadow.ts'
import { proposeRows } from '../../projections/shadow-rows.ts'
import { adviceOn, SAMPLE, tallies, tallyOf } from '../../projections/shadow-tally.ts'
import { mostAfterNone, shareOf } from '../../projections/share.ts'
import { folded, visits, watching } from './watched-scene.ts'

/** So many visits of one outcome, told in figures alone. */
const some = (outcome: WatchedVisit['outcome'], count: number, more: Partial<WatchedVisit> = {}): WatchedVisit[] =>
  Array.from({ length: count }, (_, index) => ({
    visitId: `bay-1-${index}`,
    bayId: 'bay-1',
    seq: index + 1,
    openedAt: '2026-11-22T10:00:00.000Z',
    cameras: ['cam-1'],
    vehicle: `veh-${outcome}-${index}`,
    proposed: null,
    told: null,
    charged: true,
    plugged: true,
    outcome,
    why: null,
    ...more,
  }))

describe('what was counted', () => {
  test('shares are of the visits whose payer is known, wrong ones of the starts that can be compared', () => {
    const tally = tallyOf('bay-1', [
      ...some('right', 8),
      ...some('wrong', 1),
      ...some('missed', 3),
      ...some('unasked', 5),
    ])
    expect(tally).toMatchObject({
      visits: 17,
      right: { share: 8 / 12, of: 12 },
      missed: { share: 3 / 12, of: 12 },
      wrong: { share: 1 / 9, of: 9 },
      unaskedPlugged: 5,
    })
  })

  test('a visit counts for its bay and for each camera that it rests on, in the order of their numbers', () => {
    const visits = [
      ...some('right', 2, { bayId: 'bay-10', cameras: ['cam-1', 'cam-2'] }),
      ...some('right', 1, { bayId: 'bay-2' }),
    ]
    expect(tallies(visits, (visit) => [visit.bayId]).map(({ name, visits }) => [name, visits])).toEqual([
      ['bay-2', 1],
      ['bay-10', 2],
    ])
    expect(tallies(visits, (visit) => visit.cameras).map(({ name, visits }) => [name, visits])).toEqual([
      ['cam-1', 3],
      ['cam-2', 2],
    ])
  })

  test('intervals are Wilson’s, and none of so few says little', () => {
    const { low, high } = shareOf(8, 10)
    expect(low).toBeCloseTo(0.4902, 3)
    expect(high).toBeCloseTo(0.9433, 3)
    expect(shareOf(0, 0)).toEqual({ share: 0, low: 0, high: 1, of: 0 })
    expect(shareOf(10, 10).high).toBe(1)
    expect(mostAfterNone(60)).toBeCloseTo(0.0487, 3)
    expect(mostAfterNone(0)).toBe(1)
  })

  test('act is advised after enough starts without a wrong one, and never after a wrong one', () => {
    const advice = (...visits: WatchedVisit[]) => adviceOn(tallyOf('bay-1', visits))
    expect(advice(...some('right', SAMPLE))).toMatchObject({ act: true, says: expect.stringContaining('4.9 %') })
    const few = advice(...some('right', 14), ...some('missed', 100))
    expect(few.act).toBe(false)
    expect(few.says).toContain('14 starts compared')
    expect(few.says).toContain(`at least ${SAMPLE}`)
    // Whoever confirms has seen the proposal; and one commuter says nothing of the plates of others.
    expect(advice(...some('confirmed', 500)).act).toBe(false)
    const commuters = [...some('right', 300, { vehicle: 'veh-1' }), ...some('right', SAMPLE - 6)]
    expect(advice(...commuters)).toMatchObject({ act: false, says: expect.stringContaining(`${SAMPLE - 1} starts`) })
    expect(advice(...commuters, ...some('right', 1, { vehicle: 'veh-2' })).act).toBe(true)
    const wrong = advice(...some('right', 500), ...some('wrong', 1, { seq: 77 }))
    expect(wrong).toMatchObject({ act: false, says: expect.stringContaining('record 77') })
  })
})

describe('rows that the register could hold', () => {
  const paid = (vehicle: string | null, accountId: string, count = 1) =>
    some('missed', count, { vehicle, told: { by: 'card', accountId } })

  test('a vehicle that charged twice with one account’s card is proposed; once, or by a person’s word, is not enough', () => {
    const { register } = shadow.start()
    const visits = [
      ...paid('veh-1', 'acc-1', 2),
      ...paid('veh-2', 'acc-1'),
      ...some('right', 2, { vehicle: 'veh-3', told: { by: 'person', accountId: 'acc-1' } }),
      ...paid(null, 'acc-1', 2),
      ...some('nothing', 2, { vehicle: 'veh-4', told: { by: 'card', accountId: 'acc-1' }, charged: false }),
    ]
    expect(proposeRows(visits, register)).toEqual({
      rows: [{ vehicle: 'veh-1', accountId: 'acc-1', visits: 2 }],
      contradicted: [],
    })
  })

  test('a vehicle that charged with two accounts’ cards, or is another’s by the register, is named as a contradiction', async () => {
    const scene = await watching()
    const { register } = folded(scene)
    const known = scene.site.keys.vehicle(fold('AB12CDE'))
    const visits = [
      ...paid('veh-1', 'acc-1', 5),
      ...paid('veh-1', 'acc-2'),
      ...paid(known, 'acc-2', 2),
      ...paid('veh-9', 'acc-2', 2),
    ]
    expect(proposeRows(visits, register)).toEqual({
      rows: [{ vehicle: 'veh-9', accountId: 'acc-2', visits: 2 }],
      contradicted: [
        { vehicle: 'veh-1', accounts: ['acc-1', 'acc-2'] },
        { vehicle: known, accounts: ['acc-1', 'acc-2'] },
      ],
    })
    expect(proposeRows(paid(known, 'acc-1', 3), register).rows).toEqual([])
  })

  test('a whole week says it: the vehicle that nobody registered and its card', async () => {
    const scene = await watching()
    await visits(scene, 'ZZ99ZZZ', 'CARD2')
    await visits(scene, 'ZZ99ZZZ', 'CARD2')
    const told = folded(scene)
    expect(told.visits.map((visit) => visit.why)).toEqual([
      'the plate is not registered',
      'the plate is not registered',
    ])
    const vehicle = scene.site.keys.findVehicle(fold('ZZ99ZZZ'))
    expect(proposeRows(told.visits, told.register).rows).toMatchObject([{ vehicle, accountId: 'acc-2', visits: 2 }])
  })
})
