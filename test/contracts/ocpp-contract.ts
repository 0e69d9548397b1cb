import { describe, it } from 'vitest'
import type { ChargePointNews, StartOrder } from '../../actors/ports.ts'
import type { ToyHabits } from '../../simulations/toy-habits.ts'
import type { StationHabits } from '../../simulations/toy-station-habits.ts'
import type { ChargePointClient } from '../../src/demo/charge-point-client.ts'
import { breaches } from './ocpp-schemas.ts'
import {
  actions,
  faultOf,
  openClient,
  openStage,
  pause,
  QUICK_PROFILE,
  type Stage,
  settled,
  soon,
} from './ocpp-stage.ts'

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

/** A charge point of either kind; `station` speaks OCPP 2. */
type Subject = { readonly habits: ToyHabits } | { readonly station: StationHabits }

/** The habits that the stories change. */
type Changed = { readonly authorizesCards?: boolean; readonly afterLoss?: 'resume' }

/** On its stage, and at the end everything that it and berth said is held against the specification, where that is OCPP 2's. */
function enter(stage: Stage, subject: Subject, changed: Changed = {}): ChargePointClient {
  if ('habits' in subject) return openClient(stage, { habits: { ...subject.habits, ...changed } })
  const client = openClient(stage, { station: { ...subject.station, ...changed } })
  stage.finish(() => {
    const found = breaches(subject.station.version, client.frames)
    if (found.length > 0) throw new Error(`against the specification: ${[...new Set(found)].join('; ')}`)
  })
  return client
}

