import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { openBare, openRelayStage, soon } from './relay-stage.ts'

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
