import { expect, test } from 'vitest'
import { ALIAS, CARD, openBare, openRelayStage, pause, soon, startPlate, TOKEN } from './relay-stage.ts'

const BOOT = '[2,"b","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]'
const START = (id: string, token: string): string =>
  `[2,"${id}","StartTransaction",{"connectorId":1,"idTag":"${token}","meterStart":1,"timestamp":"2026-11-22T10:00:00Z"}]`
const METER = (id: string, tx: number, n: number): string =>
  `[2,"${id}","MeterValues",{"connectorId":1,"transactionId":${tx},"meterValue":[{"timestamp":"2026-11-22T10:0${n}:00Z","sampledValue":[]}]}]`

const answerTo = (texts: readonly string[], id: string): unknown => {
  const text = texts.find((t) => t.startsWith(`[3,"${id}"`))
  return text === undefined ? undefined : (JSON.parse(text) as unknown[])[2]
}

test('a charge point that restarts while the back end is away goes on, and the back end hears of it later, in order', async () => {
  const stage = await openRelayStage()
  const first = await openBare(`${stage.url()}/CP-1`)
  first.send(BOOT)
  await soon(() => answerTo(first.texts, 'b') !== undefined)
  await stage.upstream.fail()
  const bare = await openBare(`${stage.url()}/CP-1`)
  bare.send(BOOT.replace('"b"', '"b2"'))
  await soon(() => answerTo(bare.texts, 'b2') !== undefined)
  expect(answerTo(bare.texts, 'b2')).toMatchObject({ status: 'Accepted', interval: 300 })
  bare.send('[2,"h","Heartbeat",{}]')
  bare.send('[2,"s1","StatusNotification",{"connectorId":1,"status":"Preparing","errorCode":"NoError"}]')
  bare.send('[2,"s2","StatusNotification",{"connectorId":1,"status":"Faulted","errorCode":"NoError"}]')
  bare.send('[2,"e","SecurityEventNotification",{"type":"StartupOfTheDevice","timestamp":"t"}]')
  await soon(() => bare.texts.length === 5)
  expect(answerTo(bare.texts, 'h')).toHaveProperty('currentTime')
  await stage.upstream.recover()
  await soon(() => stage.upstream.calls.length >= 4)
  await pause(100)
  // A heartbeat is of no use later, and of two statuses of one connector only the newest is true.
  expect(stage.upstream.calls.map((c) => c.id)).toEqual(['b', 'b2', 's2', 'e'])
  expect(bare.texts).toHaveLength(5)
})

test('what was on its way when the back end went is asked again, and the charge point is not left waiting', async () => {
  const stage = await openRelayStage({ cardsHearError: false })
  const bare = await openBare(`${stage.url()}/CP-1`)
  await soon(() => stage.upstream.connected('CP-1'))
  stage.upstream.silent = true
  bare.send('[2,"s","StatusNotification",{"connectorId":1,"status":"Available","errorCode":"NoError"}]')
  bare.send(`[2,"a","Authorize",{"idTag":"${CARD}"}]`)
  bare.send('[2,"d","DataTransfer",{"vendorId":"once"}]')
  await soon(() => stage.upstream.calls.length === 3)
  await stage.upstream.fail()
  stage.upstream.silent = false
  await soon(() => answerTo(bare.texts, 's') !== undefined)
  await stage.upstream.recover()
  await soon(() => answerTo(bare.texts, 'a') !== undefined)
  await pause(100)
  expect(stage.upstream.calls.map((c) => c.id)).toEqual(['s', 'a', 'd', 's', 'a'])
})

