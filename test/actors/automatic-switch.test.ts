import { expect, test } from 'vitest'
import { AutomaticSwitch } from '../../actors/automatic-switch.ts'
import { Scene, TWO_BAYS } from '../../simulations/toy-scene.ts'

/** A site with its switch, which has heard everything so far; `hears` again where it shall. */
async function opens(): Promise<{ scene: Scene; automatic: AutomaticSwitch; hears: () => void }> {
  const scene = await Scene.open(TWO_BAYS)
  let named = 0
  const automatic = new AutomaticSwitch(() => scene.site.site, { next: (kind) => `${kind}-of-the-switch-${++named}` })
  let heard = 0
  const hears = (): void => {
    for (; heard < scene.site.journal.records.length; heard += 1) {
      const record = scene.site.journal.records[heard]
      if (record) automatic.hear(record)
    }
  }
  hears()
  return { scene, automatic, hears }
}

/** Waits for what the toy clock must let happen. */
async function settled<T>(scene: Scene, work: Promise<T>): Promise<T> {
  work.catch(() => {})
  await scene.passes(1)
  return work
}

const OFF = { id: 's-1', on: false, by: 'the supervisor', reason: null }
const automaticOf = ({ site }: Scene) => ['bay-1', 'bay-2'].map((bayId) => site.bay(bayId)?.automatic)

test('an order is one append: the site’s own record first, then every bay’s; a bay that is so already is not told again', async () => {
  const { scene, automatic, hears } = await opens()
  const before = scene.site.journal.appends
  await settled(scene, automatic.order(OFF))
  expect(scene.site.journal.appends).toBe(before + 1)
  hears()
  expect(automatic.state).toMatchObject({ on: false, by: 'the supervisor' })
  const length = scene.site.journal.records.length
  await settled(scene, automatic.order({ ...OFF, id: 's-2' }))
  expect(scene.site.journal.records.slice(length).map(({ cause }) => cause.type)).toEqual(['switch.ordered'])
})

test('an order that cannot be written turns nothing, and may be sent again with its id', async () => {
  const { scene, automatic, hears } = await opens()
  scene.site.journal.failing = true
  await expect(settled(scene, automatic.order(OFF))).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' })
  expect(automaticOf(scene)).toEqual([true, true])
  scene.site.journal.failing = false
  await settled(scene, automatic.order(OFF))
  hears()
  expect(automaticOf(scene)).toEqual([false, false])
  expect(automatic.state.on).toBe(false)
})

test('a bay that never heard of the order is told when the site begins, by the record of the site', async () => {
  const { scene, automatic, hears } = await opens()
  const order = { type: 'switch.ordered', id: 's-1', source: 'operator', automatic: false, by: 'the supervisor' }
  await settled(scene, scene.site.site.write([{ stream: 'site', cause: order, decisions: [], personal: {} }]))
  hears()
  expect(automaticOf(scene)).toEqual([true, true])
  await settled(scene, automatic.begin())
  expect(automaticOf(scene)).toEqual([false, false])
})

test('a switch that nobody ever turned tells nobody anything', async () => {
  const { scene, automatic } = await opens()
  const length = scene.site.journal.records.length
  await settled(scene, automatic.begin())
  expect(automatic.state).toEqual({ on: true, since: null, by: null })
  expect(scene.site.journal.records).toHaveLength(length)
})

test('what charges goes on when the switch goes off, and a start that was accepted waits for its plug', async () => {
  const { scene, automatic } = await opens()
  await scene.registers('AB12CDE', 'acc-1')
  await scene.registers('XY99ZZT', 'acc-2')
  await scene.arrives('AB12CDE', 'bay-1')
  await scene.charges()
  await scene.arrives('XY99ZZT', 'bay-2')
  const token = scene.token()
  await settled(scene, automatic.order(OFF))
  expect(scene.state('bay-1')).toBe('charging-locked.charging')
  expect(scene.state('bay-2')).toBe('authorizing.awaiting-plug')
  await scene.plugsIn('CP-2/1')
  expect((await scene.begins({ idToken: token, connector: 'CP-2/1' })).status).toBe('accepted')
  expect(scene.orders('start')).toBe(2)
})
