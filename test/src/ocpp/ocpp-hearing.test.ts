import { describe, expect, it } from 'vitest'
import { startOrder } from '../../contracts/ocpp-contract.ts'
import { faultOf, openClient, openRaw, openStage, pause, settled, soon } from '../../contracts/ocpp-stage.ts'

const START = { connectorId: 1, idTag: 'CARD-7', meterStart: 500, timestamp: '2026-11-22T10:00:00.000Z' }

describe('what a charge point says', () => {
  it('is answered in the words of OCPP 1.6', async () => {
    const stage = await openStage()
    stage.desk.standing.set('BAD', 'blocked')
    const raw = await openRaw(stage)
    const boot = await raw.call('b', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' })
    expect(boot).toEqual([
      3,
      'b',
      { status: 'Accepted', currentTime: expect.stringMatching(/^\d{4}-.*Z$/), interval: 60 },
    ])
    expect(await raw.call('h', 'Heartbeat', {})).toEqual([3, 'h', { currentTime: expect.stringMatching(/Z$/) }])
    expect(await raw.call('a', 'Authorize', { idTag: 'BAD' })).toEqual([3, 'a', { idTagInfo: { status: 'Blocked' } }])
    expect(await raw.call('s', 'StartTransaction', START)).toEqual([
      3,
      's',
      { transactionId: 101, idTagInfo: { status: 'Accepted' } },
    ])
    expect(await raw.call('m', 'MeterValues', { connectorId: 1, meterValue: [] })).toEqual([3, 'm', {}])
    expect(
      await raw.call('e', 'StopTransaction', { transactionId: 101, meterStop: 9, timestamp: START.timestamp }),
    ).toEqual([3, 'e', {}])
    expect(await raw.call('d', 'DataTransfer', { vendorId: 'x' })).toEqual([3, 'd', { status: 'UnknownVendorId' }])
    for (const action of ['FirmwareStatusNotification', 'DiagnosticsStatusNotification', 'SecurityEventNotification'])
      expect(await raw.call(action, action, { status: 'Idle' })).toEqual([3, action, {}])
  })

  it('under a number instead of a text as its id is answered under that number', async () => {
    const stage = await openStage()
    const raw = await openRaw(stage)
    raw.send([2, 7, 'Authorize', { idTag: 'CARD-7' }])
    await soon(() => raw.received.length > 0)
    expect(raw.received).toEqual([[3, 7, { idTagInfo: { status: 'Accepted' } }]])
  })

  it('that comes twice under one id while the first is being written is told once and answered once', async () => {
    const stage = await openStage()
    const raw = await openRaw(stage)
    await raw.call('h', 'Heartbeat', {})
    stage.desk.slow_ms = 100
    raw.send([2, 'same', 'StartTransaction', START])
    raw.send([2, 'same', 'StartTransaction', START])
    await soon(() => stage.desk.of('started').length > 0)
    stage.desk.slow_ms = 0
    await raw.call('last', 'Heartbeat', {})
    expect(raw.received.filter((frame) => (frame as unknown[])[1] === 'same')).toEqual([
      [3, 'same', { transactionId: 101, idTagInfo: { status: 'Accepted' } }],
    ])
    expect(stage.desk.of('started')).toHaveLength(1)
    expect(stage.server.counters()['calls_twice']).toBe(1)
  })

  it('a StartTransaction that comes again under a new message id gets the same transaction', async () => {
    const stage = await openStage()
    const raw = await openRaw(stage)
    const first = (await raw.call('1', 'StartTransaction', START)) as unknown[]
    const second = (await raw.call('2', 'StartTransaction', START)) as unknown[]
    expect(second[2]).toEqual(first[2])
    expect(stage.desk.of('started')[1]).toEqual(stage.desk.of('started')[0])
  })

  it('a StopTransaction of a transaction that nobody knows is answered {} and handed on as it is', async () => {
    const stage = await openStage()
    const raw = await openRaw(stage)
    for (const transactionId of [-1, 0, 4_711, 'x', undefined, null])
      expect(
        await raw.call(`s${String(transactionId)}`, 'StopTransaction', { transactionId, meterStop: 'n/a' }),
      ).toMatchObject([3, `s${String(transactionId)}`, {}])
    expect(stage.desk.of('ended').map((n) => n.transactionId)).toEqual(['-1', '0', '4711', 'x', '', ''])
    expect(stage.desk.of('ended').every((n) => n.register_Wh === null && n.happenedAt === null)).toBe(true)
  })

  it('is mended where it can be: numbers as text, text as numbers, other spellings, a time without zone', async () => {
    const stage = await openStage()
    const raw = await openRaw(stage)
    await raw.call('1', 'StatusNotification', {
      connectorId: '1',
      status: 'suspendedev',
      errorCode: 'NoError',
      timestamp: '2026-11-22T10:00:00',
    })
    await raw.call('2', 'StartTransaction', {
      connectorId: '2',
      idTag: 1234,
      meterStart: '500',
      timestamp: 'yesterday',
    })
    expect(stage.desk.of('status')).toMatchObject([
      { evse: 1, status: 'SuspendedEV', errorCode: null, happenedAt: Date.UTC(2026, 10, 22, 10) },
    ])
    expect(stage.desk.of('started')).toMatchObject([{ evse: 2, idToken: '1234', register_Wh: 500, happenedAt: null }])
    expect(stage.server.counters()['fields_mended']).toBe(6)
  })

  it('is refused only where nothing can be done with it', async () => {
    const stage = await openStage()
    const raw = await openRaw(stage)
    expect(await raw.call('1', 'StartTransaction', { ...START, idTag: undefined })).toEqual([
      4,
      '1',
      'FormationViolation',
      expect.any(String),
      {},
    ])
    expect(await raw.call('2', 'StartTransaction', { ...START, connectorId: 0 })).toEqual([
      4,
      '2',
      'PropertyConstraintViolation',
      expect.any(String),
      {},
    ])
    expect(await raw.call('3', 'Authorize', {})).toEqual([4, '3', 'FormationViolation', expect.any(String), {}])
    expect(await raw.call('4', 'StatusNotification', { connectorId: 1 })).toEqual([
      4,
      '4',
      'FormationViolation',
      expect.any(String),
      {},
    ])
    expect(await raw.call('5', 'MakeCoffee', {})).toEqual([4, '5', 'NotImplemented', expect.any(String), {}])
    expect(await raw.call('6', 'constructor', {})).toEqual([4, '6', 'NotImplemented', expect.any(String), {}])
    expect(await raw.call('7', 'StatusNotification', { connectorId: 1, status: 'Bored' })).toEqual([3, '7', {}])
    expect(await raw.call('8', 'MeterValues', { meterValue: 'none' })).toEqual([3, '8', {}])
    expect(stage.desk.heard.map((n) => n.type)).toEqual(['online'])
  })

  it('is heard strictly in order and answered in order, however slow the journal is', async () => {
    const stage = await openStage()
    const raw = await openRaw(stage)
    await soon(() => stage.desk.of('online').length === 1)
    stage.desk.slow_ms = 5
    for (let i = 0; i < 50; i++)
      raw.send([2, `m${i}`, i % 3 === 0 ? 'Heartbeat' : i % 3 === 1 ? 'Authorize' : 'Nonsense', { idTag: `T${i}` }])
    await soon(() => raw.received.filter((f) => (f as unknown[])[0] !== 2).length === 50)
    expect(raw.received.filter((f) => (f as unknown[])[0] !== 2).map((f) => (f as unknown[])[1])).toEqual(
      Array.from({ length: 50 }, (_, i) => `m${i}`),
    )
    expect(stage.desk.of('authorize').map((n) => n.idToken)).toEqual(
      Array.from({ length: 17 }, (_, i) => `T${i * 3 + 1}`),
    )
  })

  it('gets no answer, not even an error, when it could not be recorded; sent again later it is taken', async () => {
    const stage = await openStage()
    stage.desk.failing.add('started')
    const client = openClient(stage, { habits: { callTimeout_s: 0.3 } })
    await settled(stage, client)
    client.plug(1)
    client.tapCard(1, 'CARD-7')
    await soon(() => stage.server.counters()['calls_unanswered'] === 2)
    const ids = client.frames.flatMap((f) =>
      f.way === 'out' && f.frame[0] === 2 && f.frame[2] === 'StartTransaction' ? [f.frame[1]] : [],
    )
    expect(client.frames.filter((f) => f.way === 'in' && f.frame[0] !== 2 && ids.includes(f.frame[1]))).toEqual([])
    stage.desk.failing.delete('started')
    await soon(() => client.connector(1).transactionId === 101)
    expect(stage.log.join()).not.toContain('CARD-7')
  })

  it('a coming that could not be recorded is tried again before anything else is heard', async () => {
    const stage = await openStage()
    stage.desk.failing.add('online')
    openClient(stage)
    await pause(200)
    expect(stage.desk.heard).toEqual([])
    stage.desk.failing.delete('online')
    await soon(() => stage.desk.of('booted').length === 1)
    expect(stage.desk.heard[0]?.type).toBe('online')
  })
})

describe('two sockets of one charge point', () => {
  it('the newest wins: the old one is closed with 4001, and its end does not take the new one offline', async () => {
    const stage = await openStage()
    const old = await openRaw(stage)
    await old.call('1', 'Heartbeat', {})
    const young = await openRaw(stage)
    expect((await old.closed).code).toBe(4001)
    await young.call('1', 'Heartbeat', {})
    await pause(100)
    expect(stage.server.chargePoints.online('CP-1')).toBe(true)
    expect(stage.desk.heard.map((n) => n.type)).toEqual(['online', 'online'])
    young.socket.close()
    await soon(() => stage.desk.of('offline').length === 1)
    expect(stage.server.chargePoints.online('CP-1')).toBe(false)
  })

  it('a start under way on the old one has an unknown outcome; the next goes to the new one only', async () => {
    const stage = await openStage([{ id: 'CP-1', evses: [] }])
    const old = await openRaw(stage)
    old.socket.on('message', (data) => {
      const [type, id, action] = JSON.parse(data.toString()) as [number, string, string]
      if (type === 2 && action !== 'RemoteStartTransaction') old.send([3, id, { status: 'Accepted' }])
    })
    await old.call('1', 'Heartbeat', {})
    const first = faultOf(stage.server.chargePoints.start(startOrder()))
    await soon(() => old.received.some((f) => (f as unknown[])[2] === 'RemoteStartTransaction'))
    const young = await openRaw(stage)
    expect(await first).toBe('CHARGE_POINT_SILENT')
    const second = stage.server.chargePoints.start(startOrder({ startId: 'start-2' }))
    await young.call('1', 'Heartbeat', {})
    await soon(() => young.received.some((f) => (f as unknown[])[2] === 'RemoteStartTransaction'))
    const call = young.received.find((f) => (f as unknown[])[2] === 'RemoteStartTransaction') as string[]
    young.send([3, call[1], { status: 'Accepted' }])
    expect(await second).toBe('accepted')
    expect(old.received.filter((f) => (f as unknown[])[2] === 'RemoteStartTransaction')).toHaveLength(1)
  })

  it('what the old one says after it was replaced is neither heard nor answered', async () => {
    const stage = await openStage()
    const old = await openRaw(stage)
    await old.call('1', 'Heartbeat', {})
    stage.desk.slow_ms = 300
    old.send([2, 'slow', 'Authorize', { idTag: 'EARLY' }])
    await pause(50)
    const young = await openRaw(stage)
    old.send([2, 'late', 'Authorize', { idTag: 'LATE' }])
    await old.closed
    await young.call('1', 'Authorize', { idTag: 'YOUNG' })
    expect(stage.desk.of('authorize').map((n) => n.idToken)).toEqual(['EARLY', 'YOUNG'])
    expect(old.received.some((f) => (f as unknown[])[1] === 'late')).toBe(false)
  })
})

describe('closing', () => {
  it('closes charge points with 1001, fails what waits, and frees the port', async () => {
    const stage = await openStage()
    const raw = await openRaw(stage)
    await raw.call('1', 'Heartbeat', {})
    const waiting = faultOf(stage.server.chargePoints.start(startOrder()))
    await stage.server.close()
    expect((await raw.closed).code).toBe(1001)
    expect(['CHARGE_POINT_OFFLINE', 'CHARGE_POINT_SILENT']).toContain(await waiting)
    expect(stage.desk.of('offline')).toEqual([])
  })
})
