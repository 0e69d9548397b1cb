import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { WebSocket } from 'ws'
import { systemChance } from '../../../src/chance.ts'
import { systemClock } from '../../../src/clock.ts'
import {
  type ChargePointClient,
  type ChargePointClientOptions,
  openChargePointClient,
} from '../../../src/demo/charge-point-client.ts'
import { openRelay, type Relay, type RelaySettings } from '../../../src/relay/relay.ts'
import { RelayClient } from '../../../src/relay/relay-client.ts'
import type { Gap, Numbered, RelayNews } from '../../../src/relay/relay-news.ts'
import { openToyUpstream, type ToyUpstream } from './toy-upstream.ts'

// Real sockets on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

/** What the vehicle is known by upstream, and a card. */
export const ALIAS = 'FLEET-0001'
export const CARD = 'CARD-0001'
/** A token as berth makes them. */
export const TOKEN = '0123456789ABCDEF'

export type RelayStage = {
  readonly upstream: ToyUpstream
  readonly logic: RelayClient
  readonly news: (Numbered<RelayNews> | Gap)[]
  readonly settings: RelaySettings
  relay: Relay
  url(): string
  chargePoint(options?: Partial<ChargePointClientOptions>): ChargePointClient
  /** Ends the relay and opens it again on its file and port. */
  restart(): Promise<void>
}

/** Settings of a relay in a folder of its own, quick enough for tests. */
export function relaySettings(upstream: string, change: Partial<RelaySettings> = {}): RelaySettings {
  const folder = mkdtempSync(join(tmpdir(), 'berth-relay-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return {
    path: join(folder, 'relay.db'),
    channel: join(folder, 'relay.sock'),
    host: '127.0.0.1',
    port: 0,
    chargePoints: [{ id: 'CP-1', upstream }],
    redial_ms: 30,
    patience_ms: 150,
    answerWithin_ms: 2_000,
    ...change,
  }
}

/** An upstream, a relay in this process and its logic, all closed when the test ends. */
export async function openRelayStage(change: Partial<RelaySettings> = {}): Promise<RelayStage> {
  const upstream = await openToyUpstream([CARD, ALIAS])
  onTestFinished(() => upstream.close())
  const settings = relaySettings(upstream.url, change)
  const parts = { clock: systemClock, chance: systemChance }
  const news: RelayStage['news'] = []
  const first = await openRelay(settings, parts)
  const logic = new RelayClient({
    channel: settings.channel,
    clock: systemClock,
    hear: (item) => news.push(item),
    redial_ms: 20,
  })
  const stage: RelayStage = {
    upstream,
    logic,
    news,
    settings: { ...settings, port: first.port },
    relay: first,
    url: () => `ws://127.0.0.1:${stage.relay.port}/ocpp`,
    chargePoint: (options = {}) => {
      const client = openChargePointClient({
        url: stage.url(),
        id: 'CP-1',
        clock: systemClock,
        reconnect_ms: 30,
        ...options,
      })
      onTestFinished(() => client.close())
      return client
    },
    restart: async () => {
      await stage.relay.close()
      stage.relay = await openRelay(stage.settings, parts)
    },
  }
  onTestFinished(async () => {
    logic.close()
    await stage.relay.close()
  })
  await soon(() => logic.connected)
  return stage
}

/** Starts a plate's session the way berth does: token first, then the remote start. */
export async function startPlate(
  stage: RelayStage,
  startId = 'start-1',
  token = TOKEN,
  connectorId = 1,
): Promise<string> {
  await stage.logic.put({ chargePointId: 'CP-1', token, alias: ALIAS, startId, subject: 'veh-1' })
  const call = stage.logic.call({
    chargePointId: 'CP-1',
    action: 'RemoteStartTransaction',
    payload: { connectorId, idTag: token },
    deadline: Date.now() + 60_000,
    answerWithin_ms: 60_000,
  })
  const end = await call.end
  return end.kind === 'result' ? String((end.payload as { status?: string }).status) : end.kind
}

/** Waits up to `timeout` ms for something to become true. */
export async function soon(holds: () => boolean, timeout = 60_000): Promise<void> {
  await vi.waitFor(
    () => {
      if (!holds()) throw new Error(`not within ${timeout} ms: ${holds.toString()}`)
    },
    { timeout, interval: 5 },
  )
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** A bare charge point: sends any text, keeps every text. */
export type BareSocket = {
  readonly socket: WebSocket
  readonly texts: string[]
  readonly closed: Promise<number>
  send(text: string | Buffer): void
}

export async function openBare(
  url: string,
  protocols: readonly string[] = ['ocpp1.6'],
  headers: { readonly [name: string]: string } = {},
): Promise<BareSocket> {
  const socket = new WebSocket(url, [...protocols], { headers, perMessageDeflate: false })
  onTestFinished(() => socket.terminate())
  const texts: string[] = []
  socket.on('message', (data) => texts.push(data.toString()))
  const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)))
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
  })
  socket.on('error', () => undefined)
  return { socket, texts, closed, send: (text) => socket.send(text, { binary: false }) }
}
