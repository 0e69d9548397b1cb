import type { Clock } from '../../actors/ports.ts'
import type { Row } from '../../projections/row-fold.ts'
import type { SiteFile } from '../site-file.ts'
import type { Views } from '../views/site-views.ts'
import type { Away } from './away-watch.ts'
import { MqttReceiver } from './mqtt-receiver.ts'
import { NewsRound, type RoundPlace } from './news-round.ts'
import { type Parked, PositionBook } from './position-book.ts'
import { WebhookReceiver } from './webhook-receiver.ts'

export type NewsParts = {
  readonly file: Pick<SiteFile, 'news' | 'store'>
  readonly views: Pick<Views, 'read'>
  readonly clock: Clock
  readonly newest: () => number
  /** Longest wait for a receiver's answer, ms; default 10,000. */
  readonly timeout_ms?: number
  /** Puts links into news that only a signed webhook may carry. */
  readonly dress: (news: Row) => Row
  readonly count: (name: string) => void
  readonly log: (line: string) => void
  /** A receiver is told nothing more until a person says so, and why; null: it is told again. */
  readonly parked: (receiver: string, parked: Parked | null) => void
  /** A receiver has taken nothing for a while; null: that is over. */
  readonly away: (receiver: string, away: Away | null) => void
}

/** Everybody whom the site file names, told of the site, each at their own pace. */
export type News = {
  wake(): void
  positions(): readonly RoundPlace[]
  /** Lets a receiver go on, from where it stopped (null) or behind the record `after`; null where nobody is called so, else where it was. */
  resume(receiver: string, after: number | null): RoundPlace | null
  close(): Promise<void>
}

const NOBODY: News = { wake: () => {}, positions: () => [], resume: () => null, close: async () => {} }

/** Begins to tell; where nobody is named nothing is opened. Throws Fault STORE_UNWRITABLE. */
export function openNews({ file, views, clock, newest, dress, timeout_ms = 10_000, ...told }: NewsParts): News {
  const { webhooks, mqtt } = file.news
  if (webhooks.length + mqtt.length === 0) return NOBODY
  const book = new PositionBook(`${file.store.path}.news`)
  /** What is open, in case that the next cannot be opened. */
  const opened: { close(): Promise<void> }[] = []
  const kept = <Part extends { close(): Promise<void> }>(part: Part): Part => {
    opened.push(part)
    return part
  }
  const rounds: NewsRound[] = []
  try {
    const all = [
      ...webhooks.map((one) => ({
        from: one.from,
        receiver: kept(new WebhookReceiver({ ...one, clock, dress, timeout_ms })),
      })),
      ...mqtt.map((one) => ({ from: one.from, receiver: kept(new MqttReceiver({ ...one, clock, timeout_ms })) })),
    ]
    for (const one of all) rounds.push(kept(new NewsRound({ ...one, ...told, views, book, clock, newest })))
  } catch (cause) {
    void Promise.allSettled(opened.reverse().map((one) => one.close())).then(() => book.close())
    throw cause
  }
  return newsOf(rounds, book)
}

/** What is told by these rounds, as one. */
function newsOf(rounds: readonly NewsRound[], book: PositionBook): News {
  return {
    wake: () => {
      for (const round of rounds) round.wake()
    },
    positions: () => rounds.map(({ position }) => position),
    resume: (receiver, after) => {
      const round = rounds.find(({ position }) => position.receiver === receiver)
      const before = round?.position ?? null
      round?.resume(after)
      return before
    },
    close: async () => {
      await Promise.all(rounds.map((round) => round.close()))
      book.close()
    },
  }
}
