import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { CopyRing } from '../../../src/relay/copy-ring.ts'
import { RelayClient } from '../../../src/relay/relay-client.ts'
import { ALIAS, openBare, openRelayStage, pause, soon, TOKEN } from './relay-stage.ts'

async function openLogic(
  path: string,
): Promise<{ socket: Socket; lines: Record<string, unknown>[]; say(word: unknown): void }> {
  const socket = connect(path)
  onTestFinished(() => void socket.destroy())
  const lines: Record<string, unknown>[] = []
  let begun = ''
  socket.on('data', (data) => {
    const parts = (begun + data.toString()).split('\n')
    begun = parts.pop() ?? ''
    lines.push(...parts.map((part) => JSON.parse(part) as Record<string, unknown>))
  })
  socket.on('error', () => undefined)
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  return { socket, lines, say: (word) => socket.write(typeof word === 'string' ? word : `${JSON.stringify(word)}\n`) }
}

test('every frame is copied with its way, and what was replaced beside it', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`)
  await stage.logic.put({ chargePointId: 'CP-1', token: TOKEN, alias: ALIAS, startId: 'start-1' })
  const stop = `[2,"1","StopTransaction",{"idTag":"${TOKEN}","transactionId":501,"meterStop":1,"timestamp":"t"}]`
  bare.send(stop)
  await soon(() => stage.news.filter((n) => n.event === 'frame').length === 2)
  expect(stage.news.map(({ event }) => event)).toEqual(['online', 'upstream', 'frame', 'frame'])
  expect(stage.news.filter((n) => n.event === 'frame')).toMatchObject([
    { direction: 'up', text: stop, rewritten: stop.replace(TOKEN, ALIAS), chargePointId: 'CP-1', epoch: 1 },
    { direction: 'down', text: '[3,"1",{}]' },
  ])
})

test('an answer of the relay’s own is copied after the call that it answers', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`)
  await stage.logic.put({ chargePointId: 'CP-1', token: TOKEN, alias: ALIAS, startId: 'start-1' })
  bare.send(`[2,"1","Authorize",{"idTag":"${TOKEN}"}]`)
  await soon(() => stage.news.filter((n) => n.event === 'frame').length === 2)
  const ways = stage.news.flatMap((n) => (n.event === 'frame' ? [n.direction] : []))
  expect(ways).toEqual(['up', 'local'])
})

