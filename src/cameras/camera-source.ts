import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { SourceNews } from './camera-health.ts'

/** A camera that berth fetches from, until it is closed. */
export type CameraSource = { readonly cameraId: string; close(): Promise<void> }

/** Told whether a camera gives what it is asked for: at once where its login is refused, else once it is asked only every half minute. */
export type TellSource = (news: SourceNews) => void

export type SourceParts = {
  readonly cameraId: string
  readonly clock: Clock
  /** One line for people; told when a camera stops to be reached and when it is reached again. */
  readonly log: (line: string) => void
  /** Told what becomes of it; absent = nobody wants to know. */
  readonly tell?: TellSource | undefined
  /**
   * Fetches until it ends; `worked` is called whenever something came. Ends or throws: it is called again, soon after it had worked and
   * ever later while it does not; a Fault with `about.rest_ms` is obeyed.
   */
  readonly run: (signal: AbortSignal, worked: () => void) => Promise<void>
  /** Between two runs that worked, ms. */
  readonly pause_ms?: number
}

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000
/** Who is asked so seldom gives nothing. */
const LONG_WAIT_MS = 30_000

/** Keeps fetching from one camera. */
export function keepFetching({ cameraId, clock, log, tell, run, pause_ms = FIRST_WAIT_MS }: SourceParts): CameraSource {
  const ending = new AbortController()
  const { signal } = ending
  let failures = 0
  let isOut = false
  const worked = (): void => {
    failures = 0
    tell?.('works')
    if (isOut) log(`Camera ${cameraId} gives again what berth asks of it.`)
    isOut = false
  }
  const stumbled = (cause: unknown): number => {
    const says = cause instanceof Error ? cause.message : String(cause)
    if (!isOut) log(`Camera ${cameraId}: ${says} berth tries again by itself.`)
    isOut = true
    failures += 1
    const rest_ms = cause instanceof Fault ? Number(cause.about['rest_ms'] ?? 0) : 0
    const wait_ms = Math.max(rest_ms, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)))
    const isRefused = cause instanceof Fault && cause.about['refused'] === true
    if (isRefused) tell?.('refused')
    else if (wait_ms >= LONG_WAIT_MS) tell?.('unreachable')
    return wait_ms
  }
  const live = async (): Promise<void> => {
    while (!signal.aborted) {
      let wait_ms = pause_ms
      try {
        await run(signal, worked)
      } catch (cause) {
        if (signal.aborted) return
        wait_ms = stumbled(cause)
      }
      await waitFor(clock, wait_ms, signal)
    }
  }
  const living = live()
  return {
    cameraId,
    async close() {
      ending.abort(new Error('closed'))
      await living
    },
  }
}

/** Resolves after this time, or once the signal ends. */
export function waitFor(clock: Clock, wait_ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || wait_ms <= 0) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.after(wait_ms, done)
    signal.addEventListener('abort', done, { once: true })
  })
}

/** How often a message that could not be made durable is tried, and how long between: the camera does not send it again. */
const TRIES = 5
const BETWEEN_TRIES_MS = 1_000

/** Hands on until it is durable; gives up after a few seconds, for an old message says nothing of now. */
export async function insist(clock: Clock, signal: AbortSignal, hand: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await hand()
    } catch (cause) {
      const mayWork = cause instanceof Fault && cause.code === 'STORE_UNWRITABLE'
      if (!mayWork || tries === TRIES || signal.aborted) throw cause
      await waitFor(clock, BETWEEN_TRIES_MS, signal)
    }
  }
}

/** Reads a body chunk by chunk; silence of more than `idle_ms` ends it with an error. */
export async function eachChunk(
  body: ReadableStream<Uint8Array> | null,
  idle_ms: number,
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  const reader = body?.getReader()
  if (!reader) return
  try {
    while (true) {
      let timer: NodeJS.Timeout | undefined
      const silence = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error('nothing came in time')), idle_ms)
      })
      const { done, value } = await Promise.race([reader.read(), silence]).finally(() => clearTimeout(timer))
      if (done) return
      await take(value)
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}
