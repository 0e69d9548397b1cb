import type { FactRecord } from '../machines/record.ts'
import { type ToyDisk, toyDisk } from './toy-disk.ts'
import type { Dice } from './world-chance.ts'
import type { WorldClock } from './world-clock.ts'
import { WorldProcess, type WorldProcessOptions } from './world-process.ts'

type MachineParts = Omit<WorldProcessOptions, 'disk' | 'epoch' | 'clock'> & {
  readonly clock: WorldClock
  readonly dice: Dice
  /** The journal, over all starts. */
  readonly records: FactRecord[]
  /** When the first process dies, beside what the weather does. */
  readonly kill: ToyDisk['dies']
  /** The process died. */
  readonly fell: () => void
}

/** How long berth is away after it was killed, ms. */
const AWAY_MS = [1_000, 90_000] as const

/** The computer that berth runs on: its disk, its clock, and its process, which dies and comes back. */
export class Machine {
  /** Null while berth is away. */
  process: WorldProcess | null = null
  readonly #parts: MachineParts
  #disk: ToyDisk | null = null
  #epoch = 0

  constructor(parts: MachineParts) {
    this.#parts = parts
  }

  /** Starts berth: the first time, or over what an earlier one left. */
  boot(): void {
    const { clock, records, kill, broke } = this.#parts
    this.#epoch += 1
    const disk = toyDisk(clock, clock.now, records, () => this.#fall())
    if (this.#epoch === 1) disk.dies = kill
    const process = new WorldProcess({ ...this.#parts, disk, epoch: this.#epoch })
    this.#disk = disk
    this.process = process
    process.open().catch((cause: unknown) => broke('the start', cause))
  }

  /** Connections die with it; after a while it comes back. */
  #fall(): void {
    const { clock, dice, fell } = this.#parts
    this.process = null
    fell()
    clock.after(dice.between(...AWAY_MS), () => this.boot())
  }

  /** Appends fail for so long. */
  failFor(ms: number): void {
    const inner = this.#disk?.inner
    if (!inner) return
    inner.failing = true
    this.#parts.clock.after(ms, () => {
      inner.failing = false
    })
  }

  /** Something happens as soon as berth has this effect on record, and before it is answered. */
  onceAsked(effect: string, strike: () => void): void {
    if (this.#disk) this.#disk.waitsFor = { effect, strike }
  }

  /** Each append takes `latency_ms`, for so long. */
  slowFor(ms: number, latency_ms: number): void {
    const disk = this.#disk
    if (!disk) return
    disk.latency_ms = latency_ms
    this.#parts.clock.after(ms, () => {
      disk.latency_ms = 0
    })
  }

  /** Dies in the append that makes so many more records. */
  killIn(more: number, durable: boolean): void {
    if (this.#disk) this.#disk.dies = { atRecord: this.#parts.records.length + more, durable }
  }

  /** The wall clock is wrong by so much, for so long. */
  stepBack(ms: number, for_ms: number): void {
    const { process } = this
    if (!process) return
    process.clockOffset_ms = -Math.round(ms)
    this.#parts.clock.after(for_ms, () => {
      process.clockOffset_ms = 0
      // Production looks at its clock each second, and so finds at once what a step forward made due.
      if (this.process === process) process.site.tick()
    })
  }

  mend(): void {
    if (this.#disk) Object.assign(this.#disk, { latency_ms: 0, dies: null })
  }
}
