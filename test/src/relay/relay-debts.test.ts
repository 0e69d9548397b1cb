import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { SiteAlarms } from '../../../src/site-alarms.ts'
import { SiteTroubles } from '../../../src/site-troubles.ts'
import { openPlainBackEnd } from './plain-back-end.ts'
import { ALIAS, openBare, openRelayStage, pause, type RelayStage, soon } from './relay-stage.ts'

const basic = (password: string): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`CP-1:${password}`).toString('base64')}`,
})
const stop = (n: number): string =>
  `[2,"s${n}","StopTransaction",{"transactionId":${500 + n},"meterStop":9,"timestamp":"2026-11-22T10:00:0${n}Z"}]`
const owed = (stage: RelayStage): number => stage.relay.state().chargePoints[0]?.owed ?? -1

/** A charge point that said three stops which nobody has answered, and left. */
async function openDebtor(password: string | null, answerWithin_ms = 700) {
  const stage = await openRelayStage({ answerWithin_ms })
  const box = await openBare(`${stage.url()}/CP-1`, ['ocpp1.6'], password === null ? {} : basic(password))
  await soon(() => stage.upstream.connected('CP-1'))
  stage.upstream.silent = true
  for (let n = 0; n < 3; n++) box.send(stop(n))
  await soon(() => stage.upstream.calls.length === 3)
  box.socket.terminate()
  await soon(() => !stage.relay.state().chargePoints[0]?.online)
  return stage
}

for (const [who, password] of [
  ['a stranger', 'guess'],
  ['somebody with its credentials', 'right'],
] as const)
  test(`${who} who knocks in the name of a charge point that is away and is refused keeps nothing from being paid`, async () => {
    const stage = await openDebtor('right')
    stage.upstream.refuses = 401
    await expect(openBare(`${stage.url()}/CP-1`, ['ocpp1.6'], basic(password))).rejects.toThrow('401')
    stage.upstream.refuses = null
    stage.upstream.silent = false
    await soon(() => owed(stage) === 0)
  })

test('a stranger who knocks and is refused does not end the line on which debts are paid', async () => {
  const stage = await openDebtor('right', 20_000)
  stage.upstream.refuses = 401
  await expect(openBare(`${stage.url()}/CP-1`, ['ocpp1.6'], basic('guess'))).rejects.toThrow('401')
  await pause(200)
  const { counters, chargePoints } = stage.relay.state()
  expect([counters['upstream_lost'], chargePoints[0]?.upstream]).toEqual([0, true])
})

test('a knock that the back end refuses ends no handshake of the charge point itself', async () => {
  const waiting: (() => void)[] = []
  const sockets = new WebSocketServer({ noServer: true })
  const http = createServer()
  http.on('upgrade', (request, socket, head) => {
    if (request.headers.authorization !== basic('right').authorization)
      socket.end('HTTP/1.1 401 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    else waiting.push(() => sockets.handleUpgrade(request, socket, head, () => undefined))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate()
    http.closeAllConnections()
    http.close()
  })
  const upstream = `ws://127.0.0.1:${(http.address() as { port: number }).port}/csms`
  const stage = await openRelayStage({ chargePoints: [{ id: 'CP-1', upstream }] })
  const opening = openBare(`${stage.url()}/CP-1`, ['ocpp1.6'], basic('right'))
  await soon(() => waiting.length === 1)
  await expect(openBare(`${stage.url()}/CP-1`, ['ocpp1.6'], basic('guess'))).rejects.toThrow('401')
  waiting[0]?.()
  await opening
  await soon(() => stage.relay.state().chargePoints[0]?.online === true)
})

/** A relay that owes a stop of a charge point that has left, after a restart. */
async function openRestarted(headers: { readonly [name: string]: string }, password?: string): Promise<RelayStage> {
  const stage = await openRelayStage()
  if (password !== undefined) Object.assign(stage.settings.chargePoints[0] ?? {}, { password })
  const box = await openBare(`${stage.url()}/CP-1`, ['ocpp1.6'], headers)
  await soon(() => stage.upstream.connected('CP-1'))
  await stage.upstream.fail()
  box.send(stop(1))
  await soon(() => box.texts.length === 1)
  box.socket.terminate()
  await stage.restart()
  await stage.upstream.recover()
  return stage
}

