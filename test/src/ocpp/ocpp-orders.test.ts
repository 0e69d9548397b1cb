import { describe, expect, it } from 'vitest'
import { TOY_PERSONALITIES } from '../../../simulations/toy-habits.ts'
import { startOrder } from '../../contracts/ocpp-contract.ts'
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

describe('starts', () => {
  it('wait for an offline charge point and are sent when it comes, once', async () => {
    const stage = await openStage()
    const started = stage.server.chargePoints.start(startOrder())
    expect(stage.server.chargePoints.online('CP-1')).toBe(false)
    await pause(100)
    const client = openClient(stage)
    expect(await started).toBe('accepted')
    await settled(stage, client)
    expect(actions(client, 'in').filter((a) => a === 'RemoteStartTransaction')).toHaveLength(1)
  })

  it('are sent only after the charge point has booted', async () => {
    const stage = await openStage()
    const started = stage.server.chargePoints.start(startOrder())
    const client = openClient(stage)
    await started
    const all = client.frames.map((f) => (f.frame[0] === 2 ? `${f.way} ${f.frame[2]}` : `${f.way} answer`))
    expect(all.indexOf('in RemoteStartTransaction')).toBeGreaterThan(all.indexOf('in answer'))
  })

  it('whose deadline passed while the charge point was offline fail as CHARGE_POINT_OFFLINE and are never sent', async () => {
    const stage = await openStage()
    const fault = faultOf(stage.server.chargePoints.start(startOrder({ deadline: Date.now() + 150 })))
    expect(await fault).toBe('CHARGE_POINT_OFFLINE')
    const client = openClient(stage)
    await settled(stage, client)
    expect(actions(client, 'in')).not.toContain('RemoteStartTransaction')
  })

  it('that were withdrawn while the charge point was offline are cancelled and never sent', async () => {
    const stage = await openStage()
    let gone = false
    const fault = faultOf(stage.server.chargePoints.start(startOrder({ withdrawn: () => gone })))
    gone = true
    const client = openClient(stage)
    expect(await fault).toBe('CALL_CANCELLED')
    await settled(stage, client)
    expect(actions(client, 'in')).not.toContain('RemoteStartTransaction')
    expect(stage.server.counters()['calls_withdrawn']).toBe(1)
  })

  it('that were withdrawn while another call was outstanding are cancelled and never sent', async () => {
    const stage = await openStage()
    const raw = await openRaw(stage)
    await raw.call('1', 'Heartbeat', {})
    await soon(() => raw.received.some((f) => (f as unknown[])[2] === 'TriggerMessage'))
    let gone = false
    const fault = faultOf(stage.server.chargePoints.start(startOrder({ withdrawn: () => gone })))
    await pause(50)
    gone = true
    const asked = raw.received.find((f) => (f as unknown[])[2] === 'TriggerMessage') as string[]
    raw.send([3, asked[1], { status: 'Accepted' }])
    expect(await fault).toBe('CALL_CANCELLED')
    await pause(100)
    expect(raw.received.some((f) => (f as unknown[])[2] === 'RemoteStartTransaction')).toBe(false)
  })

  it('whose deadline passes behind a silent call fail as CHARGE_POINT_OFFLINE and are never sent', async () => {
    const stage = await openStage(undefined, 0.5)
    const raw = await openRaw(stage)
    await raw.call('1', 'Heartbeat', {})
    await soon(() => raw.received.some((f) => (f as unknown[])[2] === 'TriggerMessage'))
    expect(await faultOf(stage.server.chargePoints.start(startOrder({ deadline: Date.now() + 100 })))).toBe(
      'CHARGE_POINT_OFFLINE',
    )
    await pause(700)
    expect(raw.received.some((f) => (f as unknown[])[2] === 'RemoteStartTransaction')).toBe(false)
  })

  it('that a silent charge point does not answer fail as CHARGE_POINT_SILENT after the time for an answer', async () => {
    const stage = await openStage(undefined, 0.3)
    const client = openClient(stage)
    await settled(stage, client)
    client.silence(true)
    const from = Date.now()
    expect(await faultOf(stage.server.chargePoints.start(startOrder()))).toBe('CHARGE_POINT_SILENT')
    expect(Date.now() - from).toBeGreaterThanOrEqual(290)
    expect(Date.now() - from).toBeLessThan(20_000)
  })

  it('under way when the connection is lost have an unknown outcome: CHARGE_POINT_SILENT', async () => {
    const stage = await openStage()
    const client = openClient(stage)
    await settled(stage, client)
    client.silence(true)
    const fault = faultOf(stage.server.chargePoints.start(startOrder()))
    await soon(() => actions(client, 'in').includes('RemoteStartTransaction'))
    client.drop(10_000)
    expect(await fault).toBe('CHARGE_POINT_SILENT')
  })

  it('that the charge point refuses are answered rejected', async () => {
    const stage = await openStage()
    const client = openClient(stage, { habits: { refusesStarts: true } })
    await settled(stage, client)
    expect(await stage.server.chargePoints.start(startOrder())).toBe('rejected')
  })

  it('never name connector 0', async () => {
    const stage = await openStage()
    await expect(stage.server.chargePoints.start(startOrder({ evse: 0 }))).rejects.toThrow('Broken invariant')
  })

  it('get through to a charge point that asks Authorize before it answers them', async () => {
    const stage = await openStage()
    const client = openClient(stage, { habits: TOY_PERSONALITIES.thorough })
    await settled(stage, client)
    expect(await stage.server.chargePoints.start(startOrder())).toBe('accepted')
    expect(stage.desk.of('authorize')).toMatchObject([{ idToken: 'ABCDEF0123456789' }])
  })
})

