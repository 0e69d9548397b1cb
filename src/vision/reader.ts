import { type ChildProcess, fork } from 'node:child_process'
import type { PictureAnswer, PlateReader } from '../../actors/ports.ts'
import type { ReaderZone } from '../../actors/reader-zone.ts'
import { Fault } from '../../machines/faults.ts'
import { MAX_PICTURE_BYTES } from './picture.ts'
import { isSoundAnswer } from './reader-answer.ts'
import type { ReaderNews, ReaderOrder } from './reader-child.ts'
import { DEFAULT_PLAN, type ReaderPlan } from './reader-plan.ts'

/** What one read took. */
export type ReadCost = { readonly ms: number; readonly cpu_ms: number }

/** How a pool of readers works; every key is optional. */
export type ReaderOptions = {
  /** Child processes, default 1. Each holds both models (190 MB at rest, 220 with pictures of 1280×720, some 500 MB with large ones) and one core while it reads. */
  readonly children?: number
  /** Pictures that may wait for a child, default 4 for each; more are refused with READER_BUSY. */
  readonly queue?: number
  /** A read that takes longer (ms) is given up and its child replaced, default 10,000. */
  readonly deadline_ms?: number
  /** Answer a small picture of each plate with its text; default false. */
  readonly crops?: boolean
  /** Which models read; default: berth's own, both recognisers for every plate. */
  readonly plan?: ReaderPlan
  /** Told of every child that crashed, hung or answered nonsense, with the fault that its picture got (or would have got). */
  readonly onFault?: (fault: Fault) => void
  /** Told what each finished read took. */
  readonly onCost?: (cost: ReadCost) => void
}

/** A plate reader made of child processes. */
export type ReaderPool = PlateReader & {
  /** Process ids of the children that run now. */
  pids(): readonly number[]
}

type Job = {
  readonly picture: Uint8Array
  readonly zones: { readonly [zoneId: string]: ReaderZone }
  readonly resolve: (answer: PictureAnswer) => void
  readonly reject: (fault: Fault) => void
  readonly waiting: NodeJS.Timeout
}

type Seat = {
  child: ChildProcess
  ready: boolean
  job: { id: number; job: Job; deadline: NodeJS.Timeout } | null
  failures: number
  started: NodeJS.Timeout | null
}

const START_DEADLINE_MS = 60_000
const LONGEST_PAUSE_MS = 30_000

/** Opens a pool of plate readers; resolves once every child has loaded its models. Throws Fault READER_FAILED when none can start. */
export async function openReader(options: ReaderOptions = {}): Promise<ReaderPool> {
  const pool = new Pool(options)
  await pool.opened.catch(async (fault: unknown) => {
    await pool.close()
    throw fault
  })
  return { read: (picture, zones) => pool.read(picture, zones), close: () => pool.close(), pids: () => pool.pids() }
}

class Pool {
  readonly opened: Promise<void>
  private readonly seats: Seat[] = []
  private readonly queue: Job[] = []
  private readonly options: Required<ReaderOptions>
  private readonly pauses = new Set<NodeJS.Timeout>()
  private closed = false
  private nextId = 1
  private settle: { resolve: () => void; reject: (fault: Fault) => void } | null = null

  constructor(options: ReaderOptions) {
    const children = Math.max(1, options.children ?? 1)
    this.options = {
      children,
      queue: options.queue ?? children * 4,
      deadline_ms: options.deadline_ms ?? 10_000,
      crops: options.crops ?? false,
      plan: options.plan ?? DEFAULT_PLAN,
      onFault: options.onFault ?? (() => undefined),
      onCost: options.onCost ?? (() => undefined),
    }
    this.opened = new Promise((resolve, reject) => {
      this.settle = { resolve, reject }
    })
    for (let i = 0; i < children; i++) this.seats.push(this.seat())
  }

  read(picture: Uint8Array, zones: { readonly [zoneId: string]: ReaderZone }): Promise<PictureAnswer> {
    if (this.closed) return Promise.reject(closedFault())
    if (picture.byteLength > MAX_PICTURE_BYTES)
      return Promise.reject(new Fault('PICTURE_TOO_LARGE', { bytes: picture.byteLength }))
    if (this.queue.length >= this.options.queue)
      return Promise.reject(new Fault('READER_BUSY', { waiting: this.queue.length }))
    return new Promise((resolve, reject) => {
      const waiting = setTimeout(() => this.tire(job), this.options.deadline_ms)
      const job: Job = { picture, zones, resolve, reject, waiting }
      this.queue.push(job)
      this.hand()
    })
  }

  pids(): readonly number[] {
    return this.seats.flatMap(({ child }) =>
      child.pid !== undefined && child.exitCode === null && child.signalCode === null ? [child.pid] : [],
    )
  }

  async close(): Promise<void> {
    this.closed = true
    for (const pause of this.pauses) clearTimeout(pause)
    for (const job of this.queue.splice(0)) {
      clearTimeout(job.waiting)
      job.reject(closedFault())
    }
    await Promise.all(
      this.seats.map(async (seat) => {
        this.drop(seat, closedFault())
        const gone = seat.child.exitCode !== null || seat.child.signalCode !== null || seat.child.pid === undefined
        const exit = new Promise((resolve) => seat.child.once('exit', resolve))
        seat.child.kill('SIGKILL')
        if (!gone) await exit
      }),
    )
  }

