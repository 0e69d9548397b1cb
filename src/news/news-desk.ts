import type { Scribe } from '../../actors/ports.ts'
import type { Log } from '../room-parts.ts'
import type { SiteAlarms } from '../site-alarms.ts'
import type { Caller } from '../site-desk.ts'
import type { Away } from './away-watch.ts'
import type { RoundPlace } from './news-round.ts'
import type { News } from './open-news.ts'
import type { Parked, Position } from './position-book.ts'

/**
 * A receiver as people see it: the seq up to which it was told, since when it is told no more (null where it is) or has taken nothing
 * (null where it takes news, or nobody serves), how many pieces wait for it then, and why.
 */
export type ReceiverView = {
  readonly receiver: string
  readonly after: number
  readonly parkedAt: string | null
  readonly awaySince: string | null
  readonly behind: number | null
  readonly says: string | null
}

/** Whom a running site tells news, and how far. */
export interface NewsDesk {
  receivers(): readonly ReceiverView[]
  /** On record first; `after` null: from where it stopped. Null where no receiver is called so. Rejects with Fault STORE_UNWRITABLE. */
  resume(receiver: string, after: number | null, by: Caller): Promise<ReceiverView | null>
}

/** A receiver as it stands in the book. */
export const receiverView = ({
  receiver,
  after,
  parked,
  away = null,
}: Position & Partial<Pick<RoundPlace, 'away'>>): ReceiverView => ({
  receiver,
  after: Number(after.slice(0, 12)),
  parkedAt: parked?.at ?? null,
  awaySince: away?.since ?? null,
  behind: away?.behind ?? null,
  says: parked?.says ?? away?.says ?? null,
})

/** The entry that says by whom a receiver goes on, and where it stood. */
export const resumedEntry = ({ receiver, after }: ReceiverView, to: number | null, by: string) => ({
  stream: 'audit',
  cause: { type: 'news.resumed', receiver, from: after, to: to ?? after, by },
  decisions: [{ type: 'NewsResumed', receiver }],
  personal: {},
})

/** The desk over the rounds of a running site. */
export const newsDesk = (news: () => News, site: Scribe): NewsDesk => ({
  receivers: () => news().positions().map(receiverView),
  resume: async (receiver, after, by) => {
    const before = news()
      .positions()
      .find((one) => one.receiver === receiver)
    if (before === undefined) return null
    await site.write([resumedEntry(receiverView(before), after, by.name)])
    news().resume(receiver, after)
    return (
      news()
        .positions()
        .map(receiverView)
        .find((one) => one.receiver === receiver) ?? null
    )
  },
})

/** Tells people that a receiver has taken nothing for a while, or does again. */
export const awayTold =
  (alarms: SiteAlarms) =>
  (receiver: string, away: Away | null): void => {
    const of = `news/${receiver}`
    if (away === null) alarms.calm('news-away', of)
    else alarms.raise('news-away', away.says, Date.parse(away.since), of)
  }

/** For metrics: pieces that wait for each receiver, and seconds since it took the last one. */
export function newsLevels(places: readonly RoundPlace[], now: number): { readonly [name: string]: number } {
  const levels = places.flatMap(({ receiver, away }) => {
    const of = `{receiver="${receiver}"}`
    const away_s = away === null ? 0 : Math.max(0, Math.round((now - Date.parse(away.since)) / 1000))
    return [
      [`news_behind${of}`, away?.behind ?? 0],
      [`news_away_seconds${of}`, away_s],
    ] as const
  })
  return Object.fromEntries(levels)
}

/** Tells people that a receiver is parked, or goes on: an alarm, and a record where it is parked anew. */
export function parkingTold(alarms: SiteAlarms, site: Scribe, now: () => number, log: Log) {
  return (receiver: string, parked: Parked | null): void => {
    if (parked === null) return alarms.calm('news', `news/${receiver}`)
    alarms.raise('news', parked.says, Date.parse(parked.at), `news/${receiver}`)
    if (now() - Date.parse(parked.at) > JUST_NOW_ms) return
    const cause = { type: 'news.parked', receiver, says: parked.says }
    site
      .write([{ stream: 'audit', cause, decisions: [{ type: 'NewsParked', receiver }], personal: {} }])
      .catch((fault: unknown) => log(`That ${receiver} is told nothing more is not on record: ${String(fault)}`))
  }
}

/** What was parked longer ago is on record already. */
const JUST_NOW_ms = 5_000