describe('other orders', () => {
  it('to an offline charge point fail at once, to an unknown one as NOT_FOUND', async () => {
    const stage = await openStage()
    const { chargePoints } = stage.server
    expect(await faultOf(chargePoints.stop({ chargePointId: 'CP-1', transactionId: '7' }))).toBe('CHARGE_POINT_OFFLINE')
    expect(await faultOf(chargePoints.ask({ chargePointId: 'CP-1', evse: 1, about: 'status' }))).toBe(
      'CHARGE_POINT_OFFLINE',
    )
    expect(await faultOf(chargePoints.stop({ chargePointId: 'CP-9', transactionId: '7' }))).toBe('NOT_FOUND')
  })

  it('leave in the order stop, start, question, whatever order they were placed in', async () => {
    const stage = await openStage()
    const raw = await openRaw(stage)
    await raw.call('1', 'Heartbeat', {})
    await soon(() => raw.received.some((f) => (f as unknown[])[2] === 'TriggerMessage'))
    const answers = Promise.all([
      faultOf(stage.server.chargePoints.start(startOrder())),
      faultOf(stage.server.chargePoints.stop({ chargePointId: 'CP-1', transactionId: '7' })),
    ])
    const seen: string[] = []
    raw.socket.on('message', (data) => {
      const [type, id, action] = JSON.parse(data.toString()) as [number, string, string]
      if (type !== 2) return
      seen.push(action)
      raw.send([3, id, { status: 'Accepted' }])
    })
    const first = raw.received.find((f) => (f as unknown[])[2] === 'TriggerMessage') as string[]
    raw.send([3, first[1], { status: 'Accepted' }])
    await answers
    await soon(() => seen.length >= 3)
    expect(seen.slice(0, 3)).toEqual(['RemoteStopTransaction', 'RemoteStartTransaction', 'TriggerMessage'])
  })

  it('ask a charge point that knows no TriggerMessage and say so', async () => {
    const stage = await openStage([{ id: 'CP-1', evses: [] }])
    const raw = await openRaw(stage)
    raw.socket.on('message', (data) => {
      const [type, id] = JSON.parse(data.toString()) as [number, string]
      if (type === 2) raw.send([4, id, 'NotImplemented', '', {}])
    })
    await raw.call('1', 'Heartbeat', {})
    expect(await stage.server.chargePoints.ask({ chargePointId: 'CP-1', evse: 1, about: 'meter' })).toBe(
      'not-implemented',
    )
    expect(await faultOf(stage.server.chargePoints.start(startOrder()))).toBe('CHARGE_POINT_REFUSED')
  })

  it('that are answered too late are counted, and the next one goes out', async () => {
    const stage = await openStage([{ id: 'CP-1', evses: [] }], 0.3)
    const raw = await openRaw(stage)
    await raw.call('1', 'Heartbeat', {})
    await soon(() => raw.received.some((f) => (f as unknown[])[2] === 'ChangeConfiguration'))
    const late = raw.received.find((f) => (f as unknown[])[2] === 'ChangeConfiguration') as string[]
    await soon(() => stage.server.counters()['calls_silent'] !== 0)
    raw.send([3, late[1], { status: 'Accepted' }])
    await soon(() => stage.server.counters()['late_answers'] !== 0)
    const asked = faultOf(stage.server.chargePoints.ask({ chargePointId: 'CP-1', evse: 1, about: 'status' }))
    await soon(() => raw.received.some((f) => (f as unknown[])[2] === 'TriggerMessage'))
    expect(await asked).toBe('CHARGE_POINT_SILENT')
  })
})

