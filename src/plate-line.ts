import { type PlateFeed, plateFeed } from '../actors/plate-feed.ts'
import type { Clock } from '../actors/ports.ts'
import type { Site } from '../actors/site.ts'
import type { Policy } from '../machines/events.ts'
import { countriesOf } from '../machines/plate-formats.ts'
import type { Register } from '../machines/register.ts'
import { viewGate } from './cameras/view-gate.ts'
import { randomIds } from './ids.ts'
import { type PlateTrust, plateTrust } from './plate-trust.ts'
import type { KeyStore } from './privacy/key-store.ts'
import type { RegisterTexts } from './register-texts.ts'
import type { SiteReviews } from './reviews/site-reviews.ts'
import type { Senses } from './senses.ts'
import type { SiteFile } from './site-file.ts'
import type { Watches } from './watches.ts'

type Parts = {
  readonly file: SiteFile
  readonly clock: Clock
  readonly keys: KeyStore
  readonly register: () => Register
  readonly texts: RegisterTexts
  readonly policy: (bayId: string) => Policy
  /** Cameras' clocks as they are known, and whether their zones lie where they were drawn; what is noticed over many visits: masks that are
   * missing, and what cameras' own figures are worth. */
  readonly room: {
    readonly senses: Pick<Senses, 'clocks' | 'health' | 'zones'>
    readonly watches: Pick<Watches, 'masks' | 'calibrated'>
    /** Asks people where a plate stands; there once the site has begun. */
    readonly reviews: Pick<SiteReviews, 'unplaced'>
  }
  readonly count: (name: string) => void
  readonly site: () => Site
}

/** How plates come to bays: how far a text is trusted here, and the feed that tells it. */
export function openPlates(parts: Parts): { readonly trust: PlateTrust; readonly feed: PlateFeed } {
  const { file, clock, keys, register, texts, policy, room, count, site } = parts
  const { senses, watches } = room
  const trust = plateTrust({
    calibrated: watches.calibrated,
    ...(file.site.countries.length > 0 && { countries: countriesOf(file.site.countries) }),
    keys,
    register,
    plates: () => [...texts.vehicles].map(([handle, { plate }]) => [handle, plate] as const),
    plateOf: (handle) => texts.vehicles.get(handle)?.plate ?? null,
  })
  const feed = plateFeed({
    clock,
    keys,
    ids: randomIds,
    zones: senses.zones.feed,
    policy,
    knownClock: senses.clocks.cameraClock,
    tellsOf: (cameraId) => file.cameras.find(({ id }) => id === cameraId)?.tells ?? 'frames',
    masks: (cameraId) => file.cameras.find(({ id }) => id === cameraId)?.ignore ?? [],
    count,
    watched: (reads) => watches.masks.read(reads),
    unplaced: (one) => room.reviews.unplaced.seen(one),
    chance: trust.chance,
    crowd: trust.crowd,
    deliver: async (bayId, observation, personal) => {
      await site().tell(bayId, observation, personal)
    },
  })
  return { trust, feed: viewGate(feed, senses.health.isElsewhere, count) }
}
