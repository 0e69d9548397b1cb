import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { systemChance } from '../../../src/chance.ts'
import { systemClock } from '../../../src/clock.ts'
import { openRelay } from '../../../src/relay/relay.ts'
import { openBare, openRelayStage, pause, relaySettings, soon } from './relay-stage.ts'
import { openToyUpstream } from './toy-upstream.ts'

const basic = (id: string, password: string): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`,
})

/** What a refused upgrade says: its status. */
async function refusal(opening: Promise<unknown>): Promise<string> {
  return opening.then(
    () => 'let in',
    (error: Error) => /\d{3}/.exec(error.message)?.[0] ?? error.message,
  )
}

test('the charge point’s credentials and subprotocols reach the back end, and its choice comes back', async () => {
  const stage = await openRelayStage()
  const headers = basic('CP-1', 'sécret')
  const bare = await openBare(`${stage.url()}/CP-1`, ['ocpp2.0.1', 'ocpp1.6'], headers)
  expect(stage.upstream.handshakes).toEqual([
    { id: 'CP-1', authorization: headers.authorization, offered: 'ocpp2.0.1,ocpp1.6' },
  ])
  expect(bare.socket.protocol).toBe('ocpp2.0.1')
})

test('an unknown charge point is 404 before the upgrade, and the back end is not dialled for it', async () => {
  const stage = await openRelayStage()
  expect(await refusal(openBare(`${stage.url()}/CP-9`))).toBe('404')
  expect(stage.upstream.handshakes).toEqual([])
})

test('what the back end refuses is refused with its status', async () => {
  const stage = await openRelayStage()
  stage.upstream.refuses = 401
  expect(await refusal(openBare(`${stage.url()}/CP-1`))).toBe('401')
  stage.upstream.refuses = 403
  expect(await refusal(openBare(`${stage.url()}/CP-1`))).toBe('403')
})

test('a password of the relay’s own is checked by the relay', async () => {
  const upstream = await openToyUpstream([])
  onTestFinished(() => upstream.close())
  const settings = relaySettings('', { chargePoints: [{ id: 'CP-1', upstream: upstream.url, password: 'right' }] })
  const relay = await openRelay(settings, { clock: systemClock, chance: systemChance })
  onTestFinished(() => relay.close())
  const url = `ws://127.0.0.1:${relay.port}/ocpp/CP-1`
  expect(await refusal(openBare(url, ['ocpp1.6'], basic('CP-1', 'wrong')))).toBe('401')
  expect(upstream.handshakes).toEqual([])
  expect(await refusal(openBare(url, ['ocpp1.6'], basic('CP-1', 'right')))).toBe('let in')
})

test('while the back end is away, those come in that it has let in before, with the same credentials', async () => {
  const stage = await openRelayStage()
  const url = `${stage.url()}/CP-1`
  await stage.upstream.fail()
  expect(await refusal(openBare(url, ['ocpp1.6'], basic('CP-1', 'right')))).toBe('503')
  await stage.upstream.recover()
  const first = await openBare(url, ['ocpp2.0.1', 'ocpp1.6'], basic('CP-1', 'right'))
  await soon(() => stage.upstream.connected('CP-1'))
  await stage.upstream.fail()
  expect(await refusal(openBare(url, ['ocpp1.6'], basic('CP-1', 'guess')))).toBe('503')
  const second = await openBare(url, ['ocpp1.6', 'ocpp2.0.1'], basic('CP-1', 'right'))
  expect(second.socket.protocol).toBe('ocpp2.0.1')
  expect(await first.closed).toBe(4001)
})

test('malformed paths and requests are answered, and the relay lives on', async () => {
  const stage = await openRelayStage()
  const upgrade =
    'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13'
  const asks = [
    `GET /ocpp/%E0%A4%A HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n\r\n`,
    `GET //ocpp/../%00 HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n\r\n`,
    `GET /ocpp/CP-1 HTTP/1.1\r\nHost: x\r\n${upgrade.replace('13', '99')}\r\n\r\n`,
    `GET /ocpp/CP-1 HTTP/1.1\r\nHost: x\r\n${upgrade.replace('dGhlIHNhbXBsZSBub25jZQ==', 'short')}\r\n\r\n`,
    `GET /ocpp/CP-1 HTTP/1.1\r\nHost: x\r\n${upgrade}\r\nSec-WebSocket-Protocol: ,,\r\n\r\n`,
    '\u0000\u0001garbage\r\n\r\n',
  ]
  for (const ask of asks) {
    const said = await new Promise<string>((resolve) => {
      const socket = connect(stage.relay.port, '127.0.0.1', () => socket.write(ask))
      let text = ''
      socket.on('data', (data) => {
        text += data.toString()
      })
      socket.on('error', () => resolve(text))
      socket.on('close', () => resolve(text))
    })
    expect(said).toMatch(/^HTTP\/1\.1 4\d\d /)
  }
  const bare = await openBare(`${stage.url()}/CP-1`)
  bare.send('[2,"1","Heartbeat",{}]')
  await soon(() => bare.texts.length === 1)
  await soon(() => stage.upstream.connected('CP-1'))
  expect(stage.relay.state().counters['surprises']).toBe(0)
})

test('the newest socket wins, for the back end too', async () => {
  const stage = await openRelayStage()
  const first = await openBare(`${stage.url()}/CP-1`)
  const second = await openBare(`${stage.url()}/CP-1`)
  expect(await first.closed).toBe(4001)
  second.send('[2,"1","Heartbeat",{}]')
  await soon(() => second.texts.length === 1)
  expect(stage.upstream.handshakes).toHaveLength(2)
})

test('the back end sees the charge point go as it would without us', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`)
  await soon(() => stage.upstream.connected('CP-1'))
  bare.socket.close(1000)
  await soon(() => !stage.upstream.connected('CP-1'))
})

test('upgrades that come while a dial is under way: the newest gets in', async () => {
  const stage = await openRelayStage()
  const opened = await Promise.allSettled(Array.from({ length: 10 }, () => openBare(`${stage.url()}/CP-1`)))
  const last = opened.at(-1)
  if (last?.status !== 'fulfilled') throw new Error('the newest was turned away')
  await pause(100)
  last.value.send('[2,"1","Heartbeat",{}]')
  await soon(() => last.value.texts.length === 1)
})

test('frames larger than anybody reads at once are held back, and arrive whole', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`)
  await soon(() => stage.upstream.connected('CP-1'))
  bare.socket.pause()
  const text = (n: number): string => `[3,"big-${n}",{"data":"${'x'.repeat(500_000)}"}]`
  for (let n = 0; n < 60; n++) stage.upstream.sendRaw('CP-1', text(n))
  await soon(() => (stage.relay.state().counters['pauses'] ?? 0) > 0)
  await pause(200)
  bare.socket.resume()
  await soon(() => bare.texts.length === 60)
  expect(bare.texts.every((t, n) => t === text(n))).toBe(true)
  expect(stage.relay.state().counters['stuffed']).toBe(0)
})