test('of two statuses in a short absence the newest goes up, and both are answered', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`)
  await soon(() => stage.upstream.connected('CP-1'))
  await stage.upstream.fail()
  bare.send('[2,"s1","StatusNotification",{"connectorId":1,"status":"Preparing","errorCode":"NoError"}]')
  await pause(30)
  bare.send('[2,"s2","StatusNotification",{"connectorId":1,"status":"Charging","errorCode":"NoError"}]')
  await soon(() => bare.texts.length === 2)
  await stage.upstream.recover()
  await soon(() => stage.upstream.calls.length === 1)
  expect(stage.upstream.calls[0]?.id).toBe('s2')
})

test('a charge point that the back end never let boot is not let boot by the relay', async () => {
  const stage = await openRelayStage()
  await openBare(`${stage.url()}/CP-1`)
  await soon(() => stage.upstream.connected('CP-1'))
  await stage.upstream.fail()
  const bare = await openBare(`${stage.url()}/CP-1`)
  bare.send(BOOT)
  await pause(400)
  expect(bare.texts).toEqual([])
})

test('nobody says yes to a card in the back end’s absence; its start is kept, and answered by the back end', async () => {
  const stage = await openRelayStage({ cardsHearError: false })
  const bare = await openBare(`${stage.url()}/CP-1`)
  await soon(() => stage.upstream.connected('CP-1'))
  await stage.upstream.fail()
  bare.send(`[2,"a","Authorize",{"idTag":"${CARD}"}]`)
  bare.send(START('1', CARD))
  await pause(500)
  // It asks again, as charge points do, and is not kept twice.
  bare.send(START('2', CARD))
  bare.send(START('3', TOKEN))
  await pause(100)
  expect(bare.texts).toEqual([])
  await stage.upstream.recover()
  await soon(() => bare.texts.length >= 3)
  expect(answerTo(bare.texts, '2')).toEqual({ transactionId: 501, idTagInfo: { status: 'Accepted' } })
  expect(answerTo(bare.texts, 'a')).toEqual({ idTagInfo: { status: 'Accepted' } })
  expect(stage.upstream.calls.filter((c) => c.text.includes(CARD)).map((c) => c.id)).toEqual(['a', '1'])
})

test('a short absence is not answered for: the back end’s own answers come', async () => {
  const stage = await openRelayStage({ patience_ms: 30_000 })
  const bare = await openBare(`${stage.url()}/CP-1`)
  await soon(() => stage.upstream.connected('CP-1'))
  await stage.logic.put({ chargePointId: 'CP-1', token: TOKEN, alias: ALIAS, startId: 'start-1' })
  await stage.upstream.fail()
  bare.send(START('1', TOKEN))
  bare.send('[2,"2","Heartbeat",{}]')
  await stage.upstream.recover()
  await soon(() => bare.texts.length === 2)
  expect(answerTo(bare.texts, '1')).toEqual({ transactionId: 501, idTagInfo: { status: 'Accepted' } })
  expect(stage.relay.state().counters['answered_locally']).toBe(0)
})

test('what was answered here is tried three times against errors, then given up and told', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`)
  await soon(() => stage.upstream.connected('CP-1'))
  await stage.upstream.fail()
  bare.send(METER('1', 7, 1))
  await soon(() => bare.texts.length === 1)
  bare.send(METER('2', 7, 2))
  await soon(() => bare.texts.length === 2)
  stage.upstream.failsAt = 'MeterValues'
  await stage.upstream.recover()
  await soon(() => stage.news.some((n) => n.event === 'message.given-up'))
  stage.upstream.failsAt = null
  await soon(() => stage.relay.state().chargePoints[0]?.owed === 0)
  expect(stage.upstream.calls.map((c) => c.id).filter((id) => id === '1')).toHaveLength(3)
  expect(stage.upstream.calls.at(-1)?.id).toBe('2')
  expect(bare.texts).toHaveLength(2)
})

test('a back end that is there and does not answer what is late is dialled anew, and told again', async () => {
  const stage = await openRelayStage({ answerWithin_ms: 200 })
  const bare = await openBare(`${stage.url()}/CP-1`)
  await soon(() => stage.upstream.connected('CP-1'))
  await stage.upstream.fail()
  bare.send(METER('1', 7, 1))
  await soon(() => bare.texts.length === 1)
  stage.upstream.silent = true
  await stage.upstream.recover()
  await soon(() => stage.upstream.calls.length === 2)
  stage.upstream.silent = false
  await soon(() => stage.relay.state().chargePoints[0]?.owed === 0)
  expect(new Set(stage.upstream.calls.map((c) => c.text))).toEqual(new Set([METER('1', 7, 1)]))
})

test('an error of the back end reaches the charge point that waits for the answer', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`)
  stage.upstream.failsAt = 'MeterValues'
  bare.send(METER('1', 7, 1))
  await soon(() => bare.texts.length === 1)
  expect(bare.texts[0]).toBe('[4,"1","InternalError","the database is away",{}]')
  stage.upstream.failsAt = null
  bare.send(METER('2', 7, 1))
  await soon(() => bare.texts.length === 2)
  expect(bare.texts[1]).toBe('[3,"2",{}]')
})

test('the charge point leaves while the back end is away: what is owed is paid without it, then the line is closed', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`)
  await soon(() => stage.upstream.connected('CP-1'))
  await stage.upstream.fail()
  bare.send(METER('1', 7, 1))
  await soon(() => bare.texts.length === 1)
  bare.socket.close(1000)
  await pause(200)
  await stage.upstream.recover()
  await soon(() => stage.upstream.calls.length === 1)
  await soon(() => !stage.upstream.connected('CP-1'))
})