describe('after boot', () => {
  it('every connector is asked for its status and meter, and the measurands are set and read back', async () => {
    const stage = await openStage([{ id: 'CP-1', evses: [1, 2] }])
    const client = openClient(stage, { connectors: 2 })
    await settled(stage, client)
    await soon(() => stage.desk.of('meter').length === 2)
    expect(actions(client, 'in')).toEqual([
      'TriggerMessage',
      'TriggerMessage',
      'TriggerMessage',
      'TriggerMessage',
      'ChangeConfiguration',
      'ChangeConfiguration',
      'GetConfiguration',
    ])
    expect(stage.server.counters()).toMatchObject({ config_rejected: 0, config_ignored: 0 })
  })

  it('a setting that is rejected, or accepted and ignored, is noted and nothing else', async () => {
    const rejecting = await openStage()
    await settled(rejecting, openClient(rejecting, { habits: TOY_PERSONALITIES.terse }))
    await soon(() => rejecting.server.counters()['config_rejected'] === 1)
    expect(rejecting.server.counters()['config_ignored']).toBe(0)
    const ignoring = await openStage()
    await settled(ignoring, openClient(ignoring, { habits: { ignoresConfiguration: true } }))
    await soon(() => ignoring.server.counters()['config_ignored'] === 2)
    expect(ignoring.log.join()).toContain('meter values may be missing or slow')
  })

  it('who may charge is set where the charge point has such settings, read back, and what it does not keep is told', async () => {
    const stage = await openStage([{ id: 'CP-1', evses: [] }])
    const kept = new Map([
      ['MeterValuesSampledData', ''],
      ['MeterValueSampleInterval', '60'],
      ['AuthorizeRemoteTxRequests', 'True'],
      ['LocalPreAuthorize', 'true'],
      ['AllowOfflineTxForUnknownId', 'true'],
      ['StopTransactionOnInvalidId', 'false'],
    ])
    const READONLY = 'StopTransactionOnInvalidId'
    const raw = await openRaw(stage)
    raw.socket.on('message', (data) => {
      const [type, id, action, fields] = JSON.parse(data.toString())
      if (type !== 2) return
      if (action === 'ChangeConfiguration' && fields.key !== 'LocalPreAuthorize') kept.set(fields.key, fields.value)
      const wanted: string[] = Array.isArray(fields.key) ? fields.key : []
      const configurationKey = wanted.flatMap((key) =>
        kept.has(key) ? [{ key, readonly: key === READONLY, value: kept.get(key) }] : [],
      )
      raw.send([3, id, action === 'GetConfiguration' ? { configurationKey } : { status: 'Accepted' }])
    })
    await raw.call('b', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' })
    await soon(() => stage.settled.length === 1)
    expect(stage.settled).toEqual([['LocalPreAuthorize (asked false, kept true)']])
    expect(kept.get('AllowOfflineTxForUnknownId')).toBe('false')
    const changed = raw.received.flatMap((f) =>
      (f as unknown[])[2] === 'ChangeConfiguration' ? [(f as { key: string }[])[3]?.key] : [],
    )
    expect(changed).toEqual([
      'MeterValuesSampledData',
      'MeterValueSampleInterval',
      'LocalPreAuthorize',
      'AllowOfflineTxForUnknownId',
    ])
  })

  it('a reconnect without a boot asks for the state again', async () => {
    const stage = await openStage()
    const client = openClient(stage)
    await settled(stage, client)
    const before = actions(client, 'in').length
    client.drop()
    await soon(() => actions(client, 'in').length >= before + 2)
    expect(actions(client, 'in').slice(before)).toEqual(['TriggerMessage', 'TriggerMessage'])
    expect(actions(client, 'out').filter((a) => a === 'BootNotification')).toHaveLength(1)
  })

  it('a charge point that boots again is set again, though it has a long queue to replay at once', async () => {
    const stage = await openStage([{ id: 'CP-1', profile: QUICK_PROFILE }])
    const client = openClient(stage, { habits: { afterLoss: 'boot-resume', meterInterval_s: 0.1 } })
    await settled(stage, client)
    client.drop(1_500)
    await soon(() => stage.desk.of('offline').length === 1)
    client.plug(1)
    client.tapCard(1, 'CARD-7')
    await soon(() => actions(client, 'in').filter((a) => a === 'GetConfiguration').length === 2)
    await soon(() => stage.desk.of('meter').filter((n) => n.transactionId === '101').length > 10)
  })
})
