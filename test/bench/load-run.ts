import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { berth, type LineSite, type ServingProcess, stripOf, until, writeSite } from '../src/serve/serving-line.ts'
import { serveGauged } from './gauged-site.ts'
import { cameraOf, connectorOf, type LoadPlan, placeOf, SEEN_TOGETHER } from './load-plan.ts'
import { loadPlates } from './load-plates.ts'
import type { YardAnswer, YardAsk, YardFigures } from './load-yard.ts'
import { type Gauge, LoopDelay } from './server-gauge.ts'

/** What a load came to. Times in ms, memory in bytes. */
export type LoadFigures = {
  readonly plan: LoadPlan
  /** Until the server listens, with nothing in its journal; all charge points are there; the bays are taken; all are back after the storm. */
  readonly opened_ms: number
  readonly connected_ms: number
  readonly filled_ms: number
  readonly back_ms: number | null
  readonly yard: YardFigures
  readonly delay: Gauge['delay']
  /** The same of a process that does nothing meanwhile. */
  readonly idle: Gauge['delay']
  /** Processor time of the server in the time that was measured, and the length of that time. */
  readonly cpu_ms: number
  readonly measured_ms: number
  /** Of a site of one bay at rest, cores. */
  readonly rest_cores: number
  /** Resident after a collection: of a site of one bay, when it is taken, and at the end. */
  readonly rss: { readonly bare: number; readonly before: number; readonly after: number }
  readonly heap: { readonly bare: number; readonly before: number; readonly after: number }
  readonly records: { readonly measured: number; readonly all: number }
  /** Bays that the server knows otherwise than who stands there. */
  readonly disagreeing: number
  /** `berth verify` over the journal. */
  readonly verified: boolean
  /** From the start of a second process on the same journal until it listens. */
  readonly reopened_ms: number
}

type Finish = (clean: () => unknown) => void
export type LoadOptions = { readonly say?: (line: string) => void; readonly profile?: string }

/** Waits as at a real site: the defaults. */
const POLICY = { absence_s: 300, plugInWindow_s: 120, authorizeTimeout_s: 10 }
/** How long a site at rest is looked at. */
const REST_ms = 10_000
/** Vehicles registered at once. */
const BATCH = 2_000
/** Before the measure: samples have begun, and whatever the last arrivals caused is over. */
const CALM_ms = 10_000
/** After the last message until server and yard shall agree: the visits that were ending have ended. */
const SETTLED_ms = 120_000

/** One `berth serve` on SQLite under a plan, its charge points and cameras in a process of their own. Leaves nothing behind. */
export async function runLoad(plan: LoadPlan, { say = () => {}, profile }: LoadOptions = {}): Promise<LoadFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-load-'))
  const cleanups: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const finish: Finish = (clean) => void cleanups.unshift(clean)
  try {
    const bare = await bareGauge(join(folder, 'bare'), finish)
    const site = await writeSite(plan.bays, {
      folder: join(folder, 'whole'),
      cameraOf,
      connectorOf: (bay) => connectorOf(bay, plan),
      zones: (bay) => stripOf(placeOf(bay), SEEN_TOGETHER),
      policy: { ...POLICY, exitGrace_s: plan.exitGrace_s },
    })
    return await underLoad(site, plan, { bare, say, finish, profile })
  } finally {
    for (const clean of cleanups) await clean()
  }
}

/** What berth itself takes: a site of one bay, at rest. */
async function bareGauge(folder: string, finish: Finish): Promise<Gauge & { readonly rest_cores: number }> {
  const { serving, gauge } = await serveGauged(await writeSite(1, { folder }), finish)
  await ready(serving)
  const bare = await gauge('collect')
  await pause(REST_ms)
  const rested = await gauge('tell')
  await serving.stop()
  return { ...bare, rest_cores: (rested.cpu_ms - bare.cpu_ms) / REST_ms }
}

type Under = {
  readonly bare: Awaited<ReturnType<typeof bareGauge>>
  readonly say: (line: string) => void
  readonly finish: Finish
  readonly profile: string | undefined
}

