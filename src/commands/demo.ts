import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { systemChance } from '../chance.ts'
import { systemClock } from '../clock.ts'
import { serve } from '../compose.ts'
import { terminal } from '../demo/commentary.ts'
import { writeDemoSite } from '../demo/demo-site.ts'
import { openPaymentPage } from '../demo/payment-page.ts'
import { photos } from '../demo/photos.ts'
import type { Milestones } from '../demo/run-demo.ts'
import { reached, runTraffic } from '../demo/run-demo.ts'
import { readSiteFile } from '../site-file.ts'
import { demoToken } from './demo-token.ts'

type Call = {
  /** null = not asked for. */
  readonly port: number | null
  readonly data: string | null
  readonly until: 'locked' | 'vacated' | null
  readonly timeout_s: number
  readonly photos: string | null
  readonly register: number
  readonly json: boolean
}

const DEFAULT_PORT = 8080
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const DEFAULT_REGISTER = 10_000

/** The command `berth demo`: a whole site with cameras, vehicles and charge points; exit code 0, or 1 when `--until` was not reached. */
export async function demo(argv: string[]): Promise<number> {
  const call = readCall(argv)
  if (typeof call === 'string') {
    complain(`berth demo: ${call}`)
    return 2
  }
  const stopping = new AbortController()
  const stop = (): void => stopping.abort(new Error('stopped'))
  // The second Ctrl-C is not caught: it ends the process at once.
  for (const name of ENDINGS) process.once(name, stop)
  const folder = call.data === null ? await mkdtemp(join(tmpdir(), 'berth-demo-')) : resolve(call.data)
  try {
    const token = process.env['BERTH_ADMIN_TOKEN'] ?? null
    if (call.photos === null) return await showCarPark(call, folder, token, stopping.signal)
    return await photos(call.photos, { ...call, token }, folder, openServer, stopping.signal)
  } catch (broken) {
    if (!stopping.signal.aborted) throw broken
    complain('Stopped before the end.')
    return call.photos === null ? 0 : 1
  } finally {
    for (const name of ENDINGS) process.off(name, stop)
    if (call.data === null) await rm(folder, { recursive: true, force: true })
  }
}

/** The one place where the demo starts berth itself. */
async function openServer(path: string): Promise<Awaited<ReturnType<typeof serve>>> {
  return serve(path, { log: () => undefined })
}

/** The car park until Ctrl-C, or until the milestone of `--until`. */
async function showCarPark(call: Call, folder: string, token: string | null, signal: AbortSignal): Promise<number> {
  const wanted = call.port ?? DEFAULT_PORT
  const port = await freePort(wanted)
  if (port === null) {
    complain(
      `Port ${wanted} on 127.0.0.1 is taken; stop what listens there, or choose another with --port (0 = any free one).`,
    )
    return 1
  }
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const page = await openPaymentPage(systemChance.hex(32), () => `play-${systemChance.hex(6)}`)
  const site = await writeDemoSite(folder, { port, chance: systemChance, timezone, payment: page.payment })
  const tokens = `${(await readSiteFile(site.path)).store.path}.tokens`
  const key = demoToken(tokens, token, () => systemChance.hex(32), systemClock)
  const server = await openServer(site.path)
  const listeningAt = Date.now()
  const ending = new AbortController()
  const ends = AbortSignal.any([signal, ending.signal])
  const milestones: Milestones = { bayId: null, locked_ms: null, vacated_ms: null }
  greet(server.url, call.data === null ? null : folder)
  openBrowser(server.url)
  const say = terminal(
    () => Date.now(),
    (text) => void process.stdout.write(text),
  )
  const traffic = runTraffic(
    { site, server, token: key.first, newer: key.newer, listeningAt, clock: systemClock, chance: systemChance, say },
    milestones,
    ends,
  )
  try {
    if (call.until === null) await traffic
    else return await watchFor(call.until, call.timeout_s, milestones, traffic, ends)
    return 0
  } catch (broken) {
    if (signal.aborted) return 0
    throw broken
  } finally {
    ending.abort(new Error('the demo ends'))
    await traffic.catch(() => undefined)
    await server.stop()
    await page.close()
    key.end()
    if (signal.aborted) process.stdout.write('Stopped.\n')
  }
}

