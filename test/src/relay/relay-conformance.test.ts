import { createRequire } from 'node:module'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { systemChance } from '../../../src/chance.ts'
import { systemClock } from '../../../src/clock.ts'
import { openRelay } from '../../../src/relay/relay.ts'
import { fc } from '../../seeded-check.ts'
import { openPlainBackEnd } from './plain-back-end.ts'
import { ALIAS, openBare, openRelayStage, pause, relaySettings, soon, TOKEN } from './relay-stage.ts'

type Echo = {
  readonly url: string
  readonly got: string[]
  readonly codes: number[]
  readonly binary: string[]
  send(text: string): void
  readonly open: () => boolean
  readonly protocols: string[]
}

/** A back end that writes down and says what it is told to. */
async function openEcho(): Promise<Echo> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 1024 * 1024, perMessageDeflate: false })
  await new Promise<void>((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  const got: string[] = []
  const binary: string[] = []
  const codes: number[] = []
  const protocols: string[] = []
  let socket: WebSocket | null = null
  server.on('connection', (opened) => {
    socket = opened
    protocols.push(opened.protocol)
    opened.on('error', () => undefined)
    opened.on('close', (code) => codes.push(code))
    opened.on(
      'message',
      (data, isBinary) => void (isBinary ? binary : got).push((data as Buffer).toString(isBinary ? 'hex' : 'utf8')),
    )
  })
  const address = server.address() as { port: number }
  const url = `ws://127.0.0.1:${address.port}/csms`
  return {
    url,
    got,
    codes,
    binary,
    protocols,
    send: (text) => socket?.send(text),
    open: () => socket?.readyState === WebSocket.OPEN,
  }
}

async function openThrough(echo: Echo, protocol: string): Promise<Awaited<ReturnType<typeof openBare>>> {
  const relay = await openRelay(relaySettings(echo.url), { clock: systemClock, chance: systemChance })
  onTestFinished(() => relay.close())
  const bare = await openBare(`ws://127.0.0.1:${relay.port}/ocpp/CP-1`, [protocol])
  await soon(echo.open)
  return bare
}

const require = createRequire(import.meta.url)

/** Every action of a version, by the schemas that a library ships. */
function actionsOf(version: '1_6' | '2_0_1' | '2_1'): string[] {
  const schemas = require(`ocpp-rpc/lib/schemas/ocpp${version}.json`) as { $id: string }[]
  const isAnswer = /(?:\.conf|Response)$/
  return schemas.flatMap(({ $id }) =>
    isAnswer.test($id) ? [] : (/^urn:(\w+?)(?:\.req|Request)?$/.exec($id)?.[1] ?? []),
  )
}

const id = fc.oneof(
  fc.uuid().map((text) => JSON.stringify(text)),
  fc.integer().map(String),
  fc.string({ maxLength: 36 }).map((text) => JSON.stringify(text)),
  fc.constantFrom('"\\u0031"', '""', 'null', '1.5'),
)
const payload = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '{ }',
    '{"transactionId": 501 , "idTag":"CARD-0001"}',
    '{"idToken":{"idToken":"x","type":"ISO14443"}}',
  ),
)
const cut = fc.tuple(fc.string(), fc.nat()).map(([text]) => text)

function frame(actions: readonly string[]): fc.Arbitrary<string> {
  const call = fc.tuple(fc.constantFrom(2, 6), id, fc.constantFrom(...actions), payload)
  return fc.oneof(
    { weight: 5, arbitrary: call.map(([type, i, action, p]) => `[${type},${i},"${action}",${p}]`) },
    { weight: 2, arbitrary: fc.tuple(id, payload).map(([i, p]) => `[3, ${i},${p}]`) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom(4, 5), id, payload).map(([t, i, p]) => `[${t},${i},"GenericError","",${p}]`),
    },
    {
      weight: 1,
      arbitrary: call.chain(([type, i, action, p]) =>
        fc.nat(40).map((n) => `[${type},${i},"${action}",${p}]`.slice(0, n)),
      ),
    },
    { weight: 1, arbitrary: cut },
  )
}

