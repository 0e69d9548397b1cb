import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { ALIAS, CARD, openBare, openRelayStage, soon, TOKEN } from './relay-stage.ts'

/** A back end that says these texts, at once and in this order, to every call; `$` stands for the call's id. */
async function openTalker(says: (action: string) => readonly string[]): Promise<string> {
  const http = createServer()
  const sockets = new WebSocketServer({ server: http })
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      const [type, id, action] = JSON.parse(data.toString()) as [number, string, string]
      if (type === 2) for (const text of says(action)) socket.send(text.replace('$', id))
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate()
    http.close()
  })
  return `ws://127.0.0.1:${(http.address() as { port: number }).port}/csms`
}

test('what the back end says reaches the charge point in its order: no call or second answer overtakes an answer', async () => {
  const says = [
    '[3,"$",{"transactionId":700,"idTagInfo":{"status":"Accepted"}}]',
    '[2,"$-call","SetChargingProfile",{"connectorId":1,"csChargingProfiles":{"transactionId":700}}]',
    '[3,"$",{"transactionId":701,"idTagInfo":{"status":"Invalid"}}]',
    '[9,"$-foreign"]',
  ]
  const url = await openTalker((action) => (action === 'StartTransaction' ? says : []))
  const stage = await openRelayStage({ chargePoints: [{ id: 'CP-1', upstream: url }] })
  const bare = await openBare(`${stage.url()}/CP-1`)
  for (let n = 0; n < 20; n++) {
    const before = bare.texts.length
    bare.send(
      `[2,"s${n}","StartTransaction",{"connectorId":1,"idTag":"CARD","meterStart":${n},"timestamp":"2026-11-22T10:00:00Z"}]`,
    )
    await soon(() => bare.texts.length === before + 4)
    expect(bare.texts.slice(before)).toEqual(says.map((text) => text.replace('$', `s${n}`)))
    bare.send(`[3,"s${n}-call",{"status":"Accepted"}]`)
  }
})

/** A StartTransaction with berth's token; another `n` is another start. */
const start = (n: number, connectorId = 1, token = TOKEN): string =>
  `[2,"s${n}-${connectorId}","StartTransaction",{"connectorId":${connectorId},"idTag":"${token}","meterStart":${n},"timestamp":"2026-11-22T10:00:00Z"}]`
const stop = (transactionId: number): string =>
  `[2,"p${transactionId}","StopTransaction",{"transactionId":${transactionId},"meterStop":9,"timestamp":"2026-11-22T10:09:00Z"}]`
/** A Started of 2.0.1; each transaction is another start. */
const started = (transactionId: string, evse?: number): string =>
  JSON.stringify([
    2,
    `e-${transactionId}`,
    'TransactionEvent',
    {
      eventType: 'Started',
      timestamp: '2026-11-22T10:00:00Z',
      triggerReason: 'Authorized',
      seqNo: 0,
      ...(evse === undefined ? {} : { evse: { id: evse, connectorId: 1 } }),
      idToken: { idToken: TOKEN, type: 'Central' },
      transactionInfo: { transactionId },
    },
  ])

async function openPlace(protocol: string, evse = 1) {
  const stage = await openRelayStage()
  await stage.logic.put({ chargePointId: 'CP-1', evses: [evse], token: TOKEN, alias: ALIAS, startId: 'start-1' })
  const comes = async () => {
    const bare = await openBare(`${stage.url()}/CP-1`, [protocol])
    const say = async (text: string): Promise<string> => {
      const before = bare.texts.length
      bare.send(text)
      await soon(() => bare.texts.length > before)
      return bare.texts[before] ?? ''
    }
    return { ...bare, say }
  }
  const billed = (): unknown[] => stage.upstream.bills.map(({ payer, transactionId }) => [payer, transactionId])
  return { stage, comes, billed }
}

const given = (text: string): number => (JSON.parse(text)[2] as { transactionId: number }).transactionId

test('a token pays for one start: a second is refused without any word of the logic, also after a restart of the relay', async () => {
  const { stage, comes, billed } = await openPlace('ocpp1.6')
  const box = await comes()
  const first = await box.say(start(0))
  expect(first).toContain('Accepted')
  await box.say(stop(given(first)))
  stage.logic.close()
  expect(await box.say(start(500))).toContain('Invalid')
  await stage.restart()
  const again = await comes()
  expect(await again.say(start(501))).toContain('Invalid')
  expect(billed()).toEqual([[ALIAS, 501]])
})

