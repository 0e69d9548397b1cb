import { Agenda } from '../../actors/agenda.ts'
import type { BayPlan } from '../../actors/bay-plan.ts'
import type { Policy } from '../../machines/events.ts'
import type { Draft } from '../../machines/record.ts'
import { movingFrames } from './arrival-reads.ts'
import { AskedPayers } from './asked-payers.ts'
import { bayChargePoints } from './bay-charge-points.ts'
import { type EngineName, engineNamed } from './bay-engine.ts'
import { ChanceStreams } from './chance-streams.ts'
import { type Demand, type WantedVisit, wantedVisits } from './demand.ts'
import { DesignBays } from './design-bays.ts'
import { bayId, type PlacedCamera, placeCameras } from './design-cameras.ts'
import { faultsOfDay } from './design-faults.ts'
import type { DesignScenario } from './design-scenario.ts'
import { chargePointOf, connectorOf, look, type Stage, works } from './design-stage.ts'
import { FrameNews } from './frame-news.ts'
import { OutcomeWatch } from './outcome-watch.ts'
import { type BayBody, emptyBody } from './parked-vehicle.ts'
import { calendarOf, type RunCalendar } from './run-calendar.ts'
import { inSession } from './session-ways.ts'
import { SharedGrid } from './shared-grid.ts'
import { awaitOutages } from './site-outages.ts'
import { askAgain, enter, leaveAt, parksOnly } from './vehicle-stay.ts'
import { type KnownBy, newRow, VisitLedger, type VisitRow } from './visit-ledger.ts'
import { VisitorPlates } from './visitor-plates.ts'

/** Who waits for a bay drives in so long after it became free, ms. */
const CHANGE_MS = 15_000

/** Which of a scenario's replications, and who hears its records (absent = nobody keeps a journal). */
export type RunOptions = {
  readonly replication: number
  /** What steps the bays; absent = the tables. */
  readonly engine?: EngineName
  readonly record?: (draft: Draft) => void
  /** Nothing that begins later is simulated, ms from the run's beginning. */
  readonly untilMs?: number
}

/** One replication, done. `steps`: how often a bay's machine was asked. */
export type RunResult = { readonly ledger: VisitLedger; readonly steps: number; readonly bayDays: number }

/** Simulates one replication of a site: everybody who comes, every bay deciding by the production machine, until the last vehicle has left. */
export function runDesign(scenario: DesignScenario, demand: Demand, options: RunOptions): RunResult {
  return new DesignRun(scenario, demand, options).run()
}

/** What the bays of a scenario are told of themselves, as a site file would. */
export function bayPlans(scenario: DesignScenario, cameras: readonly PlacedCamera[]): BayPlan[] {
  const { policy } = scenario
  return bayChargePoints(scenario).map(({ connectionTimeout_s, startOn }, bay) => ({
    bayId: bayId(bay),
    policy,
    connectors: [
      {
        connector: connectorOf(bay),
        chargePointId: chargePointOf(bay),
        evse: 1,
        connectionTimeout_s,
        startOn,
      },
    ],
    zones: cameras
      .filter(({ bays }) => bays.includes(bay))
      .map(({ cameraId, zones }) => ({
        cameraId,
        polygon: zones.find((zone) => zone.bayId === bayId(bay))?.polygon ?? WHOLE,
      })),
  }))
}

const WHOLE = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const

type Waiting = { readonly wanted: WantedVisit; readonly row: VisitRow; readonly since: number; left: boolean }

class DesignRun {
  readonly #scenario: DesignScenario
  readonly #demand: Demand
  readonly #options: RunOptions
  readonly #agenda = new Agenda<(at: number) => void>()
  readonly #queue: Waiting[] = []
  readonly #days: number
  readonly #stage: Stage
  readonly #streams: ChanceStreams
  readonly #calendar: RunCalendar
  #now: number
  #turn = 0

  constructor(scenario: DesignScenario, demand: Demand, options: RunOptions) {
    this.#scenario = scenario
    this.#demand = demand
    this.#options = options
    const { run } = scenario
    this.#days = run.warmup_days + run.days
    this.#calendar = calendarOf(scenario)
    this.#now = this.#calendar.start
    this.#streams = new ChanceStreams(run.seed, options.replication)
    this.#stage = this.#made(new OutcomeWatch(() => this.#stage))
  }

