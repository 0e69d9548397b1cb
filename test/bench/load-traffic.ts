import { seededDice } from '../../src/demo/dice.ts'
import { readsBody } from '../src/serve/serving-line.ts'
import { Latencies } from './latencies.ts'
import { cameraOf, type LoadPlan, placeOf, SEEN_TOGETHER } from './load-plan.ts'
import type { LoadPoints } from './load-points.ts'

/** One vehicle in one bay. Times by `performance.now`, ms. */
type Stay = {
  readonly plate: string
  readonly cameAt: number
  /** Messages that named its plate, and when the second of them left. */
  read: number
  agreedAt: number | null
  plugsAt: number | null
  plugged: boolean
  charges: boolean
  leavesAt: number
  /** The cable is out; the vehicle drives off then. */
  goneAt: number | null
}

/** What went wrong, by what it was; every count should be 0. */
export type TrafficErrors = { [what: string]: number }

const TURN_ms = 20
/** Between the two reads that agree, from the cable to driving off, and until the next vehicle takes the bay. */
const SECOND_READ_ms = 700
const STOW_ms = 3_000
const REST_ms = 90_000
/** A start that is not there by then does not come. */
const PATIENCE_ms = 60_000
/** Who came so long before all charge points were cut may still wait for the start, or stand there with the cable. */
const BEFORE_ms = 10_000

/** Cameras that tell what they see, and vehicles that come, charge and go, at the pace of a plan. */
export class LoadTraffic {
  /** From a message to its answer, which comes when all that it caused is durable. */
  readonly reads = new Latencies()
  /** From the message with the second read to the start at the charge point. */
  readonly starts = new Latencies()
  errors: TrafficErrors = {}
  /** Vehicles that came while charge points were away, and whose start lapsed. */
  lapsed = 0
  /** Messages that no camera could send, since the last one of each was not answered. */
  missed = 0
  came = 0
  left = 0
  readonly #plan: LoadPlan
  readonly #points: () => LoadPoints
  readonly #intake: string
  readonly #plates: string[]
  readonly #dice = seededDice('traffic of a load')
  readonly #stays = new Map<number, Stay>()
  readonly #free: { readonly bay: number; readonly from: number }[]
  readonly #again: { readonly bay: number; readonly at: number }[] = []
  #turning: ReturnType<typeof setInterval> | null = null
  #away = { from: Infinity, until: Infinity }
  #budget = 0
  #filling = true
  #camera = 0
  #frame = 0
  /** Cameras whose last message is not answered yet: each waits for that, as a camera does, so that none overtakes another. */
  readonly #flying = new Set<number>()

  /** `intake`: the address of the server, before `/in/…`. */
  constructor(plan: LoadPlan, intake: string, plates: readonly string[], points: () => LoadPoints) {
    this.#plan = plan
    this.#intake = intake
    this.#plates = [...plates]
    this.#points = points
    const bays = Array.from({ length: plan.bays }, (_, index) => index + 1)
    this.#free = this.#dice.shuffle(bays).map((bay) => ({ bay, from: 0 }))
  }

  /** Resolves when as many bays charge as the plan takes; rejects where that takes minutes more than it should. */
  async fill(): Promise<void> {
    const wanted = this.#wanted
    const end = performance.now() + 180_000 + (4_000 * wanted) / this.#plan.fillReads
    this.#run()
    while ([...this.#stays.values()].filter(({ charges }) => charges).length < wanted) {
      if (performance.now() > end) throw new Error(`Not all vehicles charge: ${JSON.stringify(this.errors)}`)
      await new Promise((go) => setTimeout(go, 100))
    }
    this.#filling = false
    const now = performance.now()
    for (const stay of this.#stays.values()) stay.leavesAt = now + this.#dice.between(0, this.#plan.stay_s * 1_000)
  }

  get #wanted(): number {
    return Math.floor(this.#plan.bays * this.#plan.taken)
  }

  #run(): void {
    let last = performance.now()
    this.#turning = setInterval(() => {
      const now = performance.now()
      this.#budget += ((now - last) / 1_000) * (this.#filling ? this.#plan.fillReads : this.#plan.reads)
      last = now
      this.#drive(now)
      for (; this.#budget >= 1; this.#budget -= 1) this.#look(now)
    }, TURN_ms)
  }

