import { describe, expect, it } from 'vitest'
import { replaysTheSame } from '../../../simulations/rereading.ts'
import { TOY_FAMILIES, toyHabits } from '../../../simulations/toy-habits.ts'
import { ToyCable } from './toy-cable.ts'

const registerOf = (cable: ToyCable): number => cable.toy.connectors[0]?.register_Wh ?? 0

describe('a toy of each family, under the profile that knows it', () => {
  for (const [profile, habits] of Object.entries(TOY_FAMILIES))
    it(`${profile}: the vehicle is started, locked to its payer while it draws, billed what it drew, and the bay is free again`, async () => {
      const cable = await ToyCable.open(profile, habits)
      const { scene } = cable
      await scene.arrives()
      cable.plug()
      await scene.passes(30)
      const before = registerOf(cable)
      await scene.passes(300)
      expect([scene.locked(), scene.payer()]).toEqual([true, 'acc-1'])
      expect(scene.connector().flow.drawing).toBe(true)
      expect(registerOf(cable)).toBeGreaterThan(before + 250)
      expect(scene.quarrels()).toEqual([])
      cable.unplug()
      // Without a cable nobody waits for minutes of silence.
      await scene.passes(70)
      expect(scene.locked()).toBe(false)
      await scene.leaves()
      expect(scene.state()).toBe('vacant')
      const [bill, ...more] = scene.bills()
      expect(more).toEqual([])
      expect(bill).toMatchObject({ accountId: 'acc-1' })
      // Where no stop comes the last sample is the bill.
      const least = habits.stopId === 'none' ? 0.75 : 0.98
      const drawn = registerOf(cable) - 1_000
      expect(Number(bill?.['energy_Wh']) / drawn).toBeGreaterThan(least)
      expect(Number(bill?.['energy_Wh'])).toBeLessThanOrEqual(drawn + 1)
      await replaysTheSame(scene.site)
    })

  it('a box that gives up on its plug and accepts starts that it forgets: the driver is told to re-plug, and the re-plug charges', async () => {
    const cable = await ToyCable.open('en-plus', toyHabits(TOY_FAMILIES['en-plus']))
    const { scene } = cable
    cable.plug()
    await scene.passes(30)
    await scene.arrives()
    expect(scene.told().at(-1)).toBe('re-plug (rejected)')
    expect(scene.sent('RemoteStartTransaction')).toEqual([])
    cable.unplug()
    await scene.passes(5)
    cable.plug()
    await scene.passes(20)
    expect([scene.locked(), scene.payer()]).toEqual([true, 'acc-1'])
  })

  it('the same box under the default profile: its yes is believed, and the driver waits for nothing', async () => {
    const cable = await ToyCable.open('default', toyHabits(TOY_FAMILIES['en-plus']))
    const { scene } = cable
    cable.plug()
    await scene.passes(30)
    await scene.arrives()
    await scene.passes(20)
    expect(scene.sent('RemoteStartTransaction')).toHaveLength(1)
    expect(scene.locked()).toBe(false)
  })

  it('a box that cuts tokens under the default profile: its start is nobody’s, and the shorter token is proposed', async () => {
    const cable = await ToyCable.open('default', toyHabits(TOY_FAMILIES['short-token']))
    const { scene } = cable
    await scene.arrives()
    cable.plug()
    await scene.passes(30)
    expect(scene.payer()).toBe('acc-1')
    expect(scene.sent('RemoteStopTransaction').length + scene.decided('TransactionEnded').length).toBeGreaterThan(0)
    expect(scene.facts('trait.proposed')).toMatchObject([{ cause: { trait: 'tokenLength', profile: 'short-token' } }])
  })
})
