import type { Clock } from '../../actors/ports.ts'
import type { Checkpoint } from './checkpoint.ts'
import { appendCheckpoints } from './checkpoint-file.ts'

/** Whom checkpoints are sent to: a file elsewhere (absolute path), or an address that takes them by POST, as another berth does. */
export type CheckpointTarget =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'http'; readonly url: string; readonly secret: string | null }

/** Most checkpoints of one delivery, and the longest wait for its answer. */
const MOST_SENT = 100
const ANSWER_ms = 10_000
/** What is under way at the end may still arrive. */
const LAST_MOMENT_ms = 2_000
/** Waits before a delivery that failed is tried again: twice as long each time. */
const FIRST_WAIT_ms = 5_000
const LONGEST_WAIT_ms = 300_000

export type CourierParts = {
  readonly target: CheckpointTarget
  readonly clock: Clock
  /** Seq of the newest checkpoint that was delivered in former lives. */
  readonly delivered: number
  /** A delivery was taken: everything up to this seq. */
  readonly taken: (seq: number) => Promise<void>
  /** The first failure after a success, in words. */
  readonly failed: (says: string) => void
  /** The receiver has another checkpoint for the same record (409), in words. It is told once and not sent again: it would only say the same. */
  readonly contradicted: (says: string) => void
}

/** Brings checkpoints to one receiver: in order, each at least once, however long it is away. Nobody waits for it. */
export class CheckpointCourier {
  readonly name: string
  readonly #parts: CourierParts
  readonly #closing = new AbortController()
  #waiting: readonly Checkpoint[] = []
  #delivered: number
  #wait_ms = 0
  #cancelRetry: (() => void) | null = null
  #running: Promise<void> | null = null

  constructor(parts: CourierParts) {
    this.#parts = parts
    this.#delivered = parts.delivered
    this.name = targetName(parts.target)
  }

  /** Seq of the newest checkpoint that the receiver has taken. */
  get delivered(): number {
    return this.#delivered
  }

  /** How many are not delivered yet. */
  get behind(): number {
    return this.#waiting.length
  }

  /** More to bring; answers at once. */
  bring(checkpoints: readonly Checkpoint[]): void {
    this.#waiting = [...this.#waiting, ...checkpoints.filter(({ seq }) => seq > this.#delivered)]
    this.#run()
  }

  /** Resolves when nothing is under way any more; what is not delivered is brought in the next life. */
  async close(): Promise<void> {
    this.#cancelRetry?.()
    const late = new Promise<void>((resolve) => {
      this.#parts.clock.after(LAST_MOMENT_ms, resolve)
    })
    await Promise.race([this.#running, late])
    this.#closing.abort()
    await this.#running
  }

  #run(): void {
    if (this.#running || this.#cancelRetry || this.#closing.signal.aborted || this.#waiting.length === 0) return
    this.#running = this.#deliver().finally(() => {
      this.#running = null
      this.#run()
    })
  }

  async #deliver(): Promise<void> {
    const some = this.#waiting.slice(0, MOST_SENT)
    try {
      if ((await send(this.#parts.target, some, this.#closing.signal)) === 'contradicted')
        this.#parts.contradicted(
          `${this.name} has other checkpoints of this site than those of the records ${some[0]?.seq} to ${some.at(-1)?.seq}: an older copy was put back and written on, or the journal was written anew.`,
        )
      const seq = Math.max(...some.map((one) => one.seq))
      await this.#parts.taken(seq)
      this.#delivered = Math.max(this.#delivered, seq)
      this.#waiting = this.#waiting.slice(some.length)
      this.#wait_ms = 0
    } catch (cause) {
      if (!this.#closing.signal.aborted) this.#later(cause)
    }
  }

  #later(cause: unknown): void {
    if (this.#wait_ms === 0)
      this.#parts.failed(
        `Checkpoints for ${this.name} wait: ${whyNot(cause)}; they are sent again until they are taken.`,
      )
    this.#wait_ms = Math.min(Math.max(this.#wait_ms * 2, FIRST_WAIT_ms), LONGEST_WAIT_ms)
    this.#cancelRetry = this.#parts.clock.after(this.#wait_ms, () => {
      this.#cancelRetry = null
      this.#run()
    })
  }
}

/** For people and for the file that remembers deliveries. Not the whole address: its query may hold a key. */
export function targetName(target: CheckpointTarget): string {
  if (target.kind === 'file') return target.path
  const { origin, pathname } = new URL(target.url)
  return `${origin}${pathname}`
}

async function send(
  target: CheckpointTarget,
  checkpoints: readonly Checkpoint[],
  closing: AbortSignal,
): Promise<'taken' | 'contradicted'> {
  if (target.kind === 'file') {
    await appendCheckpoints(target.path, checkpoints)
    return 'taken'
  }
  const { url, secret } = target
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'berth',
      ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
    },
    body: JSON.stringify({ checkpoints }),
    redirect: 'manual',
    signal: AbortSignal.any([AbortSignal.timeout(ANSWER_ms), closing]),
  })
  await answer.body?.cancel()
  if (answer.status === 409) return 'contradicted'
  if (!answer.ok) throw new Error(`it answers ${answer.status}`)
  return 'taken'
}

function whyNot(cause: unknown): string {
  const { message, code, cause: inner } = cause as { message?: string; code?: string; cause?: { code?: string } }
  return code ?? inner?.code ?? message ?? 'it failed'
}
