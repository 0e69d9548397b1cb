import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { news } from '../../../src/commands/news.ts'
import { openDoorway } from '../../../src/driver/door/open-doorway.ts'
import type { FrameStore } from '../../../src/ocpp/frame-store.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { openToldOthers } from '../../../src/told-others.ts'
import { runCommand } from '../journal/run-command.ts'
import { auditOf, BY, startedRoom } from '../privacy/private-room.ts'
import { until, writeSite } from '../serve/serving-line.ts'

test('a parked receiver is alarmed and on record, `berth news` shows it, and `berth news resume` lets it go on, on record too', async () => {
  let status = 410
  const taken: number[] = []
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (status === 200) taken.push(1)
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go))
  onTestFinished(() => void server.close())
  const { path } = await writeSite(1)
  const site = await readSiteFile(path, {})
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const secret = 'a secret of sixteen or more'
  const file = {
    ...site,
    news: { mqtt: [], webhooks: [{ id: 'billing', url, secret, types: null, bays: null, from: 'start' as const }] },
  }
  const frames = { read: () => [] } as unknown as FrameStore

  const room = await startedRoom(file)
  const told = await openToldOthers(room, frames, systemClock, () => {}, openDoorway(room, systemClock))
  const sessionId = 'ses-1'
  const decisions = [{ type: 'SessionDisputed', sessionId }]
  await room.site.write([{ stream: 'audit', cause: { type: 'session.disputed', by: 'op' }, decisions, personal: {} }])
  told.follow()
  await until(() => room.desk.alarms().some(({ alarmId }) => alarmId === 'news/billing/news'))
  await until(async () => (await auditOf(room, 'news.parked')).length === 1)
  expect(told.news.receivers()).toMatchObject([{ receiver: 'billing', parkedAt: expect.any(String) }])
  await told.close()
  await room.close()

  const shown = await runCommand(news, '--site', path)
  expect([shown.code, shown.out]).toEqual([0, expect.stringMatching(/^billing {2}PARKED since .* answers 410;/)])
  expect((await runCommand(news, 'resume', 'nobody', '--site', path)).code).toBe(1)
  expect((await runCommand(news, 'resume', 'billing', '--after', 'soon', '--site', path)).code).toBe(2)
  expect((await runCommand(news, 'resume', 'billing', '--after', '0', '--site', path)).out).toBe(
    'billing goes on behind record 0.\n',
  )
  expect((await runCommand(news, '--site', path)).out).toBe('billing  told  up to record 0\n')

  status = 200
  const again = await startedRoom(file)
  expect((await auditOf(again, 'news.resumed')).map(({ cause }) => cause)).toMatchObject([
    { receiver: 'billing', to: 0, by: 'berth on the command line' },
  ])
  const telling = await openToldOthers(again, frames, systemClock, () => {}, openDoorway(again, systemClock))
  onTestFinished(() => telling.close())
  await until(() => taken.length > 0)
  const answer = await telling.news.resume('billing', null, BY)
  expect(answer).toMatchObject({ receiver: 'billing', parkedAt: null, says: null })
  expect(again.desk.alarms()).toEqual([])
})