/** What every charge point must be able to live through, whatever its version and its habits. */
export function ocppContract(name: string, subject: Subject): void {
  const isStation = 'station' in subject
  const habits = isStation ? subject.station : subject.habits
  // A station names its transactions itself; in 1.6 berth does.
  const FIRST = isStation ? 'CP-1/tx-1' : '101'
  const runs = (client: ChargePointClient): boolean => client.connector(1).transactionId === (isStation ? 'tx-1' : 101)
  const STARTS = isStation ? 'TransactionEvent' : 'StartTransaction'
  describe(`a ${name} charge point`, () => {
    it.concurrent('is started before the plug: transaction, samples, remote stop and unplug come in, in this order', async ({
      expect,
      onTestFinished,
    }) => {
      const stage = await openStage(STAGE, 5, onTestFinished)
      const client = enter(stage, subject)
      await settled(stage, client)
      expect(await stage.server.chargePoints.start(startOrder())).toBe('accepted')
      await pause(100)
      expect(stage.desk.of('started')).toEqual([])
      client.plug(1)
      await soon(() => runs(client) && stage.desk.of('started').length === 1)
      expect(stage.desk.of('started')).toMatchObject([{ evse: 1, idToken: TOKEN, register_Wh: 1_000 }])
      await soon(() => stage.desk.of('meter').filter((n) => n.transactionId === FIRST).length >= 2)
      expect(await stage.server.chargePoints.stop({ chargePointId: 'CP-1', transactionId: FIRST })).toBe('accepted')
      await soon(() => stage.desk.of('ended').length === 1)
      expect(stage.desk.of('ended')).toMatchObject([
        {
          transactionId: FIRST,
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
      const client = enter(stage, subject)
      await settled(stage, client)
      client.plug(1)
      await pause(50)
      expect(await stage.server.chargePoints.start(startOrder())).toBe('accepted')
      await soon(() => runs(client) && stage.desk.of('started').length === 1)
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
      const client = enter(stage, subject)
      await settled(stage, client)
      client.drive(1, 10)
      client.plug(1)
      await stage.server.chargePoints.start(startOrder())
      await soon(() => stage.desk.of('meter').some((n) => n.transactionId === FIRST))
      const sample = stage.desk.of('meter').findLast((n) => n.transactionId === FIRST)?.samples[0]
      expect(sample).toMatchObject({ when: 'live', verdict: 'valid', power_W: habits.power ? 2_300 : null })
      expect(sample?.register_Wh).toBeGreaterThanOrEqual(1_000)
      expect(sample?.register_Wh).toBeLessThan(1_010)
      if (habits.current === 'none') expect(sample?.current_A).toBeNull()
      else expect(sample?.current_A).toBeCloseTo(10, 1)
    })

    it.concurrent('starts by card, and the same card ends it', async ({ expect, onTestFinished }) => {
      const stage = await openStage(STAGE, 5, onTestFinished)
      const client = enter(stage, subject)
      await settled(stage, client)
      client.plug(1)
      client.tapCard(1, 'CARD-7')
      await soon(() => runs(client) && stage.desk.of('started').length === 1)
      expect(stage.desk.of('authorize').map((n) => n.idToken)).toEqual(habits.authorizesCards ? ['CARD-7'] : [])
      expect(stage.desk.of('started')).toMatchObject([{ idToken: 'CARD-7' }])
      client.tapCard(1, 'CARD-7')
      await soon(() => stage.desk.of('ended').length === 1)
      expect(stage.desk.of('ended')).toMatchObject([{ idToken: 'CARD-7', transactionId: FIRST }])
    })

    it.concurrent('stops what it started without asking when the desk says invalid', async ({
      expect,
      onTestFinished,
    }) => {
      const stage = await openStage(STAGE, 5, onTestFinished)
      stage.desk.standing.set('STRANGER', 'invalid')
      const client = enter(stage, subject, { authorizesCards: false })
      await settled(stage, client)
      client.plug(1)
      client.tapCard(1, 'STRANGER')
      await soon(() => stage.desk.of('ended').length === 1)
      expect(stage.desk.of('ended')).toMatchObject([{ transactionId: FIRST }])
      expect(client.connector(1).transactionId).toBeNull()
    })

    it.concurrent('abort before send: the car leaves while the start waits in the queue, and no start follows', async ({
      expect,
      onTestFinished,
    }) => {
      const stage = await openStage(STAGE, 1, onTestFinished)
      const client = enter(stage, subject)
      await settled(stage, client)
      await pause(100)
      client.silence(true)
      const asked = faultOf(stage.server.chargePoints.ask({ chargePointId: 'CP-1', evse: 1, about: 'status' }))
      let left = false
      const started = faultOf(stage.server.chargePoints.start(startOrder({ withdrawn: () => left })))
      await pause(100)
      left = true
      expect(await asked).toBe('CHARGE_POINT_SILENT')
      expect(await started).toBe('CALL_CANCELLED')
      client.silence(false)
      client.plug(1)
      await pause(200)
      expect(actions(client, 'in').filter((action) => /^(?:Remote|Request)Start/.test(action))).toEqual([])
      expect(stage.desk.of('started')).toEqual([])
    })

    it.concurrent('keeps a transaction while offline and replays its start, samples and stop in order, with one id', async ({
      expect,
      onTestFinished,
    }) => {
      const stage = await openStage(STAGE, 5, onTestFinished)
      const client = enter(stage, subject, habits.afterLoss === 'boot-forget' ? { afterLoss: 'resume' } : {})
      await settled(stage, client)
      client.drop(1_000)
      await soon(() => stage.desk.of('offline').length === 1)
      client.plug(1)
      client.tapCard(1, 'CARD-7')
      await pause(500)
      client.unplug(1)
      await soon(() => stage.desk.of('ended').length === 1)
      const heard = stage.desk.heard.filter(
        (n) => ('transactionId' in n && n.transactionId !== null) || n.type === 'started',
      )
      expect(heard[0]?.type).toBe('started')
      expect(heard.at(-1)?.type).toBe('ended')
      expect(heard.length).toBeGreaterThanOrEqual(3)
      expect(new Set(heard.flatMap((n) => ('transactionId' in n ? [n.transactionId] : [])))).toEqual(new Set([FIRST]))
      const sent = actions(client, 'out').filter((action) => action === STARTS)
      if (isStation) expect(sent.length).toBeGreaterThanOrEqual(3)
      else expect(sent).toHaveLength(1)
      expect(stage.desk.of('started')).toHaveLength(1)
    })
  })
}

function lastStatus(heard: readonly ChargePointNews[]): string | undefined {
  return heard.filter((n) => n.type === 'status').findLast((n) => n.evse === 1)?.status
}

function order(heard: readonly ChargePointNews[]): string[] {
  return heard.map((n) => n.type).filter((type) => ['online', 'booted', 'started', 'ended'].includes(type))
}
