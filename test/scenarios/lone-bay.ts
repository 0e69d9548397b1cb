import type { Observation, Tally } from '../../machines/events.ts'
import type { BayEvent } from '../../machines/learn.ts'
import { applyTimers, type BaySnapshot, opened, step } from '../../machines/step.ts'

/** The lone bay's connector. */
export const CONNECTOR = 'CP-1/1'
/** The vehicle of the visit, as its witnesses tell it, and another one. */
export const OURS: Tally = { handle: 'veh-1', witnesses: 3, share: 1, plausible: true, chance: null }
export const OTHERS: Tally = { ...OURS, handle: 'veh-2' }

/** One bay alone: tells it observations at a moving time and fires its timers in between, as the site does. */
export class LoneBay {
  snapshot: BaySnapshot = opened('bay-1')
  at = Date.parse('2026-11-22T10:00:00.000Z')
  readonly #timers = new Map<string, number>()

  tell(told: { readonly type: string; readonly [field: string]: unknown }): void {
    this.pass(0.1)
    this.#step({ id: `o-${this.snapshot.context.version + 1}`, source: 'table', ...told } as unknown as Observation)
  }

  #step(told: Observation | { type: string; id: string; source: string }): void {
    const { snapshot, draft } = step(this.snapshot, {
      ...told,
      at: this.at,
      version: this.snapshot.context.version + 1,
    } as BayEvent)
    this.snapshot = snapshot
    applyTimers(this.#timers, draft)
  }

  /** Seconds go by; timers fire when they are due. */
  pass(seconds: number): void {
    const until = this.at + seconds * 1000
    for (;;) {
      const [next] = [...this.#timers].filter(([, due]) => due <= until).sort(([, a], [, b]) => a - b)
      if (!next) break
      this.at = Math.max(this.at, next[1])
      this.#step({ type: next[0], id: 'timer', source: 'timer' })
    }
    this.at = until
  }

  copy(): LoneBay {
    const twin = new LoneBay()
    twin.snapshot = this.snapshot
    twin.at = this.at
    for (const [id, due] of this.#timers) twin.#timers.set(id, due)
    return twin
  }

  get visitId(): string | undefined {
    return this.snapshot.context.visit?.visitId
  }
  get accountId(): string | null {
    return this.snapshot.context.visit?.payer?.accountId ?? null
  }
  status = (status: string) => this.tell({ type: 'connector.status', connector: CONNECTOR, status, errorCode: null })
  meter = (current_A: number, transactionId: string | null) =>
    this.tell({
      type: 'meter.values',
      connector: CONNECTOR,
      transactionId,
      when: 'live',
      current_A,
      power_W: null,
      register_Wh: null,
      verdict: 'valid',
      max_A: null,
      thinned: 0,
    })
  plate = (leader: Tally) =>
    this.tell({
      type: 'plate.agreed',
      cameraId: 'cam-1',
      trackId: 't',
      leader: leader.handle,
      tally: [leader],
      clear: true,
      fresh: true,
      windowFrom: this.at,
      thinned: 0,
    })
}
