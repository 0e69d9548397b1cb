import { describe, expect, test } from 'vitest'
import { dueRulings, goneRulings, rulePair } from '../../machines/exchange.ts'
import type { Cause } from '../../machines/record.ts'
import { BayLog } from './bay-log.ts'

describe('a pair of bays looks exchanged', () => {
  test('when plugs came in at the other bay three times over a day or more, in both directions; its evidence is named', () => {
    const log = new BayLog(3, 4)
    const seqs = log.exchanged()
    const [ruling] = dueRulings(log.exchange)
    expect(ruling?.cause).toEqual({ type: 'pair.noticed', bays: ['bay-3', 'bay-4'] })
    expect(ruling?.decisions).toEqual([{ type: 'PairLooksExchanged', bays: ['bay-3', 'bay-4'], episodes: seqs }])
    expect(ruling?.effects).toMatchObject([
      { type: 'raise.alarm', alarmId: 'site/exchanged-bay-3-bay-4', alarm: 'exchanged' },
    ])
    expect(ruling?.effects[0]?.['says']).toContain('bay-3 and bay-4 look exchanged: 3 times in 2 days')
    expect(log.settle()).toEqual(['PairLooksExchanged'])
    expect(log.settle()).toEqual([])
  })

  test('not on one day, not after twice, not in one direction only, and not over more than two weeks', () => {
    const oneDay = new BayLog(3, 4)
    for (const [a, b] of [
      [3, 4],
      [4, 3],
      [3, 4],
      [4, 3],
    ] as const)
      oneDay.plugsElsewhere(a, b)
    const twice = new BayLog(3, 4)
    twice.plugsElsewhere(3, 4)
    twice.passes(2)
    twice.plugsElsewhere(4, 3)
    const oneWay = new BayLog(3, 4)
    const seldom = new BayLog(3, 4)
    for (let time = 0; time < 6; time += 1) {
      oneWay.plugsElsewhere(3, 4)
      oneWay.passes(1)
      seldom.plugsElsewhere(time % 2 === 0 ? 3 : 4, time % 2 === 0 ? 4 : 3)
      seldom.passes(8)
    }
    for (const log of [oneDay, twice, oneWay, seldom]) expect(dueRulings(log.exchange)).toEqual([])
  })

  test('not where plugs come right more often: now and then a driver takes the cable of the next bay', () => {
    const log = new BayLog(3, 4)
    for (let visit = 0; visit < 4; visit += 1) log.plugsHere(3)
    log.exchanged()
    expect(dueRulings(log.exchange)).toEqual([])
  })

  test('not where two vehicles wait, the one that waits has its own cable in, or both bays reach the cable', () => {
    const crowded = new BayLog(3, 4, 5)
    const plugged = new BayLog(3, 4)
    const shared = new BayLog()
    for (const bay of [3, 4]) shared.adopts(bay, 'CP-3/1', 'CP-4/1')
    for (const [vehicleAt, plugAt] of [
      [3, 4],
      [4, 3],
      [3, 4],
    ] as const) {
      crowded.waits(5)
      crowded.plugsElsewhere(vehicleAt, plugAt)
      crowded.passes(1)
      plugged.empty(plugAt)
      plugged.status(vehicleAt, 'preparing', undefined, 'detecting')
      plugged.waits(vehicleAt)
      plugged.status(plugAt, 'preparing')
      plugged.status(plugAt, 'available')
      plugged.status(vehicleAt, 'available')
      plugged.empty(vehicleAt)
      plugged.passes(1)
      shared.plugsElsewhere(vehicleAt, plugAt)
      shared.passes(1)
    }
    for (const log of [crowded, plugged, shared]) expect(dueRulings(log.exchange)).toEqual([])
  })

  test.each([
    ['its camera was lost', { type: 'camera.lost', cameraId: 'cam-1' }],
    ['its zone cannot be judged', { type: 'zone.unknown', cameraId: 'cam-1' }],
    ['the site was away', { type: 'site.resumed' }],
  ])('not where the other bay was seen empty and is not any more: %s', (_why, cause) => {
    const log = new BayLog(3, 4)
    for (const [vehicleAt, plugAt] of [
      [3, 4],
      [4, 3],
      [3, 4],
    ] as const) {
      log.empty(plugAt)
      log.write(`bay:bay-${plugAt}`, cause, { state: 'vacant' })
      log.waits(vehicleAt)
      log.status(plugAt, 'preparing')
      log.status(plugAt, 'available')
      log.empty(vehicleAt)
      log.passes(1)
    }
    expect(dueRulings(log.exchange)).toEqual([])
  })

  test('also where both stand there and each one’s card pays at the other', () => {
    const log = new BayLog(3, 4)
    const cards = (bay: number, from: string, to: string, log: BayLog) =>
      log.write(
        `bay:bay-${bay}`,
        { type: 'token.presented' },
        {
          decisions: [
            { type: 'IdentityUpgraded', from: 'plate', fromAccount: from, to: 'card', accountId: to, person: false },
          ],
        },
      )
    for (let day = 0; day < 3; day += 1) {
      cards(3, 'acc-3', 'acc-4', log)
      cards(4, 'acc-4', 'acc-3', log)
      log.passes(1)
    }
    expect(dueRulings(log.exchange)[0]?.decisions[0]?.['episodes']).toHaveLength(6)
    const apart = new BayLog(3, 4)
    for (let day = 0; day < 3; day += 1) {
      cards(3, 'acc-3', 'acc-4', apart)
      apart.passes(1 / 12)
      cards(4, 'acc-4', 'acc-3', apart)
      apart.passes(1)
    }
    expect(dueRulings(apart.exchange)).toEqual([])
    const strangers = new BayLog(3, 4)
    for (let day = 0; day < 3; day += 1) {
      strangers.write(
        'bay:bay-3',
        { type: 'token.presented' },
        { decisions: [{ type: 'IdentityUpgraded', from: 'plate', fromAccount: 'acc-3', accountId: 'acc-9' }] },
      )
      strangers.write(
        'bay:bay-4',
        { type: 'token.presented' },
        { decisions: [{ type: 'IdentityUpgraded', from: 'plate', fromAccount: 'acc-4', accountId: 'acc-3' }] },
      )
      strangers.passes(1)
    }
    expect(dueRulings(strangers.exchange)).toEqual([])
  })

  test('a charge point that says Preparing because of a start says nothing of a cable', () => {
    const log = new BayLog(3, 4)
    const start = (bay: number) =>
      log.write(
        `bay:bay-${bay}`,
        { type: 'authorization.granted' },
        {
          state: 'authorizing',
          effects: [{ id: 'e', type: 'start.charging', chargePointId: `CP-${bay}`, evse: 1, leaves: true }],
        },
      )
    for (const [vehicleAt, plugAt] of [
      [3, 4],
      [4, 3],
      [3, 4],
    ] as const) {
      log.empty(plugAt)
      log.waits(vehicleAt)
      start(vehicleAt)
      log.status(vehicleAt, 'preparing', undefined, 'authorizing')
      log.status(plugAt, 'preparing')
      log.status(plugAt, 'available')
      log.status(vehicleAt, 'available')
      log.empty(vehicleAt)
      log.passes(1)
    }
    expect(log.settle()).toEqual(['PairLooksExchanged'])
  })
})

