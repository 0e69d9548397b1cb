/** `equal`: everybody gets as much as anybody, up to what it can take. `fifo`: who came first takes all it can. `none`: no limit. */
export type Sharing = 'equal' | 'fifo' | 'none'

/** The connection of a site. `limit_A` holds for each phase by itself; null is no limit. */
export type GridLimit = { readonly limit_A: number | null; readonly sharing: Sharing; readonly voltage_V: number }

/** A vehicle at a charge point: the phases that it draws from (1 to 3), as many amperes on each, and what it wants. */
export type GridLoad = {
  readonly id: number
  readonly phases: readonly number[]
  readonly max_A: number
  readonly energyWh: number
}

type Plugged = GridLoad & { current_A: number; leftWh: number; withheldWh: number }

const HOUR = 3_600_000
/** Energy below this is full: less than rounding to milliseconds can leave. */
const NOTHING_WH = 1e-6
const NOTHING_A = 1e-9

/**
 * A limit shared by vehicles, exact between events: currents change only when a vehicle comes, goes or is full, and what was taken is
 * current times time. Nothing is stepped. Times are milliseconds and never go back. What a site's own load management does beyond
 * sharing equally or by turn (phases switched, minimum currents of 6 A, pauses) is left out.
 */
export class SharedGrid {
  readonly #limit: GridLimit
  readonly #plugged = new Map<number, Plugged>()
  #atMs = 0
  #isStale = false
  #isLimited = false
  #nowA = 0
  #peak_A = 0
  #limitedMs = 0
  #taken_Wh = 0

  constructor(limit: GridLimit) {
    this.#limit = limit
  }

  /** A vehicle begins to draw. Its id is not plugged already. */
  plug(atMs: number, load: GridLoad): void {
    this.advance(atMs)
    this.#plugged.set(load.id, { ...load, current_A: 0, leftWh: load.energyWh, withheldWh: 0 })
    this.#isStale = true
  }

  /** A vehicle is taken away. Answers what it got, Wh; 0 for one that is not there. */
  unplug(atMs: number, id: number): number {
    this.advance(atMs)
    const load = this.#plugged.get(id)
    if (!load) return 0
    this.#plugged.delete(id)
    this.#isStale = true
    return load.energyWh - load.leftWh
  }

  /** Lets time pass. Who is full on the way draws nothing from then on, and the others share what it leaves. */
  advance(toMs: number): void {
    while (this.#atMs < toMs) {
      const full = this.next()
      this.#flow(full !== null && full.atMs < toMs ? full.atMs : toMs)
    }
  }

