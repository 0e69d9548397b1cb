import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { StationHabits } from '../../../simulations/toy-station-habits.ts'
import { systemClock } from '../../../src/clock.ts'
import { type ChargePointClient, openChargePointClient } from '../../../src/demo/charge-point-client.ts'
import type { RelaySettings } from '../../../src/relay/relay.ts'
import { type SpawnedRelay, spawnRelay } from '../../../src/relay/relay-spawn.ts'
import { freePort } from '../serve/free-port.ts'
import { auditBilling } from './billing-audit.ts'
import { ALIAS, type BareSocket, CARD, openBare, pause, relaySettings, soon, TOKEN } from './relay-stage.ts'
import { openToyUpstream, type ToyUpstream } from './toy-upstream.ts'

const SLOW = 30_000
const PACE = { meterInterval_s: 0.1, callTimeout_s: 2 }
/** When an OCPP 2 transaction begins. */
type StartsOn = StationHabits['startsOn']

type Yard = {
  readonly upstream: ToyUpstream
  readonly settings: RelaySettings
  readonly relay: SpawnedRelay
  readonly box: ChargePointClient
  /** It speaks OCPP 2.0.1. */
  readonly is2: boolean
  close(): Promise<void>
}

/** A relay as a process of its own, with a charge point that samples ten times a second. */
async function openYard(startsOn: StartsOn | null = null): Promise<Yard> {
  const upstream = await openToyUpstream([CARD, ALIAS])
  const settings = relaySettings(upstream.url, { port: await freePort() })
  const relay = await spawnRelay(settings, { clock: systemClock, hear: () => undefined })
  const box = openChargePointClient({
    url: `ws://127.0.0.1:${settings.port}/ocpp`,
    id: 'CP-1',
    clock: systemClock,
    reconnect_ms: 50,
    ...(startsOn ? { station: { ...PACE, startsOn } } : { habits: PACE }),
  })
  const close = async (): Promise<void> => {
    await box.close()
    await relay.stop()
    await upstream.close()
  }
  await soon(() => upstream.connected('CP-1') && box.frames.length > 3, SLOW).catch(async (error) => {
    const state = JSON.stringify(await relay.client.state())
    throw new Error(`${String(error)}: ${state} ${JSON.stringify([box.online, box.frames, upstream.handshakes])}`)
  })
  return { upstream, settings, relay, box, is2: startsOn !== null, close }
}

/** As a charge point does: again and again until somebody answers. */
async function openBareSoon(url: string): Promise<BareSocket> {
  for (let tries = 0; tries < 300; tries++) {
    const socket = await openBare(url).catch(() => null)
    if (socket) return socket
    await pause(50)
  }
  return openBare(url)
}

async function killRelay(yard: Yard): Promise<void> {
  const { client } = yard.relay
  for (;;) {
    await soon(() => client.connected, SLOW)
    // One that was killed a moment ago does not say who it is.
    const state = await client.state().catch(() => null)
    if (state) return void process.kill(state.pid, 'SIGKILL')
    await pause(20)
  }
}

async function plugAndStart(yard: Yard): Promise<void> {
  const { relay, box } = yard
  box.plug(1)
  await relay.client.put({ chargePointId: 'CP-1', token: TOKEN, alias: ALIAS, startId: 'start-1' })
  const order = yard.is2
    ? {
        action: 'RequestStartTransaction',
        payload: { idToken: { idToken: TOKEN, type: 'Central' }, remoteStartId: 7, evseId: 1 },
      }
    : { action: 'RemoteStartTransaction', payload: { connectorId: 1, idTag: TOKEN } }
  const call = relay.client.call({
    chargePointId: 'CP-1',
    ...order,
    deadline: Date.now() + 10_000,
    answerWithin_ms: 10_000,
  })
  expect(await call.end).toMatchObject({ kind: 'result', payload: { status: 'Accepted' } })
}

test('the relay is killed with -9 in a session: it comes back, nothing is lost or reordered, and only what was not answered is said again', async () => {
  const yard = await openYard()
  onTestFinished(yard.close)
  const { upstream, box } = yard
  await plugAndStart(yard)
  await soon(() => (upstream.bills[0]?.samples ?? 0) > 2)
  await killRelay(yard)
  const samples = upstream.bills[0]?.samples ?? 0
  await soon(() => (upstream.bills[0]?.samples ?? 0) > samples + 2, SLOW)
  box.unplug(1)
  await soon(() => upstream.bills[0]?.ended === true, SLOW)
  expect(auditBilling(box, upstream.calls)).toEqual([])
  expect(upstream.bills).toHaveLength(1)
  expect(upstream.bills[0]?.payer).toBe(ALIAS)
}, 180_000)

test('killed while the back end is away, it still owes and pays everything, under the same message ids', async () => {
  const yard = await openYard()
  onTestFinished(yard.close)
  const { upstream, box } = yard
  await upstream.fail()
  await pause(400)
  await plugAndStart(yard)
  await soon(() => box.connector(1).transactionId !== null)
  const given = box.connector(1).transactionId
  await pause(800)
  await killRelay(yard)
  await pause(500)
  box.unplug(1)
  await upstream.recover()
  await soon(() => upstream.bills[0]?.ended === true, SLOW)
  expect(upstream.bills).toHaveLength(1)
  expect(upstream.bills[0]).toMatchObject({ payer: ALIAS, transactionId: 501 })
  expect(auditBilling(box, upstream.calls)).toEqual([])
  expect(upstream.calls.filter((c) => c.text.includes(String(given)))).toEqual([])
}, 180_000)

