import { describe, expect, it } from 'vitest'
import { replaysTheSame } from '../../../simulations/rereading.ts'
import { TOY_PERSONALITIES } from '../../../simulations/toy-habits.ts'
import { STATION_PERSONALITIES, stationHabits } from '../../../simulations/toy-station-habits.ts'
import { type AtTheBay, StationScene } from './station-scene.ts'

const EVERYBODY: readonly (readonly [string, AtTheBay])[] = [
  ['plain 1.6', { habits: TOY_PERSONALITIES.plain }],
  ...Object.values(STATION_PERSONALITIES).map(
    (station) => [`${station.name} ${station.version.slice(4)}`, { station }] as const,
  ),
]
const RESUMES = { station: STATION_PERSONALITIES.newest }

/** Ten amperes for ten minutes. */
const TEN_MINUTES_Wh = Math.round((10 * 230 * 600) / 3_600)

async function finishes(scene: StationScene): Promise<void> {
  scene.unplug()
  await scene.passes(5)
  await scene.leaves()
  expect(scene.state()).toBe('vacant')
  expect(scene.breaches()).toEqual([])
  await replaysTheSame(scene.site)
}

describe.each(EVERYBODY)('a visit at a %s charge point', (_name, who) => {
  it('started by plate before the plug is locked to its payer, stopped from afar, billed whole, and leaves', async () => {
    const scene = await StationScene.open(who)
    await scene.arrives()
    expect(scene.state()).toBe('authorizing.awaiting-plug')
    scene.drive(10)
    scene.plug()
    await scene.passes(600)
    expect([scene.state(), scene.locked(), scene.payer()]).toEqual(['charging-locked.charging', true, 'acc-1'])
    await scene.site.operator('bay-1', 'remote-stop')
    await scene.passes(5)
    expect(scene.transaction()).toBeNull()
    await finishes(scene)
    const [[account, energy] = []] = scene.bills()
    expect(account).toBe('acc-1')
    expect(Math.abs(Number(energy) - TEN_MINUTES_Wh)).toBeLessThan(6)
  })

  it('plugged before its plate is read is started then, and a pulled cable ends it', async () => {
    const scene = await StationScene.open(who)
    scene.drive(10)
    scene.plug()
    await scene.passes(3)
    await scene.arrives()
    await scene.passes(120)
    expect([scene.state(), scene.payer()]).toEqual(['charging-locked.charging', 'acc-1'])
    await finishes(scene)
    expect(scene.bills().map(([account]) => account)).toEqual(['acc-1'])
  })

  it('begun by card belongs to the card, whatever the camera saw before', async () => {
    const scene = await StationScene.open(who)
    scene.plug()
    scene.tap('CARD-7')
    await scene.passes(30)
    expect([scene.locked(), scene.payer()]).toEqual([true, 'acc-7'])
    await scene.arrives()
    expect(scene.payer()).toBe('acc-7')
    await finishes(scene)
    expect(scene.bills().map(([account]) => account)).toEqual(['acc-7'])
  })

  it('by an unknown card is stopped and billed to nobody', async () => {
    const scene = await StationScene.open(who)
    scene.plug()
    scene.tap('STRANGER')
    await scene.passes(60)
    expect(scene.locked()).toBe(false)
    await finishes(scene)
    expect(scene.bills().filter(([account]) => account !== null)).toEqual([])
  })

  it('that loses its connection stays locked, and what was kept is billed when it comes back', async () => {
    const scene = await StationScene.open(who)
    await scene.arrives()
    scene.drive(10)
    scene.plug()
    await scene.passes(60)
    await scene.drops()
    await scene.passes(120)
    expect([scene.state(), scene.locked()]).toEqual(['charging-locked.frozen', true])
    scene.dials()
    await scene.passes(60)
    expect([scene.state(), scene.locked(), scene.payer()]).toEqual(['charging-locked.charging', true, 'acc-1'])
    await scene.drops()
    await scene.passes(300)
    scene.unplug()
    await scene.passes(60)
    scene.dials()
    await scene.passes(10)
    await scene.leaves()
    expect(scene.state()).toBe('vacant')
    const [[account, energy] = []] = scene.bills()
    expect(account).toBe('acc-1')
    expect(Math.abs(Number(energy) - (10 * 230 * 540) / 3_600)).toBeLessThan(6)
    expect(scene.breaches()).toEqual([])
    await replaysTheSame(scene.site)
  })

  it('outlives a restart of berth with its payer and its whole energy', async () => {
    const scene = await StationScene.open(who)
    await scene.arrives()
    scene.drive(10)
    scene.plug()
    await scene.passes(300)
    await scene.restarts()
    await scene.passes(300)
    expect([scene.locked(), scene.payer()]).toEqual([true, 'acc-1'])
    await finishes(scene)
    expect(scene.bills()).toHaveLength(1)
    const [[account, energy] = []] = scene.bills()
    expect(account).toBe('acc-1')
    expect(Number(energy)).toBeGreaterThan(TEN_MINUTES_Wh)
  })
})