test('the same start said again is the same start, also on another connection and after a restart of the relay', async () => {
  const { stage, comes, billed } = await openPlace('ocpp1.6')
  const before = await (await comes()).say(start(0))
  await stage.restart()
  const again = await (await comes()).say(start(0).replace('s0-1', 'new'))
  expect([given(before), given(again)]).toEqual([501, 501])
  expect(again).toContain('Accepted')
  expect(billed()).toEqual([[ALIAS, 501]])
})

test('of three transactions that begin with one token at the same moment one is billed', async () => {
  const { stage, comes, billed } = await openPlace('ocpp2.0.1')
  const box = await comes()
  for (const id of ['a', 'b', 'c']) box.send(started(id, 1))
  await soon(() => box.texts.length === 3)
  const answers = box.texts.map((text) => text.includes('Accepted'))
  expect(answers.filter(Boolean)).toHaveLength(1)
  expect(billed()).toEqual([[ALIAS, 'a']])
  await soon(() => stage.news.filter((n) => n.event === 'start.unbilled').length === 2)
})

test('a token is good at its bay’s connectors alone: at another one it is refused, and there the right start is billed afterwards', async () => {
  const { stage, comes, billed } = await openPlace('ocpp1.6')
  const box = await comes()
  expect(await box.say(start(0, 2))).toContain('Invalid')
  await soon(() => stage.news.some((n) => n.event === 'start.unbilled'))
  await stage.restart()
  const again = await comes()
  expect(await again.say(start(1, 2))).toContain('Invalid')
  expect(await again.say(start(2, 1))).toContain('Accepted')
  expect(billed()).toEqual([[ALIAS, 501]])
})

test('a token is good at its bay’s EVSEs alone; a station that does not say which is believed', async () => {
  const { comes, billed } = await openPlace('ocpp2.0.1', 2)
  const box = await comes()
  expect(await box.say(started('nine', 9))).toContain('Invalid')
  expect(await box.say(started('none'))).toContain('Accepted')
  expect(billed()).toEqual([[ALIAS, 'none']])
})

test('a start that equals one whose stop was seen is a new one, although the charge point’s clock stands still', async () => {
  const { stage, comes, billed } = await openPlace('ocpp1.6')
  const box = await comes()
  const card = start(0, 1, CARD)
  const first = given(await box.say(card))
  await box.say(stop(first))
  const token = given(await box.say(start(0)))
  await box.say(stop(token))
  box.socket.close()
  await stage.restart()
  const heard = stage.upstream.calls.length
  const again = await comes()
  expect(await again.say(start(0))).toContain('Invalid')
  await again.say(card.replace('s0-1', 'other'))
  expect(
    stage.upstream.calls.slice(heard).map(({ action, payload }) => `${action} ${String(payload['idTag'])}`),
  ).toEqual([`StartTransaction ${CARD}`])
  expect(billed()).toEqual([
    [CARD, 501],
    [ALIAS, 502],
  ])
})

test('a number that the back end uses again is the charge point’s own: a remote stop of it is not turned into the former one', async () => {
  const stage = await openRelayStage()
  await stage.logic.put({ chargePointId: 'CP-1', token: TOKEN, alias: ALIAS, startId: 'start-1' })
  const box = await openBare(`${stage.url()}/CP-1`)
  await soon(() => stage.upstream.connected('CP-1'))
  await stage.upstream.fail()
  box.send(start(0))
  await soon(() => box.texts.length === 1)
  const provisional = given(box.texts[0] ?? '')
  expect(provisional).toBeGreaterThan(2_000_000_000)
  await stage.upstream.recover()
  await soon(() => stage.upstream.bills.length === 1)
  box.send(stop(provisional))
  await soon(() => stage.upstream.bills[0]?.ended === true)
  // The back end has lost its memory and counts from 501 again.
  stage.upstream.forgetNumbers()
  box.send(start(7, 1, CARD))
  await soon(() => box.texts.some((text) => text.includes('"transactionId":501')))
  const remoteStop = async (bare: typeof box): Promise<void> => {
    stage.upstream.sendRaw('CP-1', '[2,"rs","RemoteStopTransaction",{"transactionId":501}]')
    await soon(() => bare.texts.some((text) => text.includes('RemoteStop')))
    expect(bare.texts.filter((text) => text.includes('RemoteStop'))).toEqual([
      '[2,"rs","RemoteStopTransaction",{"transactionId":501}]',
    ])
  }
  await remoteStop(box)
  await stage.restart()
  const again = await openBare(`${stage.url()}/CP-1`)
  await soon(() => stage.upstream.connected('CP-1'))
  await remoteStop(again)
})
