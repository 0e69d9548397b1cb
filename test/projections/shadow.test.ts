import { describe, expect, test } from 'vitest'
import { fold } from '../../machines/plate.ts'
import { Scene } from '../../simulations/toy-scene.ts'
import { seen, visits, watching } from './watched-scene.ts'

describe('one visit that berth only watched', () => {
  test('the card of the account that berth would have started for: right', async () => {
    const scene = await watching()
    await visits(scene, 'AB12CDE', 'CARD1')
    expect(seen(scene)).toMatchObject([
      { bayId: 'bay-1', outcome: 'right', proposed: 'acc-1', told: { by: 'card', accountId: 'acc-1' }, why: null },
    ])
    expect(seen(scene)[0]).toMatchObject({ charged: true, plugged: true, cameras: ['cam-1'] })
    expect(scene.orders('start')).toBe(0)
  })

  test('another account’s card: wrong, and it says which record to look at', async () => {
    const scene = await watching()
    await visits(scene, 'AB12CDE', 'CARD2')
    const [visit] = seen(scene)
    expect(visit).toMatchObject({ outcome: 'wrong', proposed: 'acc-1', told: { accountId: 'acc-2' } })
    const opening = scene.site.journal.records.find((record) => record.seq === visit?.seq)
    expect(opening?.decisions).toMatchObject([{ type: 'VisitOpened', visitId: visit?.visitId }])
  })

  test.each([
    ['a plate that nobody registered', 'ZZ99ZZZ', 'the plate is not registered'],
    ['a plate that cannot be read', null, 'no plate was read'],
  ])('a charge by card that berth would not have started: missed, with why (%s)', async (_what, plate, why) => {
    const scene = await watching()
    await visits(scene, plate, 'CARD1')
    expect(seen(scene)).toMatchObject([{ outcome: 'missed', proposed: null, why }])
  })

  test('a card that is faster than the cameras: missed, and the vehicle is known all the same', async () => {
    const scene = await watching()
    await scene.plugsIn()
    await scene.taps('CARD1')
    const { transactionId } = await scene.begins({ idToken: 'CARD1' })
    await scene.arrives('AB12CDE')
    await scene.ends(transactionId, 1600)
    await scene.unplugs()
    await scene.leaves()
    const vehicle = scene.site.keys.findVehicle(fold('AB12CDE'))
    expect(seen(scene)).toMatchObject([
      { outcome: 'missed', vehicle, why: 'the card came before the plate was agreed on', cameras: ['cam-1'] },
    ])
  })

  test('a start that waits for a person’s word, since the reads fit two accounts, is none that berth would have made', async () => {
    const scene = await watching()
    await scene.registers('XY99ZZT', 'acc-2')
    for (const plate of ['AB12CDE', 'XY99ZZT', 'AB12CDE', 'XY99ZZT']) await scene.arrives(plate, 'bay-1', 1)
    await scene.taps('CARD1')
    await scene.plugsIn()
    const { transactionId } = await scene.begins({ idToken: 'CARD1' })
    await scene.ends(transactionId, 1600)
    await scene.unplugs()
    await scene.leaves()
    expect(seen(scene)).toMatchObject([{ outcome: 'missed', proposed: null, why: 'a person must confirm it' }])
  })

  test('a parked vehicle and no card: nobody asked for that start, and it says whether a cable was in', async () => {
    const scene = await watching()
    await visits(scene, 'AB12CDE', null)
    expect(seen(scene)).toMatchObject([{ outcome: 'unasked', proposed: 'acc-1', plugged: false, told: null }])
    await scene.arrives('AB12CDE')
    await scene.plugsIn()
    await scene.watch(20)
    await scene.unplugs()
    await scene.leaves()
    expect(seen(scene)[1]).toMatchObject({ outcome: 'unasked', plugged: true, charged: false })
  })

  test('a card that the register does not know, and a vehicle that only parks', async () => {
    const scene = await watching()
    await scene.arrives('ZZ99ZZZ')
    await scene.taps('CARD9')
    await scene.watch(3)
    await scene.leaves()
    await visits(scene, 'ZZ99ZZZ', null)
    expect(seen(scene).map((visit) => visit.outcome)).toEqual(['unknown-card', 'nothing'])
  })

  test('in suggest a person who lets what berth proposes has seen it: confirmed, which is not right', async () => {
    const scene = await watching('suggest')
    await scene.arrives('AB12CDE')
    expect(scene.orders('start')).toBe(0)
    await scene.operator('bay-1', 'authorize', { accountId: 'acc-1' })
    expect(scene.orders('start')).toBe(1)
    const transactionId = await scene.charges()
    await scene.ends(transactionId, 1600)
    await scene.unplugs()
    await scene.leaves()
    expect(seen(scene)).toMatchObject([{ outcome: 'confirmed', told: { by: 'person', accountId: 'acc-1' } }])
  })

  test('a bay that acts by itself is not watched, and one is from the visit after it was told to watch', async () => {
    const scene = await watching('act')
    await scene.arrives('AB12CDE')
    const transactionId = await scene.charges()
    await scene.operator('bay-1', 'autonomy', { level: 'observe' })
    await scene.ends(transactionId, 1600)
    await scene.unplugs()
    await scene.leaves()
    expect(seen(scene)).toEqual([])
    await visits(scene, 'AB12CDE', 'CARD1')
    expect(seen(scene)).toMatchObject([{ outcome: 'right' }])
  })

  test('a bay that begins to act in the middle of a visit and starts it is not judged by that visit', async () => {
    const scene = await watching()
    await scene.arrives(null)
    await scene.operator('bay-1', 'autonomy', { level: 'act' })
    await scene.arrives('AB12CDE')
    expect(scene.orders('start')).toBe(1)
    await scene.leaves()
    expect(scene.decided('VisitEnded')).toHaveLength(1)
    expect(seen(scene)).toEqual([])
  })

  test('while the site’s switch is off every bay is watched, whatever its level', async () => {
    const scene = await watching('act')
    const off = { type: 'switch.turned', source: 'site', automatic: false, by: 'the supervisor', reason: null } as const
    await scene.site.tells('bay-1', { ...off, id: 'off' })
    await visits(scene, 'AB12CDE', 'CARD1')
    await scene.site.tells('bay-1', { ...off, id: 'on', automatic: true })
    await scene.arrives('AB12CDE')
    await scene.leaves()
    expect(seen(scene)).toMatchObject([{ outcome: 'right' }])
  })

  test('a start rests on the camera that agreed on the plate, a missed one on all that read something', async () => {
    const bays = [{ bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1 }], cameras: ['cam-1', 'cam-2'] }]
    const scene = await Scene.open({ bays, policy: { autonomy: 'observe' } })
    await scene.registers('AB12CDE', 'acc-1')
    await scene.registersCard('CARD1', 'acc-1')
    for (const frames of [3, 1]) {
      await scene.site.camera('cam-2', { plates: [{ bayId: 'bay-1', plate: 'AB12CDE' }], occupied: ['bay-1'] })
      await scene.arrives('AB12CDE', 'bay-1', frames)
      await scene.taps('CARD1')
      await scene.plugsIn()
      const { transactionId } = await scene.begins({ idToken: 'CARD1' })
      await scene.ends(transactionId, 1600)
      await scene.unplugs()
      await scene.site.camera('cam-2', { occupied: [] })
      await scene.leaves()
      await scene.passes(400)
    }
    expect(seen(scene).map(({ outcome, cameras }) => [outcome, [...cameras].sort()])).toEqual([
      ['right', ['cam-1']],
      ['missed', ['cam-1', 'cam-2']],
    ])
  })

  test('a card that is shown and charges nothing misses nothing', async () => {
    const scene = await watching()
    await scene.arrives('ZZ99ZZZ')
    await scene.taps('CARD1')
    await scene.leaves()
    expect(seen(scene)).toMatchObject([{ outcome: 'nothing', told: { accountId: 'acc-1' }, charged: false }])
  })

  test('where the cameras agreed on two plates in one visit, it says nothing of either vehicle', async () => {
    const scene = await watching()
    await scene.taps('CARD1')
    await scene.plugsIn()
    const { transactionId } = await scene.begins({ idToken: 'CARD1' })
    await scene.arrives('ZZ99ZZZ')
    await scene.watch(10)
    await scene.arrives('KX71ZZT')
    await scene.watch(10)
    await scene.ends(transactionId, 1600)
    await scene.unplugs()
    await scene.leaves()
    const agreed = scene.site.journal.records.filter(({ cause }) => cause.type === 'plate.agreed')
    expect(new Set(agreed.map(({ cause }) => cause['leader'])).size).toBe(2)
    expect(seen(scene)).toMatchObject([{ vehicle: null, outcome: 'missed' }])
  })
})
