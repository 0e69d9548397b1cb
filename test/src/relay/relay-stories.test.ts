import { expect, test } from 'vitest'
import { ALIAS, CARD, openRelayStage, pause, soon, startPlate, TOKEN } from './relay-stage.ts'

const QUICK = { meterInterval_s: 0.2 }

test('a plate’s session is billed to the vehicle’s alias, and the back end never sees the token', async () => {
  const stage = await openRelayStage()
  const box = stage.chargePoint({ habits: { authorizesRemote: true, ...QUICK } })
  await soon(() => stage.upstream.connected('CP-1') && box.frames.length > 3)
  box.plug(1)
  expect(await startPlate(stage)).toBe('Accepted')
  await soon(() => (stage.upstream.bills[0]?.samples ?? 0) > 1)
  expect(stage.upstream.bills[0]).toMatchObject({ payer: ALIAS, transactionId: 501 })
  expect(box.connector(1).transactionId).toBe(501)
  box.unplug(1)
  await soon(() => stage.upstream.bills[0]?.ended === true)
  expect(stage.upstream.calls.filter((c) => c.text.includes(TOKEN))).toEqual([])
  expect(stage.upstream.calls.some((c) => c.action === 'Authorize')).toBe(false)
  expect(stage.upstream.others).toEqual([])
  const news = stage.news.find((n) => n.event === 'transaction.billed')
  expect(news).toMatchObject({ startId: 'start-1', transactionId: '501', upstreamTransactionId: '501' })
})

test('a card’s session passes untouched', async () => {
  const stage = await openRelayStage()
  const box = stage.chargePoint({ habits: QUICK })
  await soon(() => stage.upstream.connected('CP-1') && box.frames.length > 3)
  box.plug(1)
  box.tapCard(1, CARD)
  await soon(() => (stage.upstream.bills[0]?.samples ?? 0) > 0)
  box.tapCard(1, CARD)
  await soon(() => stage.upstream.bills[0]?.ended === true)
  const sent = box.frames.filter((f) => f.way === 'out').map((f) => JSON.stringify(f.frame))
  await soon(() => stage.upstream.calls.length >= sent.length)
  expect(stage.upstream.calls.map((c) => c.text)).toEqual(sent)
  expect(stage.upstream.bills).toHaveLength(1)
  expect(stage.upstream.bills[0]?.payer).toBe(CARD)
})

test('a card that the back end does not know is refused by the back end, not by the relay', async () => {
  const stage = await openRelayStage()
  const box = stage.chargePoint()
  await soon(() => stage.upstream.connected('CP-1') && box.frames.length > 3)
  box.plug(1)
  box.tapCard(1, 'STRANGER')
  await soon(() => box.frames.some((f) => f.way === 'in' && JSON.stringify(f.frame).includes('Invalid')))
  expect(stage.upstream.calls.some((c) => c.action === 'Authorize' && c.payload['idTag'] === 'STRANGER')).toBe(true)
  expect(stage.upstream.bills).toEqual([])
})

test('the back end restarts in a session: nothing is lost, nothing twice, and the charge point keeps its socket', async () => {
  const stage = await openRelayStage()
  const box = stage.chargePoint({ habits: QUICK })
  await soon(() => stage.upstream.connected('CP-1') && box.frames.length > 3)
  box.plug(1)
  await startPlate(stage)
  await soon(() => (stage.upstream.bills[0]?.samples ?? 0) > 0)
  await stage.upstream.fail()
  await pause(700)
  expect(box.online).toBe(true)
  await stage.upstream.recover()
  await soon(() => stage.upstream.connected('CP-1'))
  await pause(400)
  box.unplug(1)
  await soon(() => stage.upstream.bills[0]?.ended === true)
  const billed = (text: string): boolean => /"(Start|Stop)Transaction"|"transactionId"/.test(text)
  const sent = box.frames
    .filter((f) => f.way === 'out')
    .map((f) => JSON.stringify(f.frame).replaceAll(TOKEN, ALIAS))
    .filter(billed)
  const got = stage.upstream.calls.map((c) => c.text).filter(billed)
  const unanswered = new Set(stage.upstream.calls.filter((c) => !c.answered).map((c) => c.text))
  expect([...new Set(got)]).toEqual(sent)
  expect(got.filter((text, i) => got.indexOf(text) !== i && !unanswered.has(text)).length).toBeLessThanOrEqual(1)
  expect(stage.relay.state().counters['connections']).toBe(1)
})

