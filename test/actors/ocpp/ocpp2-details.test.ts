import { describe, expect, it } from 'vitest'
import { StationScene } from './station-scene.ts'

const CARD = { idToken: 'CARD-7', type: 'ISO14443' }
const STRANGER = { idToken: 'STRANGER', type: 'ISO14443' }

/** A transaction tx-9 of the plate's own start, that charges. */
async function charging(): Promise<StationScene> {
  const { scene, idToken } = await StationScene.started()
  await scene.says('Occupied')
  const token = { idToken: { idToken, type: 'Central' } }
  await scene.event('Started', 0, { ...token, ...scene.energy(1_000) }, { chargingState: 'Charging' })
  return scene
}

describe('what a 2.x station says', () => {
  it('is read leniently: a trigger that nobody specified, numbers as text, units with powers of ten', async () => {
    const { scene, idToken } = await StationScene.started()
    const token = { idToken: { idToken, type: 'Central' } }
    await scene.event('started', 0, { triggerReason: 'ParkingBayOccupancy', seqNo: '0', ...token })
    expect(scene.counters.read()['bay_sensor']).toBe(1)
    const sampledValue = [
      { value: '2.3', measurand: 'Power.Active.Import', unitOfMeasure: { unit: 'W', multiplier: 3 } },
      { value: 10, measurand: 'Current.Import', phase: 'L1' },
      { value: 1.5, unitOfMeasure: { unit: 'kWh', multiplier: 1 } },
    ]
    await scene.event('Updated', 1, { meterValue: [{ timestamp: scene.now(), sampledValue }] })
    const connector = scene.site.bay('bay-1')?.connectors['CP-1/1']
    expect(connector?.flow).toMatchObject({ current_A: 10, power_W: 2_300, drawing: true })
    expect(connector?.transaction?.last_Wh).toBe(15_000)
  })

  it('of an occupied connector is a cable before a charge, the charge’s own word in it, and a rest after it', async () => {
    const { scene, idToken } = await StationScene.started()
    await scene.says('Occupied')
    expect(scene.status()).toBe('preparing')
    await scene.event('Started', 0, { idToken: { idToken, type: 'Central' } }, { chargingState: 'SuspendedEV' })
    expect(scene.status()).toBe('suspended-ev')
    await scene.says('Occupied')
    expect(scene.status()).toBe('suspended-ev')
    await scene.event('Ended', 1, {}, { stoppedReason: 'Local', chargingState: 'EVConnected' })
    expect(scene.status()).toBe('finishing')
    await scene.says('Occupied')
    expect(scene.status()).toBe('finishing')
    await scene.says('Available')
    expect(scene.status()).toBe('available')
    await scene.says('Occupied')
    expect(scene.status()).toBe('preparing')
  })

  it('in every event again is on record once', async () => {
    const scene = await charging()
    const before = scene.facts('connector.status').length
    for (let seqNo = 1; seqNo < 10; seqNo += 1)
      await scene.event('Updated', seqNo, scene.energy(1_000 + seqNo), { chargingState: 'Charging' })
    expect(scene.facts('connector.status')).toHaveLength(before)
  })

  it('of the past moves the bill and never the present', async () => {
    const scene = await charging()
    await scene.event('Updated', 1, { offline: true, ...scene.energy(1_200) }, { chargingState: 'SuspendedEV' })
    expect(scene.status()).toBe('charging')
    await scene.event('Ended', 2, { offline: true, ...scene.energy(1_300) }, { stoppedReason: 'Local' })
    await scene.says('Available')
    await scene.leaves()
    expect(scene.bills()).toEqual([['acc-1', 300]])
  })

  it('twice counts once, and a stranger’s card that is shown twice is presented once', async () => {
    const scene = await charging()
    const at = { timestamp: scene.now(), idToken: STRANGER }
    const before = scene.facts('token.presented').length
    const first = await scene.event('Updated', 1, at)
    expect(first).toMatchObject({ idTokenInfo: { status: 'Invalid' } })
    await scene.event('Updated', 2, scene.energy(1_100))
    const meters = scene.facts('meter.values').length
    await scene.event('Updated', 2, scene.energy(1_100))
    expect(scene.facts('meter.values')).toHaveLength(meters)
    expect(scene.facts('token.presented')).toHaveLength(before + 1)
    expect(scene.counters.read()['events_repeated']).toBe(1)
  })
})

