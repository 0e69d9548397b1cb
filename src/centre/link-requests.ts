import type { Clock } from '../../actors/ports.ts'
import type { Json } from '../../machines/events.ts'
import type { LinkOutcome, LinkRequest, LinkResponse } from '../uplink/link-request.ts'

/** What one gateway was asked over one link and has not answered yet. */
export class LinkRequests {
  readonly #clock: Pick<Clock, 'after'>
  readonly #send: (request: LinkRequest) => void
  readonly #waiting = new Map<string, (outcome: LinkOutcome | null) => void>()
  #takes: readonly string[] = []
  #count = 0

  constructor(clock: Pick<Clock, 'after'>, send: (request: LinkRequest) => void) {
    this.#clock = clock
    this.#send = send
  }

  /** It can be asked what it takes from now on. */
  begin(takes: readonly string[]): void {
    this.#takes = takes
  }

  takes(kind: string): boolean {
    return this.#takes.includes(kind)
  }

  /** Null where it does not take the kind; resolves to null where it does not answer `within_ms`, or the link ends. */
  ask(kind: string, body: Json, within_ms: number): Promise<LinkOutcome | null> | null {
    if (!this.takes(kind)) return null
    const id = `r${++this.#count}`
    return new Promise((resolve) => {
      const disarm = this.#clock.after(within_ms, () => this.#settle(id, null))
      this.#waiting.set(id, (outcome) => {
        disarm()
        resolve(outcome)
      })
      this.#send({ type: 'request', id, kind, body })
    })
  }

  /** What comes too late is passed over: whoever asked knows by now that nobody knows. */
  answered({ type: _, id, ...outcome }: LinkResponse): void {
    this.#settle(id, outcome)
  }

  end(): void {
    this.#takes = []
    for (const id of [...this.#waiting.keys()]) this.#settle(id, null)
  }

  #settle(id: string, outcome: LinkOutcome | null): void {
    const settle = this.#waiting.get(id)
    this.#waiting.delete(id)
    settle?.(outcome)
  }
}