test('a back end that never answers cannot keep the line of a charge point that has left', async () => {
  const stage = await openRelayStage({ answerWithin_ms: 150 })
  const bare = await openBare(`${stage.url()}/CP-1`)
  await soon(() => stage.upstream.connected('CP-1'))
  stage.upstream.silent = true
  bare.send(METER('1', 7, 1))
  await soon(() => stage.upstream.calls.length === 1)
  bare.socket.close(1000)
  await soon(() => stage.news.some((n) => n.event === 'message.given-up'))
  await soon(() => !stage.upstream.connected('CP-1'))
  expect(new Set(stage.upstream.calls.map((c) => c.text)).size).toBe(1)
})

test('a late answer to one of our calls reaches nobody', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`)
  await soon(() => stage.upstream.connected('CP-1'))
  const call = stage.logic.call({
    chargePointId: 'CP-1',
    action: 'GetConfiguration',
    payload: {},
    deadline: Date.now() + 60_000,
    answerWithin_ms: 100,
  })
  expect(await call.end).toEqual({ kind: 'silent', why: 'no answer in time' })
  await soon(() => bare.texts.length === 1)
  const id = (JSON.parse(bare.texts[0] ?? '') as string[])[1] as string
  bare.send(`[3,"${id}",{}]`)
  bare.send('[2,"1","Heartbeat",{}]')
  await soon(() => bare.texts.length === 2)
  expect(stage.upstream.others).toEqual([])
  expect(stage.relay.state().counters['calls_own_late']).toBe(1)
})

test('an answer to a call of a back end that is gone does not reach its next connection', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`)
  await soon(() => stage.upstream.connected('CP-1'))
  stage.upstream.sendRaw('CP-1', '[2,"q","GetConfiguration",{}]')
  await soon(() => bare.texts.length === 1)
  await stage.upstream.fail()
  await stage.upstream.recover()
  await soon(() => stage.upstream.connected('CP-1'))
  bare.send('[3,"q",{}]')
  bare.send('[2,"1","Heartbeat",{}]')
  await soon(() => bare.texts.length === 2)
  expect(stage.upstream.others).toEqual([])
})

test('a relay without any logic carries a plate’s session to its end', async () => {
  const stage = await openRelayStage()
  const box = stage.chargePoint({ habits: { meterInterval_s: 0.2 } })
  await soon(() => stage.upstream.connected('CP-1') && box.frames.length > 3)
  box.plug(1)
  await startPlate(stage)
  stage.logic.close()
  await soon(() => (stage.upstream.bills[0]?.samples ?? 0) > 1)
  box.unplug(1)
  await soon(() => stage.upstream.bills[0]?.ended === true)
  expect(stage.upstream.bills[0]?.payer).toBe(ALIAS)
})

test('a broken message of a transaction goes up once, and what follows it does not wait when the back end comes back', async () => {
  const stage = await openRelayStage({ answerWithin_ms: 20_000 })
  const bare = await openBare(`${stage.url()}/CP-1`)
  await soon(() => stage.upstream.connected('CP-1'))
  const broken = START('x', CARD).slice(0, -9)
  bare.send(broken)
  await soon(() => stage.upstream.others.length === 1)
  await stage.upstream.fail()
  bare.send(START('s', CARD))
  await stage.upstream.recover()
  await soon(() => answerTo(bare.texts, 's') !== undefined)
  expect(stage.upstream.others).toEqual([broken])
})

test('a card that is asked for while the back end is away hears an error and no verdict, after a moment in which it may come back', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`)
  await soon(() => stage.upstream.connected('CP-1'))
  const asked = performance.now()
  await stage.upstream.fail()
  bare.send(`[2,"a","Authorize",{"idTag":"${CARD}"}]`)
  await soon(() => bare.texts.length === 1)
  expect(performance.now() - asked).toBeGreaterThan(100)
  expect(JSON.parse(bare.texts[0] ?? '')).toMatchObject([4, 'a', 'InternalError', expect.any(String), {}])
  bare.send(`[2,"b","Authorize",{"idTag":"${CARD}"}]`)
  await soon(() => bare.texts.length === 2)
  await stage.upstream.recover()
  await soon(() => stage.upstream.connected('CP-1'))
  bare.send(`[2,"c","Authorize",{"idTag":"${CARD}"}]`)
  await soon(() => answerTo(bare.texts, 'c') !== undefined)
  expect(answerTo(bare.texts, 'c')).toEqual({ idTagInfo: { status: 'Accepted' } })
  // What was answered here is not asked again.
  expect(stage.upstream.calls.map((c) => c.id)).toEqual(['c'])
})