describe('a token that was shown', () => {
  it('expires in the station’s cache at once where berth made it, and lives there where it is a card', async () => {
    const { scene, idToken } = await StationScene.started()
    const own = { idToken, type: 'Central' }
    expect(await scene.call('Authorize', { idToken: own })).toEqual({
      idTokenInfo: { status: 'Accepted', cacheExpiryDateTime: scene.now() },
    })
    expect(await scene.call('Authorize', { idToken: CARD })).toEqual({ idTokenInfo: { status: 'Accepted' } })
    expect(await scene.event('Started', 0, { idToken: own })).toEqual({
      idTokenInfo: { status: 'Accepted', cacheExpiryDateTime: scene.now() },
    })
  })

  it('as a contract certificate or a vehicle’s own address outranks the plate accordingly', async () => {
    const scene = await StationScene.open('a voice')
    await scene.site.registersCard('DE8AA1234567', 'acc-8')
    await scene.says('Occupied')
    await scene.event('Started', 0, { idToken: { idToken: 'DE8AA1234567', type: 'eMAID' } })
    expect(scene.site.bay('bay-1')?.visit?.payer).toMatchObject({ accountId: 'acc-8', rank: 'plug-and-charge' })
  })
})

describe('transactions beside each other', () => {
  it('a new one at the EVSE ends the one before, and what that one still says is nothing', async () => {
    const scene = await charging()
    const next = { transactionInfo: { transactionId: 'tx-10' }, idToken: CARD, ...scene.energy(1_500) }
    await scene.event('Started', 0, next)
    expect(scene.transaction()).toBe('CP-1/tx-10')
    await scene.event('Updated', 1, scene.energy(1_400), { chargingState: 'SuspendedEV' })
    expect(scene.counters.read()['events_after_end']).toBe(1)
    expect([scene.status(), scene.transaction()]).toEqual(['charging', 'CP-1/tx-10'])
  })

  it('one that gave energy and that nobody ever paid for is on record as nobody’s', async () => {
    const scene = await StationScene.open('a voice')
    await scene.says('Occupied')
    await scene.event('Started', 0, scene.energy(1_000), { chargingState: 'Charging' })
    await scene.event('Ended', 1, scene.energy(1_250), { stoppedReason: 'Local' })
    expect(scene.facts('transaction.ended').map(({ cause }) => [cause['known'], cause['register_Wh']])).toEqual([
      [false, 1_250],
    ])
    await scene.event('Started', 0, { transactionInfo: { transactionId: 'tx-10' }, ...scene.energy(1_250) })
    await scene.event('Ended', 1, { transactionInfo: { transactionId: 'tx-10' }, ...scene.energy(1_250) })
    expect(scene.facts('transaction.ended')).toHaveLength(1)
  })
})

describe('a transaction is asked for', () => {
  const asked = (scene: StationScene): readonly unknown[] => scene.sent('GetTransactionStatus')

  it('where its start was kept while offline, and where its connector says Available', async () => {
    const { scene, idToken } = await StationScene.started()
    scene.answers['GetTransactionStatus'] = { ongoingIndicator: true, messagesInQueue: false }
    await scene.event('Started', 0, { offline: true, idToken: { idToken, type: 'Central' } })
    await scene.passes(1)
    expect(asked(scene)).toEqual([{ transactionId: 'tx-9' }])
    scene.answers['GetTransactionStatus'] = { ongoingIndicator: false, messagesInQueue: false }
    await scene.says('Available')
    await scene.passes(1)
    expect(asked(scene)).toHaveLength(2)
    expect(scene.transaction()).toBeNull()
  })

  it('when the station comes back, also where its visit has ended meanwhile', async () => {
    const scene = await charging()
    await scene.drops()
    await scene.leaves()
    await scene.passes(400)
    expect([scene.state(), scene.transaction()]).toEqual(['vacant', null])
    scene.dials()
    await scene.passes(10)
    expect(asked(scene)).toEqual([{ transactionId: 'tx-9' }])
  })
})
