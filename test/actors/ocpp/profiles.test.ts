import { describe, expect, it } from 'vitest'
import {
  DEFAULT_PROFILE,
  FAMILIES,
  familiesLike,
  PROFILES,
  profileNamed,
  unknownProfiles,
} from '../../../actors/ocpp/profiles/default.ts'
import { departs, FrameScene, type Sampled, started, Wh } from './frame-scene.ts'

describe('the list of profiles', () => {
  it('keeps the names that site files know, and puts several together', () => {
    for (const name of ['default', 'export-current', 'short-token', 'start-on-plug'])
      expect(PROFILES[name]?.name).toBe(name)
    expect(profileNamed('export-current + start-on-plug')).toEqual({
      ...DEFAULT_PROFILE,
      name: 'export-current+start-on-plug',
      currentFrom: 'export',
      startOn: 'plug',
    })
    expect(profileNamed('export-current+acme')).toBeNull()
    expect(unknownProfiles('acme + export-current + nobody')).toEqual(['acme', 'nobody'])
  })

  it('has each name once, and every family says where it was seen and differs from the default only where it says so', () => {
    const names = FAMILIES.map((family) => family.name)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, because, traits } of FAMILIES) {
      expect(because.length, name).toBeGreaterThan(10)
      for (const [trait, value] of Object.entries(traits))
        expect(value, `${name} ${trait}`).not.toEqual(DEFAULT_PROFILE[trait as keyof typeof DEFAULT_PROFILE])
      const tokens = PROFILES[name]?.tokenLength ?? 0
      expect(tokens >= 14 && tokens <= 20, name).toBe(true)
    }
  })

  it('boot words suggest a family and no other', () => {
    const like = (vendor: string, model: string): string[] => familiesLike(vendor, model).map(({ name }) => name)
    expect(like('United Chargers', 'Grizzl-E Smart')).toEqual(['grizzl-e'])
    expect(like('Wall Box Chargers', 'PLP1-M-2-4')).toEqual(['wallbox-pulsar'])
    expect(like('Wall Box Chargers', 'PLP1-0-2-4')).toEqual([])
    expect(like('EN+', 'AC7000')).toEqual(['en-plus'])
    expect(like('Toy', 'plain')).toEqual([])
  })
})