  /** Nobody comes or goes any more, and no camera says anything. Resolves when all is answered. */
  async end(): Promise<void> {
    if (this.#turning) clearInterval(this.#turning)
    for (let turn = 0; this.#flying.size > 0 && turn < 1_000; turn++) await new Promise((go) => setTimeout(go, 20))
  }

  /** All charge points are away from now on, or back. A start waits for its charge point some seconds only. */
  away(areAway: boolean): void {
    this.#away = areAway
      ? { from: performance.now() - BEFORE_ms, until: Infinity }
      : { ...this.#away, until: performance.now() }
  }

  started(bay: number): void {
    const stay = this.#stays.get(bay)
    if (!stay || stay.agreedAt === null || stay.plugsAt !== null) return this.#wrong('a start that nobody waits for')
    const now = performance.now()
    this.starts.note(now - stay.agreedAt)
    stay.plugsAt = now + this.#dice.between(500, 3_000)
  }

  /** Bays whose vehicle charges by its charge point, and bays in which nothing stands. */
  known(): { readonly charging: readonly number[]; readonly empty: readonly number[] } {
    const now = performance.now()
    const charging = [...this.#stays].filter(([, { charges, goneAt }]) => charges && goneAt === null)
    return {
      charging: charging.map(([bay]) => bay),
      empty: this.#free.filter(({ from }) => now - from > 0).map(({ bay }) => bay),
    }
  }

  #wrong(what: string): void {
    this.errors[what] = (this.errors[what] ?? 0) + 1
  }

  /** Drivers do what is due. */
  #drive(now: number): void {
    for (const [bay, stay] of this.#stays) {
      if (stay.plugsAt !== null && now >= stay.plugsAt && !stay.plugged) {
        stay.plugged = true
        this.#points().plug(bay)
      } else if (stay.plugged && !stay.charges) {
        stay.charges = this.#points().charges(bay)
      } else if (stay.charges && stay.goneAt === null && now >= stay.leavesAt) {
        stay.goneAt = now + STOW_ms
        this.#points().unplug(bay)
      }
      const isLate = !stay.charges && now - stay.cameAt > PATIENCE_ms
      if (isLate && stay.cameAt >= this.#away.from && stay.cameAt <= this.#away.until) this.lapsed += 1
      else if (isLate) this.#wrong(stay.plugged ? 'a vehicle that did not charge' : 'a vehicle that was not started')
      if (isLate || (stay.goneAt !== null && now >= stay.goneAt)) this.#leave(bay, stay, now)
    }
  }

  #leave(bay: number, { plate, plugged, goneAt }: Stay, now: number): void {
    if (plugged && goneAt === null) this.#points().unplug(bay)
    this.left += 1
    this.#stays.delete(bay)
    this.#plates.push(plate)
    this.#free.push({ bay, from: now + REST_ms })
  }

  /** One message of one camera: the second read of who has just come, or somebody new, or who stands there. */
  #look(now: number): void {
    const again = this.#again.findIndex(({ bay, at }) => at <= now && this.#isHeard(cameraOf(bay)))
    if (again >= 0) return this.#send((this.#again.splice(again, 1)[0] as { bay: number }).bay)
    const free = this.#stays.size < this.#wanted ? this.#free[0] : undefined
    if (free && free.from <= now) {
      // Its camera is busy: it takes another bay, and this one later.
      if (!this.#isHeard(cameraOf(free.bay))) return void this.#free.push(...this.#free.splice(0, 1))
      return this.#come(free.bay, now)
    }
    // Camera after camera, so that each says regularly which of its bays are empty.
    const cameras = cameraOf(this.#plan.bays)
    for (let turn = 0; turn < cameras; turn++) {
      this.#camera = (this.#camera % cameras) + 1
      if (!this.#isHeard(this.#camera)) continue
      const here = this.#at(this.#camera)
      return this.#send(here[this.#frame % Math.max(1, here.length)]?.[0] ?? null, this.#camera)
    }
    this.missed += 1
  }

  #isHeard(camera: number): boolean {
    return !this.#flying.has(camera)
  }

  #come(bay: number, now: number): void {
    const plate = this.#plates.shift()
    if (plate === undefined) throw new Error('There are too few vehicles for so many bays.')
    this.#free.shift()
    this.came += 1
    const leavesAt = now + this.#dice.between(0.1, 1.9) * this.#plan.stay_s * 1_000
    const still = { read: 0, agreedAt: null, plugsAt: null, plugged: false, charges: false, goneAt: null }
    this.#stays.set(bay, { plate, cameAt: now, leavesAt: this.#filling ? Infinity : leavesAt, ...still })
    this.#again.push({ bay, at: now + SECOND_READ_ms })
    this.#send(bay)
  }

  #at(camera: number): [number, Stay][] {
    const first = (camera - 1) * SEEN_TOGETHER + 1
    return Array.from({ length: SEEN_TOGETHER }, (_, place) => first + place).flatMap((bay) => {
      const stay = this.#stays.get(bay)
      return stay ? [[bay, stay] as [number, Stay]] : []
    })
  }

  /** What the camera sees now, with the plate of one of the bays; null = no plate. */
  #send(bay: number | null, camera = cameraOf(bay ?? 1)): void {
    const here = this.#at(camera)
    const seen = here.map(([number, { plate }]) => ({ bay: placeOf(number), plate }))
    const all = readsBody({ bays: SEEN_TOGETHER }, seen, { frame: `f-${++this.#frame}` }) as { reads: unknown[] }
    const body = { ...all, reads: all.reads.filter((_, index) => here[index]?.[0] === bay) }
    const from = performance.now()
    const stay = bay === null ? undefined : this.#stays.get(bay)
    if (stay && ++stay.read === 2) stay.agreedAt = from
    this.#flying.add(camera)
    fetch(`${this.#intake}/in/cam-${camera}-secret/reads`, { method: 'POST', body: JSON.stringify(body) })
      .then(async (answer) => {
        await answer.arrayBuffer()
        this.reads.note(performance.now() - from)
        if (answer.status !== 200) this.#wrong(`a read answered ${answer.status}`)
      })
      .catch((cause: { cause?: { code?: string } }) => this.#wrong(`a read without an answer, ${cause.cause?.code}`))
      .finally(() => this.#flying.delete(camera))
  }
}