describe('a station that boots in a session', () => {
  it('and goes on with it keeps the lock, the payer and one bill', async () => {
    const scene = await StationScene.open(RESUMES)
    await scene.arrives()
    scene.drive(10)
    scene.plug()
    await scene.passes(120)
    await scene.drops()
    await scene.passes(20)
    scene.dials()
    await scene.passes(120)
    expect(scene.sent('GetTransactionStatus')).toContainEqual({ transactionId: 'tx-1' })
    expect([scene.state(), scene.locked(), scene.payer()]).toEqual(['charging-locked.charging', true, 'acc-1'])
    await finishes(scene)
    expect(scene.bills()).toHaveLength(1)
  })

  it('and forgets it says so when it is asked, and the bay is released', async () => {
    const scene = await StationScene.open({ station: stationHabits({ afterLoss: 'boot-forget' }) })
    await scene.arrives()
    scene.drive(10)
    scene.plug()
    await scene.passes(120)
    expect(scene.transaction()).toBe('CP-1/tx-1')
    await scene.drops()
    await scene.passes(20)
    scene.dials()
    await scene.passes(5)
    expect(scene.transaction()).toBeNull()
    await scene.leaves()
    expect(scene.state()).toBe('vacant')
    expect(scene.bills().map(([account]) => account)).toEqual(['acc-1'])
    await replaysTheSame(scene.site)
  })
})

describe('a station whose transactions begin', () => {
  it('with the cable has no transaction for the bay before somebody pays', async () => {
    const scene = await StationScene.open({ station: stationHabits({ startsOn: 'cable' }) })
    scene.drive(10)
    scene.plug()
    await scene.passes(3)
    expect(scene.transaction()).toBeNull()
    await scene.arrives()
    await scene.passes(60)
    expect([scene.transaction(), scene.locked(), scene.payer()]).toEqual(['CP-1/tx-1', true, 'acc-1'])
    await finishes(scene)
    expect(scene.bills().map(([account]) => account)).toEqual(['acc-1'])
  })

  it('with the token is a start that awaits its plug, not a lock', async () => {
    const scene = await StationScene.open({ station: stationHabits({ startsOn: 'token' }) })
    await scene.arrives()
    expect([scene.state(), scene.locked()]).toEqual(['authorizing.awaiting-plug', false])
    scene.drive(10)
    scene.plug()
    await scene.passes(60)
    expect([scene.transaction(), scene.locked(), scene.payer()]).toEqual(['CP-1/tx-1', true, 'acc-1'])
    await finishes(scene)
    expect(scene.bills().map(([account]) => account)).toEqual(['acc-1'])
  })

  it('with the token are their payer’s after a restart of berth before the plug', async () => {
    for (const token of ['own', 'none'] as const) {
      const scene = await StationScene.open({ station: stationHabits({ startsOn: 'token', token }) })
      await scene.arrives()
      await scene.restarts()
      scene.drive(10)
      scene.plug()
      await scene.passes(60)
      expect([scene.transaction(), scene.locked(), scene.payer()]).toEqual(['CP-1/tx-1', true, 'acc-1'])
      await finishes(scene)
      expect(scene.bills().map(([account]) => account)).toEqual(['acc-1'])
    }
  })

  it('with the token of a start whose car leaves without a plug bills nothing and frees the bay', async () => {
    const scene = await StationScene.open({ station: stationHabits({ startsOn: 'token' }) })
    await scene.arrives()
    await scene.leaves()
    await scene.passes(120)
    expect(scene.state()).toBe('vacant')
    expect(scene.bills()).toEqual([])
  })
})
