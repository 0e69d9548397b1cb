import { describe, expect, test } from 'vitest'
import type { BayView } from '../../projections/bay-view.ts'
import { viewOf } from '../../projections/view-of-bay.ts'
import { replaysTheSame } from '../../simulations/rereading.ts'
import { ONE_BAY, Scene } from '../../simulations/toy-scene.ts'

// What a person saw who used berth for the first time.

const shown = (scene: Scene, bayId = 'bay-1'): BayView => {
  const host = scene.site.site.hosts.get(bayId)
  if (!host) throw new Error(`no ${bayId}`)
  const [state = '', detail = state] = scene.state(bayId).split('.')
  return viewOf({ bay: host.bay, state, detail, standing: host.committed.standing, timers: host.timers, alarms: [] })
}
const seconds = (scene: Scene, by: string | null): number | null =>
  by === null ? null : Math.round((Date.parse(by) - scene.site.clock.now()) / 1000)

describe('each contradiction is shown, timed and resolved by rule', () => {
  test('a plug in a bay that the camera sees empty, until a vehicle is seen', async () => {
    const scene = await Scene.open(ONE_BAY)
    await scene.watch(2)
    await scene.plugsIn()
    expect(shown(scene).contradictions).toMatchObject([{ kind: 'plug-without-vehicle', connector: 'CP-1/1' }])
    scene.stands(null)
    await scene.watch(2)
    expect(shown(scene).contradictions).toEqual([])
    expect(scene.decided('ContradictionResolved')).toMatchObject([{ kind: 'plug-without-vehicle', by: 'vehicle-seen' }])
    await replaysTheSame(scene.site)
  })

  test('a plug in a bay that the camera sees empty, until the cable is out', async () => {
    const scene = await Scene.open(ONE_BAY)
    await scene.watch(2)
    await scene.plugsIn()
    await scene.watch(5)
    await scene.unplugs()
    expect(scene.decided('ContradictionResolved')).toMatchObject([
      { kind: 'plug-without-vehicle', by: 'cable-out', lasted_s: 5 },
    ])
  })

  test('Available with an open transaction, until it says otherwise, or the transaction is proven dead', async () => {
    const scene = await Scene.open(ONE_BAY)
    await scene.registersCard('CARD1', 'acc-1')
    scene.stands(null)
    await scene.watch(2)
    const transactionId = await scene.charges({ idToken: 'CARD1' })
    await scene.says('Available')
    expect(shown(scene).contradictions).toMatchObject([{ kind: 'available-with-transaction', connector: 'CP-1/1' }])
    await scene.says('Charging')
    expect(shown(scene).contradictions).toEqual([])
    await scene.draws(0, 1200, { transactionId })
    await scene.draws(0, 1200, { transactionId })
    await scene.says('Available')
    await scene.watch(61)
    await scene.says('Available')
    expect(scene.decided('ContradictionResolved')).toMatchObject([
      { kind: 'available-with-transaction', by: 'other-status' },
      { kind: 'available-with-transaction', by: 'transaction-ended' },
    ])
    expect(scene.decided('ContradictionNoticed')).toMatchObject([{ transactionId }, { transactionId }])
    await replaysTheSame(scene.site)
  })

  test('whatever stands when the visit ends is resolved by its end', async () => {
    const scene = await Scene.open(ONE_BAY)
    await scene.registersCard('CARD1', 'acc-1')
    scene.stands(null)
    await scene.watch(2)
    await scene.charges({ idToken: 'CARD1' })
    scene.gone()
    await scene.watch(32)
    expect(shown(scene).contradictions).toMatchObject([{ kind: 'camera-empty' }])
    await scene.offline()
    await scene.watch(310)
    expect(scene.state()).toBe('vacant')
    expect(scene.decided('ContradictionResolved')).toMatchObject([{ kind: 'camera-empty', by: 'exit-unconfirmed' }])
  })
})

describe('next is the deadline that changes this bay, by name', () => {
  test('a vehicle that stands without charging: the window, and beside it when the bay is told to be blocked', async () => {
    const scene = await Scene.open(ONE_BAY)
    await scene.registers('AB12CDE', 'acc-1')
    await scene.arrives('AB12CDE')
    const { next } = shown(scene)
    expect(next.what).toBe('the time to plug in is over: card and QR remain')
    expect(seconds(scene, next.by)).toBeGreaterThan(110)
    expect(next.others.map(({ what }) => what)).toEqual([
      'no sign of the vehicle for long enough: the visit ends',
      'vehicle does not charge',
    ])
  })

  test('a bay with a charge point that is away and a car that waits for a card: when the visit ends, not when somebody is told', async () => {
    const scene = await Scene.open(ONE_BAY)
    scene.stands(null)
    await scene.watch(12)
    expect(scene.state()).toBe('authorizing.fallback')
    await scene.offline()
    const { next } = shown(scene)
    expect(next.what).toBe('no sign of the vehicle for long enough: the visit ends')
    expect(next.others.map(({ what }) => what)).toEqual(['charge point away', 'vehicle does not charge'])
  })

  test('a charging bay: nothing changes it by itself, and what is awaited of the meter stands beside it', async () => {
    const scene = await Scene.open(ONE_BAY)
    await scene.registersCard('CARD1', 'acc-1')
    scene.stands(null)
    await scene.watch(2)
    await scene.charges({ idToken: 'CARD1' })
    expect(shown(scene).next).toMatchObject({ by: null, what: null, others: [{ what: 'meter values expected' }] })
  })

  test('a car that left a charging bay: the contradiction, then nothing', async () => {
    const scene = await Scene.open(ONE_BAY)
    await scene.registersCard('CARD1', 'acc-1')
    scene.stands(null)
    await scene.watch(2)
    await scene.charges({ idToken: 'CARD1' })
    scene.gone()
    await scene.watch(5)
    expect(shown(scene).next.what).toMatch(/contradict each other/)
  })
})

test('a clock that is set forward makes what has come due happen at the next look, not when the old clock would have', async () => {
  const scene = await Scene.open(ONE_BAY)
  scene.stands(null)
  await scene.watch(2)
  expect(scene.state()).not.toBe('vacant')
  const { clock, site } = scene.site
  const { now } = clock
  clock.now = () => now() + 1_200_000
  site.tick()
  await clock.settle()
  expect(scene.state()).toBe('vacant')
})
