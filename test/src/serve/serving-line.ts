import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import type { Polygon } from '../../../actors/ports.ts'
import { systemClock } from '../../../src/clock.ts'
import {
  type ChargePointClient,
  type ChargePointClientOptions,
  openChargePointClient,
} from '../../../src/demo/charge-point-client.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { freePort } from './free-port.ts'
import { heardProcess } from './heard-process.ts'

const BERTH = fileURLToPath(new URL('../../../src/berth.mjs', import.meta.url))

/** Where a process’s clean-up goes; the bench hands in its own. */
type Finish = (clean: () => unknown) => void

/** A site file on disk: bay-1 … bay-n, each with CP-n and its strip of the picture of cam-1, where nothing else is said. */
export type LineSite = {
  readonly folder: string
  readonly path: string
  readonly store: string
  readonly httpPort: number
  readonly ocppPort: number
  readonly bays: number
}

/** Short waits, so that a visit takes seconds. */
const QUICK_POLICY = { exitGrace_s: 1, absence_s: 60, plugInWindow_s: 60, authorizeTimeout_s: 5 }

/** Writes a site of `bays` bays. `policy` on top of short waits; `zones` where they are not strips, `cameraOf` where there are more. */
export async function writeSite(
  bays: number,
  {
    policy = {},
    folder = scratchFolder(),
    zones = (number) => stripOf(number, bays),
    cameraOf = () => 1,
    connectorOf = (number) => ({ chargePoint: `CP-${number}`, evse: 1 }),
    ocpp = {},
    chargePoint = () => ({}),
  }: {
    policy?: object
    folder?: string
    zones?: (number: number) => Polygon
    cameraOf?: (number: number) => number
    /** The EVSE that reaches the bay; by default each bay has a charge point of its own. */
    connectorOf?: (number: number) => { readonly chargePoint: string; readonly evse: number }
    /** More of the section `ocpp`, and of each charge point. */
    ocpp?: object
    chargePoint?: (number: number) => object
  } = {},
): Promise<LineSite> {
  const [httpPort, ocppPort] = [await freePort(), await freePort()]
  const numbers = Array.from({ length: bays }, (_, index) => index + 1)
  const path = join(folder, 'site.yaml')
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    path,
    stringify({
      site: { id: 'depot-north', name: 'Depot North', timezone: 'Europe/London' },
      store: { kind: 'sqlite', path: './data/depot-north.db' },
      http: { host: '127.0.0.1', port: httpPort },
      ocpp: { host: '127.0.0.1', port: ocppPort, ...ocpp },
      cameras: [...new Set(numbers.map(cameraOf))].map((camera) => ({
        id: `cam-${camera}`,
        token: `cam-${camera}-secret`,
        kind: 'push',
      })),
      bays: numbers.map((number) => ({
        id: `bay-${number}`,
        ...connectorOf(number),
        zones: [{ camera: `cam-${cameraOf(number)}`, polygon: zones(number).map((point) => [...point]) }],
      })),
      chargePoints: [...new Set(numbers.map((number) => connectorOf(number).chargePoint))].map((id, index) => ({
        id,
        ...chargePoint(index + 1),
      })),
      policy: { ...QUICK_POLICY, ...policy },
    }),
  )
  return { folder, path, store: join(folder, 'data/depot-north.db'), httpPort, ocppPort, bays }
}

/** The strip of a picture in which one of so many bays side by side lies. */
export function stripOf(number: number, bays: number): Polygon {
  const [left, right] = [(number - 0.95) / bays, (number - 0.05) / bays]
  return [
    [left, 0.3],
    [right, 0.3],
    [right, 0.95],
    [left, 0.95],
  ]
}

/** One message of cam-1 in the `reads` dialect: plates in the middle of their bays; `vehicles` null says nothing of presence. */
export function readsBody(
  site: Pick<LineSite, 'bays'>,
  seen: readonly { readonly bay: number; readonly plate: string; readonly id?: string }[],
  { frame, vehicles = true }: { frame: string; vehicles?: boolean },
): object {
  const middle = (bay: number): number => (bay - 0.5) / site.bays
  const [width, height] = [0.3 / site.bays, 0.05]
  return {
    reads: seen.map(({ bay, plate, id }) => ({
      ...(id === undefined ? {} : { id }),
      plate,
      confidence: 0.97,
      box: [middle(bay) - width / 2, 0.6, width, height],
    })),
    ...(vehicles ? { vehicles: seen.map(({ bay }) => ({ box: [middle(bay) - width, 0.4, 2 * width, 0.5] })) } : {}),
    frame,
  }
}

/** An answer with its JSON, whatever its status. */
export type Answer = { readonly status: number; readonly body: Json }
// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server sent; tests say what it must be
type Json = any

