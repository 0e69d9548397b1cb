import { describe, it } from 'vitest'
import type { ChargePointNews, StartOrder } from '../../actors/ports.ts'
import type { ToyHabits } from '../../simulations/toy-habits.ts'
import { actions, openClient, openStage, pause, QUICK_PROFILE, settled, soon } from './ocpp-stage.ts'

const STAGE = [{ id: 'CP-1', profile: QUICK_PROFILE }]
const TOKEN = 'ABCDEF0123456789'

/** A start for connector 1 of CP-1 that nobody withdraws. */
export function startOrder(order: Partial<StartOrder> = {}): StartOrder {
  return {
    chargePointId: 'CP-1',
    evse: 1,
    startId: 'start-1',
    idToken: TOKEN,
    deadline: Date.now() + 5_000,
    withdrawn: () => false,
    ...order,
  }
}

/** What every charge point must be able to live through, whatever its habits. */
export function ocppContract(name: string, habits: ToyHabits): void {
  describe(`a ${name} charge point`, () => {
    it.concurrent('is started before the plug: transaction, samples, remote stop and unplug come in, in this order', async ({
      expect,
      onTestFinished,
    }) => {
      const stage = await openStage(STAGE, 5, onTestFinished)
      const client = openClient(stage, { habits })
      await settled(stage, client)
      expect(await stage.server.chargePoints.start(startOrder())).toBe('accepted')
      await pause(100)
      expect(stage.desk.of('started')).toEqual([])
      client.plug(1)
      await soon(() => client.connector(1).transactionId === 101)
      expect(stage.desk.of('started')).toMatchObject([{ evse: 1, idToken: TOKEN, register_Wh: 1_000 }])
      await soon(() => stage.desk.of('meter').filter((n) => n.transactionId === '101').length >= 2)
      expect(await stage.server.chargePoints.stop({ chargePointId: 'CP-1', transactionId: '101' })).toBe('accepted')
      await soon(() => stage.desk.of('ended').length === 1)
      expect(stage.desk.of('ended')).toMatchObject([
        {
          transactionId: '101',
          reason: habits.stopReason ? 'Remote' : null,
          register_Wh: 1_000 + Math.round(client.connector(1).register_Wh - 1_000),
        },
      ])
      client.unplug(1)
      await soon(() => lastStatus(stage.desk.heard) === 'Available')
      expect(order(stage.desk.heard)).toEqual(['online', 'booted', 'started', 'ended'])
    })

    it.concurrent('is started after the plug, and a pulled cable ends the transaction', async ({
      expect,
      onTestFinished,
    }) => {
      const stage = await openStage(STAGE, 5, onTestFinished)
      const client = openClient(stage, { habits })
      await settled(stage, client)
      client.plug(1)
      await pause(50)
      expect(await stage.server.chargePoints.start(startOrder())).toBe('accepted')
      await soon(() => client.connector(1).transactionId === 101)
      client.unplug(1)
      await soon(() => stage.desk.of('ended').length === 1)
      expect(stage.desk.of('ended')[0]?.reason).toBe(habits.stopReason ? 'EVDisconnected' : null)
      await soon(() => lastStatus(stage.desk.heard) === 'Available')
    })

    it.concurrent('shows a drawing car in the samples that it is able to take, in A, W and Wh', async ({
      expect,
      onTestFinished,
    }) => {
      const stage = await openStage(STAGE, 5, onTestFinished)
      const client = openClient(stage, { habits })
      await settled(stage, client)
      client.drive(1, 10)
      client.plug(1)
      await stage.server.chargePoints.start(startOrder())
      await soon(() => stage.desk.of('meter').some((n) => n.transactionId === '101'))
      const sample = stage.desk.of('meter').findLast((n) => n.transactionId === '101')?.samples[0]
      expect(sample).toMatchObject({ when: 'live', verdict: 'valid', power_W: habits.power ? 2_300 : null })
      expect(sample?.register_Wh).toBeGreaterThanOrEqual(1_000)
      expect(sample?.register_Wh).toBeLessThan(1_010)
      if (habits.current === 'none') expect(sample?.current_A).toBeNull()
      else expect(sample?.current_A).toBeCloseTo(10, 1)
    })

    it.concurrent('starts by card, and the same card ends it', async ({ expect, onTestFinished }) => {
      const stage = await openStage(STAGE, 5, onTestFinished)
      const client = openClient(stage, { habits })
      await settled(stage, client)
      client.plug(1)
      client.tapCard(1, 'CARD-7')
      await soon(() => client.connector(1).transactionId === 101)
      expect(stage.desk.of('authorize').map((n) => n.idToken)).toEqual(habits.authorizesCards ? ['CARD-7'] : [])
      expect(stage.desk.of('started')).toMatchObject([{ idToken: 'CARD-7' }])
      client.tapCard(1, 'CARD-7')
      await soon(() => stage.desk.of('ended').length === 1)
      expect(stage.desk.of('ended')).toMatchObject([{ idToken: 'CARD-7', transactionId: '101' }])
    })

    it.concurrent('stops what it started without asking when the desk says invalid', async ({
      expect,
      onTestFinished,
    }) => {
      const stage = await openStage(STAGE, 5, onTestFinished)
      stage.desk.standing.set('STRANGER', 'invalid')
      const client = openClient(stage, { habits: { ...habits, authorizesCards: false } })
      await settled(stage, client)
      client.plug(1)
      client.tapCard(1, 'STRANGER')
      await soon(() => stage.desk.of('ended').length === 1)
      expect(stage.desk.of('ended')).toMatchObject([{ transactionId: '101' }])
      expect(client.connector(1).transactionId).toBeNull()
    })

    it.concurrent('keeps a transaction while offline and replays its start, samples and stop in order, with one id', async ({
      expect,
      onTestFinished,
    }) => {
      const stage = await openStage(STAGE, 5, onTestFinished)
      const client = openClient(stage, {
        habits: { ...habits, afterLoss: habits.afterLoss === 'boot-forget' ? 'resume' : habits.afterLoss },
      })
      await settled(stage, client)
      client.drop(1_000)
      await soon(() => stage.desk.of('offline').length === 1)
      client.plug(1)
      client.tapCard(1, 'CARD-7')
      await pause(500)
      client.unplug(1)
      await soon(() => stage.desk.of('ended').length === 1, 5_000)
      const heard = stage.desk.heard.filter(
        (n) => ('transactionId' in n && n.transactionId !== null) || n.type === 'started',
      )
      expect(heard[0]?.type).toBe('started')
      expect(heard.at(-1)?.type).toBe('ended')
      expect(heard.length).toBeGreaterThanOrEqual(3)
      expect(new Set(heard.flatMap((n) => ('transactionId' in n ? [n.transactionId] : [])))).toEqual(new Set(['101']))
      expect(actions(client, 'out').filter((a) => a === 'StartTransaction')).toHaveLength(1)
    })
  })
}

function lastStatus(heard: readonly ChargePointNews[]): string | undefined {
  return heard.filter((n) => n.type === 'status').findLast((n) => n.evse === 1)?.status
}

function order(heard: readonly ChargePointNews[]): string[] {
  return heard.map((n) => n.type).filter((type) => ['online', 'booted', 'started', 'ended'].includes(type))
}
