import { describe, expect, it } from 'vitest'
import { remoteStartIdOf } from '../../../actors/ocpp/ocpp2-words.ts'
import { replaysTheSame } from '../../../simulations/rereading.ts'
import type { Payload } from '../../../simulations/toy-wire.ts'
import { fc } from '../../seeded-check.ts'
import { StationScene } from './station-scene.ts'

describe('one charge in any order of its messages', () => {
  const ORDERS = ['S U E', 'S S U U E E', 'U S U E', 'U S E', 'S E U', 'E S', 'E U S', 'U E S', 'S E S U', 'E S U E']
  it.each(ORDERS)('%s ends in the same state, with the same bill', async (order) => {
    const { scene, idToken, remoteStartId } = await StationScene.started()
    await scene.says('Occupied')
    const at = scene.now()
    const say: { readonly [kind: string]: () => ReturnType<StationScene['event']> } = {
      S: () =>
        scene.event(
          'Started',
          0,
          { timestamp: at, idToken: { idToken, type: 'Central' }, ...scene.energy(1_000, 'Transaction.Begin') },
          { remoteStartId, chargingState: 'Charging' },
        ),
      U: () => scene.event('Updated', 1, { timestamp: at, ...scene.energy(1_400) }, { chargingState: 'Charging' }),
      E: () =>
        scene.event(
          'Ended',
          2,
          { timestamp: at, triggerReason: 'RemoteStop', ...scene.energy(1_600, 'Transaction.End') },
          { stoppedReason: 'Remote' },
        ),
    }
    for (const one of order.split(' ')) {
      const answer = await say[one]?.()
      if (one === 'S') expect(answer).toMatchObject({ idTokenInfo: { status: 'Accepted' } })
      else expect(answer).toEqual({})
      await scene.passes(1)
    }
    expect(scene.transaction()).toBeNull()
    await scene.says('Available')
    await scene.leaves()
    expect([scene.state(), scene.bills()]).toEqual(['vacant', [['acc-1', 600]]])
    await replaysTheSame(scene.site)
  })
})

describe('one charge of many messages', () => {
  const LETTERS = ['S', '1', '2', '3', 'E'] as const
  const orders = fc
    .tuple(fc.shuffledSubarray([...LETTERS], { minLength: 5 }), fc.array(fc.constantFrom(...LETTERS), { maxLength: 4 }))
    .map(([all, again]) => [...all, ...again])

  it('in any order, with any repeats and with a break anywhere ends vacant, billed once and whole', async () => {
    await fc.assert(
      fc.asyncProperty(orders, fc.nat(9), async (order, breakAt) => {
        const { scene, idToken, remoteStartId } = await StationScene.started()
        const at = scene.now()
        const drawn = (value: number): Payload => ({
          timestamp: at,
          meterValue: [{ timestamp: at, sampledValue: [{ value }, { value: 10, measurand: 'Current.Import' }] }],
        })
        for (const [index, letter] of order.entries()) {
          if (index === breakAt) {
            await scene.drops()
            scene.dials()
          }
          const token = { idToken: { idToken, type: 'Central' } }
          if (letter === 'S')
            await scene.event('Started', 0, { ...drawn(1_000), ...token }, { remoteStartId, chargingState: 'Charging' })
          else if (letter === 'E') await scene.event('Ended', 4, drawn(1_600), { stoppedReason: 'Local' })
          else
            await scene.event('Updated', Number(letter), drawn(1_000 + 100 * Number(letter)), {
              chargingState: 'Charging',
            })
        }
        await scene.says('Available')
        await scene.passes(20)
        await scene.leaves()
        expect([scene.state(), scene.bills()]).toEqual(['vacant', [['acc-1', 600]]])
      }),
      { numRuns: 60, seed: 20 },
    )
  })
})

