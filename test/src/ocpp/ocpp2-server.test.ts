import { describe, expect, it } from 'vitest'
import { ANSWERED } from '../../../actors/ocpp/ocpp2-words.ts'
import { STATION_PERSONALITIES, stationHabits } from '../../../simulations/toy-station-habits.ts'
import { startOrder } from '../../contracts/ocpp-contract.ts'
import { type SpecifiedVersion, specified } from '../../contracts/ocpp-schemas.ts'
import {
  actions,
  faultOf,
  openClient,
  openRaw,
  openStage,
  pause,
  QUICK_PROFILE,
  settled,
  soon,
} from '../../contracts/ocpp-stage.ts'
import { fc } from '../../seeded-check.ts'
import { mutate } from '../serve/mutations.ts'

const AT = '2026-11-22T10:00:00Z'
const MOMENT = [{ timestamp: AT, sampledValue: [{ value: 6.1, measurand: 'Current.Import', phase: 'L1' }] }]

/** One good call of each kind that says something. */
const CALLS: readonly (readonly [string, object])[] = [
  ['BootNotification', { reason: 'PowerUp', chargingStation: { model: 'M', vendorName: 'V', firmwareVersion: '1' } }],
  ['Heartbeat', {}],
  ['StatusNotification', { timestamp: AT, connectorStatus: 'Occupied', evseId: 1, connectorId: 1 }],
  ['Authorize', { idToken: { idToken: 'CARD', type: 'ISO14443' } }],
  ['MeterValues', { evseId: 1, meterValue: MOMENT }],
  [
    'TransactionEvent',
    {
      eventType: 'Started',
      timestamp: AT,
      triggerReason: 'Authorized',
      seqNo: 0,
      transactionInfo: { transactionId: 'tx-1', chargingState: 'Charging', remoteStartId: 7 },
      evse: { id: 1, connectorId: 1 },
      idToken: { idToken: 'CARD', type: 'ISO14443' },
      meterValue: MOMENT,
    },
  ],
  [
    'TransactionEvent',
    {
      eventType: 'Ended',
      timestamp: AT,
      triggerReason: 'StopAuthorized',
      seqNo: 1,
      transactionInfo: { transactionId: 'tx-1', stoppedReason: 'Local' },
    },
  ],
]

const ENDINGS = { 'ocpp2.0.1': '.conf', 'ocpp2.1': 'Response' } as const

describe.each(['ocpp2.0.1', 'ocpp2.1'] as const)('berth in %s', (version: SpecifiedVersion) => {
  it('knows the start of a transaction that the station names in its answer to that start alone', async () => {
    const stage = await openStage()
    const raw = await openRaw(stage, 'CP-1', [version])
    raw.socket.on('message', (data: Buffer) => {
      const [type, id, action] = JSON.parse(data.toString()) as [number, string, string]
      if (type !== 2) return
      const start = { status: 'Accepted', transactionId: 'tx-9' }
      raw.send(action === 'RequestStartTransaction' ? [3, id, start] : [4, id, 'NotImplemented', '', {}])
    })
    expect(await stage.server.chargePoints.start(startOrder({ idToken: 'TOKEN-OF-A-START' }))).toBe('accepted')
    const event = (eventType: string, seqNo: number) => ({
      eventType,
      timestamp: AT,
      triggerReason: 'ChargingStateChanged',
      seqNo,
      transactionInfo: { transactionId: 'tx-9', chargingState: 'Charging' },
      evse: { id: 1, connectorId: 1 },
    })
    await raw.call('e1', 'TransactionEvent', event('Started', 0))
    expect(stage.desk.of('announced')).toMatchObject([{ transactionId: 'CP-1/tx-9', idToken: 'TOKEN-OF-A-START' }])
    expect(stage.desk.of('started')).toMatchObject([{ transactionId: 'CP-1/tx-9', idToken: 'TOKEN-OF-A-START' }])
  })

  it('answers every call that a station may make as the specification wants it', async () => {
    const stage = await openStage()
    const raw = await openRaw(stage, 'CP-1', [version])
    const quiet = [...ANSWERED[version].keys()].map((action) => [action, {}] as const)
    for (const [index, [action, payload]] of [...CALLS, ...quiet].entries()) {
      const answer = (await raw.call(`a-${index}`, action, payload)) as unknown[]
      expect(answer.slice(0, 2), action).toEqual([3, `a-${index}`])
      expect(specified(version)(`${action}${ENDINGS[version]}`, answer[2]), action).toBeNull()
    }
    expect(await raw.call('x', 'NoSuchAction', {})).toMatchObject([4, 'x', 'NotImplemented', expect.any(String), {}])
  })

  it('never refuses a transaction event, whatever is missing in it', async () => {
    const stage = await openStage()
    const raw = await openRaw(stage, 'CP-1', [version])
    const odd = [{}, { eventType: 'Started' }, { transactionInfo: {} }, { transactionInfo: { transactionId: 'tx' } }]
    for (const [index, payload] of odd.entries())
      expect(await raw.call(`o-${index}`, 'TransactionEvent', payload)).toEqual([3, `o-${index}`, {}])
  })
})

