import { expect, test } from 'vitest'
import { StationScene } from '../actors/ocpp/station-scene.ts'

// What a hostile tester reached once with OCPP 2.x: each story must stay right.

/** What an OCPP 2.x station says of its meter now. */
const meterOf = (scene: StationScene, current_A: number, register_Wh: number) => ({
  meterValue: [
    {
      timestamp: scene.now(),
      sampledValue: [
        { value: current_A, measurand: 'Current.Import', context: 'Sample.Periodic', unitOfMeasure: { unit: 'A' } },
        { value: register_Wh, measurand: 'Energy.Active.Import.Register', context: 'Sample.Periodic' },
      ],
    },
  ],
})

/** A station at which AB12CDE charges for acc-1, 1,000 to 1,300 Wh. */
async function stationCharging(): Promise<{ readonly scene: StationScene; readonly idToken: string }> {
  const { scene, idToken, remoteStartId } = await StationScene.started()
  await scene.says('Occupied')
  const token = { idToken: { idToken, type: 'Central' } }
  const begun = { triggerReason: 'RemoteStart', ...token, ...meterOf(scene, 16, 1000) }
  await scene.event('Started', 0, begun, { chargingState: 'Charging', remoteStartId })
  await stationDraws(scene, 1, 5, 1000, 60)
  return { scene, idToken }
}

async function stationDraws(scene: StationScene, from: number, events: number, register_Wh: number, each_Wh: number) {
  for (let n = 0; n < events; n += 1) {
    await scene.passes(60)
    const meter = meterOf(scene, 16, register_Wh + (n + 1) * each_Wh)
    await scene.event(
      'Updated',
      from + n,
      { triggerReason: 'MeterValuePeriodic', ...meter },
      { chargingState: 'Charging' },
    )
  }
}

const statusOf = (answer: unknown): string =>
  (answer as { readonly idTokenInfo: { readonly status: string } }).idTokenInfo.status

test('a 2.x station that ends a transaction and gives energy on is locked for nobody', async () => {
  const { scene } = await stationCharging()
  const stop = { triggerReason: 'StopAuthorized', ...meterOf(scene, 0, 1400) }
  await scene.event('Ended', 6, stop, { stoppedReason: 'Local' })
  expect(scene.locked()).toBe(false)
  await stationDraws(scene, 7, 5, 1400, 180)
  expect(scene.locked()).toBe(true)
  expect(scene.site.alarmKinds()).toContain('drawn-after-end')
})

test('a 2.x station that once says a transaction does not run, and goes on, is billed whole to its payer', async () => {
  const { scene } = await stationCharging()
  scene.answers['GetTransactionStatus'] = { ongoingIndicator: false, messagesInQueue: false }
  await scene.drops()
  await scene.passes(20)
  scene.dials()
  await scene.call('BootNotification', { reason: 'PowerUp', chargingStation: { model: 'M', vendorName: 'V' } })
  await scene.says('Occupied')
  await scene.passes(10)
  expect(scene.locked()).toBe(false)
  await stationDraws(scene, 7, 5, 1400, 180)
  expect(scene.locked()).toBe(true)
  const ended = { triggerReason: 'EVDeparted', ...meterOf(scene, 0, 9000) }
  await scene.event('Ended', 17, ended, { chargingState: 'Idle', stoppedReason: 'EVDisconnected' })
  await scene.says('Available')
  await scene.leaves()
  expect(scene.bills()).toEqual([['acc-1', 8000]])
})

for (const restarts of [false, true])
  test(`a 2.x station uses a transaction’s id again${restarts ? ' after a restart' : ''}: the next driver is billed, and the dead token is refused`, async () => {
    const { scene, idToken } = await stationCharging()
    const over = { chargingState: 'Idle', stoppedReason: 'EVDisconnected' }
    await scene.event('Ended', 6, { triggerReason: 'EVDeparted', ...meterOf(scene, 0, 1400) }, over)
    await scene.says('Available')
    await scene.leaves()
    if (restarts) {
      await scene.restarts()
      await scene.call('BootNotification', { reason: 'PowerUp', chargingStation: { model: 'M', vendorName: 'V' } })
      await scene.says('Available')
    }
    await scene.site.registers('XY99ZZT', 'acc-b')
    await scene.arrives('XY99ZZT')
    const sent = scene.sent('RequestStartTransaction').at(-1) as { idToken: { idToken: string }; remoteStartId: number }
    await scene.says('Occupied')
    const begun = { triggerReason: 'RemoteStart', idToken: sent.idToken, ...meterOf(scene, 16, 1400) }
    const named = { chargingState: 'Charging', remoteStartId: sent.remoteStartId }
    expect(statusOf(await scene.event('Started', 0, begun, named))).toBe('Accepted')
    expect(scene.locked()).toBe(true)
    await stationDraws(scene, 1, 10, 1400, 1000)
    await scene.event('Ended', 11, { triggerReason: 'EVDeparted', ...meterOf(scene, 0, 11_400) }, over)
    await scene.says('Available')
    await scene.leaves()
    expect(scene.bills()).toEqual([
      ['acc-1', 400],
      ['acc-b', 10_000],
    ])
    const dead = { triggerReason: 'Authorized', idToken: { idToken, type: 'Central' } }
    expect(statusOf(await scene.event('Started', 0, dead, { chargingState: 'Charging' }))).toBe('Invalid')
  })
