import { expect, test } from 'vitest'
import { ALIAS, CARD, openBare, openRelayStage, pause, type RelayStage, soon, TOKEN } from './relay-stage.ts'

let seq = 0
/** A TransactionEvent; each says another seqNo and timestamp than the one before. */
function event(
  type: string,
  transactionId: string,
  more: { readonly token?: string; readonly remoteStartId?: number; readonly at?: string } = {},
): string {
  const { token, remoteStartId, at = '2026-11-22T10:00:00Z' } = more
  seq += 1
  return JSON.stringify([
    2,
    `e${seq}`,
    'TransactionEvent',
    {
      eventType: type,
      timestamp: at,
      triggerReason: 'Authorized',
      seqNo: seq,
      ...(token === undefined ? {} : { idToken: { idToken: token, type: 'Central' } }),
      transactionInfo: { transactionId, ...(remoteStartId === undefined ? {} : { remoteStartId }) },
    },
  ])
}

const bury = (stage: RelayStage): Promise<void> => stage.logic.bury(TOKEN)
const put = (stage: RelayStage): Promise<void> =>
  stage.logic.put({ chargePointId: 'CP-1', token: TOKEN, alias: ALIAS, startId: 'start-1', subject: 'veh-1' })
const answer = (text: string | undefined): unknown => (JSON.parse(text ?? '[]') as unknown[])[2]
/** What the back end heard: types of events, and whose token was in them. */
const heard = (stage: RelayStage): string[] =>
  stage.upstream.calls
    .filter((c) => c.action === 'TransactionEvent')
    .map(
      ({ payload }) =>
        `${String(payload['eventType'])} ${(payload['idToken'] as { idToken?: string } | undefined)?.idToken ?? '-'}`,
    )

async function openStation(live = true) {
  const stage = await openRelayStage()
  await put(stage)
  if (!live) await bury(stage)
  const bare = await openBare(`${stage.url()}/CP-1`, ['ocpp2.0.1'])
  await soon(() => stage.upstream.connected('CP-1'))
  let said = 0
  const say = async (text: string): Promise<unknown> => {
    said += 1
    bare.send(text)
    await soon(() => bare.texts.length >= said)
    return answer(bare.texts[said - 1])
  }
  return { stage, bare, say }
}

test('a card in a transaction that began with a dead token pays for it, and the back end hears how it began', async () => {
  const { stage, say } = await openStation(false)
  expect(await say(event('Started', 'tx-9', { token: TOKEN }))).toEqual({ idTokenInfo: { status: 'Invalid' } })
  expect(await say(event('Updated', 'tx-9'))).toEqual({})
  await say(`[2,"a","Authorize",{"idToken":{"idToken":"${CARD}","type":"ISO14443"}}]`)
  expect(await say(event('Updated', 'tx-9', { token: CARD }))).toEqual({ idTokenInfo: { status: 'Accepted' } })
  await say(event('Ended', 'tx-9'))
  expect(heard(stage)).toEqual(['Started -', `Updated ${CARD}`, 'Ended -'])
  expect(stage.upstream.bills).toMatchObject([{ payer: CARD, transactionId: 'tx-9', ended: true }])
})

test('an id that a refused start bore is free for the next transaction, also after a restart of the relay', async () => {
  const { stage, say } = await openStation(false)
  await say(event('Started', 'tx-1', { token: TOKEN }))
  await say(event('Ended', 'tx-1'))
  expect(heard(stage)).toEqual([])
  await stage.restart()
  const again = await openBare(`${stage.url()}/CP-1`, ['ocpp2.0.1'])
  again.send(event('Started', 'tx-1', { token: CARD }))
  again.send(event('Ended', 'tx-1', { token: CARD }))
  await soon(() => again.texts.length === 2)
  expect(heard(stage)).toEqual([`Started ${CARD}`, `Ended ${CARD}`])
})

test('plug first: a remote start that is answered without a token is billed to the alias', async () => {
  const { stage, say, bare } = await openStation()
  await say(event('Started', 'tx-5'))
  const call = stage.logic.call({
    chargePointId: 'CP-1',
    action: 'RequestStartTransaction',
    payload: { idToken: { idToken: TOKEN, type: 'Central' }, remoteStartId: 77, evseId: 1 },
    deadline: Date.now() + 60_000,
    answerWithin_ms: 60_000,
  })
  await soon(() => bare.texts.length === 2)
  bare.send(
    `[3,${JSON.stringify((JSON.parse(bare.texts[1] ?? '') as unknown[])[1])},{"status":"Accepted","transactionId":"tx-5"}]`,
  )
  await call.end
  bare.send(event('Updated', 'tx-5', { remoteStartId: 77 }))
  await soon(() => bare.texts.length === 3)
  // Its start is over once it charges; what it began is closed under the same alias.
  await bury(stage)
  bare.send(event('Updated', 'tx-5', { token: TOKEN }))
  bare.send(event('Ended', 'tx-5', { remoteStartId: 77 }))
  await soon(() => bare.texts.length === 5)
  expect(heard(stage)).toEqual(['Started -', `Updated ${ALIAS}`, `Updated ${ALIAS}`, 'Ended -'])
  expect(stage.upstream.bills).toMatchObject([{ payer: ALIAS, ended: true }])
})