describe('a charge point that changes its version', () => {
  it('is heard in the new one, keeps its number of transactions apart, and is started in the new one', async () => {
    const stage = await openStage()
    const former = openClient(stage)
    await settled(stage, former)
    await former.close()
    await soon(() => stage.desk.of('offline').length === 1)
    const client = openClient(stage, { station: STATION_PERSONALITIES.plain })
    await settled(stage, client)
    expect(await stage.server.chargePoints.start(startOrder())).toBe('accepted')
    client.plug(1)
    await soon(() => stage.desk.of('started').length === 1)
    expect(stage.desk.of('started')).toMatchObject([{ transactionId: 'CP-1/tx-1', idToken: startOrder().idToken }])
    expect(actions(client, 'in')).toContain('RequestStartTransaction')
  })

  it('while a start waits for its first word, is started in the version that it then speaks', async () => {
    const stage = await openStage()
    const started = stage.server.chargePoints.start(startOrder())
    await pause(50)
    const client = openClient(stage, { station: STATION_PERSONALITIES.newest })
    expect(await started).toBe('accepted')
    expect(actions(client, 'in').filter((action) => action === 'RequestStartTransaction')).toHaveLength(1)
  })

  it('and never comes leaves a start that is told so at its deadline', async () => {
    const stage = await openStage()
    const late = startOrder({ deadline: Date.now() + 100 })
    expect(await faultOf(stage.server.chargePoints.start(late))).toBe('CHARGE_POINT_OFFLINE')
    expect(stage.server.counters()['calls_expired']).toBe(1)
  })
})

describe('a station', () => {
  it('of the same transaction ids as its neighbour has transactions of its own', async () => {
    const stage = await openStage([
      { id: 'CP-1', profile: QUICK_PROFILE },
      { id: 'CP-2', profile: QUICK_PROFILE },
    ])
    const both = ['CP-1', 'CP-2'].map((id) => openClient(stage, { id, station: STATION_PERSONALITIES.plain }))
    for (const client of both) {
      await settled(stage, client)
      client.plug(1)
      client.tapCard(1, 'CARD')
    }
    await soon(() => stage.desk.of('started').length === 2)
    expect(new Set(stage.desk.of('started').map((one) => one.transactionId))).toEqual(
      new Set(['CP-1/tx-1', 'CP-2/tx-1']),
    )
    await stage.server.chargePoints.stop({ chargePointId: 'CP-2', transactionId: 'CP-2/tx-1' })
    await soon(() => stage.desk.of('ended').length === 1)
    expect(stage.desk.of('ended')).toMatchObject([{ chargePointId: 'CP-2', transactionId: 'CP-2/tx-1' }])
    expect(both[0]?.connector(1).transactionId).toBe('tx-1')
  })

  it('whose register slips between Wh and kWh is put back, where its profile knows that', async () => {
    const stage = await openStage([{ id: 'CP-1', profile: { ...QUICK_PROFILE, registerSlips: true } }])
    const raw = await openRaw(stage, 'CP-1', ['ocpp2.0.1'])
    const at = new Date().toISOString()
    const says = (eventType: string, seqNo: number, value: number): Promise<unknown> =>
      raw.call(`e-${seqNo}`, 'TransactionEvent', {
        ...CALLS[5]?.[1],
        timestamp: at,
        eventType,
        seqNo,
        meterValue: [{ timestamp: at, sampledValue: [{ value }] }],
      })
    await says('Started', 0, 45_000)
    await says('Updated', 1, 45.2)
    await says('Ended', 2, 45.4)
    expect(stage.desk.of('meter').at(-1)?.samples).toMatchObject([{ register_Wh: 45_200, verdict: 'repaired' }])
    expect(stage.desk.of('ended')).toMatchObject([{ register_Wh: 45_400 }])
  })

  it('that takes a variable and keeps the old one is found out', async () => {
    const stage = await openStage()
    const client = openClient(stage, { station: stationHabits({ ignoresVariables: true }) })
    await settled(stage, client)
    await soon(() => (stage.server.counters()['config_ignored'] ?? 0) > 0)
    expect(stage.log.join('\n')).toContain('SampledDataCtrlr.TxUpdatedMeasurands is something else than what was set')
  })

  it('whose patience is not its profile’s is found out', async () => {
    const stage = await openStage()
    const client = openClient(stage, { station: stationHabits({ connectionTimeout_s: 17 }) })
    await settled(stage, client)
    await soon(() => stage.server.counters()['config_differs'] === 1)
    expect(stage.log.join('\n')).toContain('TxCtrlr.EVConnectionTimeOut is 17 s')
  })

  it('that sends messages which want no answer gets none, and is not closed for them', async () => {
    const stage = await openStage()
    const raw = await openRaw(stage, 'CP-1', ['ocpp2.1'])
    for (let i = 0; i < 200; i++) raw.send([6, `s-${i}`, 'NotifyPeriodicEventStream', { id: 1, data: [] }])
    raw.send([5, 'e-1', 'FormatViolation', '', {}])
    expect(await raw.call('1', 'Heartbeat', {})).toMatchObject([3, '1', {}])
    expect(raw.received.filter((frame) => (frame as unknown[])[0] === 4)).toEqual([])
    expect(stage.server.counters()).toMatchObject({ sends_dropped: 201, bad_messages: 0 })
  })
})