test('a logic that comes back hears what it missed, once, in order', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`)
  const first: number[] = []
  const second: number[] = []
  const listen = (heard: number[]): RelayClient =>
    new RelayClient({
      channel: stage.settings.channel,
      clock: systemClock,
      redial_ms: 20,
      hear: (news) => void (news.event === 'gap' ? heard.push(-1) : heard.push(news.n)),
    })
  const client = listen(first)
  onTestFinished(() => client.close())
  await soon(() => client.connected)
  // A second logic takes the first one's place; the first comes back by itself and goes on where it was.
  const other = listen(second)
  await soon(() => other.connected)
  for (let i = 0; i < 50; i++) bare.send(`[2,"${i}","Heartbeat",{}]`)
  await soon(() => bare.texts.length === 50)
  other.close()
  await soon(() => first.length >= 102)
  expect(first).toEqual(first.map((_, i) => i + 1))
})

test('what nobody took is dropped beyond a bound, counted, and told as a gap', async () => {
  const stage = await openRelayStage()
  stage.logic.close()
  const bare = await openBare(`${stage.url()}/CP-1`)
  const filler = 'x'.repeat(400_000)
  for (let i = 0; i < 60; i++) {
    bare.send(`[2,"${i}","DataTransfer",{"data":"${filler}"}]`)
    await soon(() => bare.texts.length === i + 1)
  }
  const logic = await openLogic(stage.settings.channel)
  logic.say({ do: 'hello', ref: 'h', run: null, after: 0 })
  await soon(() => logic.lines.some((l) => l['text'] === '[3,"59",{}]'))
  const gap = logic.lines.find((l) => l['event'] === 'gap')
  const first = logic.lines.find((l) => l['event'] === 'frame')
  expect(Number(gap?.['dropped'])).toBeGreaterThan(50)
  expect(first?.['n']).toBe(gap?.['before'])
  expect(Number(gap?.['dropped'])).toBe(Number(first?.['n']) - 1)
  expect(stage.relay.state().counters['copies_dropped']).toBe(gap?.['dropped'])
})

test('the ring keeps numbers without holes and forgets the oldest', () => {
  const ring = new CopyRing()
  for (let i = 0; i < 50_000; i++)
    ring.add({ event: 'frame', chargePointId: 'CP-1', direction: 'up', text: '', epoch: 1 }, 0)
  expect(ring.last).toBe(50_000)
  expect(ring.oldest).toBe(30_001)
  expect(ring.after(0, 3).map((line) => line.n)).toEqual([30_001, 30_002, 30_003])
  expect(ring.after(49_999, 3).map((line) => line.n)).toEqual([50_000])
  expect(ring.after(50_000, 3)).toEqual([])
})

test('a logic that does not read is cut off, and frames never wait for it', async () => {
  const stage = await openRelayStage({ stalledFor_ms: 300 })
  const bare = await openBare(`${stage.url()}/CP-1`)
  const logic = await openLogic(stage.settings.channel)
  logic.say({ do: 'hello', ref: 'h', run: null, after: 0 })
  await soon(() => logic.lines.length > 0)
  logic.socket.pause()
  const filler = 'x'.repeat(100_000)
  let slowest = 0
  for (let i = 0; i < 100; i++) {
    const begun = performance.now()
    bare.send(`[2,"${i}","DataTransfer",{"data":"${filler}"}]`)
    await soon(() => bare.texts.length === i + 1)
    slowest = Math.max(slowest, performance.now() - begun)
  }
  expect(slowest).toBeLessThan(1_000)
  await pause(400)
  // Cut off: whoever reads on finds the end.
  logic.socket.resume()
  await new Promise<void>((resolve) => logic.socket.once('close', () => resolve()))
})

test('lines that are no words are answered with what is wrong with them', async () => {
  const stage = await openRelayStage()
  const logic = await openLogic(stage.settings.channel)
  logic.say({ do: 'token.dead', ref: '0', token: TOKEN })
  logic.say({ do: 'hello', ref: '1', run: null, after: 0 })
  logic.say('not json\n')
  logic.say({ do: 'dance', ref: '2' })
  logic.say({ do: 'token.put', chargePointId: 'CP-1', ref: '3', token: TOKEN })
  logic.say({ do: 'call', ref: '4', chargePointId: 'CP-9', action: 'X', payload: {}, deadline: 0, answerWithin_ms: 1 })
  await soon(() => logic.lines.filter((l) => 'ref' in l).length === 6)
  expect(logic.lines.filter((l) => 'ref' in l && l['ok'] === false)).toEqual([
    { ref: '0', ok: false, says: 'Say hello first.' },
    { ref: '', ok: false, says: 'This line is no JSON object.' },
    { ref: '2', ok: false, says: 'There is no word "dance".' },
    { ref: '3', ok: false, says: 'token.put needs alias as string.' },
  ])
  expect(logic.lines.find((l) => l['ref'] === '4')).toEqual({
    ref: '4',
    ok: true,
    end: { kind: 'never', why: 'unknown' },
  })
})

test('calls of a logic that went away do not leave after it', async () => {
  const stage = await openRelayStage()
  const bare = await openBare(`${stage.url()}/CP-1`)
  const logic = await openLogic(stage.settings.channel)
  logic.say({ do: 'hello', ref: 'h', run: null, after: 0 })
  const call = (ref: string): object => ({
    do: 'call',
    ref,
    chargePointId: 'CP-1',
    action: `Action${ref}`,
    payload: {},
    deadline: Date.now() + 60_000,
    answerWithin_ms: 60_000,
  })
  logic.say(call('1'))
  logic.say(call('2'))
  await soon(() => bare.texts.length === 1)
  logic.socket.destroy()
  await pause(100)
  bare.send(`[3,"${(JSON.parse(bare.texts[0] ?? '') as string[])[1]}",{}]`)
  await pause(100)
  expect(bare.texts).toHaveLength(1)
  expect(stage.upstream.others).toEqual([])
})

test('tokens are known again after a restart of the relay, dead ones as dead', async () => {
  const stage = await openRelayStage()
  await stage.logic.put({ chargePointId: 'CP-1', token: TOKEN, alias: ALIAS, startId: 'start-1' })
  await stage.logic.put({ chargePointId: 'CP-1', token: 'DEAD0123456789', alias: ALIAS, startId: 'start-2' })
  await stage.logic.bury('DEAD0123456789')
  await stage.restart()
  const bare = await openBare(`${stage.url()}/CP-1`)
  bare.send(`[2,"1","Authorize",{"idTag":"${TOKEN}"}]`)
  bare.send('[2,"2","Authorize",{"idTag":"dead0123456789"}]')
  await soon(() => bare.texts.length === 2)
  expect(bare.texts).toEqual([
    '[3,"1",{"idTagInfo":{"status":"Accepted"}}]',
    '[3,"2",{"idTagInfo":{"status":"Invalid"}}]',
  ])
})

test('a line that is none of the relay’s ends nothing at the logic: what follows is heard', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-line-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const server = createServer((socket) => {
    socket.once('data', () => {
      socket.write(
        '{"ref":"hello","ok":tr\nnull\n7\n{"event":"online","chargePointId":"CP-1","epoch":1,"protocol":"","n":1,"at":0}\n',
      )
    })
  })
  const channel = join(folder, 'line.sock')
  await new Promise<void>((resolve) => server.listen(channel, resolve))
  const heard: string[] = []
  const logic = new RelayClient({ channel, clock: systemClock, hear: ({ event }) => heard.push(event) })
  onTestFinished(() => {
    logic.close()
    server.close()
  })
  await soon(() => heard.length > 0)
  expect(heard).toEqual(['online'])
})