for (const plug of ['first', 'later'] as const)
  test(`a station that names its transaction in the answer to a start alone is billed to the alias, said once, plug ${plug}`, async () => {
    const { stage, bare } = await openStation()
    if (plug === 'first') bare.send(event('Started', 'tx-8'))
    const call = stage.logic.call({
      chargePointId: 'CP-1',
      action: 'RequestStartTransaction',
      payload: { idToken: { idToken: TOKEN, type: 'Central' }, remoteStartId: 77, evseId: 1 },
      deadline: Date.now() + 60_000,
      answerWithin_ms: 60_000,
    })
    const asked = (): string => bare.texts.find((text) => text.startsWith('[2,')) ?? ''
    await soon(() => asked() !== '')
    const id = JSON.stringify((JSON.parse(asked()) as unknown[])[1])
    bare.send(`[3,${id},{"status":"Accepted","transactionId":"tx-8"}]`)
    await call.end
    // What the answer said is known after a kill of the relay too.
    await stage.restart()
    const again = await openBare(`${stage.url()}/CP-1`, ['ocpp2.0.1'])
    const first = event(plug === 'first' ? 'Updated' : 'Started', 'tx-8')
    again.send(first)
    await soon(() => again.texts.length === 1)
    await bury(stage)
    again.send(event('Updated', 'tx-8'))
    again.send(event('Ended', 'tx-8'))
    await soon(() => again.texts.length === 3)
    // Another one with the same id is nobody's that berth knows.
    again.send(event('Started', 'tx-8', { at: '2026-11-23T10:00:00Z' }))
    await soon(() => again.texts.length === 4)
    const begins = plug === 'first' ? ['Started -', `Updated ${ALIAS}`] : [`Started ${ALIAS}`]
    expect(heard(stage)).toEqual([...begins, 'Updated -', 'Ended -', 'Started -'])
    expect(stage.upstream.bills[0]).toMatchObject({ payer: ALIAS, transactionId: 'tx-8', ended: true })
  })

test('what a station said before it named the transaction in an answer is said again as it was, and a sample of before it stays', async () => {
  const { stage, bare } = await openStation()
  const began = event('Started', 'tx-8')
  const sample = event('Updated', 'tx-8').replace('"Authorized"', '"MeterValuePeriodic"')
  stage.upstream.silent = true
  bare.send(began)
  await soon(() => stage.upstream.calls.length === 1)
  const call = stage.logic.call({
    chargePointId: 'CP-1',
    action: 'RequestStartTransaction',
    payload: { idToken: { idToken: TOKEN, type: 'Central' }, remoteStartId: 77, evseId: 1 },
    deadline: Date.now() + 60_000,
    answerWithin_ms: 60_000,
  })
  await soon(() => bare.texts.length === 1)
  const id = JSON.stringify((JSON.parse(bare.texts[0] ?? '') as unknown[])[1])
  bare.send(`[3,${id},{"status":"Accepted","transactionId":"tx-8"}]`)
  await call.end
  await stage.restart()
  stage.upstream.silent = false
  const again = await openBare(`${stage.url()}/CP-1`, ['ocpp2.0.1'])
  again.send(began)
  again.send(sample)
  again.send(event('Updated', 'tx-8', { remoteStartId: 77, token: TOKEN }))
  await soon(() => again.texts.length === 3)
  expect(new Set(heard(stage))).toEqual(new Set(['Started -', 'Updated -', `Updated ${ALIAS}`]))
})

test('plug first: a dead token that comes later is refused, and nobody is billed for what follows', async () => {
  const { stage, say } = await openStation()
  await say(event('Started', 'tx-5'))
  await bury(stage)
  expect(await say(event('Updated', 'tx-5', { token: TOKEN }))).toEqual({ idTokenInfo: { status: 'Invalid' } })
  await say(event('Ended', 'tx-5', { token: TOKEN }))
  await soon(() => heard(stage).length === 3)
  expect(heard(stage)).toEqual(['Started -', 'Updated -', 'Ended -'])
  expect(stage.upstream.bills).toMatchObject([{ payer: 'nobody', ended: true }])
  expect(stage.news.filter((n) => n.event === 'start.unbilled')).toMatchObject([
    { startId: 'start-1', transactionId: 'tx-5' },
  ])
})

test('a transaction that was begun under a live token bears its alias to the end, also after its start is over and a restart', async () => {
  const { stage, say } = await openStation()
  await say(event('Started', 'tx-6', { token: TOKEN }))
  await bury(stage)
  await stage.restart()
  const again = await openBare(`${stage.url()}/CP-1`, ['ocpp2.0.1'])
  again.send(event('Updated', 'tx-6', { token: TOKEN }))
  again.send(event('Ended', 'tx-6', { token: TOKEN }))
  await soon(() => again.texts.length === 2)
  expect(heard(stage)).toEqual([`Started ${ALIAS}`, `Updated ${ALIAS}`, `Ended ${ALIAS}`])
})