const VALID: readonly unknown[] = [
  ...CALLS.map(([action, payload], index) => [2, `v-${index}`, action, payload]),
  [3, 'g', { status: 'Accepted', transactionId: 'tx-1' }],
  [4, 'h', 'InternalError', 'x', {}],
  [6, 's', 'NotifyPeriodicEventStream', { id: 1, data: [] }],
]

const junk = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(null, '', 'NaN', -1, 1e308, '__proto__', [], {}, { toString: 1 }),
  fc.string({ maxLength: 300 }),
)

describe('what cannot be recorded', () => {
  it('is not answered, and is taken whole when it is sent again', async () => {
    const stage = await openStage()
    const raw = await openRaw(stage, 'CP-1', ['ocpp2.0.1'])
    stage.desk.failing.add('status')
    const started = { ...CALLS[5]?.[1], timestamp: new Date().toISOString() }
    raw.send([2, 'first', 'TransactionEvent', started])
    await soon(() => stage.server.counters()['calls_unanswered'] === 1)
    stage.desk.failing.clear()
    const again = await raw.call('again', 'TransactionEvent', started)
    expect(again).toMatchObject([3, 'again', { idTokenInfo: { status: 'Accepted' } }])
    expect(stage.desk.of('started')).toHaveLength(1)
    expect(stage.desk.of('status')).toMatchObject([{ status: 'Charging' }])
    expect(raw.received.some((frame) => (frame as unknown[])[1] === 'first')).toBe(false)
  })
})

describe('a text for the driver', () => {
  const order = {
    chargePointId: 'CP-1',
    evse: 1,
    message: 'plug-in',
    reason: 'authorized',
    language: 'en',
    text: 'Please plug in.',
    deadline: Date.now() + 60_000,
    withdrawn: () => false,
  }

  it('is shown by SetDisplayMessage, and a station without a display says that it is unable', async () => {
    const stage = await openStage()
    const raw = await openRaw(stage, 'CP-1', ['ocpp2.0.1'])
    const shown: (string | null)[] = []
    raw.socket.on('message', (data) => {
      const [type, id, action, payload] = JSON.parse(data.toString()) as unknown[]
      if (type !== 2) return
      if (action === 'SetDisplayMessage') shown.push(specified('ocpp2.0.1')('SetDisplayMessage.req', payload))
      raw.send([3, id, { status: 'Accepted' }])
    })
    await raw.call('1', 'Heartbeat', {})
    expect(await stage.server.displays.show(order)).toBe('shown')
    expect(shown).toEqual([null])
    raw.socket.terminate()
    await soon(() => !stage.server.chargePoints.online('CP-1'))
    openClient(stage, { station: STATION_PERSONALITIES.plain })
    expect(await stage.server.displays.show(order)).toBe('unable')
  })
})

describe('a hostile station', () => {
  it('with 2,000 mutated frames: the process lives, it is still answered, and its neighbour is not disturbed', async () => {
    const stage = await openStage([
      { id: 'CP-1', evses: [1] },
      { id: 'CP-2', profile: QUICK_PROFILE },
    ])
    const neighbour = openClient(stage, { id: 'CP-2', station: STATION_PERSONALITIES.plain })
    await settled(stage, neighbour)
    neighbour.plug(1)
    neighbour.tapCard(1, 'CARD-2')
    await soon(() => neighbour.connector(1).transactionId !== null)
    const mutated = fc
      .tuple(fc.constantFrom(...VALID), fc.nat(), junk, fc.constantFrom('replace', 'drop', 'cut', 'stir'), fc.nat())
      .map((picked) => mutate(...picked))
    for (const version of ['ocpp2.0.1', 'ocpp2.1']) {
      let raw = await openRaw(stage, 'CP-1', [version])
      for (const [i, text] of fc.sample(mutated, { numRuns: 1_000, seed: 201 }).entries()) {
        if (raw.socket.readyState !== raw.socket.OPEN) raw = await openRaw(stage, 'CP-1', [version])
        raw.socket.send(text)
        if (i % 50 !== 49 || raw.socket.readyState !== raw.socket.OPEN) continue
        expect(await raw.call(`alive-${i}`, 'Heartbeat', {})).toMatchObject([3, `alive-${i}`, {}])
      }
    }
    const seen = stage.desk.of('meter', 'CP-2').length
    await soon(() => stage.desk.of('meter', 'CP-2').length > seen + 1)
    expect(stage.desk.of('offline', 'CP-2')).toEqual([])
    expect(stage.server.counters()['calls_unanswered']).toBe(0)
    expect(stage.server.counters()['bad_messages']).toBeGreaterThan(50)
  })
})
