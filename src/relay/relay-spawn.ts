import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { guardChannel } from './channel-path.ts'
import type { RelaySettings } from './relay.ts'
import { RelayClient, type RelayClientOptions } from './relay-client.ts'
import type { RelayState } from './relay-news.ts'

export type SpawnedRelay = {
  readonly client: RelayClient
  /** Takes the passwords of now, also for a relay that is started later; who is connected stays. */
  adopt(passwords: { readonly [id: string]: string }): Promise<void>
  /** Ends the relay with all its connections; resolves when nobody listens any more. */
  stop(): Promise<void>
}

const PROCESS = join(import.meta.dirname, 'relay-process.ts')
const START_WITHIN_MS = 15_000
const LOOK_MS = 20
/** Tells settings from others. Passwords are none of it: they change while a relay runs. */
export function settingsMark(settings: RelaySettings): string {
  const chargePoints = settings.chargePoints.map(({ password: _password, ...rest }) => rest)
  return createHash('sha256')
    .update(JSON.stringify({ ...settings, chargePoints }))
    .digest('hex')
}

/**
 * Finds the relay of these settings, or starts it as a process of its own that outlives this one. One with other settings is ended
 * first. A relay that dies later is started again. One that was started for itself (`berth relay`) is neither ended nor started.
 * Throws Fault CHARGE_POINT_OFFLINE where none comes up, SITE_FILE_INVALID where one for itself has other settings.
 */
export async function spawnRelay(
  settings: RelaySettings,
  parts: { readonly clock: Clock } & Pick<RelayClientOptions, 'hear' | 'greeted' | 'lost'>,
): Promise<SpawnedRelay> {
  const { clock } = parts
  guardChannel(settings.channel)
  const wanted = settingsMark(settings)
  let passwords = passwordsOf(settings)
  const start = (): Promise<void> => startProcess(withPasswords(settings, passwords), clock)
  const told = {
    ...parts,
    greeted: (state: RelayState) => {
      // It may have been started with those of before.
      void client?.passwords(passwords).catch(() => undefined)
      parts.greeted?.(state)
    },
  }
  if (!(await listens(settings.channel))) await start()
  let kept = false
  const revive = async (): Promise<void> => (kept ? undefined : start())
  let client: RelayClient | null = null
  client = new RelayClient({ ...told, channel: settings.channel, revive })
  await greeted(client, clock)
  const state = await client.state()
  kept = state.kept
  if (state.settings !== wanted) {
    if (kept) {
      client.close()
      const says =
        'The relay that runs was started with another site file; restart it (`systemctl restart berth-relay`).'
      throw new Fault('SITE_FILE_INVALID', {}, { says })
    }
    await end(client, settings.channel, clock)
    await start()
    client = new RelayClient({ ...told, channel: settings.channel, revive })
    await greeted(client, clock)
  }
  const live = client
  return {
    client: live,
    adopt: async (changed) => {
      passwords = changed
      await live.passwords(changed)
    },
    stop: async () => (kept ? live.close() : end(live, settings.channel, clock)),
  }
}

/** What charge points must show, by their ids. */
const passwordsOf = (settings: RelaySettings): { readonly [id: string]: string } =>
  Object.fromEntries(
    settings.chargePoints.flatMap(({ id, password }) => (password === undefined ? [] : [[id, password]])),
  )

function withPasswords(settings: RelaySettings, passwords: { readonly [id: string]: string }): RelaySettings {
  const chargePoints = settings.chargePoints.map(({ password: _former, ...rest }) => {
    const password = passwords[rest.id]
    return password === undefined ? rest : { ...rest, password }
  })
  return { ...settings, chargePoints }
}

/** Passwords are among the settings: they are told through a pipe and lie in no file. */
async function startProcess(settings: RelaySettings, clock: Clock): Promise<void> {
  // Where older versions kept them.
  rmSync(`${settings.path}.json`, { force: true })
  const log = openSync(`${settings.path}.log`, 'a', 0o600)
  const child = spawn(process.execPath, ['--no-warnings', PROCESS], {
    detached: true,
    stdio: ['pipe', 'ignore', log],
  })
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(JSON.stringify(settings))
  closeSync(log)
  let gone = false
  child.once('exit', () => {
    gone = true
  })
  child.once('error', () => {
    gone = true
  })
  child.unref()
  const up = await until(
    () => listens(settings.channel),
    START_WITHIN_MS,
    clock,
    () => gone,
  )
  if (up) return
  const says = `The relay did not start: ${lastWords(`${settings.path}.log`)}`
  throw new Fault('CHARGE_POINT_OFFLINE', { path: settings.path }, { says })
}

async function end(client: RelayClient, channel: string, clock: Clock): Promise<void> {
  // One that is just coming back must hear it too, else it would stay behind.
  await until(async () => client.connected || client.closed, START_WITHIN_MS, clock)
  const state = await client.state().catch(() => null)
  await client.stop().catch(() => undefined)
  client.close()
  await until(async () => !(await listens(channel)) && !(state && lives(state.pid)), START_WITHIN_MS, clock)
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function greeted(client: RelayClient, clock: Clock): Promise<void> {
  if (await until(async () => client.connected, START_WITHIN_MS, clock)) return
  client.close()
  throw new Fault('CHARGE_POINT_OFFLINE', {}, { says: 'The relay does not answer on its channel.' })
}

/** Somebody listens there. */
function listens(channel: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(channel)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

async function until(
  holds: () => Promise<boolean>,
  within_ms: number,
  clock: Clock,
  givesUp: () => boolean = () => false,
): Promise<boolean> {
  const last = clock.now() + within_ms
  while (clock.now() < last) {
    if (await holds()) return true
    if (givesUp()) return holds()
    await new Promise<void>((resolve) => void clock.after(LOOK_MS, resolve))
  }
  return false
}

/** Why a relay did not start, by its own words. */
function lastWords(path: string): string {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : []
  const why = lines.findLast((line) => /^\w*(Error|Fault)\b.*:|^Error/.test(line.trim())) ?? ''
  return why === '' ? `see ${path}.` : `${why.trim().slice(0, 300)} (${path} has the rest)`
}
