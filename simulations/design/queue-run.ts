import { Agenda } from '../../actors/agenda.ts'
import { type Demand, type WantedVisit, wantedVisits } from './demand.ts'
import { type GridLimit, SharedGrid } from './shared-grid.ts'

/** What became of one wanted visit. Times are ms from the run's beginning; null where it never came to that. */
export type QueueRow = {
  readonly arrivedMs: number
  /** When it got a bay; null for who was turned away. */
  readonly enteredMs: number | null
  readonly leftMs: number | null
  /** From when it drew power, and when it had all it wanted. */
  readonly powerMs: number | null
  readonly fullMs: number | null
}

/** A site for which theory has an answer. */
export type QueueQuestion = {
  readonly demand: Demand
  readonly seed: number
  readonly replication: number
  /** Days in which vehicles come, from a Monday on. */
  readonly days: number
  readonly bays: number
  /** Vehicles that may wait; Infinity: everybody waits as long as it takes. */
  readonly queuePlaces: number
  /** With a limit vehicles leave when they are full, else when their stay is over. */
  readonly grid: GridLimit | null
}

/** A run that answers it: the plain queue, or the whole simulation. */
export type QueueRun = (question: QueueQuestion) => readonly QueueRow[]

type Row = { -readonly [key in keyof QueueRow]: QueueRow[key] }

/**
 * Bays, a queue and a grid limit, and nothing else: no cameras, no charge points, no decisions. The yardstick between theory and the
 * whole simulation: it shows that demand, grid and intervals are right before the production machines join.
 */
export function plainQueue(question: QueueQuestion): readonly QueueRow[] {
  return queueOf(wantedVisits(question.demand, question), question)
}

/** The same for visits that are given, until the last vehicle has left. */
export function queueOf(
  visits: Iterable<WantedVisit>,
  { bays, queuePlaces, grid }: Pick<QueueQuestion, 'bays' | 'queuePlaces' | 'grid'>,
): readonly QueueRow[] {
  const rows: Row[] = []
  const parked = grid ? new FullDepartures(grid) : new StayDepartures()
  const waiting: { row: Row; visit: WantedVisit }[] = []
  let taken = 0
  let served = 0
  const enter = (row: Row, visit: WantedVisit, atMs: number): void => {
    row.enteredMs = atMs
    taken += 1
    parked.enter(row, visit, atMs)
  }
  const depart = (untilMs: number): void => {
    for (let left = parked.leave(untilMs); left !== null; left = parked.leave(untilMs)) {
      taken -= 1
      const first = waiting[served]
      if (!first) continue
      served += 1
      enter(first.row, first.visit, left)
    }
  }
  for (const visit of visits) {
    depart(visit.arriveMs)
    const row: Row = { arrivedMs: visit.arriveMs, enteredMs: null, leftMs: null, powerMs: null, fullMs: null }
    rows.push(row)
    if (taken < bays) enter(row, visit, visit.arriveMs)
    else if (waiting.length - served < queuePlaces) waiting.push({ row, visit })
  }
  depart(Number.MAX_SAFE_INTEGER)
  return rows
}

/** Vehicles that leave when their stay is over. */
class StayDepartures {
  readonly #agenda = new Agenda<Row>()

  enter(row: Row, visit: WantedVisit, atMs: number): void {
    row.powerMs = atMs
    this.#agenda.push(atMs + visit.stayMs, row)
  }

  /** The next departure up to then; null where there is none. */
  leave(untilMs: number): number | null {
    if (this.#agenda.next > untilMs) return null
    const { due, item } = this.#agenda.pop()
    item.leftMs = due
    return due
  }
}

/** Vehicles that share a limit and leave when they are full. */
class FullDepartures {
  readonly #grid: SharedGrid
  readonly #rows = new Map<number, Row>()
  readonly #voltage_V: number

  constructor(limit: GridLimit) {
    this.#grid = new SharedGrid(limit)
    this.#voltage_V = limit.voltage_V
  }

  enter(row: Row, { index, vehicleMax_W, energyWh }: WantedVisit, atMs: number): void {
    row.powerMs = atMs
    this.#rows.set(index, row)
    this.#grid.plug(atMs, { id: index, phases: [1], max_A: vehicleMax_W / this.#voltage_V, energyWh })
  }

  leave(untilMs: number): number | null {
    const next = this.#grid.next()
    if (!next || next.atMs > untilMs) return null
    this.#grid.unplug(next.atMs, next.id)
    const row = this.#rows.get(next.id)
    this.#rows.delete(next.id)
    if (row) {
      row.leftMs = next.atMs
      row.fullMs = next.atMs
    }
    return next.atMs
  }
}