  #made(watch: OutcomeWatch): Stage {
    const scenario = this.#scenario
    const { run, drivers, reader, policy, chargers, site } = scenario
    const cameras = placeCameras(scenario)
    const { start, starts } = this.#calendar
    const end_ms = starts[this.#days] as number
    const plates = new VisitorPlates(run.seed, drivers.register, { now: () => this.#now }, scenario.backEnd.accounts)
    const later = (at: number, act: (at: number) => void): void => this.#agenda.push(at, act)
    const payers = new AskedPayers({
      backEnd: scenario.backEnd,
      register: plates.authorizer(site.timezone),
      accountOf: plates.farAccount,
      now: () => this.#now,
      later,
      isAway: () => this.#stage.site.backEndAway,
    })
    const ears = {
      decided: watch.decided.bind(watch),
      carryOut: watch.carryOut.bind(watch),
      stepped: (bay: number, at: number) => askAgain(this.#stage, bay, at),
      ...(this.#options.record && { record: this.#options.record }),
    }
    return {
      scenario,
      streams: this.#streams,
      plates,
      cameras,
      frames: framesBy(cameras, policy, movingFrames(reader.voteFrames)),
      bays: new DesignBays(
        engineNamed(this.#options.engine ?? 'compiled'),
        bayPlans(scenario, cameras),
        watch.asking(payers),
        ears,
        start,
      ),
      chargePoints: bayChargePoints(scenario),
      bodies: Array.from({ length: site.bays }, emptyBody),
      grid: new SharedGrid({
        limit_A: chargers.gridLimit_A,
        sharing: chargers.sharing,
        voltage_V: chargers.voltage_V,
      }),
      ledger: new VisitLedger(starts[run.warmup_days] as number, end_ms, chargers.gridLimit_A),
      start,
      end: start + end_ms,
      calendar: this.#calendar,
      away: new Map(),
      site: { dark: false, backEndAway: false },
      payers,
      later,
      freed: (bay, at) => this.#next(bay, at),
      began: (transactionId, parked, at) => {
        watch.began(transactionId, parked)
        inSession(this.#stage, parked, transactionId, at)
      },
      powered: (parked) => this.#powered(parked.plugBay, parked.row),
      filled: (parked, at) => {
        if (scenario.demand.overstay.rule === 'whenFull') leaveAt(this.#stage, parked, at + drivers.leave_s * 1000)
      },
      turn: () => ++this.#turn,
      isTurn: (turn) => turn === this.#turn,
    }
  }

  run(): RunResult {
    this.#open()
    const { seed } = this.#scenario.run
    const { start, starts, firstWeekday } = this.#calendar
    const visits = wantedVisits(this.#demand, {
      seed,
      replication: this.#options.replication,
      days: this.#days,
      firstWeekday,
      moment: (day, clock_ms) => this.#calendar.at(day, clock_ms),
    })
    for (let day = 0; day < this.#days; day++)
      this.#agenda.push(start + (starts[day] as number), () => faultsOfDay(this.#stage, day))
    awaitOutages(this.#stage)
    this.#await(visits)
    this.#drain()
    this.#stage.ledger.load(starts[this.#days] as number, 0)
    const { bays, ledger } = this.#stage
    return { ledger, steps: bays.steps, bayDays: this.#scenario.site.bays * this.#days }
  }

  /** Every charge point is heard, every camera sees its bays empty. */
  #open(): void {
    const { bays, bodies, start } = this.#stage
    for (const bay of bodies.keys()) {
      const chargePointId = chargePointOf(bay)
      bays.tell(bay, { type: 'charger.online', ...bays.origin(chargePointId), chargePointId }, start)
      const connector = connectorOf(bay)
      const origin = bays.origin(chargePointId)
      bays.tell(bay, { type: 'connector.status', ...origin, connector, status: 'available', errorCode: null }, start)
      look(this.#stage, bay, start, 'zone.empty')
    }
  }

  /** One arrival waits on the agenda at a time. */
  #await(visits: Generator<WantedVisit>): void {
    const { value, done } = visits.next()
    if (done) return
    this.#agenda.push(this.#calendar.start + value.arriveMs, (at) => {
      this.#arrive(value, at)
      this.#await(visits)
    })
  }

  /** In the order of time: a timer of a bay that is due at the same moment comes first. */
  #drain(): void {
    const { bays } = this.#stage
    const until =
      this.#options.untilMs === undefined ? Number.POSITIVE_INFINITY : this.#calendar.start + this.#options.untilMs
    for (;;) {
      const next = Math.min(bays.next, this.#agenda.next)
      if (next === Number.POSITIVE_INFINITY || next > until) return
      this.#now = next
      if (bays.next <= this.#agenda.next) bays.advance(next)
      else {
        const { due, item } = this.#agenda.pop()
        item(due)
      }
    }
  }

  #arrive(wanted: WantedVisit, at: number): void {
    const { ledger } = this.#stage
    const row = ledger.add(newRow(wanted))
    const bay = this.#freeBay(wanted)
    if (bay !== null) return enter(this.#stage, wanted, row, bay, at)
    row.hit = this.#stage.bodies.some((body) => isFree(body) && body.downSince !== null)
    const { queuePlaces, patience_min } = this.#scenario.site
    if (this.#queue.filter((one) => !one.left).length >= queuePlaces) return
    const waiting: Waiting = { wanted, row, since: at, left: false }
    row.outcome = 'gave-up'
    this.#queue.push(waiting)
    this.#agenda.push(at + patience_min * 60_000, () => {
      waiting.left = true
    })
  }

  #freeBay({ index }: WantedVisit): number | null {
    const { bodies } = this.#stage
    const open = [...bodies.keys()].filter((bay) => isFree(bodies[bay]))
    // A charge point that is dark says so itself: only who parks drives up to it.
    const isDown = open.some((bay) => bodies[bay]?.downSince != null)
    const free = isDown && !parksOnly(this.#stage, index) ? open.filter((bay) => bodies[bay]?.downSince === null) : open
    if (free.length === 0) return null
    return free[Math.floor(this.#streams.of('bay', index).uniform() * free.length)] as number
  }

  /** Who waits longest drives into the bay that became free. */
  #next(bay: number, at: number): void {
    if (!works(this.#stage, bay)) return
    for (let waiting = this.#queue.shift(); waiting; waiting = this.#queue.shift()) {
      if (waiting.left) continue
      const { wanted, row } = waiting
      const body = this.#stage.bodies[bay]
      if (body) body.reserved = true
      // From here on its patience does not matter any more.
      row.outcome = 'not-charged'
      this.#agenda.push(at + CHANGE_MS, (now) => enter(this.#stage, wanted, row, bay, now))
      return
    }
  }

  /** First current: by what berth knew who pays. */
  #powered(bay: number, row: VisitRow): void {
    row.outcome = 'charged'
    row.knownBy ??= knownBy(this.#stage, bay)
  }
}

/** The frames of every camera; what those of one pace vote is worked out once for all of them. */
function framesBy(cameras: readonly PlacedCamera[], policy: Policy, moving: number): Map<string, FrameNews> {
  const paces = new Map<number, FrameNews>()
  const atPace = ({ plan }: PlacedCamera): FrameNews => {
    const gap_ms = Math.round(1000 / plan.framesPerSecond)
    const frames = paces.get(gap_ms) ?? new FrameNews(policy, gap_ms, moving)
    paces.set(gap_ms, frames)
    return frames
  }
  return new Map(cameras.map((camera) => [camera.cameraId, atPace(camera)]))
}

const isFree = (body: BayBody | undefined): boolean => body !== undefined && body.vehicle === null && !body.reserved

function knownBy({ bays }: Stage, bay: number): KnownBy | null {
  const payer = bays.bay(bay).visit?.payer
  if (!payer) return null
  if (payer.rank === 'card') return payer.handle?.startsWith('code-') ? 'code' : 'card'
  return payer.person ? 'review' : 'plate'
}
