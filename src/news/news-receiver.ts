import type { Row } from '../../projections/row-fold.ts'

/**
 * How a receiver took a piece of news; `why` is a sentence on what is wrong, without its stop. `refuses`: it is there and will not have it, for now, or
 * says that it never will.
 */
export type Taking =
  | { readonly taken: true }
  | { readonly taken: false; readonly why: string; readonly refuses?: 'now' | 'for-ever' }

/** Somebody who is told of a site. */
export interface NewsReceiver {
  /** Its name for its position: kept over restarts. */
  readonly id: string
  /** Whether it wants this piece of news. */
  wants(news: Row): boolean
  /** Answers once it has taken the news, or has not. Never rejects. */
  take(news: Row): Promise<Taking>
  close(): Promise<void>
}

/** Which news a receiver wants; null = all. */
export type Wanted = { readonly types: readonly string[] | null; readonly bays: readonly string[] | null }

/** Whether it wants this piece. News of the whole site goes to everybody. */
export const isWanted = ({ types, bays }: Wanted, news: Row): boolean =>
  (types === null || types.includes(String(news['type']))) &&
  (bays === null || news['bayId'] === null || bays.includes(String(news['bayId'])))
