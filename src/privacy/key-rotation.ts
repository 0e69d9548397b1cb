import { cell, memory } from '../../actors/record-memory.ts'
import type { Site } from '../../actors/site.ts'
import type { Handle } from '../../machines/events.ts'
import { fold, normalize } from '../../machines/plate.ts'
import type { Cause, FactRecord } from '../../machines/record.ts'
import type { Register } from '../../machines/register.ts'
import type { RegisterTexts } from '../register-texts.ts'
import type { Carried } from './key-periods.ts'
import type { KeyStore } from './key-store.ts'

/** How long one key makes handles, and how long it lives after that, days. */
export type KeySchedule = { readonly keyPeriod_days: number; readonly keyKept_days: number }

type RotationParts = {
  readonly keys: Pick<KeyStore, 'periods' | 'beginPeriod' | 'endPeriod'>
  readonly schedule: KeySchedule
  readonly site: () => Site
  readonly register: () => Register
  readonly texts: RegisterTexts
  /** Vehicles of which running visits, or people's wishes, still need the handle. */
  readonly goesOn: () => Iterable<Handle>
  readonly plateOf: (handle: Handle) => string | null
  /** What was sealed for this one is still needed when its period's key goes. */
  readonly keeps: (handle: Handle) => boolean
  readonly failed: (cause: unknown) => void
}

const DAY_ms = 86_400_000
/** A period that is over waits so long for a moment without a visit: a vehicle that stands here then keeps its name. */
const PATIENCE_ms = DAY_ms

/**
 * Period keys on their schedule: a new one is made when the old one's time is over, registered vehicles and cards go on under it with
 * their handles, and everybody else is a stranger. The old key still finds what was recorded, for who asks, until it is destroyed.
 */
export class KeyRotation {
  readonly #parts: RotationParts
  /** What the journal says. */
  #recorded = 1
  readonly #ended = new Set<number>()
  /** What is remembered by records alone. */
  readonly memory = memory({
    recorded: cell(
      () => this.#recorded,
      (recorded) => {
        this.#recorded = recorded
      },
    ),
    ended: this.#ended,
  })

  constructor(parts: RotationParts) {
    this.#parts = parts
  }

  hear({ cause, stream }: FactRecord): void {
    if (stream !== 'audit') return
    const period = Number(cause['period'])
    if (cause.type === 'keys.rotated') this.#recorded = Math.max(this.#recorded, period)
    if (cause.type === 'keys.period-ended') this.#ended.add(period)
  }

  /** After a start: what a crash kept off the journal is written down. */
  begin(): void {
    const periods = this.#parts.keys.periods()
    const newest = periods[0]?.period ?? 1
    const living = new Set(periods.map(({ period }) => period))
    for (let period = this.#recorded + 1; period <= newest; period++) this.#sayBegun(period, null)
    for (let period = 1; period < newest; period++)
      if (!living.has(period) && !this.#ended.has(period)) this.#sayEnded(period, null)
  }

  /** About once a second. */
  tick(): void {
    const { keys, schedule, site, failed } = this.#parts
    if (site().failing) return
    const now = site().now()
    try {
      const [newest, ...older] = keys.periods()
      if (!newest) return
      const over = newest.since + schedule.keyPeriod_days * DAY_ms
      if (now >= over && (this.#isCalm() || now >= over + PATIENCE_ms)) return this.#rotate()
      let replacedAt = newest.since
      for (const { period, since } of older) {
        if (now >= replacedAt + schedule.keyKept_days * DAY_ms) return this.#end(period)
        replacedAt = since
      }
    } catch (cause) {
      failed(cause)
    }
  }

  #isCalm(): boolean {
    return [...this.#parts.site().hosts.values()].every(({ bay }) => bay.visit === null)
  }

  #rotate(): void {
    const { period, carried } = this.#parts.keys.beginPeriod(this.#carried())
    this.#sayBegun(period, carried)
  }

  #end(period: number): void {
    this.#sayEnded(period, this.#parts.keys.endPeriod(period, this.#parts.keeps))
  }

  /** Whoever is registered, and whoever stands here or is otherwise still spoken of. */
  #carried(): Carried[] {
    const { register, texts, goesOn, plateOf } = this.#parts
    const { vehicles, cards } = register()
    const plates = new Set<string>()
    for (const handle of [...vehicles.keys(), ...goesOn()]) {
      const plate = texts.vehicles.get(handle)?.plate ?? plateOf(handle)
      if (plate !== null) plates.add(fold(normalize(plate)))
    }
    const known = [...cards.keys()].flatMap((handle) => texts.cards.get(handle) ?? [])
    return [
      ...[...plates].map((text) => ({ kind: 'vehicle' as const, text })),
      ...known.map((text) => ({ kind: 'card' as const, text })),
    ]
  }

  /** `carried` null: known only after a crash. */
  #sayBegun(period: number, carried: number | null): void {
    this.#recorded = period
    this.#write({ type: 'keys.rotated', period, carried }, 'KeyPeriodBegun')
  }

  #sayEnded(period: number, destroyed: number | null): void {
    this.#ended.add(period)
    this.#write({ type: 'keys.period-ended', period, destroyed }, 'KeyPeriodDestroyed')
  }

  #write(cause: Cause & { readonly period: number }, decision: string): void {
    const decisions = [{ type: decision, period: cause.period }]
    this.#parts
      .site()
      .write([{ stream: 'audit', cause, decisions, personal: {} }])
      .catch(this.#parts.failed)
  }
}
