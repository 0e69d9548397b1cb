import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { systemClock } from '../../src/clock.ts'
import { type SpawnedRelay, spawnRelay } from '../../src/relay/relay-spawn.ts'
import type { BenchLine } from './bay.bench.ts'

const CHARGE_POINTS = 100
const CALLS = 30_000
const TURNS = 3

/** A measured side: where charge points connect, and its CPU time in ms. */
type Side = { readonly url: string; readonly cpu: () => Promise<number> }

/**
 * What one CPU-second of the relay carries, beside one of a bare server that parses and answers, in turns in one run. A frame is one
 * that comes in and has its consequence sent: one for a call at the server, two for a call (and its answer) through the relay.
 */
export async function relayBench(): Promise<BenchLine[]> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-relay-bench-'))
  const servers: Answering[] = []
  let relay: SpawnedRelay | null = null
  try {
    const bare = await openAnswering(servers)
    const behind = await openAnswering(servers)
    const chargePoints = Array.from({ length: CHARGE_POINTS }, (_, i) => ({ id: `CP-${i}`, upstream: behind.url }))
    const path = join(folder, 'relay.db')
    const port = 20_000 + (process.pid % 10_000)
    const settings = { path, channel: join(folder, 'relay.sock'), host: '127.0.0.1', port, chargePoints }
    relay = await spawnRelay(settings, { clock: systemClock, hear: () => undefined })
    const { client } = relay
    const through: Side = { url: `ws://127.0.0.1:${port}/ocpp`, cpu: async () => (await client.state()).cpu_ms }
    const lines: BenchLine[] = []
    for (const [what, transactionId] of [
      ['samples of no transaction', ''],
      ['samples of a transaction, kept on disk', '"transactionId":501,'],
    ] as const)
      lines.push(...(await race(bare, through, what, transactionId)))
    return lines
  } finally {
    await relay?.stop()
    for (const { child } of servers) child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function race(bare: Side, through: Side, what: string, transactionId: string): Promise<BenchLine[]> {
  const ratios: number[] = []
  const rates: number[] = []
  for (let turn = 0; turn <= TURNS; turn++) {
    const server = await load(bare, transactionId)
    const relay = 2 * (await load(through, transactionId))
    // The first warms both up.
    if (turn > 0) ratios.push(relay / server)
    if (turn > 0) rates.push(relay)
  }
  return [
    {
      name: `relay over a bare server, frames per CPU-second (ratio), ${what}`,
      value: round(median(ratios)),
      note: 'aim: 0.8; with a logic that takes every copy',
    },
    { name: `relay, ${what} (frames per CPU-second)`, value: Math.round(median(rates)) },
  ]
}

/** Calls per CPU-second of that side: each charge point has one call outstanding. */
async function load(side: Side, transactionId: string): Promise<number> {
  const sockets = await Promise.all(Array.from({ length: CHARGE_POINTS }, (_, i) => open(`${side.url}/CP-${i}`)))
  const before = await side.cpu()
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
          socket.on('message', next)
          next()
        }),
    ),
  )
  const used = (await side.cpu()) - before
  for (const socket of sockets) socket.terminate()
  await new Promise((resolve) => setTimeout(resolve, 300))
  return (CALLS * 1_000) / used
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

type Answering = Side & { readonly child: ChildProcess }

async function openAnswering(servers: Answering[]): Promise<Answering> {
  const child = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, 'answering-server.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const word = (name: string): Promise<string> =>
    new Promise((resolve) => {
      const hear = (data: Buffer): void => {
        const found = new RegExp(`${name} ([\\d.]+)`).exec(data.toString())?.[1]
        if (found === undefined) return
        child.stdout?.off('data', hear)
        resolve(found)
      }
      child.stdout?.on('data', hear)
    })
  const port = await word('port')
  const cpu = async (): Promise<number> => {
    const said = word('cpu')
    child.stdin?.write('\n')
    return Number(await said)
  }
  const side = { url: `ws://127.0.0.1:${port}`, cpu, child }
  servers.push(side)
  return side
}

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, ['ocpp1.6'], { perMessageDeflate: false })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
  })
  return socket
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number
