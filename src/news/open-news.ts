import type { Clock } from '../../actors/ports.ts'
import type { Row } from '../../projections/row-fold.ts'
import type { SiteFile } from '../site-file.ts'
import type { Views } from '../views/site-views.ts'
import { MqttReceiver } from './mqtt-receiver.ts'
import { NewsRound } from './news-round.ts'
import { PositionBook } from './position-book.ts'
import { WebhookReceiver } from './webhook-receiver.ts'

export type NewsParts = {
  readonly file: Pick<SiteFile, 'news' | 'store'>
  readonly views: Pick<Views, 'read'>
  readonly clock: Clock
  readonly newest: () => number
  /** Puts links into news that only a signed webhook may carry. */
  readonly dress: (news: Row) => Row
  readonly count: (name: string) => void
  readonly log: (line: string) => void
}

/** Everybody whom the site file names, told of the site, each at their own pace. */
export type News = { wake(): void; close(): Promise<void> }

/** Begins to tell; where nobody is named nothing is opened. Throws Fault STORE_UNWRITABLE. */
export function openNews({ file, views, clock, newest, dress, count, log }: NewsParts): News {
  const { webhooks, mqtt } = file.news
  if (webhooks.length + mqtt.length === 0) return { wake: () => {}, close: async () => {} }
  const book = new PositionBook(`${file.store.path}.news`)
  const all = [
    ...webhooks.map((one) => ({ from: one.from, receiver: new WebhookReceiver({ ...one, clock, dress }) })),
    ...mqtt.map((one) => ({ from: one.from, receiver: new MqttReceiver({ ...one, clock }) })),
  ]
  const rounds = all.map((one) => new NewsRound({ ...one, views, book, clock, newest, count, log }))
  return {
    wake: () => {
      for (const round of rounds) round.wake()
    },
    close: async () => {
      await Promise.all(rounds.map((round) => round.close()))
      book.close()
    },
  }
}
