import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { systemClock } from '../../src/clock.ts'
import type { RelayClient } from '../../src/relay/relay-client.ts'
import { type SpawnedRelay, spawnRelay } from '../../src/relay/relay-spawn.ts'
import { type Figure, rates, times } from './figure-table.ts'

const CHARGE_POINTS = 2_000
const CALLS = 40_000
const TURNS = 3
const STARTS = 400

/** What a process has used so far: CPU time in ms, memory in bytes. */
type Use = { readonly cpu: number; readonly rss: number }
/** A measured side: where charge points connect, and what it has used. `frames`: frames that a call and its answer are for it. */
type Side = { readonly url: string; readonly frames: number; use(): Promise<Use> }

const SAMPLES = [
  ['samples of no transaction', ''],
  ['samples of a transaction, kept on disk', '"transactionId":501,'],
] as const

/**
 * What one CPU-second of the central system and of the relay carries, beside one of a bare server that parses and answers, in turns in
 * one run with 2,000 connections. A frame is one that comes in and has its consequence sent: one for a call at a server, two for a
 * call and its answer through the relay.
 */
export async function relayBench(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-relay-bench-'))
  const children: ChildProcess[] = []
  let relay: SpawnedRelay | null = null
  try {
    const bare = await openServer(children, 'answering-server.ts', '')
    const central = await openServer(children, 'central-server.ts', '/ocpp')
    const behind = await openServer(children, 'answering-server.ts', '')
    const chargePoints = Array.from({ length: CHARGE_POINTS }, (_, i) => ({ id: `CP-${i}`, upstream: behind.url }))
    const port = 20_000 + (process.pid % 10_000)
    const at = { path: join(folder, 'relay.db'), channel: join(folder, 'relay.sock'), host: '127.0.0.1', port }
    relay = await spawnRelay({ ...at, chargePoints }, { clock: systemClock, hear: () => undefined })
    const { client } = relay
    const through: Side = {
      url: `ws://127.0.0.1:${port}/ocpp`,
      frames: 2,
      use: async () => {
        const { cpu_ms, rss } = await client.state()
        return { cpu: cpu_ms, rss }
      },
    }
    // First: what is freed is not given back, and would hide what a connection costs.
    const lines: Figure[] = await memory(bare, central, through)
    for (const [what, transactionId] of SAMPLES)
      lines.push(...(await race(bare, central, through, what, transactionId)))
    lines.push(...(await startLatency(client, through, bare)))
    return lines
  } finally {
    await relay?.stop()
    for (const child of children) child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function race(bare: Side, central: Side, through: Side, what: string, transactionId: string): Promise<Figure[]> {
  const rates: { bare: number; central: number; relay: number }[] = []
  for (let turn = 0; turn <= TURNS; turn++) {
    const turnOf = async (side: Side): Promise<number> => load(side, transactionId)
    const rate = { bare: await turnOf(bare), central: await turnOf(central), relay: await turnOf(through) }
    // The first warms all up.
    if (turn > 0) rates.push(rate)
  }
  const over = (side: 'central' | 'relay'): Omit<Figure, 'name'> => ({
    value: Math.round(median(rates.map((rate) => rate[side]))),
    floor: Math.round(median(rates.map(({ bare: floor }) => floor))),
    ratio: median(rates.map((rate) => rate[side] / rate.bare)),
  })
  return [
    { name: `relay, frames per CPU-second, ${what}`, ...over('relay'), note: 'floor: a bare server; aim 0.8' },
    { name: `central system, frames per CPU-second, ${what}`, ...over('central'), note: 'floor: the same; aim 0.6' },
  ]
}

/** Frames per CPU-second of that side: each charge point has one call outstanding. */
async function load(side: Side, transactionId: string): Promise<number> {
  const sockets = await openAll(side)
  await settled(sockets)
  const before = await side.use()
  let left = CALLS
  await Promise.all(
    sockets.map(
      (socket) =>
        new Promise<void>((resolve) => {
          const next = (): void => {
            if (left <= 0) return resolve()
            left -= 1
            socket.send(sample(left, transactionId))
          }
          socket.on('message', (data: Buffer) => data.toString('latin1', 0, 2) === '[3' && next())
          next()
        }),
    ),
  )
  const { cpu } = await side.use()
  await closeAll(sockets)
  return (CALLS * side.frames * 1_000) / (cpu - before.cpu)
}

/** Connections as they are for days: each has spoken, and what it was asked at its first word is answered. */
async function settled(sockets: readonly WebSocket[]): Promise<void> {
  for (const socket of sockets) {
    socket.on('message', (data: Buffer) => {
      if (data.toString('latin1', 0, 2) === '[2') socket.send(refusal(data))
    })
    socket.send('[2,"first","Heartbeat",{}]')
  }
  await new Promise((resolve) => setTimeout(resolve, 2_000))
}

const refusal = (data: Buffer): string =>
  JSON.stringify([4, (JSON.parse(data.toString()) as [number, string])[1], 'NotImplemented', '', {}])

/** What one more connection costs; the relay holds two sockets for it. */
async function memory(...sides: readonly Side[]): Promise<Figure[]> {
  const names = ['a bare server', 'the central system', 'the relay (two sockets)']
  const figures: Figure[] = []
  let floor = 0
  for (const [i, side] of sides.entries()) {
    const before = await side.use()
    const sockets = await openAll(side)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const after = await side.use()
    await closeAll(sockets)
    const each = Math.max(0, after.rss - before.rss) / CHARGE_POINTS
    if (i === 0) floor = each
    else
      figures.push({
        name: `memory of one more connection at ${names[i]}, bytes`,
        ...rates(each, floor),
        note: `floor: at ${names[0]}`,
      })
  }
  return figures
}

/** How much later a start is answered through the relay than by a socket alone, at rest. */
async function startLatency(client: RelayClient, through: Side, bare: Side): Promise<Figure[]> {
  const viaRelay: number[] = []
  const alone: number[] = []
  const box = await open(`${through.url}/CP-0`)
  box.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as [number, string]
    if (frame[0] === 2) box.send(JSON.stringify([3, frame[1], { status: 'Accepted' }]))
  })
  const echo = await open(bare.url)
  for (let i = 0; i < STARTS; i++) {
    const token = `T${i}`.padEnd(16, '0')
    const began = performance.now()
    await client.put({ chargePointId: 'CP-0', token, alias: 'FLEET-1', startId: token })
    const payload = { connectorId: 1, idTag: token }
    const order = { chargePointId: 'CP-0', action: 'RemoteStartTransaction', payload, deadline: Date.now() + 10_000 }
    await client.call({ ...order, answerWithin_ms: 10_000, mayLeave: () => true }).end
    viaRelay.push(performance.now() - began)
    const sent = performance.now()
    const heard = new Promise<void>((resolve) => echo.once('message', () => resolve()))
    echo.send(JSON.stringify([2, token, 'RemoteStartTransaction', payload]))
    await heard
    alone.push(performance.now() - sent)
  }
  box.terminate()
  echo.terminate()
  const [own, bareOne] = [quantile(viaRelay, 0.99), quantile(alone, 0.99)]
  return [
    {
      name: 'a start through the relay, token on disk first, ms p99',
      ...times(own, bareOne),
      note: 'floor: a bare socket',
    },
  ]
}

