import { describe, expect, it } from 'vitest'
import { replaysTheSame } from '../../../simulations/rereading.ts'
import { departs, FrameScene, started, Wh } from './frame-scene.ts'

describe('the habits of each family, by its own messages', () => {
  it('Easee: minutes in SuspendedEVSE after the start are no failure, no second start and nobody’s idling', async () => {
    const scene = await FrameScene.open('easee')
    await scene.arrives()
    await scene.says('Preparing')
    await scene.says('SuspendedEVSE')
    await scene.passes(90)
    expect(scene.sent('RemoteStartTransaction')).toHaveLength(1)
    const id = await scene.begins(4_001)
    await scene.passes(180)
    expect([scene.locked(), scene.payer(), scene.state()]).toEqual([true, 'acc-1', 'charging-locked.suspended'])
    await scene.says('Charging')
    await scene.measures([['Current.Import', '6.0']], id)
    await scene.ends(id, 4_200, { reason: 'EVDisconnected' })
    await departs(scene)
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 199, idle_s: 0 }])
  })

  it('Zaptec Go 2: meterStart that was never read is none, and Available alone ends the transaction', async () => {
    const { scene, id } = await started('zaptec-go', 2_147_483_647)
    expect(scene.connector().transaction?.first_Wh).toBeNull()
    await scene.says('Charging')
    await scene.measures(
      [
        ['Current.Import', '6.0'],
        ['Energy.Active.Import.Register', '8000'],
      ],
      id,
    )
    await scene.passes(60)
    await scene.measures(
      [
        ['Current.Import', '0.0'],
        ['Energy.Active.Import.Register', '8100'],
      ],
      id,
    )
    await scene.passes(60)
    await scene.measures(
      [
        ['Current.Import', '0.0'],
        ['Energy.Active.Import.Register', '8100'],
      ],
      id,
    )
    await scene.says('Available')
    expect(scene.locked()).toBe(false)
    await scene.leaves()
    expect(scene.state()).toBe('vacant')
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 100, disputed: 'end not reported' }])
    await replaysTheSame(scene.site)
  })

  it('Zaptec Go 2: Available in the middle of a flow is asked once, and the answer ends it; a flow after it does not let go', async () => {
    const { scene, id } = await started('zaptec-go', 8_001)
    await scene.says('Charging')
    await scene.measures([['Current.Import', '6.0']], id)
    const asked = scene.sent('TriggerMessage').length
    await scene.says('Available')
    expect(scene.locked()).toBe(true)
    expect(scene.sent('TriggerMessage').length).toBe(asked + 1)
    await scene.measures([['Current.Import', '6.0']], id)
    await scene.says('Available')
    expect(scene.locked()).toBe(true)
    await scene.passes(65)
    await scene.says('Available')
    expect(scene.locked()).toBe(false)
    await replaysTheSame(scene.site)
  })

  it('Zaptec Go 2: a stop with an id that nobody gave ends the one open transaction; one that is too old does not', async () => {
    const { scene, id } = await started('zaptec-go', 8_001)
    await scene.says('Charging')
    await scene.meters(
      120,
      (s) => [
        ['Current.Import', '6.0'],
        ['Energy.Active.Import.Register', Wh(8_001, 6, s)],
      ],
      id,
    )
    await scene.ends(999, 7_000)
    await scene.ends(998, 8_300, { timestamp: '2026-11-22T08:00:00Z' })
    expect(scene.locked()).toBe(true)
    await scene.ends(999, 8_300, { reason: 'EVDisconnected' })
    expect(scene.locked()).toBe(false)
    expect(scene.facts('transaction.end_attached')).toMatchObject([
      { cause: { said: '999', transactionId: String(id) } },
    ])
    await departs(scene)
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 299, disputed: null }])
  })

  it('EN+: waits for the plug before it starts, and a plug that fell to Finishing is started only after a re-plug', async () => {
    const scene = await FrameScene.open('en-plus')
    await scene.says('Preparing')
    await scene.passes(12)
    await scene.says('Finishing')
    await scene.arrives()
    expect(scene.sent('RemoteStartTransaction')).toEqual([])
    expect(scene.told().at(-1)).toBe('re-plug (rejected)')
    await scene.says('Available')
    await scene.passes(5)
    await scene.says('Preparing')
    expect(scene.sent('RemoteStartTransaction')).toHaveLength(1)
    const id = await scene.begins(6_001)
    await scene.measures([['Current.Import', '6.0']], id)
    expect(scene.payer()).toBe('acc-1')
    await scene.ends(id, 6_200, { reason: 'EVDisconnected' })
    await scene.measures(
      [
        ['Current.Import', '6.0'],
        ['Energy.Active.Import.Register', '6200'],
      ],
      id,
    )
    expect(scene.locked()).toBe(false)
    await departs(scene)
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 199 }])
  })

  it('EN+: the plate comes first, and nothing is sent before the plug', async () => {
    const scene = await FrameScene.open('en-plus')
    await scene.arrives()
    expect(scene.sent('RemoteStartTransaction')).toEqual([])
    expect(scene.told()).toEqual(['plug-in (authorized)'])
    await scene.says('Preparing')
    expect(scene.sent('RemoteStartTransaction')).toHaveLength(1)
  })

  it('EN+: E28 after the end nothing starts from Finishing: a person’s start asks the driver to re-plug', async () => {
    const { scene, id } = await started('en-plus', 6_001)
    await scene.ends(id, 6_200, { reason: 'Local' })
    await scene.says('Finishing')
    expect(scene.state()).toBe('exiting.still-plugged')
    const starts = scene.sent('RemoteStartTransaction').length
    await scene.site.operator('bay-1', 'authorize', { accountId: 'acc-1' })
    expect(scene.told().at(-1)).toBe('re-plug (rejected)')
    expect(scene.sent('RemoteStartTransaction')).toHaveLength(starts)
    expect(scene.counters.read().starts_spared).toBe(1)
  })

  it('EN+: its own patience is read after boot, and one that is not the profile’s is counted', async () => {
    const scene = await FrameScene.silent('en-plus')
    const boots = async (seconds: string): Promise<number> => {
      scene.answers['GetConfiguration'] = { configurationKey: [{ key: 'ConnectionTimeOut', value: seconds }] }
      await scene.boots('EN+', 'AC7000')
      await scene.passes(5)
      return scene.counters.read().config_differs
    }
    expect(await boots('15')).toBe(0)
    expect(await boots('120')).toBe(1)
    expect(scene.sent('ChangeConfiguration').map((one) => one['key'])).not.toContain('ConnectionTimeOut')
  })

  it('NEcharge, Huawei: an end of its own at a low limit lets nobody idle, and Finishing takes a person’s fresh start', async () => {
    const { scene, id } = await started('necharge', 6_001)
    await scene.says('Charging')
    await scene.measures([['Current.Import', '6.0']], id)
    await scene.ends(id, 6_200, { reason: 'Other' })
    await scene.says('Finishing')
    expect(scene.state()).toBe('exiting.still-plugged')
    await scene.passes(600)
    expect(scene.sent('RemoteStartTransaction')).toHaveLength(1)
    await scene.site.operator('bay-1', 'authorize', { accountId: 'acc-1' })
    expect(scene.sent('RemoteStartTransaction')).toHaveLength(2)
    const again = await scene.begins(6_200)
    expect([scene.locked(), scene.payer()]).toEqual([true, 'acc-1'])
    await scene.ends(again, 6_500, { reason: 'EVDisconnected' })
    await departs(scene)
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 499, idle_s: 0 }])
  })

  it('NEcharge, Huawei: an end that a person asked for is the vehicle’s rest', async () => {
    const { scene, id } = await started('necharge', 6_001)
    await scene.ends(id, 6_200, { reason: 'Local' })
    await scene.says('Finishing')
    await scene.passes(120)
    await departs(scene)
    expect(Number(scene.bills()[0]?.['idle_s'])).toBeGreaterThanOrEqual(120)
  })

  it('go-e: a stop of the transaction -1 ends the one that runs', async () => {
    const { scene, id } = await started('go-e', 6_001)
    await scene.says('Charging')
    await scene.measures(
      [
        ['Current.Import', '6.0'],
        ['Energy.Active.Import.Register', '6100'],
      ],
      -1,
    )
    expect(scene.connector().transaction).toMatchObject({ transactionId: String(id), last_Wh: 6_100 })
    await scene.ends(-1, 6_200, { reason: 'EVDisconnected' })
    expect(scene.locked()).toBe(false)
    await departs(scene)
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 199, disputed: null }])
  })

  it('EVBox: no start without a plug, and Available with “EV side disconnected” is a true end', async () => {
    const scene = await FrameScene.open('evbox')
    await scene.arrives()
    expect(scene.sent('RemoteStartTransaction')).toEqual([])
    await scene.says('Preparing')
    const id = await scene.begins(6_001)
    await scene.ends(id, 6_200, { reason: 'EVDisconnected' })
    await scene.says('Available', { info: 'EV side disconnected' })
    expect(scene.connector().cable).toBe('out')
    await departs(scene)
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 199 }])
  })

  it('Alfen: tokens are 14 hex digits', async () => {
    const { scene, id } = await started('alfen', 6_001)
    expect(scene.token()).toMatch(/^[0-9A-F]{14}$/)
    expect([scene.locked(), scene.payer()]).toEqual([true, 'acc-1'])
    await scene.ends(id, 6_200, { reason: 'EVDisconnected' })
    await departs(scene)
  })

  it('Hager: a start that is sent again is never called concurrent, and a stop of -1 ends nothing', async () => {
    const scene = await FrameScene.open('hager')
    await scene.arrives()
    await scene.says('Preparing')
    const start = { connectorId: 1, idTag: scene.token(), meterStart: 6_001, timestamp: scene.now() }
    const first = await scene.call('StartTransaction', start)
    expect(await scene.call('StartTransaction', start)).toEqual(first)
    expect(first).toMatchObject({ idTagInfo: { status: 'Accepted' } })
    await scene.ends(-1, 6_050)
    expect([scene.locked(), scene.payer()]).toEqual([true, 'acc-1'])
    await scene.ends(Number(first['transactionId']), 6_200, { reason: 'EVDisconnected' })
    await departs(scene)
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 199 }])
  })

  it('SmartEVSE: is asked for its status while a connector is busy, and no more once it is Available', async () => {
    const { scene, id } = await started('smart-evse', 6_001)
    await scene.says('Charging')
    await scene.ends(id, 6_200)
    const asked = (): number =>
      scene.sent('TriggerMessage').filter((one) => one['requestedMessage'] === 'StatusNotification').length
    const before = asked()
    await scene.passes(95)
    expect(asked() - before).toBeGreaterThanOrEqual(3)
    await scene.says('Available')
    const after = asked()
    await scene.passes(120)
    expect(asked() - after).toBeLessThanOrEqual(1)
    await departs(scene)
    expect(scene.bills()).toMatchObject([{ accountId: 'acc-1', energy_Wh: 199 }])
  })
})