  /** The next whole millisecond at which a vehicle is full, if nothing happens before; null where none draws. */
  next(): { readonly atMs: number; readonly id: number } | null {
    this.#share()
    let [least, id] = [Number.POSITIVE_INFINITY, -1]
    for (const load of this.#plugged.values()) {
      if (load.current_A <= NOTHING_A) continue
      const ms = (load.leftWh / this.#watts(load)) * HOUR
      if (ms < least) [least, id] = [ms, load.id]
    }
    return id < 0 ? null : { atMs: Math.max(this.#atMs + 1, Math.ceil(this.#atMs + least)), id }
  }

  /** Amperes on each phase of this vehicle now; 0 for one that is full or not there. */
  current_A(id: number): number {
    this.#share()
    return this.#plugged.get(id)?.current_A ?? 0
  }

  /** What a plugged vehicle got so far, Wh. */
  energyWh(id: number): number {
    const load = this.#plugged.get(id)
    return load ? load.energyWh - load.leftWh : 0
  }

  /** What the limit kept from a plugged vehicle so far, Wh: what it could have drawn besides while it still wanted something. */
  withheldWh(id: number): number {
    return this.#plugged.get(id)?.withheldWh ?? 0
  }

  isPlugged(id: number): boolean {
    return this.#plugged.has(id)
  }

  /** True once a plugged vehicle has all it wanted. */
  isFull(id: number): boolean {
    return (this.#plugged.get(id)?.leftWh ?? 1) <= NOTHING_WH
  }

  /** Since the beginning: the highest current of any phase, time in which some vehicle got less than it could take, and all energy. */
  get sums(): { readonly peak_A: number; readonly limitedMs: number; readonly takenWh: number } {
    this.#share()
    return { peak_A: this.#peak_A, limitedMs: this.#limitedMs, takenWh: this.#taken_Wh }
  }

  /** The highest current of any phase now. */
  get now_A(): number {
    this.#share()
    return this.#nowA
  }

  #watts({ current_A, phases }: Plugged): number {
    return current_A * phases.length * this.#limit.voltage_V
  }

  /** Up to `toMs`, in which nobody's current changes. */
  #flow(toMs: number): void {
    this.#share()
    const hours = (toMs - this.#atMs) / HOUR
    for (const load of this.#plugged.values()) {
      if (this.#isLimited && load.leftWh > NOTHING_WH)
        load.withheldWh += (load.max_A - load.current_A) * load.phases.length * this.#limit.voltage_V * hours
      if (load.current_A <= NOTHING_A) continue
      const taken = Math.min(load.leftWh, this.#watts(load) * hours)
      load.leftWh -= taken
      this.#taken_Wh += taken
      if (load.leftWh <= NOTHING_WH) this.#isStale = true
    }
    if (this.#isLimited) this.#limitedMs += toMs - this.#atMs
    this.#atMs = toMs
  }

  /** Gives everybody its current, where anything changed since the last time. */
  #share(): void {
    if (!this.#isStale) return
    this.#isStale = false
    const wanting: Plugged[] = []
    for (const load of this.#plugged.values()) {
      load.current_A = 0
      if (load.leftWh > NOTHING_WH && load.phases.length > 0) wanting.push(load)
    }
    const used = shareCurrent(wanting, this.#limit)
    this.#nowA = Math.max(...used)
    this.#peak_A = Math.max(this.#peak_A, this.#nowA)
    this.#isLimited = wanting.some(({ current_A, max_A }) => current_A < max_A - NOTHING_A)
  }
}

/** Sets `current_A` of each in `loads` (in the order of arrival) and answers what each of the phases 1 to 3 then carries. */
function shareCurrent(loads: readonly Plugged[], { limit_A, sharing }: GridLimit): [number, number, number] {
  const used: [number, number, number] = [0, 0, 0]
  const give = (load: Plugged, more: number): void => {
    load.current_A += more
    for (const phase of load.phases) used[phase - 1] = (used[phase - 1] ?? 0) + more
  }
  const room = (load: Plugged): number =>
    Math.max(0, Math.min(...load.phases.map((phase) => (limit_A ?? 0) - (used[phase - 1] ?? 0))))
  if (limit_A === null || sharing === 'none') for (const load of loads) give(load, load.max_A)
  else if (sharing === 'fifo') for (const load of loads) give(load, Math.min(load.max_A, room(load)))
  else fillEqually(loads, limit_A, used, give)
  return used
}

/** Everybody rises together; whoever has all it can take, or stands on a phase that is full, stops there. */
function fillEqually(
  loads: readonly Plugged[],
  limit_A: number,
  used: readonly number[],
  give: (load: Plugged, more: number) => void,
): void {
  let rising = loads
  while (rising.length > 0) {
    const onPhase = [0, 0, 0]
    for (const { phases } of rising) for (const phase of phases) onPhase[phase - 1] = (onPhase[phase - 1] ?? 0) + 1
    let rise = Number.POSITIVE_INFINITY
    for (const [at, count] of onPhase.entries())
      if (count > 0) rise = Math.min(rise, (limit_A - (used[at] ?? 0)) / count)
    for (const { max_A, current_A } of rising) rise = Math.min(rise, max_A - current_A)
    for (const load of rising) give(load, Math.max(0, rise))
    const isOpen = (phase: number): boolean => limit_A - (used[phase - 1] ?? 0) > NOTHING_A
    rising = rising.filter(({ max_A, current_A, phases }) => max_A - current_A > NOTHING_A && phases.every(isOpen))
  }
}