/** With the security extension of 1.6, and the one SEND of 2.1. */
for (const [version, protocol, known] of [
  ['1_6', 'ocpp1.6', 39],
  ['2_0_1', 'ocpp2.0.1', 64],
  ['2_1', 'ocpp2.1', 91],
] as const)
  test(`${protocol}: what goes through the relay is byte for byte what goes directly, both ways, in order`, async () => {
    const actions = actionsOf(version)
    expect(new Set(actions).size).toBe(known)
    const echo = await openEcho()
    const bare = await openThrough(echo, protocol)
    expect(echo.protocols).toEqual([protocol])
    const up = [
      ...actions.map((action, i) => `[2,"all-${i}","${action}",{"n": ${i}}]`),
      ...actions.map((action, i) => `[6,"send-${i}","${action}",{"n": ${i}}]`),
      ...fc.sample(frame(actions), 400),
    ]
    for (const text of up) bare.send(text)
    await soon(() => echo.got.length >= up.length)
    expect(echo.got).toEqual(up)
    // Downwards, calls wait for each other: each is answered before the next is sent.
    const down = [
      ...actions.map((action, i) => `[2,"all-${i}","${action}",{"n": ${i}}]`),
      ...fc.sample(frame(actions), 200),
    ]
    for (const text of down) {
      const heard = bare.texts.length
      echo.send(text)
      await soon(() => bare.texts.length > heard)
      const called = /^\[2,(.*?),"\w+",/.exec(text)?.[1]
      if (called !== undefined) bare.send(`[3,${called},{}]`)
    }
    expect(bare.texts).toEqual(down)
  })

test('a binary frame passes as it is', async () => {
  const echo = await openEcho()
  const bare = await openThrough(echo, 'ocpp1.6')
  bare.socket.send(Buffer.from([0, 255, 128, 7]))
  await soon(() => echo.binary.length > 0)
  expect(echo.binary).toEqual(['00ff8007'])
})

test('a frame of more than a mebibyte is refused as the back end refuses it: 1009', async () => {
  const echo = await openEcho()
  const direct = await openBare(`${echo.url}/CP-1`)
  const through = await openThrough(echo, 'ocpp1.6')
  const text = `[2,"1","DataTransfer",{"data":"${'x'.repeat(1024 * 1024)}"}]`
  direct.send(text)
  through.send(text)
  expect(await Promise.all([direct.closed, through.closed])).toEqual([1009, 1009])
})

test('a frame that is too large is told to berth, from whichever side it comes', async () => {
  const back = await openPlainBackEnd()
  const stage = await openRelayStage({ chargePoints: [{ id: 'CP-1', upstream: back.url }] })
  const large = `[2,"1","DataTransfer",{"data":"${'x'.repeat(1024 * 1024)}"}]`
  const told = (): string[] => stage.news.flatMap((n) => (n.event === 'frame.too-large' ? n.from : []))
  const first = await openBare(`${stage.url()}/CP-1`)
  first.send(large)
  await soon(() => told().length === 1)
  await openBare(`${stage.url()}/CP-1`)
  await soon(() => back.socket !== null)
  back.say(large)
  await soon(() => told().length === 2)
  expect(told()).toEqual(['charge-point', 'back-end'])
  expect(stage.relay.state().counters['frames_too_large']).toBe(2)
})

test('one just below passes', async () => {
  const echo = await openEcho()
  const through = await openThrough(echo, 'ocpp1.6')
  const text = `[2,"1","DataTransfer",{"data":"${'x'.repeat(1024 * 1024 - 100)}"}]`
  through.send(text)
  await soon(() => echo.got.length > 0)
  expect(echo.got[0] === text).toBe(true)
})

test('signed meter data and DataTransfer pass untouched beside a replaced token', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`)
  await stage.logic.put({ chargePointId: 'CP-1', token: TOKEN, alias: ALIAS, startId: 'start-1' })
  const data = `[2,"1","DataTransfer",{"vendorId":"v","data":"${TOKEN}"}]`
  const stop =
    `[2,"2","StopTransaction",{ "idTag" : "${TOKEN.toLowerCase()}","transactionId":501,"meterStop":12.50,"timestamp":"2026-11-22T10:00:00Z",` +
    `"transactionData":[{"sampledValue":[{"value":"OCMF|{\\"TT\\":\\"${TOKEN}\\"}|{}","format":"SignedData"}]}]}]`
  bare.send(data)
  bare.send(stop)
  await soon(() => stage.upstream.calls.length === 2)
  expect(stage.upstream.calls.map((c) => c.text)).toEqual([data, stop.replace(TOKEN.toLowerCase(), ALIAS)])
})

test('2.x: an own token becomes the alias in every event, and Authorize of it is answered here', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`, ['ocpp2.0.1'])
  await stage.logic.put({ chargePointId: 'CP-1', token: TOKEN, alias: ALIAS, startId: 'start-1' })
  bare.send(`[2,"1","Authorize",{"idToken":{"idToken":"${TOKEN}","type":"Central"}}]`)
  const event = (type: string, n: number): string =>
    `[2,"${n}","TransactionEvent",{"eventType":"${type}","seqNo":${n},"idToken":{"type":"Central","idToken":"${TOKEN}"},"transactionInfo":{"transactionId":"tx-1"}}]`
  const events = [event('Started', 2), event('Updated', 3), event('Ended', 4)]
  for (const text of events) bare.send(text)
  await soon(() => bare.texts.length === 4)
  expect(bare.texts[0]).toBe('[3,"1",{"idTokenInfo":{"status":"Accepted"}}]')
  expect(stage.upstream.calls.map((c) => c.text)).toEqual(events.map((text) => text.replace(TOKEN, ALIAS)))
  expect(stage.upstream.bills).toMatchObject([{ payer: ALIAS, ended: true }])
})

