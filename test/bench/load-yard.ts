import { FlushProbe } from './flush-probe.ts'
import type { Times } from './latencies.ts'
import type { LoadPlan } from './load-plan.ts'
import { LoadPoints } from './load-points.ts'
import { LoadTraffic, type TrafficErrors } from './load-traffic.ts'

/** What is asked of this process, one after the other; each is answered with what it answers below, or `failed`. */
export type YardAsk =
  | {
      readonly ask: 'open'
      readonly plan: LoadPlan
      readonly plates: readonly string[]
      readonly http: string
      readonly ocpp: string
      /** A file on the disk of the store, to be flushed beside it. */
      readonly beside: string
    }
  | { readonly ask: 'fill' | 'reset' | 'storm' | 'end' | 'tell' }

/** What was heard since the last `reset`. */
export type YardFigures = {
  readonly reads: Times
  readonly transactions: Times
  readonly others: Times
  readonly starts: Times
  /** One page flushed on the same disk. */
  readonly flush: Times
  readonly came: number
  readonly left: number
  /** Vehicles that came while their charge point was away, and whose start lapsed. */
  readonly lapsed: number
  /** Messages that were not sent, since every camera waited for an answer. */
  readonly missed: number
  readonly errors: TrafficErrors
  /** Bays whose charge point has a transaction, and bays in which nothing stands. */
  readonly charging: readonly number[]
  readonly empty: readonly number[]
  /** Processor time of this process: what playing charge points, cameras and vehicles costs. */
  readonly cpu_ms: number
}
/** The answer of `storm` is how long it took until all were back, ms. */
export type YardAnswer = { readonly figures: YardFigures; readonly took_ms: number; readonly failed?: string }

/** Run as a process of its own, told by messages: the charge points, cameras and vehicles of a load. */
let points: LoadPoints | null = null
let traffic: LoadTraffic | null = null
const probe = new FlushProbe()
const before = { came: 0, left: 0, missed: 0, cpu_ms: 0 }

function ownTime_ms(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

async function heed(asked: YardAsk): Promise<void> {
  if (asked.ask === 'open') {
    const { plan, plates, http, ocpp, beside } = asked
    probe.run(beside).catch(() => process.exit(1))
    points = new LoadPoints(plan, ocpp, (bay) => traffic?.started(bay))
    traffic = new LoadTraffic(plan, http, plates, () => points as LoadPoints)
    return points.open()
  }
  if (!points || !traffic) throw new Error('open comes first')
  if (asked.ask === 'fill') await traffic.fill()
  if (asked.ask === 'storm') {
    traffic.away(true)
    points.drop()
    await points.online()
    traffic.away(false)
  }
  if (asked.ask === 'end') {
    probe.end()
    await traffic.end()
    for (let turn = 0; points.waiting > 0 && turn < 500; turn++) await new Promise((go) => setTimeout(go, 20))
  }
  if (asked.ask !== 'reset') return
  traffic.errors = {}
  points.refused = {}
  for (const one of [points, traffic.reads, traffic.starts, probe.times]) one.reset()
  before.came = traffic.came
  before.left = traffic.left
  before.missed = traffic.missed
  before.cpu_ms = ownTime_ms()
}

function figures(): YardFigures {
  if (!points || !traffic) throw new Error('open comes first')
  const refused = Object.entries(points.refused).map(([code, count]) => [`a call answered ${code}`, count] as const)
  return {
    reads: traffic.reads.told(),
    starts: traffic.starts.told(),
    flush: probe.times.told(),
    lapsed: traffic.lapsed,
    missed: traffic.missed - before.missed,
    transactions: points.transactions.told(),
    others: points.others.told(),
    came: traffic.came - before.came,
    left: traffic.left - before.left,
    errors: {
      ...traffic.errors,
      ...Object.fromEntries(refused),
      ...(points.waiting > 0 ? { 'a call without an answer': points.waiting } : {}),
    },
    ...traffic.known(),
    cpu_ms: ownTime_ms() - before.cpu_ms,
  }
}

process.on('message', (asked: YardAsk) => {
  const from = performance.now()
  heed(asked).then(
    () => process.send?.({ figures: figures(), took_ms: performance.now() - from }),
    (cause: unknown) => process.send?.({ failed: String(cause) }),
  )
})
process.on('disconnect', () => process.exit(0))
