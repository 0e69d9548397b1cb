import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { systemClock } from '../../../src/clock.ts'
import { wordNow } from '../../../src/driver/word-now.ts'
import { openRoom } from '../../../src/open-room.ts'
import type { Room } from '../../../src/room.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { cameraMessage, cameraRead } from '../../actors/camera-reads.ts'
import { pause } from '../../contracts/ocpp-stage.ts'
import { until, writeSite } from '../serve/serving-line.ts'

type Posted = { readonly bayId: string; readonly message: string; readonly reason: string; readonly seq: number }

/** A sign behind a real HTTP server, and what it was told. */
async function openSign(): Promise<{ url: string; posted: Posted[] }> {
  const posted: Posted[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += String(part)
    posted.push(JSON.parse(body) as Posted)
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, posted }
}

/** A site file of one bay with this sign. */
async function siteWith(url: string, policy: object = {}): Promise<string> {
  const { path } = await writeSite(1, { policy })
  const file = parse(readFileSync(path, 'utf8')) as object
  writeFileSync(path, stringify({ ...file, tell: { webhooks: [{ url }] } }))
  return path
}

async function openLife(path: string): Promise<Room> {
  const room = await openRoom(await readSiteFile(path, {}), systemClock, () => {}, {})
  await room.start()
  return room
}

/** A plate that nobody has registered is seen by two frames, where no charge point ever connected: the driver is offered a card or another bay. */
async function strangerComes(room: Room): Promise<void> {
  for (const frame of ['f1', 'f2'])
    await room.feed.see(cameraMessage([cameraRead('ZZ99ZZZ', { box: [0.4, 0.6, 0.2, 0.05], frame })]))
  await until(() => room.desk.bay('bay-1')?.detail === 'denied')
}

test('what is on record reaches the sign once; a restart knows it and tells it to nobody again', async () => {
  const sign = await openSign()
  const path = await siteWith(sign.url)
  const first = await openLife(path)
  await strangerComes(first)
  await until(() => sign.posted.length > 0)
  expect(sign.posted.at(-1)).toMatchObject({ bayId: 'bay-1', message: 'present-card', reason: 'charge point away' })
  expect(JSON.stringify(sign.posted)).not.toContain('ZZ99ZZZ')
  await until(() => first.desk.counters()['sign_shown_webhook'] === sign.posted.length)
  await first.close()
  const before = sign.posted.length
  const again = await openLife(path)
  onTestFinished(() => again.close())
  await pause(500)
  expect(sign.posted.length).toBe(before)
  const word = again.words.of('bay-1')
  expect(word).toMatchObject({ message: 'present-card', reason: 'charge point away' })
  const bay = again.desk.bay('bay-1')
  expect(bay && wordNow(bay, word)).toMatchObject({ message: 'present-card', reason: 'charge point away' })
})

test('a site that only observes tells no sign anything', async () => {
  const sign = await openSign()
  const room = await openLife(await siteWith(sign.url, { autonomy: 'observe' }))
  onTestFinished(() => room.close())
  await strangerComes(room)
  await pause(300)
  expect(sign.posted).toEqual([])
  const records = await room.journal.readSite(0, 1000)
  expect(records.flatMap(({ effects }) => effects).some(({ type }) => type === 'tell.driver')).toBe(true)
})

test('a sign that is not there holds nothing up: the bay decides, and the failure is counted', async () => {
  const room = await openLife(await siteWith('http://127.0.0.1:9/'))
  onTestFinished(() => room.close())
  await strangerComes(room)
  await until(() => (room.desk.counters()['sign_failed_webhook'] ?? 0) > 0)
  expect(room.desk.bay('bay-1')?.detail).toBe('denied')
})
