import type { QueueRow } from './queue-run.ts'

/** What counts of a run: from after the warm-up to the end, ms. */
export type Window = { readonly fromMs: number; readonly toMs: number }

/** Means of one run over its window. Times in ms. */
export type QueueSums = {
  readonly arrived: number
  /** Share of arrivals that got no bay. */
  readonly turnedAway: number
  /** Mean wait of who got a bay, and the share of them that waited at all. */
  readonly meanWait: number
  readonly waited: number
  /** Vehicles in bays, waiting and charging, on average over time. */
  readonly inBays: number
  readonly waiting: number
  readonly charging: number
  /** From the first power to full. */
  readonly timeToFull: number
  /** Mean time in a bay of who came and left. */
  readonly meanStay: number
}

/** The means of a run from its rows. Who came within the window counts for shares and waits; time within it counts for the rest. */
export function queueSums(rows: readonly QueueRow[], window: Window): QueueSums {
  const { fromMs, toMs } = window
  const came = rows.filter(({ arrivedMs }) => arrivedMs >= fromMs && arrivedMs < toMs)
  const let_in = came.filter(({ enteredMs }) => enteredMs !== null)
  const waits = let_in.map(({ arrivedMs, enteredMs }) => (enteredMs ?? arrivedMs) - arrivedMs)
  const over = (part: (row: QueueRow) => readonly [number | null, number | null]): number =>
    rows.reduce((sum, row) => sum + within(...part(row), window), 0) / (toMs - fromMs)
  const fills = let_in.flatMap(({ powerMs, fullMs }) => (powerMs === null || fullMs === null ? [] : [fullMs - powerMs]))
  const stays = let_in.flatMap(({ enteredMs, leftMs }) =>
    enteredMs === null || leftMs === null ? [] : [leftMs - enteredMs],
  )
  return {
    arrived: came.length,
    turnedAway: came.length === 0 ? 0 : 1 - let_in.length / came.length,
    meanWait: mean(waits),
    waited: mean(waits.map((wait) => (wait > 0 ? 1 : 0))),
    inBays: over(({ enteredMs, leftMs }) => [enteredMs, leftMs]),
    waiting: over(({ arrivedMs, enteredMs }) => [enteredMs === null ? null : arrivedMs, enteredMs]),
    charging: over(({ powerMs, fullMs, leftMs }) => [powerMs, fullMs ?? leftMs]),
    timeToFull: mean(fills),
    meanStay: mean(stays),
  }
}

/** Share of the window in which at least so many bays were taken. */
export function shareBusy(rows: readonly QueueRow[], bays: number, { fromMs, toMs }: Window): number {
  const turns: { readonly atMs: number; readonly by: number }[] = []
  for (const { enteredMs, leftMs } of rows) {
    if (enteredMs === null || enteredMs >= toMs) continue
    turns.push({ atMs: Math.max(fromMs, enteredMs), by: 1 })
    if (leftMs !== null) turns.push({ atMs: Math.max(fromMs, leftMs), by: -1 })
  }
  turns.sort((a, b) => a.atMs - b.atMs)
  let [taken, busyMs, last] = [0, 0, fromMs]
  for (const { atMs, by } of turns) {
    const now = Math.min(atMs, toMs)
    if (taken >= bays) busyMs += now - last
    last = now
    taken += by
  }
  if (taken >= bays) busyMs += toMs - last
  return busyMs / (toMs - fromMs)
}

/** Vehicles in bays on average in each hour of the window, which begins and ends at a full hour. */
export function hourlyPresence(rows: readonly QueueRow[], { fromMs, toMs }: Window): number[] {
  const hours = new Array<number>(Math.round((toMs - fromMs) / HOUR)).fill(0)
  for (const { enteredMs, leftMs } of rows) {
    if (enteredMs === null) continue
    const [from, to] = [(Math.max(enteredMs, fromMs) - fromMs) / HOUR, (Math.min(leftMs ?? toMs, toMs) - fromMs) / HOUR]
    for (let hour = Math.floor(from); hour < to; hour++)
      hours[hour] = (hours[hour] ?? 0) + Math.min(hour + 1, to) - Math.max(hour, from)
  }
  return hours
}

const HOUR = 3_600_000

/** The part of a span that lies in the window; a span without an end goes on beyond it. */
function within(from: number | null, to: number | null, { fromMs, toMs }: Window): number {
  return from === null ? 0 : Math.max(0, Math.min(to ?? toMs, toMs) - Math.max(from, fromMs))
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