/** Waits for the milestone beside the traffic; says what was measured, or what is missing. */
async function watchFor(
  until: 'locked' | 'vacated',
  timeout_s: number,
  milestones: Milestones,
  traffic: Promise<void>,
  signal: AbortSignal,
): Promise<number> {
  const done = await Promise.race([
    reached(milestones, until, timeout_s * 1000, systemClock, signal),
    traffic.then(() => false),
  ])
  const seconds = (ms: number | null): string => (ms === null ? 'never' : `${(ms / 1000).toFixed(1)} s`)
  if (done) {
    const vacated = until === 'vacated' ? `, vacant again ${seconds(milestones.vacated_ms)}` : ''
    process.stdout.write(
      `${milestones.bayId}: locked ${seconds(milestones.locked_ms)}${vacated} after the server listened.\n`,
    )
    return 0
  }
  const missing =
    milestones.locked_ms === null
      ? 'no bay locked'
      : `${milestones.bayId} locked after ${seconds(milestones.locked_ms)}, but did not become vacant again`
  complain(`Within ${timeout_s} s ${missing}.`)
  return 1
}

/** The command line's words, or what was not understood; an unknown option throws as util.parseArgs does. */
function readCall(argv: string[]): Call | string {
  const { values } = parseArgs({
    args: argv,
    options: {
      port: { type: 'string' },
      data: { type: 'string' },
      until: { type: 'string' },
      timeout: { type: 'string' },
      photos: { type: 'string' },
      register: { type: 'string' },
      json: { type: 'boolean' },
    },
  })
  const until = values.until ?? null
  if (until !== null && until !== 'locked' && until !== 'vacated')
    return unusable('--until', until, 'locked or vacated')
  const port = wholeNumber('--port', values.port, DEFAULT_PORT, 0, 65_535)
  const timeout_s = wholeNumber('--timeout', values.timeout, 120, 1, 86_400)
  const register = wholeNumber('--register', values.register, DEFAULT_REGISTER, 0, 1_000_000)
  if (typeof port === 'string') return port
  if (typeof timeout_s === 'string') return timeout_s
  if (typeof register === 'string') return register
  return {
    port: values.port === undefined ? null : port,
    data: values.data ?? null,
    until,
    timeout_s,
    photos: values.photos ?? null,
    register,
    json: values.json === true,
  }
}

/** The number, or what is wrong with it. */
function wholeNumber(
  flag: string,
  text: string | undefined,
  otherwise: number,
  least: number,
  most: number,
): number | string {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (!Number.isInteger(value) || value < least || value > most)
    return unusable(flag, text, `a whole number from ${least} to ${most}`)
  return value
}

const unusable = (flag: string, text: string, wanted: string): string =>
  `${flag} ${JSON.stringify(text)} is not ${wanted}.`

/** The port, where it can be had on loopback, else null; for 0 any free one. */
function freePort(port: number): Promise<number | null> {
  return new Promise((answer) => {
    const probe = createServer()
    probe.once('error', () => answer(null))
    probe.listen(port, '127.0.0.1', () => {
      const { port: found } = probe.address() as AddressInfo
      probe.close(() => answer(found))
    })
  })
}

function greet(url: string, folder: string | null): void {
  const lines = [
    `Open ${url} to watch; Ctrl-C stops it.`,
    folder === null
      ? 'A throw-away site in a temporary folder; --data DIR keeps one.'
      : `The site and its journal stay in ${folder}.`,
    '',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** Only where a person sits at a desktop. */
function openBrowser(url: string): void {
  const desktop =
    process.platform === 'darwin' ||
    process.env['DISPLAY'] !== undefined ||
    process.env['WAYLAND_DISPLAY'] !== undefined
  if (!desktop || !process.stdout.isTTY) return
  const opener = spawn(process.platform === 'darwin' ? 'open' : 'xdg-open', [url], { stdio: 'ignore', detached: true })
  // No opener on this machine: the address is printed anyway.
  opener.on('error', () => undefined)
  opener.unref()
}

function complain(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}