/** `berth serve` as a process of its own. */
export type ServingProcess = {
  readonly site: LineSite
  readonly child: ChildProcess
  /** What it said so far, both streams. */
  said(): string
  ask(method: string, path: string, body?: unknown): Promise<Answer>
  /** Posts to the intake of cam-1; answers the status. */
  post(body: object | string): Promise<number>
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
  charge(number: number, options?: Partial<ChargePointClientOptions>): ChargePointClient
}

export type Serving = { readonly finish?: Finish; readonly env?: NodeJS.ProcessEnv; readonly wrap?: readonly string[] }

/** Starts `berth serve` and waits until it listens. `wrap`: a command before it, such as a shell with a limit that ends in `exec "$0" "$@"`. */
export async function serveSite(site: LineSite, options: Serving = {}): Promise<ServingProcess> {
  const serving = spawnSite(site, options)
  await listening(serving)
  return serving
}

/** Starts `berth serve` without waiting. */
export function spawnSite(
  site: LineSite,
  { finish = (clean) => onTestFinished(() => void clean()), env = {}, wrap = [] }: Serving = {},
): ServingProcess {
  const words = [...wrap, process.execPath, BERTH, 'serve', '--site', site.path]
  const { child, said, gone, kill } = heardProcess(words, env)
  finish(kill)
  const ask: ServingProcess['ask'] = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${site.httpPort}${path}`, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false
    return { status: answer.status, body: isJson && text !== '' ? JSON.parse(text) : text }
  }
  return {
    site,
    child,
    said,
    ask,
    post: async (body) => (await ask('POST', '/in/cam-1-secret/reads', body)).status,
    async stop() {
      child.kill('SIGTERM')
      await gone()
      return child.exitCode
    },
    kill,
    charge(number, more = {}) {
      const client = openChargePointClient({
        url: `ws://127.0.0.1:${site.ocppPort}/ocpp`,
        id: `CP-${number}`,
        clock: systemClock,
        reconnect_ms: 100,
        ...more,
        habits: { meterInterval_s: 0.5, callTimeout_s: 3, ...more.habits },
      })
      finish(() => client.close())
      return client
    },
  }
}

/** Resolves when the process says where it listens; rejects with its words when it ends before. */
export async function listening(serving: ServingProcess): Promise<void> {
  await until(
    () => {
      const { exitCode, signalCode } = serving.child
      if (exitCode !== null || signalCode !== null) throw new Error(`it ended (${exitCode}): ${serving.said()}`)
      return serving.said().includes('inspector and API at')
    },
    // A start is some seconds of one core: with ten times its work on the machine it takes most of a minute.
    120_000,
    () => `it listens; it said: ${serving.said()}`,
  )
}

/** What a command of berth says and answers. */
export function berth(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [BERTH, ...words], { encoding: 'utf8', timeout: 60_000 }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err }),
    )
  })
}

/** Waits for something to become true, and says what did not. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  within_ms = 60_000,
  what: () => string = () => holds.toString(),
): Promise<void> {
  const end = Date.now() + within_ms
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${within_ms} ms: ${what()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Waits until a bay is in a state; answers the bay. */
export async function untilState(
  serving: ServingProcess,
  bay: number,
  state: string,
  within_ms = 60_000,
): Promise<Json> {
  let seen: Json = null
  await until(
    async () => {
      seen = (await serving.ask('GET', `/api/bays/bay-${bay}`)).body
      return seen.state === state
    },
    within_ms,
    () => `bay-${bay} is ${state}; it is ${JSON.stringify(seen)}`,
  )
  return seen
}

/** Sends bytes as they are to a port; resolves with what came back when the other side closed, or after a while. */
export async function sendBytes(port: number, text: string, wait_ms = 500): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  socket.on('data', (bytes) => (heard += bytes.toString('latin1')))
  socket.on('error', () => undefined)
  socket.write(text, 'latin1')
  await Promise.race([once(socket, 'close'), new Promise((resolve) => setTimeout(resolve, wait_ms))])
  socket.destroy()
  return heard
}

/** Registers an account with its plate. */
export async function register(serving: ServingProcess, plate: string, accountId: string): Promise<void> {
  const { status, body } = await serving.ask('PUT', `/api/vehicles/${plate}`, { accountId })
  if (status >= 300) throw new Error(`the register said ${status}: ${JSON.stringify(body)}`)
}

/** Every record of the journal, oldest first. */
export async function journalOf(serving: ServingProcess): Promise<readonly Json[]> {
  const records: Json[] = []
  for (;;) {
    const { body } = await serving.ask('GET', `/api/journal?after=${records.at(-1)?.seq ?? 0}&limit=500`)
    if (body.items.length === 0) return records
    records.push(...body.items)
  }
}
