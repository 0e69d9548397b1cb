import type { DeskAnswer } from '../../actors/ports.ts'

type Fields = { readonly [key: string]: unknown }

/** A call of the charge point, with what another back end answered. */
export type OverheardCall = {
  readonly action: string
  readonly payload: unknown
  /** Null: nobody needed to wait for it. */
  readonly answer: Fields | null
  /** As it was sent. */
  readonly text: string
}

/** A frame as it went by. `at`: ms since 1970. */
export type PassingFrame = {
  readonly direction: 'up' | 'down' | 'local' | 'own'
  readonly text: string
  readonly epoch: number
  readonly at: number
}

type Open = OverheardCall & { readonly at: number; readonly n: number }

/** Calls that mean nothing before they are answered. */
const JUDGED = new Set(['Authorize', 'StartTransaction', 'BootNotification'])
/** A call without an answer is given up after this, ms. */
const PATIENCE_MS = 60_000
const MOST_OPEN = 64

/**
 * Finds in the frames of one charge point what it has said, and for a start, a card or a boot what it was answered. Such a call is
 * complete when its answer has gone by; a refused one (CALLERROR) says nothing, and one that is never answered is dropped.
 */
export class OverheardFrames {
  readonly #open = new Map<string, Open>()

  /** The number of the oldest frame that still waits for its answer; null where none does. */
  get oldest(): number | null {
    return this.#open.values().next().value?.n ?? null
  }

  /** Takes one frame (number `n`); answers the call that is complete by it, or null. */
  hear({ direction, text, epoch, at }: PassingFrame, n: number): OverheardCall | null {
    this.#giveUp(at)
    const frame = direction === 'own' ? null : parse(text)
    if (!frame) return null
    const [type, id] = frame
    const key = `${epoch}/${String(id)}`
    if (direction === 'up') {
      if (type !== 2) return null
      const call = { action: String(frame[2]), payload: frame[3], answer: null, text }
      if (!isJudged(call)) return call
      this.#open.set(key, { ...call, at, n })
      return null
    }
    const call = type === 3 || type === 4 ? this.#open.get(key) : undefined
    if (!call) return null
    this.#open.delete(key)
    return type === 3 ? { ...call, answer: fields(frame[2]) } : null
  }

  #giveUp(now: number): void {
    for (const [key, { at }] of this.#open) {
      if (this.#open.size <= MOST_OPEN && now - at < PATIENCE_MS) return
      this.#open.delete(key)
    }
  }
}

/** Of the 2.x events those that begin a transaction or show a token. */
function isJudged({ action, payload }: Pick<OverheardCall, 'action' | 'payload'>): boolean {
  if (action !== 'TransactionEvent') return JUDGED.has(action)
  const event = fields(payload)
  return event?.['idToken'] !== undefined || String(event?.['eventType']) === 'Started'
}

const VERDICTS: { readonly [word: string]: DeskAnswer['status'] } = {
  accepted: 'accepted',
  blocked: 'blocked',
  expired: 'expired',
  concurrenttx: 'concurrent',
}

/** What an answer says of the token; accepted where it says nothing: the charge point goes on then. */
export function verdictOf(answer: Fields | null): DeskAnswer['status'] {
  const info = fields(answer?.['idTagInfo']) ?? fields(answer?.['idTokenInfo'])
  const status = info?.['status']
  return typeof status === 'string' ? (VERDICTS[status.toLowerCase()] ?? 'invalid') : 'accepted'
}

function fields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null
}

function parse(text: string): readonly unknown[] | null {
  try {
    const frame: unknown = JSON.parse(text)
    return Array.isArray(frame) ? frame : null
  } catch {
    return null
  }
}
