import { describe, expect, it } from 'vitest'
import { replaysTheSame } from '../../../simulations/rereading.ts'
import { FrameScene, type Sampled } from './frame-scene.ts'

/** A charge of the registered vehicle has begun, with the register at 5,003 Wh. */
async function charging(profile: string): Promise<{ scene: FrameScene; id: number }> {
  const scene = await FrameScene.open(profile)
  await scene.arrives()
  await scene.says('Preparing')
  const id = await scene.begins(5_003)
  await scene.says('Charging')
  return { scene, id }
}

const amps = (value: number): Sampled => ['Current.Import', value.toFixed(2)]
const register = (Wh: number): Sampled => ['Energy.Active.Import.Register', Wh.toFixed(1)]
const rising = (current_A: number, from: number, passed_s: number): Sampled =>
  register(from + (current_A * 230 * passed_s) / 3_600)

async function leaves(scene: FrameScene, id: number): Promise<void> {
  await scene.ends(id, 6_000, { reason: 'EVDisconnected' })
  await scene.says('Available')
  await scene.leaves()
  await replaysTheSame(scene.site)
}

describe('E23 a bad lock signal', () => {
  it('noise below on_A is no flow, inside a transaction that keeps the bay locked', async () => {
    const { scene, id } = await charging('default')
    await scene.meters(120, () => [amps(0.019), ['Power.Active.Import', '1.4'], register(5_003)], id)
    expect(scene.connector().flow.drawing).toBe(false)
    expect(scene.locked()).toBe(true)
    await leaves(scene, id)
    expect(scene.locked()).toBe(false)
  })

  it('frozen: the same current and the same register again and again are noticed once, shown, and the lock stays with the trusted signal', async () => {
    const { scene, id } = await charging('default')
    await scene.meters(600, () => [amps(6), register(5_103)], id)
    expect(scene.quarrels()).toEqual(['register-still'])
    expect(scene.quarrels('ContradictionResolved')).toEqual([])
    expect(scene.alarms()).toContain('signals')
    expect([scene.state(), scene.payer()]).toEqual(['charging-locked.charging', 'acc-1'])
    await scene.meters(600, (s) => [amps(6), rising(6, 5_103, s)], id)
    expect(scene.quarrels('ContradictionResolved')).toEqual(['register-still'])
    expect(scene.alarms()).not.toContain('signals')
    await leaves(scene, id)
  })

  it('frozen, where the register is trusted: no flow, the bay stays locked by its transaction, and the frozen current is shown', async () => {
    const { scene, id } = await charging('by-register')
    await scene.meters(300, (s) => [amps(6), rising(6, 5_003, s)], id)
    expect(scene.connector().flow).toMatchObject({ drawing: true, current_A: 6 })
    await scene.meters(600, () => [amps(6), register(5_118)], id)
    expect(scene.connector().flow.drawing).toBe(false)
    expect(scene.quarrels()).toEqual(['register-still'])
    expect(scene.state()).toBe('charging-locked.suspended')
    await leaves(scene, id)
  })

  it('a register that steps by whole kWh is not called frozen', async () => {
    const { scene, id } = await charging('default')
    await scene.meters(900, (s) => [amps(6), register(5_000 + Math.floor((6 * 230 * s) / 3_600 / 1_000) * 1_000)], id)
    expect(scene.quarrels()).toEqual([])
  })

  it('missing: without any samples the transaction alone keeps the bay locked and the payer its own', async () => {
    const { scene, id } = await charging('default')
    await scene.passes(900)
    expect([scene.locked(), scene.payer(), scene.state()]).toEqual([true, 'acc-1', 'charging-locked.suspended'])
    await leaves(scene, id)
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 997 }])
  })

  it('suspended but drawing: shown once where the word is taken as it stands, and over with the next word', async () => {
    const { scene, id } = await charging('default')
    await scene.meters(60, (s) => [amps(6), rising(6, 5_003, s)], id)
    await scene.says('SuspendedEVSE')
    await scene.meters(180, (s) => [amps(6), rising(6, 5_026, s)], id)
    expect(scene.quarrels()).toEqual(['suspended-but-drawing'])
    expect(scene.state()).toBe('charging-locked.charging')
    await scene.says('Charging')
    expect(scene.quarrels('ContradictionResolved')).toEqual(['suspended-but-drawing'])
    expect(scene.alarms()).not.toContain('signals')
    await leaves(scene, id)
  })

  it('suspended but drawing: no quarrel where the family is known to say so', async () => {
    const { scene, id } = await charging('suspended-draws')
    await scene.says('SuspendedEVSE')
    await scene.meters(180, (s) => [amps(6), rising(6, 5_003, s)], id)
    expect(scene.quarrels()).toEqual([])
  })

  it('Charging with nothing flowing for five minutes is shown, and over when something flows', async () => {
    const { scene, id } = await charging('default')
    await scene.meters(240, () => [amps(0), register(5_003)], id)
    expect(scene.quarrels()).toEqual([])
    await scene.meters(180, () => [amps(0), register(5_003)], id)
    expect(scene.quarrels()).toEqual(['charging-but-idle'])
    expect(scene.locked()).toBe(true)
    await scene.meters(20, () => [amps(6), register(5_004)], id)
    expect(scene.quarrels('ContradictionResolved')).toEqual(['charging-but-idle'])
    await leaves(scene, id)
  })

  it('a quarrel ends with its transaction', async () => {
    const { scene, id } = await charging('default')
    await scene.meters(400, () => [amps(6), register(5_103)], id)
    await leaves(scene, id)
    expect([scene.quarrels(), scene.quarrels('ContradictionResolved')]).toEqual([
      ['register-still'],
      ['register-still'],
    ])
    expect(scene.alarms()).not.toContain('signals')
  })
})

