import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { bay } from '../../../machines/bay.ts'
import { systemClock } from '../../../src/clock.ts'
import { attachInspector, QUEUE_BYTES } from '../../../src/server/inspect-feed.ts'
import { tellRecorded } from '../../../src/server/inspect-journal.ts'
import { openArrayDesk } from './array-desk.ts'
import { closeAfterwards } from './running-server.ts'

const BAYS = 300
/** One message of a bay with its machine, bytes at most. */
const ONE = 100_000

/** What waits in the server for a client that reads nothing for a second, bytes, and how many bays it hears of once it reads. */
async function notReading(attach: (socket: WebSocket) => unknown) {
  const wire = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  closeAfterwards(async () => {
    for (const client of wire.clients) client.terminate()
    wire.close()
  })
  await once(wire, 'listening')
  let most = 0
  const client = new WebSocket(`ws://127.0.0.1:${(wire.address() as AddressInfo).port}`)
  const actors: string[] = []
  client.on('message', (data) => {
    const { type, name } = JSON.parse(String(data)) as { type: string; name: string }
    if (type === '@xstate.actor') actors.push(name)
  })
  const [socket] = (await once(wire, 'connection')) as [WebSocket]
  await once(client, 'open')
  client.pause()
  void attach(socket)
  for (let n = 0; n < 50; n += 1) {
    await new Promise((go) => setTimeout(go, 20))
    most = Math.max(most, socket.bufferedAmount)
  }
  client.resume()
  await expect.poll(() => actors.length, { timeout: 60_000 }).toBe(BAYS)
  expect(new Set(actors).size).toBe(BAYS)
  return most
}

/** A site of many bays, each of the machine that runs. */
function largeSite() {
  const site = openArrayDesk({ clock: systemClock, count: BAYS })
  const was = { at: new Date().toISOString(), bays: site.desk.bays(), gone: [], alarms: [], reviews: [] }
  const desk = { ...site.desk, definition: JSON.parse(JSON.stringify(bay.config)), siteAt: async () => was }
  return { site, desk }
}

test('who attaches to a large site and does not read makes nothing grow, and hears of every bay once it does', async () => {
  const { desk } = largeSite()
  expect(await notReading((socket) => attachInspector(socket, desk, systemClock, null))).toBeLessThan(QUEUE_BYTES + ONE)
}, 180_000)

test('nor does who asks for a recording of one', async () => {
  const { site, desk } = largeSite()
  await site.change('bay-1', { type: 'vehicle.seen' }, { state: 'detecting' })
  await site.change('bay-1', { type: 'zone.empty' }, { state: 'vacant' })
  const tell = (socket: WebSocket) => tellRecorded(socket, desk, null, { from: 1, to: 2 })
  expect(await notReading(tell)).toBeLessThan(QUEUE_BYTES + ONE)
}, 180_000)
