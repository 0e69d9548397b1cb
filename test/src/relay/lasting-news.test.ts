import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { openDatabaseReadOnly } from '../../../src/journal/sqlite-file.ts'
import { CopyRing } from '../../../src/relay/copy-ring.ts'
import { RelayClient } from '../../../src/relay/relay-client.ts'
import type { Gap, Numbered, RelayNews } from '../../../src/relay/relay-news.ts'
import { spawnRelay } from '../../../src/relay/relay-spawn.ts'
import { freePort } from '../serve/free-port.ts'
import { ALIAS, openBare, openRelayStage, pause, relaySettings, soon, TOKEN } from './relay-stage.ts'
import { openToyUpstream } from './toy-upstream.ts'

type News = Numbered<RelayNews> | Gap

const START = `[2,"1","StartTransaction",{"connectorId":1,"idTag":"${TOKEN}","meterStart":1,"timestamp":"2026-11-22T10:00:00Z"}]`
const STOP = '[2,"2","StopTransaction",{"transactionId":501,"meterStop":9,"timestamp":"2026-11-22T11:00:00Z"}]'
/** How many news the relay keeps in its file. */
const keptIn = (path: string): number => {
  const file = openDatabaseReadOnly(path)
  const { n } = file.prepare('SELECT count(*) AS n FROM news').get() as { n: number }
  file.close()
  return n
}
const lasts = (news: News): boolean => ['alias.refused', 'message.given-up'].includes(news.event)

test('what the back end refused and would not take is told after a kill of the relay, until berth has dealt with it', async () => {
  const upstream = await openToyUpstream([])
  onTestFinished(() => upstream.close())
  const chargePoints = [{ id: 'CP-1', upstream: upstream.url }]
  const settings = relaySettings('', { chargePoints, port: await freePort() })
  const heard: News[] = []
  const spawn = async () => {
    const relay = await spawnRelay(settings, { clock: systemClock, hear: (news) => heard.push(news) })
    onTestFinished(() => relay.stop().catch(() => undefined))
    return { client: relay.client, state: await relay.client.state() }
  }
  const first = await spawn()
  await first.client.put({ chargePointId: 'CP-1', token: TOKEN, alias: ALIAS, startId: 'start-1' })
  // Berth is away.
  first.client.close()
  const box = await openBare(`ws://127.0.0.1:${settings.port}/ocpp/CP-1`)
  box.send(START)
  await soon(() => box.texts.length === 1)
  upstream.failsAt = 'StopTransaction'
  await upstream.fail()
  box.send(STOP)
  await soon(() => box.texts.length === 2)
  await upstream.recover()
  await soon(() => upstream.calls.filter(({ action }) => action === 'StopTransaction').length === 3)
  await pause(200)
  process.kill(first.state.pid, 'SIGKILL')
  const second = await spawn()
  await soon(() => heard.filter(lasts).length === 2)
  expect(heard.filter(lasts)).toMatchObject([
    { event: 'alias.refused', startId: 'start-1', heard: true },
    { event: 'message.given-up', why: 'the back end answers it with an error' },
  ])
  second.client.heard((await second.client.state()).last)
  await soon(() => keptIn(settings.path) === 0)
  second.client.close()
  process.kill(second.state.pid, 'SIGKILL')
  await spawn()
  await pause(300)
  expect(heard.filter(lasts)).toHaveLength(2)
})

test('a berth that comes late hears what lasts of all that was dropped, and how much it missed', async () => {
  const stage = await openRelayStage()
  await stage.logic.put({ chargePointId: 'CP-1', token: TOKEN, alias: 'UNKNOWN-THERE', startId: 'start-1' })
  stage.logic.close()
  const box = await openBare(`${stage.url()}/CP-1`)
  box.send(START)
  await soon(() => box.texts.length === 1)
  const filler = 'x'.repeat(400_000)
  for (let i = 0; i < 60; i++) {
    box.send(`[2,"f${i}","DataTransfer",{"data":"${filler}"}]`)
    await soon(() => box.texts.length === i + 2)
  }
  const heard: News[] = []
  const late = new RelayClient({
    channel: stage.settings.channel,
    clock: systemClock,
    hear: (news) => heard.push(news),
  })
  onTestFinished(() => late.close())
  await soon(() => heard.some((news) => news.event === 'gap'))
  expect(heard.slice(0, 3)).toMatchObject([
    { event: 'transaction.billed' },
    { event: 'alias.refused' },
    { event: 'gap' },
  ])
})

test('news that last outlive everything that is dropped, in their order, and are not kept once they are heard', () => {
  const ring = new CopyRing()
  const refused = {
    event: 'alias.refused',
    chargePointId: 'CP-1',
    startId: 's',
    status: 'Invalid',
    heard: true,
  } as const
  const copy = { event: 'frame', chargePointId: 'CP-1', direction: 'up', text: 'x'.repeat(100_000), epoch: 1 } as const
  ring.add(refused, 1)
  for (let n = 0; n < 300; n++) ring.add(n === 100 ? refused : copy, 2)
  expect(ring.oldest).toBeGreaterThan(200)
  expect(ring.lastingAfter(0).map(({ n }) => n)).toEqual([1, 102])
  expect(ring.lastingAfter(1).map(({ n }) => n)).toEqual([102])
  ring.hear(1)
  expect(ring.lastingAfter(0).map(({ n }) => n)).toEqual([102])
})
