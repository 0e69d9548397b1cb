/**
 * Erlang B: the share of arrivals that find every bay taken and drive on. `offered` is arrivals × mean stay, in bays (Erlang). Holds for
 * any distribution of stays. `bays` is a whole number from 0 on.
 */
export function erlangB(bays: number, offered: number): number {
  let blocked = 1
  for (let n = 1; n <= bays; n++) blocked = (offered * blocked) / (n + offered * blocked)
  return blocked
}

/** The load offered to `bays` of which `carried` bays were taken on average: Erlang B read backwards. `carried` is below `bays`. */
export function offeredFromCarried(bays: number, carried: number): number {
  if (carried <= 0) return 0
  if (carried >= bays) return Number.POSITIVE_INFINITY
  let [low, high] = [carried, carried + 1]
  while (high * (1 - erlangB(bays, high)) < carried) high *= 2
  for (let step = 0; step < 200 && high - low > 1e-12 * high; step++) {
    const middle = (low + high) / 2
    if (middle * (1 - erlangB(bays, middle)) < carried) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Arrivals that wait for a bay as long as it takes. Times in the unit of `stay`. */
export type Waiting = {
  /** Share of arrivals that wait at all. */
  readonly waits: number
  /** Mean wait over all arrivals. */
  readonly mean: number
  /** The wait that 95 of 100 arrivals stay below. */
  readonly p95: number
}

/** Erlang C: everybody waits, stays are exponential with mean `stay`. Null where more is offered than the bays can take: the queue grows. */
export function erlangC(bays: number, offered: number, stay: number): Waiting | null {
  if (offered >= bays) return null
  const blocked = erlangB(bays, offered)
  const waits = blocked / (1 - (offered / bays) * (1 - blocked))
  const free = bays - offered
  return { waits, mean: (waits * stay) / free, p95: waits <= 0.05 ? 0 : (Math.log(waits / 0.05) * stay) / free }
}

/** The long run of a site by its number of vehicles. */
export type SiteLaw = {
  /** Share of arrivals that find every bay and every queue place taken. */
  readonly blocked: number
  /** Share of arrivals that wait for a bay. */
  readonly waits: number
  /** Vehicles in bays on average. */
  readonly inBays: number
  /** Vehicles that wait on average. */
  readonly waiting: number
}

/** Bays with `places` to wait in and drive on where those are taken too (M/M/c/c+places; without places any stays do). */
export function queueLaw(bays: number, places: number, offered: number): SiteLaw {
  const weights = birthDeath(bays + places, (n) => offered / Math.min(n, bays))
  const taken = weights.map((weight, n) => weight * Math.min(n, bays))
  return {
    blocked: weights.at(-1) as number,
    waits: sum(weights.slice(bays, bays + places)),
    inBays: sum(taken),
    waiting: sum(weights.map((weight, n) => weight * Math.max(0, n - bays))),
  }
}

/** Vehicles that share a grid limit in equal parts and leave when they are full. */
export type GridLaw = {
  /** Share of arrivals that find every bay taken. */
  readonly blocked: number
  /** Vehicles that charge on average. */
  readonly charging: number
  /** Mean time from plug to full, in the unit of `fullTime`. */
  readonly timeToFull: number
  /** Share of time in which vehicles get less than they could take. */
  readonly atLimit: number
  /** Mean power over what one bay can draw alone. */
  readonly drawn: number
}

/**
 * Equal sharing under a limit (M/M/K/c, whose law holds for any distribution of energies): `atOnce` vehicles can draw all they want
 * together, limit over a vehicle's power, not necessarily whole; `arrivals` per unit of time; `fullTime` is the mean time to full of a
 * vehicle that is alone.
 */
export function gridLaw(bays: number, atOnce: number, arrivals: number, fullTime: number): GridLaw {
  const weights = birthDeath(bays, (n) => (arrivals * fullTime) / Math.min(n, atOnce))
  const charging = sum(weights.map((weight, n) => weight * n))
  const blocked = weights[bays] as number
  return {
    blocked,
    charging,
    timeToFull: arrivals === 0 ? fullTime : charging / (arrivals * (1 - blocked)),
    atLimit: sum(weights.filter((_, n) => n > atOnce)),
    drawn: sum(weights.map((weight, n) => weight * Math.min(n, atOnce))),
  }
}

/** The law of one site for any arrivals per unit of time. */
export type CircuitsLaw = {
  readonly blocked: (arrivals: number) => number
  readonly law: (arrivals: number) => GridLaw
}

/**
 * As `gridLaw`, where the bays hang on several limits in turn (`circuits` of them, at most one a bay: the phases of a site), each of which
 * lets `atOnce` vehicles draw all they want. Who comes takes any free bay. Balance holds between any two states, so that the law is exact.
 */
export function circuitsLaw(bays: number, circuits: number, atOnce: number, fullTime: number): CircuitsLaw {
  const own = Array.from({ length: circuits }, (_, at) =>
    circuitWays(Math.ceil((bays - at) / circuits), atOnce, fullTime),
  )
  // How likely each number of free bays makes the next arrival on a circuit: the same for all that have as many vehicles.
  const free = [0]
  for (let n = 0; n < bays; n++) free.push((free[n] as number) - Math.log(bays - n))
  const all = own.reduce(joined).map((way, n) => way + (free[n] as number))
  const weightsOf = (ways: readonly number[], arrivals: number): number[] => {
    const log = Math.log(arrivals)
    const top = all.reduce((most, way, n) => Math.max(most, way + n * log), Number.NEGATIVE_INFINITY)
    return ways.map((way, n) => Math.exp(way + n * log - top))
  }
  const blocked = (arrivals: number): number => {
    if (arrivals === 0) return 0
    const weights = weightsOf(all, arrivals)
    return (weights[bays] as number) / sum(weights)
  }
  const law = (arrivals: number): GridLaw => {
    if (arrivals === 0) return { blocked: 0, charging: 0, timeToFull: fullTime, atLimit: 0, drawn: 0 }
    const weights = weightsOf(all, arrivals)
    const total = sum(weights)
    const share = (some: readonly (readonly number[])[]): number => {
      const ways = some.reduce(joined).map((way, n) => way + (free[n] as number))
      return sum(weightsOf(ways, arrivals)) / total
    }
    const charging = sum(weights.map((weight, n) => weight * n)) / total
    return {
      blocked: (weights[bays] as number) / total,
      charging,
      timeToFull: charging / (arrivals * (1 - (weights[bays] as number) / total)),
      atLimit: Math.max(0, 1 - share(own.map((ways) => ways.filter((_, n) => n <= atOnce)))),
      drawn: sum(own.map((ways, at) => share(own.with(at, drawnWays(ways, atOnce))))),
    }
  }
  return { blocked, law }
}

const drawnWays = (ways: readonly number[], atOnce: number): readonly number[] =>
  ways.map((way, n) => way + Math.log(Math.min(n, atOnce)))

/** Logarithms of the weights of 0 to `bays` vehicles on one circuit, but for who comes. */
function circuitWays(bays: number, atOnce: number, fullTime: number): readonly number[] {
  const ways = [0]
  for (let n = 0; n < bays; n++)
    ways.push((ways[n] as number) + Math.log(((bays - n) * fullTime) / Math.min(n + 1, atOnce)))
  return ways
}

/** Two circuits seen together: the weights of all their vehicles. */
function joined(one: readonly number[], other: readonly number[]): readonly number[] {
  return Array.from({ length: one.length + other.length - 1 }, (_, n) => {
    const terms: number[] = []
    for (let k = Math.max(0, n - other.length + 1); k <= Math.min(n, one.length - 1); k++)
      terms.push((one[k] as number) + (other[n - k] as number))
    const top = Math.max(...terms)
    return top === Number.NEGATIVE_INFINITY ? top : top + Math.log(sum(terms.map((term) => Math.exp(term - top))))
  })
}

/**
 * Mean vehicles at a site that never turns anyone away, at the time `at`: everybody who came less than a stay ago (Mt/G/infinity, and
 * Mt/D/infinity where all stay alike). `arrivals` per unit of time at a time, `stays` the share that stays longer than so long;
 * `longest` bounds the stays and `step` is the width of the sum's pieces.
 */
export function meanOccupancy(
  at: number,
  arrivals: (time: number) => number,
  stays: (longerThan: number, arrivedAt: number) => number,
  longest: number,
  step: number,
): number {
  let occupied = 0
  for (let age = step / 2; age < longest; age += step) occupied += arrivals(at - age) * stays(age, at - age) * step
  return occupied
}

/** Probabilities of 0 to `most` in the system, each `ratio(n)` times the one before. Scaled on the way, so that no load overflows. */
function birthDeath(most: number, ratio: (n: number) => number): number[] {
  const logs = [0]
  for (let n = 1; n <= most; n++) logs.push((logs[n - 1] as number) + Math.log(ratio(n)))
  const top = Math.max(...logs)
  const weights = logs.map((log) => Math.exp(log - top))
  const total = sum(weights)
  return weights.map((weight) => weight / total)
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