async function underLoad(site: LineSite, plan: LoadPlan, { bare, say, finish, profile }: Under): Promise<LoadFigures> {
  const from = performance.now()
  const { serving, gauge } = await serveGauged(site, finish)
  const opened_ms = performance.now() - from
  await ready(serving)
  const plates = loadPlates(Math.ceil(plan.bays * 1.3))
  await registerAll(serving, plates)
  const yard = openYard(finish)
  const http = `http://127.0.0.1:${site.httpPort}`
  const ocpp = `ws://127.0.0.1:${site.ocppPort}/ocpp`
  const opened = await yard({ ask: 'open', plan, plates, http, ocpp, beside: join(site.folder, 'flushed') })
  say(`${plan.chargePoints} charge points connected in ${seconds(opened.took_ms)}`)
  const filled = await yard({ ask: 'fill' })
  say(`${opened.figures.came + filled.figures.came} vehicles charge after ${seconds(filled.took_ms)}`)
  await pause(Math.min(CALM_ms, plan.measure_s * 250))
  const before = await gauge('collect')
  const seqBefore = await newest(serving)
  await yard({ ask: 'reset' })
  if (profile) await gauge('profile')
  const begin = await gauge('reset')
  const idle = new LoopDelay()
  const measureFrom = performance.now()
  await pause((plan.measure_s * 1_000) / 2)
  const storm = plan.storm ? await yard({ ask: 'storm' }) : null
  if (storm) say(`all connections cut at once; all are back after ${seconds(storm.took_ms)}`)
  await pause(Math.max(0, measureFrom + plan.measure_s * 1_000 - performance.now()))
  const end = await gauge('tell')
  const measured_ms = performance.now() - measureFrom
  const idled = idle.told()
  const { figures } = await yard({ ask: 'tell' })
  const seqAfter = await newest(serving)
  if (profile) await gauge(`profiled ${profile}`)
  const last = await yard({ ask: 'end' })
  const after = await gauge('collect')
  const disagreeing = await disagreements(serving, last.figures)
  await serving.stop()
  const verified = await berth('verify', '--site', site.path)
  const reopened_ms = await reopened(site, finish)
  return {
    plan,
    opened_ms,
    connected_ms: opened.took_ms,
    filled_ms: filled.took_ms,
    back_ms: storm?.took_ms ?? null,
    yard: { ...figures, errors: last.figures.errors, charging: [], empty: [] },
    delay: end.delay,
    idle: idled,
    cpu_ms: end.cpu_ms - begin.cpu_ms,
    measured_ms,
    rest_cores: bare.rest_cores,
    rss: { bare: bare.rss, before: before.rss, after: after.rss },
    heap: { bare: bare.heap, before: before.heap, after: after.heap },
    records: { measured: seqAfter - seqBefore, all: seqAfter },
    disagreeing,
    verified: verified.code === 0,
    reopened_ms,
  }
}

/** Every record is read and every bay lives again. */
async function reopened(site: LineSite, finish: Finish): Promise<number> {
  const from = performance.now()
  const { serving } = await serveGauged(site, finish)
  const took = performance.now() - from
  await serving.stop()
  return took
}

const ready = (serving: ServingProcess): Promise<void> =>
  until(async () => (await serving.ask('GET', '/health/ready')).status === 200, 120_000)

async function registerAll(serving: ServingProcess, plates: readonly string[]): Promise<void> {
  for (let first = 0; first < plates.length; first += BATCH) {
    const rows = plates.slice(first, first + BATCH).map((plate, index) => `${plate},acc-${first + index}`)
    const answer = await fetch(`http://127.0.0.1:${serving.site.httpPort}/api/vehicles/import`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: `plate,accountId\n${rows.join('\n')}\n`,
    })
    if (!answer.ok) throw new Error(`the register said ${answer.status}: ${await answer.text()}`)
  }
}

function openYard(finish: Finish): (asked: YardAsk) => Promise<YardAnswer> {
  const child: ChildProcess = fork(fileURLToPath(new URL('load-yard.ts', import.meta.url)), {
    execArgv: ['--no-warnings'],
  })
  finish(() => child.kill('SIGKILL'))
  return async (asked) => {
    child.send(asked)
    const [answer] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => [{ failed: `the yard ended with ${code}` }]),
    ])) as [YardAnswer]
    if (answer.failed !== undefined) throw new Error(answer.failed)
    return answer
  }
}

async function newest(serving: ServingProcess): Promise<number> {
  return (await serving.ask('GET', '/api/site')).body.seq
}

/** Bays that charge and are not locked, or are empty and not vacant, when the visits that were ending have had the time to. */
async function disagreements(serving: ServingProcess, known: YardFigures): Promise<number> {
  const end = performance.now() + SETTLED_ms
  for (;;) {
    const states = new Map<string, string>()
    for (const bay of (await serving.ask('GET', '/api/bays')).body.items) states.set(bay.bayId, bay.state)
    const wrong = (bays: readonly number[], state: string): number =>
      bays.filter((bay) => states.get(`bay-${bay}`) !== state).length
    const count = wrong(known.charging, 'charging-locked') + wrong(known.empty, 'vacant')
    if (count === 0 || performance.now() > end) return count
    await pause(1_000)
  }
}

const pause = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms))
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
