import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { channelOf } from '../../../src/relay/channel-path.ts'
import type { RelayState } from '../../../src/relay/relay-news.ts'
import { newFolder } from '../../contracts/journal-drafts.ts'
import { openToyUpstream, type ToyUpstream } from '../relay/toy-upstream.ts'
import { type LineSite, readsBody, type ServingProcess, serveSite, writeSite } from '../serve/serving-line.ts'

export const PLATE = 'AB12CDE'
/** What the vehicle is known by at the back end, and cards there. */
export const ALIAS = 'FLEET-0001'
export const CARD = 'CARD-0001'

/** A site with a camera for each bay, and `berth serve` as a process; all ended when the test ends. */
export type PlateLine = {
  readonly site: LineSite
  serving: ServingProcess
  /** Three pictures of this plate, by the bay’s own camera, before the bay. */
  see(bay: number, plate: string): Promise<void>
  /** Pictures of an empty bay. */
  leave(bay: number): Promise<void>
}

/** The same in proxy mode, with its back end. */
export type ProxyLine = PlateLine & {
  readonly upstream: ToyUpstream
  /** How the relay stands by its own word. */
  relay(): Promise<RelayState>
}

let frames = 0

/** Opens one with `bays` bays. */
export async function openProxyLine(
  bays = 1,
  {
    ocpp = {},
    policy = {},
    finish = (clean) => onTestFinished(() => void clean()),
    cards = [CARD, ALIAS],
    relayFirst = false,
  }: {
    readonly ocpp?: object
    readonly policy?: object
    readonly finish?: (clean: () => unknown) => void
    readonly cards?: readonly string[]
    /** `berth relay` runs before `berth serve`. */
    readonly relayFirst?: boolean
  } = {},
): Promise<ProxyLine> {
  const upstream = await openToyUpstream(cards)
  finish(() => upstream.close())
  const folder = newFolder()
  finish(() => rmSync(folder, { recursive: true, force: true }))
  const site = await writeSite(bays, {
    ...WHOLE_PICTURES,
    folder,
    policy: { voteWindow_s: 2, ...policy },
    ocpp: { mode: 'proxy', upstream: upstream.url, ...ocpp },
  })
  finish(() => endRelay(site))
  if (relayFirst) await startRelay(site, finish)
  const line = plateLine(site, await serveSite(site, { finish }))
  return Object.assign(line, { upstream, relay: () => relayState(site) })
}

/** Opens a site of which berth is the central system, otherwise the same. */
export async function openCentralLine(
  bays: number,
  { finish }: { readonly finish: (clean: () => unknown) => void },
): Promise<PlateLine> {
  const folder = newFolder()
  finish(() => rmSync(folder, { recursive: true, force: true }))
  const site = await writeSite(bays, { ...WHOLE_PICTURES, folder, policy: { voteWindow_s: 2 } })
  return plateLine(site, await serveSite(site, { finish }))
}

/** Every bay is the whole picture of a camera of its own. */
const WHOLE_PICTURES = {
  cameraOf: (number: number) => number,
  zones: () =>
    [
      [0.05, 0.3],
      [0.95, 0.3],
      [0.95, 0.95],
      [0.05, 0.95],
    ] as const,
}

function plateLine(site: LineSite, serving: ServingProcess): PlateLine {
  const show = (bay: number, body: object): Promise<unknown> =>
    line.serving.ask('POST', `/in/cam-${bay}-secret/reads`, body)
  const line: PlateLine = {
    site,
    serving,
    see: async (bay, plate) => {
      for (let i = 0; i < 3; i++) {
        frames += 1
        await show(bay, readsBody({ bays: 1 }, [{ bay: 1, plate }], { frame: `f${frames}` }))
      }
    },
    leave: async (bay) => {
      for (let i = 0; i < 3; i++) {
        frames += 1
        await show(bay, { ...readsBody({ bays: 1 }, [], { frame: `f${frames}` }), vehicles: [] })
        await new Promise((resolve) => setTimeout(resolve, 300))
      }
    },
  }
  return line
}

/** Registers a plate with the alias that the back end knows it by. */
export async function registerAlias(
  serving: ServingProcess,
  plate: string,
  accountId: string,
  alias: string | null = ALIAS,
): Promise<void> {
  const { status, body } = await serving.ask('PUT', `/api/vehicles/${plate}`, {
    accountId,
    ...(alias === null ? {} : { alias }),
  })
  if (status >= 300) throw new Error(`the register said ${status}: ${JSON.stringify(body)}`)
}

/** `berth relay` as a process; resolves when it listens. */
async function startRelay(site: LineSite, finish: (clean: () => unknown) => void): Promise<void> {
  const berth = fileURLToPath(new URL('../../../src/berth.mjs', import.meta.url))
  const child = spawn(process.execPath, [berth, 'relay', '--site', site.path], { stdio: ['ignore', 'pipe', 'inherit'] })
  finish(() => child.kill())
  await once(child.stdout, 'data')
}

/** One word to the relay, beside the logic; null where none listens. */
function askRelay(site: LineSite, word: 'state' | 'stop'): Promise<RelayState | null> {
  return new Promise((resolve) => {
    const socket = connect(channelOf(`${site.store}.relay`))
    let said = ''
    socket.setEncoding('utf8')
    socket.on('connect', () => socket.write(`${JSON.stringify({ do: word, ref: 'test' })}\n`))
    socket.on('data', (chunk) => {
      said += String(chunk)
      if (said.endsWith('\n')) socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(said === '' ? null : (JSON.parse(said).state ?? null)))
  })
}

/** How the relay stands, once there is one. */
async function relayState(site: LineSite): Promise<RelayState> {
  for (let tries = 0; tries < 1_200; tries++) {
    const state = await askRelay(site, 'state')
    if (state) return state
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('no relay listens')
}

/** Whatever the test did to the site, no relay stays behind. */
async function endRelay(site: LineSite): Promise<void> {
  await askRelay(site, 'stop')
}