test('after a restart of the relay debts are paid without the charge point, where it needs no credentials or the site file knows them', async () => {
  const plain = await openRestarted({})
  await soon(() => owed(plain) === 0)
  const known = await openRestarted(basic('right'), 'right')
  await soon(() => owed(known) === 0)
  expect(known.upstream.handshakes.at(-1)).toMatchObject(basic('right'))
})

test('where nobody else knows its password its debts wait for the charge point, and the state says so', async () => {
  const stage = await openRestarted(basic('right'))
  await pause(300)
  expect(stage.relay.state().chargePoints).toMatchObject([{ online: false, owed: 1, dialled: false }])
  expect(stage.upstream.handshakes).toHaveLength(1)
  await openBare(`${stage.url()}/CP-1`, ['ocpp1.6'], basic('right'))
  await soon(() => owed(stage) === 0)
})

test('what is owed of a charge point that is away is an alarm after a while, which says what it waits for', async () => {
  const stage = await openDebtor('right')
  let now = 0
  const alarms = new SiteAlarms(() => undefined)
  const troubles = new SiteTroubles({ alarms: () => alarms, now: () => now, log: () => undefined })
  const look = (dialled: boolean): void => {
    const state = stage.relay.state()
    troubles.relay({ ...state, chargePoints: state.chargePoints.map((one) => ({ ...one, dialled })) })
  }
  look(true)
  expect(alarms.open()).toEqual([])
  now = 31_000
  look(false)
  expect(alarms.open()).toMatchObject([
    { type: 'owed', says: expect.stringMatching(/3 messages.*CP-1 \(3, once it connects/) },
  ])
  stage.upstream.silent = false
  await soon(() => owed(stage) === 0)
  look(true)
  expect(alarms.open()).toEqual([])
})

test('a frame that was too large is an alarm of its charge point for an hour, whoever sent it', () => {
  let now = 0
  const alarms = new SiteAlarms(() => undefined)
  const troubles = new SiteTroubles({ alarms: () => alarms, now: () => now, log: () => undefined })
  troubles.tooLarge('CP-1', 'charge-point')
  troubles.tooLarge('CP-2', 'back-end')
  troubles.tick()
  expect(alarms.open()).toMatchObject([
    { alarmId: 'CP-1/frame-too-large', says: expect.stringMatching(/^CP-1 sent a frame of more than 1 MiB/) },
    { alarmId: 'CP-2/frame-too-large', says: expect.stringMatching(/^The back end of CP-2 sent/) },
  ])
  now = 3_599_000
  troubles.tooLarge('CP-2', 'back-end')
  now = 3_600_000
  troubles.tick()
  expect(alarms.open()).toMatchObject([{ alarmId: 'CP-2/frame-too-large' }])
})

test('a late answer of the back end to a call of berth’s own does not reach the charge point', async () => {
  const back = await openPlainBackEnd()
  const stage = await openRelayStage({ chargePoints: [{ id: 'CP-1', upstream: back.url }] })
  const box = await openBare(`${stage.url()}/CP-1`)
  await soon(() => back.socket !== null)
  const authorize = { chargePointId: 'CP-1', action: 'Authorize', payload: { idTag: ALIAS } }
  expect(await stage.logic.callUpward({ ...authorize, answerWithin_ms: 100 })).toMatchObject({ kind: 'silent' })
  await soon(() => back.heard.length === 1)
  const [, id] = JSON.parse(back.heard[0] ?? '') as [number, string]
  back.say(JSON.stringify([3, id, { idTagInfo: { status: 'Accepted', parentIdTag: ALIAS } }]))
  back.say('[2,"after","ClearCache",{}]')
  await soon(() => box.texts.length > 0)
  expect(box.texts).toEqual(['[2,"after","ClearCache",{}]'])
  expect(stage.relay.state().counters['calls_own_late']).toBe(1)
})

test('calls of berth’s own to the back end go one at a time, behind what the charge point waits for', async () => {
  const back = await openPlainBackEnd()
  const stage = await openRelayStage({ chargePoints: [{ id: 'CP-1', upstream: back.url }] })
  const box = await openBare(`${stage.url()}/CP-1`)
  await soon(() => back.socket !== null)
  box.send('[2,"h1","DataTransfer",{}]')
  await soon(() => back.heard.length === 1)
  const ask = (action: string) =>
    stage.logic.callUpward({ chargePointId: 'CP-1', action, payload: {}, answerWithin_ms: 2_000 })
  const first = ask('Authorize')
  const second = ask('NotifyEvent')
  await pause(200)
  expect(back.heard).toHaveLength(1)
  back.say('[3,"h1",{}]')
  await soon(() => back.heard.length === 2)
  await pause(150)
  expect(back.heard).toHaveLength(2)
  back.say(`[3,${JSON.stringify((JSON.parse(back.heard[1] ?? '') as unknown[])[1])},{}]`)
  expect(await first).toMatchObject({ kind: 'result' })
  await soon(() => back.heard.length === 3)
  back.say(`[3,${JSON.stringify((JSON.parse(back.heard[2] ?? '') as unknown[])[1])},{}]`)
  expect(await second).toMatchObject({ kind: 'result' })
})

test('a slow back end that chooses another version than the charge point was let in with has it come again, and both agree', async () => {
  const chosen: string[] = []
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has('ocpp1.6') ? 'ocpp1.6' : false),
  })
  const http = createServer()
  http.on('upgrade', (request, socket, head) =>
    setTimeout(() => sockets.handleUpgrade(request, socket, head, (opened) => void chosen.push(opened.protocol)), 600),
  )
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate()
    http.closeAllConnections()
    http.close()
  })
  const upstream = `ws://127.0.0.1:${(http.address() as { port: number }).port}/csms`
  const chargePoints = [{ id: 'CP-1', upstream, password: 'right' }]
  const stage = await openRelayStage({ dialWithin_ms: 200, chargePoints })
  const both = ['ocpp2.0.1', 'ocpp1.6']
  const box = await openBare(`${stage.url()}/CP-1`, both, basic('right'))
  expect(box.socket.protocol).toBe('ocpp2.0.1')
  expect(await box.closed).toBe(1012)
  const again = await openBare(`${stage.url()}/CP-1`, both, basic('right'))
  expect(again.socket.protocol).toBe('ocpp1.6')
  await soon(() => stage.relay.state().chargePoints[0]?.upstream === true)
  expect(chosen.at(-1)).toBe('ocpp1.6')
})

