import type { Clock } from '../actors/ports.ts'
import type { Doorway } from './driver/door/doorway.ts'
import { randomIds } from './ids.ts'
import { awayTold, type NewsDesk, newsDesk, newsLevels, parkingTold } from './news/news-desk.ts'
import { NotMe } from './news/not-me.ts'
import { openNews } from './news/open-news.ts'
import { signedFrames } from './ocpi/signed-data.ts'
import { adoptTariff } from './ocpi/site-bills.ts'
import type { FrameStore } from './ocpp/frame-store.ts'
import type { Room } from './room.ts'
import type { Log } from './room-parts.ts'
import type { BillGround } from './server/ocpi-routes.ts'
import { isAtCentre } from './uplink/centre-address.ts'
import { openUplink } from './uplink/open-uplink.ts'
import type { Views } from './views/site-views.ts'

/** What a running site tells others: reports, bills and news, and its journal to its centre. `follow` about once a second. */
export type ToldOthers = {
  readonly views: Views
  readonly tells: BillGround
  readonly notMe: NotMe
  readonly news: NewsDesk
  /** How far behind each receiver is, for metrics. */
  levels(): { readonly [name: string]: number }
  follow(): void
  /** See OpenUplink. */
  showCrops(crops: boolean): void
  close(): Promise<void>
}

/** Begins to tell. Throws Fault STORE_UNWRITABLE where it cannot be noted who was told what. */
export async function openToldOthers(
  room: Room,
  frames: FrameStore,
  clock: Clock,
  log: Log,
  doorway: Doorway,
): Promise<ToldOthers> {
  const { file, journal, keys, texts, views, site } = room
  await adoptTariff(file.tariff, room.tariffs, site)
  const newest = (): number => journal.head().seq
  // A centre passes driver pages on and no link of this kind.
  const publicUrl = isAtCentre(file) ? null : file.http.publicUrl
  const notMe = new NotMe({ publicUrl, keys, views, site, ids: randomIds, clock })
  const parked = parkingTold(room.desk.siteAlarms, site, () => clock.now(), log)
  const away = awayTold(room.desk.siteAlarms)
  const news = openNews({ file, views, clock, log, newest, parked, away, count: room.count, dress: notMe.dress })
  const uplink = openUplink(room, clock, log, doorway)
  return {
    views,
    notMe,
    news: newsDesk(() => news, site),
    levels: () => ({ ...newsLevels(news.positions(), clock.now()), ...uplink.levels() }),
    tells: {
      file,
      tokenText: (name) => keys.tokenOf(name) ?? texts.cards.get(name) ?? null,
      frames: (chargePointId, before) => frames.read(signedFrames(chargePointId, before)),
    },
    follow() {
      uplink.wake()
      void views.follow().then(() => news.wake())
    },
    showCrops: (crops) => uplink.showCrops(crops),
    async close() {
      await Promise.all([uplink.close(), news.close()])
    },
  }
}
