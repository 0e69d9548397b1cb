import { expect, onTestFinished, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { systemClock } from '../../../src/clock.ts'
import { openChargePointClient } from '../../../src/demo/charge-point-client.ts'
import { scanHead } from '../../../src/relay/frame-scan.ts'
import { spawnRelay } from '../../../src/relay/relay-spawn.ts'
import { VALID_FRAMES } from '../ocpp/valid-frames.ts'
import { freePort } from '../serve/free-port.ts'
import { mutations } from '../serve/mutations.ts'
import { openRecordingUpstream, type RecordingUpstream } from './recording-upstream.ts'
import { ALIAS, type BareSocket, openBare, pause, relaySettings, soon, TOKEN } from './relay-stage.ts'

/** On either side; `npm run fuzz` sends 100,000. */
const FRAMES = Number(process.env['BERTH_FRAMES'] ?? 5_000)
const SEED = Number(process.env['BERTH_SEED']) || 11
/** Hostile charge points, and those whose back end is hostile. */
const CREW = 3
const BATCH = 500

vi.setConfig({ testTimeout: Math.max(120_000, FRAMES * 20) })

const start = { connectorId: 1, meterStart: 0, timestamp: '2026-11-22T10:00:00Z' }
/** A token of each charge point's own. */
const tokenOf = (id: string): string => TOKEN.slice(0, -1) + id.slice(-1)
const upward = (token: string): readonly unknown[] => [
  ...VALID_FRAMES,
  [2, 's', 'StartTransaction', { ...start, idTag: token }],
  [2, 't', 'Authorize', { idTag: token }],
  [3, 'berth-000000-', { status: 'Accepted' }],
]
const DOWNWARD: readonly unknown[] = [
  [2, 'a', 'RemoteStartTransaction', { connectorId: 1, idTag: 'CARD' }],
  [2, 'b', 'RemoteStopTransaction', { transactionId: 2_000_000_001 }],
  [2, 'c', 'RequestStartTransaction', { remoteStartId: 1, evseId: 1, idToken: { idToken: 'C', type: 'ISO14443' } }],
  [2, 'd', 'SetChargingProfile', { connectorId: 1, csChargingProfiles: { transactionId: 5, stackLevel: 0 } }],
  [2, 17, 'TriggerMessage', { requestedMessage: 'Heartbeat' }],
  [3, 'e', { transactionId: 5, idTagInfo: { status: 'Accepted' } }],
  [3, 'berth-000000-', { status: 'Accepted' }],
  [4, 'f', 'InternalError', 'x', {}],
  [5, 'g', 'FormatViolation', '', {}],
  [6, 'h', 'NotifyPeriodicEventStream', { id: 1, data: [] }],
]

/** As they are on a wire: UTF-8, and empty ones are none of OCPP. */
const texts = (valid: readonly unknown[], count: number, seed: number): string[] =>
  mutations(valid, count, seed).map((text) => Buffer.from(text).toString())

/** What the back end may hear of a text: the alias in the token's place; null = it may also be answered by the relay. */
const isOurs = (text: string, token: string): boolean => text.toUpperCase().includes(token)

/** Sends all of them, never more than a batch ahead of what is heard. */
async function pours(socket: WebSocket, all: readonly string[], heard: () => number): Promise<void> {
  for (let at = 0; at < all.length; at += BATCH) {
    for (const text of all.slice(at, at + BATCH)) socket.send(text, { binary: false })
    // What bears a token may be answered on the way.
    await soon(() => heard() >= at - all.length / 10)
  }
}

/** Order and words of everything that bears no token; what bears one has become the alias, or was answered here. */
function compares(sent: readonly string[], heard: readonly string[], token: string): string[] {
  const faults: string[] = []
  let at = 0
  for (const text of sent) {
    const got = heard[at]
    if (got === text) at += 1
    else if (!isOurs(text, token)) return [...faults, `sent ${text.slice(0, 300)}`, `heard ${got?.slice(0, 300)}`]
    else if (got === text.replaceAll(token, ALIAS)) at += 1
    // A token pays for one start; every other that bears it is refused here.
    else if (!/Authorize|StartTransaction|TransactionEvent/.test(text))
      faults.push(`ours, not heard: ${text.slice(0, 300)}`)
  }
  return [...faults, ...heard.slice(at).map((text) => `never sent: ${text.slice(0, 300)}`)]
}

/** A charge point whose back end is hostile: it answers whatever is a call. */
function answersCalls(bare: BareSocket): void {
  bare.socket.on('message', (data) => {
    const head = scanHead(String(data))
    if (head?.type === 2) bare.send(`[3,${head.idText},{}]`)
  })
}

/** Calls wait for each other, all else does not: each in its own order. */
function sorted(all: readonly string[]): readonly string[] {
  const isCall = (text: string): boolean => scanHead(text)?.type === 2
  return [...all.filter(isCall), ...all.filter((text) => !isCall(text))]
}

async function hostileChargePoint(upstream: RecordingUpstream, url: string, id: string, seed: number) {
  const sent = texts(upward(tokenOf(id)), Math.ceil(FRAMES / CREW), seed)
  const bare = await openBare(`${url}/${id}`)
  await pours(bare.socket, sent, () => upstream.heard(id).length)
  bare.send(`[2,"last-${id}","Heartbeat",{}]`)
  await soon(() => bare.texts.includes(`[3,"last-${id}",{}]`))
  expect(compares([...sent, `[2,"last-${id}","Heartbeat",{}]`], upstream.heard(id), tokenOf(id))).toEqual([])
  // An answer to what is kept on disk may be overtaken by another; none is lost, none is said twice.
  const isLocal = (text: string): boolean => /"(idTagInfo|idTokenInfo)":\{"status":"(Accepted|Invalid)"\}/.test(text)
  await soon(() => bare.texts.filter((text) => !isLocal(text)).length >= upstream.answered(id).length)
  const [local, passed] = [bare.texts.filter(isLocal), bare.texts.filter((text) => !isLocal(text))]
  expect([...passed].sort()).toEqual([...upstream.answered(id)].sort())
  expect(local.length).toBeGreaterThan(0)
  expect(upstream.heard(id).filter((text) => text.includes(ALIAS)).length).toBeGreaterThan(0)
  return sent.length
}

async function hostileBackEnd(upstream: RecordingUpstream, url: string, id: string, seed: number) {
  const sent = texts(DOWNWARD, Math.ceil(FRAMES / CREW), seed)
  const bare = await openBare(`${url}/${id}`)
  answersCalls(bare)
  await soon(() => upstream.socket(id) !== undefined)
  for (let at = 0; at < sent.length; at += 100) {
    for (const text of sent.slice(at, at + 100)) upstream.socket(id)?.send(text, { binary: false })
    await soon(() => bare.texts.length >= Math.min(sent.length, at + 100))
  }
  expect(sorted(bare.texts)).toEqual(sorted(sent))
  return sent.length
}

test(`${FRAMES.toLocaleString('en')} mutated frames on either side: each arrives as it was, at nobody else’s, and a neighbour charges undisturbed`, async () => {
  const upstream = await openRecordingUpstream()
  const ids = Array.from({ length: 2 * CREW + 1 }, (_, i) => ({ id: `CP-${i + 1}`, upstream: upstream.url }))
  const settings = relaySettings(upstream.url, { port: await freePort(), chargePoints: ids })
  const relay = await spawnRelay(settings, { clock: systemClock, hear: () => undefined })
  onTestFinished(() => relay.stop())
  for (const { id } of ids.slice(0, CREW))
    await relay.client.put({ chargePointId: id, token: tokenOf(id), alias: ALIAS, startId: `start-${id}` })
  const url = `ws://127.0.0.1:${settings.port}/ocpp`
  const neighbour = openChargePointClient({ url, id: `CP-${2 * CREW + 1}`, clock: systemClock })
  onTestFinished(() => neighbour.close())
  await soon(() => neighbour.online)
  const { pid, run } = await relay.client.state()
  const most = { rss: 0 }
  const looking = setInterval(async () => {
    const state = await relay.client.state().catch(() => null)
    most.rss = Math.max(most.rss, state?.rss ?? 0)
  }, 200)
  onTestFinished(() => clearInterval(looking))
  const crew = Array.from({ length: CREW }, (_, i) => [
    hostileChargePoint(upstream, url, `CP-${i + 1}`, SEED + i),
    hostileBackEnd(upstream, url, `CP-${CREW + i + 1}`, SEED + 100 + i),
  ])
  const counts = await Promise.all(crew.flat())
  await pause(500)
  const state = await relay.client.state()
  console.log(
    `${counts.reduce((a, b) => a + b, 0)} frames; at most ${(most.rss / 2 ** 20).toFixed(0)} MB; ${JSON.stringify(state.counters)}`,
  )
  expect({ pid: state.pid, run: state.run }).toEqual({ pid, run })
  expect(state.counters).toMatchObject({ surprises: 0, replaced: 0, stuffed: 0, store_failed: 0, passing_dropped: 0 })
  expect(neighbour.online).toBe(true)
  expect(most.rss).toBeLessThan(400 * 2 ** 20)
})