test('a message that the back end has not answered is sent again after a kill as it was, id and all', async () => {
  const yard = await openYard()
  onTestFinished(yard.close)
  const { upstream, settings } = yard
  await yard.box.close()
  const bare = await openBare(`ws://127.0.0.1:${settings.port}/ocpp/CP-1`)
  const text = `[2, "odd-1" ,"StartTransaction",{"connectorId":1,  "idTag":"${CARD}","meterStart":7,"timestamp":"2026-11-22T10:00:00Z"}]`
  upstream.silent = true
  bare.send(text)
  await soon(() => upstream.calls.some((c) => c.text === text))
  await killRelay(yard)
  upstream.silent = false
  await bare.closed
  const again = await openBareSoon(`ws://127.0.0.1:${settings.port}/ocpp/CP-1`)
  await soon(() => upstream.calls.filter((c) => c.text === text).length === 2, SLOW)
  // The charge point says it again under a new id: it gets the answer, and the back end does not hear it a third time.
  again.send(text.replace('odd-1', 'odd-2'))
  await soon(() => again.texts.length > 0)
  expect(again.texts).toEqual(['[3,"odd-2",{"transactionId":501,"idTagInfo":{"status":"Accepted"}}]'])
  expect(upstream.calls.filter((c) => c.action === 'StartTransaction')).toHaveLength(2)
}, 180_000)

for (const signal of ['SIGKILL', 'SIGSEGV', 'SIGSTOP'] as const)
  test(`the logic gets ${signal}: frames flow on without it`, { timeout: 90_000, retry: 2 }, async () => {
    const upstream = await openToyUpstream([CARD])
    onTestFinished(() => upstream.close())
    const settings = relaySettings(upstream.url, { port: await freePort(), stalledFor_ms: 500 })
    const logic = spawn(process.execPath, [
      '--no-warnings',
      join(import.meta.dirname, 'logic-child.ts'),
      JSON.stringify(settings),
    ])
    let says = ''
    logic.stdout.on('data', (chunk) => {
      says = (says + String(chunk)).slice(-10_000)
    })
    let pid = 0
    onTestFinished(() => {
      logic.kill('SIGKILL')
      if (pid > 0) process.kill(pid, 'SIGTERM')
    })
    await soon(() => /relay \d+/.test(says), SLOW)
    pid = Number(/relay (\d+)/.exec(says)?.[1])
    const bare = await openBare(`ws://127.0.0.1:${settings.port}/ocpp/CP-1`)
    logic.kill(signal)
    // More than a socket's buffer, so that a stalled logic would be felt.
    const filler = 'x'.repeat(20_000)
    const slowest = { ms: 0 }
    for (let i = 0; i < 300; i++) {
      const begun = performance.now()
      bare.send(`[2,"${i}","DataTransfer",{"vendorId":"v","data":"${filler}"}]`)
      await soon(() => bare.texts.length === i + 1)
      slowest.ms = Math.max(slowest.ms, performance.now() - begun)
    }
    expect(bare.texts.at(-1)).toBe('[3,"299",{}]')
    expect(slowest.ms).toBeLessThan(1_000)
    process.kill(pid, 0)
  })

/** A cheap seeded die. */
function dice(seed: number): (sides: number) => number {
  let state = seed * 2_654_435_761 + 1
  return (sides) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 374_761_393) >>> 0
    return state % sides
  }
}

async function randomRun(seed: number): Promise<string[]> {
  const roll = dice(seed)
  // Half of them speak 1.6, the others 2.0.1 and begin in each way that there is.
  const startsOn = [null, 'power', null, 'cable', null, 'token'][seed % 6] as StartsOn | null
  const yard = await openYard(startsOn)
  try {
    return await playRun(seed, roll, yard)
  } finally {
    await yard.close()
  }
}

async function playRun(seed: number, roll: (sides: number) => number, yard: Yard): Promise<string[]> {
  const { upstream, box } = yard
  const story: string[] = []
  await plugAndStart(yard)
  for (let i = 0; i < 3 + roll(3); i++) {
    const what = ['kill', 'kill', 'partition', 'mute', 'drop'][roll(5)] as string
    const ms = 50 + roll(500)
    story.push(`${what} ${ms}`)
    if (what === 'kill') await killRelay(yard)
    if (what === 'partition') await upstream.fail()
    if (what === 'mute') upstream.silent = true
    if (what === 'drop') box.drop(roll(200))
    await pause(ms)
    if (roll(3) === 0) await killRelay(yard).then(() => story.push('and kill'))
    if (what === 'partition') await upstream.recover()
    upstream.silent = false
    await pause(roll(400))
  }
  box.unplug(1)
  const over = (): boolean => upstream.bills.some((b) => b.ended) && box.connector(1).transactionId === null
  await soon(over, 60_000).catch(() => story.push('never ended at the back end'))
  const faults = auditBilling(box, upstream.calls)
  if (upstream.bills.some(({ payer }) => payer !== ALIAS)) faults.push(`paid by ${upstream.bills[0]?.payer}`)
  if (upstream.bills.length !== 1) faults.push(`${upstream.bills.length} bills`)
  if (!over()) faults.push('not ended')
  return faults.length > 0
    ? [`seed ${seed}${yard.is2 ? ' (2.0.1)' : ''}: ${story.join(', ')}`, ...faults.slice(0, 5)]
    : []
}

test('over random kills and partitions no message of a transaction is lost, reordered, or said again once answered', async () => {
  const runs = Number(process.env['BERTH_RUNS'] ?? 20)
  const first = Number(process.env['BERTH_SEED'] ?? 1)
  const seeds = Array.from({ length: runs }, (_, i) => first + i)
  const found: string[] = []
  const work = async (): Promise<void> => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) found.push(...(await randomRun(seed)))
  }
  await Promise.all([work(), work(), work(), work()])
  expect(found).toEqual([])
}, 3_600_000)
