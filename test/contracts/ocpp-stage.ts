import { onTestFinished, vi } from 'vitest'
import { WebSocket } from 'ws'
import { DEFAULT_PROFILE } from '../../actors/ocpp/profiles/default.ts'
import type { ChargePointDesk, ChargePointNews, DeskAnswer } from '../../actors/ports.ts'
import { systemClock } from '../../src/clock.ts'
import {
  type ChargePointClient,
  type ChargePointClientOptions,
  openChargePointClient,
} from '../../src/demo/charge-point-client.ts'
import { type ChargePointEntry, type OcppServer, openOcppServer } from '../../src/ocpp/ocpp-server.ts'

// Real sockets on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

/** Samples five times a second, so that a story takes seconds. */
export const QUICK_PROFILE = { ...DEFAULT_PROFILE, sampleInterval_s: 0.2 }

/** A desk that writes down what it hears; the same StartTransaction gets the same id again, as the site's desk does. */
class RecordingDesk implements ChargePointDesk {
  readonly heard: ChargePointNews[] = []
  readonly #ids = new Map<string, string>()
  /** What it answers, by token; accepted where nothing stands. */
  readonly standing = new Map<string, DeskAnswer['status']>()
  /** Commits of these fail. */
  readonly failing = new Set<ChargePointNews['type']>()
  /** How long a commit takes, ms. */
  slow_ms = 0

  async hear(news: ChargePointNews): Promise<DeskAnswer> {
    if (this.slow_ms > 0) await new Promise((resolve) => setTimeout(resolve, this.slow_ms))
    if (this.failing.has(news.type)) throw new Error('the disk is full')
    this.heard.push(news)
    const status =
      'idToken' in news && news.idToken !== null ? (this.standing.get(news.idToken) ?? 'accepted') : 'accepted'
    if (news.type !== 'started') return { status, transactionId: null }
    if (news.transactionId !== undefined) return { status, transactionId: news.transactionId }
    const key = JSON.stringify([news.chargePointId, news.evse, news.idToken, news.register_Wh, news.happenedAt])
    const transactionId = this.#ids.get(key) ?? String(this.#ids.size + 101)
    this.#ids.set(key, transactionId)
    return { status, transactionId }
  }

  of<T extends ChargePointNews['type']>(type: T, chargePointId?: string): Extract<ChargePointNews, { type: T }>[] {
    return this.heard.filter(
      (n): n is Extract<ChargePointNews, { type: T }> =>
        n.type === type && (chargePointId ?? n.chargePointId) === n.chargePointId,
    )
  }
}

/** Where a test's clean-up goes; tests that run beside others hand in their own. */
type Finish = typeof onTestFinished

export type Stage = {
  readonly server: OcppServer
  readonly desk: RecordingDesk
  readonly url: string
  readonly log: string[]
  /** What each charge point took and does not keep of its settings, as it was told. */
  readonly settled: (readonly string[])[]
  /** Charge points that sent a frame over 1 MiB. */
  readonly tooLarge: readonly string[]
  readonly finish: Finish
}

/** A central system on a free port, closed when the test ends. */
export async function openStage(
  chargePoints: readonly ChargePointEntry[] = [{ id: 'CP-1', profile: QUICK_PROFILE }],
  answerWithin_s = 5,
  finish: Finish = onTestFinished,
): Promise<Stage> {
  const desk = new RecordingDesk()
  const log: string[] = []
  const settled: (readonly string[])[] = []
  const tooLarge: string[] = []
  const server = await openOcppServer({
    host: '127.0.0.1',
    port: 0,
    chargePoints,
    clock: systemClock,
    desk,
    answerWithin_s,
    settled: (_, ignored) => settled.push(ignored),
    tooLarge: (chargePointId) => tooLarge.push(chargePointId),
    log: (line) => log.push(`${line.says} ${JSON.stringify(line.about)}`),
  })
  finish(() => server.close())
  return { server, desk, url: `ws://127.0.0.1:${server.port}/ocpp`, log, settled, tooLarge, finish }
}

/** A charge point of the demo's kind on this stage, closed when the test ends. */
export function openClient(stage: Stage, options: Partial<ChargePointClientOptions> = {}): ChargePointClient {
  const client = openChargePointClient({ url: stage.url, id: 'CP-1', clock: systemClock, reconnect_ms: 30, ...options })
  stage.finish(() => client.close())
  return client
}

const LAST_QUESTIONS = ['GetConfiguration', 'GetVariables']

/** Waits until the questions after a boot are over, so that a test counts only its own calls. */
export async function settled(stage: Stage, client: ChargePointClient): Promise<void> {
  await soon(() => client.frames.some((f) => f.way === 'in' && f.frame[0] === 2 && LAST_QUESTIONS.includes(f.frame[2])))
  await soon(() => stage.desk.of('meter', client.id).length > 0)
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

/** A bare socket: sends anything, keeps what comes back. */
export type RawSocket = {
  readonly socket: WebSocket
  readonly received: unknown[]
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  send(frame: unknown): void
  /** Sends a call and waits for its answer. */
  call(id: string, action: string, payload: unknown): Promise<unknown>
}

/** Opens a bare socket as a charge point; rejects where the upgrade is refused. */
export async function openRaw(
  stage: Stage,
  id = 'CP-1',
  protocols: readonly string[] = ['ocpp1.6'],
): Promise<RawSocket> {
  const socket = new WebSocket(`${stage.url}/${id}`, [...protocols])
  stage.finish(() => socket.terminate())
  const received: unknown[] = []
  socket.on('message', (data) => received.push(JSON.parse(data.toString())))
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  )
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => undefined)
  const answerTo = (wanted: string): unknown => received.find((f) => Array.isArray(f) && f[0] !== 2 && f[1] === wanted)
  return {
    socket,
    received,
    closed,
    send: (frame) => socket.send(JSON.stringify(frame)),
    call: async (wanted, action, payload) => {
      socket.send(JSON.stringify([2, wanted, action, payload]))
      await soon(() => answerTo(wanted) !== undefined)
      return answerTo(wanted)
    },
  }
}

/** Actions that a client sent or got, in order. */
export function actions(client: ChargePointClient, way: 'in' | 'out'): string[] {
  return client.frames.flatMap((f) => (f.way === way && f.frame[0] === 2 ? [f.frame[2]] : []))
}

/** The status of a promise that must reject with a Fault: its code. */
export async function faultOf(promise: Promise<unknown>): Promise<string> {
  try {
    return `answered ${String(await promise)}`
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}
