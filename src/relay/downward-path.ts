import type { CallLane } from './call-lane.ts'
import { DownOrder } from './down-order.ts'
import { translateDown } from './downward-call.ts'
import type { FrameHead } from './frame-scan.ts'
import type { IdMap } from './id-map.ts'
import type { RelayCounters } from './relay-counters.ts'
import type { FrameCopy } from './relay-news.ts'
import type { TokenTable } from './token-table.ts'
import type { UpstreamLine } from './upstream-line.ts'

export type DownwardParts = {
  readonly chargePointId: string
  readonly ids: IdMap
  readonly tokens: TokenTable
  readonly counters: RelayCounters
  readonly lane: CallLane
  /** The charge point's connection, 0 while there is none. */
  readonly connection: () => number
  readonly send: (data: Buffer, isText: boolean) => void
  readonly copy: (direction: FrameCopy['direction'], text: string, rewritten: string | null) => void
}

/** What the back end says to a charge point beside answers that are kept: in its order, calls when their turn comes. */
export class DownwardPath {
  /** Answers that are kept take their places here too. */
  readonly order = new DownOrder()
  readonly #parts: DownwardParts

  constructor(parts: DownwardParts) {
    this.#parts = parts
  }

  /** A call of the back end: waits for its turn, with the transaction id that the charge point knows. */
  called(text: string, data: Buffer, head: FrameHead, line: UpstreamLine): void {
    const { epoch } = line
    this.#next(() => {
      // Whoever asked is gone.
      if (!line.open || line.epoch !== epoch) return
      const { counters, lane, copy } = this.#parts
      const down = translateDown(text, head, this.#parts)
      if (down !== null) counters.add('frames_rewritten')
      copy('down', down ?? text, down === null ? null : text)
      if (lane.placeUpstream(head.id, down ?? data, epoch)) return
      counters.add('calls_upstream_refused')
      line.send(`[4,${head.idText},"InternalError","Too many calls wait for this charge point.",{}]`)
    })
  }

  /** Any other frame, as it is. */
  pass(text: string, data: Buffer, isText: boolean): void {
    this.#next(() => {
      this.#parts.send(data, isText)
      if (isText) this.#parts.copy('down', text, null)
    })
  }

  /** Nothing where the connection that it was said to is gone. */
  #next(work: () => void): void {
    const { connection } = this.#parts
    const now = connection()
    if (now === 0) return
    this.order.next(() => {
      if (connection() === now) work()
    })
  }
}