describe('whose a transaction is', () => {
  it('is said by the remote start id where it has no token', async () => {
    const { scene, remoteStartId } = await StationScene.started()
    expect(remoteStartId).toBe(remoteStartIdOf(String(scene.decided('StartRequested')[0]?.['startId'])))
    expect(await scene.event('Started', 0, {}, { remoteStartId, chargingState: 'EVConnected' })).toEqual({})
    expect([scene.locked(), scene.payer()]).toEqual([true, 'acc-1'])
  })

  it('is said by the remote start id after a restart of berth too, and where the token was cut', async () => {
    const { scene, idToken, remoteStartId } = await StationScene.started()
    await scene.restarts()
    const cut = { idToken: idToken.slice(0, 10), type: 'ISO14443' }
    expect(await scene.event('Started', 0, { idToken: cut }, { remoteStartId })).toMatchObject({
      idTokenInfo: { status: 'Accepted' },
    })
    expect([scene.locked(), scene.payer()]).toEqual([true, 'acc-1'])
    expect(await scene.event('Ended', 1, { idToken: cut })).toMatchObject({ idTokenInfo: { status: 'Accepted' } })
  })

  it('is said by the token’s value, never by its type', async () => {
    const { scene, idToken } = await StationScene.started()
    const answer = await scene.event('Started', 0, { idToken: { idToken, type: 'ISO14443' } })
    expect(answer).toMatchObject({ idTokenInfo: { status: 'Accepted' } })
    expect(scene.payer()).toBe('acc-1')
  })

  it('a dead token is answered Invalid, the transaction is stopped, and nobody is billed', async () => {
    const { scene, idToken, remoteStartId } = await StationScene.started()
    await scene.leaves()
    expect(scene.state()).toBe('vacant')
    const answer = await scene.event('Started', 0, { idToken: { idToken, type: 'Central' } }, { remoteStartId })
    expect(answer).toMatchObject({ idTokenInfo: { status: 'Invalid' } })
    await scene.passes(1)
    expect(scene.sent('RequestStopTransaction')).toEqual([{ transactionId: 'tx-9' }])
    await scene.event('Ended', 1, scene.energy(50))
    await scene.says('Available')
    await scene.leaves()
    expect(scene.bills().filter(([account]) => account !== null)).toEqual([])
  })

  it('a dead start without a token is stopped too', async () => {
    const { scene, remoteStartId } = await StationScene.started()
    await scene.leaves()
    await scene.restarts()
    await scene.event('Started', 0, {}, { remoteStartId, chargingState: 'Charging' })
    await scene.passes(1)
    expect(scene.sent('RequestStopTransaction')).toEqual([{ transactionId: 'tx-9' }])
  })

  it('another card that is shown in the middle is answered for itself, and changes nothing', async () => {
    const { scene, idToken, remoteStartId } = await StationScene.started()
    const own = { idToken, type: 'Central' }
    await scene.event('Started', 0, { idToken: own }, { remoteStartId })
    const stranger = { idToken: 'STRANGER', type: 'ISO14443' }
    expect(await scene.event('Updated', 1, { idToken: stranger })).toMatchObject({
      idTokenInfo: { status: 'Invalid' },
    })
    expect(await scene.event('Updated', 2, { idToken: own })).toMatchObject({ idTokenInfo: { status: 'Accepted' } })
    expect([scene.transaction(), scene.payer()]).toEqual(['CP-1/tx-9', 'acc-1'])
  })
})

describe('a transaction of which something is missing', () => {
  it('is asked for where numbers are missing, and released where the station says that it is over', async () => {
    const { scene, idToken } = await StationScene.started()
    await scene.event('Started', 0, { idToken: { idToken, type: 'Central' } })
    scene.answers['GetTransactionStatus'] = { ongoingIndicator: true, messagesInQueue: true }
    await scene.event('Updated', 3, scene.energy(10))
    await scene.passes(1)
    expect(scene.sent('GetTransactionStatus')).toEqual([{ transactionId: 'tx-9' }])
    expect(scene.transaction()).toBe('CP-1/tx-9')
    scene.answers['GetTransactionStatus'] = { ongoingIndicator: false, messagesInQueue: false }
    await scene.event('Updated', 9, scene.energy(20))
    await scene.passes(1)
    expect(scene.transaction()).toBeNull()
  })

  it('is not taken for dead while its last messages are on their way', async () => {
    const { scene, idToken } = await StationScene.started()
    await scene.event('Started', 0, { idToken: { idToken, type: 'Central' } })
    scene.answers['GetTransactionStatus'] = { ongoingIndicator: false, messagesInQueue: true }
    await scene.event('Updated', 5, scene.energy(10))
    await scene.passes(20)
    expect(scene.transaction()).toBe('CP-1/tx-9')
    scene.answers['GetTransactionStatus'] = { ongoingIndicator: false, messagesInQueue: false }
    await scene.passes(20)
    expect(scene.transaction()).toBeNull()
  })

  it('and a thousand that are made up are answered, asked for a few at a time, and the true one still counts', async () => {
    const { scene, idToken } = await StationScene.started()
    scene.silent = true
    for (let i = 0; i < 1_000; i += 1) {
      const transactionInfo = { transactionId: `made-up-${i}` }
      expect(await scene.event('Updated', i, { transactionInfo })).toEqual({})
    }
    await scene.passes(40)
    expect(scene.counters.read()['calls_expired']).toBeLessThan(20)
    scene.silent = false
    await scene.event('Started', 0, { idToken: { idToken, type: 'Central' }, ...scene.energy(100) })
    await scene.event('Ended', 1, scene.energy(350))
    await scene.says('Available')
    await scene.leaves()
    expect(scene.bills()).toEqual([['acc-1', 250]])
  })

  it('and of which nobody heard the start is asked for, locks by its flow, and is nobody’s', async () => {
    const scene = await StationScene.open('a voice')
    const current = { value: 16, measurand: 'Current.Import', unitOfMeasure: { unit: 'A' } }
    const drawing = { meterValue: [{ timestamp: scene.now(), sampledValue: [current] }] }
    await scene.event('Updated', 7, drawing, { chargingState: 'Charging' })
    await scene.passes(1)
    expect(scene.sent('GetTransactionStatus')).toEqual([{ transactionId: 'tx-9' }])
    expect([scene.locked(), scene.payer(), scene.transaction()]).toEqual([true, null, null])
  })
})