async function openAll(side: Side): Promise<WebSocket[]> {
  const sockets: WebSocket[] = []
  for (let first = 0; first < CHARGE_POINTS; first += 100)
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, (_, i) => open(`${side.url}/CP-${first + i}`)))))
  return sockets
}

async function closeAll(sockets: readonly WebSocket[]): Promise<void> {
  for (const socket of sockets) socket.terminate()
  // The doors let 2,000 in at once, and again as many a few seconds later.
  await new Promise((resolve) => setTimeout(resolve, 4_000))
}

/** MeterValues with five measured values. */
function sample(n: number, transactionId: string): string {
  const value = (measurand: string, unit: string): string =>
    `{"value":"${n}.5","context":"Sample.Periodic","measurand":"${measurand}","unit":"${unit}","location":"Outlet"}`
  const values = [
    value('Current.Import', 'A'),
    value('Power.Active.Import', 'W'),
    value('Energy.Active.Import.Register', 'Wh'),
    value('Voltage', 'V'),
    value('Temperature', 'Celsius'),
  ]
  return `[2,"m-${n}","MeterValues",{"connectorId":1,${transactionId}"meterValue":[{"timestamp":"2026-11-22T10:00:00Z","sampledValue":[${values.join(',')}]}]}]`
}

async function openServer(children: ChildProcess[], file: string, path: string): Promise<Side> {
  const child = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, file), String(CHARGE_POINTS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  const hear = (): Promise<string> =>
    new Promise((resolve) => child.stdout?.once('data', (data) => resolve(String(data))))
  const port = /port (\d+)/.exec(await hear())?.[1]
  const use = async (): Promise<Use> => {
    const said = hear()
    child.stdin?.write('\n')
    const [, cpu, rss] = /cpu ([\d.]+) rss (\d+)/.exec(await said) ?? []
    return { cpu: Number(cpu), rss: Number(rss) }
  }
  return { url: `ws://127.0.0.1:${port}${path}`, frames: 1, use }
}

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, ['ocpp1.6'], { perMessageDeflate: false })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
  })
  socket.on('error', () => undefined)
  return socket
}

const quantile = (values: number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] as number
const median = (values: number[]): number => quantile(values, 0.5)