describe('an exchanged pair is cleared', () => {
  test('when the site file says something new of one of them, and what was seen before is forgotten', () => {
    const log = new BayLog(3, 4)
    log.exchanged()
    log.settle()
    log.adopts(3, 'CP-4/1')
    expect(dueRulings(log.exchange)).toMatchObject([
      {
        cause: { type: 'pair.cleared', bays: ['bay-3', 'bay-4'], why: 'site-file-changed' },
        effects: [{ type: 'clear.alarm', alarmId: 'site/exchanged-bay-3-bay-4' }],
      },
    ])
    expect(log.settle()).toEqual(['PairCleared'])
    log.adopts(4, 'CP-3/1')
    log.plugsElsewhere(3, 4)
    expect(log.settle()).toEqual([])
  })

  test('when three plugs in a row come where the vehicle stands, and not before', () => {
    const log = new BayLog(3, 4)
    log.exchanged()
    log.settle()
    log.plugsHere(3)
    log.plugsHere(4)
    log.plugsElsewhere(4, 3)
    log.plugsHere(3)
    log.plugsHere(4)
    expect(log.settle()).toEqual([])
    log.plugsHere(3)
    expect(log.settle()).toEqual(['PairCleared'])
  })

  test('when the site file names one of them no more', () => {
    const log = new BayLog(3, 4)
    log.exchanged()
    expect(goneRulings(log.exchange, new Set(['bay-3']))).toEqual([])
    log.settle()
    expect(goneRulings(log.exchange, new Set(['bay-3', 'bay-4']))).toEqual([])
    const [ruling] = goneRulings(log.exchange, new Set(['bay-3']))
    expect(ruling?.cause['why']).toBe('bay-gone')
    expect(rulePair(log.exchange, ruling?.cause as Cause)).toEqual(ruling)
  })
})

describe('what was decided is decided again', () => {
  test('whatever came between the decision and its record', () => {
    const log = new BayLog(3, 4)
    const seqs = log.exchanged()
    const [due] = dueRulings(log.exchange)
    log.plugsElsewhere(4, 3)
    log.adopts(4, 'CP-3/1')
    expect(dueRulings(log.exchange)).toEqual([due])
    expect(rulePair(log.exchange, due?.cause as Cause)?.decisions).toEqual([
      { type: 'PairLooksExchanged', bays: ['bay-3', 'bay-4'], episodes: seqs },
    ])
    expect(log.settle()).toEqual(['PairLooksExchanged'])
    expect(log.settle()).toEqual(['PairCleared'])
  })

  test('a notice that follows from nothing decides nothing, and other causes are none of a pair’s', () => {
    const log = new BayLog(3, 4)
    expect(rulePair(log.exchange, { type: 'pair.noticed', bays: ['bay-3', 'bay-4'] })?.decisions).toEqual([])
    log.exchanged()
    expect(
      rulePair(log.exchange, { type: 'pair.cleared', bays: ['bay-3', 'bay-4'], why: 'bay-gone' })?.decisions,
    ).toEqual([])
    expect(rulePair(log.exchange, { type: 'claim.asked' })).toBeNull()
  })
})