describe('what each family measures, by its own messages', () => {
  it('Grizzl-E: exported current locks and draws, SuspendedEVSE meanwhile is no pause and no quarrel', async () => {
    const { scene, id } = await started('grizzl-e', 5_003)
    await scene.says('SuspendedEVSE')
    await scene.meters(
      300,
      (s) => [
        ['Current.Export', '28.00'],
        ['Energy.Active.Import.Register', Wh(5_003, 28, s), { phase: 'L1-N' }],
      ],
      id,
    )
    expect(scene.state()).toBe('charging-locked.charging')
    expect(scene.connector().flow).toMatchObject({ drawing: true, current_A: 28, withheldBy: null })
    expect([scene.quarrels(), scene.decided('DrawPaused')]).toEqual([[], []])
    await scene.redials()
    await scene.says('Preparing')
    expect(scene.locked()).toBe(true)
    expect(scene.sent('RemoteStartTransaction')).toHaveLength(1)
    await scene.ends(id, 5_600, { reason: 'EVDisconnected' })
    await departs(scene)
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 597, idle_s: 0 }])
  })

  it('Grizzl-E: nothing is sent after SuspendedEV, so the word itself ends the flow and the vehicle idles', async () => {
    const { scene, id } = await started('grizzl-e', 5_003)
    await scene.says('Charging')
    await scene.meters(60, () => [['Current.Export', '27.79']], id)
    await scene.says('SuspendedEV', { info: 'Charging->SuspendedEV on S2 open' })
    expect(scene.connector().flow).toMatchObject({ drawing: false, current_A: 0 })
    expect(scene.state()).toBe('charging-locked.suspended')
    expect(scene.decided('DrawPaused')).toMatchObject([{ withheldBy: 'vehicle' }])
    await scene.passes(300)
    await scene.says('SuspendedEVSE')
    await scene.measures([['Current.Export', '27.79']], id)
    expect(scene.state()).toBe('charging-locked.charging')
    expect(scene.decided('DrawResumed')).toHaveLength(2)
    await scene.ends(id, 5_500)
    await departs(scene)
    const idle_s = Number(scene.bills()[0]?.['idle_s'])
    expect(idle_s).toBeGreaterThanOrEqual(300)
    expect(idle_s).toBeLessThan(330)
  })

  it('the default profile does not take exported current for flow, and says that register and current disagree', async () => {
    const { scene, id } = await started('default', 5_003)
    await scene.says('Charging')
    const values = (s: number): readonly Sampled[] => [
      ['Current.Import', '0.0'],
      ['Current.Export', '28.00'],
      ['Energy.Active.Import.Register', Wh(5_003, 28, s)],
    ]
    await scene.meters(180, values, id)
    expect(scene.connector().flow.drawing).toBe(false)
    expect(scene.locked()).toBe(true)
    expect(scene.quarrels()).toEqual(['register-runs'])
    expect(scene.alarms()).toContain('signals')
  })

  it('Injet Sonic: the current on N is the flow, although the lines say 0', async () => {
    const { scene, id } = await started('injet-sonic', 7_001)
    await scene.says('Charging')
    await scene.meters(
      180,
      (s) => [
        ['Current.Import', '0.0', { phase: 'L1' }],
        ['Current.Import', '16.2', { phase: 'N' }],
        ['Energy.Active.Import.Register', Wh(7_001, 16.2, s)],
      ],
      id,
    )
    expect(scene.connector().flow).toMatchObject({ drawing: true, current_A: 16.2 })
    expect(scene.quarrels()).toEqual([])
    await scene.ends(id, 7_250, { reason: 'EVDisconnected' })
    await departs(scene)
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 249 }])
  })

  it('Wallbox Pulsar Plus with three phases: is never asked for power, and its phases are the flow', async () => {
    const { scene, id } = await started('wallbox-pulsar', 9_001)
    expect(scene.sent('ChangeConfiguration')).toContainEqual({
      key: 'MeterValuesSampledData',
      value: 'Current.Import,Energy.Active.Import.Register',
    })
    await scene.says('Charging')
    await scene.measures(
      [
        ['Current.Import', '6.1', { phase: 'L1' }],
        ['Current.Import', '6.0', { phase: 'L2' }],
        ['Current.Import', '6.2', { phase: 'L3' }],
        ['Energy.Active.Import.Register', '9.102', { unit: 'kWh' }],
      ],
      id,
    )
    expect(scene.connector().flow).toMatchObject({ drawing: true, current_A: 18.3, power_W: null })
    await scene.ends(id, 9_400, { reason: 'EVDisconnected' })
    await departs(scene)
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 399 }])
  })

  it('Autel MaxiCharger: power without a unit is watts and is trusted; its current counts threefold', async () => {
    const { scene, id } = await started('autel-maxicharger', 3_001)
    await scene.says('Charging')
    await scene.meters(
      120,
      (s) => [
        ['Power.Active.Import', 2_300, { unit: null }],
        ['Current.Import', '3.33', { unit: null }],
        ['Energy.Active.Import.Register', Wh(3_001, 10, s), { unit: null }],
      ],
      id,
    )
    expect(scene.connector().flow).toMatchObject({ drawing: true, current_A: 10, power_W: 2_300 })
    expect(scene.facts('meter.values').at(-1)?.cause['sent_A']).toBe(9.99)
    expect(scene.quarrels()).toEqual([])
    await scene.ends(id, 3_100, { reason: 'EVDisconnected' })
    await departs(scene)
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 99 }])
  })

  it('ABB Terra AC: a register that slips between Wh and kWh is put back, and StartTransaction again is the same one', async () => {
    const scene = await FrameScene.open('abb-terra')
    await scene.arrives()
    await scene.says('Preparing')
    const first = { timestamp: scene.now() }
    const id = await scene.begins(250_000, first)
    await scene.says('Charging')
    const register = (value: string, unit = 'Wh'): readonly Sampled[] => [
      ['Current.Import', '9.57', { phase: 'L1' }],
      ['Energy.Active.Import.Register', value, { unit }],
    ]
    for (const values of [register('250100'), register('250.2'), register('250300', 'kWh'), register('250.4', 'kWh')]) {
      await scene.passes(60)
      await scene.measures(values, id)
    }
    expect(scene.connector().transaction?.last_Wh).toBe(250_400)
    await scene.redials()
    expect(await scene.begins(250_000, first)).toBe(id)
    expect(scene.decided('TransactionOpened')).toHaveLength(1)
    await scene.ends(id, 250_600, { reason: 'EVDisconnected' })
    await departs(scene)
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 600, disputed: null }])
  })

  it('JVH: currents of L2 and L3 and energy by phase are read as they are', async () => {
    const { scene, id } = await started('jvh', 4_001)
    await scene.says('Charging')
    await scene.measures(
      [
        ['Current.Import', '6.0', { phase: 'L2' }],
        ['Current.Import', '6.1', { phase: 'L3' }],
        ['Energy.Active.Import.Register', '2100', { phase: 'L2' }],
        ['Energy.Active.Import.Register', '2000', { phase: 'L3' }],
      ],
      id,
    )
    expect(scene.connector().flow).toMatchObject({ drawing: true, current_A: 12.1 })
    expect(scene.connector().transaction?.last_Wh).toBe(4_100)
    await scene.ends(id, 4_300, { reason: 'EVDisconnected' })
    await departs(scene)
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 299 }])
  })

  it('Enercab: power shows the flow that its one phase of current hides; stops of former days end nothing', async () => {
    const { scene, id } = await started('enercab', 4_001)
    await scene.says('Charging')
    await scene.meters(
      60,
      () => [
        ['Current.Import', '0.0', { phase: 'L2' }],
        ['Power.Active.Import', '1380.0'],
      ],
      id,
    )
    expect(scene.connector().flow).toMatchObject({ drawing: true, current_A: 6 })
    expect(await scene.ends(77, 3_000, { timestamp: '2026-11-19T08:00:00Z' })).toEqual({})
    expect(scene.locked()).toBe(true)
    expect(scene.facts('transaction.ended')).toMatchObject([{ stream: 'site', cause: { known: false } }])
    await scene.ends(id, 4_200, { reason: 'EVDisconnected' })
    await departs(scene)
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 199 }])
  })
})
