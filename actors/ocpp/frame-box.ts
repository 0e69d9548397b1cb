import type { Clock, MeterSample } from '../ports.ts'
import { readText, record } from './field-reading.ts'

/** What berth made of a frame: taken as it is, taken after something was mended, or not taken. */
export type FrameVerdict = 'valid' | 'repaired' | 'unusable'

/** A call of a charge point as it was sent. `at` is its arrival, ms since 1970. */
export type KeptFrame = {
  readonly chargePointId: string
  readonly at: number
  readonly action: string
  readonly verdict: FrameVerdict
  /** It holds signed meter values. */
  readonly signed: boolean
  /** It holds meter values that berth read. */
  readonly sampled?: boolean
  /** The token that it carries; null where it carries none. */
  readonly idToken: string | null
  readonly text: string
}

/** Where frames are kept as evidence. Never throws: a frame that cannot be kept is counted there. */
export interface FrameBox {
  keep(frame: KeptFrame): void
}

const SIGNED = /"signed(?:data|metervalue)/i
/** Their frames begin or end what is billed. */
const BILLED = new Set(['StartTransaction', 'StopTransaction'])
/** Of those that say nothing new one is kept in so long, as the journal does. */
const THIN_ms = 60_000

/**
 * Judges the frames of one charge point, one after the other, and keeps what may be asked for later: what begins or ends a bill, every
 * meter value, what is signed, what was mended or not understood, and of everything else one a minute.
 */
export class FrameJudge {
  readonly #box: FrameBox | null
  readonly #chargePointId: string
  readonly #clock: Clock
  readonly #thinned = new Map<string, number>()
  #verdict: FrameVerdict = 'valid'
  #sampled = false

  constructor(box: FrameBox | undefined, chargePointId: string, clock: Clock) {
    this.#box = box ?? null
    this.#chargePointId = chargePointId
    this.#clock = clock
  }

  /** A frame comes in, and is heard. `raw` gives its text; absent = it did not come by a socket. */
  async judge<T>(
    action: string,
    payload: unknown,
    raw: (() => string) | undefined,
    hear: () => T | Promise<T>,
  ): Promise<T> {
    this.#verdict = 'valid'
    this.#sampled = false
    try {
      return await hear()
    } finally {
      this.#keep(action, payload, raw)
    }
  }

  /** So many of its fields had to be mended. */
  mended(count: number): void {
    if (count > 0 && this.#verdict === 'valid') this.#verdict = 'repaired'
  }

  /** It, or a part of it that matters, could not be taken. */
  unusable(): void {
    this.#verdict = 'unusable'
  }

  samples(samples: readonly MeterSample[]): void {
    this.#sampled ||= samples.length > 0
    if (samples.some(({ verdict }) => verdict === 'repaired')) this.mended(1)
    if (samples.some(({ verdict }) => verdict === 'unusable')) this.unusable()
  }

  #keep(action: string, payload: unknown, raw?: () => string): void {
    const fields = record(payload) ?? {}
    if (this.#box === null || action === 'Heartbeat') return
    const text = raw?.() ?? JSON.stringify([2, '', action, payload])
    const signed = SIGNED.test(text)
    const at = this.#clock.now()
    const sampled = this.#sampled
    const kept = this.#verdict !== 'valid' || signed || sampled || isBilled(action, fields)
    if (!kept && !this.#isDue(action, fields, at)) return
    const idToken = tokenIn(fields)
    const [chargePointId, verdict] = [this.#chargePointId, this.#verdict]
    this.#box.keep({ chargePointId, at, action: action.slice(0, 50), verdict, signed, sampled, idToken, text })
  }

  #isDue(action: string, fields: Fields, at: number): boolean {
    const place = `${action.slice(0, 50)} ${String(fields['connectorId'] ?? fields['evseId'] ?? '').slice(0, 10)}`
    if (at - (this.#thinned.get(place) ?? Number.NEGATIVE_INFINITY) < THIN_ms) return false
    this.#thinned.delete(place)
    this.#thinned.set(place, at)
    const [oldest] = this.#thinned.keys()
    if (this.#thinned.size > 100 && oldest !== undefined) this.#thinned.delete(oldest)
    return true
  }
}

type Fields = { readonly [key: string]: unknown }

const isBilled = (action: string, fields: Fields): boolean =>
  BILLED.has(action) || (action === 'TransactionEvent' && fields['eventType'] !== 'Updated')

function tokenIn(fields: Fields): string | null {
  const { idTag, idToken } = fields
  const token = idTag ?? record(idToken)?.['idToken'] ?? idToken
  return readText(token, 255)?.value ?? null
}