test('a start that began offline while its token lived is billed to the alias; one that began after its end, or could have been told at once, is not', async () => {
  const stage = await openRelayStage()
  const [lived, died, online] = [TOKEN, 'AAAABBBBCCCCDDDD', 'FEDCBA9876543210']
  const makes = (token: string): Promise<void> =>
    stage.logic.put({ chargePointId: 'CP-1', token, alias: ALIAS, startId: `start-${token}`, subject: 'veh-1' })
  const moment = async (): Promise<string> => {
    await pause(20)
    const now = new Date().toISOString()
    await pause(20)
    return now
  }
  await makes(lived)
  await makes(died)
  const began = await moment()
  await stage.logic.bury(lived)
  await stage.logic.bury(died)
  const late = await moment()
  await stage.restart()
  const bare = await openBare(`${stage.url()}/CP-1`)
  const start = (id: string, idTag: string, timestamp: string): string =>
    `[2,"${id}","StartTransaction",{"connectorId":1,"idTag":"${idTag}","meterStart":0,"timestamp":"${timestamp}"}]`
  bare.send(start('1', lived, began))
  await soon(() => bare.texts.length === 1)
  const { transactionId } = answer(bare.texts[0]) as { transactionId: number }
  bare.send(`[2,"2","StopTransaction",{"transactionId":${transactionId},"meterStop":20000,"timestamp":"${late}"}]`)
  bare.send(start('3', died, late))
  // It was connected then: it could still be told no.
  await expect.poll(() => stage.logic.connected).toBe(true)
  await makes(online)
  const connected = await moment()
  await stage.logic.bury(online)
  bare.send(start('4', online, connected))
  await soon(() => bare.texts.length === 4)
  expect(stage.upstream.bills).toMatchObject([{ payer: ALIAS, transactionId, ended: true }])
  expect(stage.upstream.bills[0]?.meterStop()).toBe(20_000)
  for (const id of ['3', '4'])
    expect(answer(bare.texts.find((text) => text.startsWith(`[3,"${id}"`)))).toMatchObject({
      idTagInfo: { status: 'Invalid' },
    })
})

for (const startsOn of ['cable', 'token'] as const)
  for (const token of ['own', 'none'] as const)
    test(`a station that begins with the ${startsOn} and says ${token === 'own' ? 'the token' : 'no token'} is billed to the alias`, async () => {
      const stage = await openRelayStage()
      const box = stage.chargePoint({ station: { startsOn, token, meterInterval_s: 0.2 } })
      await soon(() => stage.upstream.connected('CP-1') && box.frames.length > 3)
      if (startsOn === 'cable') box.plug(1)
      await pause(100)
      await put(stage)
      const call = stage.logic.call({
        chargePointId: 'CP-1',
        action: 'RequestStartTransaction',
        payload: { idToken: { idToken: TOKEN, type: 'Central' }, remoteStartId: 78, evseId: 1 },
        deadline: Date.now() + 60_000,
        answerWithin_ms: 60_000,
      })
      expect(await call.end).toMatchObject({ kind: 'result', payload: { status: 'Accepted' } })
      if (startsOn === 'token') box.plug(1)
      await soon(() => (stage.upstream.bills[0]?.samples ?? 0) > 1)
      box.unplug(1)
      await soon(() => stage.upstream.bills[0]?.ended === true)
      expect(stage.upstream.bills).toMatchObject([{ payer: ALIAS, ended: true }])
      expect(stage.upstream.calls.filter((c) => c.text.includes(TOKEN))).toEqual([])
    })

test('a back end that looks at types hears the alias as what it is, whether the charge point names the token or not', async () => {
  const stage = await openRelayStage({ aliasType: 'eMAID' })
  await put(stage)
  const bare = await openBare(`${stage.url()}/CP-1`, ['ocpp2.0.1'])
  await soon(() => stage.upstream.connected('CP-1'))
  const call = stage.logic.call({
    chargePointId: 'CP-1',
    action: 'RequestStartTransaction',
    payload: { idToken: { idToken: TOKEN, type: 'Central' }, remoteStartId: 79, evseId: 1 },
    deadline: Date.now() + 60_000,
    answerWithin_ms: 60_000,
  })
  await soon(() => bare.texts.length === 1)
  bare.send(
    `[3,${JSON.stringify((JSON.parse(bare.texts[0] ?? '') as unknown[])[1])},{"status":"Accepted","transactionId":"tx-7"}]`,
  )
  await call.end
  bare.send(event('Started', 'tx-7', { remoteStartId: 79 }))
  bare.send(event('Updated', 'tx-7', { token: TOKEN }))
  bare.send(event('Ended', 'tx-7', { token: CARD }))
  await soon(() => bare.texts.length === 4)
  const types = stage.upstream.calls.map(({ payload }) => (payload['idToken'] as { type?: string }).type)
  expect(types).toEqual(['eMAID', 'eMAID', 'Central'])
})