test('a session that begins while the back end is away gets an id of the relay’s, and each side keeps its own', async () => {
  const stage = await openRelayStage()
  const box = stage.chargePoint({ habits: QUICK })
  await soon(() => stage.upstream.connected('CP-1') && box.frames.length > 3)
  await stage.upstream.fail()
  await pause(300)
  box.plug(1)
  expect(await startPlate(stage)).toBe('Accepted')
  await soon(() => box.connector(1).transactionId !== null)
  const given = box.connector(1).transactionId as number
  expect(given).toBeGreaterThan(2_000_000_000)
  expect(given).toBeLessThan(2 ** 31)
  await pause(500)
  await stage.upstream.recover()
  await soon(() => (stage.upstream.bills[0]?.samples ?? 0) > 2)
  expect(stage.upstream.bills[0]).toMatchObject({ payer: ALIAS, transactionId: 501 })
  expect(stage.upstream.calls.filter((c) => c.text.includes(String(given)))).toEqual([])
  // Its remote stop names its own id; the charge point hears the one that it knows.
  expect(await stage.upstream.ask('CP-1', 'RemoteStopTransaction', { transactionId: 501 })).toEqual({
    status: 'Accepted',
  })
  await soon(() => stage.upstream.bills[0]?.ended === true)
  expect(stage.news.find((n) => n.event === 'transaction.billed')).toMatchObject({
    transactionId: String(given),
    upstreamTransactionId: '501',
  })
})

test('the back end stops a plate’s session remotely', async () => {
  const stage = await openRelayStage()
  const box = stage.chargePoint({ habits: QUICK })
  await soon(() => stage.upstream.connected('CP-1') && box.frames.length > 3)
  box.plug(1)
  await startPlate(stage)
  await soon(() => (stage.upstream.bills[0]?.samples ?? 0) > 0)
  expect(await stage.upstream.ask('CP-1', 'RemoteStopTransaction', { transactionId: 501 })).toEqual({
    status: 'Accepted',
  })
  await soon(() => stage.upstream.bills[0]?.ended === true)
})

test('both start at once: each call gets its own answer, and none hears of the other’s', async () => {
  const stage = await openRelayStage()
  const box = stage.chargePoint({ connectors: 2, habits: QUICK })
  await soon(() => stage.upstream.connected('CP-1') && box.frames.length > 4)
  box.plug(1)
  box.plug(2)
  const [ours, theirs] = await Promise.all([
    startPlate(stage, 'start-1', TOKEN, 1),
    stage.upstream.ask('CP-1', 'RemoteStartTransaction', { connectorId: 2, idTag: CARD }),
  ])
  expect(ours).toBe('Accepted')
  expect(theirs).toEqual({ status: 'Accepted' })
  await soon(() => stage.upstream.bills.length === 2 && stage.upstream.bills.every((b) => b.samples > 0))
  expect(stage.upstream.bills.map((b) => b.payer).sort()).toEqual([CARD, ALIAS].sort())
  expect(stage.upstream.others.filter((t) => t.includes('berth-'))).toEqual([])
})

test('the charge point restarts in a session and the session is billed once', async () => {
  const stage = await openRelayStage()
  const box = stage.chargePoint({ habits: { afterLoss: 'boot-resume', ...QUICK } })
  await soon(() => stage.upstream.connected('CP-1') && box.frames.length > 3)
  box.plug(1)
  await startPlate(stage)
  await soon(() => (stage.upstream.bills[0]?.samples ?? 0) > 0)
  const before = stage.upstream.handshakes.length
  box.drop(100)
  await soon(() => stage.upstream.handshakes.length > before && stage.upstream.connected('CP-1'))
  const samples = stage.upstream.bills[0]?.samples ?? 0
  await soon(() => (stage.upstream.bills[0]?.samples ?? 0) > samples)
  box.unplug(1)
  await soon(() => stage.upstream.bills[0]?.ended === true)
  expect(stage.upstream.bills).toHaveLength(1)
  expect(stage.upstream.calls.filter((c) => c.action === 'BootNotification')).toHaveLength(2)
})

test('a dead token opens nothing: no at Authorize, no at the start, and the back end never hears of it', async () => {
  const stage = await openRelayStage()
  // Starts without asking, as from a cache.
  const box = stage.chargePoint({ habits: { authorizesCards: false, ...QUICK } })
  await soon(() => stage.upstream.connected('CP-1') && box.frames.length > 3)
  await stage.logic.put({ chargePointId: 'CP-1', token: TOKEN, alias: ALIAS, startId: 'start-1' })
  await stage.logic.bury(TOKEN)
  box.plug(1)
  box.tapCard(1, TOKEN)
  await soon(() => box.frames.some((f) => f.way === 'out' && f.frame[2] === 'StopTransaction'))
  await soon(() => box.frames.at(-1)?.way === 'in')
  expect(box.connector(1).transactionId).toBe(null)
  expect(stage.upstream.bills).toEqual([])
  expect(stage.upstream.calls.filter((c) => /Transaction|transactionId/.test(c.text))).toEqual([])
  await soon(() => stage.news.some((n) => n.event === 'start.unbilled'))
  expect(stage.news.find((n) => n.event === 'start.unbilled')).toMatchObject({ startId: 'start-1' })
})