test('2.x: a start without a token that answers our remote start gets the alias; one of the back end’s stays nameless', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`, ['ocpp2.0.1'])
  await stage.logic.put({ chargePointId: 'CP-1', token: TOKEN, alias: ALIAS, startId: 'start-1' })
  const call = stage.logic.call({
    chargePointId: 'CP-1',
    action: 'RequestStartTransaction',
    payload: { idToken: { idToken: TOKEN, type: 'Central' }, remoteStartId: 77, evseId: 1 },
    deadline: Date.now() + 60_000,
    answerWithin_ms: 60_000,
  })
  await soon(() => bare.texts.length === 1)
  const ours = JSON.parse(bare.texts[0] ?? '')[1] as string
  bare.send(`[3,"${ours}",{"status":"Accepted"}]`)
  expect(await call.end).toEqual({ kind: 'result', payload: { status: 'Accepted' } })
  const started = (tx: string, remote: number): string =>
    `[2,"${tx}","TransactionEvent",{"eventType":"Started","timestamp":"t","triggerReason":"RemoteStart","seqNo":0,"transactionInfo":{"transactionId":"${tx}","remoteStartId":${remote}}}]`
  bare.send(started('tx-1', 77))
  bare.send(started('tx-2', 78))
  await soon(() => stage.upstream.calls.length === 2)
  expect(stage.upstream.calls.map((c) => c.text)).toEqual([
    started('tx-1', 77).replace('{"eventType"', `{"idToken":{"idToken":"${ALIAS}","type":"Central"},"eventType"`),
    started('tx-2', 78),
  ])
  expect(stage.upstream.bills.map((b) => b.payer)).toEqual([ALIAS, 'nobody'])
  // The back end takes the number for a start of its own: from then on it is the back end's.
  void stage.upstream
    .ask('CP-1', 'RequestStartTransaction', { idToken: { idToken: 'C', type: 'Central' }, remoteStartId: 77 })
    .catch(() => undefined)
  await soon(() => bare.texts.some((t) => t.includes('"C"')))
  bare.send(started('tx-3', 77))
  await soon(() => stage.upstream.calls.length === 3)
  expect(stage.upstream.calls[2]?.text).toBe(started('tx-3', 77))
  expect(stage.upstream.others.filter((t) => t.includes(ours))).toEqual([])
})

test('2.x: a start with a dead token is refused here, and nothing of its transaction goes up', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`, ['ocpp2.0.1'])
  await stage.logic.put({ chargePointId: 'CP-1', token: TOKEN, alias: ALIAS, startId: 'start-1' })
  await stage.logic.bury(TOKEN)
  bare.send(
    `[2,"1","TransactionEvent",{"eventType":"Started","idToken":{"idToken":"${TOKEN}","type":"Central"},"transactionInfo":{"transactionId":"tx-1"}}]`,
  )
  bare.send('[2,"2","TransactionEvent",{"eventType":"Ended","transactionInfo":{"transactionId":"tx-1"}}]')
  bare.send('[2,"3","Heartbeat",{}]')
  await soon(() => bare.texts.length === 3)
  expect([...bare.texts].sort().slice(0, 2)).toEqual(['[3,"1",{"idTokenInfo":{"status":"Invalid"}}]', '[3,"2",{}]'])
  expect(stage.upstream.calls.map((c) => c.action)).toEqual(['Heartbeat'])
})

test('five thousand broken frames from either side end nothing', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`)
  const valid = [
    `[2,"1","StartTransaction",{"connectorId":1,"idTag":"${TOKEN}","meterStart":0,"timestamp":"2026-11-22T10:00:00Z"}]`,
    '[2,"2","MeterValues",{"connectorId":1,"transactionId":501,"meterValue":[{"timestamp":"2026-11-22T10:00:00Z","sampledValue":[{"value":"1"}]}]}]',
    '[3,"berth-","x"]',
    '[2,"csms-1","RemoteStopTransaction",{"transactionId":2000000001}]',
    '[2,"5","TransactionEvent",{"eventType":"Started","idToken":{"idToken":"A"},"transactionInfo":{"transactionId":"t","remoteStartId":1}}]',
  ]
  await stage.logic.put({ chargePointId: 'CP-1', token: TOKEN, alias: ALIAS, startId: 'start-1' })
  const bytes = fc.sample(
    fc.record({ pick: fc.nat(4), at: fc.nat(200), put: fc.string({ maxLength: 3 }), cut: fc.nat(3) }),
    5_000,
  )
  for (const [i, { pick, at, put, cut: n }] of bytes.entries()) {
    const text = valid[pick] as string
    const broken = text.slice(0, at) + put + text.slice(at + n)
    if (i % 2 === 0) bare.send(broken)
    else stage.upstream.sendRaw('CP-1', broken)
    if (i % 200 === 0) await pause(1)
  }
  const again = bare.socket.readyState === WebSocket.OPEN ? bare : await openBare(`${stage.url()}/CP-1`)
  again.send('[2,"last","Heartbeat",{}]')
  await soon(() => again.texts.some((t) => t.startsWith('[3,"last"')))
  expect(stage.relay.state().counters['surprises']).toBe(0)
  expect(stage.relay.state().counters['connections']).toBe(1)
})
