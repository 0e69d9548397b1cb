import type { FrameBox } from '../../actors/ocpp/frame-box.ts'
import type { Clock } from '../../actors/ports.ts'
import { evsesOf, profileOf } from '../bay-plans.ts'
import type { Room } from '../room.ts'
import type { Log } from '../room-parts.ts'
import { listenAtRelay } from './relay-listening.ts'
import type { RelayListening } from './relay-listening-parts.ts'
import { relaySettings } from './relay-settings.ts'

/** The relay of a site in proxy mode, with everything that it says told to the site. Throws a Fault where no relay comes up. */
export async function openSiteRelay(room: Room, frames: FrameBox, clock: Clock, log: Log): Promise<RelayListening> {
  const { file, proxy, troubles, chargePointDesk } = room
  const listening = await listenAtRelay({
    settings: relaySettings(file),
    clock,
    desk: chargePointDesk,
    frames,
    log: ({ level, says }) => {
      if (level === 'warn') log(says)
    },
    profile: (id) => profileOf(file, id),
    evses: (id) => evsesOf(file, id),
    aliasOf: (...start) => proxy?.aliases.ofStart(...start) ?? null,
    stands: (state) => {
      troubles.relay(state)
      if (state) proxy?.greeted(state)
    },
    told: async (news) => {
      if (news.event === 'frame.too-large') troubles.tooLarge(news.chargePointId, news.from)
      else await proxy?.told(news)
    },
  })
  proxy?.attach(listening)
  void room.erasures.resume()
  return listening
}