test('an alias that the back end refuses is refused to the charge point, and the logic hears of it', async () => {
  const stage = await openRelayStage()
  const box = stage.chargePoint({ habits: QUICK })
  await soon(() => stage.upstream.connected('CP-1') && box.frames.length > 3)
  stage.upstream.stranger = 'ConcurrentTx'
  await stage.logic.put({ chargePointId: 'CP-1', token: TOKEN, alias: 'FLEET-BUSY', startId: 'start-1' })
  box.plug(1)
  box.tapCard(1, TOKEN)
  await soon(() => stage.news.some((n) => n.event === 'alias.refused'))
  expect(stage.news.find((n) => n.event === 'alias.refused')).toMatchObject({ status: 'ConcurrentTx', heard: true })
  await soon(() => box.frames.some((f) => f.way === 'out' && f.frame[2] === 'StopTransaction'))
})

test('a withdrawn call never leaves, an expired one neither, and both say so', async () => {
  const stage = await openRelayStage()
  const box = stage.chargePoint()
  await soon(() => stage.upstream.connected('CP-1') && box.frames.length > 3)
  box.silence(true)
  void stage.upstream.ask('CP-1', 'TriggerMessage', { requestedMessage: 'Heartbeat' }).catch(() => undefined)
  await soon(() => box.frames.some(({ way, frame }) => way === 'in' && frame[2] === 'TriggerMessage'))
  const call = (deadline: number) =>
    stage.logic.call({
      chargePointId: 'CP-1',
      action: 'RemoteStartTransaction',
      payload: { connectorId: 1, idTag: TOKEN },
      deadline,
      answerWithin_ms: 1_000,
    })
  const withdrawn = call(Date.now() + 60_000)
  const expired = call(Date.now() + 100)
  await pause(20)
  expect(await withdrawn.withdraw()).toBe(true)
  expect(await withdrawn.end).toEqual({ kind: 'never', why: 'withdrawn' })
  expect(await expired.end).toEqual({ kind: 'never', why: 'expired' })
  expect(box.frames.some((f) => f.way === 'in' && f.frame[2] === 'RemoteStartTransaction')).toBe(false)
})

test('berth asks the back end in a charge point’s name, and the charge point never hears of it', async () => {
  const stage = await openRelayStage()
  const box = stage.chargePoint()
  await soon(() => stage.upstream.connected('CP-1') && box.frames.length > 3)
  const ask = (idTag: string) =>
    stage.logic.callUpward({ chargePointId: 'CP-1', action: 'Authorize', payload: { idTag }, answerWithin_ms: 60_000 })
  expect(await ask(ALIAS)).toEqual({ kind: 'result', payload: { idTagInfo: { status: 'Accepted' } } })
  expect(await ask('NOBODY')).toEqual({ kind: 'result', payload: { idTagInfo: { status: 'Invalid' } } })
  expect(box.frames.filter(({ frame }) => JSON.stringify(frame).includes('idTagInfo'))).toEqual([])
  await stage.upstream.fail()
  await soon(() => stage.relay.state().chargePoints[0]?.upstream === false)
  const began = Date.now()
  expect(await ask(ALIAS)).toEqual({ kind: 'never', why: 'offline' })
  expect(Date.now() - began).toBeLessThan(30_000)
})

test('a call that asks when its turn comes leaves only after a yes', async () => {
  const stage = await openRelayStage()
  const box = stage.chargePoint()
  await soon(() => stage.upstream.connected('CP-1') && box.frames.length > 3)
  const asked: boolean[] = []
  const call = (may: boolean) =>
    stage.logic.call({
      chargePointId: 'CP-1',
      action: 'TriggerMessage',
      payload: { requestedMessage: 'StatusNotification', connectorId: 1 },
      deadline: Date.now() + 60_000,
      answerWithin_ms: 60_000,
      mayLeave: () => {
        asked.push(may)
        return may
      },
    })
  expect(await call(false).end).toEqual({ kind: 'never', why: 'withdrawn' })
  expect(box.frames.some(({ frame }) => frame[2] === 'TriggerMessage')).toBe(false)
  expect(await call(true).end).toEqual({ kind: 'result', payload: { status: 'Accepted' } })
  expect(asked).toEqual([false, true])
})