describe('the honest signal', () => {
  it('by status: Charging draws and Suspended does not, whatever the meter says', async () => {
    const { scene, id } = await charging('by-status')
    expect(scene.state()).toBe('charging-locked.charging')
    await scene.measures([amps(0)], id)
    expect(scene.connector().flow.drawing).toBe(true)
    await scene.says('SuspendedEV')
    expect(scene.state()).toBe('charging-locked.suspended')
    await scene.passes(60)
    await leaves(scene, id)
    expect(Number(scene.bills()[0]?.['idle_s'])).toBeGreaterThanOrEqual(60)
  })

  it('by transaction: no measured current locks, and none keeps locked', async () => {
    const { scene, id } = await charging('by-transaction')
    await scene.measures([amps(16)], id)
    expect([scene.connector().flow.drawing, scene.connector().flow.current_A]).toEqual([false, 16])
    await scene.ends(id, 5_500, { reason: 'EVDisconnected' })
    await scene.passes(20)
    await scene.measures([amps(16)])
    expect(scene.locked()).toBe(false)
  })

  it('by power: a current of 0 beside 2,300 W is a flow of 10 A, with the sent current kept beside it', async () => {
    const { scene, id } = await charging('by-power')
    await scene.measures([amps(0), ['Power.Active.Import', '2300']], id)
    expect(scene.connector().flow).toMatchObject({ drawing: true, current_A: 10 })
    expect(scene.facts('meter.values').at(-1)?.cause).toMatchObject({ current_A: 10, sent_A: 0 })
  })

  it('kilowatts that are called watts are read as kilowatts', async () => {
    const { scene, id } = await charging('kilowatts+by-power')
    await scene.measures([['Power.Active.Import', '2.3', { unit: 'W' }]], id)
    expect(scene.connector().flow).toMatchObject({ drawing: true, power_W: 2_300, current_A: 10 })
  })
})

describe('E24 the idle clock', () => {
  const idle = async (profile: string, status: string): Promise<number> => {
    const { scene, id } = await charging(profile)
    await scene.meters(60, (s) => [amps(6), rising(6, 5_003, s)], id)
    await scene.says(status)
    await scene.meters(300, () => [amps(0), register(5_026)], id)
    await leaves(scene, id)
    return Number(scene.bills()[0]?.['idle_s'])
  }

  it('runs while the vehicle asks for nothing', async () => {
    expect(await idle('default', 'SuspendedEV')).toBeGreaterThanOrEqual(200)
  })

  it('never runs while the charge point withholds, nor where its word for that says nothing of the flow', async () => {
    expect(await idle('default', 'SuspendedEVSE')).toBe(0)
    expect(await idle('suspended-draws', 'SuspendedEVSE')).toBe(0)
  })

  it('never runs while energy flows, whatever the status says', async () => {
    const { scene, id } = await charging('default')
    await scene.says('SuspendedEV')
    await scene.meters(300, (s) => [amps(6), rising(6, 5_003, s)], id)
    await leaves(scene, id)
    expect(Number(scene.bills()[0]?.['idle_s'])).toBeLessThanOrEqual(15)
  })
})

describe('Autocharge', () => {
  it('a vehicle’s own address after the profile’s prefix is known as Autocharge, and any other token as a card', async () => {
    const scene = await FrameScene.open('autocharge')
    await scene.site.registersCard('VID:0A1B2C3D4E5F', 'acc-2')
    await scene.says('Preparing')
    await scene.begins(5_003, { idTag: 'vid:0A1B2C3D4E5F' })
    expect(scene.facts('transaction.started')[0]?.cause['token']).toMatchObject({ kind: 'card', rank: 'autocharge' })
    expect([scene.locked(), scene.payer()]).toEqual([true, 'acc-2'])
    const plain = await FrameScene.open('autocharge')
    await plain.call('Authorize', { idTag: 'VID:NOT-A-VEHICLE' })
    expect(plain.facts('token.presented')[0]?.cause).not.toHaveProperty('rank')
    const off = await FrameScene.open('default')
    await off.begins(5_003, { idTag: 'VID:0A1B2C3D4E5F' })
    expect(off.facts('transaction.started')[0]?.cause['token']).not.toHaveProperty('rank')
  })
})