test('a logic that is held reads nothing, and hears it all once it goes on', async () => {
  const stage = await openRelayStage()
  stage.logic.hold(true)
  await openBare(`${stage.url()}/CP-1`)
  await pause(200)
  expect(stage.news.filter(({ event }) => event === 'online')).toEqual([])
  stage.logic.hold(false)
  await soon(() => stage.news.some(({ event }) => event === 'online'))
})

test('a charge point that comes back while a stop of its is under way to a slow back end has it said no second time', async () => {
  const heard: string[] = []
  let answers_ms: number | null = null
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'ocpp1.6' })
  await new Promise((resolve) => sockets.once('listening', resolve))
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate()
    sockets.close()
  })
  sockets.on('connection', (socket) =>
    socket.on('message', (data) => {
      const [, id, action] = JSON.parse(data.toString())
      heard.push(action)
      if (answers_ms !== null) setTimeout(() => socket.send(JSON.stringify([3, id, {}])), answers_ms)
    }),
  )
  const upstream = `ws://127.0.0.1:${(sockets.address() as { port: number }).port}/csms`
  const chargePoints = [{ id: 'CP-1', upstream, password: 'right' }]
  const stage = await openRelayStage({ chargePoints, answerWithin_ms: 30_000 })
  const box = await openBare(`${stage.url()}/CP-1`, ['ocpp1.6'], basic('right'))
  box.send(stop(1))
  await soon(() => heard.length === 1)
  answers_ms = 300
  await stage.restart()
  await soon(() => heard.length === 2)
  await openBare(`${stage.url()}/CP-1`, ['ocpp1.6'], basic('right'))
  await soon(() => owed(stage) === 0)
  expect(heard).toHaveLength(2)
})