  /** Gives waiting pictures to idle children. */
  private hand(): void {
    for (const seat of this.seats) {
      if (!seat.ready || seat.job !== null) continue
      const job = this.queue.shift()
      if (job === undefined) return
      clearTimeout(job.waiting)
      const id = this.nextId++
      const deadline = setTimeout(() => this.fail(seat, 'no answer in time'), this.options.deadline_ms)
      seat.job = { id, job, deadline }
      const order: ReaderOrder = { id, picture: job.picture, zones: job.zones, crops: this.options.crops }
      seat.child.send(order, (error) => {
        if (error !== null) this.fail(seat, 'the picture could not be handed over')
      })
    }
  }

  private tire(job: Job): void {
    const at = this.queue.indexOf(job)
    if (at < 0) return
    this.queue.splice(at, 1)
    job.reject(new Fault('READER_BUSY', { waited_ms: this.options.deadline_ms }))
  }

  private seat(): Seat {
    const seat: Seat = { child: forkChild(this.options.plan), ready: false, job: null, failures: 0, started: null }
    this.attend(seat)
    return seat
  }

  /** Listens to a fresh child. Every listener ignores a child that has been replaced. */
  private attend(seat: Seat): void {
    const { child } = seat
    seat.ready = false
    seat.started = setTimeout(() => this.fail(seat, 'the models did not load in time'), START_DEADLINE_MS)
    child.on('message', (news) => {
      if (seat.child === child) this.hear(seat, news as ReaderNews)
    })
    child.on('error', (error) => {
      if (seat.child === child) this.fail(seat, error.message)
    })
    child.on('exit', (code, signal) => {
      if (seat.child === child) this.fail(seat, signal === null ? `exit code ${code}` : `signal ${signal}`)
    })
  }

  private hear(seat: Seat, news: ReaderNews): void {
    if (news?.type === 'ready') {
      clearTimeout(seat.started ?? undefined)
      seat.ready = true
      if (this.seats.every((other) => other.ready)) this.settle?.resolve()
      this.hand()
      return
    }
    if (news?.type === 'unfit') return this.fail(seat, String(news.says), true)
    const at = seat.job
    if (at === null || news?.id !== at.id) return this.fail(seat, 'an answer to no question')
    if (news.type === 'answer' && !isSoundAnswer(news.answer, at.job.zones))
      return this.fail(seat, 'an answer out of shape')
    clearTimeout(at.deadline)
    seat.job = null
    seat.failures = 0
    if (news.type === 'fault') at.job.reject(new Fault(news.code, news.about))
    else {
      this.options.onCost({ ms: news.answer.ms, cpu_ms: news.cpu_ms })
      at.job.resolve(news.answer)
    }
    this.hand()
  }

  /** Gives up a child: its picture is lost, the fault told, a new child started (after a growing pause when it keeps failing). */
  private fail(seat: Seat, why: string, isUnfit = false): void {
    if (this.closed) return
    const fault = new Fault('READER_FAILED', { why }, isUnfit ? { says: `The plate reader cannot start: ${why}.` } : {})
    const early = !seat.ready
    const old = seat.child
    this.drop(seat, fault)
    seat.failures++
    if (early && this.settle !== null && (isUnfit || seat.failures >= 3)) this.settle.reject(fault)
    const pause = setTimeout(
      () => {
        this.pauses.delete(pause)
        if (this.closed) return
        seat.child = forkChild(this.options.plan)
        this.attend(seat)
      },
      seat.failures <= 1 ? 0 : Math.min(LONGEST_PAUSE_MS, 250 * 2 ** seat.failures),
    )
    this.pauses.add(pause)
    old.removeAllListeners()
    old.on('error', () => undefined)
    old.kill('SIGKILL')
    this.options.onFault(fault)
  }

  /** Ends the seat's duties; the picture in hand, if any, gets the fault. */
  private drop(seat: Seat, fault: Fault): void {
    clearTimeout(seat.started ?? undefined)
    seat.ready = false
    if (seat.job === null) return
    clearTimeout(seat.job.deadline)
    seat.job.job.reject(fault)
    seat.job = null
  }
}

function forkChild(plan: ReaderPlan): ChildProcess {
  // The child sees hostile pictures: it gets none of the parent's secrets.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => ['PATH', 'LD_LIBRARY_PATH', 'TMPDIR', 'SystemRoot'].includes(name)),
  )
  return fork(new URL('./reader-child.ts', import.meta.url), [JSON.stringify(plan)], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Pixels live outside the heap: a small nursery is enough.
    execArgv: ['--max-old-space-size=512', '--max-semi-space-size=4'],
    // Each thread that decodes would keep a heap of glibc's own.
    env: { ...env, MALLOC_ARENA_MAX: '2' },
  })
}

function closedFault(): Fault {
  return new Fault('READER_FAILED', {}, { says: 'The plate reader was closed; open it again to read.' })
}
